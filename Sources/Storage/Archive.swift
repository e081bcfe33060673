import Foundation
import GRDB
import Glibc

/// Copies of the event log: taking one while it is in use, proving that it can be used, putting it back.
package enum Archive {
    /// What a copy holds.
    package struct Contents: Equatable, Sendable {
        package var schema = 0
        package var conversations = 0
        package var entries = 0
        package var erased = 0

        package init(schema: Int = 0, conversations: Int = 0, entries: Int = 0, erased: Int = 0) {
            self.schema = schema
            self.conversations = conversations
            self.entries = entries
            self.erased = erased
        }
    }

    /// Writes a consistent copy of an event log, which may be in use, into a file that must not be there yet. Whatever was
    /// answered before the call is in it. The copy is looked through before it gets its name. With `sealing`, 32 bytes that no
    /// other copy has, nobody reads what was said in it without them.
    package static func backup(
        _ store: String, to target: String, sealing: [UInt8]? = nil
    ) throws(StorageError) -> Contents {
        let operation = "back up the event log"
        guard DatabaseFile(path: store).bytes > 0 else {
            throw StorageError(
                .unreachable, operation, StorageError.Cause(words: "there is no file `\(store)`"))
        }
        guard !exists(target) else {
            throw StorageError(
                .unreachable, operation, StorageError.Cause(words: "`\(target)` is there already"))
        }
        // Beside the event log, as long as anybody could read it.
        let part = sealing == nil ? target + ".part" : store + ".copy"
        remove(part)
        defer { remove(part) }
        let mask = umask(0o077)
        defer { umask(mask) }
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            let source = try DatabaseHandle(path: store, configuration: configuration)
            defer { try? source.close() }
            try source.access { try $0.execute(sql: "VACUUM INTO ?", arguments: [part]) }
        } catch {
            throw StorageError(error, operation)
        }
        let contents = try inspect(part)
        if let sealing {
            try turn(part, with: sealing)
            try copy(part, to: target + ".part")
            guard rename(target + ".part", target) == 0 else { throw StorageError(errno: errno, operation) }
            try sync(target, operation)
        } else {
            try sync(part, operation)
            guard rename(part, target) == 0 else { throw StorageError(errno: errno, operation) }
        }
        try syncFolder(of: target, operation)
        return contents
    }

    /// Seals the keys of all conversations in a copy that nobody uses, or opens them: the same operation. All that was said is
    /// sealed with them. Each is overwritten where it lies, so that the file has no second one; that of an erased conversation
    /// stays as it is.
    private static func turn(_ path: String, with sealing: [UInt8]) throws(StorageError) {
        precondition(sealing.count == Seal.keyBytes, "a copy is sealed with a key of 32 bytes")
        do {
            var configuration = Configuration()
            configuration.prepareDatabase {
                try $0.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA secure_delete = ON")
            }
            let handle = try DatabaseHandle(path: path, configuration: configuration)
            defer { try? handle.close() }
            try handle.access { database in
                let rows = try Row.fetchAll(database, sql: "SELECT conversation, key FROM keys")
                let update = try database.makeStatement(sql: "UPDATE keys SET key = ? WHERE conversation = ?")
                for row in rows {
                    let (number, key): (Int64, Data) = (row[0], row[1])
                    guard key.contains(where: { $0 != 0 }) else { continue }
                    try update.execute(arguments: [turned(key, of: number, with: sealing), number])
                }
            }
        } catch {
            throw StorageError(error, "seal the copy")
        }
    }

    private static func turned(_ key: Data, of number: Int64, with sealing: [UInt8]) -> Data {
        var key = [UInt8](key)
        let nonce = SIMD3(
            UInt32(truncatingIfNeeded: number), UInt32(truncatingIfNeeded: number >> 32), 0)
        sealing.withUnsafeBytes { sealing in
            key.withUnsafeMutableBytes { ChaCha20(key: sealing).apply(to: $0, nonce: nonce) }
        }
        return Data(key)
    }

    /// Looks through every page and every body of a copy, on a copy of it brought to the present schema: what passes can be
    /// put back. The file itself stays as it is.
    package static func inspect(_ path: String, sealing: [UInt8]? = nil) throws(StorageError) -> Contents {
        let trial = path + ".trial"
        try copy(path, to: trial)
        defer { remove(trial) }
        if let sealing { try turn(trial, with: sealing) }
        let connection = try Connection(DatabaseFile(path: trial), busyTimeout: 0)
        defer { connection.close() }
        return try connection.inspect()
    }

    /// Puts a copy in the place of an event log that nobody uses. Whoever knows a conversation from after the copy was taken
    /// is told by its new epoch; what was erased since is erased again. What stood there is kept beside it as `.replaced`.
    ///
    /// `isErasureKnown` is false in the result when the old file could not say what had been erased.
    package static func restore(
        _ backup: String, to store: String, sealing: [UInt8]? = nil, epoch: () -> String
    ) throws(StorageError) -> (contents: Contents, isErasureKnown: Bool) {
        let file = DatabaseFile(path: store)
        if !exists(store) { try file.prepare() }
        return try restore(backup, to: file, sealing, epoch, holding: try LockFile(beside: store))
    }

    private static func restore(
        _ backup: String, to file: DatabaseFile, _ sealing: [UInt8]?, _ epoch: () -> String,
        holding lock: borrowing LockFile
    ) throws(StorageError) -> (contents: Contents, isErasureKnown: Bool) {
        let operation = "restore the event log"
        let store = file.path
        let fresh = store + ".restoring"
        try copy(backup, to: fresh)
        defer { remove(fresh) }
        if let sealing { try turn(fresh, with: sealing) }
        var erased: [Int64] = []
        var isErasureKnown = true
        if file.bytes > 0 {
            do throws(StorageError) { erased = try Onlooker(path: store).erased() } catch {
                isErasureKnown = false
            }
        }
        let connection = try Connection(DatabaseFile(path: fresh), busyTimeout: 0)
        let contents: Contents
        do throws(StorageError) {
            _ = try connection.inspect()
            try connection.begin(anew: epoch, without: erased)
            contents = try connection.inspect()
        } catch {
            connection.close()
            throw error
        }
        connection.close()
        try sync(fresh, operation)
        for suffix in ["", "-wal", "-shm"] where exists(store + suffix) {
            guard rename(store + suffix, store + ".replaced" + suffix) == 0 else {
                throw StorageError(errno: errno, operation)
            }
        }
        guard rename(fresh, store) == 0 else { throw StorageError(errno: errno, operation) }
        try syncFolder(of: store, operation)
        return (contents, isErasureKnown)
    }

    // MARK: Files

    private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static func remove(_ path: String) {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
    }

    private static func copy(_ path: String, to target: String) throws(StorageError) {
        let operation = "copy `\(path)`"
        remove(target)
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw StorageError(errno: errno, operation) }
        defer { close(source) }
        let copy = open(target, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard copy >= 0 else { throw StorageError(errno: errno, operation) }
        defer { close(copy) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(source, &buffer, buffer.count)
            guard count >= 0 else { throw StorageError(errno: errno, operation) }
            if count == 0 { break }
            var written = 0
            while written < count {
                let more = buffer[written..<count].withUnsafeBytes { write(copy, $0.baseAddress, $0.count) }
                guard more > 0 else { throw StorageError(errno: errno, operation) }
                written += more
            }
        }
    }

    private static func sync(_ path: String, _ operation: String) throws(StorageError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageError(errno: errno, operation) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StorageError(errno: errno, operation) }
    }

    private static func syncFolder(of path: String, _ operation: String) throws(StorageError) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        try sync(folder.isEmpty ? "/" : folder, operation)
    }
}

