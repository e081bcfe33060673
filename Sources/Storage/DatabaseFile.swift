import Glibc

/// The file of the database before SQLite opens it: there, ours alone to read, and as long as it says it is.
struct DatabaseFile {
    let path: String

    /// Makes the folder and the file where they are missing. Only the owner reads what people told us: SQLite
    /// gives its other files the mode of this one.
    func prepare() throws(StorageError) {
        let folder = path.lastIndex(of: "/").map { path[..<$0] } ?? ""
        if !folder.isEmpty { try makeFolder(String(folder)) }
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw StorageError(errno: EISDIR, "open the event log")
        }
        let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError(errno: errno, "open the event log") }
        defer { close(descriptor) }
        try checkLength(descriptor)
        guard fchmod(descriptor, 0o600) == 0 else {
            throw StorageError(errno: errno, "make the event log private")
        }
    }

    /// Looks at a file that is there before anything about it is changed: whether it is whole, and an event log at all.
    func inspect(busyTimeout: Double) throws(StorageError) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        try checkLength(descriptor)
        try ForeignFile.check(path, busyTimeout: busyTimeout)
    }

    private func makeFolder(_ folder: String) throws(StorageError) {
        var status = stat()
        if stat(folder, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR { return }
            throw StorageError(errno: ENOTDIR, "make the folder of the event log")
        }
        if let parent = folder.lastIndex(of: "/"), parent != folder.startIndex {
            try makeFolder(String(folder[..<parent]))
        }
        if mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw StorageError(errno: errno, "make the folder of the event log")
        }
    }

    /// A file that was cut would otherwise show only when its last page is wanted. The header (SQLite file
    /// format, section 1.3) has the page size at 16 and, when the change counters at 24 and 92 agree, the
    /// pages at 28.
    private func checkLength(_ descriptor: Int32) throws(StorageError) {
        if walBytes > 0 { return }
        var header = [UInt8](repeating: 0, count: 100)
        guard pread(descriptor, &header, 100, 0) == 100, header[24..<28] == header[92..<96] else { return }
        func number(at offset: Int, _ bytes: Int) -> Int {
            header[offset..<offset + bytes].reduce(0) { $0 << 8 | Int($1) }
        }
        let pageSize = number(at: 16, 2) == 1 ? 65_536 : number(at: 16, 2)
        guard bytes < number(at: 28, 4) * pageSize else { return }
        throw StorageError(
            .corrupt, "open the event log", StorageError.Cause(words: "the file was cut short"))
    }

    var bytes: Int { size(of: path) }
    var walBytes: Int { size(of: path + "-wal") }

    private func size(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
