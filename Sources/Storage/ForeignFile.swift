import GRDB

/// Looks at a file before anything in it is changed: whether it is an event log at all.
enum ForeignFile {
    /// What every schema has.
    private static let tables: Set = ["keys", "conversations", "snapshots"]

    /// Throws when the file is no database, another application's, or of a later release; leaves it as it is.
    static func check(_ path: String, busyTimeout: Double) throws(StorageError) {
        let operation = "open the event log"
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(busyTimeout)
        do {
            let handle = try DatabaseHandle(path: path, configuration: configuration)
            defer { try? handle.close() }
            try handle.read { database in
                let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                try Migration.expectKnown(version)
                let names = Set(
                    try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'"))
                guard version == 0 ? names.isEmpty : tables.isSubset(of: names) else {
                    let words = "the file belongs to another program"
                    throw StorageError(.foreign, operation, StorageError.Cause(words: words))
                }
            }
        } catch {
            throw StorageError(error, operation)
        }
    }
}
