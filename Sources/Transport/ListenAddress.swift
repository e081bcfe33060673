#if canImport(Glibc)
    import Glibc
#endif

/// The one address that a host name or an address stands for, to be listened on. libwebsockets takes what it does not understand
/// for an interface that may come later, or for all of them: it is only told what certainly is an address of this machine.
package struct ListenAddress: Equatable, Sendable {
    /// In digits.
    package let text: String
    package let isIPv6: Bool

    /// Of several addresses of a name the first of IPv4 is taken, else the first.
    package init(_ host: String) throws(TransportError) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard !host.isEmpty, getaddrinfo(host, nil, &hints, &list) == 0, let list else {
            throw TransportError(
                .hostUnknown,
                "there is no host `\(host)` to listen on; name an address of this machine with --host")
        }
        defer { freeaddrinfo(list) }
        let all = sequence(first: list) { $0.pointee.ai_next }
        let chosen = all.first { $0.pointee.ai_family == AF_INET } ?? list
        guard let text = Self.digits(of: chosen.pointee), Self.isOurs(chosen.pointee) else {
            throw TransportError(
                .hostUnknown,
                "`\(host)` is no address of this machine; name another with --host (127.0.0.1 for this machine "
                    + "alone, 0.0.0.0 for everybody)")
        }
        self.text = text
        isIPv6 = chosen.pointee.ai_family == AF_INET6
    }

    /// As it stands in a URL (RFC 3986, section 3.2.2); a name as it is.
    package static func inURL(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }

    /// Whether every address of IPv4, or of IPv6, is meant.
    var isAny: Bool { text == "0.0.0.0" || text == "::" }

    private static func digits(of address: addrinfo) -> String? {
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let failed = getnameinfo(
            address.ai_addr, address.ai_addrlen, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
        guard failed == 0 else { return nil }
        let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        // The zone of a link-local address is found again by the address.
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "%") }, as: UTF8.self)
    }

    /// Whether it can be bound, with any port.
    private static func isOurs(_ address: addrinfo) -> Bool {
        let descriptor = socket(address.ai_family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return bind(descriptor, address.ai_addr, address.ai_addrlen) == 0
    }
}
