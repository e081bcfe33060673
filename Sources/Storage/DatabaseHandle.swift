import GRDB
import Synchronization

/// A connection of GRDB's that is let go where nobody waits for it.
///
/// What GRDB keeps on its queue is freed by Dispatch, on a thread that Dispatch starts. Where the system has none to give, whoever
/// lets the queue go is kept until there is one: that must be neither a start nor an end, nor the thread that writes. So a
/// thread of ours does it, and where that cannot be had either, the queue stays until the next one is let go.
final class DatabaseHandle {
    private let queue: DatabaseQueue

    init(path: String, configuration: Configuration) throws {
        queue = try DatabaseQueue(path: path, configuration: configuration)
    }

    /// By then its statements are gone.
    deinit { Self.letGo(queue) }

    /// On the calling thread; transactions are the caller's.
    func access<Value>(_ body: (Database) throws -> Value) rethrows -> Value {
        try queue.writeWithoutTransaction(body)
    }

    func read<Value>(_ body: (Database) throws -> Value) throws -> Value { try queue.read(body) }

    func close() throws { try queue.close() }

    private struct Gone: Sendable {
        var queues: [DatabaseQueue] = []
        var isFreeing = false
    }

    private static let gone = Mutex(Gone())

    private static func letGo(_ queue: DatabaseQueue) {
        try? queue.close()
        let mustStart = gone.withLock { gone -> Bool in
            gone.queues.append(queue)
            defer { gone.isFreeing = true }
            return !gone.isFreeing
        }
        guard mustStart else { return }
        do throws(StorageError) { try StorageThread("frees connections", free).detach() } catch {
            gone.withLock { $0.isFreeing = false }
        }
    }

    private static let free: @Sendable () -> Void = {
        while true {
            let queues = gone.withLock { gone -> [DatabaseQueue] in
                if gone.queues.isEmpty { gone.isFreeing = false }
                defer { gone.queues = [] }
                return gone.queues
            }
            if queues.isEmpty { return }
        }
    }
}
