/// How well the things that texts name were found, type by type.
package struct EntityEvaluation: Equatable, Sendable {
    /// A thing that a text names: one value, or several when the words do not decide between them.
    package struct Mention: Equatable, Sendable {
        package var type: String
        package var values: [String]

        package init(type: String, values: [String]) {
            self.type = type
            self.values = values
        }
    }

    /// What came of one type.
    package struct Share: Equatable, Sendable {
        fileprivate(set) var hits = 0
        fileprivate(set) var expected = 0
        fileprivate(set) var found = 0

        /// Of what the texts name, the share that was found.
        package var recall: Double { expected > 0 ? Double(hits) / Double(expected) : 1 }
        /// Of what was found, the share that the texts name.
        package var precision: Double { found > 0 ? Double(hits) / Double(found) : 1 }
    }

    /// By type, those that at least one text names.
    package private(set) var shares: [String: Share] = [:]

    package init() {}

    /// Counts one text. A thing named twice counts once; one that is undecided hits if the right value is among its values.
    package mutating func add(expected: [Mention], found: [Mention]) {
        var rest = found.reduce(into: [Mention]()) { if !$0.contains($1) { $0.append($1) } }
        for mention in rest { shares[mention.type, default: Share()].found += 1 }
        for mention in expected {
            shares[mention.type, default: Share()].expected += 1
            let hit = rest.firstIndex {
                $0.type == mention.type && !Set($0.values).isDisjoint(with: mention.values)
            }
            guard let hit else { continue }
            rest.remove(at: hit)
            shares[mention.type]?.hits += 1
        }
    }

    /// The types that texts name, in order.
    package var types: [String] { shares.keys.filter { shares[$0]?.expected ?? 0 > 0 }.sorted() }
}
