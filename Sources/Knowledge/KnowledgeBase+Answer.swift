import Conversation

extension KnowledgeBase {
    /// The facts that answer a query: those of the most specific place that has any, never those of another
    /// place; current ones only; of several that disagree the one that is to be believed, where something
    /// decides.
    package func answer(_ query: FactQuery) -> FactAnswer {
        let lookup = Lookup(self, query)
        lookup.run()
        return lookup.answer()
    }
}

extension KnowledgeBase {
    /// Pairs of current figures for just the same thing that differ, and that no doubt and no `supersedes`
    /// settles; by number, each pair once.
    package func contradictions() -> [(Int, Int)] {
        var pairs: [(Int, Int)] = []
        for number in facts.indices {
            for other in index.rivals[Int32(number)] ?? []
            where other > number && isUnsettled(number, Int(other)) {
                pairs.append((number, Int(other)))
            }
        }
        return pairs
    }

    private func isUnsettled(_ first: Int, _ second: Int) -> Bool {
        let (a, b) = (index.keys[first], index.keys[second])
        guard a.traits.isEmpty, b.traits.isEmpty, a.from <= b.to, b.from <= a.to else { return false }
        let isSuperseded =
            facts[first].supersedes.contains(facts[second].id)
            || facts[second].supersedes.contains(facts[first].id)
        let shared = Set(index.doubts[Int32(first)] ?? []).intersection(index.doubts[Int32(second)] ?? [])
        return !isSuperseded && shared.isEmpty
    }
}

/// One query under way. Facts are numbers until the answer is written.
private final class Lookup {
    let knowledge: KnowledgeBase
    let query: FactQuery
    private let index: FactIndex
    private let chain: [Int32]
    private let day: Int32
    private let insurance: Int32?
    /// For each word for people, whether facts for them answer.
    private let admitted: [Bool]
    private let about: [[UInt8]]
    private let notAbout: [[UInt8]]

    private var chosen: [Int32] = []
    private var scope: Int32?
    private var givesWay: [(Int32, Int32)] = []
    private var past: [Int32] = []
    private var upcoming: [Int32] = []
    private var implausible: [Int32] = []

    init(_ knowledge: KnowledgeBase, _ query: FactQuery) {
        self.knowledge = knowledge
        self.query = query
        index = knowledge.index
        let place =
            knowledge.places.index(query.place ?? PlaceTree.nation)
            ?? knowledge.places.index(PlaceTree.nation)
        chain = place.map { knowledge.places.chain(from: $0) } ?? []
        day = FactIndex.day(query.asOf)
        // An insurance that no fact has shuts out all but the facts for everybody.
        insurance = query.insurance.flatMap { $0.isEmpty ? nil : knowledge.index.word($0) ?? -1 }
        admitted =
            query.populations.isEmpty
            ? []
            : knowledge.index.populations.map { Population.answers($0, asked: query.populations) }
        about = query.about.map { Array($0.utf8) }
        notAbout = query.notAbout.map { Array($0.utf8) }
    }

    func run() {
        if !query.identifiers.isEmpty { return takeNamed() }
        let topics = numbers(of: query.topics), attributes = numbers(of: query.attributes)
        for place in chain {
            let current = sift(candidates(topics, attributes, at: place))
            let standing = settle(current)
            guard !standing.isEmpty else { continue }
            if scope == nil { scope = place }
            chosen += ordered(standing)
            if !query.combinesLevels { return }
        }
    }

    private func takeNamed() {
        let wanted = query.identifiers.compactMap(index.number).filter { number in
            query.place == nil || chain.contains(index.keys[Int(number)].place)
        }
        chosen = settle(sift(wanted))
        // The narrowest of their places; without a place in the question, that of the first.
        scope =
            chain.first { place in chosen.contains { index.keys[Int($0)].place == place } }
            ?? chosen.first.map { index.keys[Int($0)].place }
    }

    // MARK: Candidates

    /// The numbers of the words; one 0, for any, when there are none. Words that no fact has are left out.
    private func numbers(of words: [String]) -> [Int32] {
        words.isEmpty ? [0] : words.compactMap(index.word)
    }

    private func candidates(_ topics: [Int32], _ attributes: [Int32], at place: Int32) -> [Int32] {
        var found: [Int32] = []
        for topic in topics {
            for attribute in attributes {
                found += index.facts(topic: topic, attribute: attribute, place: place)
            }
        }
        return topics.count * attributes.count > 1 ? found.sorted() : found
    }

    /// Keeps what answers and holds on the day; the rest goes where it belongs.
    private func sift(_ candidates: [Int32]) -> [Int32] {
        candidates.filter { number in
            let key = index.keys[Int(number)]
            guard !key.traits.contains(.untold), matches(number, key) else { return false }
            if key.traits.contains(.implausible) {
                implausible.append(number)
                return false
            }
            if key.to < day || key.traits.contains(.outdated) {
                past.append(number)
                return query.includesPast
            }
            if key.from > day {
                upcoming.append(number)
                return false
            }
            return true
        }
    }

