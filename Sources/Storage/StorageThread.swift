import Glibc
import Synchronization

/// A thread of the event log's own, which runs one thing and ends with it.
final class StorageThread: Sendable {
    private let handle = Mutex<pthread_t?>(nil)

    /// `name`: what the thread is for, in the words of an error.
    init(_ name: String, _ body: @escaping @Sendable () -> Void) throws(StorageError) {
        let work = Unmanaged.passRetained(Work(body))
        var handle = pthread_t()
        let result = pthread_create(
            &handle, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard result == 0 else {
            work.release()
            throw StorageError(
                .noThread, "start the thread that \(name)", StorageError.Cause(errno: result))
        }
        self.handle.withLock { $0 = handle }
    }

    /// Whoever lets it go without having waited does not wait any more: what the system keeps of it must not outlast it.
    deinit { detach() }

    /// Waits for the end; once is enough. Not to be called from the thread.
    func join() {
        guard let handle = handle.withLock({ handle in handle.take() }) else { return }
        pthread_join(handle, nil)
    }

    /// Nobody waits for its end.
    func detach() {
        guard let handle = handle.withLock({ handle in handle.take() }) else { return }
        pthread_detach(handle)
    }

    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
