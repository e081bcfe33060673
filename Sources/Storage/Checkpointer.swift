import GRDB
import GRDBSQLite
import Synchronization

/// Copies the write-ahead log into the database beside the writer.
///
/// SQLite would do it within a commit, and the turns behind that commit wait until some megabytes are written and synced. Here
/// a connection of its own copies on a thread of its own, which holds up nobody, and then once more what came meanwhile. The
/// log begins anew only when all of it is copied and nobody writes, so the few pages that are left then are the writer's,
/// after whoever waited was answered. What fails here is tried again there, and is an error there.
///
/// Used on the writer's thread.
final class Checkpointer {
    private enum Phase: UInt8, AtomicRepresentable {
        case idle, copying, copied
    }

    /// What both threads use.
    private final class Shared: Sendable {
        let phase = Atomic(Phase.idle)
        let orders = Mailbox<Void>()
        /// Held while copying.
        let copying = Mutex(())
    }

    /// Frames of the log, each a page, with which copying begins.
    private static let frames = 2000

    private let file: DatabaseFile
    private let shared = Shared()
    private var thread: StorageThread?
    /// Copying begins when the log has so many frames.
    private var due = Checkpointer.frames
    private var lastFrames = 0

    init(_ file: DatabaseFile) { self.file = file }

    /// Looks after the log of a connection that has just committed.
    func tend(_ connection: Connection) throws(StorageError) {
        let frames = connection.walFrames
        // It began anew.
        if frames < lastFrames { due = Self.frames }
        lastFrames = frames
        switch shared.phase.load(ordering: .acquiring) {
        case .copying: return
        case .copied:
            shared.phase.store(.idle, ordering: .relaxed)
            // Should somebody still read from the log, it goes on growing; no use in copying at every commit then.
            due = frames + Self.frames
            try connection.checkpoint()
        case .idle:
            if frames < due { return }
            let isOrdered = start()
            shared.phase.store(isOrdered ? .copying : .copied, ordering: .relaxed)
            if isOrdered { _ = shared.orders.put(()) }
        }
    }

    /// Does something that must not meet a copying.
    func pausing<Value>(_ body: () throws(StorageError) -> Value) throws(StorageError) -> Value {
        try shared.copying.withLock { _ throws(StorageError) in try body() }
    }

    func close() {
        shared.orders.close()
        thread?.join()
        thread = nil
    }

    /// False when there is no thread to be had.
    private func start() -> Bool {
        if thread == nil {
            let (file, shared) = (file, shared)
            thread = try? StorageThread("copies the write-ahead log") { Self.serve(file, shared) }
        }
        return thread != nil
    }

    private static func serve(_ file: DatabaseFile, _ shared: Shared) {
        var handle: DatabaseHandle?
        while !shared.orders.take(atMost: 1).isEmpty {
            shared.copying.withLock { _ in
                do {
                    let open = try handle ?? Connection.beside(file)
                    handle = open
                    for _ in 0..<2 { try open.access(Connection.checkpoint) }
                } catch {
                    // After a failure nothing is known of a connection.
                    try? handle?.close()
                    handle = nil
                }
            }
            shared.phase.store(.copied, ordering: .releasing)
        }
        try? handle?.close()
    }
}
