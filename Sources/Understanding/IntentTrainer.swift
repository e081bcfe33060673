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
    /// How exactly the machines are trained whose scores tell no more than that.
    private static let unseenTolerance: Float = 1

    /// Pieces of work that `train(piece:)` takes, for two threads or any number of them: an even number, none with more classes
    /// than a trainer has lanes.
    package var pieceCount: Int {
        let lanes = LinearTrainer.Lanes.scalarCount
        return intents.count < 2 ? intents.count : (intents.count + 2 * lanes - 1) / (2 * lanes) * 2
    }

    /// - Parameters:
    ///   - features: features of each example, then of each title.
    ///   - hashes: hash of each example's own text.
    ///   - labels: the intent of each example, then of each title.
    ///   - scoresAll: whether every example is wanted scored by a model that has not seen it.
    ///   - runner: lays out the features.
    init(
        features: [FeatureRows], hashes: [UInt64], labels: [String], settings: IntentSettings,
        scoresAll: Bool = false, runner: some WorkRunner = SerialRunner()
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
        (vocabulary, matrix) = VocabularyBuilder(features, runner: runner)
            .finish(blockWeights: settings.blockWeights, runner: runner)
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
        let rougher = LinearTrainer(
            matrix: matrix, cost: settings.cost, tolerance: IntentTrainer.unseenTolerance)
        let all = (0..<matrix.rowCount).map { Int32($0) }
        let solution = trainer.solve(classes: classes, truths: truths, rows: all)
        var unseen = [LinearTrainer.Lanes](repeating: .zero, count: matrix.rowCount)
        for fold in scoredFolds {
            let kept = all.filter { folds[Int($0)] != fold }
            let weights = rougher.solve(classes: classes, truths: truths, rows: kept, from: solution).weights
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

    // MARK: The model

    /// Puts the parts together; they must cover the classes in order.
    package func model(from parts: [Part], runner: some WorkRunner = SerialRunner()) -> IntentModel {
        precondition(
            parts.reduce(0) { $1.classes.lowerBound == $0 ? $1.classes.upperBound : -1 } == intents.count,
            "every class is trained exactly once")
        let blend = blend(parts)
        let owners = owners()
        let measures = runner.map(parts.count + 1) { piece -> Measure in
            guard piece > 0 else { return .calibration(self.calibration(blend.scores)) }
            return .largest(self.largest(of: parts[piece - 1], blend, owners))
        }
        var largest: Float = 0
        var calibration = Calibration(sharpness: 4, threshold: -.infinity)
        for measure in measures {
            switch measure {
            case .calibration(let fitted): calibration = fitted
            case .largest(let weight): largest = max(largest, weight)
            }
        }
        let scale = largest > 0 ? largest / 32_000 : 1
        let packed = pack(runner.map(parts.count) { self.packed(parts[$0], blend, owners, scale: scale) })
        let biases = parts.flatMap { part in
            part.classes.map { number in
                part.solution.weights[matrix.sharedCount][number - part.classes.lowerBound]
                    + blend.share * (blend.counts?.biases[number] ?? 0)
            }
        }
        return IntentModel(
            intents: intents, vocabulary: vocabulary, blockWeights: settings.blockWeights,
            starts: packed.starts, classes: packed.classes, weights: packed.weights, scale: scale,
            biases: biases, calibration: calibration,
            exactHashes: exact.map(\.hash), exactIntents: exact.map(\.intent))
    }

    /// What has to be known of all parts before they are packed.
    private enum Measure: Sendable {
        case calibration(Calibration)
        case largest(Float)
    }

    /// The weights of some classes as multiples of a common step, those nearest to nothing left out.
    private struct Packed: Sendable {
        var starts: [Int32] = [0]
        var classes: [UInt16] = []
        var weights: [Int16] = []
    }

    /// For each group that only one row has, in their order: that row, and the value it has there.
    private struct Owners: Sendable {
        var rows: [Int32]
        var values: [Float]
    }

    private func owners() -> Owners {
        let count = vocabulary.groupCount - matrix.sharedCount
        var owners = Owners(
            rows: [Int32](repeating: 0, count: count), values: [Float](repeating: 0, count: count))
        for row in 0..<matrix.rowCount {
            for index in matrix.lone(row) {
                owners.rows[Int(matrix.columns[index]) - matrix.sharedCount] = Int32(row)
                owners.values[Int(matrix.columns[index]) - matrix.sharedCount] = matrix.values[index]
            }
        }
        return owners
    }

    /// Calls `body` with the weights of each group, a lane for each class of the part.
    @inline(__always)
    private func forEachGroup(
        of part: Part, _ blend: Blend, _ owners: Owners, _ body: (LinearTrainer.Lanes) -> Void
    ) {
        // Where only one row is, its own push is the weight.
        let pushes = part.solution.duals.enumerated().map { row, dual in
            LinearTrainer.signs(of: truths[row], part.classes) * dual
        }
        for group in 0..<vocabulary.groupCount {
            let lone = group - matrix.sharedCount
            var weights =
                lone < 0
                ? part.solution.weights[group] : pushes[Int(owners.rows[lone])] * owners.values[lone]
            if let counts = blend.counts {
                for number in part.classes {
                    weights[number - part.classes.lowerBound] += blend.share * counts.weight(group, number)
                }
            }
            body(weights)
        }
    }

    private func largest(of part: Part, _ blend: Blend, _ owners: Owners) -> Float {
        var lanes = LinearTrainer.Lanes.zero
        forEachGroup(of: part, blend, owners) { weights in
            lanes.replace(with: weights, where: weights .> lanes)
            lanes.replace(with: -weights, where: -weights .> lanes)
        }
        return lanes.max()
    }

    private func packed(_ part: Part, _ blend: Blend, _ owners: Owners, scale: Float) -> Packed {
        var packed = Packed()
        packed.starts.reserveCapacity(vocabulary.groupCount + 1)
        let step = 1 / scale
        // One percent of the largest: what is below decides nothing, and is half of all weights.
        let least = 320 * scale
        forEachGroup(of: part, blend, owners) { weights in
            if any(weights .> least .| weights .< -least) {
                for lane in 0..<part.classes.count where abs(weights[lane]) > least {
                    packed.classes.append(UInt16(part.classes.lowerBound + lane))
                    packed.weights.append(Int16((weights[lane] * step).rounded()))
                }
            }
            packed.starts.append(Int32(packed.classes.count))
        }
        return packed
    }

    /// Lays the parts' weights out group by group.
    private func pack(_ parts: [Packed]) -> Packed {
        guard !parts.isEmpty else { return Packed() }
        var packed = Packed()
        let total = parts.reduce(0) { $0 + $1.classes.count }
        packed.starts = (0...vocabulary.groupCount).map { group in
            parts.reduce(0) { $0 + $1.starts[group] }
        }
        packed.classes = [UInt16](repeating: 0, count: total)
        packed.weights = [Int16](repeating: 0, count: total)
        var next = packed.starts
        for part in parts {
            for group in 0..<vocabulary.groupCount {
                for index in Int(part.starts[group])..<Int(part.starts[group + 1]) {
                    packed.classes[Int(next[group])] = part.classes[index]
                    packed.weights[Int(next[group])] = part.weights[index]
                    next[group] += 1
                }
            }
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
