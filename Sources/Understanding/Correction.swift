import Language

/// Reads a mistyped text as the likeliest one that could have been meant.
///
/// A noisy channel: what characters follow one another is known from training, through the vocabulary itself, and each kind of slip has a
/// price. Other characters of the same sound or of a like shape, words in letters that are pinyin (even where training holds the word in letters), and neighbours the wrong way round are put
/// right together, along the cheapest path through all readings (Viterbi, 1967). A text whose neighbours were all met in training is not
/// looked at further, and a character that training knows is only given up for much likelier neighbours on both sides.
struct Correction: Sendable {
    /// A character that may have been meant.
    private struct Candidate {
        var unit: UInt32
        /// Its sound before confusable ones are merged.
        var sound: Pinyin.Syllable
        /// What it costs where its neighbours tell nothing.
        var alone: Float
    }

    /// What is mended, and where each scalar of it comes from.
    struct Mended: Sendable {
        var scalars: [UInt32] = []
        /// In scalars of the text before its words were put into their common form.
        var spans: [Range<Int>] = []
        var isChanged: [Bool] = []

        /// The share of it that was changed, 0…1.
        var changedShare: Float {
            isChanged.isEmpty ? 0 : Float(isChanged.count { $0 }) / Float(isChanged.count)
        }

        mutating func removeAll() {
            scalars.removeAll(keepingCapacity: true)
            spans.removeAll(keepingCapacity: true)
            isChanged.removeAll(keepingCapacity: true)
        }

        mutating func append(_ scalar: UInt32, from span: Range<Int>, isChanged changed: Bool) {
            scalars.append(scalar)
            spans.append(span)
            isChanged.append(changed)
        }
    }

    private let vocabulary: Vocabulary
    /// For each merged syllable, the characters of training that sound so.
    private let bySound: [[Candidate]]
    /// For each character, those of training that look like it.
    private let byShape: [UInt32: [Candidate]]
    /// Logarithm of how many characters training holds.
    private let total: Float

    // Prices in nats. Chosen on texts spoilt by each kind of slip and on clean ones; twice or half as much changes little.
    private static let sameSound: Float = 3
    private static let likeSound: Float = 6
    private static let likeShape: Float = 3
    private static let swap: Float = 7
    /// Giving up a character that training knows.
    private static let known: Float = 8
    /// A character that training has not met: so cheap that it only makes way where the neighbours of another speak for that one.
    private static let unknown: Float = 6
    /// Neighbours that training has not met.
    private static let unseen: Float = 3

    /// Nil when training holds no Han characters.
    init?(_ vocabulary: Vocabulary) {
        var bySound: [[Candidate]] = []
        var sum = 0.0
        for unit in UInt32(0x4E00)..<0xA000 {
            let sound = Int(Pinyin.fuzzy(unit))
            let group = sound == 0 ? -1 : vocabulary.group(of: FeatureExtractor.character(unit))
            guard group >= 0 else { continue }
            let count = vocabulary.unknownIdf - vocabulary.idfs[Int(group)]
            sum += ExactMath.exp(Double(count)) - 1
            while bySound.count <= sound { bySound.append([]) }
            bySound[sound].append(Candidate(unit: unit, sound: Pinyin.syllable(unit), alone: -count))
        }
        guard sum > 0 else { return nil }
        let total = Float(ExactMath.log(sum))
        self.vocabulary = vocabulary
        self.total = total
        self.bySound = bySound.map { candidates in
            candidates.map { Candidate(unit: $0.unit, sound: $0.sound, alone: total + $0.alone) }
        }
        let known = Dictionary(
            self.bySound.joined().map { ($0.unit, $0) }, uniquingKeysWith: { first, _ in first })
        byShape = Dictionary(
            uniqueKeysWithValues: Lookalikes.of.compactMap { character, others in
                let candidates = others.compactMap { known[$0.value] }
                return candidates.isEmpty ? nil : (character.value, candidates)
            })
    }

    // MARK: What training knows

