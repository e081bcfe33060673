import Foundation
import GRDB
import Storage
import Testing

@Suite struct ForgetTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func canary(_ n: Int) -> String { "CANARY\(1000 + n)" }

    /// Conversations whose turns come interleaved, so that pages are split and shared.
    private func fill(_ log: EventLog, conversations: Int, turns: Int) async throws -> [Int64] {
        var numbers: [Int64] = []
        for n in 0..<conversations {
            var conversation = NewConversation.make(n, opening: .make(seq: 1, id: "", frame: canary(n)))
            conversation.name = canary(n)
            conversation.epoch = canary(n)
            numbers.append(try await log.open(conversation))
        }
        for seq in 2...turns {
            for n in 0..<conversations {
                let text = String(repeating: canary(n), count: 1 + (seq * 7 + n * 13) % 150)
                let entry = Entry.make(
                    numbers[n], seq: seq, id: "\(canary(n))-\(seq)", frame: text, events: text)
                _ = try await log.append(entry, snapshot: seq % 3 == 0 ? Array(text.utf8) : nil)
            }
        }
        return numbers
    }

    /// The keys, as they stand in the file.
    private func keys() throws -> [Int64: [UInt8]] {
        let database = try DatabaseQueue(path: folder.file)
        defer { try? database.close() }
        return try database.read { database in
            let rows = try Row.fetchAll(database, sql: "SELECT conversation, key FROM keys")
            return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], [UInt8]($0[1] as Data)) })
        }
    }

    @Test func `PRI-09 nothing of a forgotten conversation is in any file, nor what could make it readable`()
        async throws
    {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversations = 24
        let numbers = try await fill(log, conversations: conversations, turns: 12)
        let keys = try keys()
        for n in stride(from: 0, to: conversations, by: 2) {
            try await log.forget(numbers[n])
            let bytes = folder.bytes
            #expect(!bytes.contains(Array(canary(n).utf8)))
            #expect(!bytes.contains(try #require(keys[numbers[n]])), "the key of \(n) is left")
            #expect(bytes.contains(try #require(keys[numbers[n + 1]])))
        }
        #expect(try await log.statistics().erased == conversations / 2)
        #expect(try await log.statistics().walBytes == 0)
        for n in 0..<conversations {
            let record = try await log.load(n)
            #expect((record == nil) == (n % 2 == 0))
            #expect(try await log.turns(numbers[n], after: 0, limit: 99).count == (n % 2 == 0 ? 0 : 12))
        }
    }

    @Test func `a forgotten conversation takes nothing more, and its number is not used again`() async throws
    {
        let log = try EventLog(path: folder.file)
        let conversation = try await log.open(.make(1))
        try await log.forget(conversation)
        #expect(try await log.append(.make(conversation, seq: 2)) == .unknownConversation)
        #expect(try await log.open(.make(1)) == conversation + 1)
        try await log.forget(conversation + 1)
        log.close()
        let again = try EventLog(path: folder.file)
        defer { again.close() }
        #expect(try await again.append(.make(conversation, seq: 2)) == .unknownConversation)
        #expect(try await again.open(.make(1)) == conversation + 2)
    }

    @Test func `forgetting twice, or what never was, is no error`() async throws {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        try await log.forget(conversation)
        try await log.forget(conversation)
        try await log.forget(99)
        #expect(try await log.statistics().erased == 1)
    }

    @Test func `while another program reads, forgetting fails rather than pretends, and is made up for`()
        async throws
    {
        let log = try EventLog(path: folder.file, busyTimeout: 0)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        let reader = try OtherProgram(folder.file)
        try reader.execute("BEGIN; SELECT count(*) FROM batches")
        let error = await #expect(throws: StorageError.self) { try await log.forget(conversation) }
        #expect(error?.code == .busy)
        #expect(try await log.load(1) == nil)
        try reader.close()
        try await log.forget(conversation)
        #expect(try await log.statistics().walBytes == 0)
    }
}
