import Conversation
import Language

/// One utterance, normalised and searched for what it names. The rest of understanding works on it.
struct Reading {
    /// A thing the utterance names, in normalised scalars.
    struct Finding {
        var type: String
        var range: Range<Int>
        var value: String
        var alternatives: [String] = []
        var certainty = Entity.Certainty.exact
        var role: String?
    }

    /// In the order of the text.
    private(set) var findings: [Finding] = []
    private let text: NormalizedText

    init(_ original: String, lexicon: Lexicon, expecting: Expectation?, _ workspace: inout Workspace) {
        Normalizer.normalize(original, into: &workspace.text)
        if lexicon.isChinese { EnglishWords.read(&workspace.text) }
        text = workspace.text
        lexicon.matches(in: workspace.text.scalars, into: &workspace.matches)
        addPlaces(lexicon, expecting, &workspace)
        PhraseFinder.find(
            wholeMatches(workspace.matches), in: text.scalars, lexicon: lexicon, into: &findings)
        PhraseFinder.findMisspelt(
            text.scalars, expecting: expecting, lexicon: lexicon, workspace.matches,
            into: &findings)
        dropNestedPlaces()
        if lexicon.hasGaps { addAroundPlaces(lexicon) }
        dropWordsOfOthers(lexicon, &workspace)
        addQuantities(expecting, &workspace)
        findings.sort {
            ($0.range.lowerBound, $1.range.upperBound) < ($1.range.lowerBound, $0.range.upperBound)
        }
    }

    // MARK: Places

    private mutating func addPlaces(
        _ lexicon: Lexicon, _ expecting: Expectation?, _ workspace: inout Workspace
    ) {
        guard lexicon.placeType != nil else { return }
        let chosen = Segmentation.places(
            workspace.matches, lexicon: lexicon, scalars: workspace.text.scalars,
            best: &workspace.best, choice: &workspace.choice)
        let isExpected = expecting?.wants(LexiconEntry.place) ?? false
        guard !chosen.isEmpty || isExpected || text.count > 3 else { return }
        let finder = PlaceFinder(lexicon: lexicon, text: text, isExpected: isExpected)
        for mention in finder.find(workspace.matches, chosen: chosen)
        where !isAcrossWord(mention.range, workspace.matches, lexicon) {
            let codes = mention.codes.map(PlaceCode.string)
            let isFuzzy = mention.isFuzzy || mention.standing == .misspelt
            findings.append(
                Finding(
                    type: LexiconEntry.place, range: mention.range, value: codes.count == 1 ? codes[0] : "",
                    alternatives: codes.count == 1 ? [] : codes,
                    certainty: isFuzzy ? .fuzzy : .exact, role: mention.role))
        }
    }

    /// Scalars of a phrase that is a word of its own wherever it stands.
    private static let longPhrase = 3

    /// Whether a name begins in the midst of a longer word and is but a part of it (单县 of 转诊单|县医院).
    private func isAcrossWord(
        _ place: Range<Int>, _ matches: [Lexicon.Match], _ lexicon: Lexicon
    ) -> Bool {
        matches.contains { match in
            match.range.count >= Reading.longPhrase && match.range.count > place.count
                && match.range.lowerBound < place.lowerBound && match.range.upperBound > place.lowerBound
                && match.range.upperBound < place.upperBound
                && !(lexicon.placeType.map(lexicon.phrases[match.phrase].names) ?? false)
        }
    }

    /// Scalars of a phrase that may stand across the end of a name by chance.
    private static let shortPhrase = 2

    /// Without short phrases that begin or end in the midst of a place's name (城居 of 聊城居民).
    private func wholeMatches(_ matches: [Lexicon.Match]) -> [Lexicon.Match] {
        let places = findings.filter { $0.type == LexiconEntry.place && $0.certainty == .exact }.map(\.range)
        guard !places.isEmpty else { return matches }
        return matches.filter { match in
            match.range.count > Reading.shortPhrase
                || !places.contains { place in
                    place.overlaps(match.range)
                        && (place.lowerBound < match.range.lowerBound
                            && place.upperBound < match.range.upperBound
                            || place.lowerBound > match.range.lowerBound
                                && place.upperBound > match.range.upperBound)
                }
        }
    }

    /// 山东 in 爱山东 is no place; at the head of a longer name (山东省立医院) it is.
    private mutating func dropNestedPlaces() {
        let others = findings.filter { $0.type != LexiconEntry.place }.map(\.range)
        findings.removeAll { finding in
            finding.type == LexiconEntry.place
                && others.contains { other in
                    other.count > finding.range.count && other.lowerBound < finding.range.lowerBound
                        && other.upperBound >= finding.range.upperBound
                }
        }
    }

