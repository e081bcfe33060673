/// Values that slots took in training, to be found again in other texts.
///
/// A value counts for the text it comes from only if another text has it too; otherwise training would believe in the
/// list more than a new text deserves.
package struct SlotNames: Equatable, Sendable {
    /// Tokens of the longest value kept.
    static let longest = 8

    /// Ascending; a hash occurs once for each type.
    let hashes: [UInt32]
    let types: [UInt16]
    /// How many times the value took the type.
    let counts: [UInt16]
    private let index: [Int32]

    /// One occurrence in a text: tokens and type.
    package struct Match: Equatable {
        package var type: UInt16
        package var range: Range<Int>

        package init(type: UInt16, range: Range<Int>) {
            self.type = type
            self.range = range
        }
    }

    init(hashes: [UInt32], types: [UInt16], counts: [UInt16]) {
        self.hashes = hashes
        self.types = types
        self.counts = counts
        var size = 16
        while size < hashes.count * 2 { size *= 2 }
        var index = [Int32](repeating: -1, count: size)
        for (number, hash) in hashes.enumerated() where number == 0 || hashes[number - 1] != hash {
            var slot = SlotNames.slot(hash, size)
            while index[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            index[slot] = Int32(number)
        }
        self.index = index
    }

    /// From the values met in training; those of one type in one text count once.
    package init(values: [(hash: UInt32, type: UInt16)]) {
        let order = values.sorted { ($0.hash, $0.type) < ($1.hash, $1.type) }
        var hashes: [UInt32] = []
        var types: [UInt16] = []
        var counts: [UInt16] = []
        for value in order {
            if value.hash == hashes.last, value.type == types.last {
                counts[counts.count - 1] = min(counts[counts.count - 1], .max - 1) + 1
            } else {
                hashes.append(value.hash)
                types.append(value.type)
                counts.append(1)
            }
        }
        self.init(hashes: hashes, types: types, counts: counts)
    }

    @inline(__always)
    private static func slot(_ hash: UInt32, _ size: Int) -> Int {
        Int((hash &* 0x9E37_79B1) >> 7) & (size - 1)
    }

    package static func hash(_ tokens: ArraySlice<SlotToken>) -> UInt32 {
        tokens.reduce(0x7A3E_0001) { FeatureHash.mix($0, $1.exact) }
    }

    /// Finds values; of each type those that begin first, and of these the longest.
    /// - Parameter own: values that the text itself contributed.
    package func find(
        in tokens: [SlotToken], without own: [(hash: UInt32, type: UInt16)], into found: inout [Match]
    ) {
        found.removeAll(keepingCapacity: true)
        guard !hashes.isEmpty else { return }
        for start in tokens.indices {
            var hash: UInt32 = 0x7A3E_0001
            let first = found.count
            for end in start..<min(start + SlotNames.longest, tokens.count) {
                hash = FeatureHash.mix(hash, tokens[end].exact)
                var number = lookUp(hash)
                while number >= 0, number < hashes.count, hashes[number] == hash {
                    let type = types[number]
                    let isOwn =
                        !own.isEmpty && counts[number] < 2
                        && own.contains { $0.hash == hash && $0.type == type }
                    if !isOwn { add(Match(type: type, range: start..<end + 1), from: first, to: &found) }
                    number += 1
                }
            }
        }
    }

    private func add(_ match: Match, from first: Int, to found: inout [Match]) {
        for index in stride(from: found.count - 1, through: 0, by: -1) where found[index].type == match.type {
            if index >= first {
                found[index] = match
                return
            }
            if found[index].range.upperBound > match.range.lowerBound { return }
            break
        }
        found.append(match)
    }

    private func lookUp(_ hash: UInt32) -> Int {
        var slot = SlotNames.slot(hash, index.count)
        while index[slot] >= 0 {
            if hashes[Int(index[slot])] == hash { return Int(index[slot]) }
            slot = (slot + 1) & (index.count - 1)
        }
        return -1
    }
}
