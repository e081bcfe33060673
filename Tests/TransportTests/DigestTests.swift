import Testing
import Transport

@Suite struct DigestTests {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String(Int($0) + 256, radix: 16).dropFirst() }.joined()
    }

    /// RFC 4231, sections 4.2, 4.3 and 4.7.
    @Test func `HMAC gives the known answers`() {
        #expect(
            hex(Digest.hmacSHA256(key: [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8)))
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        #expect(
            hex(Digest.hmacSHA256(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8)))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            hex(
                Digest.hmacSHA256(
                    key: [UInt8](repeating: 0xAA, count: 131),
                    Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)))
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    @Test func `two digests match when every byte does`() {
        #expect(Digest.matches([1, 2, 3], [1, 2, 3]))
        #expect(!Digest.matches([1, 2, 3], [1, 2, 4]))
        #expect(!Digest.matches([1, 2, 3], [1, 2]))
    }
}
