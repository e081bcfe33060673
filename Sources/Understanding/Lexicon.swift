import Language

/// The dictionaries of an assistant, made ready for finding their phrases in normalised text.
package struct Lexicon: Sendable {
    /// What one phrase may mean.
    struct Sense: Equatable, Sendable {
        var type: Int
        var value: String
        var standing: LexiconEntry.Standing
    }

    struct Phrase: Sendable {
        var length = 0
        /// In the order of the entries; several of one type are alternatives.
        var senses: [Sense] = []
        /// Cost of the phrase as an everyday word; 0 when it is none.
        var wordCost: Int32 = 0
        /// Its last scalars are Latin or digits, so that it must not end or begin inside such a word.
        var isLatin = false
    }

    /// Types in the order of their first entry.
    package let types: [String]
    /// The type of place names; nil when there are none.
    let placeType: Int?
    let automaton: PhraseAutomaton
    let phrases: [Phrase]
    /// Names of places by sound, and the other phrases.
    let placeSounds: PhraseSounds
    let phraseSounds: PhraseSounds
    /// Stands for a place in phrases that hold one (跟我在{place}住); no text has it.
    static let gap: UInt32 = 0xE000
    /// Whether any phrase holds a place.
    let hasGaps: Bool
    /// Whether most phrases are Chinese: then English words of a text are read as Chinese ones.
    let isChinese: Bool
    /// What changes when any phrase or meaning changes.
    package let fingerprint: UInt64

    package init(_ entries: [LexiconEntry]) {
        var builder = LexiconBuilder(entries)
        isChinese = builder.phrases.count { $0.isLatin } < (builder.phrases.count + 1) / 2
        builder.addCommonWords()
        builder.automaton.finish()
        types = builder.types
        placeType = builder.types.firstIndex(of: LexiconEntry.place)
        automaton = builder.automaton
        phrases = builder.phrases
        placeSounds = PhraseSounds(builder.spoken(ofPlaces: true, placeType))
        phraseSounds = PhraseSounds(builder.spoken(ofPlaces: false, placeType))
        hasGaps = builder.hasGaps
        // What examples say in English is learnt in Chinese.
        if isChinese { builder.fingerprint.mix(EnglishWords.fingerprint) }
        fingerprint = builder.fingerprint.value
    }

    /// A phrase found in a text.
    struct Match: Equatable {
        var phrase: Int
        var range: Range<Int>
    }

    /// Every phrase in the text, nested and crossing ones too, in the order of their ends.
    func matches(in scalars: [UInt32], into found: inout [Match]) {
        found.removeAll(keepingCapacity: true)
        automaton.forEachMatch(in: scalars) { number, end in
            let phrase = phrases[number]
            let start = end - phrase.length
            if phrase.isLatin, Lexicon.cutsWord(start..<end, in: scalars) { return }
            found.append(Match(phrase: number, range: start..<end))
        }
    }

    private static func cutsWord(_ range: Range<Int>, in scalars: [UInt32]) -> Bool {
        let before = range.lowerBound > 0 ? scalars[range.lowerBound - 1] : 0
        let after = range.upperBound < scalars.count ? scalars[range.upperBound] : 0
        return joins(before, scalars[range.lowerBound]) || joins(scalars[range.upperBound - 1], after)
    }

    private static func joins(_ left: UInt32, _ right: UInt32) -> Bool {
        ScalarClass.isLatin(left) && ScalarClass.isLatin(right)
            || ScalarClass.isDigit(left) && ScalarClass.isDigit(right)
    }
}

/// Collects phrases before the automaton is closed.
private struct LexiconBuilder {
    var types: [String] = []
    var phrases: [Lexicon.Phrase] = []
    var automaton: PhraseAutomaton
    var fingerprint = Fingerprint()
    private(set) var hasGaps = false
    private var numbers: [String: Int] = [:]
    /// The type of the entry before.
    private var latest: Int?
    private var normalized = NormalizedText()
    /// Longer phrases are cut: nobody types them in full.
    private static let longest = 48

    init(_ entries: [LexiconEntry]) {
        automaton = PhraseAutomaton(
            capacity: entries.reduce(0) { $0 + $1.phrase.utf8.count / 2 + 1 } + 16_000)
        phrases.reserveCapacity(entries.count)
        for entry in entries { add(entry) }
    }

    private mutating func number(of phrase: String) -> Int? {
        Normalizer.normalize(phrase, into: &normalized)
        guard !normalized.isEmpty, normalized.count <= LexiconBuilder.longest else { return nil }
        let scalars = withGap(normalized.scalars)
        let number = automaton.add(scalars)
        if number == phrases.count {
            let isLatin = [scalars[0], scalars[scalars.count - 1]].contains { $0 < 0x80 }
            phrases.append(Lexicon.Phrase(length: scalars.count, isLatin: isLatin))
        }
        return number
    }

    /// With one scalar in the place of `{place}`; it is none that normalising leaves in a text.
    private mutating func withGap(_ scalars: [UInt32]) -> [UInt32] {
        let mark = LexiconEntry.gap.unicodeScalars.map(\.value)
        guard scalars.contains(mark[0]) else { return scalars }
        let filled = scalars.replacing(mark, with: [Lexicon.gap])
        if filled.count < scalars.count { hasGaps = true }
        return filled
    }

    /// Entries of one type stand together.
    private mutating func type(of entry: LexiconEntry) -> Int {
        if let latest, entry.type == types[latest] { return latest }
        let type = numbers[entry.type] ?? types.count
        if type == types.count {
            numbers[entry.type] = type
            types.append(entry.type)
        }
        latest = type
        return type
    }

    private mutating func add(_ entry: LexiconEntry) {
        fingerprint.mix(entry.type)
        fingerprint.mix(entry.phrase)
        fingerprint.mix(entry.value)
        fingerprint.mix(UInt64(entry.standing.rawValue))
        guard let number = number(of: entry.phrase) else { return }
        let type = self.type(of: entry)
        let sense = Lexicon.Sense(type: type, value: entry.value, standing: entry.standing)
        guard !phrases[number].senses.contains(where: { $0.type == type && $0.value == entry.value }) else {
            return
        }
        phrases[number].senses.append(sense)
    }

    /// Phrases in Han characters: those that name places, or those that mean something else.
    func spoken(ofPlaces: Bool, _ placeType: Int?) -> [(scalars: [UInt32], phrase: Int)] {
        phrases.indices.compactMap { index in
            let scalars = automaton.scalars(ofPhrase: index)
            guard !phrases[index].isLatin, !scalars.contains(Lexicon.gap),
                phrases[index].senses.contains(where: { ($0.type == placeType) == ofPlaces })
            else { return nil }
            return (scalars, index)
        }
    }

    mutating func addCommonWords() {
        for group in CommonWordsData.groups {
            for word in group.words.split(separator: " ") {
                guard let number = number(of: String(word)) else { continue }
                phrases[number].wordCost = group.cost
            }
        }
    }
}
