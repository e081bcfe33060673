import GRDB
import Glibc
import Storage
import Testing

/// Files that are no event log of ours are refused, and stay as they were, byte by byte.
@Suite struct ForeignFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func expectRefused(_ code: StorageError.Code, _ words: String) {
        let before = TemporaryFolder.read(folder.file)
        chmod(folder.file, 0o644)
        let error = openingError(folder.file)
        #expect(error?.code == code)
        #expect(error?.description == "could not open the event log: \(words)")
        #expect(TemporaryFolder.read(folder.file) == before)
        #expect(folder.names.allSatisfy { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") })
        var status = stat()
        #expect(stat(folder.file, &status) == 0 && status.st_mode & 0o777 == 0o644)
    }

    @Test(arguments: [0, 1, 2] as [Int])
    func `STO-06 another application's database is refused and left alone`(version: Int) throws {
        let database = try DatabaseQueue(path: folder.file)
        try database.write {
            try $0.execute(sql: "CREATE TABLE entries (title); PRAGMA user_version = \(version)")
        }
        try database.close()
        expectRefused(.foreign, "the file belongs to another program")
    }

    @Test func `STO-06 and STO-10 a later release's file is refused and left alone`() throws {
        let database = try DatabaseQueue(path: folder.file)
        try database.write { try $0.execute(sql: "CREATE TABLE keys (x); PRAGMA user_version = 1000") }
        try database.close()
        expectRefused(
            .schemaTooNew,
            "the file has schema 1000, this program knows schemas up to \(EarlierSchema.all.count)")
    }

    @Test func `STO-06 what is no database at all is refused and left alone`() {
        TemporaryFolder.write(Array(String(repeating: "id,name\n", count: 4_000).utf8), to: folder.file)
        expectRefused(.corrupt, "file is not a database (SQLITE_NOTADB, 26)")
    }

    /// The file and its write-ahead log, as a process that was killed leaves them.
    private func killed(_ n: Int) async throws -> (file: [UInt8], wal: [UInt8]) {
        let log = try EventLog(path: folder.file)
        defer {
            log.close()
            for name in folder.names { unlink(folder.path + "/" + name) }
        }
        let conversation = try await log.open(.make(n))
        for seq in 2...9 { _ = try await log.append(.make(conversation, seq: seq, frame: "log \(n)")) }
        return (TemporaryFolder.read(folder.file), TemporaryFolder.read(folder.file + "-wal"))
    }

    @Test func `STO-06 a write-ahead log of another file is never mixed with this one`() async throws {
        let (one, two) = (try await killed(1), try await killed(2))
        #expect(!one.wal.isEmpty && !two.wal.isEmpty)
        TemporaryFolder.write(one.file, to: folder.file)
        TemporaryFolder.write(two.wal, to: folder.file + "-wal")
        let log: EventLog
        do { log = try EventLog(path: folder.file) } catch {
            #expect(error.code == .corrupt)
            return
        }
        defer { log.close() }
        for n in [1, 2] {
            guard let record = try await log.load(n) else { continue }
            #expect(record.name == "name-\(n)")
            let turns = try await log.turns(record.conversation, after: 1, limit: 9)
            #expect(turns.map(\.frame) == (2...9).map { Array("log \(n) \($0).0".utf8) })
        }
    }

    @Test
    func `STO-06 without its write-ahead log, or without its index, a file opens as of a moment before`()
        async throws
    {
        let left = try await killed(1)
        TemporaryFolder.write(left.file, to: folder.file)
        TemporaryFolder.write(left.wal, to: folder.file + "-wal")
        let log = try EventLog(path: folder.file)
        #expect(try await log.turns(1, after: 0, limit: 300).count == 9)
        log.close()
        TemporaryFolder.write(left.file, to: folder.file)
        let early = try EventLog(path: folder.file)
        defer { early.close() }
        let turns = try await early.turns(1, after: 0, limit: 300)
        #expect(turns.map(\.seq) == Array(1...9).prefix(turns.count).map { $0 })
    }

    @Test func `a histogram says how many requests shared a commit`() async throws {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        for seq in 2...5 { _ = try await log.append(.make(conversation, seq: seq)) }
        let counts = log.commits
        #expect(counts.requests == 5)
        #expect(counts.groups.reduce(0, +) == 5)
        #expect(counts.groups[0] == 5)
        #expect(counts.groupsFailed == 0)
    }
}
