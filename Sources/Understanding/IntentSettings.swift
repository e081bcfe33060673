/// What was chosen by measuring, once for all models.
package struct IntentSettings: Equatable, Sendable {
    /// Length of each block's vector: characters, sounds, pieces of words, entity types, pairs, pairs of words.
    package var blockWeights: [Float]
    /// Cost of an error in training.
    package var cost: Float
    /// Parts into which examples are split to score each by a model that has not seen it.
    package var folds: Int
    /// Share of good utterances that may be rejected.
    package var falseRejection: Double

    package init(
        blockWeights: [Float] = [1.2, 0.8, 1.6, 0.4, 1.2, 0.8], cost: Float = 0.7, folds: Int = 4,
        falseRejection: Double = 0.05
    ) {
        self.blockWeights = blockWeights
        self.cost = cost
        self.folds = folds
        self.falseRejection = falseRejection
    }
}