    /// Adds the phrases that hold a place (跟我在北京住); shorter ones of their kind inside make way.
    private mutating func addAroundPlaces(_ lexicon: Lexicon) {
        let places = findings.filter { $0.type == LexiconEntry.place }.map(\.range)
        guard !places.isEmpty else { return }
        var scalars: [UInt32] = []
        var spans: [Range<Int>] = []
        var position = 0
        for place in places.sorted(by: { $0.lowerBound < $1.lowerBound }) where place.lowerBound >= position {
            scalars += text.scalars[position..<place.lowerBound] + [Lexicon.gap]
            spans += (position..<place.lowerBound).map { $0..<$0 + 1 } + [place]
            position = place.upperBound
        }
        scalars += text.scalars[position...]
        spans += (position..<text.count).map { $0..<$0 + 1 }
        var matches: [Lexicon.Match] = []
        lexicon.matches(in: scalars, into: &matches)
        matches.removeAll { !scalars[$0.range].contains(Lexicon.gap) }
        guard !matches.isEmpty else { return }
        var found: [Finding] = []
        PhraseFinder.find(matches, in: scalars, lexicon: lexicon, into: &found)
        for var finding in found {
            finding.range =
                spans[finding.range.lowerBound].lowerBound..<spans[finding.range.upperBound - 1].upperBound
            findings.removeAll { $0.type == finding.type && finding.range.overlaps($0.range) }
            findings.append(finding)
        }
    }

    // MARK: Words that belong to others

    /// Answers that say that something is there, or is not, and what may follow when they are the answer.
    private static let existence = WordList("有 没有 没 无")
    private static let closing = WordList("的 呢 呀 啊 吧 了 过 嘛 哦 哇 啦 我 你 他 她 是 就 都 因 自")

    private static let fillers = WordList("啥 什么 任何 那个 这个 那种 这种 啥子")

    /// 没有 answers alone (没有, 没有的, 没有我自己去的) and of what is asked (没有啥转诊单); before another word it belongs to that
    /// one (没有手机), as 有 does to 还有.
    private mutating func dropWordsOfOthers(_ lexicon: Lexicon, _ workspace: inout Workspace) {
        findings = findings.filter { finding in
            let range = finding.range
            guard Self.existence.length(at: range.lowerBound, in: text.scalars) == range.count else {
                return true
            }
            let isAddition =
                range.count == 1 && range.lowerBound > 0 && text.scalars[range.lowerBound - 1] == 0x8FD8  // 还
            return !isAddition && (isClosed(range.upperBound) || isAnswer(finding, lexicon, &workspace))
        }
    }

    private func isClosed(_ end: Int) -> Bool {
        end == text.count || text.scalars[end] == 0x20 || ScalarClass.isBreak(text.scalars[end])
            || Self.closing.length(at: end, in: text.scalars) != nil
    }

    /// Whether the word and what comes behind a filler would be a longer phrase of its type.
    private func isAnswer(_ finding: Finding, _ lexicon: Lexicon, _ workspace: inout Workspace) -> Bool {
        guard let filler = Self.fillers.length(at: finding.range.upperBound, in: text.scalars) else {
            return false
        }
        let rest = text.scalars[(finding.range.upperBound + filler)...].prefix(6)
        lexicon.matches(in: Array(text.scalars[finding.range]) + rest, into: &workspace.matches)
        return workspace.matches.contains { match in
            match.range.lowerBound == 0 && match.range.count > finding.range.count
                && lexicon.phrases[match.phrase].senses.contains { lexicon.types[$0.type] == finding.type }
        }
    }

    // MARK: Quantities

    private mutating func addQuantities(_ expecting: Expectation?, _ workspace: inout Workspace) {
        Numerals.scan(workspace.text.scalars, into: &workspace.numerals)
        Quantities.scan(workspace.text.scalars, numerals: workspace.numerals, into: &workspace.quantities)
        guard !workspace.quantities.isEmpty else { return }
        let taken = findings.map(\.range)
        let tellsCase = findings.contains { $0.type == "hospital_level" || $0.type == "scenario" }
        var context = QuantityContext(
            scalars: workspace.text.scalars, expecting: expecting, tellsCase: tellsCase,
            tellsSeveral: workspace.quantities.count(where: \.mayBeAmount) > 1)
        dropWordsInside(workspace.quantities.lazy.map(\.range))
        for quantity in workspace.quantities {
            let isTaken = taken.contains { $0.overlaps(quantity.range) && $0.count >= quantity.range.count }
            guard !isTaken, let finding = context.finding(for: quantity) else { continue }
            findings.append(finding)
        }
        multiplyDaily(workspace.text.scalars)
    }

