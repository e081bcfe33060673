/// A keyed 64-bit hash: SipHash (Aumasson and Bernstein, 2012) with one round a word and three at the end, as
/// hash tables use it. Without the key nobody can tell which text a hash is of.
package struct SipHash {
    private let key: SIMD2<UInt64>

    package init(key: SIMD2<UInt64>) { self.key = key }

    package func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var state = State(key: key)
        let whole = bytes.count & ~7
        var position = 0
        while position < whole {
            state.absorb(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)))
            position += 8
        }
        var last = UInt64(truncatingIfNeeded: bytes.count) << 56
        while position < bytes.count {
            last |= UInt64(bytes[position]) << UInt64(8 * (position & 7))
            position += 1
        }
        state.absorb(last)
        return state.finish()
    }

    private struct State {
        private var v0, v1, v2, v3: UInt64

        init(key: SIMD2<UInt64>) {
            v0 = key.x ^ 0x736f_6d65_7073_6575
            v1 = key.y ^ 0x646f_7261_6e64_6f6d
            v2 = key.x ^ 0x6c79_6765_6e65_7261
            v3 = key.y ^ 0x7465_6462_7974_6573
        }

        @inline(__always)
        mutating func absorb(_ word: UInt64) {
            v3 ^= word
            round()
            v0 ^= word
        }

        mutating func finish() -> UInt64 {
            v2 ^= 0xFF
            for _ in 0..<3 { round() }
            return v0 ^ v1 ^ v2 ^ v3
        }

        @inline(__always)
        private mutating func round() {
            v0 &+= v1
            v1 = rotate(v1, 13) ^ v0
            v0 = rotate(v0, 32)
            v2 &+= v3
            v3 = rotate(v3, 16) ^ v2
            v0 &+= v3
            v3 = rotate(v3, 21) ^ v0
            v2 &+= v1
            v1 = rotate(v1, 17) ^ v2
            v2 = rotate(v2, 32)
        }

        @inline(__always)
        private func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
            word &<< count | word &>> (64 &- count)
        }
    }
}
