/// Trains an intent model, class by class, so that a caller with several threads may share the classes out.
///
///     let trainer = IntentTrainer(rows, intents, settings)
///     let weights = trainer.train(classes: 0..<trainer.classCount)
///     let model = trainer.model(from: [weights])
package struct IntentTrainer: Sendable {
    /// The weights of some classes, with the scores that each example got from models that had not seen it.
    package struct Part: Sendable {
        var classes: Range<Int>
        var weights: [[Float]]
        var unseenScores: [[Float]]
    }

    package let intents: [String]
    private let truths: [Int]
    private let vocabulary: Vocabulary
    private let matrix: TrainingMatrix
    private let settings: IntentSettings
    private let exact: [(hash: UInt64, intent: UInt16)]
    /// The fold of each example: the i-th of its class goes to fold i mod k. Titles are in none.
    private let folds: [Int]
    /// Rows that are examples; titles come after them.
    private let exampleCount: Int

    package var classCount: Int { intents.count }

    /// - Parameters:
    ///   - features: features of each example, then of each title.
    ///   - hashes: hash of each example's own text.
    ///   - labels: the intent of each example, then of each title.
    init(features: inout [FeatureBuffer], hashes: [UInt64], labels: [String], settings: IntentSettings) {
        var numbers: [String: Int] = [:]
        var intents: [String] = []
        var truths: [Int] = []
        var seen: [Int] = []
        var folds: [Int] = []
        for label in labels {
            let number = numbers[label] ?? intents.count
            if number == intents.count {
                numbers[label] = number
                intents.append(label)
                seen.append(0)
            }
            truths.append(number)
            folds.append(folds.count < hashes.count ? seen[number] % max(settings.folds, 2) : -1)
            seen[number] += 1
        }
        var builder = VocabularyBuilder()
        for index in features.indices { builder.add(&features[index]) }
        (vocabulary, matrix) = builder.finish(blockWeights: settings.blockWeights)
        self.intents = intents
        self.truths = truths
        self.folds = folds
        exampleCount = hashes.count
        self.settings = settings
        exact = IntentTrainer.unique(hashes, truths)
    }

    /// Texts that are examples of one intent only, by hash.
    private static func unique(_ hashes: [UInt64], _ truths: [Int]) -> [(hash: UInt64, intent: UInt16)] {
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

    package func train(classes: Range<Int>) -> Part {
        let trainer = LinearTrainer(matrix: matrix, groupCount: vocabulary.groupCount, cost: settings.cost)
        let all = (0..<matrix.rowCount).map { Int32($0) }
        let foldCount = max(settings.folds, 2)
        let kept = (0..<foldCount).map { fold in all.filter { folds[Int($0)] != fold } }
        var part = Part(classes: classes, weights: [], unseenScores: [])
        for number in classes {
            let positive = truths.map { $0 == number }
            let solution = trainer.solve(positive: positive, rows: all)
            part.weights.append(solution.weights)
            var unseen = [Float](repeating: 0, count: matrix.rowCount)
            if settings.folds > 1 {
                for fold in 0..<foldCount {
                    let weights = trainer.solve(positive: positive, rows: kept[fold], from: solution).weights
                    for row in all where folds[Int(row)] == fold {
                        unseen[Int(row)] = margin(Int(row), weights)
                    }
                }
            }
            part.unseenScores.append(unseen)
        }
        return part
    }

    private func margin(_ row: Int, _ weights: [Float]) -> Float {
        var sum = weights[vocabulary.groupCount]
        for index in Int(matrix.starts[row])..<Int(matrix.starts[row + 1]) {
            sum += weights[Int(matrix.columns[index])] * matrix.values[index]
        }
        return sum
    }

    /// For each example, the intents that a model which has not seen it takes for likely.
    func likelyIntents(_ parts: [Part], _ model: IntentModel, share: Float) -> [[Int]] {
        let columns = parts.flatMap(\.unseenScores)
        return (0..<exampleCount).map { row in
            guard settings.folds > 1 else { return [truths[row]] }
            return IntentModel.likely(
                model.calibration.probabilities(columns.map { $0[row] }), share: share)
        }
    }

    /// Puts the parts together; they must cover the classes in order.
    package func model(from parts: [Part]) -> IntentModel {
        let rows = parts.flatMap(\.weights)
        precondition(rows.count == intents.count, "every class is trained exactly once")
        let packed = pack(rows)
        return IntentModel(
            intents: intents, vocabulary: vocabulary, blockWeights: settings.blockWeights,
            starts: packed.starts, classes: packed.classes, weights: packed.weights, scale: packed.scale,
            biases: rows.map { $0[vocabulary.groupCount] }, calibration: calibration(parts),
            exactHashes: exact.map(\.hash), exactIntents: exact.map(\.intent))
    }

    private struct Packed {
        var starts: [Int32] = [0]
        var classes: [UInt16] = []
        var weights: [Int16] = []
        var scale: Float = 1
    }

    /// Weights as multiples of a common step, those nearest to nothing left out.
    private func pack(_ rows: [[Float]]) -> Packed {
        var packed = Packed()
        var largest: Float = 0
        for row in rows {
            for weight in row.dropLast() { largest = max(largest, abs(weight)) }
        }
        packed.scale = largest > 0 ? largest / 32_000 : 1
        let step = 1 / packed.scale
        // Half a percent of the largest: sums come out the same, and the model is a quarter smaller.
        let least = 160 * packed.scale
        var ends = [Int32](repeating: 0, count: vocabulary.groupCount + 1)
        for row in rows {
            for group in 0..<vocabulary.groupCount where abs(row[group]) > least { ends[group + 1] += 1 }
        }
        for group in 0..<vocabulary.groupCount { ends[group + 1] += ends[group] }
        packed.starts = ends
        packed.classes = [UInt16](repeating: 0, count: Int(ends[vocabulary.groupCount]))
        packed.weights = [Int16](repeating: 0, count: packed.classes.count)
        for (number, row) in rows.enumerated() {
            for group in 0..<vocabulary.groupCount where abs(row[group]) > least {
                let place = Int(ends[group])
                packed.classes[place] = UInt16(number)
                packed.weights[place] = Int16((row[group] * step).rounded())
                ends[group] += 1
            }
        }
        return packed
    }

    private func calibration(_ parts: [Part]) -> Calibration {
        guard settings.folds > 1 else { return Calibration(sharpness: 4, threshold: -.infinity) }
        let columns = parts.flatMap(\.unseenScores)
        var scores: [Float] = []
        scores.reserveCapacity(columns.count * exampleCount)
        for row in 0..<exampleCount {
            for column in columns { scores.append(column[row]) }
        }
        return Calibration.fit(
            scores: scores, truths: Array(truths.prefix(exampleCount)), coverages: unseenCoverages(),
            intents: intents.count,
            falseRejection: settings.falseRejection)
    }

    /// The share of each example's characters that other folds know as well.
    private func unseenCoverages() -> [Float] {
        let foldCount = max(settings.folds, 2)
        var inFold = [[Bool]](
            repeating: [Bool](repeating: false, count: vocabulary.groupCount), count: foldCount)
        for row in 0..<matrix.rowCount {
            for index in Int(matrix.starts[row])..<Int(matrix.starts[row + 1]) {
                let group = Int(matrix.columns[index])
                if folds[row] >= 0 {
                    inFold[folds[row]][group] = true
                } else {
                    for fold in 0..<foldCount { inFold[fold][group] = true }
                }
            }
        }
        return (0..<exampleCount).map { row in
            var known = [Float](repeating: 0, count: FeatureBlock.count)
            var total = known
            for index in Int(matrix.starts[row])..<Int(matrix.starts[row + 1]) {
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