extension Connection {
    /// Looks through everything: SQLite's own check, then every body, and that turns are numbered without holes.
    func inspect() throws(StorageError) -> Archive.Contents {
        let operation = "look through the event log"
        let report = try texts("PRAGMA integrity_check(3)")
        guard report == ["ok"] else {
            throw StorageError(.corrupt, operation, StorageError.Cause(words: report.joined(separator: "; ")))
        }
        var contents = Archive.Contents()
        contents.schema = try number("PRAGMA user_version")
        contents.conversations = try number("SELECT count(*) FROM conversations")
        contents.entries = try number("SELECT sum(live) FROM batches")
        contents.erased = try number(
            "SELECT count(*) FROM keys WHERE key = zeroblob(\(Seal.keyBytes))")
        let numbers = try texts("SELECT conversation FROM conversations").compactMap { Int64($0) }
        let keyring = Keyring()
        try access { (statements, catalogue) throws(StorageError) in
            let reader = Reader(statements, catalogue, keyring: keyring)
            var found = 0
            for number in numbers {
                let places = try reader.inspect(number)
                found += places.count
                let turns = places.filter { $0.ordinal == 0 }.map(\.seq)
                guard !turns.isEmpty, turns == Array(1...turns.count) else {
                    throw StorageError(
                        .corrupt, operation,
                        StorageError.Cause(words: "a conversation has a hole in its turns"))
                }
            }
            guard found == contents.entries else {
                throw StorageError(
                    .corrupt, operation,
                    StorageError.Cause(
                        words: "\(contents.entries) entries are stored and \(found) are found"))
            }
        }
        return contents
    }

