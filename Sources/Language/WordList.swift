/// A few words to look for at one place of a text; the longest that fits is taken.
package struct WordList: Sendable {
    private let words: [[UInt32]]

    /// Words separated by spaces.
    package init(_ text: String) {
        var words = text.split(separator: " ").map { Normalizer.normalize(String($0)).scalars }
        words.sort { ($1.count, $0.first ?? 0) < ($0.count, $1.first ?? 0) }
        self.words = words
    }

    /// The length of the word that begins at `index`, nil when none does.
    package func length(at index: Int, in scalars: [UInt32]) -> Int? {
        for word in words where matches(word, at: index, in: scalars) { return word.count }
        return nil
    }

    /// The length of the word that ends before `index`, nil when none does.
    package func length(before index: Int, in scalars: [UInt32]) -> Int? {
        for word in words where matches(word, at: index - word.count, in: scalars) { return word.count }
        return nil
    }

    /// Whether one of the words lies wholly in the range.
    package func occurs(in range: Range<Int>, of scalars: [UInt32]) -> Bool {
        for index in range {
            for word in words
            where index + word.count <= range.upperBound && matches(word, at: index, in: scalars) {
                return true
            }
        }
        return false
    }

    @inline(__always)
    private func matches(_ word: [UInt32], at index: Int, in scalars: [UInt32]) -> Bool {
        guard index >= 0, index + word.count <= scalars.count else { return false }
        for offset in word.indices where scalars[index + offset] != word[offset] { return false }
        return true
    }
}
