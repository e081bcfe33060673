/// Toneless readings of Han characters, and a looser form in which what people confuse sounds alike.
package enum Pinyin {
    /// A syllable by number; 0 is none. Numbers are only good within one build.
    package typealias Syllable = UInt16

    private struct Table {
        /// Syllable of each character from U+4E00.
        var syllables = [Syllable](repeating: 0, count: 0x5200)
        /// The same, with confusable sounds merged.
        var fuzzy = [Syllable](repeating: 0, count: 0x5200)
        var spellings = [""]
        /// Merged syllables by spelling, five bits a letter.
        var bySpelling: [UInt32: Syllable] = [:]
    }

    private static let table = makeTable()

    private static func makeTable() -> Table {
        var table = Table()
        var classes: [String: Syllable] = [:]
        var spelling = ""
        var merged: Syllable = 0
        var isSpelling = false
        for scalar in PinyinData.readings.unicodeScalars {
            if scalar.isASCII {
                if !isSpelling { spelling = "" }
                spelling.unicodeScalars.append(scalar)
                isSpelling = true
                continue
            }
            if isSpelling {
                isSpelling = false
                table.spellings.append(spelling)
                let loose = loosened(spelling)
                merged = classes[loose] ?? Syllable(classes.count + 1)
                classes[loose] = merged
                table.bySpelling[key(spelling)] = merged
            }
            let index = Int(scalar.value) - 0x4E00
            guard index >= 0, index < table.syllables.count else { continue }
            table.syllables[index] = Syllable(table.spellings.count - 1)
            table.fuzzy[index] = merged
        }
        return table
    }

    /// `zh`→`z`, `ch`→`c`, `sh`→`s`, `n`→`l` at the beginning; `ang`→`an`, `eng`→`en`, `ing`→`in` at the end.
    package static func loosened(_ spelling: String) -> String {
        var letters = Array(spelling.utf8)
        if letters.count > 1, letters[1] == 0x68, [0x7A, 0x63, 0x73].contains(letters[0]) {
            letters.remove(at: 1)
        }
        if letters.count > 1, letters[0] == 0x6E { letters[0] = 0x6C }
        let n = letters.count
        if n > 2, letters[n - 1] == 0x67, letters[n - 2] == 0x6E, [0x61, 0x65, 0x69].contains(letters[n - 3])
        {
            letters.removeLast()
        }
        return String(decoding: letters, as: UTF8.self)
    }

    /// The syllable of a character; 0 when its reading isn't known.
    @inline(__always)
    package static func syllable(_ value: UInt32) -> Syllable { look(value, in: table.syllables) }

    /// The syllable with confusable sounds merged; 0 when the reading isn't known.
    @inline(__always)
    package static func fuzzy(_ value: UInt32) -> Syllable { look(value, in: table.fuzzy) }

    @inline(__always)
    private static func look(_ value: UInt32, in syllables: [Syllable]) -> Syllable {
        let index = Int(value) - 0x4E00
        return index >= 0 && index < syllables.count ? syllables[index] : 0
    }

    private static func key(_ spelling: String) -> UInt32 {
        spelling.unicodeScalars.reduce(0) { $0 << 5 | $1.value & 31 }
    }

    /// The longest syllable, in letters.
    private static let longest = 6

    /// Reads a word in letters (`beian`) as syllables, as few as possible, and adds them with confusable sounds merged.
    /// - Returns: false, and adds nothing, when the word is no pinyin.
    package static func read(_ word: ArraySlice<UInt32>, into syllables: inout [UInt32]) -> Bool {
        guard word.count > 1, word.count <= 40, word.allSatisfy(ScalarClass.isLatin) else { return false }
        // For each end, how many syllables lead to it and where the last of them begins.
        var counts = [Int](repeating: .max, count: word.count + 1)
        var starts = [Int](repeating: 0, count: word.count + 1)
        counts[0] = 0
        for start in 0..<word.count where counts[start] != .max {
            var key: UInt32 = 0
            for end in start + 1...min(start + longest, word.count) {
                key = key << 5 | word[word.startIndex + end - 1] & 31
                guard table.bySpelling[key] != nil, counts[start] + 1 < counts[end] else { continue }
                counts[end] = counts[start] + 1
                starts[end] = start
            }
        }
        guard counts[word.count] != .max else { return false }
        let first = syllables.count
        var end = word.count
        while end > 0 {
            let key = word[word.startIndex + starts[end]..<word.startIndex + end]
                .reduce(UInt32(0)) { $0 << 5 | $1 & 31 }
            syllables.append(UInt32(table.bySpelling[key] ?? 0))
            end = starts[end]
        }
        syllables[first...].reverse()
        return true
    }

    /// Whether a word in letters can be pinyin.
    package static func canRead(_ word: ArraySlice<UInt32>) -> Bool {
        var syllables: [UInt32] = []
        return read(word, into: &syllables)
    }

    /// The reading of a text in letters (`jinan`), nil when a character's isn't known.
    package static func spelling(_ text: some StringProtocol) -> String? {
        var result = ""
        for scalar in text.unicodeScalars {
            let number = syllable(scalar.value)
            guard number != 0 else { return nil }
            result += table.spellings[Int(number)]
        }
        return result
    }

    /// The characters of the same reading, for making test texts; a search through the whole table.
    package static func homophones(of value: UInt32) -> [UInt32] {
        let wanted = syllable(value)
        guard wanted != 0 else { return [] }
        return table.syllables.indices.filter { table.syllables[$0] == wanted }.map { UInt32($0) + 0x4E00 }
    }
}
