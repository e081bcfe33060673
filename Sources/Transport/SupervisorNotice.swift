#if canImport(Glibc)
    import Glibc
#endif

/// Tells the service manager that started us how we fare (sd_notify(3): datagrams to the socket in `NOTIFY_SOCKET`). Without
/// a service manager every call does nothing.
package struct SupervisorNotice: Sendable {
    private let path: String?
    /// Milliseconds between two signs of life, half of what the watchdog waits; nil when none is expected.
    package let interval: Int?

    /// `environment` is looked at once, so that children do not take our place.
    package init(environment: [String: String]) {
        path = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
        let isForUs = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        let micros = environment["WATCHDOG_USEC"].flatMap { Int($0) } ?? 0
        interval = path != nil && isForUs && micros > 0 ? max(1, micros / 2000) : nil
    }

    package func ready() { send("READY=1\nSTATUS=serving") }
    package func alive() { send("WATCHDOG=1") }
    package func stopping() { send("STOPPING=1\nSTATUS=draining") }

    /// The dialogs and the data are read again; `ready` says that this is over.
    package func reloading() { send("RELOADING=1\nMONOTONIC_USEC=\(EventLoop.now * 1000)") }

    private func send(_ text: String) {
        guard let path else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        // A leading @ stands for a name that is in no file system.
        let isAbstract = name.first == UInt8(ascii: "@")
        if isAbstract { name[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = MemoryLayout<sa_family_t>.size + name.count + (isAbstract ? 0 : 1)
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(
                    descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), $0,
                    socklen_t(length))
            }
        }
    }
}
