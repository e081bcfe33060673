package import Conversation

/// The rows of all tables, checked, from which a knowledge base is built.
package struct KnowledgeTables: Sendable {
    package var places: [Place] = []
    /// What people call each place, in the order of `places`; may be left out.
    package var aliases: [[String]] = []
    package var sources: [Source] = []
    /// In the order of the tables, which keeps the order of the sources.
    package var facts: [Fact] = []
    package var doubts: [Doubt] = []
    /// For a doubt, the facts that decide it.
    package var settledBy: [String: [String]] = [:]
    /// For a doubt, the words by which it is asked about, where they were read already.
    package var claimWords: [String: ClaimWords] = [:]
    package var wordings: [WordingKey: FactWording] = [:]
    /// How sums are worked out.
    package var calculations: [CalculationRule] = []
    /// Words that mean the same to someone who searches.
    package var synonyms: [[String]] = []

    /// A digest of what the tables were read from.
    package var fingerprint: UInt64 = 0

    /// The table of what the sources said besides.
    package static let general = "general"

    package init() {}

    /// Whose wording it is.
    package struct WordingKey: Hashable, Sendable {
        package var table: String
        package var attribute: String

        package init(table: String, attribute: String) {
            self.table = table
            self.attribute = attribute
        }
    }
}
