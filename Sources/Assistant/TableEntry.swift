import Conversation

/// A row of a table: a figure, for whom and when it holds, and the facts that say so.
struct TableEntry {
    let attribute: String
    let value: String
    /// Whom it is for.
    private let who: String
    /// When it holds, part by part.
    private let parts: [String]
    private(set) var facts: [Fact]

    init(_ fact: Fact, namesInsurance: Bool) {
        who = [namesInsurance ? fact.insurance : "", fact.population].filter { !$0.isEmpty }
            .joined(separator: " ")
        attribute = fact.attribute
        value = fact.value + fact.unit
        parts = fact.condition.split(separator: "，").map(String.init)
        facts = [fact]
    }

    var subject: String { ([who] + parts).filter { !$0.isEmpty }.joined(separator: "，") }

    /// Whether it says of all that the other is for, and of the same people, the same.
    private func covers(_ other: TableEntry) -> Bool {
        attribute == other.attribute && value == other.value && who == other.who
            && parts.allSatisfy(other.parts.contains)
    }

    /// One row for what several sources say alike. What one says in general and another of one case (在职 70%; 在职、其他医院
    /// 70%) stands with the case, of which both say it.
    static func merged(_ entries: [TableEntry]) -> [TableEntry] {
        var rows: [TableEntry] = []
        for entry in entries {
            if let same = rows.firstIndex(where: { entry.covers($0) && $0.covers(entry) }) {
                rows[same].facts += entry.facts
            } else {
                rows.append(entry)
            }
        }
        for entry in rows {
            guard let place = rows.firstIndex(where: { entry.covers($0) && $0.covers(entry) }),
                let narrower = rows.indices.first(where: { index in
                    entry.covers(rows[index]) && !rows[index].covers(entry)
                        && !rows[index].facts.contains { fact in
                            entry.facts.contains { $0.source == fact.source }
                        }
                })
            else { continue }
            rows[narrower].facts += rows[place].facts
            rows.remove(at: place)
        }
        return rows
    }
}