    /// 一天一千住了20天 is a bill of twenty thousand.
    private mutating func multiplyDaily(_ scalars: [UInt32]) {
        guard
            let daily = findings.firstIndex(where: {
                $0.type == "amount" && $0.role == nil && AmountRole.isDaily($0.range, in: scalars)
            }),
            let days = findings.filter({ $0.type == "days" }).compactMap({ Int64($0.value) }).first(where: {
                $0 > 1
            }),
            let total = ExactDecimal(findings[daily].value)?.times(days)
        else { return }
        findings[daily].value = total.description
    }

    /// A word inside a number is no word: 12 of 12.5万.
    private mutating func dropWordsInside(_ quantities: some Sequence<Range<Int>>) {
        findings.removeAll { finding in
            quantities.contains {
                $0.lowerBound <= finding.range.lowerBound && $0.upperBound >= finding.range.upperBound
                    && $0.count > finding.range.count
            }
        }
    }

    // MARK: Results

    /// The findings as entities of the text as it was written.
    func entities(in original: String) -> [Entity] {
        guard !findings.isEmpty else { return [] }
        let scalars = Array(original.unicodeScalars)
        return findings.map { finding in
            let range = text.originalRange(finding.range)
            var words = String.UnicodeScalarView()
            words.append(contentsOf: scalars[range.clamped(to: scalars.indices)])
            return Entity(
                type: finding.type, text: String(words), value: finding.value, range: range,
                role: finding.role, alternatives: finding.alternatives, certainty: finding.certainty,
                isNegated: Negation.precedes(finding.range.lowerBound, in: text.scalars))
        }
    }

    /// The findings as evidence for learned slots.
    func named(_ lexicon: Lexicon) -> [SlotFeatures.Named] {
        findings.map {
            SlotFeatures.Named(type: UInt32(Reading.number(of: $0.type, lexicon)), range: $0.range)
        }
    }

    /// Puts a mark in the place of each entity of the given types, and the other words into their common form.
    func mask(_ types: [String], lexicon: Lexicon, _ workspace: inout Workspace) {
        workspace.masked.removeAll(keepingCapacity: true)
        workspace.maskedSpans.removeAll(keepingCapacity: true)
        var position = 0
        func copy(to end: Int) {
            for index in position..<end {
                workspace.masked.append(text.scalars[index])
                workspace.maskedSpans.append(index..<index + 1)
            }
        }
        for finding in findings where types.contains(finding.type) && finding.range.lowerBound >= position {
            copy(to: finding.range.lowerBound)
            workspace.masked.append(
                FeatureExtractor.maskBase + UInt32(Reading.number(of: finding.type, lexicon)))
            workspace.maskedSpans.append(finding.range)
            position = finding.range.upperBound
        }
        copy(to: text.count)
        SpokenWords.plain(
            workspace.masked, spans: workspace.maskedSpans, into: &workspace.plain, &workspace.plainSpans)
    }

    /// Adds the phrases that are there once what is mistyped is put right, where nothing was found before.
    mutating func addMended(lexicon: Lexicon, _ workspace: inout Workspace) {
        let mended = workspace.mended
        lexicon.matches(in: mended.scalars, into: &workspace.matches)
        workspace.matches.removeAll { !mended.isChanged[$0.range].contains(true) }
        guard !workspace.matches.isEmpty else { return }
        var found: [Finding] = []
        PhraseFinder.find(workspace.matches, in: mended.scalars, lexicon: lexicon, into: &found)
        let understood = findings.map(\.range)
        for var finding in found {
            let spans = mended.spans[finding.range]
            finding.range = (spans.map(\.lowerBound).min() ?? 0)..<(spans.map(\.upperBound).max() ?? 0)
            finding.certainty = .fuzzy
            if !understood.contains(where: finding.range.overlaps) { findings.append(finding) }
        }
        findings.sort {
            ($0.range.lowerBound, $1.range.upperBound) < ($1.range.lowerBound, $0.range.upperBound)
        }
    }

    /// The types of what was found, each once.
    func kinds(_ lexicon: Lexicon) -> [Int] {
        var kinds: [Int] = []
        for finding in findings {
            let kind = Reading.number(of: finding.type, lexicon)
            if !kinds.contains(kind) { kinds.append(kind) }
        }
        return kinds
    }

    /// The type of a number that `number(of:_:)` gave.
    static func type(of number: Int, _ lexicon: Lexicon) -> String {
        if number < lexicon.types.count { return lexicon.types[number] }
        let index = number - 0x800
        return QuantityContext.types.indices.contains(index) ? QuantityContext.types[index] : ""
    }

    /// Types of quantities come after those that a lexicon may have.
    private static func number(of type: String, _ lexicon: Lexicon) -> Int {
        if let number = lexicon.types.firstIndex(of: type) { return number }
        return 0x800 + (QuantityContext.types.firstIndex(of: type) ?? QuantityContext.types.count)
    }
}
