import Storage
import Testing

@Suite struct ChaCha20Tests {
    private func encrypt(_ bytes: [UInt8], key: [UInt8], nonce: SIMD3<UInt32>, counter: UInt32 = 0) -> [UInt8]
    {
        var bytes = bytes
        let cipher = key.withUnsafeBytes { ChaCha20(key: $0) }
        bytes.withUnsafeMutableBytes { cipher.apply(to: $0, nonce: nonce, counter: counter) }
        return bytes
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    @Test func `the example of RFC 8439, section 2_4_2`() {
        let text = """
            Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, \
            sunscreen would be it.
            """
        let cipher = encrypt(
            Array(text.utf8), key: Array(0..<32), nonce: SIMD3(0, 0x4a00_0000, 0), counter: 1)
        #expect(
            hex(cipher) == """
                6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0bf91b65c5524733ab8f593dabcd62\
                b3571639d624e65152ab8f530c359f0861d807ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91a\
                b77937365af90bbf74a35be6b40b8eedf2785e42874d
                """)
    }

    @Test func `blocks far in are those of another implementation`() {
        let key = (0..<32).map { UInt8(truncatingIfNeeded: $0 * 7) }
        // `openssl enc -chacha20` over a thousand zeros.
        let stream = encrypt(
            [UInt8](repeating: 0, count: 1000), key: key, nonce: SIMD3(0, 0x0506_0708, 0x0102_0304))
        #expect(hex(stream.suffix(9)) == "44811511eb5240b37f")
    }

    @Test func `every length is encrypted as the start of a longer one, and decrypts`() {
        let key = [UInt8](repeating: 9, count: 32)
        let nonce = SIMD3<UInt32>(1, 2, 3)
        let long = encrypt([UInt8](repeating: 0, count: 600), key: key, nonce: nonce)
        for length in 0...600 {
            let short = encrypt([UInt8](repeating: 0, count: length), key: key, nonce: nonce)
            #expect(short == Array(long[..<length]))
            #expect(encrypt(short, key: key, nonce: nonce).allSatisfy { $0 == 0 })
        }
    }
}
