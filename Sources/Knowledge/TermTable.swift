/// Numbers terms in the order in which they are met. Open addressing with a multiplicative hash: a general
/// dictionary hashes against attackers, which costs more than all the rest of building the index.
struct TermTable: Sendable {
    private var slots = [Int32](repeating: -1, count: 1024)
    /// The terms, by number.
    private(set) var keys: [UInt64] = []

    func number(of key: UInt64) -> Int? {
        let found = slots[slot(of: key)]
        return found < 0 ? nil : Int(found)
    }

    /// The number of a term, a new one when it is new.
    mutating func insert(_ key: UInt64) -> Int {
        let slot = slot(of: key)
        if slots[slot] >= 0 { return Int(slots[slot]) }
        slots[slot] = Int32(keys.count)
        keys.append(key)
        if keys.count * 2 > slots.count { grow() }
        return keys.count - 1
    }

    /// Where the term is, or where it would be put.
    private func slot(of key: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while slots[slot] >= 0, keys[Int(slots[slot])] != key { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 4)
        for (number, key) in keys.enumerated() { slots[slot(of: key)] = Int32(number) }
    }
}
