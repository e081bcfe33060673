import GRDB
import Storage
import Testing

@Suite struct MigrationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A file as a release with that schema left it.
    private func restore(_ schema: EarlierSchema) throws {
        let database = try DatabaseQueue(path: folder.file)
        try database.write { try $0.execute(sql: schema.dump) }
        try database.close()
    }

    @Test(arguments: EarlierSchema.all)
    func `STO-10 a file of an earlier release opens with everything in it`(schema: EarlierSchema) async throws
    {
        try restore(schema)
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let record = try #require(try await log.load(1))
        #expect(record.name == "name-1")
        #expect(record.epoch == "epoch-1")
        #expect(record.snapshot == Array("state 2".utf8))
        #expect(record.tail.map(\.bytes) == [Array("events 2.1".utf8), Array("events 3.0".utf8)])
        #expect(
            try await log.turns(record.conversation, after: 0, limit: 9).map(\.frame)
                == ["frame 1.0", "frame 2.0", "frame 3.0"].map { Array($0.utf8) })
        #expect(
            try await log.append(.make(record.conversation, seq: 3))
                == .duplicate(
                    kind: .turn, seq: 3, frame: Array("frame 3.0".utf8)))
        #expect(try await log.append(.make(record.conversation, seq: 4)) == .committed)
    }

    @Test(arguments: ["seq = -1", "ordinal = 4294967296"])
    func `STO-06 and STO-10 a place that cannot be is told, and the file stays as it is`(damage: String)
        throws
    {
        try restore(EarlierSchema.all[1])
        let database = try DatabaseQueue(path: folder.file)
        try database.write { try $0.execute(sql: "UPDATE entries SET \(damage) WHERE entry = 3") }
        try database.close()
        let error = #expect(throws: StorageError.self) { try EventLog(path: folder.file) }
        #expect(error?.description == "could not read an entry: it is not what was written")
        let left = try DatabaseQueue(path: folder.file)
        defer { try? left.close() }
        #expect(try left.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 2)
        #expect(try left.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM entries") } == 4)
    }

    @Test func `the newest dump is of what this release writes`() async throws {
        try await EarlierSchema.fill(folder.file)
        let written = try DatabaseQueue(path: folder.file)
        defer { try? written.close() }
        let restored = try DatabaseQueue()
        let dump = try #require(EarlierSchema.all.last).dump
        try await restored.write { try $0.execute(sql: dump) }
        let schema = "SELECT group_concat(sql, ';') FROM sqlite_master ORDER BY name"
        #expect(
            try await restored.read { try String.fetchOne($0, sql: schema) }
                == written.read { try String.fetchOne($0, sql: schema) })
    }

    @Test func `an empty file is brought to the present schema`() async throws {
        TemporaryFolder.write([], to: folder.file)
        let log = try EventLog(path: folder.file)
        _ = try await log.open(.make(1))
        log.close()
        let database = try DatabaseQueue(path: folder.file)
        defer { try? database.close() }
        #expect(
            try await database.read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
                == EarlierSchema.all.count)
    }

    @Test func `STO-10 a file of a later release is refused and left alone`() throws {
        let database = try DatabaseQueue(path: folder.file)
        try database.write { try $0.execute(sql: "CREATE TABLE future (x); PRAGMA user_version = 99") }
        try database.close()
        let error = openingError(folder.file)
        #expect(error?.code == .schemaTooNew)
        #expect(
            error?.description == """
                could not open the event log: the file has schema 99, this program knows schemas up to \
                \(EarlierSchema.all.count)
                """)
        let again = try DatabaseQueue(path: folder.file)
        #expect(
            try again.read { try String.fetchAll($0, sql: "SELECT name FROM sqlite_master") } == ["future"])
        try again.close()
    }
}