    /// Gives every conversation another epoch, and erases those that were erased already.
    func begin(anew epoch: () -> String, without erased: [Int64]) throws(StorageError) {
        let operation = "give conversations new epochs"
        let numbers = try texts("SELECT conversation FROM conversations").compactMap { Int64($0) }
        let gone = Set(erased)
        let keyring = Keyring()
        let scribe = Scribe()
        try transaction(operation) { (statements, catalogue) throws(StorageError) in
            let transcription = Transcription(statements, catalogue, keyring: keyring, scribe: scribe)
            let reader = Reader(statements, catalogue, keyring: keyring)
            for number in numbers {
                if gone.contains(number) {
                    try transcription.erase(number)
                    continue
                }
                guard let seal = try keyring.seal(of: number, statements) else {
                    throw StorageError.damaged("a conversation")
                }
                var body = try reader.body(of: number)
                body.epoch = epoch()
                try scribe.sealed(with: seal, { $0.put(body) }) { (bytes) throws(StorageError) in
                    let update = statements.updateConversation
                    update.bind(bytes, at: 1)
                    update.bind(number, at: 2)
                    try update.run(operation)
                }
            }
        }
        try emptyWAL()
    }

    private func texts(_ sql: String) throws(StorageError) -> [String] {
        do { return try read { try String.fetchAll($0, sql: sql) } } catch {
            throw StorageError(error, "look through the event log")
        }
    }
}

extension Reader {
    /// Looks through what is kept of a conversation, that all of it is what was written and lies where it is looked for. Returns
    /// where its entries lie.
    func inspect(_ conversation: Int64) throws(StorageError) -> [Place] {
        let body = try body(of: conversation)
        let isDamaged = StorageError.damaged("an entry")
        guard let seal = try keyring.seal(of: conversation, statements),
            try number(ofToken: body.tokenHash) == conversation
        else { throw StorageError.damaged("a conversation") }
        _ = try snapshot(of: conversation, seal)
        let places = try catalogue.places(of: conversation)
        for place in places {
            try batch(of: place.entry) { (batch) throws(StorageError) in
                guard let (item, blob) = batch.entry(place.entry) else { throw Self.missing }
                let body = try EntryBody(opening: blob, with: seal)
                guard item.conversation == conversation, item.place(place.entry) == place,
                    place.mark == seal.mark(body.id)
                else { throw isDamaged }
            }
        }
        return places
    }

    private func number(ofToken tokenHash: [UInt8]) throws(StorageError) -> Int64? {
        let select = statements.selectConversation
        defer { select.reset() }
        select.bind(Token.prefix(of: tokenHash), at: 1)
        return try select.step("look up a token") ? select.integer(0) : nil
    }

    /// What a conversation is called and what opens it.
    func body(of conversation: Int64) throws(StorageError) -> ConversationBody {
        let select = statements.selectConversationBody
        defer { select.reset() }
        select.bind(conversation, at: 1)
        guard let seal = try keyring.seal(of: conversation, statements),
            try select.step("read a conversation"),
            let body = seal.open(select.blob(0)).flatMap(ConversationBody.init)
        else { throw StorageError.damaged("a conversation") }
        return body
    }
}