    private func matches(_ number: Int32, _ key: FactIndex.Key) -> Bool {
        if let insurance, key.insurance != 0, key.insurance != insurance { return false }
        if query.ownInsuranceOnly, key.insurance == 0 { return false }
        if let journey = query.journey, key.journey.map({ $0 != journey }) ?? false { return false }
        guard admitted.isEmpty || admitted[Int(key.population)] else { return false }
        if let months = query.months, !knowledge.facts[Int(number)].holds(for: months) { return false }
        if about.isEmpty, notAbout.isEmpty { return true }
        let condition = knowledge.facts[Int(number)].condition.utf8
        return (about.isEmpty || about.contains { condition.holds($0) })
            && !notAbout.contains { condition.holds($0) }
    }

    // MARK: Disagreement

    /// Puts aside what gives way: to a fact that supersedes it, to one that decides their doubt, to a better
    /// figure for just the same thing.
    private func settle(_ current: [Int32]) -> [Int32] {
        var standing: [Int32] = []
        for number in current {
            if let successor = successor(of: number) {
                givesWay.append((number, successor))
            } else {
                standing.append(number)
            }
        }
        let candidates = standing
        standing.removeAll { number in
            guard
                let winner = settler(of: number, among: candidates) ?? better(than: number, among: candidates)
            else {
                return false
            }
            givesWay.append((number, winner))
            return true
        }
        return standing
    }

    private func has(_ link: FactIndex.Links, _ number: Int32) -> Bool {
        index.keys[Int(number)].links.contains(link)
    }

    /// The fact that supersedes another: current, and of this place or one that it belongs to; of several, one that holds in the case.
    private func successor(of number: Int32) -> Int32? {
        guard has(.successors, number) else { return nil }
        let found =
            index.successors[number]?.filter { successor in
                let key = index.keys[Int(successor)]
                return key.from <= day && key.to >= day && key.traits.isEmpty
                    && (chain.contains(key.place) || key.place == index.keys[Int(number)].place)
            } ?? []
        let inCase = found.filter { successor in
            query.months.map { knowledge.facts[Int(successor)].holds(for: $0) } ?? true
        }
        return (inCase.isEmpty ? found : inCase).min { index.keys[Int($0)].rank < index.keys[Int($1)].rank }
    }

    private func settler(of number: Int32, among candidates: [Int32]) -> Int32? {
        guard has(.settlers, number) else { return nil }
        return index.settlers[number]?.first(where: candidates.contains)
    }

    private func better(than number: Int32, among candidates: [Int32]) -> Int32? {
        guard has(.rivals, number) else { return nil }
        // A source that gives two figures for one thing is no better than itself: both are told.
        return index.rivals[number]?.filter { other in
            index.keys[Int(other)].rank < index.keys[Int(number)].rank && candidates.contains(other)
                && index.keys[Int(other)].source != index.keys[Int(number)].source
        }.min { index.keys[Int($0)].rank < index.keys[Int($1)].rank }
    }

    // MARK: The answer

    /// The source that is to be believed most first; within a source as the table has it.
    private func ordered(_ numbers: [Int32]) -> [Int32] {
        var best: [Int32: UInt64] = [:]
        for number in numbers {
            let key = index.keys[Int(number)]
            best[key.source] = min(best[key.source] ?? key.rank, key.rank)
        }
        guard best.count > 1 else { return numbers }
        return numbers.map { (best[index.keys[Int($0)].source] ?? 0, $0) }.sorted { $0 < $1 }.map(\.1)
    }

    func answer() -> FactAnswer {
        let kept = chosen.prefix(query.limit)
        let asked = query.place
        let scopeCode = scope.flatMap { $0 >= 0 ? knowledge.places.places[Int($0)].code : nil }
        var answer = FactAnswer(scope: scopeCode ?? asked ?? PlaceTree.nation, askedPlace: asked)
        answer.facts = facts(kept)
        answer.givesWay = givesWay.map { (fact: knowledge.facts[Int($0)], by: knowledge.facts[Int($1)]) }
        answer.past = facts(past[...])
        answer.upcoming = facts(upcoming[...])
        answer.doubts = knowledge.doubts(touching: Array(kept))
        answer.ruledOut = knowledge.doubts(touching: implausible, implausible: true)
        answer.implausible = implausible.compactMap { number in
            knowledge.doubts(touching: [number], implausible: true).first.map {
                (fact: knowledge.facts[Int(number)], doubt: $0)
            }
        }
        return answer
    }

    private func facts(_ numbers: ArraySlice<Int32>) -> [Fact] { numbers.map { knowledge.facts[Int($0)] } }
}

extension String.UTF8View {
    /// Whether the bytes occur in the text.
    package func holds(_ needle: [UInt8]) -> Bool {
        guard let first = needle.first else { return true }
        let length = needle.count
        let found = withContiguousStorageIfAvailable { text -> Bool in
            guard text.count >= length else { return false }
            for start in 0...(text.count - length) where text[start] == first {
                if (1..<length).allSatisfy({ text[start + $0] == needle[$0] }) { return true }
            }
            return false
        }
        // Every native string has storage; there are no others where nothing is bridged.
        return found ?? false
    }
}
