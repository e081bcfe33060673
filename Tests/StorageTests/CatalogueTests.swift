import GRDB
import Storage
import Testing

/// The tables that say where entries lie lag behind; nobody may notice.
@Suite struct CatalogueTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Three conversations with so many turns each, taken by turns, in few commits.
    private func fill(_ log: EventLog, turns: Int) async throws -> [Int64] {
        var conversations: [Int64] = []
        for number in 1...3 { conversations.append(try await log.open(.make(number))) }
        let numbers = conversations
        try await withThrowingTaskGroup(of: Void.self) { group in
            for conversation in numbers {
                group.addTask {
                    for seq in 2...turns {
                        let outcome = try await log.append(.make(conversation, seq: seq))
                        try #require(outcome == .committed)
                    }
                }
            }
            try await group.waitForAll()
        }
        return conversations
    }

    /// The files as a killed process leaves them, in a folder of their own.
    private func killed() throws -> TemporaryFolder {
        let copy = try TemporaryFolder()
        for suffix in ["", "-wal"] {
            TemporaryFolder.write(TemporaryFolder.read(folder.file + suffix), to: copy.file + suffix)
        }
        return copy
    }

    @Test func `an id is found wherever its place lies, in the table and before it gets there`() async throws
    {
        let log = try EventLog(path: folder.file)
        let conversations = try await fill(log, turns: 1_000)
        log.close()
        let again = try EventLog(path: folder.file)
        defer { again.close() }
        for seq in [2, 500, 1_000] {
            #expect(try await again.holds("c\(seq).0", in: conversations[0]))
        }
        #expect(try await again.holds("c1001.0", in: conversations[0]) == false)
    }

    /// How many entries the table knows.
    private static let catalogued = "SELECT ifnull(sum(length(list)) / 24, 0) FROM places"

    private func number(_ sql: String, in file: String) throws -> Int? {
        let database = try DatabaseQueue(path: file)
        defer { try? database.close() }
        return try database.read { try Int.fetchOne($0, sql: sql) }
    }

    private func expectAll(_ log: EventLog, _ conversation: Int64, turns: Int) async throws {
        let all = try await log.turns(conversation, after: 0, limit: turns + 9)
        #expect(all.map(\.seq) == Array(1...turns))
        #expect(all.last?.frame == Array("frame \(turns).0".utf8))
        #expect(try await log.turns(conversation, after: 2, limit: 3).map(\.seq) == [3, 4, 5])
        #expect(try await log.last(conversation, count: turns - 1).map(\.seq) == Array(2...turns))
        let record = try #require(try await log.load(1))
        #expect(record.lastSeq == turns)
        #expect(record.tail.map(\.seq) == Array(1...turns))
        for seq in [2, turns / 2, turns] {
            #expect(
                try await log.append(.make(conversation, seq: seq))
                    == .duplicate(kind: .turn, seq: seq, frame: Array("frame \(seq).0".utf8)))
        }
    }

    @Test func `entries are found whether they are catalogued or not, also after a kill`() async throws {
        let log = try EventLog(path: folder.file)
        let conversation = try #require(try await fill(log, turns: 900).first)
        let copy = try killed()
        try await expectAll(log, conversation, turns: 900)
        log.close()
        let places = try #require(try number(Self.catalogued, in: copy.file))
        #expect((1..<2_700).contains(places))
        let reopened = try EventLog(path: copy.file)
        defer { reopened.close() }
        try await expectAll(reopened, conversation, turns: 900)
        #expect(try await reopened.append(.make(conversation, seq: 901)) == .committed)
        try await expectAll(reopened, conversation, turns: 901)
    }

    /// Cataloguing begins with 2048 entries, and takes many commits.
    @Test func `a kill in the midst of cataloguing takes nothing and doubles nothing`() async throws {
        let log = try EventLog(path: folder.file)
        let conversations = try await fill(log, turns: 685)
        let copy = try killed()
        log.close()
        let places = try #require(try number(Self.catalogued, in: copy.file))
        #expect((1..<2_048).contains(places))
        #expect(try number("SELECT entry FROM catalogued", in: copy.file) == 0)
        let reopened = try EventLog(path: copy.file)
        for (number, conversation) in conversations.enumerated() {
            let turns = try await reopened.turns(conversation, after: 0, limit: 999)
            #expect(turns.map(\.seq) == Array(1...685))
            let entry = Entry.make(conversation, seq: 685)
            #expect(
                try await reopened.append(entry)
                    == .duplicate(kind: .turn, seq: 685, frame: Array("frame 685.0".utf8)))
            #expect(try await reopened.append(.make(conversation, seq: 686)) == .committed)
            if number == 0 { try await reopened.forget(conversation) }
        }
        reopened.close()
        #expect(try number(Self.catalogued, in: copy.file) == 2 * 686)
        #expect(try number("SELECT entry FROM catalogued", in: copy.file) == 2058)
    }

    @Test func `closing in order leaves nothing to catalogue`() async throws {
        let log = try EventLog(path: folder.file)
        _ = try await fill(log, turns: 20)
        log.close()
        #expect(try number(Self.catalogued, in: folder.file) == 60)
        #expect(try number("SELECT entry FROM catalogued", in: folder.file) == 60)
    }

    @Test func `an onlooker sees what is not catalogued yet`() async throws {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversation = try #require(try await fill(log, turns: 9).first)
        let onlooker = try Onlooker(path: folder.file)
        #expect(try onlooker.transcript(tokenHash: NewConversation.tokenHash(1))?.parts.count == 9)
        _ = try await log.append(.make(conversation, seq: 10))
        #expect(try onlooker.transcript(tokenHash: NewConversation.tokenHash(1))?.parts.count == 10)
    }

    /// SQLite would give the number of a last row that is gone to the next one.
    @Test func `an entry that comes after the newest was erased is found again`() async throws {
        let first = try EventLog(path: folder.file)
        let conversations = try await fill(first, turns: 5)
        first.close()
        let log = try EventLog(path: folder.file)
        let newest = try #require(conversations.last)
        try await log.forget(newest)
        #expect(try await log.append(.make(conversations[0], seq: 6)) == .committed)
        let copy = try killed()
        log.close()
        let reopened = try EventLog(path: copy.file)
        defer { reopened.close() }
        try await expectAll(reopened, conversations[0], turns: 6)
        #expect(try await reopened.turns(newest, after: 0, limit: 9).isEmpty)
    }

    @Test func `what a failed commit had noted is forgotten`() async throws {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversation = try #require(try await fill(log, turns: 3).first)
        log.limitSize(pages: 1)
        let large = String(repeating: "x", count: 1 << 20)
        await #expect(throws: StorageError.self) {
            try await log.append(.make(conversation, seq: 4, frame: large))
        }
        log.limitSize(pages: nil)
        #expect(try await log.append(.make(conversation, seq: 4)) == .committed)
        #expect(try await log.turns(conversation, after: 0, limit: 9).map(\.seq) == [1, 2, 3, 4])
    }
}
