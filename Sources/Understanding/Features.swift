import Language

/// Numbers the kinds of features; each kind is normalised by itself, so that none drowns another.
enum FeatureBlock: Int, CaseIterable {
    /// Single characters and neighbours (or whole words of other scripts).
    case characters
    /// Rows of one to three sounds.
    case sounds
    /// Pieces of words in letters.
    case pieces
    /// Which types of entities are there.
    case entities
    /// Two characters near each other, whichever comes first: people turn a clause round, or put a word into it.
    case pairs
    /// Two neighbours but one or two, where a word of letters is among them.
    case wordPairs

    static let count = 6
}

/// Hashes of the features of one text, by block.
struct FeatureBuffer: Sendable {
    var blocks: [[UInt32]] = Array(repeating: [], count: FeatureBlock.count)
    /// The units of the text: characters, words by hash, masks.
    var units: [UInt32] = []
    var isWord: [Bool] = []
    /// The syllables of the text, 0 where there is none, between marks for its edges.
    var syllables: [UInt32] = []
    /// Scratch memory of what looks the features up.
    var counter = HashCounter()

    mutating func removeAll() {
        syllables.removeAll(keepingCapacity: true)
        for block in blocks.indices { blocks[block].removeAll(keepingCapacity: true) }
        units.removeAll(keepingCapacity: true)
        isWord.removeAll(keepingCapacity: true)
    }
}

/// Turns masked text into features.
///
/// The masked text holds normalised scalars, and `maskBase + type` where the words of an entity were.
enum FeatureExtractor {
    static let maskBase: UInt32 = 0x11_0000
    static let begin: UInt32 = 0x10_FFF0
    static let end: UInt32 = 0x10_FFF1
    /// Text beyond is not looked at: a rant's beginning says what it is about.
    private static let longest = 512

    /// - Parameter readsPinyin: whether words in letters that are pinyin count as what they sound like.
    static func extract(
        _ masked: [UInt32], entityTypes: [Int], readsPinyin: Bool, into buffer: inout FeatureBuffer
    ) {
        buffer.removeAll()
        makeUnits(masked, readsPinyin: readsPinyin, &buffer)
        addCharacters(&buffer)
        addSounds(&buffer)
        addPieces(masked, &buffer)
        addPairs(&buffer)
        for type in entityTypes {
            buffer.blocks[FeatureBlock.entities.rawValue].append(mixed(seed(.entities), UInt32(type)))
        }
    }

    // MARK: Single features

    /// The feature that one unit is.
    @inline(__always)
    static func character(_ unit: UInt32) -> UInt32 { mixed(seed(.characters), unit) }

    /// The feature that two neighbouring units are.
    @inline(__always)
    static func characters(_ left: UInt32, _ right: UInt32) -> UInt32 {
        mixed(mixed(seed(.characters), left), right)
    }

    /// The feature that three sounds in a row are.
    @inline(__always)
    static func sounds(_ first: UInt32, _ second: UInt32, _ third: UInt32) -> UInt32 {
        mixed(mixed(mixed(seed(.sounds), first), second), third)
    }

    @inline(__always)
    private static func mixed(_ hash: UInt32, _ value: UInt32) -> UInt32 {
        var mixed = (hash ^ value) &* 0x85EB_CA6B
        mixed ^= mixed >> 15
        return mixed &* 0xC2B2_AE35
    }

    @inline(__always)
    private static func seed(_ block: FeatureBlock) -> UInt32 { UInt32(block.rawValue + 1) &* 0x9E37_79B9 }

    private static func makeUnits(
        _ masked: [UInt32], readsPinyin: Bool, _ buffer: inout FeatureBuffer
    ) {
        buffer.units.append(begin)
        buffer.syllables.append(begin)
        buffer.isWord.append(false)
        forEachUnit(masked) { unit, range, isWord in
            buffer.units.append(unit)
            buffer.isWord.append(isWord)
            if !isWord {
                buffer.syllables.append(unit == 0x30 ? 0 : sound(unit))
            } else if !readsPinyin || !Pinyin.read(masked[range], into: &buffer.syllables) {
                buffer.syllables.append(0)
            }
        }
        buffer.units.append(end)
        buffer.isWord.append(false)
        buffer.syllables.append(end)
    }

