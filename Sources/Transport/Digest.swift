import CLoopShim

/// Digests by OpenSSL, which libwebsockets brings along.
package enum Digest {
    /// SHA-256 (FIPS 180-4), 32 bytes.
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        bytes.withUnsafeBufferPointer { input in
            digest.withUnsafeMutableBufferPointer {
                cloop_sha256(input.baseAddress, input.count, $0.baseAddress)
            }
        }
        return digest
    }

    /// The same of a file, read piece by piece; nil when it cannot be read.
    package static func sha256(file path: String) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: 32)
        let result = digest.withUnsafeMutableBufferPointer { cloop_sha256_file(path, $0.baseAddress) }
        return result == 0 ? digest : nil
    }

    /// The bytes in hexadecimal digits, two each, as digests are written.
    package static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String(Int($0) + 256, radix: 16).dropFirst() }.joined()
    }
}
