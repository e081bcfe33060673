import Language

/// The terms of a text: Chinese characters one by one and in pairs, other words and numbers whole.
///
/// A pair is as good as a word for finding (two characters make most words) and needs no dictionary; single
/// characters find what a pair misses and weigh less.
struct SearchTerms {
    struct Term: Equatable {
        var key: UInt64
        /// How much it says: a pair says what a word does, a single character little.
        var weight: Float
        /// Which character or word of the text it is, counted from 0; a pair has the number of its second
        /// one.
        var position: Int
    }

    static let single: Float = 0.35
    static let pair: Float = 1

    private(set) var terms: [Term] = []
    /// Characters and words in the text.
    private(set) var count = 0
    /// For each scalar, which character or word it is of; -1 for one of none.
    private(set) var positions: [Int32]

    /// Terms of normalised scalars; what `skipped` covers, with false, divides the text like a comma.
    init(_ scalars: ArraySlice<UInt32>, kept: [Bool]? = nil) {
        terms.reserveCapacity(scalars.count * 2)
        positions = [Int32](repeating: -1, count: scalars.count)
        var previous: UInt32?
        var word: [UInt32] = []
        for index in scalars.indices {
            let scalar = scalars[index]
            let isKept = kept?[index] ?? true
            if isKept, ScalarClass.isWord(scalar) || (scalar == UInt32(UInt8(ascii: ".")) && !word.isEmpty) {
                word.append(scalar)
                positions[index - scalars.startIndex] = Int32(count)
                previous = nil
                continue
            }
            endWord(&word)
            guard isKept, ScalarClass.isHan(scalar) else {
                previous = nil
                continue
            }
            if let previous {
                terms.append(Term(key: Self.key(previous, scalar), weight: Self.pair, position: count))
            }
            terms.append(Term(key: UInt64(scalar), weight: Self.single, position: count))
            previous = scalar
            positions[index - scalars.startIndex] = Int32(count)
            count += 1
        }
        endWord(&word)
    }

    /// Whether a term is two characters rather than one or a word.
    static func isPair(_ key: UInt64) -> Bool { key >> 63 == 0 && key >> 32 != 0 }

    init(_ text: String) {
        self.init(Normalizer.normalize(text).scalars[...])
    }

    private static func key(_ first: UInt32, _ second: UInt32) -> UInt64 {
        UInt64(first) << 32 | UInt64(second)
    }

    /// Words share the space of keys with pairs: the highest bit sets them apart.
    private mutating func endWord(_ word: inout [UInt32]) {
        while word.last == UInt32(UInt8(ascii: ".")) { word.removeLast() }
        guard !word.isEmpty else { return }
        let hash = word.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0100_0000_01B3 }
        terms.append(Term(key: hash | 1 << 63, weight: Self.pair, position: count))
        count += 1
        word.removeAll(keepingCapacity: true)
    }
}
