/// The weights of the commonest groups, a row of all classes for each, laid out so that sixteen are added in a step. Nearly every class
/// has a weight for a common feature, and most of what is added for a text is theirs.
struct DenseWeights: Equatable, Sendable {
    typealias Lanes = SIMD16<Float>

    /// Groups that have a row; groups are in the order of frequency.
    let groups: Int
    /// Vectors in a row.
    private let width: Int
    private let rows: [Lanes]

    /// Vectors at most, a megabyte of them.
    private static let most = 1 << 14

    init(starts: [Int32], classes: [UInt16], weights: [Int16], intents: Int) {
        width = (intents + Lanes.scalarCount - 1) / Lanes.scalarCount
        groups = min(starts.count - 1, DenseWeights.most / max(width, 1))
        var rows = [Lanes](repeating: .zero, count: groups * width)
        for group in 0..<groups {
            for index in Int(starts[group])..<Int(starts[group + 1]) {
                let number = Int(classes[index])
                rows[group * width + number / Lanes.scalarCount][number % Lanes.scalarCount] =
                    Float(weights[index])
            }
        }
        self.rows = rows
    }

    /// Adds to the scores what those of the features weigh that have a row.
    func add(_ active: [Vocabulary.Active], scale: Float, to scores: inout [Float]) {
        for column in 0..<width {
            var sum = Lanes.zero
            rows.withUnsafeBufferPointer { rows in
                for feature in active where feature.group < groups {
                    sum += rows[Int(feature.group) &* width &+ column] * (feature.value * scale)
                }
            }
            let first = column * Lanes.scalarCount
            for lane in 0..<min(Lanes.scalarCount, scores.count - first) { scores[first + lane] += sum[lane] }
        }
    }
}
