/// Numbers texts in the order in which they are met, by their bytes: a dictionary of strings would have to take account of
/// the ways in which Unicode can write one character, which costs more than reading the text.
package struct TextTable: Sendable {
    private var slots = [Int32](repeating: -1, count: 256)
    private var hashes: [UInt64] = []
    private var lengths: [Int32] = []
    package private(set) var texts: [String] = []

    package init() {}

    package var count: Int { texts.count }

    /// The number of a text; nil when it was not met.
    package func number(of bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        let found = slots[slot(of: bytes, Self.hash(bytes))]
        return found < 0 ? nil : Int(found)
    }

    /// The number of a text, a new one when it is new.
    package mutating func insert(_ text: String) -> Int {
        var bytes = text
        let (slot, hash, length) = bytes.withUTF8 { bytes -> (Int, UInt64, Int) in
            let hash = Self.hash(bytes)
            return (self.slot(of: bytes, hash), hash, bytes.count)
        }
        if slots[slot] >= 0 { return Int(slots[slot]) }
        slots[slot] = Int32(texts.count)
        hashes.append(hash)
        lengths.append(Int32(length))
        texts.append(text)
        if texts.count * 2 > slots.count { grow() }
        return texts.count - 1
    }

    /// Where the text is, or where it would be put.
    private func slot(of bytes: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash >> 32) & mask
        while slots[slot] >= 0, !holds(Int(slots[slot]), bytes, hash) { slot = (slot + 1) & mask }
        return slot
    }

    private func holds(_ number: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Bool {
        guard hashes[number] == hash, Int(lengths[number]) == bytes.count else { return false }
        var text = texts[number]
        return text.withUTF8 { $0.elementsEqual(bytes) }
    }

    /// Eight bytes at a time.
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        let raw = UnsafeRawBufferPointer(bytes)
        var hash = UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15
        var offset = 0
        while offset + 8 <= raw.count {
            hash =
                (hash ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0x9FB2_1C65_1E98_DF25
            hash ^= hash >> 29
            offset += 8
        }
        while offset < raw.count {
            hash = (hash ^ UInt64(raw[offset])) &* 0x0100_0000_01B3
            offset += 1
        }
        hash = (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
        return hash ^ hash >> 29
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 4)
        let mask = slots.count - 1
        for (number, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash >> 32) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(number)
        }
    }
}
