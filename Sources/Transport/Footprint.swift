#if canImport(Glibc)
    import Glibc
#endif

/// How much memory the process takes, and how much it may.
package struct Footprint: Sendable {
    private let descriptor: Int32
    private let pageBytes = sysconf(Int32(_SC_PAGESIZE))

    /// Nil where the system does not tell.
    package init?() {
        descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { return nil }
    }

    /// Bytes in memory of our own, the second figure of `statm` without the third, which is shared; costs one system call.
    package var bytes: Int {
        var text = [UInt8](repeating: 0, count: 128)
        let count = pread(descriptor, &text, text.count, 0)
        guard count > 0 else { return 0 }
        let figures = text[..<count].split(separator: 0x20).prefix(3).map { figure in
            figure.reduce(0) { (0x30...0x39).contains($1) ? $0 * 10 + Int($1 - 0x30) : $0 }
        }
        guard figures.count == 3 else { return 0 }
        return (figures[1] - figures[2]) * pageBytes
    }

    /// Nine tenths of what the control group we are in may take; nil when there is no bound.
    package static var allowed: Int? {
        guard
            let place = read("/proc/self/cgroup")?.split(separator: "\n").first(where: {
                $0.hasPrefix("0::/")
            })
        else { return nil }
        // The bound may be that of any group around ours.
        var folder = String(place.dropFirst(3))
        var least: Int?
        while true {
            let path = "/sys/fs/cgroup" + (folder == "/" ? "" : folder) + "/memory.max"
            if let bound = read(path).flatMap({ Int($0.filter(\.isNumber)) }) {
                least = min(least ?? bound, bound)
            }
            guard folder != "/", let slash = folder.lastIndex(of: "/") else { break }
            folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
        }
        return least.map { $0 / 10 * 9 }
    }

    private static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
