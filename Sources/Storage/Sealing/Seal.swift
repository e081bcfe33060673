/// Makes what a conversation leaves on disk unreadable once its key is gone.
///
/// SQLite's `secure_delete` overwrites what is deleted, but not the copies that splitting and merging pages
/// leave in their unused middle: a trial with it found pieces of up to one forgotten conversation in five. So
/// every row that holds something of a conversation is sealed with a key of that conversation. Keys live in a
/// table of their own, of rows of one size in ascending order that are never deleted, so that none is ever
/// moved; to forget a conversation, its key is overwritten in place. The key stands beside the data: this is
/// about forgetting, and no defence against who takes the whole file.
///
/// A sealed blob is a nonce, a hash of the plain bytes, and the encrypted bytes. The hash also tells when the
/// disk gives back other bytes than were written.
struct Seal {
    static let keyBytes = 32
    static let overhead = 16

    private let cipher: ChaCha20
    private let hash: SipHash

    /// Nil when the key is all zeros: that of an erased conversation.
    init?(key: UnsafeRawBufferPointer) {
        guard key.count == Self.keyBytes, key.contains(where: { $0 != 0 }) else { return nil }
        let cipher = ChaCha20(key: key)
        // A key for the hash, drawn from the cipher under a nonce that no blob has.
        var words = SIMD2<UInt64>()
        withUnsafeMutableBytes(of: &words) { bytes in cipher.apply(to: bytes, nonce: SIMD3(0, 0, .max)) }
        self.cipher = cipher
        hash = SipHash(key: words)
    }

    static func makeKey(_ generator: inout some RandomNumberGenerator) -> [UInt8] {
        (0..<4).flatMap { _ in
            withUnsafeBytes(of: generator.next()) { Array($0) }
        }
    }

    /// Stands for a text of the conversation where it is looked up.
    func mark(_ text: String) -> Int64 {
        var text = text
        return text.withUTF8 { Int64(bitPattern: hash.hash(UnsafeRawBufferPointer($0))) }
    }

    /// Seals what a blob holds after the first `overhead` bytes. No two blobs of one key may have the same
    /// nonce.
    func close(_ blob: UnsafeMutableRawBufferPointer, nonce: UInt64) {
        let content = UnsafeMutableRawBufferPointer(rebasing: blob[Self.overhead...])
        blob.storeBytes(of: nonce.littleEndian, as: UInt64.self)
        blob.storeBytes(
            of: hash.hash(UnsafeRawBufferPointer(content)).littleEndian, toByteOffset: 8, as: UInt64.self)
        cipher.apply(to: content, nonce: Self.words(nonce))
    }

    /// The plain bytes; nil when they are not what was sealed.
    func open(_ blob: UnsafeRawBufferPointer) -> [UInt8]? {
        guard blob.count >= Self.overhead else { return nil }
        let nonce = UInt64(littleEndian: blob.loadUnaligned(as: UInt64.self))
        let expected = UInt64(littleEndian: blob.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        var content = Array(blob[Self.overhead...])
        let found = content.withUnsafeMutableBytes { bytes in
            cipher.apply(to: bytes, nonce: Self.words(nonce))
            return hash.hash(UnsafeRawBufferPointer(bytes))
        }
        return found == expected ? content : nil
    }

    private static func words(_ nonce: UInt64) -> SIMD3<UInt32> {
        SIMD3(UInt32(truncatingIfNeeded: nonce), UInt32(truncatingIfNeeded: nonce >> 32), 0)
    }
}
