import GRDB

/// Another program with the same database: a connection of its own, with transactions that stay open.
struct OtherProgram {
    private let queue: DatabaseQueue

    init(_ path: String) throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        queue = try DatabaseQueue(path: path, configuration: configuration)
    }

    func execute(_ sql: String) throws {
        try queue.writeWithoutTransaction { database in try database.execute(sql: sql) }
    }

    /// Ends what is open.
    func close() throws {
        try execute("ROLLBACK")
        try queue.close()
    }
}
