/// FNV-1a over eight bytes at a time: finds accidents, not attacks.
package enum Checksum {
    package static func of(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325
        bytes.withUnsafeBytes { buffer in
            var index = 0
            while index + 8 <= buffer.count {
                sum =
                    (sum ^ buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian)
                    &* 0x0100_0000_01B3
                sum ^= sum >> 29
                index += 8
            }
            while index < buffer.count {
                sum = (sum ^ UInt64(buffer[index])) &* 0x0100_0000_01B3
                index += 1
            }
        }
        return sum ^ UInt64(bytes.count)
    }
}
