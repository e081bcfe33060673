#if canImport(Glibc)
    import Glibc
#endif

/// What counts as one client where something is bounded by address.
package enum ClientNetwork {
    /// An IPv4 address is one client. Of an IPv6 address the first half is: whoever has one address of a network has all 2^64. An IPv4
    /// address in IPv6 clothes (`::ffff:192.0.2.1`) is the IPv4 address. Anything else stands for itself.
    package static func of(_ address: String) -> String {
        guard address.utf8.contains(UInt8(ascii: ":")) else { return address }
        var bytes = in6_addr()
        guard inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        return withUnsafeBytes(of: &bytes) { bytes in
            if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
                return bytes[12...].map { String($0) }.joined(separator: ".")
            }
            return Digest.hexadecimal(bytes[..<8]) + "/64"
        }
    }
}
