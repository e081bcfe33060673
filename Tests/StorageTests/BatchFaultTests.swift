import Foundation
import GRDB
import Storage
import Synchronization
import Testing

/// What may befall entries that share a row with those of others: erased with them, cut off by a crash, copied half catalogued,
/// failed together.
@Suite struct BatchFaultTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// What became of entries, by conversation, in order.
    private final class Outcomes: Sendable {
        private let state = Mutex<[Int64: [Result<AppendOutcome, StorageError>]]>([:])

        func add(_ conversation: Int64, _ result: Result<AppendOutcome, StorageError>) {
            state.withLock { $0[conversation, default: []].append(result) }
        }

        func of(_ conversation: Int64) throws -> [AppendOutcome] {
            try state.withLock { $0[conversation] ?? [] }.map { try $0.get() }
        }

        func failures(of conversation: Int64) -> Int {
            state.withLock { $0[conversation] ?? [] }.count { if case .failure = $0 { true } else { false } }
        }
    }

    /// Adds turns to conversations by turns, and notes what became of them.
    private func add(
        _ turns: ClosedRange<Int>, to conversations: [Int64], _ log: EventLog, _ outcomes: Outcomes
    ) {
        for seq in turns {
            for conversation in conversations {
                log.append(.make(conversation, seq: seq, frame: "of \(conversation),")) {
                    outcomes.add(conversation, $0)
                }
            }
        }
    }

    private func open(_ count: Int, in log: EventLog) async throws -> [Int64] {
        var conversations: [Int64] = []
        for number in 1...count { conversations.append(try await log.open(.make(number))) }
        return conversations
    }

    /// Fills conversations in groups as large as they come.
    private func fill(_ log: EventLog, _ conversations: [Int64], from first: Int = 2, turns: Int) async throws
    {
        let outcomes = Outcomes()
        add(first...turns, to: conversations, log, outcomes)
        _ = try await log.statistics()
        for conversation in conversations {
            let all = try outcomes.of(conversation)
            try #require(all.count == turns - first + 1 && all.allSatisfy { $0 == .committed })
        }
    }

    private func frames(_ conversation: Int64, _ turns: ClosedRange<Int>) -> [[UInt8]] {
        turns.map { Array(($0 == 1 ? "frame 1.0" : "of \(conversation), \($0).0").utf8) }
    }

    /// The files as a killed process leaves them, in a folder of their own; of the log of changes so many bytes.
    private func killed(_ bytes: Int = .max) throws -> TemporaryFolder {
        let copy = try TemporaryFolder()
        TemporaryFolder.write(TemporaryFolder.read(folder.file), to: copy.file)
        TemporaryFolder.write(
            Array(TemporaryFolder.read(folder.file + "-wal").prefix(bytes)), to: copy.file + "-wal")
        return copy
    }

    private func rows<Value: DatabaseValueConvertible & Sendable>(_ sql: String) throws -> [Value] {
        let database = try DatabaseQueue(path: folder.file)
        defer { try? database.close() }
        return try database.read { try Value.fetchAll($0, sql: sql) }
    }

    @Test func `PRI-09 who is erased in the midst of a transaction is gone whole, and the others of it stay`()
        async throws
    {
        let log = try EventLog(path: folder.file)
        let conversations = try await open(2, in: log)
        let keys: [Data] = try rows("SELECT key FROM keys ORDER BY conversation")
        let outcomes = Outcomes()
        let before = try await log.statistics().groupsCommitted
        log.together {
            add(2...80, to: conversations, log, outcomes)
            log.forget(conversations[0]) { _ in }
            add(81...160, to: conversations, log, outcomes)
        }
        #expect(try await log.statistics().groupsCommitted == before + 1)
        let gone = try outcomes.of(conversations[0])
        #expect(gone.prefix(79).allSatisfy { $0 == .committed })
        #expect(gone.count == 159 && gone.dropFirst(79).allSatisfy { $0 == .unknownConversation })
        #expect(try outcomes.of(conversations[1]).allSatisfy { $0 == .committed })
        #expect(try await log.turns(conversations[0], after: 0, limit: 999).isEmpty)
        let turns = try await log.turns(conversations[1], after: 0, limit: 999)
        #expect(turns.map(\.frame) == frames(conversations[1], 1...160))
        let bytes = folder.bytes
        #expect(!bytes.contains([UInt8](keys[0])) && bytes.contains([UInt8](keys[1])))
        log.close()
        #expect(
            try Archive.inspect(folder.file)
                == .init(schema: EarlierSchema.all.count, conversations: 1, entries: 160, erased: 1))
    }

    @Test
    func
        `PRI-09 and STO-01 what was erased before a crash, and stands in the log of changes, is gone with the next start`()
        async throws
    {
        let log = try EventLog(path: folder.file, busyTimeout: 0)
        let conversations = try await open(3, in: log)
        try await fill(log, conversations, turns: 50)
        let keys: [Data] = try rows("SELECT key FROM keys ORDER BY conversation")
        let reader = try OtherProgram(folder.file)
        try reader.execute("BEGIN; SELECT count(*) FROM batches")
        await #expect(throws: StorageError.self) { try await log.forget(conversations[1]) }
        let copy = try killed()
        try reader.close()
        log.close()
        #expect(copy.bytes.contains([UInt8](keys[1])))
        let again = try EventLog(path: copy.file)
        defer { again.close() }
        #expect(!copy.bytes.contains([UInt8](keys[1])))
        #expect(try await again.load(2) == nil)
        for conversation in [conversations[0], conversations[2]] {
            let turns = try await again.turns(conversation, after: 0, limit: 99)
            #expect(turns.map(\.frame) == frames(conversation, 1...50))
        }
    }

    /// A group stands whole or not at all wherever a crash cuts the log of changes, also while entries are catalogued and after
    /// somebody was erased.
    @Test func `STO-01 the log of changes cut at any page is what was there after some transaction`()
        async throws
    {
        let log = try EventLog(path: folder.file, busyTimeout: 0)
        let conversations = try await open(3, in: log)
        // Cataloguing begins with 2048 entries.
        try await fill(log, conversations, turns: 680)
        let whole = TemporaryFolder.read(folder.file + "-wal").count
        // Keeps the log of changes as long as it becomes.
        let reader = try OtherProgram(folder.file)
        try reader.execute("BEGIN; SELECT count(*) FROM batches")
        var states = [[680, 680, 680]]
        for step in 1...16 {
            let outcomes = Outcomes()
            log.together { add(680 + step...680 + step, to: conversations, log, outcomes) }
            _ = try await log.statistics()
            states.append([680 + step, 680 + step, 680 + step])
        }
        await #expect(throws: StorageError.self) { try await log.forget(conversations[1]) }
        states.append([696, 0, 696])
        let bytes = TemporaryFolder.read(folder.file + "-wal").count
        // A header, then pages of 8 KiB with a header each.
        let (head, page) = (32, 24 + 8192)
        var found: [Int] = []
        for cut in stride(from: whole, through: bytes, by: page).flatMap({ [$0, $0 + page / 2] }) {
            #expect((cut - head) % page == 0 || cut > whole)
            let copy = try killed(cut)
            let again = try EventLog(path: copy.file)
            var state: [Int] = []
            for conversation in conversations {
                let turns = try await again.turns(conversation, after: 0, limit: 999)
                #expect(turns.map(\.seq) == Array(1..<1 + turns.count))
                state.append(turns.count)
            }
            let place = try #require(states.firstIndex(of: state), "\(state) after \(cut) of \(bytes)")
            found.append(place)
            let last = state[2]
            #expect(
                try await again.append(.make(conversations[2], seq: last, frame: "again"))
                    == .duplicate(kind: .turn, seq: last, frame: frames(conversations[2], last...last)[0]))
            #expect(try await again.append(.make(conversations[2], seq: last + 1)) == .committed)
            again.close()
            #expect(try Archive.inspect(copy.file).entries == state.reduce(1, +))
        }
        #expect(found == found.sorted())
        #expect(Set(found) == Set(states.indices))
        try reader.close()
        log.close()
    }

    @Test
    func `STO-11 a copy that is taken while entries are catalogued has all of them, and tells repetitions`()
        async throws
    {
        let log = try EventLog(path: folder.file)
        let conversations = try await open(3, in: log)
        try await fill(log, conversations, turns: 683)
        for seq in 684...687 { _ = try await log.append(.make(conversations[0], seq: seq)) }
        let listed: [Int] = try rows("SELECT ifnull(sum(length(list)) / 24, 0) FROM places")
        #expect((1..<2053).contains(listed[0]))
        let copy = folder.path + "/copy"
        #expect(try Archive.backup(folder.file, to: copy).entries == 2053)
        log.close()
        #expect(try Archive.restore(copy, to: folder.file, epoch: { "new" }).contents.entries == 2053)
        let again = try EventLog(path: folder.file)
        defer { again.close() }
        for (conversation, turns) in zip(conversations, [687, 683, 683]) {
            #expect(try await again.turns(conversation, after: 0, limit: 999).map(\.seq) == Array(1...turns))
            for seq in [2, 340, 683] {
                let frame = frames(conversation, seq...seq)[0]
                #expect(
                    try await again.append(.make(conversation, seq: seq))
                        == .duplicate(kind: .turn, seq: seq, frame: frame))
            }
        }
    }

    @Test func `PRI-10 a transcript over many batches is complete and only theirs, while others write`()
        async throws
    {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversations = try await open(3, in: log)
        try await fill(log, conversations, turns: 690)
        let onlooker = try Onlooker(path: folder.file)
        for (number, conversation) in conversations.enumerated() {
            let transcript = try #require(
                try onlooker.transcript(tokenHash: NewConversation.tokenHash(number + 1)))
            #expect(transcript.parts.map(\.frame) == frames(conversation, 1...690))
        }
        try await log.forget(conversations[1])
        #expect(try onlooker.transcript(tokenHash: NewConversation.tokenHash(2)) == nil)
        #expect(try onlooker.transcript(tokenHash: NewConversation.tokenHash(3))?.parts.count == 690)
    }

    @Test func `PRI-08 whose time is over is found and erased although the batches are of others too`()
        async throws
    {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversations = try await open(4, in: log)
        // Turn `seq` of a test is of the second 1000 + seq; those that go on lie in batches with those that do not.
        try await fill(log, conversations, turns: 70)
        try await fill(log, [conversations[1]], from: 71, turns: 90)
        func look() async throws -> [Int64] {
            try await handed { hand in
                log.expired(before: 1080, after: 0, limit: 99) { hand($0) }
            }.get().conversations.map(\.number)
        }
        let old = try await look()
        #expect(old == [conversations[0], conversations[2], conversations[3]])
        log.together { for conversation in old { log.forget(conversation) { _ in } } }
        #expect(try await look().isEmpty)
        #expect(
            try await log.turns(conversations[1], after: 0, limit: 99).map(\.frame)
                == frames(conversations[1], 1...90))
        #expect(try rows("SELECT sum(live) FROM batches") == [90])
    }

    @Test func `STO-03 what fails together is as if it had never been asked for, and goes well later`()
        async throws
    {
        let log = try EventLog(path: folder.file)
        let conversations = try await open(2, in: log)
        try await fill(log, conversations, turns: 5)
        let large = String(repeating: "x", count: 1 << 20)
        let outcomes = Outcomes()
        log.limitSize(pages: 1)
        log.together {
            log.open(.make(7)) { _ in }
            add(6...9, to: [conversations[0]], log, outcomes)
            log.forget(conversations[1]) { _ in }
            log.append(.make(conversations[0], seq: 10, frame: large)) { outcomes.add(conversations[0], $0) }
        }
        #expect(try await log.statistics().groupsFailed == 1)
        log.limitSize(pages: nil)
        #expect(outcomes.failures(of: conversations[0]) == 5)
        #expect(try await log.load(7) == nil)
        for conversation in conversations {
            #expect(
                try await log.turns(conversation, after: 0, limit: 99).map(\.frame)
                    == frames(conversation, 1...5))
        }
        #expect(try await log.append(.make(conversations[1], seq: 6)) == .committed)
        #expect(try await log.open(.make(7)) == conversations[1] + 1)
        try await fill(log, [conversations[0]], from: 6, turns: 9)
        log.close()
        #expect(
            try Archive.inspect(folder.file)
                == .init(schema: EarlierSchema.all.count, conversations: 3, entries: 9 + 6 + 1, erased: 0))
    }
}