    private func isKnown(_ unit: UInt32) -> Bool {
        vocabulary.group(of: FeatureExtractor.character(unit)) >= 0
    }

    private func isSeen(_ left: UInt32, _ right: UInt32) -> Bool {
        vocabulary.group(of: FeatureExtractor.characters(left, right)) >= 0
    }

    /// What a unit costs where its neighbours tell nothing.
    private func alone(_ unit: UInt32) -> Float {
        let group = vocabulary.group(of: FeatureExtractor.character(unit))
        return group < 0 ? Correction.unknown : total - vocabulary.unknownIdf + vocabulary.idfs[Int(group)]
    }

    /// How rare a unit is, as behind which another is looked for.
    private func rarity(_ unit: UInt32) -> Float {
        if unit == FeatureExtractor.begin { return 1 }
        let group = vocabulary.group(of: FeatureExtractor.character(unit))
        return group < 0 ? vocabulary.unknownIdf : vocabulary.idfs[Int(group)]
    }

    /// What a unit costs behind another: the logarithm of how seldom it was met there.
    @inline(__always)
    private func cost(_ left: UInt32, _ rarity: Float, _ right: UInt32, _ alone: Float) -> Float {
        let group = vocabulary.group(of: FeatureExtractor.characters(left, right))
        return group < 0 ? Correction.unseen + alone : max(vocabulary.idfs[Int(group)] - rarity, 0.05)
    }

    // MARK: Readings

    /// A unit of the text, or a syllable of a word in letters that is pinyin.
    fileprivate struct Token {
        var range: Range<Int>
        var unit: UInt32
        /// Of a word in letters; 0 for others.
        var syllable: Int
        /// At the last syllable of a word that training knows in letters, too: the token of its first; -1 elsewhere.
        var wholeFrom = -1
        /// Whether it, or a neighbour beside it, is unheard of.
        var isOpen = false

        func touches(_ next: Token) -> Bool {
            syllable == 0 && next.syllable == 0 && range.upperBound == next.range.lowerBound
                && ScalarClass.isHan(unit) && ScalarClass.isHan(next.unit)
        }
    }

    /// A reading of the text up to a token.
    fileprivate struct State {
        var unit: UInt32
        var rarity: Float
        var cost: Float
        var back: Int32
        var token: Int32
        /// The unit before it when the two change places; 0 when they do not.
        var swapped: UInt32 = 0
    }

    /// Scratch memory.
    struct Scratch: Sendable {
        fileprivate var tokens: [Token] = []
        fileprivate var states: [State] = []
        /// The readings of each token.
        fileprivate var readings: [Range<Int>] = []
        fileprivate var path: [Int32] = []
        fileprivate var syllables: [UInt32] = []
    }

    /// - Parameters:
    ///   - scalars: a text in its common form, marks in the place of entities.
    ///   - spans: where each scalar comes from.
    /// - Returns: whether another reading than the text as it stands is the likeliest; only then `mended` holds anything.
    func mend(
        _ scalars: [UInt32], spans: [Range<Int>], into mended: inout Mended, _ scratch: inout Scratch
    ) -> Bool {
        mended.removeAll()
        guard split(scalars, &scratch) else { return false }
        scratch.states.removeAll(keepingCapacity: true)
        scratch.states.append(
            State(unit: FeatureExtractor.begin, rarity: 1, cost: 0, back: -1, token: -1))
        scratch.readings.removeAll(keepingCapacity: true)
        var last = 0..<1
        for index in scratch.tokens.indices {
            let first = scratch.states.count
            addReadings(of: index, behind: last, &scratch)
            let token = scratch.tokens[index]
            if index > 0, token.isOpen, scratch.tokens[index - 1].touches(token) {
                addSwap(at: index, behind: index > 1 ? scratch.readings[index - 2] : 0..<1, &scratch)
            }
            if token.wholeFrom >= 0 {
                let behind = token.wholeFrom > 0 ? scratch.readings[token.wholeFrom - 1] : 0..<1
                let word = Candidate(unit: token.unit, sound: 0, alone: alone(token.unit))
                add(word, price: 0, token: index, behind: behind, &scratch.states)
            }
            last = first..<scratch.states.count
            scratch.readings.append(last)
        }
        let end = Candidate(unit: FeatureExtractor.end, sound: 0, alone: total + 1)
        add(end, price: 0, token: scratch.tokens.count, behind: last, &scratch.states)
        return trace(scalars, spans, into: &mended, &scratch)
    }

