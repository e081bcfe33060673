import CCipher

/// The ChaCha20 stream cipher (RFC 8439, section 2.4), with a nonce of three words and a block counter from 0.
package struct ChaCha20 {
    private let key: SIMD4<UInt64>

    /// 32 bytes.
    package init(key: UnsafeRawBufferPointer) {
        precondition(key.count == 32, "a ChaCha20 key has 32 bytes")
        self.key = key.loadUnaligned(as: SIMD4<UInt64>.self)
    }

    /// Whether the OpenSSL of this machine has it; one that is bound to FIPS 140 has not.
    package static let isAvailable = withUnsafeTemporaryAllocation(byteCount: 48, alignment: 16) { bytes in
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        let key = UnsafeRawBufferPointer(rebasing: bytes[..<32])
        return ChaCha20(key: key).tryApply(
            to: UnsafeMutableRawBufferPointer(rebasing: bytes[32...]), nonce: .zero, counter: 0)
    }

    /// Encrypts or decrypts in place: the same operation.
    package func apply(to bytes: UnsafeMutableRawBufferPointer, nonce: SIMD3<UInt32>, counter: UInt32 = 0) {
        // Nothing may be written as it is for want of a cipher.
        precondition(tryApply(to: bytes, nonce: nonce, counter: counter), "OpenSSL cannot encrypt")
    }

    private func tryApply(
        to bytes: UnsafeMutableRawBufferPointer, nonce: SIMD3<UInt32>, counter: UInt32
    ) -> Bool {
        guard let target = bytes.bindMemory(to: UInt8.self).baseAddress else { return true }
        let start = SIMD4(
            counter.littleEndian, nonce.x.littleEndian, nonce.y.littleEndian, nonce.z.littleEndian)
        return withUnsafeBytes(of: key) { key in
            withUnsafeBytes(of: start) { start in
                guard let key = key.bindMemory(to: UInt8.self).baseAddress,
                    let start = start.bindMemory(to: UInt8.self).baseAddress
                else { return false }
                return ccipher_chacha20(key, start, target, bytes.count) == 1
            }
        }
    }
}
