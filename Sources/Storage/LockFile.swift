import Glibc

/// Keeps a second process, or a second event log in this one, off the same file. The lock goes with the
/// process, however it ends; the empty file stays.
struct LockFile: ~Copyable {
    private let descriptor: Int32

    init(beside path: String) throws(StorageError) {
        let operation = "lock the event log"
        let descriptor = open(path + ".lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError(errno: errno, operation) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(descriptor)
            if number != EWOULDBLOCK { throw StorageError(errno: number, operation) }
            throw StorageError(.locked, operation, StorageError.Cause(words: "another process has it open"))
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
