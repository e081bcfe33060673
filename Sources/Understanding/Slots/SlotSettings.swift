/// What was chosen by measuring, once for all slot models.
package struct SlotSettings: Equatable, Sendable {
    /// Strength of the pull of all weights towards nothing (one over the variance of a weight).
    package var decay: Double
    /// Features that fewer tokens have are left out.
    package var rarest: Int
    /// Steps of the minimiser at most.
    package var steps: Int
    /// Ends when ten steps gain less than this share of the loss.
    package var tolerance: Double
    /// Intents are taken for likely until they hold this share of the probability.
    package var likelihood: Float

    package init(
        decay: Double = 0.3, rarest: Int = 2, steps: Int = 80, tolerance: Double = 5e-3,
        likelihood: Float = 0.9
    ) {
        self.decay = decay
        self.rarest = rarest
        self.steps = steps
        self.tolerance = tolerance
        self.likelihood = likelihood
    }
}
