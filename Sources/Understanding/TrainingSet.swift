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
    /// What intents are called, for those whose own name does not say it.
    package var titles: [String: String]

    package init(
        examples: [Example], maskedTypes: [String] = [LexiconEntry.place, "amount"],
        titles: [String: String] = [:]
    ) {
        self.titles = titles
        self.examples = examples
        self.maskedTypes = maskedTypes
    }

    /// The title of an intent, or the words of its name: `CardLost`, `card_lost` and `card.lost` are all "card lost".
    func title(of intent: String) -> String {
        if let title = titles[intent] { return title }
        var words = String.UnicodeScalarView()
        var last: Unicode.Scalar = " "
        for scalar in intent.unicodeScalars {
            let isMark = scalar == "_" || scalar == "." || scalar == "-" || scalar == "|" || scalar == "+"
            let isHump = ("A"..."Z").contains(scalar) && ("a"..."z").contains(last)
            if isMark || isHump { words.append(" ") }
            if !isMark { words.append(scalar) }
            last = scalar
        }
        return String(words)
    }
}
