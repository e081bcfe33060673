package import Conversation
import Language

/// Why an utterance was understood as it was.
package struct Explanation: Equatable, Sendable {
    /// A word of the utterance (one character of Chinese) and what it did.
    package struct Part: Equatable, Sendable {
        package var text: String
        /// Where it stands, in Unicode scalars of the utterance.
        package var range: Range<Int>
        /// How much the lead of the best intent over the next shrinks without the word; below zero when it grows.
        package var weight: Double
    }

    package var result: NLUResult
    /// Scores of the best intent and the next before they are turned into probabilities.
    package var margin: Double
    package var runnerUp: Double
    /// The share of the utterance that training has met, 0…1: by its characters, and by its sounds.
    package var knownCharacters: Double
    package var knownSounds: Double
    /// The utterance as it was read where that is not how it is written, entities as their types in brackets.
    package var readAs: String?
    /// Evidence below it is rejected.
    package var threshold: Double
    /// Whether the utterance is an example itself, so that nothing else counts.
    package var isExample: Bool
    /// The words that carried the decision, the weightiest first, then those that spoke against it.
    package var parts: [Part]
    /// What the scores cost: features looked up, weights added, and pairs of labels compared for learned slots.
    package var steps: Int
}

extension UnderstandingModel {
    /// Understands a text, and again without each of its words.
    package func explain(_ text: String, expecting: Expectation? = nil) -> Explanation {
        var workspace = Workspace()
        let result = understand(text, expecting: expecting, &workspace)
        let isExample = intents.exactMatch(TextHash.of(workspace.text.scalars)) != nil
        let normalized = workspace.text
        let steps = steps(workspace)
        let (scores, coverage) = scores(of: text, expecting: expecting, &workspace)
        let readAs = workspace.mended.scalars.isEmpty ? nil : written(workspace.mended.scalars)
        let order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
        let lead = { (scores: [Float]) -> Double in
            order.count > 1 ? Double(scores[order[0]] - scores[order[1]]) : 0
        }
        var tokens: [SlotToken] = []
        SlotToken.split(normalized, into: &tokens)
        let parts = tokens.filter { $0.kind != .mark }.map { token -> Explanation.Part in
            let rest =
                normalized.string(0..<token.range.lowerBound) + " "
                + normalized.string(token.range.upperBound..<normalized.count)
            let without = self.scores(of: rest, expecting: expecting, &workspace).scores
            let range = normalized.originalRange(token.range)
            return Explanation.Part(
                text: text.scalars(in: range), range: range, weight: lead(scores) - lead(without))
        }
        return Explanation(
            result: result, margin: order.first.map { Double(scores[$0]) } ?? 0,
            runnerUp: order.count > 1 ? Double(scores[order[1]]) : 0,
            knownCharacters: Double(coverage.characters), knownSounds: Double(coverage.sounds),
            readAs: readAs, threshold: Double(intents.calibration.threshold), isExample: isExample,
            parts: parts.sorted { ($1.weight, $0.range.lowerBound) < ($0.weight, $1.range.lowerBound) },
            steps: steps)
    }

    private func written(_ scalars: [UInt32]) -> String {
        scalars.reduce(into: "") { text, value in
            if let scalar = Unicode.Scalar(value) {
                text.unicodeScalars.append(scalar)
            } else {
                text += "[\(Reading.type(of: Int(value - FeatureExtractor.maskBase), lexicon))]"
            }
        }
    }

    private func steps(_ workspace: Workspace) -> Int {
        var steps = workspace.features.blocks.reduce(0) { $0 + $1.count }
        for feature in workspace.active {
            steps += Int(intents.starts[Int(feature.group) + 1] - intents.starts[Int(feature.group)])
        }
        guard slots != nil else { return steps }
        let width = workspace.slots.lattice.types + 1
        return steps + workspace.slots.features.hashes.count + workspace.slots.lattice.length * width * width
    }

    private func scores(of text: String, expecting: Expectation?, _ workspace: inout Workspace) -> (
        scores: [Float], coverage: Vocabulary.Coverage
    ) {
        var reading = Reading(text, lexicon: lexicon, expecting: expecting, &workspace)
        let coverage = score(&reading, &workspace)
        return (workspace.scores, coverage)
    }
}
