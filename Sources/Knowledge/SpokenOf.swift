import Language

/// What of a question a text speaks of: its words are the runs of characters between those that only ask, compared by pairs of
/// neighbours. Where one character stands alone, it is enough that the text holds it.
struct SpokenOf {
    /// Characters of a question up to which every word of it matters.
    private static let short = 6

    private let words: [[UInt32]]

    init(_ scalars: [UInt32], kept: [Bool]) {
        var words: [[UInt32]] = [[]]
        for (scalar, isKept) in zip(scalars, kept) {
            if isKept, ScalarClass.isHan(scalar) || ScalarClass.isWord(scalar) {
                words[words.count - 1].append(scalar)
            } else if words.last?.isEmpty == false {
                words.append([])
            }
        }
        self.words = words.filter { !$0.isEmpty }
    }

    /// Whether it is so short that a text which leaves a word of it out speaks of something else.
    var isShort: Bool { (1...Self.short).contains(words.reduce(0) { $0 + $1.count }) }

    /// Whether a text speaks of every word.
    func isWhole(in text: [UInt32]) -> Bool { words.allSatisfy { Self.pairs(of: $0, in: text) > 0 } }

    /// How much of it a text speaks of.
    func measure(in text: [UInt32]) -> Int { words.reduce(0) { $0 + Self.pairs(of: $1, in: text) } }

    private static func pairs(of word: [UInt32], in text: [UInt32]) -> Int {
        guard word.count > 1 else { return text.contains(word[0]) ? 1 : 0 }
        let held = Set(zip(text, text.dropFirst()).map { UInt64($0) << 32 | UInt64($1) })
        return zip(word, word.dropFirst()).count { held.contains(UInt64($0) << 32 | UInt64($1)) }
    }
}
