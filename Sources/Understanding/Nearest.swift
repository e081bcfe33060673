import Language

/// Finds the training examples that are most like a text, to show why it was understood as it was.
package struct NearestExamples: Sendable {
    package struct Neighbour: Equatable, Sendable {
        package var example: TrainingSet.Example
        /// 1 for the same features, 0 for none in common.
        package var similarity: Double
    }

    private let model: UnderstandingModel
    private let examples: [TrainingSet.Example]
    private let rows: [[Vocabulary.Active]]

    package init(_ training: TrainingSet, model: UnderstandingModel) {
        self.model = model
        examples = training.examples
        var workspace = Workspace()
        rows = training.examples.map { model.activeFeatures(of: $0.text, &workspace) }
    }

    /// The `count` nearest examples, nearest first; of equally near ones the earlier.
    package func nearest(to text: String, count: Int) -> [Neighbour] {
        var workspace = Workspace()
        let query = model.activeFeatures(of: text, &workspace)
        var weights = [Float](repeating: 0, count: model.intents.vocabulary.groupCount)
        for feature in query { weights[Int(feature.group)] = feature.value }
        let own = NearestExamples.length(query)
        let found = rows.indices.map { row -> (row: Int, similarity: Float) in
            var sum: Float = 0
            for feature in rows[row] { sum += weights[Int(feature.group)] * feature.value }
            let length = own * NearestExamples.length(rows[row])
            return (row, length > 0 ? sum / length : 0)
        }
        return found.sorted { ($1.similarity, $0.row) < ($0.similarity, $1.row) }.prefix(count).map {
            Neighbour(example: examples[$0.row], similarity: Double($0.similarity))
        }
    }

    private static func length(_ row: [Vocabulary.Active]) -> Float {
        row.reduce(Float(0)) { $0 + $1.value * $1.value }.squareRoot()
    }
}
