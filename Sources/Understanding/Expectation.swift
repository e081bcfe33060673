/// What the pending question asks for. It makes the recognisers more willing, and nothing else: a bare `68`
/// is an age when an age is expected, 和平 a place when a place is.
package struct Expectation: Hashable, Sendable {
    /// Entity types that answer the question, the likeliest first: `place`, `amount`, `age`, `months`,
    /// `years`, `year`, `count`, or a type of the lexicon.
    package var types: [String]
    /// How many choices are on display, so that a bare number may point at one; 0 for none.
    package var choices: Int

    package init(types: [String], choices: Int = 0) {
        self.types = types
        self.choices = choices
    }

    package func wants(_ type: String) -> Bool { types.contains(type) }
}
