#if canImport(Glibc)
    import Glibc
#endif

/// What the process asks of the system before it serves.
package enum ProcessLimits {
    /// Descriptors kept for files: the event log and what SQLite opens with it, the dialogs at a reload, pipes.
    package static let reservedDescriptors = 40

    /// Files are for their owner alone, a crash leaves no core file with what people said, and so many sockets can be open,
    /// if the system lets us. Returns how many sockets there may be.
    package static func prepare(sockets wanted: Int) -> Int {
        umask(0o077)
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return wanted }
        let needed = rlim_t(wanted + reservedDescriptors)
        if limit.rlim_cur < needed {
            limit.rlim_cur = min(needed, limit.rlim_max)
            setrlimit(resource, &limit)
            getrlimit(resource, &limit)
        }
        return max(1, min(wanted, Int(clamping: limit.rlim_cur) - reservedDescriptors))
    }

    /// Puts something in the place of standard input, output and error where whoever started the program closed them. Else the next
    /// files and sockets would get their numbers, and what is meant for the log would go to them. Called before anything is opened.
    package static func keepStandardDescriptors() {
        for descriptor in 0...2 as ClosedRange<Int32> where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest number that is free, which is this one. Nothing can be written to it, so that lost lines are counted.
            _ = open("/dev/null", O_RDONLY)
        }
    }

    package static var isRoot: Bool { getuid() == 0 }
}
