import CCompression

/// Compression of what is sent to many, by zlib.
package enum Gzip {
    /// The gzip form (RFC 1952); empty when that would not be shorter.
    package static func compress(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bytes.count) { output, count in
            count = bytes.withUnsafeBufferPointer {
                ccompression_gzip($0.baseAddress, $0.count, output.baseAddress, output.count)
            }
        }
    }
}
