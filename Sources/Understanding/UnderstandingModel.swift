package import Conversation
import Language

/// Everything that understanding an utterance takes: dictionaries and trained intents. Immutable.
package struct UnderstandingModel: Sendable {
    package let lexicon: Lexicon
    package let intents: IntentModel
    /// Entity types that are masked before features are taken, as numbers of the lexicon.
    let maskedTypes: [String]
    /// What changes when training or dictionaries change; a cached model with another one is stale.
    package let fingerprint: UInt64

    package init(training: TrainingSet, lexicon: Lexicon, settings: IntentSettings = IntentSettings()) {
        let trainer = UnderstandingModel.trainer(for: training, lexicon: lexicon, settings: settings)
        let part = trainer.train(classes: 0..<trainer.classCount)
        self.init(training: training, lexicon: lexicon, intents: trainer.model(from: [part]))
    }

    /// Puts together what was trained by `trainer(for:lexicon:settings:)`.
    package init(training: TrainingSet, lexicon: Lexicon, intents: IntentModel) {
        self.init(
            lexicon: lexicon, intents: intents, maskedTypes: training.maskedTypes,
            fingerprint: UnderstandingModel.fingerprint(training: training, lexicon: lexicon))
    }

    init(lexicon: Lexicon, intents: IntentModel, maskedTypes: [String], fingerprint: UInt64) {
        self.lexicon = lexicon
        self.intents = intents
        self.maskedTypes = maskedTypes
        self.fingerprint = fingerprint
    }

    package static func trainer(
        for training: TrainingSet, lexicon: Lexicon,
        settings: IntentSettings = IntentSettings()
    ) -> IntentTrainer {
        var workspace = Workspace()
        var features: [FeatureBuffer] = []
        var hashes: [UInt64] = []
        for example in training.examples {
            let reading = Reading(example.text, lexicon: lexicon, expecting: nil, &workspace)
            reading.mask(training.maskedTypes, lexicon: lexicon, &workspace)
            features.append(workspace.features)
            hashes.append(TextHash.of(workspace.text.scalars))
        }
        return IntentTrainer(
            features: &features, hashes: hashes, labels: training.examples.map(\.intent),
            settings: settings)
    }

    package static func fingerprint(training: TrainingSet, lexicon: Lexicon) -> UInt64 {
        var fingerprint = Fingerprint()
        fingerprint.mix(lexicon.fingerprint)
        for type in training.maskedTypes { fingerprint.mix(type) }
        for example in training.examples {
            fingerprint.mix(example.text)
            fingerprint.mix(example.intent)
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
        let reading = Reading(text, lexicon: lexicon, expecting: expecting, &workspace)
        guard workspace.text.scalars.contains(where: ScalarClass.isMeaningful) else {
            return NLUResult(text: text, intent: nil, score: 0, ranking: [], entities: [])
        }
        reading.mask(maskedTypes, lexicon: lexicon, &workspace)
        let coverage = intents.vocabulary.activate(
            &workspace.features, blockWeights: intents.blockWeights,
            into: &workspace.active)
        intents.score(workspace.active, into: &workspace.scores)
        let exact = intents.exactMatch(TextHash.of(workspace.text.scalars))
        let decision = intents.decide(workspace.scores, coverage: coverage, exact: exact)
        let ranking = ranked(decision)
        return NLUResult(
            text: text, intent: decision.isRejected ? nil : ranking.first?.intent,
            score: ranking.first?.score ?? 0, ranking: ranking, entities: reading.entities(in: text))
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
        let reading = Reading(text, lexicon: lexicon, expecting: nil, &workspace)
        reading.mask(maskedTypes, lexicon: lexicon, &workspace)
        _ = intents.vocabulary.activate(
            &workspace.features, blockWeights: intents.blockWeights, into: &workspace.active)
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
