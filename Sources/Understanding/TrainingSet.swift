/// Examples of what each intent sounds like.
package struct TrainingSet: Sendable {
    package struct Example: Equatable, Sendable {
        package var text: String
        package var intent: String
        /// The parts of the text that fill slots, in Unicode scalars, for learning to find them.
        package var slots: [Evaluation.Span]

        package init(text: String, intent: String, slots: [Evaluation.Span] = []) {
            self.text = text
            self.intent = intent
            self.slots = slots
        }
    }

    package var examples: [Example]
    /// Entity types whose words are replaced by the type alone, so that what was learnt of one place serves
    /// for all.
    package var maskedTypes: [String]

    package init(examples: [Example], maskedTypes: [String] = [LexiconEntry.place, "amount"]) {
        self.examples = examples
        self.maskedTypes = maskedTypes
    }
}
