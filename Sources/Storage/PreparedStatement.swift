import GRDB
import GRDBSQLite

/// A statement that is prepared once and run many times, bound and stepped through SQLite's own calls: GRDB's
/// would copy every blob into a `Data` and every row into values.
///
/// Blobs are bound without a copy, so whoever binds one keeps the bytes in place until `reset`. Used on the
/// writer's thread, within an access to the database.
struct PreparedStatement {
    private let statement: Statement
    private let handle: OpaquePointer

    init(_ sql: String, in database: Database) throws {
        statement = try database.makeStatement(sql: sql)
        handle = statement.sqliteStatement
    }

    func bind(_ number: Int64, at index: Int32) { sqlite3_bind_int64(handle, index, number) }
    func bind(_ number: Int, at index: Int32) { sqlite3_bind_int64(handle, index, Int64(number)) }

    func bind(_ bytes: UnsafeRawBufferPointer, at index: Int32) {
        sqlite3_bind_blob64(handle, index, bytes.baseAddress, sqlite3_uint64(bytes.count), nil)
    }

    /// True when there is a row.
    func step(_ operation: @autoclosure () -> String) throws(StorageError) -> Bool {
        let result = sqlite3_step(handle)
        if result == SQLITE_ROW { return true }
        if result == SQLITE_DONE { return false }
        let connection = sqlite3_db_handle(handle)
        let error = StorageError(
            sqlite: sqlite3_extended_errcode(connection),
            words: String(cString: sqlite3_errmsg(connection)), operation())
        reset()
        throw error
    }

    /// Runs a statement that has no rows.
    func run(_ operation: @autoclosure () -> String) throws(StorageError) {
        _ = try step(operation())
        reset()
    }

    /// Rows that the last statement changed.
    var changes: Int32 { sqlite3_changes(sqlite3_db_handle(handle)) }
    /// The number of the row that was inserted last.
    var lastRow: Int64 { sqlite3_last_insert_rowid(sqlite3_db_handle(handle)) }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    /// The bytes of a column, until the next step or reset.
    func blob(_ column: Int32) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: sqlite3_column_blob(handle, column),
            count: Int(sqlite3_column_bytes(handle, column)))
    }

    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }
}
