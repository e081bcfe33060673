/// How well a classifier did on examples it had not seen.
package struct Evaluation: Equatable, Sendable {
    /// One example: what it is, what it was taken for (nil when rejected), and how strongly.
    package struct Outcome: Equatable, Sendable {
        package var truth: String
        package var guess: String?
        package var score: Double

        package init(truth: String, guess: String?, score: Double) {
            self.truth = truth
            self.guess = guess
            self.score = score
        }
    }

    /// Detection of what belongs to no intent.
    package struct OutOfScope: Equatable, Sendable {
        package var inScopeAccuracy: Double
        package var recall: Double
        package var precision: Double
        package var f1: Double
        /// Chance that an utterance in scope scores higher than one out of it.
        package var auroc: Double
    }

    package let accuracy: Double
    package let macroF1: Double

    /// A rejected example is wrong, unless its truth is `outOfScope`.
    package init(_ outcomes: [Outcome], outOfScope: String? = nil) {
        let guesses = outcomes.map { $0.guess ?? outOfScope ?? "" }
        let right = zip(outcomes, guesses).count { $0.truth == $1 }
        accuracy = Evaluation.ratio(right, outcomes.count)
        macroF1 = Evaluation.macroF1(outcomes.map(\.truth), guesses)
    }

    private static func ratio(_ part: Int, _ whole: Int) -> Double {
        whole > 0 ? Double(part) / Double(whole) : 0
    }

    /// Mean F1 over the labels that occur among the truths.
    private static func macroF1(_ truths: [String], _ guesses: [String]) -> Double {
        var hits: [String: Int] = [:]
        var expected: [String: Int] = [:]
        var given: [String: Int] = [:]
        for (truth, guess) in zip(truths, guesses) {
            expected[truth, default: 0] += 1
            given[guess, default: 0] += 1
            if truth == guess { hits[truth, default: 0] += 1 }
        }
        let labels = expected.keys.sorted()
        let sum = labels.reduce(0.0) { sum, label in
            sum + ratio(2 * (hits[label] ?? 0), (expected[label] ?? 0) + (given[label] ?? 0))
        }
        return labels.isEmpty ? 0 : sum / Double(labels.count)
    }

    /// Nil when no truth is `label`. A low score speaks for being out of scope.
    package static func outOfScope(_ outcomes: [Outcome], label: String) -> OutOfScope? {
        let outside = outcomes.filter { $0.truth == label }
        guard !outside.isEmpty else { return nil }
        let inside = outcomes.filter { $0.truth != label }
        func isRejected(_ outcome: Outcome) -> Bool { outcome.guess == nil || outcome.guess == label }
        let caught = outside.count(where: isRejected)
        let recall = ratio(caught, outside.count)
        let precision = ratio(caught, caught + inside.count(where: isRejected))
        return OutOfScope(
            inScopeAccuracy: ratio(inside.count { $0.truth == $0.guess }, inside.count), recall: recall,
            precision: precision,
            f1: recall + precision > 0 ? 2 * recall * precision / (recall + precision) : 0,
            auroc: auroc(inside.map(\.score), outside.map(\.score)))
    }

    /// How strongly a text is held to be in scope, by the evidence for its best intent. Where that is the label of what is out of
    /// it, being sure of it and knowing nothing of the text both speak for being out.
    package static func inScope(evidence: Double, best: String?, label: String?) -> Double {
        best != nil && best == label ? -abs(evidence) : evidence
    }

    /// Area under the curve by ranks, ties counted half.
    package static func auroc(_ higher: [Double], _ lower: [Double]) -> Double {
        guard !higher.isEmpty, !lower.isEmpty else { return 0 }
        let all = (higher.map { ($0, true) } + lower.map { ($0, false) }).sorted { $0.0 < $1.0 }
        var ranks = 0.0
        var index = 0
        while index < all.count {
            var end = index
            while end < all.count, all[end].0 == all[index].0 { end += 1 }
            let rank = Double(index + end + 1) / 2
            for position in index..<end where all[position].1 { ranks += rank }
            index = end
        }
        let wins = ranks - Double(higher.count) * Double(higher.count + 1) / 2
        return wins / (Double(higher.count) * Double(lower.count))
    }

    /// Exact span and type, micro-averaged.
    package static func spanF1(expected: [[Span]], found: [[Span]]) -> (f1: Double, allRight: Double) {
        var hits = 0
        var total = 0
        var perfect = 0
        for (truth, guess) in zip(expected, found) {
            let right = truth.count { guess.contains($0) }
            hits += right
            total += truth.count + guess.count
            perfect += right == truth.count && right == guess.count ? 1 : 0
        }
        return (ratio(2 * hits, total), ratio(perfect, expected.count))
    }

    /// A typed part of a text, in Unicode scalars.
    package struct Span: Hashable, Sendable {
        package var type: String
        package var range: Range<Int>

        package init(type: String, range: Range<Int>) {
            self.type = type
            self.range = range
        }
    }
}
