/// Puts numbers and texts into bytes, little-endian, each text and blob after its length.
struct ByteEncoder {
    private(set) var bytes: [UInt8] = []

    /// Begins anew, keeping the memory.
    mutating func reset() { bytes.removeAll(keepingCapacity: true) }

    mutating func put(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func put(_ text: String) {
        var text = text
        text.withUTF8 {
            put(UInt32($0.count))
            bytes.append(contentsOf: $0)
        }
    }

    mutating func put(_ blob: [UInt8]) { put(blob[...]) }

    mutating func put(_ blob: ArraySlice<UInt8>) {
        // From a buffer they are copied at once, from a slice byte by byte.
        blob.withUnsafeBufferPointer {
            put(UInt32($0.count))
            bytes.append(contentsOf: $0)
        }
    }

    /// Puts bytes as they are.
    mutating func put(raw blob: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: blob.bindMemory(to: UInt8.self))
    }

    /// Puts a sealed blob that holds what `content` puts.
    mutating func seal(with seal: Seal, nonce: UInt64, _ content: (inout ByteEncoder) -> Void) {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: Seal.overhead))
        content(&self)
        bytes.withUnsafeMutableBytes {
            seal.close(UnsafeMutableRawBufferPointer(rebasing: $0[start...]), nonce: nonce)
        }
    }
}

/// Takes them out again. Whatever is cut short comes out as nil.
struct ByteDecoder {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number? {
        let size = MemoryLayout<Number>.size
        guard rest.count >= size else { return nil }
        let number = rest.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(as: Number.self)) }
        rest = rest.dropFirst(size)
        return number
    }

    mutating func blob() -> [UInt8]? {
        guard let count = number(UInt32.self), rest.count >= Int(count) else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return Array(rest.prefix(Int(count)))
    }

    mutating func text() -> String? { blob().map { String(decoding: $0, as: UTF8.self) } }
}

extension UnsafeRawBufferPointer {
    /// The number that stands at a place, little-endian, as `ByteEncoder` puts it.
    func number<Number: FixedWidthInteger>(at place: Int, _: Number.Type = Number.self) -> Number {
        Number(littleEndian: loadUnaligned(fromByteOffset: place, as: Number.self))
    }
}
