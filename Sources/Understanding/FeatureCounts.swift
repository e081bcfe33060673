/// How often each feature was met in each class: the estimate of naive Bayes. With few examples a class it knows what the
/// machines, which look for what sets classes apart, have no use for.
///
/// A feature that a class has not met weighs nothing for it; what all classes would get alike is left out.
struct FeatureCounts {
    /// For each class: what being of it is worth before any feature is looked at.
    private(set) var biases: [Float]
    /// Logarithms of the counts, all groups of the first class first.
    private var weights: [Float]
    private let groupCount: Int

    /// What is added to each count.
    private static let addition: Float = 0.1

    /// - Parameter isCounted: whether a row is.
    init(
        _ matrix: TrainingMatrix, _ vocabulary: Vocabulary, _ truths: [Int32], classes: Int,
        where isCounted: (Int) -> Bool
    ) {
        groupCount = vocabulary.groupCount
        weights = [Float](repeating: 0, count: groupCount * classes)
        var totals = [Float](repeating: 0, count: classes)
        // A group of k features gives √k times one member's value, and has k members to count.
        let roots = (0..<groupCount).map { vocabulary.idfs[$0] / vocabulary.factors[$0] }
        var rows = 0
        for row in 0..<matrix.rowCount where isCounted(row) {
            rows += 1
            let number = Int(truths[row])
            for index in matrix.all(row) {
                let group = Int(matrix.columns[index])
                weights[number * groupCount + group] += matrix.values[index] / roots[group]
                totals[number] += matrix.values[index] * roots[group]
            }
        }
        let features = roots.reduce(0) { $0 + $1 * $1 }
        let length = totals.reduce(0, +) / Float(max(rows, 1))
        biases = totals.map {
            -length * Float(ExactMath.log(Double($0 + FeatureCounts.addition * features)))
        }
        for number in 0..<classes {
            for group in 0..<groupCount where weights[number * groupCount + group] > 0 {
                let count = Double(weights[number * groupCount + group] / FeatureCounts.addition)
                weights[number * groupCount + group] = roots[group] * Float(ExactMath.log(1 + count))
            }
        }
    }

    func weight(_ group: Int, _ number: Int) -> Float { weights[number * groupCount + group] }

    /// How well a row fits each class.
    func scores(of row: Int, in matrix: TrainingMatrix) -> [Float] {
        var scores = biases
        for index in matrix.all(row) {
            for number in scores.indices {
                scores[number] += matrix.values[index] * weight(Int(matrix.columns[index]), number)
            }
        }
        return scores
    }
}
