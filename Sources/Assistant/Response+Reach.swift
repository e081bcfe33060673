package import Dialogue

extension Response {
    /// What its words hang on; nil for one that works something out, which may hang on anything.
    package var reach: ResponseReach? {
        var parts: [ResponseReach.Part] = []
        for block in blocks {
            var part = ResponseReach.Part(condition: block.condition)
            if block.condition?.sums.isEmpty == false { return nil }
            switch block.content {
            case .text(let templates): part.shown.formUnion(templates.flatMap(\.gaps))
            case .facts(let facts):
                let words = [facts.title, facts.missing].compactMap { $0 }
                part.shown.formUnion(words.flatMap(\.gaps))
                part.consulted.formUnion(facts.topics.flatMap(\.gaps) + facts.narrowing)
                part.consulted.formUnion(facts.slots)
                // A table says for which insurance a figure is unless that is known.
                part.consulted.insert("insurance")
            case .calculation: return nil
            }
            parts.append(part)
        }
        return ResponseReach(parts)
    }
}

extension Outlook {
    /// What the dialogue may see of these responses.
    package init(_ responses: [Response]) {
        let reaches = responses.compactMap { response in response.reach.map { (response.name, $0) } }
        self.init(
            reaches: Dictionary(reaches, uniquingKeysWith: { first, _ in first }),
            sumSlots: World.sumSlots,
            bounds: responses.flatMap { $0.blocks.compactMap(\.condition).flatMap(\.comparisons) })
    }
}

extension Response {
    /// Whether what it says may be another thing with other values of these slots.
    func hangs(on slots: [String]) -> Bool {
        isLookedUp(by: slots)
            || blocks.contains { block in
                switch block.content {
                case .text(let templates): templates.flatMap(\.gaps).contains(where: slots.contains)
                case .facts(let look): look.narrowing.contains(where: slots.contains)
                case .calculation: false
                }
            }
    }

    /// Whether it asks what is known for another value of these slots, and does not only leave out lines of others or name it.
    func isLookedUp(by slots: [String]) -> Bool {
        blocks.contains { block in
            if block.condition?.mentions(NameSet(slots), sums: World.sumSlots) ?? false { return true }
            return switch block.content {
            case .text: false
            case .facts(let look): look.lookedUpBy.contains(where: slots.contains)
            case .calculation: !slots.isEmpty
            }
        }
    }
}

extension FactBlock {
    /// Slots by whose values the facts are looked up.
    var lookedUpBy: [String] {
        slots + topics.flatMap(\.gaps)
    }

    fileprivate var slots: [String] { [place, otherEnd, months, insurance, population].compactMap { $0 } }
}
