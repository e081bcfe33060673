import GRDB
import GRDBSQLite

/// The open database, with everything set as the promises of the event log need it. Used by one thread at a
/// time.
final class Connection {
    private let handle: DatabaseHandle
    private var prepared: (statements: Statements, catalogue: Catalogue)?
    private let gauge = LogGauge()
    /// Whether what was erased before is in no file since the opening. A full disk is no reason not to read.
    private(set) var isWALEmpty = false

    /// Opens the file, brings its schema up to date and checks it when it was not closed in an orderly way.
    init(_ file: DatabaseFile, busyTimeout: Double) throws(StorageError) {
        let operation = "open the event log"
        try file.prepare()
        let needsCheck = file.walBytes > 0 && file.bytes <= Self.checkedBytes
        do {
            handle = try DatabaseHandle(path: file.path, configuration: Self.configuration(busyTimeout))
            var isWALEmpty = false
            prepared = try handle.access { database in
                try Self.makeSafe(database)
                gauge.watch(database)
                if needsCheck { try Self.check(database) }
                try Migration.migrate(database)
                // What was erased just before a crash may stand in the write-ahead log still.
                isWALEmpty = (try? Self.emptyWAL(database)) ?? false
                let statements = try Statements(database)
                return (statements, Catalogue(statements))
            }
            self.isWALEmpty = isWALEmpty
        } catch {
            throw StorageError(error, operation)
        }
    }

    // Statements go before their connection, on the thread that used both.
    deinit { prepared = nil }

    /// A larger file would keep the start waiting; its bodies are checked as they are read.
    private static let checkedBytes = 64 << 20

    private static func configuration(_ busyTimeout: Double) -> Configuration {
        var configuration = Configuration()
        configuration.label = "daoban.storage"
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(busyTimeout)
        configuration.foreignKeysEnabled = false
        // Transactions are begun and ended by statements of ours, which GRDB does not see.
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA page_size = \(pageSize)")
        }
        return configuration
    }

    /// Bytes. Four or five bodies go into a page of this size; smaller pages took more system calls a turn,
    /// larger ones wrote more of the two indexes than changed.
    private static let pageSize = 8192

    private static func makeSafe(_ database: Database) throws {
        try database.execute(
            sql: """
                PRAGMA synchronous = FULL;
                PRAGMA secure_delete = ON;
                PRAGMA trusted_schema = OFF;
                PRAGMA temp_store = MEMORY;
                PRAGMA cache_size = -8192;
                PRAGMA wal_autocheckpoint = 0;
                PRAGMA journal_size_limit = 67108864;
                """)
        // GRDB sets NORMAL when it opens a database in WAL mode. With it a power failure takes turns that
        // were answered.
        let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
        precondition(synchronous == 2, "the event log is written with synchronous=FULL")
    }

    private static func check(_ database: Database) throws {
        let report = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "ok"
        if report == "ok" { return }
        throw StorageError(.corrupt, "check the event log", StorageError.Cause(words: report))
    }

    /// Copies the write-ahead log into the database and cuts it to nothing. False when another program reads
    /// from it.
    private static func emptyWAL(_ database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)") == 0
    }

    // MARK: The write-ahead log

    /// Frames in the write-ahead log after the last commit, each a page.
    var walFrames: Int { gauge.frames }

    /// Copies what is in the write-ahead log into the database, as far as nobody reads or writes meanwhile.
    func checkpoint() throws(StorageError) {
        do { try handle.access(Self.checkpoint) } catch {
            throw StorageError(error, "copy the write-ahead log")
        }
    }

    static func checkpoint(_ database: Database) throws {
        _ = try Int.fetchOne(database, sql: "PRAGMA wal_checkpoint(PASSIVE)")
    }

    /// Another connection to an event log that is open, for copying its write-ahead log.
    static func beside(_ file: DatabaseFile) throws -> DatabaseHandle {
        let handle = try DatabaseHandle(path: file.path, configuration: configuration(0))
        try handle.access(makeSafe)
        return handle
    }

    // MARK: Use

    /// Works with the statements of this connection, on the calling thread.
    func access<Value>(
        _ body: (Statements, Catalogue) throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        guard let prepared else {
            throw StorageError(.closed, "use the event log", StorageError.Cause(words: "it is closed"))
        }
        return try handle.access { _ -> Result<Value, StorageError> in
            do throws(StorageError) {
                return .success(try body(prepared.statements, prepared.catalogue))
            } catch {
                return .failure(error)
            }
        }.get()
    }

    func emptyWAL() throws(StorageError) {
        let operation = "empty the write-ahead log"
        do {
            if try handle.access(Self.emptyWAL) { return }
        } catch {
            throw StorageError(error, operation)
        }
        throw StorageError(.busy, operation, StorageError.Cause(words: "another program reads from it"))
    }

    /// Reads on the calling thread.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try handle.access(body)
    }

    /// Writes what is there already, and syncs it.
    func probe() throws(StorageError) {
        do {
            try handle.access { database in
                let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                try database.execute(sql: "PRAGMA user_version = \(version)")
            }
        } catch {
            throw StorageError(error, "write to the event log")
        }
    }

    /// A number that SQLite or a query tells.
    func number(_ sql: String) throws(StorageError) -> Int {
        do {
            return try handle.access { database in try Int.fetchOne(database, sql: sql) ?? 0 }
        } catch {
            throw StorageError(error, "look at the event log")
        }
    }

    /// Lets the database grow to so many pages; nil lifts the limit.
    func limitPages(_ pages: Int?) throws(StorageError) {
        _ = try number("PRAGMA max_page_count = \(pages ?? 0xFFFF_FFFE)")
    }

    /// Runs a transaction. When anything in it fails, or its commit, nothing of it was done.
    func transaction<Value>(
        _ operation: String, _ body: (Statements, Catalogue) throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        try access { (statements, catalogue) throws(StorageError) in
            try statements.begin.run(operation)
            do throws(StorageError) {
                try catalogue.tidy()
                let value = try body(statements, catalogue)
                try statements.commit.run(operation)
                return value
            } catch {
                catalogue.invalidate()
                // SQLite may have rolled back by itself already.
                do throws(StorageError) { try statements.rollback.run(operation) } catch {}
                throw error
            }
        }
    }

    /// Closes the file after its catalogue was brought up to date, which spares the next start the work. Closing the last
    /// connection to a file also copies the write-ahead log into it. An error in either is of no consequence:
    /// what was written stays and is read when the file is opened again.
    func close() {
        do throws(StorageError) {
            try transaction("close the event log") { (_, catalogue) throws(StorageError) in
                try catalogue.settle()
            }
        } catch {}
        prepared = nil
        try? handle.close()
    }
}

/// Counts the frames in the write-ahead log of a connection, as SQLite tells it after each commit.
private final class LogGauge {
    private(set) var frames = 0

    /// To be done after `wal_autocheckpoint` was set, which is such a hook itself. Lives longer than the connection.
    func watch(_ database: Database) {
        sqlite3_wal_hook(
            database.sqliteConnection,
            { context, _, _, frames in
                guard let context else { return SQLITE_OK }
                Unmanaged<LogGauge>.fromOpaque(context).takeUnretainedValue().frames = Int(frames)
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}
