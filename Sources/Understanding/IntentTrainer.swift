/// Trains an intent model, some classes at a time, so that a caller with several threads may share the pieces out.
///
///     let trainer = IntentTrainer(rows, intents, settings)
///     let parts = (0..<trainer.pieceCount).map(trainer.train(piece:))
///     let model = trainer.model(from: parts)
package struct IntentTrainer: Sendable {
    /// The weights of some classes, with the scores that examples got from models that had not seen them.
    package struct Part: Sendable {
        var classes: Range<Int>
        /// A lane for each class.
        var solution: LinearTrainer.Solution
        /// Of the rows that are scored unseen.
        var unseenScores: [LinearTrainer.Lanes]
    }

    package let intents: [String]
    private let truths: [Int32]
    private let vocabulary: Vocabulary
    private let matrix: TrainingMatrix
    private let settings: IntentSettings
    private let exact: [(hash: UInt64, intent: UInt16)]
    /// The fold of each example: the i-th of its class goes to fold i mod k. Titles are in none.
    private let folds: [Int]
    /// Rows that are examples; titles come after them.
    private let exampleCount: Int
    /// Folds that are scored by a model that has not seen them, from the first on.
    private let scoredFolds: Range<Int>
    /// The examples of those folds.
    private let scoredRows: [Int32]

    /// Unseen scores that tell sharpness and threshold well enough.
    private static let enoughScores = 1500

    /// Pieces of work that `train(piece:)` takes, for two threads or any number of them.
    package var pieceCount: Int { intents.count < 2 ? intents.count : (intents.count + 15) / 16 * 2 }

    /// - Parameters:
    ///   - features: features of each example, then of each title.
    ///   - hashes: hash of each example's own text.
    ///   - labels: the intent of each example, then of each title.
    ///   - scoresAll: whether every example is wanted scored by a model that has not seen it.
    init(
        features: [FeatureRows], hashes: [UInt64], labels: [String], settings: IntentSettings,
        scoresAll: Bool = false
    ) {
        var numbers: [String: Int] = [:]
        var intents: [String] = []
        var truths: [Int32] = []
        var seen: [Int] = []
        var folds: [Int] = []
        for label in labels {
            let number = numbers[label] ?? intents.count
            if number == intents.count {
                numbers[label] = number
                intents.append(label)
                seen.append(0)
            }
            truths.append(Int32(number))
            folds.append(folds.count < hashes.count ? seen[number] % max(settings.folds, 2) : -1)
            seen[number] += 1
        }
        var builder = VocabularyBuilder()
        for rows in features { builder.add(rows) }
        (vocabulary, matrix) = builder.finish(blockWeights: settings.blockWeights)
        self.intents = intents
        self.truths = truths
        self.folds = folds
        exampleCount = hashes.count
        self.settings = settings
        let foldCount = max(settings.folds, 2)
        let wanted = scoresAll ? hashes.count : min(IntentTrainer.enoughScores, hashes.count)
        var scoredFolds = 0
        var scored = 0
        while settings.folds > 1, scoredFolds < foldCount, scored < wanted {
            scored += folds.count { $0 == scoredFolds }
            scoredFolds += 1
        }
        self.scoredFolds = 0..<scoredFolds
        scoredRows = folds.indices.lazy.filter { (0..<scoredFolds).contains(folds[$0]) }.map { Int32($0) }
        exact = IntentTrainer.unique(hashes, truths)
    }

    /// Texts that are examples of one intent only, by hash.
    private static func unique(_ hashes: [UInt64], _ truths: [Int32]) -> [(hash: UInt64, intent: UInt16)] {
        let order = hashes.indices.sorted { (hashes[$0], $0) < (hashes[$1], $1) }
        var result: [(hash: UInt64, intent: UInt16)] = []
        var index = 0
        while index < order.count {
            var end = index
            var isClear = true
            while end < order.count, hashes[order[end]] == hashes[order[index]] {
                isClear = isClear && truths[order[end]] == truths[order[index]]
                end += 1
            }
            if isClear { result.append((hashes[order[index]], UInt16(truths[order[index]]))) }
            index = end
        }
        return result
    }

    /// Trains the classes of one piece.
    package func train(piece: Int) -> Part {
        let count = intents.count
        let classes = count * piece / pieceCount..<count * (piece + 1) / pieceCount
        let trainer = LinearTrainer(matrix: matrix, cost: settings.cost)
        let all = (0..<matrix.rowCount).map { Int32($0) }
        let solution = trainer.solve(classes: classes, truths: truths, rows: all)
        var unseen = [LinearTrainer.Lanes](repeating: .zero, count: matrix.rowCount)
        for fold in scoredFolds {
            let kept = all.filter { folds[Int($0)] != fold }
            let weights = trainer.solve(classes: classes, truths: truths, rows: kept, from: solution).weights
            for row in scoredRows where folds[Int(row)] == fold {
                unseen[Int(row)] = trainer.margins(Int(row), weights)
            }
        }
        return Part(
            classes: classes, solution: solution, unseenScores: scoredRows.map { unseen[Int($0)] })
    }

    /// How well each scored row fits each class, row by row.
    private func unseenScores(_ parts: [Part]) -> [Float] {
        var scores: [Float] = []
        scores.reserveCapacity(scoredRows.count * intents.count)
        for index in scoredRows.indices {
            for part in parts {
                for lane in 0..<part.classes.count { scores.append(part.unseenScores[index][lane]) }
            }
        }
        return scores
    }

    // MARK: Counts

    /// With fewer examples a class than this, what features are worth by their counts alone may help.
    private static let fewExamples = 24
    /// How much that may weigh beside the machines' margins.
    private static let shares: [Float] = [0.04, 0.08, 0.12]

    /// What counts add to the margins.
    private struct Blend {
        var share: Float = 0
        var counts: FeatureCounts?
        /// How well each scored row fits each class, counts and margins together.
        var scores: [Float]
    }

    /// Lets counts speak beside the machines as far as that helps examples that neither has seen.
    private func blend(_ parts: [Part]) -> Blend {
        var blend = Blend(scores: unseenScores(parts))
        guard settings.folds > 1, exampleCount < IntentTrainer.fewExamples * intents.count else {
            return blend
        }
        var counted: [Float] = []
        for fold in scoredFolds {
            let counts = FeatureCounts(matrix, vocabulary, truths, classes: intents.count) {
                folds[$0] != fold
            }
            for row in scoredRows where folds[Int(row)] == fold {
                counted += counts.scores(of: Int(row), in: matrix)
            }
        }
        let order = scoredFolds.flatMap { fold in
            scoredRows.indices.filter { folds[Int(scoredRows[$0])] == fold }
        }
        let margins = blend.scores
        let alone = hits(margins)
        var helpful: [Float] = []
        func scores(_ share: Float) -> [Float] {
            var scores = margins
            for (place, index) in order.enumerated() {
                for number in intents.indices {
                    scores[index * intents.count + number] += share * counted[place * intents.count + number]
                }
            }
            return scores
        }
        for share in IntentTrainer.shares where hits(scores(share)) > alone { helpful.append(share) }
        guard !helpful.isEmpty else { return blend }
        // The mean of those that help: a few hundred examples do not tell which is best.
        blend.share = helpful.reduce(0, +) / Float(helpful.count)
        blend.scores = scores(blend.share)
        blend.counts = FeatureCounts(matrix, vocabulary, truths, classes: intents.count) { _ in true }
        return blend
    }

    /// How many scored rows fit their own class best.
    private func hits(_ scores: [Float]) -> Int {
        scoredRows.indices.count { index in
            let row = scores[index * intents.count..<(index + 1) * intents.count]
            let own = row[row.startIndex + Int(truths[Int(scoredRows[index])])]
            return row.allSatisfy { $0 <= own }
        }
    }

    /// For each example, the intents that a model which has not seen it takes for likely.
    /// - Precondition: every example was scored.
    func likelyIntents(_ parts: [Part], _ model: IntentModel, share: Float) -> [[Int]] {
        guard settings.folds > 1 else { return (0..<exampleCount).map { [Int(truths[$0])] } }
        precondition(
            scoredRows.count == exampleCount, "every example is scored by a model that has not seen it")
        let scores = blend(parts).scores
        return scoredRows.indices.map { index in
            let row = scores[index * intents.count..<(index + 1) * intents.count]
            return IntentModel.likely(model.calibration.probabilities(Array(row)), share: share)
        }
    }

    /// Puts the parts together; they must cover the classes in order.
    package func model(from parts: [Part]) -> IntentModel {
        precondition(
            parts.reduce(0) { $1.classes.lowerBound == $0 ? $1.classes.upperBound : -1 } == intents.count,
            "every class is trained exactly once")
        let blend = blend(parts)
        let packed = pack(parts, blend)
        let biases = parts.flatMap { part in
            part.classes.map { number in
                part.solution.weights[matrix.sharedCount][number - part.classes.lowerBound]
                    + blend.share * (blend.counts?.biases[number] ?? 0)
            }
        }
        return IntentModel(
            intents: intents, vocabulary: vocabulary, blockWeights: settings.blockWeights,
            starts: packed.starts, classes: packed.classes, weights: packed.weights, scale: packed.scale,
            biases: biases, calibration: calibration(blend.scores),
            exactHashes: exact.map(\.hash), exactIntents: exact.map(\.intent))
    }

    private struct Packed {
        var starts: [Int32] = [0]
        var classes: [UInt16] = []
        var weights: [Int16] = []
        var scale: Float = 1
    }

    /// Weights as multiples of a common step, those nearest to nothing left out.
    private func pack(_ parts: [Part], _ blend: Blend) -> Packed {
        var packed = Packed()
        let groups = 0..<vocabulary.groupCount
        var owners = [Int32](repeating: 0, count: groups.count - matrix.sharedCount)
        var shares = [Float](repeating: 0, count: owners.count)
        for row in 0..<matrix.rowCount {
            for index in matrix.lone(row) {
                owners[Int(matrix.columns[index]) - matrix.sharedCount] = Int32(row)
                shares[Int(matrix.columns[index]) - matrix.sharedCount] = matrix.values[index]
            }
        }
        func weights(_ group: Int, _ part: Part) -> LinearTrainer.Lanes {
            var weights = LinearTrainer.Lanes.zero
            if group < matrix.sharedCount {
                weights = part.solution.weights[group]
            } else {
                let row = Int(owners[group - matrix.sharedCount])
                let push = LinearTrainer.signs(of: truths[row], part.classes) * part.solution.duals[row]
                weights = push * shares[group - matrix.sharedCount]
            }
            guard let counts = blend.counts else { return weights }
            for number in part.classes {
                weights[number - part.classes.lowerBound] += blend.share * counts.weight(group, number)
            }
            return weights
        }
        var largest: Float = 0
        for part in parts {
            var lanes = LinearTrainer.Lanes.zero
            for group in groups {
                let weights = weights(group, part)
                lanes.replace(with: weights, where: weights .> lanes)
                lanes.replace(with: -weights, where: -weights .> lanes)
            }
            largest = max(largest, lanes.max())
        }
        packed.scale = largest > 0 ? largest / 32_000 : 1
        let step = 1 / packed.scale
        // Half a percent of the largest: sums come out the same, and the model is a quarter smaller.
        let least = 160 * packed.scale
        packed.starts.reserveCapacity(groups.count + 1)
        for group in groups {
            for part in parts {
                let weights = weights(group, part)
                guard any(weights .> least .| weights .< -least) else { continue }
                for lane in 0..<part.classes.count where abs(weights[lane]) > least {
                    packed.classes.append(UInt16(part.classes.lowerBound + lane))
                    packed.weights.append(Int16((weights[lane] * step).rounded()))
                }
            }
            packed.starts.append(Int32(packed.classes.count))
        }
        return packed
    }

    private func calibration(_ scores: [Float]) -> Calibration {
        guard settings.folds > 1 else { return Calibration(sharpness: 4, threshold: -.infinity) }
        return Calibration.fit(
            scores: scores, truths: scoredRows.map { Int(truths[Int($0)]) }, coverages: unseenCoverages(),
            intents: intents.count, falseRejection: settings.falseRejection)
    }

    /// The share of each scored example's characters that other folds know as well.
    private func unseenCoverages() -> [Float] {
        let foldCount = max(settings.folds, 2)
        var inFold = [[Bool]](
            repeating: [Bool](repeating: false, count: vocabulary.groupCount), count: foldCount)
        for row in 0..<matrix.rowCount {
            for index in matrix.all(row) {
                let group = Int(matrix.columns[index])
                if folds[row] >= 0 {
                    inFold[folds[row]][group] = true
                } else {
                    for fold in 0..<foldCount { inFold[fold][group] = true }
                }
            }
        }
        return scoredRows.map { scored in
            let row = Int(scored)
            var known = SIMD8<Float>.zero
            var total = known
            for index in matrix.all(row) {
                let group = Int(matrix.columns[index])
                let size = vocabulary.idfs[group] / vocabulary.factors[group]
                let weight = vocabulary.idfs[group] * size * size
                total[Int(vocabulary.blocks[group])] += weight
                if (0..<foldCount).contains(where: { $0 != folds[row] && inFold[$0][group] }) {
                    known[Int(vocabulary.blocks[group])] += weight
                }
            }
            func share(_ block: FeatureBlock) -> Float {
                total[block.rawValue] > 0 ? known[block.rawValue] / total[block.rawValue] : 0
            }
            return Vocabulary.Coverage(characters: share(.characters), sounds: share(.sounds)).share
        }
    }
}