    /// Splits the text and tells whether anything in it is unheard of.
    private func split(_ scalars: [UInt32], _ scratch: inout Scratch) -> Bool {
        scratch.tokens.removeAll(keepingCapacity: true)
        var isSuspicious = false
        FeatureExtractor.forEachUnit(scalars) { unit, range, isWord in
            if isWord {
                scratch.syllables.removeAll(keepingCapacity: true)
                let isPinyin =
                    Pinyin.read(scalars[range], into: &scratch.syllables)
                    && scratch.syllables.allSatisfy {
                        Int($0) < bySound.count && !bySound[Int($0)].isEmpty
                    }
                if isPinyin {
                    isSuspicious = true
                    let first = scratch.tokens.count
                    for syllable in scratch.syllables {
                        scratch.tokens.append(Token(range: range, unit: unit, syllable: Int(syllable)))
                    }
                    if isKnown(unit) { scratch.tokens[scratch.tokens.count - 1].wholeFrom = first }
                    return
                }
            }
            let last = scratch.tokens.last
            let isOpen =
                last?.syllable ?? 0 != 0 || !isSeen(last?.unit ?? FeatureExtractor.begin, unit)
            if isOpen {
                isSuspicious = true
                if last != nil { scratch.tokens[scratch.tokens.count - 1].isOpen = true }
            }
            scratch.tokens.append(Token(range: range, unit: unit, syllable: 0, isOpen: isOpen))
        }
        return isSuspicious
    }

    private func addReadings(of index: Int, behind last: Range<Int>, _ scratch: inout Scratch) {
        let token = scratch.tokens[index]
        guard token.syllable == 0 else {
            for candidate in bySound[token.syllable] {
                add(candidate, price: 0, token: index, behind: last, &scratch.states)
            }
            return
        }
        let own = Candidate(unit: token.unit, sound: 0, alone: alone(token.unit))
        add(own, price: 0, token: index, behind: last, &scratch.states)
        guard token.isOpen, ScalarClass.isHan(token.unit) else { return }
        let price = isKnown(token.unit) ? Correction.known : 0
        for candidate in byShape[token.unit] ?? [] {
            add(
                candidate, price: price + Correction.likeShape, token: index, behind: last, &scratch.states)
        }
        let syllable = Int(Pinyin.fuzzy(token.unit))
        guard syllable != 0, syllable < bySound.count else { return }
        let sound = Pinyin.syllable(token.unit)
        for candidate in bySound[syllable] where candidate.unit != token.unit {
            let slip = candidate.sound == sound ? Correction.sameSound : Correction.likeSound
            add(candidate, price: price + slip, token: index, behind: last, &scratch.states)
        }
    }

    /// Adds the cheapest way to a unit.
    @inline(__always)
    private func add(
        _ candidate: Candidate, price: Float, token: Int, behind last: Range<Int>, _ states: inout [State]
    ) {
        var best = last.lowerBound
        var least = Float.infinity
        for index in last {
            let state = states[index]
            let total = state.cost + cost(state.unit, state.rarity, candidate.unit, candidate.alone)
            if total < least {
                least = total
                best = index
            }
        }
        states.append(
            State(
                unit: candidate.unit, rarity: rarity(candidate.unit), cost: least + price, back: Int32(best),
                token: Int32(token)))
    }

