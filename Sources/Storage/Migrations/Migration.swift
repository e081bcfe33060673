import GRDB

/// One step of the schema's history, from the version before it to its own. Steps only go forward, and one
/// that shipped is never edited: the next change is the next number.
struct Migration: Sendable {
    let number: Int
    let apply: @Sendable (Database) throws -> Void

    /// All of them, in order; the number of the last is the version of the schema.
    static let all: [Migration] = [.eventLog, .catalogue, .batches]

    /// Throws for a schema that a later release made.
    static func expectKnown(_ version: Int) throws(StorageError) {
        if (0...all.count).contains(version) { return }
        let words = "the file has schema \(version), this program knows schemas up to \(all.count)"
        throw StorageError(.schemaTooNew, "open the event log", StorageError.Cause(words: words))
    }

    /// Brings the database up to a version, each step in a transaction of its own, so that a process killed
    /// in between leaves one version or the next.
    static func migrate(_ database: Database, upTo version: Int = all.count) throws {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        try expectKnown(found)
        for migration in all where migration.number > found && migration.number <= version {
            try database.inTransaction(.immediate) {
                try migration.apply(database)
                try database.execute(sql: "PRAGMA user_version = \(migration.number)")
                return .commit
            }
        }
    }
}
