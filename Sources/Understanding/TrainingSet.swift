/// Examples of what each intent sounds like.
package struct TrainingSet: Sendable {
    package struct Example: Equatable, Sendable {
        package var text: String
        package var intent: String

        package init(text: String, intent: String) {
            self.text = text
            self.intent = intent
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