    /// Adds the reading that two neighbours change places.
    private func addSwap(at index: Int, behind before: Range<Int>, _ scratch: inout Scratch) {
        let (left, right) = (scratch.tokens[index - 1].unit, scratch.tokens[index].unit)
        guard isSeen(right, left) else { return }
        add(
            Candidate(unit: right, sound: 0, alone: alone(right)), price: Correction.swap, token: index,
            behind: before, &scratch.states)
        let first = scratch.states[scratch.states.count - 1]
        let second = cost(right, first.rarity, left, alone(left))
        scratch.states[scratch.states.count - 1] = State(
            unit: left, rarity: rarity(left), cost: first.cost + second, back: first.back,
            token: first.token, swapped: right)
    }

    /// Writes the cheapest reading down.
    private func trace(
        _ scalars: [UInt32], _ spans: [Range<Int>], into mended: inout Mended, _ scratch: inout Scratch
    ) -> Bool {
        scratch.path.removeAll(keepingCapacity: true)
        var index = scratch.states[scratch.states.count - 1].back
        var isChanged = false
        while index > 0 {
            let state = scratch.states[Int(index)]
            let token = scratch.tokens[Int(state.token)]
            isChanged = isChanged || token.unit != state.unit
            scratch.path.append(index)
            index = state.back
        }
        guard isChanged else { return false }
        var position = 0
        func copy(to end: Int) {
            for index in position..<max(position, end) {
                mended.append(scalars[index], from: spans[index], isChanged: false)
            }
            position = max(position, end)
        }
        for index in scratch.path.reversed() {
            let state = scratch.states[Int(index)]
            let token = scratch.tokens[Int(state.token)]
            if state.swapped != 0 {
                let left = scratch.tokens[Int(state.token) - 1]
                copy(to: left.range.lowerBound)
                let span = spans[left.range.lowerBound].lowerBound..<spans[token.range.lowerBound].upperBound
                mended.append(state.swapped, from: span, isChanged: true)
                mended.append(state.unit, from: span, isChanged: true)
                position = token.range.upperBound
                continue
            }
            copy(to: token.range.lowerBound)
            guard token.unit != state.unit else {
                copy(to: token.range.upperBound)
                continue
            }
            let span =
                spans[token.range.lowerBound].lowerBound..<spans[token.range.upperBound - 1].upperBound
            mended.append(state.unit, from: span, isChanged: true)
            position = token.range.upperBound
        }
        copy(to: scalars.count)
        return true
    }

    // MARK: What was left out

    /// Puts a character between two that training never met side by side, but with that one in between.
    /// - Returns: whether there was anything to put; only then `result` holds the text.
    func fill(_ scalars: [UInt32], into result: inout [UInt32]) -> Bool {
        result.removeAll(keepingCapacity: true)
        var isFilled = false
        var left = FeatureExtractor.begin
        for index in 0...scalars.count {
            let right = index < scalars.count ? scalars[index] : FeatureExtractor.end
            let isFit =
                (ScalarClass.isHan(left) || left == FeatureExtractor.begin)
                && (ScalarClass.isHan(right) || right == FeatureExtractor.end)
            if isFit, !isSeen(left, right), let unit = between(left, right) {
                result.append(unit)
                isFilled = true
            }
            if index < scalars.count { result.append(right) }
            left = right
        }
        return isFilled
    }

    private func between(_ left: UInt32, _ right: UInt32) -> UInt32? {
        let first = FeatureExtractor.sound(left)
        let last = FeatureExtractor.sound(right)
        guard first != 0, last != 0 else { return nil }
        let rarity = rarity(left)
        let alone = alone(right)
        var best: UInt32?
        var least = Float.infinity
        for syllable in bySound.indices where !bySound[syllable].isEmpty {
            guard vocabulary.group(of: FeatureExtractor.sounds(first, UInt32(syllable), last)) >= 0 else {
                continue
            }
            for candidate in bySound[syllable]
            where isSeen(left, candidate.unit) && isSeen(candidate.unit, right) {
                let total =
                    cost(left, rarity, candidate.unit, candidate.alone)
                    + cost(candidate.unit, self.rarity(candidate.unit), right, alone)
                if total < least {
                    least = total
                    best = candidate.unit
                }
            }
        }
        return best
    }
}