    /// Calls `body` with each unit of masked text: a character, a figure that stands for all of its length, the mark of an entity, or the
    /// hash of a word in letters.
    @inline(__always)
    static func forEachUnit(
        _ masked: [UInt32], _ body: (_ unit: UInt32, _ range: Range<Int>, _ isWord: Bool) -> Void
    ) {
        var index = 0
        let count = min(masked.count, longest)
        while index < count {
            let value = masked[index]
            if value < maskBase, ScalarClass.isWord(value), !ScalarClass.isDigit(value) {
                var hash: UInt32 = 0x5000_0000
                let first = index
                while index < count, masked[index] < maskBase,
                    ScalarClass.isWord(masked[index]) || masked[index] == 0x27
                {
                    hash = mixed(hash, masked[index])
                    index += 1
                }
                body(hash | 0x8000_0000, first..<index, true)
                continue
            }
            if ScalarClass.isDigit(value) {
                body(0x30, index..<index + 1, false)
            } else if value >= maskBase || ScalarClass.isHan(value) || value > 0x2FF && !isMark(value) {
                body(value, index..<index + 1, false)
            }
            index += 1
        }
    }

    private static func isMark(_ value: UInt32) -> Bool {
        value == 0x3002 || (0x2000...0x2BFF).contains(value)
    }

    private static func addCharacters(_ buffer: inout FeatureBuffer) {
        let units = buffer.units
        let count = units.count
        let start = seed(.characters)
        var found: [UInt32] = []
        swap(&found, &buffer.blocks[FeatureBlock.characters.rawValue])
        for index in units.indices {
            let hash = mixed(start, units[index])
            if units[index] != begin, units[index] != end { found.append(hash) }
            if index + 1 < count { found.append(mixed(hash, units[index + 1])) }
        }
        swap(&found, &buffer.blocks[FeatureBlock.characters.rawValue])
    }

    /// How far apart two characters may stand, and two words.
    private static let reach = 8, wordReach = 2...3

    private static func addPairs(_ buffer: inout FeatureBuffer) {
        let units = buffer.units
        let isWord = buffer.isWord
        let start = seed(.pairs)
        var pairs: [UInt32] = []
        swap(&pairs, &buffer.blocks[FeatureBlock.pairs.rawValue])
        for index in units.indices {
            let left = units[index]
            for next in index + 1..<max(min(index + reach + 1, units.count), index + 1) {
                let right = units[next]
                if isWord[index] || isWord[next] {
                    guard wordReach.contains(next - index) else { continue }
                    buffer.blocks[FeatureBlock.wordPairs.rawValue].append(mixed(mixed(start, left), right))
                } else if left != begin || right != end {
                    // Both edges together only tell how short a text is.
                    pairs.append(mixed(mixed(start, min(left, right)), max(left, right)))
                }
            }
        }
        swap(&pairs, &buffer.blocks[FeatureBlock.pairs.rawValue])
    }

    private static func addSounds(_ buffer: inout FeatureBuffer) {
        let syllables = buffer.syllables
        let start = seed(.sounds)
        var found: [UInt32] = []
        swap(&found, &buffer.blocks[FeatureBlock.sounds.rawValue])
        for index in syllables.indices {
            var hash = start
            for length in 1...3 {
                let at = index + length - 1
                guard at < syllables.count, syllables[at] != 0 else { break }
                hash = mixed(hash, syllables[at])
                if length == 1, syllables[at] > 0xFFFF { continue }
                found.append(hash)
            }
        }
        swap(&found, &buffer.blocks[FeatureBlock.sounds.rawValue])
    }

    /// The syllable of a character; edges and masks stand for themselves.
    @inline(__always)
    static func sound(_ unit: UInt32) -> UInt32 {
        unit == begin || unit == end || unit >= maskBase ? unit : UInt32(Pinyin.fuzzy(unit))
    }

    /// Pieces of two to five letters of each word, its edges marked.
    private static func addPieces(_ masked: [UInt32], _ buffer: inout FeatureBuffer) {
        let count = min(masked.count, longest)
        var index = 0
        while index < count {
            guard masked[index] < maskBase, ScalarClass.isWord(masked[index]) else {
                index += 1
                continue
            }
            var wordEnd = index
            while wordEnd < count, masked[wordEnd] < maskBase, ScalarClass.isWord(masked[wordEnd]) {
                wordEnd += 1
            }
            addPieces(of: index..<wordEnd, masked, &buffer)
            index = wordEnd
        }
    }

    private static func addPieces(of word: Range<Int>, _ masked: [UInt32], _ buffer: inout FeatureBuffer) {
        let start = seed(.pieces)
        for from in word.lowerBound - 1...word.upperBound - 1 {
            var hash = start
            for length in 1...5 {
                let at = from + length - 1
                guard at <= word.upperBound else { break }
                let letter: UInt32 = at < word.lowerBound || at == word.upperBound ? 0x20 : masked[at]
                hash = mixed(hash, ScalarClass.isDigit(letter) ? 0x30 : letter)
                if length >= 2 { buffer.blocks[FeatureBlock.pieces.rawValue].append(hash) }
            }
        }
    }
}
