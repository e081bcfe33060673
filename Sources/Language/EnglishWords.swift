/// Reads English words in a Chinese text as the Chinese ones that stand for them: 我想apply一下refund is 我想申请一下退款.
///
/// The longest row of words that the table holds is taken, so that `how much` is 多少钱. What only asks for the ear (`hi`, `by the way`)
/// and what Chinese does without (`the`) is left out, unless hardly anything else is there. What could be Chinese in letters is so beside
/// other such words (`zen me`). By themselves common Chinese ones (`you`, 有) and names (IT) are no English. Words that the table does not
/// hold stay as they are.
package enum EnglishWords {
    private struct Entry {
        enum Kind { case word, interjection, particle }

        var kind: Kind
        var chinese: [UInt32]
    }

    /// Entries by hash, and the most words that one has.
    private static let table: (entries: [UInt64: Entry], longest: Int) = {
        var entries: [UInt64: Entry] = [:]
        var longest = 1
        func add(_ english: some StringProtocol, _ entry: Entry) {
            let words = english.split { $0 == " " || $0 == "-" }
            let hash = words.reduce(start) { mixed($0, $1.unicodeScalars.lazy.map(\.value)) }
            let former = entries.updateValue(entry, forKey: hash)
            precondition(former == nil, "an English word is in the table once, `\(english)` is there twice")
            longest = max(longest, words.count)
        }
        func add(_ rows: String, _ kind: Entry.Kind) {
            for row in rows.split(separator: "\n") {
                let parts = row.split(separator: ":")
                let chinese = parts[0].unicodeScalars.map(\.value)
                for english in parts[1].split(separator: ",") {
                    add(english, Entry(kind: kind, chinese: chinese))
                }
            }
        }
        add(EnglishWordsData.words, .word)
        add(EnglishWordsData.interjections, .interjection)
        for word in EnglishWordsData.particles.split(separator: " ") {
            add(word, Entry(kind: .particle, chinese: []))
        }
        return (entries, longest)
    }()

    private static let besideEnglish = Set(
        EnglishWordsData.besideEnglish.split(separator: " ").map {
            mixed(start, $0.unicodeScalars.lazy.map(\.value))
        })

    /// What changes when any word of the table changes.
    package static let fingerprint = [
        EnglishWordsData.words, EnglishWordsData.interjections, EnglishWordsData.particles,
        EnglishWordsData.besideEnglish,
    ].reduce(start) { mixed($0, $1.unicodeScalars.lazy.map(\.value)) }

    private static let start: UInt64 = 0xCBF2_9CE4_8422_2325

    private static func mixed(_ hash: UInt64, _ word: some Sequence<UInt32>) -> UInt64 {
        var hash = (hash ^ 0x20) &* 0x100_0000_01B3
        for letter in word { hash = (hash ^ UInt64(letter)) &* 0x100_0000_01B3 }
        return hash ^ hash >> 29
    }

    // MARK: Reading

    /// A word in letters.
    private struct Word {
        var range: Range<Int>
        /// Whether only a space or a hyphen divides it from the word before.
        var isJoined: Bool
    }

    /// One word, or several that the table holds together.
    private struct Piece {
        var words: Range<Int>
        var entry: Entry?
        /// Whether it is English, as far as it tells by itself.
        var isSure: Bool
    }

    /// Puts Chinese words in the place of English ones; each of their scalars stands for all of the words that it came from.
    package static func read(_ text: inout NormalizedText) {
        guard text.scalars.contains(where: ScalarClass.isLatin) else { return }
        let words = words(of: text.scalars)
        var pieces = pieces(words, text.scalars)
        spread(&pieces, words, text.scalars)
        pieces.removeAll { !$0.isSure || $0.entry == nil }
        guard !pieces.isEmpty else { return }
        replace(pieces, words, in: &text)
    }

    private static func words(of scalars: [UInt32]) -> [Word] {
        var words: [Word] = []
        var index = 0
        while index < scalars.count {
            guard ScalarClass.isWord(scalars[index]) else {
                index += 1
                continue
            }
            let first = index
            while index < scalars.count, ScalarClass.isWord(scalars[index]) || scalars[index] == 0x27 {
                index += 1
            }
            guard scalars[first..<index].allSatisfy({ ScalarClass.isLatin($0) || $0 == 0x27 }) else {
                continue
            }
            let isJoined =
                words.last.map {
                    $0.range.upperBound + 1 == first
                        && (scalars[first - 1] == 0x20 || scalars[first - 1] == 0x2D)
                } ?? false
            words.append(Word(range: first..<index, isJoined: isJoined))
        }
        return words
    }

    private static func pieces(_ words: [Word], _ scalars: [UInt32]) -> [Piece] {
        var pieces: [Piece] = []
        var first = 0
        while first < words.count {
            var piece = Piece(words: first..<first + 1, entry: nil, isSure: false)
            var hash = start
            for last in first..<min(first + table.longest, words.count) {
                guard last == first || words[last].isJoined else { break }
                let letters = scalars[words[last].range]
                if let entry = entry(hash, letters) {
                    let word = mixed(hash, letters)
                    let isSure =
                        last > first
                        || letters.count > 1 && !besideEnglish.contains(word) && !Pinyin.canRead(letters)
                    piece = Piece(words: first..<last + 1, entry: entry, isSure: isSure)
                }
                hash = mixed(hash, letters)
            }
            pieces.append(piece)
            first = piece.words.upperBound
        }
        return pieces
    }

    /// What a word means behind others, as it is or without its ending.
    private static func entry(_ before: UInt64, _ letters: ArraySlice<UInt32>) -> Entry? {
        if let entry = table.entries[mixed(before, letters)] { return entry }
        for ending in endings where letters.count >= ending.count + leastStem && letters.ends(with: ending) {
            let stem = letters.dropLast(ending.count)
            if let entry = table.entries[mixed(before, stem)] { return entry }
            // `stopped`, `queuing`, `copies`
            if ending[0] != 0x73, ending[0] != 0x27 {
                if let last = stem.last, stem.dropLast().last == last,
                    let entry = table.entries[mixed(before, stem.dropLast())]
                {
                    return entry
                }
                if let entry = table.entries[mixed(before, stem + [0x65])] { return entry }
            }
            if ending.first == 0x69 || ending.first == 0x65, stem.last == 0x69,
                let entry = table.entries[mixed(before, stem.dropLast() + [0x79])]
            {
                return entry
            }
        }
        return nil
    }

    private static let leastStem = 3
    private static let endings: [[UInt32]] = ["'s", "s", "es", "ed", "ing"].map {
        $0.unicodeScalars.map(\.value)
    }

    /// What stands beside English is English, and so is what stands by itself and is not likely to be something else.
    private static func spread(_ pieces: inout [Piece], _ words: [Word], _ scalars: [UInt32]) {
        func isJoined(_ index: Int) -> Bool {
            pieces.indices.contains(index) && words[pieces[index].words.lowerBound].isJoined
        }
        for index in pieces.indices where pieces[index].entry != nil {
            if isJoined(index), pieces[index - 1].isSure { pieces[index].isSure = true }
            guard !isJoined(index), !isJoined(index + 1) else { continue }
            let letters = scalars[words[pieces[index].words.lowerBound].range]
            if letters.count > 1, !besideEnglish.contains(mixed(start, letters)) {
                pieces[index].isSure = true
            }
        }
        for index in pieces.indices.reversed()
        where pieces[index].entry != nil && isJoined(index + 1) && pieces[index + 1].isSure {
            pieces[index].isSure = true
        }
    }

    /// As little as may be left when the rest is left out.
    private static let least = 3

    private static func replace(_ pieces: [Piece], _ words: [Word], in text: inout NormalizedText) {
        func range(_ piece: Piece) -> Range<Int> {
            words[piece.words.lowerBound].range
                .lowerBound..<words[piece.words.upperBound - 1].range.upperBound
        }
        var rest = text.scalars.count(where: ScalarClass.isMeaningful)
        for piece in pieces {
            rest -= text.scalars[range(piece)].count(where: ScalarClass.isMeaningful)
            if let entry = piece.entry, entry.kind == .word { rest += entry.chinese.count }
        }
        text.replace(
            pieces.map { piece in
                let entry = piece.entry
                let isKept = entry?.kind == .word || rest < least
                return (range(piece), isKept ? entry?.chinese ?? [] : [])
            })
    }
}

extension ArraySlice<UInt32> {
    fileprivate func ends(with ending: [UInt32]) -> Bool { suffix(ending.count).elementsEqual(ending) }
}
