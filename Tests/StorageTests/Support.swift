import Dispatch
import Glibc
import Storage
import Synchronization

/// A folder that is there as long as the test.
final class TemporaryFolder {
    let path: String

    /// Throws when there is none to be had, which fails one test and not the whole run.
    init() throws {
        let root = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        // The system fills in the six places.
        var template = Array("\(root)/daoban-storage-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let made else { throw NoFolder(error: errno) }
        path = made
    }

    struct NoFolder: Error { var error: Int32 }

    deinit {
        for name in names { unlink(path + "/" + name) }
        rmdir(path)
    }

    var file: String { path + "/daoban.sqlite" }

    var names: [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Everything that stands in any file.
    var bytes: [UInt8] { names.flatMap { Self.read(path + "/" + $0) } }

    static func read(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    static func write(_ bytes: [UInt8], to path: String) {
        guard let file = fopen(path, "w") else { return }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }
}

extension [UInt8] {
    /// True when the needle, which is not empty, stands somewhere in it.
    func contains(_ needle: [UInt8]) -> Bool {
        var rest = self[...]
        while let place = rest.firstIndex(of: needle[0]) {
            rest = rest[place...]
            if rest.starts(with: needle) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}

extension Entry {
    static func make(
        _ conversation: Int64 = 0, seq: Int, ordinal: Int = 0, id: String? = nil, digest: UInt64 = 1,
        frame: String = "frame", events: String = "events"
    ) -> Entry {
        Entry(
            conversation: conversation, seq: seq, ordinal: ordinal, id: id ?? "c\(seq).\(ordinal)",
            digest: digest,
            kind: ordinal == 0 ? .turn : .feedback, at: 1_000 + seq,
            frame: Array("\(frame) \(seq).\(ordinal)".utf8),
            events: Array("\(events) \(seq).\(ordinal)".utf8))
    }
}

extension NewConversation {
    /// The `n`-th conversation of a test.
    static func make(_ n: Int, opening: Entry = .make(seq: 1, id: "")) -> NewConversation {
        NewConversation(
            name: "name-\(n)", tokenHash: tokenHash(n), epoch: "epoch-\(n)", createdAt: 500 + n,
            opening: opening)
    }

    static func tokenHash(_ n: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt64(n).littleEndian) { Array($0) } + [UInt8](repeating: 0xA5, count: 24)
    }
}

/// What a request hands over on the thread that writes.
///
/// It lies behind a lock meanwhile: a continuation that is resumed before anybody awaits it hands over as well, but where the
/// thread sanitizer does not see it.
func handed<Value: Sendable>(_ request: (@escaping @Sendable (Value) -> Void) -> Void) async -> Value {
    let hand = Hand<Value>()
    await withCheckedContinuation { continuation in
        request { value in
            hand.value.withLock { $0 = value }
            continuation.resume()
        }
    }
    guard let value = hand.value.withLock({ $0 }) else { preconditionFailure("what is awaited has come") }
    return value
}

private final class Hand<Value: Sendable>: Sendable { let value = Mutex<Value?>(nil) }

// The same requests, awaited.
extension EventLog {
    func open(_ conversation: NewConversation) async throws -> Int64 {
        let outcome = try await handed { hand in
            open(conversation) { hand($0) }
        }.get()
        guard case .opened(let number) = outcome else { throw Taken() }
        return number
    }

    struct Taken: Error {}

    func append(_ entry: Entry, snapshot: [UInt8]? = nil) async throws -> AppendOutcome {
        try await handed { hand in
            append(entry, snapshot: snapshot) { hand($0) }
        }.get()
    }

    func forget(_ conversation: Int64) async throws {
        try await handed { hand in
            forget(conversation) { hand($0) }
        }.get()
    }

    func load(_ n: Int) async throws -> ConversationRecord? {
        try await handed { hand in
            load(tokenHash: NewConversation.tokenHash(n)) { hand($0) }
        }.get()
    }

    func turns(_ conversation: Int64, after seq: Int, limit: Int) async throws -> [StoredTurn] {
        try await handed { hand in
            turns(conversation, after: seq, limit: limit) { hand($0) }
        }.get()
    }

    func last(_ conversation: Int64, count: Int) async throws -> [StoredTurn] {
        try await handed { hand in
            last(conversation, count: count) { hand($0) }
        }.get()
    }

    func holds(_ id: String, in conversation: Int64) async throws -> Bool {
        try await handed { hand in
            holds(id, in: conversation) { hand($0) }
        }.get()
    }

    func statistics() async throws -> StorageStatistics {
        try await handed { hand in
            statistics { hand($0) }
        }.get()
    }
}

extension EventLog {
    /// Has the writer find together what a body requests: it is held up meanwhile.
    func together(_ body: () -> Void) {
        let isHeld = DispatchSemaphore(value: 0), mayGoOn = DispatchSemaphore(value: 0)
        statistics { _ in
            isHeld.signal()
            mayGoOn.wait()
        }
        isHeld.wait()
        body()
        mayGoOn.signal()
    }
}

/// The error of opening the event log there; nil when it opened.
func openingError(_ path: String) -> StorageError? {
    do throws(StorageError) {
        try EventLog(path: path).close()
        return nil
    } catch {
        return error
    }
}
