/// Tells which intent a text serves, by a linear machine for each intent.
///
/// Weights are kept as small integers, feature by feature, and only for the intents to which a feature
/// matters.
package struct IntentModel: Equatable, Sendable {
    /// In the order of first occurrence among the examples.
    package let intents: [String]
    let vocabulary: Vocabulary
    let blockWeights: [Float]
    /// For each group of the vocabulary, where its weights begin; one more than groups.
    let starts: [Int32]
    let classes: [UInt16]
    let weights: [Int16]
    /// What a weight of one stands for.
    let scale: Float
    let biases: [Float]
    let calibration: Calibration
    /// Hashes of the examples' own texts, ascending, and the intent of each.
    let exactHashes: [UInt64]
    let exactIntents: [UInt16]
    /// The weights of the commonest groups once more, as they are quickest to add.
    private let dense: DenseWeights

    init(
        intents: [String], vocabulary: Vocabulary, blockWeights: [Float], starts: [Int32], classes: [UInt16],
        weights: [Int16], scale: Float, biases: [Float], calibration: Calibration, exactHashes: [UInt64],
        exactIntents: [UInt16]
    ) {
        self.intents = intents
        self.vocabulary = vocabulary
        self.blockWeights = blockWeights
        self.starts = starts
        self.classes = classes
        self.weights = weights
        self.scale = scale
        self.biases = biases
        self.calibration = calibration
        self.exactHashes = exactHashes
        self.exactIntents = exactIntents
        dense = DenseWeights(starts: starts, classes: classes, weights: weights, intents: intents.count)
    }

    /// What was made of one text.
    package struct Decision: Equatable, Sendable {
        package var best: Int
        /// Probability of each intent.
        package var probabilities: [Float]
        package var isRejected: Bool
        /// How strongly the text belongs to any intent: what rejection goes by.
        package var evidence: Float
    }

    /// - Parameter active: features of the text, from the vocabulary.
    func score(_ active: [Vocabulary.Active], into scores: inout [Float]) {
        scores.removeAll(keepingCapacity: true)
        scores.append(contentsOf: biases)
        dense.add(active, scale: scale, to: &scores)
        scores.withUnsafeMutableBufferPointer { scores in
            classes.withUnsafeBufferPointer { classes in
                weights.withUnsafeBufferPointer { weights in
                    for feature in active where feature.group >= dense.groups {
                        let share = feature.value * scale
                        let group = Int(feature.group)
                        for index in Int(starts[group])..<Int(starts[group + 1]) {
                            scores[Int(classes[index])] += share * Float(weights[index])
                        }
                    }
                }
            }
        }
    }

    /// The intent whose example is this very text, nil when none or several are.
    func exactMatch(_ hash: UInt64) -> Int? {
        var low = 0
        var high = exactHashes.count
        while low < high {
            let middle = (low + high) / 2
            if exactHashes[middle] < hash { low = middle + 1 } else { high = middle }
        }
        return low < exactHashes.count && exactHashes[low] == hash ? Int(exactIntents[low]) : nil
    }

    /// The likeliest intents, as many as hold the given share of the probability; four at most.
    static func likely(_ probabilities: [Float], share: Float) -> [Int] {
        var order: [Int] = []
        for index in probabilities.indices {
            var place = order.count
            while place > 0, probabilities[order[place - 1]] < probabilities[index] { place -= 1 }
            guard place < 4 else { continue }
            order.insert(index, at: place)
            if order.count > 4 { order.removeLast() }
        }
        var sum: Float = 0
        var count = 0
        while count < order.count, sum < share {
            sum += probabilities[order[count]]
            count += 1
        }
        return Array(order.prefix(count))
    }

    /// Decides on the scores of a text.
    func decide(_ scores: [Float], coverage: Float, exact: Int?) -> Decision {
        var probabilities = calibration.probabilities(scores)
        var best = 0
        for index in probabilities.indices where probabilities[index] > probabilities[best] { best = index }
        if let exact {
            for index in probabilities.indices { probabilities[index] = index == exact ? 1 : 0 }
            return Decision(best: exact, probabilities: probabilities, isRejected: false, evidence: .infinity)
        }
        let evidence =
            scores.isEmpty
            ? -.infinity
            : Calibration.evidence(margin: scores[best], probability: probabilities[best], coverage: coverage)
        return Decision(
            best: best, probabilities: probabilities,
            isRejected: !(evidence >= calibration.threshold), evidence: evidence)
    }
}
