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
        // A name may have addresses of both kinds, of which only one is listened on.
        for address in sequence(first: list, next: { $0.pointee.ai_next }) {
            if let connected = Self.connect(to: address.pointee, timeout: seconds) {
                descriptor = connected
                return
            }
        }
        throw TransportError(.connectFailed, "nobody listens at \(ListenAddress.inURL(host)):\(port)")
    }

    deinit { close() }

    private static func connect(to address: addrinfo, timeout seconds: Int) -> Int32? {
        let descriptor = socket(address.ai_family, address.ai_socktype, address.ai_protocol)
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var now: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &now, socklen_t(MemoryLayout<Int32>.size))
        guard Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 else {
            if descriptor >= 0 { Glibc.close(descriptor) }
            return nil
        }
        return descriptor
    }

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
        guard let (name, digits) = Self.authority(parts[2]), !name.isEmpty else { return nil }
        host = String(name)
        guard let number = digits.map({ Int($0) }) ?? 80 else { return nil }
        port = number
        path = parts.count > 3 ? "/" + parts[3] : "/"
    }

    /// Host and port, as they stand in a URL and in a request.
    package var authority: String { "\(ListenAddress.inURL(host)):\(port)" }

    /// The host, and behind it the port where one is named. An address of IPv6 stands in brackets.
    private static func authority(_ text: Substring) -> (name: Substring, port: Substring?)? {
        guard text.first == "[" else {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            return parts.count > 2 ? nil : (parts[0], parts.count == 2 ? parts[1] : nil)
        }
        guard let end = text.firstIndex(of: "]") else { return nil }
        let name = text[..<end].dropFirst(), rest = text[text.index(after: end)...]
        if rest.isEmpty { return (name, nil) }
        return rest.first == ":" ? (name, rest.dropFirst()) : nil
    }
}
