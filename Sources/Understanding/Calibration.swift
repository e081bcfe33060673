/// Turns margins into probabilities, and says which are too weak to believe. Fitted on scores of examples
/// that the scoring model had not seen.
struct Calibration: Equatable, Sendable {
    /// Margins are multiplied by it before they compete.
    var sharpness: Float
    /// Evidence below is rejected.
    var threshold: Float

    /// Weight of the share of known words in the evidence.
    private static let coverageWeight: Float = 1

    func probabilities(_ scores: [Float]) -> [Float] { Calibration.probabilities(scores[...], sharpness) }

    /// How strongly a text belongs to any intent: its best margin, its lead over the others, and how much of it is known.
    static func evidence(margin: Float, probability: Float, coverage: Float) -> Float {
        margin + probability + coverageWeight * coverage
    }

    private static func probabilities(_ scores: ArraySlice<Float>, _ sharpness: Float) -> [Float] {
        guard let highest = scores.max() else { return [] }
        var sum = 0.0
        var powers: [Double] = []
        powers.reserveCapacity(scores.count)
        for score in scores {
            let power = Double(ExactMath.exp((score - highest) * sharpness))
            powers.append(power)
            sum += power
        }
        return powers.map { Float($0 / sum) }
    }

    /// - Parameters:
    ///   - scores: a row of margins for each example, one for each intent.
    ///   - truths: the intent of each example.
    ///   - coverages: the share of each example's words that the scoring model knew.
    static func fit(
        scores: [Float], truths: [Int], coverages: [Float], intents: Int,
        falseRejection: Double
    ) -> Calibration {
        guard intents > 1, !truths.isEmpty else { return Calibration(sharpness: 4, threshold: -.infinity) }
        // The loss has one valley over the logarithm of the sharpness.
        var low = -1.0
        var high = 4.0
        for _ in 0..<12 {
            let third = (high - low) / 3
            if loss(scores, truths, intents, low + third) < loss(scores, truths, intents, high - third) {
                high -= third
            } else {
                low += third
            }
        }
        let sharpness = Float(ExactMath.exp((low + high) / 2))
        var evidences: [Float] = []
        for row in truths.indices {
            let margins = scores[row * intents..<(row + 1) * intents]
            evidences.append(
                evidence(
                    margin: margins.max() ?? 0, probability: probabilities(margins, sharpness).max() ?? 0,
                    coverage: coverages[row]))
        }
        evidences.sort()
        let allowed = Int(Double(evidences.count) * falseRejection)
        return Calibration(sharpness: sharpness, threshold: evidences[allowed])
    }

    private static func loss(_ scores: [Float], _ truths: [Int], _ intents: Int, _ logarithm: Double)
        -> Double
    {
        let sharpness = Float(ExactMath.exp(logarithm))
        // Some hundred examples tell the sharpness well enough.
        let step = max(1, truths.count / 600)
        var loss = 0.0
        for row in stride(from: 0, to: truths.count, by: step) {
            let margins = scores[row * intents..<(row + 1) * intents]
            let highest = margins.max() ?? 0
            var sum: Float = 0
            for margin in margins where (highest - margin) * sharpness < 16 {
                sum += ExactMath.exp((margin - highest) * sharpness)
            }
            let lead = (margins[margins.startIndex + truths[row]] - highest) * sharpness
            loss += ExactMath.log(Double(sum)) - Double(lead)
        }
        return loss
    }
}
