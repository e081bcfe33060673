#if canImport(Glibc)
    import Glibc
#endif

/// A blocking TCP connection for clients: the terminal, scripted conversations and tests.
final class ClientSocket {
    private var descriptor: Int32

    init(host: String, port: Int, timeout seconds: Int) throws(TransportError) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &list) == 0, let list else {
            throw TransportError(.connectFailed, "there is no host `\(host)`")
        }
        defer { freeaddrinfo(list) }
        descriptor = socket(list.pointee.ai_family, list.pointee.ai_socktype, list.pointee.ai_protocol)
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var now: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &now, socklen_t(MemoryLayout<Int32>.size))
        guard connect(descriptor, list.pointee.ai_addr, list.pointee.ai_addrlen) == 0 else {
            throw TransportError(.connectFailed, "nobody listens at \(host):\(port)")
        }
    }

    deinit { close() }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    func write(_ bytes: [UInt8]) throws(TransportError) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw TransportError(.closed, "the connection was closed") }
            sent += count
        }
    }

    /// What has come, at least one byte; empty at the end.
    func read() throws(TransportError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = buffer.withUnsafeMutableBytes { Glibc.recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else { throw TransportError(errno == EAGAIN ? .timeout : .closed, "no answer came") }
        return Array(buffer[..<count])
    }
}

/// `scheme://host:port/path`.
package struct ClientAddress: Equatable, Sendable {
    package var scheme: String
    package var host: String
    package var port: Int
    package var path: String

    /// Nil for anything else; TLS is not spoken by these clients.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[1].isEmpty, parts[0] == "ws:" || parts[0] == "http:" else { return nil }
        scheme = String(parts[0].dropLast())
        let authority = parts[2].split(separator: ":", omittingEmptySubsequences: false)
        guard let name = authority.first, !name.isEmpty, authority.count <= 2 else { return nil }
        host = String(name)
        guard let number = authority.count == 2 ? Int(authority[1]) : 80 else { return nil }
        port = number
        path = parts.count > 3 ? "/" + parts[3] : "/"
    }
}
