import Foundation
import GRDB
import Storage
import Testing

/// Entries of one transaction lie in one row; nobody may notice.
@Suite struct BatchTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Adds entries so that the writer finds them together: nobody tells it before the last.
    private func appendTogether(_ entries: [Entry], to log: EventLog) async throws -> [AppendOutcome] {
        let told = Told()
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let listener = AppendListener { if told.add($0) == entries.count { continuation.resume() } }
            for entry in entries { log.append(entry, awaitsMore: true, telling: listener) }
            log.writeNow()
        }
        return try told.outcomes
    }

    /// What was told, in order.
    ///
    /// `@unchecked Sendable` holds because the lock guards it.
    private final class Told: @unchecked Sendable {
        private let lock = NSLock()
        private var appended: [Appended] = []

        func add(_ more: [Appended]) -> Int {
            lock.withLock {
                appended += more
                return appended.count
            }
        }

        var outcomes: [AppendOutcome] {
            get throws { try lock.withLock { try appended.map { try $0.result.get() } } }
        }
    }

    /// The words of a conversation, by which its frames are told from others.
    private func words(_ conversation: Int64) -> String { String(repeating: "\(conversation)", count: 500) }

    private func numbers(_ sql: String) throws -> [Int] {
        let database = try DatabaseQueue(path: folder.file)
        defer { try? database.close() }
        return try database.read { try Int.fetchAll($0, sql: sql) }
    }

    private func open(_ count: Int, in log: EventLog) async throws -> [Int64] {
        var conversations: [Int64] = []
        for number in 1...count { conversations.append(try await log.open(.make(number))) }
        return conversations
    }

    @Test func `a batch that is full is followed by another, and each entry is found`() async throws {
        let log = try EventLog(path: folder.file)
        let conversations = try await open(5, in: log)
        let entries = (2...30).flatMap { seq in conversations.map { Entry.make($0, seq: seq) } }
        #expect(try await appendTogether(entries, to: log).allSatisfy { $0 == .committed })
        for conversation in conversations {
            let turns = try await log.turns(conversation, after: 0, limit: 99)
            #expect(turns.map(\.frame) == (1...30).map { Array("frame \($0).0".utf8) })
        }
        log.close()
        let live = try numbers("SELECT live FROM batches")
        #expect(live.reduce(0, +) == 150)
        #expect(live.max() == 64)
        #expect(try numbers("SELECT 1 FROM batches WHERE live <> length(directory) / 28").isEmpty)
    }

    @Test func `what is large does not wait for a batch to be full`() async throws {
        let log = try EventLog(path: folder.file)
        let conversation = try await log.open(.make(1))
        let large = String(repeating: "长", count: 20_000)
        let entries = (2...9).map { Entry.make(conversation, seq: $0, frame: large) }
        #expect(try await appendTogether(entries, to: log).allSatisfy { $0 == .committed })
        #expect(try await log.last(conversation, count: 8).allSatisfy { $0.frame.count > 60_000 })
        log.close()
        #expect(try numbers("SELECT max(live) FROM batches") == [2])
    }

    @Test func `a repetition within one transaction is told, and stored once`() async throws {
        let log = try EventLog(path: folder.file)
        let conversations = try await open(2, in: log)
        let entries = [
            Entry.make(conversations[0], seq: 2), .make(conversations[1], seq: 2),
            .make(conversations[0], seq: 2), .make(conversations[0], seq: 2, id: "another"),
            .make(conversations[0], seq: 3),
        ]
        let outcomes = try await appendTogether(entries, to: log)
        #expect(
            outcomes == [
                .committed, .committed,
                .duplicate(kind: .turn, seq: 2, frame: Array("frame 2.0".utf8)), .outOfOrder, .committed,
            ])
        log.close()
        #expect(try numbers("SELECT sum(live) FROM batches") == [5])
    }

    @Test func `what is erased leaves its batches, the others stay, and a batch of nothing goes`()
        async throws
    {
        let log = try EventLog(path: folder.file)
        let conversations = try await open(4, in: log)
        let entries = (2...50).flatMap { seq in
            conversations.map { Entry.make($0, seq: seq, frame: words($0)) }
        }
        _ = try await appendTogether(entries, to: log)
        for (gone, conversation) in conversations.enumerated() {
            try await log.forget(conversation)
            #expect(try await log.turns(conversation, after: 0, limit: 99).isEmpty)
            for other in conversations[(gone + 1)...] {
                let turns = try await log.turns(other, after: 1, limit: 99)
                #expect(turns.map(\.frame) == (2...50).map { Array("\(words(other)) \($0).0".utf8) })
                #expect(
                    try await log.append(.make(other, seq: 7, frame: "something else"))
                        == .duplicate(kind: .turn, seq: 7, frame: Array("\(words(other)) 7.0".utf8)))
            }
            #expect(try numbers("SELECT ifnull(sum(live), 0) FROM batches") == [50 * (3 - gone)])
            let bytes = try numbers("SELECT ifnull(sum(length(bodies)), 0) FROM batches")
            #expect(bytes[0] < 50 * 700 * (4 - gone))
        }
        #expect(try numbers("SELECT count(*) FROM batches") == [0])
        log.close()
    }

    /// The number of an entry must not be used again when the batch that had it is gone.
    @Test func `after the newest batch was erased entries are found, also once opened anew`() async throws {
        let log = try EventLog(path: folder.file)
        let conversations = try await open(2, in: log)
        _ = try await appendTogether((2...9).map { .make(conversations[1], seq: $0) }, to: log)
        try await log.forget(conversations[1])
        #expect(try await log.append(.make(conversations[0], seq: 2)) == .committed)
        log.close()
        let again = try EventLog(path: folder.file)
        defer { again.close() }
        #expect(try await again.append(.make(conversations[0], seq: 3)) == .committed)
        #expect(try await again.turns(conversations[0], after: 0, limit: 9).map(\.seq) == [1, 2, 3])
    }
}
