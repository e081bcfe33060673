package import Conversation
import Language

/// Everything that understanding an utterance takes: dictionaries and trained intents. Immutable.
package struct UnderstandingModel: Sendable {
    package let lexicon: Lexicon
    package let intents: IntentModel
    /// Finds learned slots; nil when no example has any.
    package let slots: SlotModel?
    /// Entity types that are masked before features are taken, as numbers of the lexicon.
    let maskedTypes: [String]
    /// Puts right what is mistyped; nil when there is nothing to learn it from.
    let correction: Correction?
    /// What changes when training or dictionaries change; a cached model with another one is stale.
    package let fingerprint: UInt64

    /// Trains intents, and slots when examples have some.
    package init(
        training: TrainingSet, lexicon: Lexicon, settings: IntentSettings = IntentSettings(),
        slotSettings: SlotSettings = SlotSettings(), runner: some WorkRunner = SerialRunner()
    ) {
        let trainer = UnderstandingModel.trainer(
            for: training, lexicon: lexicon, settings: settings, runner: runner)
        let parts = runner.map(trainer.pieceCount) { trainer.train(piece: $0) }
        let intents = trainer.model(from: parts, runner: runner)
        var slots: SlotModel?
        if training.examples.contains(where: { !$0.slots.isEmpty }) {
            let likely = trainer.likelyIntents(parts, intents, share: slotSettings.likelihood)
            slots = UnderstandingModel.slotTrainer(
                for: training, lexicon: lexicon, intents: intents.intents, likely: likely,
                settings: slotSettings
            ).train(runner)
        }
        self.init(
            lexicon: lexicon, intents: intents, slots: slots, maskedTypes: training.maskedTypes,
            fingerprint: UnderstandingModel.fingerprint(training: training, lexicon: lexicon))
    }

    init(
        lexicon: Lexicon, intents: IntentModel, slots: SlotModel?, maskedTypes: [String], fingerprint: UInt64
    ) {
        self.lexicon = lexicon
        self.intents = intents
        self.slots = slots
        self.maskedTypes = maskedTypes
        correction = Correction(intents.vocabulary)
        self.fingerprint = fingerprint
    }

    package static func trainer(
        for training: TrainingSet, lexicon: Lexicon, settings: IntentSettings = IntentSettings(),
        runner: some WorkRunner = SerialRunner()
    ) -> IntentTrainer {
        var texts = training.examples.map(\.text)
        var labels = training.examples.map(\.intent)
        // What an intent is called is one more example of it, which tells much when there are few.
        var counts: [String: Int] = [:]
        for intent in labels { counts[intent, default: 0] += 1 }
        for intent in training.examples.lazy.map(\.intent)
        where (counts.updateValue(.max, forKey: intent) ?? 0) < fewExamples {
            texts.append(training.title(of: intent))
            labels.append(intent)
        }
        let pieces = min(max(texts.count / 16, 1), 16)
        let parts = runner.map(pieces) { [texts] piece in
            features(
                of: texts[texts.count * piece / pieces..<texts.count * (piece + 1) / pieces],
                training.maskedTypes, lexicon)
        }
        return IntentTrainer(
            features: parts.map(\.rows),
            hashes: Array(parts.flatMap(\.hashes).prefix(training.examples.count)), labels: labels,
            settings: settings, scoresAll: training.examples.contains { !$0.slots.isEmpty }, runner: runner)
    }

    /// The features of texts to learn from, and the hash of each text.
    private static func features(
        of texts: ArraySlice<String>, _ maskedTypes: [String], _ lexicon: Lexicon
    ) -> (rows: FeatureRows, hashes: [UInt64]) {
        var workspace = Workspace()
        var rows = FeatureRows()
        var hashes: [UInt64] = []
        for text in texts {
            let reading = Reading(text, lexicon: lexicon, expecting: nil, &workspace)
            reading.mask(maskedTypes, lexicon: lexicon, &workspace)
            // What is learnt of a word in letters is learnt of the word as it is spelt.
            FeatureExtractor.extract(
                workspace.plain, entityTypes: reading.kinds(lexicon), readsPinyin: false,
                into: &workspace.features)
            rows.append(&workspace.features)
            hashes.append(TextHash.of(workspace.text.scalars))
        }
        return (rows, hashes)
    }

    /// An intent with fewer examples is also learnt from its title.
    private static let fewExamples = 20

    /// - Parameter likely: for each example, the intents that it seems to have.
    package static func slotTrainer(
        for training: TrainingSet, lexicon: Lexicon, intents: [String], likely: [[Int]],
        settings: SlotSettings
    ) -> SlotTrainer {
        var workspace = Workspace()
        var types: [String] = []
        var typeNumbers: [String: Int] = [:]
        let intentNumbers = Dictionary(uniqueKeysWithValues: intents.enumerated().map { ($1, $0) })
        let examples = training.examples.enumerated().map { index, example in
            let reading = Reading(example.text, lexicon: lexicon, expecting: nil, &workspace)
            let slots = example.slots.compactMap { span -> SlotModel.Found? in
                let number = typeNumbers[span.type] ?? types.count
                if number == types.count {
                    typeNumbers[span.type] = number
                    types.append(span.type)
                }
                return workspace.text.normalizedRange(span.range).map {
                    SlotModel.Found(type: number, range: $0)
                }
            }
            return SlotTrainer.Example(
                text: workspace.text, named: reading.named(lexicon), slots: slots,
                intent: intentNumbers[example.intent] ?? 0, likely: likely[index])
        }
        return SlotTrainer(examples, types: types, intents: intents.count, settings: settings)
    }

    package static func fingerprint(training: TrainingSet, lexicon: Lexicon) -> UInt64 {
        var fingerprint = Fingerprint()
        fingerprint.mix(lexicon.fingerprint)
        for type in training.maskedTypes { fingerprint.mix(type) }
        for (intent, title) in training.titles.sorted(by: { $0.key < $1.key }) {
            fingerprint.mix(intent)
            fingerprint.mix(title)
        }
        for example in training.examples {
            fingerprint.mix(example.text)
            fingerprint.mix(example.intent)
            for slot in example.slots {
                fingerprint.mix(slot.type)
                fingerprint.mix(UInt64(slot.range.lowerBound) << 32 | UInt64(slot.range.upperBound))
            }
        }
        return fingerprint.value
    }

    package func understand(_ text: String, expecting: Expectation? = nil) -> NLUResult {
        var workspace = Workspace()
        return understand(text, expecting: expecting, &workspace)
    }

    /// As `understand(_:expecting:)`, reusing scratch memory.
    package func understand(_ text: String, expecting: Expectation?, _ workspace: inout Workspace)
        -> NLUResult
    {
        var reading = Reading(text, lexicon: lexicon, expecting: expecting, &workspace)
        guard workspace.text.scalars.contains(where: ScalarClass.isMeaningful) else {
            return NLUResult(text: text, intent: nil, score: 0, ranking: [], entities: [])
        }
        let coverage = score(&reading, &workspace)
        let exact = intents.exactMatch(TextHash.of(workspace.text.scalars))
        let decision = intents.decide(workspace.scores, coverage: coverage.share, exact: exact)
        let ranking = ranked(decision)
        var entities = reading.entities(in: text)
        if let slots { addSlots(slots, decision, reading, in: text, to: &entities, &workspace) }
        return NLUResult(
            text: text, meant: workspace.mended.scalars.isEmpty ? nil : meant(text, workspace),
            intent: decision.isRejected ? nil : ranking.first?.intent,
            score: ranking.first?.score ?? 0, evidence: Double(decision.evidence), ranking: ranking,
            entities: entities)
    }

    /// The text with each character put right that was mistyped for one other; nil when none was.
    private func meant(_ text: String, _ workspace: Workspace) -> String? {
        let mended = workspace.mended
        var scalars: [Unicode.Scalar] = []
        for index in mended.scalars.indices where mended.isChanged[index] && mended.spans[index].count == 1 {
            if scalars.isEmpty { scalars = Array(text.unicodeScalars) }
            let range = workspace.text.originalRange(mended.spans[index])
            guard range.count == 1, scalars.indices.contains(range.lowerBound),
                let scalar = Unicode.Scalar(mended.scalars[index])
            else { continue }
            scalars[range.lowerBound] = scalar
        }
        guard !scalars.isEmpty else { return nil }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// A text of which less is known is nonsense rather than short of a character; and the share that the text with it counts.
    private static let leastKnown: Float = 0.5, filledShare: Float = 0.25

    /// Scores the intents for a text, read as it was meant. Where a character seems to be left out, the text with it counts a quarter.
    func score(_ reading: inout Reading, _ workspace: inout Workspace) -> Vocabulary.Coverage {
        let coverage = activate(&reading, &workspace)
        intents.score(workspace.active, into: &workspace.scores)
        guard coverage.share >= Self.leastKnown, let correction,
            correction.fill(workspace.meant, into: &workspace.filled)
        else { return coverage }
        extractFeatures(of: workspace.filled, reading, &workspace)
        _ = activate(&workspace)
        intents.score(workspace.active, into: &workspace.filledScores)
        for index in workspace.scores.indices {
            workspace.scores[index] +=
                Self.filledShare * (workspace.filledScores[index] - workspace.scores[index])
        }
        return coverage
    }

    /// Looks up the features of a text, read as it was meant.
    private func activate(_ reading: inout Reading, _ workspace: inout Workspace) -> Vocabulary.Coverage {
        reading.mask(maskedTypes, lexicon: lexicon, &workspace)
        if let correction,
            correction.mend(
                workspace.plain, spans: workspace.plainSpans, into: &workspace.mended, &workspace.correction)
        {
            reading.addMended(lexicon: lexicon, &workspace)
        }
        extractFeatures(of: workspace.meant, reading, &workspace)
        var coverage = activate(&workspace)
        // What was only guessed from its sound or order is known by that alone.
        coverage.characters *= 1 - workspace.mended.changedShare
        return coverage
    }

    private func extractFeatures(of scalars: [UInt32], _ reading: Reading, _ workspace: inout Workspace) {
        FeatureExtractor.extract(
            scalars, entityTypes: reading.kinds(lexicon), readsPinyin: true, into: &workspace.features)
    }

    private func activate(_ workspace: inout Workspace) -> Vocabulary.Coverage {
        intents.vocabulary.activate(
            &workspace.features, blockWeights: intents.blockWeights, into: &workspace.active)
    }

    /// Adds learned slots where no dictionary or recogniser found the same.
    private func addSlots(
        _ slots: SlotModel, _ decision: IntentModel.Decision, _ reading: Reading, in text: String,
        to entities: inout [Entity], _ workspace: inout Workspace
    ) {
        let likely = IntentModel.likely(decision.probabilities, share: slots.likelihood)
        let found = slots.find(
            in: workspace.text, named: reading.named(lexicon), intents: likely, &workspace.slots)
        for slot in found {
            let range = workspace.text.originalRange(slot.range)
            let type = slots.types[slot.type]
            guard !entities.contains(where: { $0.type == type && $0.range.overlaps(range) }) else { continue }
            let words = text.scalars(in: range)
            entities.append(Entity(type: type, text: words, value: words, range: range))
        }
        entities.sort {
            ($0.range.lowerBound, $1.range.upperBound) < ($1.range.lowerBound, $0.range.upperBound)
        }
    }

    /// How many candidates a ranking shows.
    private static let rankingLength = 5

    private func ranked(_ decision: IntentModel.Decision) -> [IntentScore] {
        var order: [Int] = []
        let probabilities = decision.probabilities
        for index in probabilities.indices {
            var place = order.count
            while place > 0, probabilities[order[place - 1]] < probabilities[index] { place -= 1 }
            guard place < UnderstandingModel.rankingLength else { continue }
            order.insert(index, at: place)
            if order.count > UnderstandingModel.rankingLength { order.removeLast() }
        }
        return order.map { IntentScore(intent: intents.intents[$0], score: Double(probabilities[$0])) }
    }

    func activeFeatures(of text: String, _ workspace: inout Workspace) -> [Vocabulary.Active] {
        var reading = Reading(text, lexicon: lexicon, expecting: nil, &workspace)
        _ = activate(&reading, &workspace)
        return workspace.active
    }
}

/// Hash of a text's letters and figures, marks and spaces aside.
enum TextHash {
    static func of(_ scalars: [UInt32]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for scalar in scalars where ScalarClass.isMeaningful(scalar) {
            hash = (hash ^ UInt64(scalar)) &* 0x100_0000_01B3
            hash ^= hash >> 29
        }
        return hash
    }
}
