#if canImport(Glibc)
    import Glibc
#endif

/// A value that one thread at a time touches, behind a lock of POSIX. Unlike that of `Mutex`, whose system calls are hidden in
/// Swift's library, the thread sanitizer sees this one, and so vouches for what is handed from thread to thread.
///
/// `@unchecked Sendable` holds because the value is touched between `lock` and `unlock` only.
package final class PosixLock<Value>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var value: Value

    package init(_ value: Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    package func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&value)
    }
}
