import Glibc
import Storage
import Testing

@Suite struct FailureTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `STO-03 a full disk fails what was not stored, and service comes back with the space`()
        async throws
    {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        log.limitSize(pages: 1)
        let frame = String(repeating: "x", count: 3_000)
        var seq = 1
        var failure: StorageError?
        while failure == nil, seq < 200 {
            do {
                let outcome = try await log.append(.make(conversation, seq: seq + 1, frame: frame))
                #expect(outcome == .committed)
                seq += 1
            } catch {
                failure = error as? StorageError
            }
        }
        #expect(failure?.code == .full)
        #expect(
            failure?.description == "could not store an entry: database or disk is full (SQLITE_FULL, 13)")
        await #expect(throws: StorageError.self) {
            try await log.append(.make(conversation, seq: seq + 1, frame: frame))
        }
        // Reading goes on, and nothing that was acknowledged is gone.
        #expect(try await log.turns(conversation, after: 0, limit: 300).map(\.seq) == Array(1...seq))
        log.limitSize(pages: nil)
        #expect(try await log.append(.make(conversation, seq: seq + 1, frame: frame)) == .committed)
        #expect(try await log.last(conversation, count: 1).map(\.seq) == [seq + 1])
    }

    @Test func `STO-02 a failed group fails each of its requests and leaves none of them`() async throws {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        log.limitSize(pages: 1)
        let frame = String(repeating: "x", count: 200_000)
        async let small = log.append(.make(conversation, seq: 2))
        await #expect(throws: StorageError.self) {
            try await log.append(.make(conversation, seq: 3, frame: frame))
        }
        _ = try? await small
        log.limitSize(pages: nil)
        let seqs = try await log.turns(conversation, after: 0, limit: 9).map(\.seq)
        #expect(seqs == [1] || seqs == [1, 2])
        #expect(try await log.append(.make(conversation, seq: 3, frame: frame)) == .committed)
    }

    @Test func `STO-07 a second event log on the file is refused until the first is closed`() throws {
        let log = try EventLog(path: folder.file)
        let error = openingError(folder.file)
        #expect(error?.code == .locked)
        #expect(error?.description == "could not lock the event log: another process has it open")
        log.close()
        #expect(openingError(folder.file) == nil)
    }

    @Test func `STO-07 another program that holds the database makes it busy, and nothing is lost`()
        async throws
    {
        let log = try EventLog(path: folder.file, busyTimeout: 0)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        let other = try OtherProgram(folder.file)
        try other.execute("BEGIN IMMEDIATE")
        let error = await #expect(throws: StorageError.self) {
            try await log.append(.make(conversation, seq: 2))
        }
        #expect(error?.description == "could not store 1 entry: database is locked (SQLITE_BUSY, 5)")
        try other.close()
        #expect(try await log.append(.make(conversation, seq: 2)) == .committed)
    }

    @Test
    func `STO-08 while another program reads for long the log of changes grows, and shrinks once it is done`()
        async throws
    {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        let reader = try OtherProgram(folder.file)
        try reader.execute("BEGIN; SELECT count(*) FROM batches")
        let frame = String(repeating: "x", count: 200_000)
        for seq in 2...150 {
            #expect(try await log.append(.make(conversation, seq: seq, frame: frame)) == .committed)
        }
        // More than is copied into the database at a time, which the reader holds up.
        #expect(log.walBytes > 20 << 20)
        #expect(try await log.turns(conversation, after: 140, limit: 300).count == 10)
        try reader.close()
        let other = try await log.open(.make(2))
        try await log.forget(other)
        #expect(log.walBytes == 0)
        #expect(try await log.last(conversation, count: 1).map(\.seq) == [150])
    }

    @Test func `files are for the owner alone`() async throws {
        let log = try EventLog(path: folder.path + "/var/deep/daoban.sqlite")
        _ = try await log.open(.make(1))
        for name in ["daoban.sqlite", "daoban.sqlite-wal", "daoban.sqlite-shm", "daoban.sqlite.lock"] {
            var status = stat()
            #expect(stat(folder.path + "/var/deep/" + name, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600, "\(name)")
        }
        log.close()
        for name in ["daoban.sqlite", "daoban.sqlite.lock"] { unlink(folder.path + "/var/deep/" + name) }
        rmdir(folder.path + "/var/deep")
        rmdir(folder.path + "/var")
    }

    @Test func `STO-05 a place where no file can be is refused with the reason`() {
        let inFile = folder.path + "/file"
        TemporaryFolder.write([1], to: inFile)
        #expect(
            openingError(inFile + "/daoban.sqlite")?.description
                == "could not make the folder of the event log: Not a directory (errno, 20)")
        #expect(
            openingError(folder.path)?.description
                == "could not open the event log: Is a directory (errno, 21)")
        // A folder that even root cannot write to.
        let error = openingError("/proc/self/daoban.sqlite")
        #expect(error?.code == .unreachable || error?.code == .readOnly)
    }

    @Test func `STO-06 a file that is no database, or not all of one, is refused`() async throws {
        TemporaryFolder.write(Array(String(repeating: "no database ", count: 2_000).utf8), to: folder.file)
        #expect(
            openingError(folder.file)?.description
                == "could not open the event log: file is not a database (SQLITE_NOTADB, 26)")
        unlink(folder.file)
        let log = try EventLog(path: folder.file)
        _ = try await log.open(.make(1))
        log.close()
        let whole = TemporaryFolder.read(folder.file)
        TemporaryFolder.write(Array(whole.dropLast()), to: folder.file)
        #expect(
            openingError(folder.file)?.description == "could not open the event log: the file was cut short")
        TemporaryFolder.write([UInt8](repeating: 0, count: 100) + whole.dropFirst(100), to: folder.file)
        #expect(openingError(folder.file)?.code == .corrupt)
        TemporaryFolder.write(whole, to: folder.file)
        #expect(openingError(folder.file) == nil)
    }

    @Test func `STO-06 one bit that turned over is noticed where it is read`() async throws {
        let log = try EventLog(path: folder.file)
        let conversation = try await log.open(.make(1))
        let other = try await log.open(.make(2))
        let long = String(repeating: "x", count: 30_000)
        _ = try await log.append(.make(conversation, seq: 2, frame: long))
        _ = try await log.append(.make(other, seq: 2))
        log.close()
        var bytes = TemporaryFolder.read(folder.file)
        // The long body fills whole pages, whichever they are.
        let body = try #require(bytes.indices.last { bytes[$0] != 0 && $0 % 8_192 == 4_000 })
        bytes[body] ^= 0x10
        TemporaryFolder.write(bytes, to: folder.file)
        let again = try EventLog(path: folder.file)
        defer { again.close() }
        let error = await #expect(throws: StorageError.self) {
            try await again.turns(conversation, after: 1, limit: 9)
        }
        #expect(error?.description == "could not read an entry: it is not what was written")
        #expect(try await again.turns(other, after: 0, limit: 9).count == 2)
    }
}
