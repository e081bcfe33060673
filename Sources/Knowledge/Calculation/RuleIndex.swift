import Conversation

/// The rules for sums by what is worked out and the place that they are for, with the days between which they hold.
struct RuleIndex: Sendable {
    struct Entry: Sendable {
        let rule: CalculationRule
        /// The first of its figures that ends, and the last.
        let firstEnd: CivilDate?
        let lastEnd: CivilDate?
        /// The last of its figures that begins.
        let lastStart: CivilDate?

        func hasEnded(on date: CivilDate) -> Bool {
            // Another reading is told as such, however old it is.
            rule.standing != .other && firstEnd.map { $0 < date } ?? false
        }

        func holds(on date: CivilDate) -> Bool {
            rule.standing == .other || !hasEnded(on: date) && !(lastStart.map { $0 > date } ?? false)
        }
    }

    private struct Key: Hashable {
        let sum: CalculationRule.Sum
        /// Index in the tree.
        let place: Int32
    }

    private let entries: [Key: [Entry]]

    init(_ rules: [CalculationRule], _ places: PlaceTree, fact: (String) -> Fact?) {
        var entries: [Key: [Entry]] = [:]
        for rule in rules {
            guard let place = places.index(rule.place) else { continue }
            let facts = rule.figures.compactMap(fact)
            let ends = facts.compactMap(\.validTo)
            entries[Key(sum: rule.sum, place: place), default: []].append(
                Entry(
                    rule: rule, firstEnd: ends.min(), lastEnd: ends.max(),
                    lastStart: facts.compactMap(\.validFrom).max()))
        }
        self.entries = entries
    }

    /// In the order of the table.
    func rules(for sum: CalculationRule.Sum, at place: Int32) -> [Entry] {
        entries[Key(sum: sum, place: place)] ?? []
    }
}
