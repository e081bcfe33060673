import Storage
import Testing

@Suite struct SipHashTests {
    private func hash(_ bytes: [UInt8], key: SIMD2<UInt64> = .zero) -> UInt64 {
        bytes.withUnsafeBytes { SipHash(key: key).hash($0) }
    }

    // CPython 3.11 hashes bytes with SipHash-1-3, under a key of zeros when `PYTHONHASHSEED` is 0.
    @Test(
        arguments: [
            (Array("a".utf8), 4_644_417_185_603_328_019), (Array("abcdefg".utf8), 7_904_145_750_247_929_094),
            (Array("abcdefgh".utf8), 4_574_395_652_268_504_554), (Array(0..<63), 4_061_470_857_350_050_649),
            (Array("聊城".utf8), 13_167_783_392_265_721_833),
        ] as [([UInt8], UInt64)])
    func `a hash is that of another implementation`(bytes: [UInt8], expected: UInt64) {
        #expect(hash(bytes) == expected)
    }

    @Test func `the key and every byte count`() {
        let bytes = [UInt8](0..<21)
        let plain = hash(bytes)
        #expect(hash(bytes, key: SIMD2(1, 0)) != plain)
        #expect(hash(bytes, key: SIMD2(0, 1)) != plain)
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 1
            #expect(hash(other) != plain)
        }
        #expect(hash(bytes + [0]) != plain)
    }
}
