package import Conversation

/// Everything that is known, as it stood when the tables were read. Immutable; shared by all threads.
package final class KnowledgeBase: Sendable {
    package let places: PlaceTree
    package let sources: [Source]
    package let facts: [Fact]
    package let doubts: [Doubt]
    /// How sums are worked out, in the order of the table.
    package let calculations: [CalculationRule]
    let ruleIndex: RuleIndex
    /// Each place with what people call it.
    package let placesWithAliases: [(place: Place, aliases: [String])]
    /// A digest of what the tables were read from: another one may mean other answers.
    package let fingerprint: UInt64

    let index: FactIndex
    let searchIndex: SearchIndex
    let claims: ClaimIndex
    let meanings: MeaningIndex
    private let wordings: [KnowledgeTables.WordingKey: FactWording]

    /// Kinds of facts that the tables declare, whether or not a row is of them yet: what may be asked and is not written.
    package var declaredAttributes: [String] { Set(wordings.keys.map(\.attribute)).sorted() }

    private let sourceIndices: [String: Int32]
    private let settledBy: [String: [Fact]]

    /// The tables must have passed their checks: references that lead nowhere are passed over.
    ///
    /// `runner` may do two things at once: indexes over many rows take longest of all.
    package init(_ tables: KnowledgeTables, runner: some PairRunner = InTurn()) {
        let places = PlaceTree(tables.places)
        self.places = places
        placesWithAliases = tables.places.enumerated().map { number, place in
            (place: place, aliases: number < tables.aliases.count ? tables.aliases[number] : [])
        }
        fingerprint = tables.fingerprint
        sources = tables.sources
        facts = tables.facts
        doubts = tables.doubts
        calculations = tables.calculations
        wordings = tables.wordings
        sourceIndices = Dictionary(
            sources.indices.map { (tables.sources[$0].id, Int32($0)) },
            uniquingKeysWith: { first, _ in first })
        let keyed = FactIndex(tables, places: places)
        let groups = SearchGroups(tables, facts: keyed)
        let middle = groups.middle
        let ((completed, first), (named, claimed, second)) = runner.both(
            { (keyed.completed(tables.facts), TermCounts(tables, groups, 0..<middle)) },
            {
                let named = SearchTitles(tables, places: places, facts: keyed)
                return (
                    named, ClaimIndex(tables, index: keyed, titles: named.titles),
                    TermCounts(tables, groups, middle..<groups.all.count)
                )
            })
        index = completed
        let numbers = completed
        let rows = tables.facts
        ruleIndex = RuleIndex(tables.calculations, places) { id in
            numbers.number(of: id).map { rows[Int($0)] }
        }
        settledBy = tables.settledBy.mapValues {
            $0.compactMap { numbers.number(of: $0).map { rows[Int($0)] } }
        }
        searchIndex = SearchIndex(tables, titles: named, texts: SearchTexts(groups, first, second))
        meanings = MeaningIndex(tables, stopWords: searchIndex.stopWords)
        claims = claimed
    }

    package func fact(_ id: String) -> Fact? { index.number(of: id).map { facts[Int($0)] } }

    /// The fact itself, or one that says just the same, for the place or a wider one, in a source that is to be believed
    /// more.
    package func bestSaying(_ fact: Fact, place: String?, asOf date: CivilDate) -> Fact {
        guard let number = index.number(of: fact.id), let attribute = index.word(fact.attribute) else {
            return fact
        }
        let day = FactIndex.day(date)
        let chain = places.index(place ?? PlaceTree.nation).map { places.chain(from: $0) } ?? []
        let same = chain.flatMap { index.facts(topic: 0, attribute: attribute, place: $0) }.filter {
            let (key, other) = (index.keys[Int($0)], facts[Int($0)])
            return key.traits.isEmpty && key.from <= day && key.to >= day && other.value == fact.value
                && other.unit == fact.unit
        }
        let best = same.min { index.keys[Int($0)].rank < index.keys[Int($1)].rank }
        guard let best, index.keys[Int(best)].rank < index.keys[Int(number)].rank else { return fact }
        return facts[Int(best)]
    }

    package func source(_ id: String) -> Source? { sourceIndices[id].map { sources[Int($0)] } }

    // MARK: What there is

    /// The attributes that facts on a topic have, in the order of the tables.
    package func attributes(of topic: String) -> [String] {
        facts.reduce(into: []) { names, fact in
            if fact.topic == topic, !names.contains(fact.attribute) { names.append(fact.attribute) }
        }
    }

    /// Whether any place has a fact on a topic with an attribute.
    package func hasFacts(topic: String, attribute: String) -> Bool {
        facts.contains { $0.topic == topic && $0.attribute == attribute }
    }

    // MARK: Places

    /// The name of a place; the code itself when there is no such place.
    package func name(of code: String) -> String { places.place(code)?.name ?? code }

    /// The code of the place with just this full name; nil when none or several have it.
    package func placeCode(named name: String) -> String? {
        let namesakes = places.places.filter { $0.name == name }
        return namesakes.count == 1 ? namesakes[0].code : nil
    }

    /// The name with the places around it (江苏省南京市鼓楼区), which tells places of one name apart.
    package func label(of code: String) -> String {
        let chain = places.chain(code).filter { $0.level != .nation }
        return chain.isEmpty ? name(of: code) : chain.reversed().map(\.name).joined()
    }

    package func sameProvince(_ first: String, _ second: String) -> Bool {
        guard let province = places.province(of: first) else { return false }
        return province == places.province(of: second)
    }

    /// Whether a place is the container or belongs to it.
    package func isWithin(_ code: String, _ container: String) -> Bool { places.isWithin(code, container) }

    // MARK: Doubts

    /// Doubts that touch one of the facts and concern how to take them, in the order of the table.
    package func doubts(touching facts: [String]) -> [Doubt] {
        doubts(touching: facts.compactMap(index.number))
    }

    /// Whether a doubt says that the fact cannot be right.
    package func isImplausible(_ id: String) -> Bool {
        index.number(of: id).map { index.keys[Int($0)].traits.contains(.implausible) } ?? false
    }

    /// Whether a fact only marks where its source breaks off.
    package func isBrokenOff(_ id: String) -> Bool { fact(id)?.value == FactIndex.brokenOff }

    /// The facts that decide a doubt.
    package func deciding(_ doubt: Doubt) -> [Fact] { settledBy[doubt.id] ?? [] }

    func doubts(touching numbers: [Int32], implausible: Bool = false) -> [Doubt] {
        let doubtful = numbers.filter { index.keys[Int($0)].links.contains(.doubts) }
        return Set(doubtful.flatMap { index.doubts[$0] ?? [] }).sorted().map { doubts[Int($0)] }.filter {
            ($0.kind == .implausible) == implausible
        }
    }

    // MARK: Words

    /// The fact as it is told. With `naming`, people and insurance are said first where the question left
    /// them open and the wording does not say them: 退休：….
    package func render(_ fact: Fact, naming: Naming = []) -> String {
        let wording =
            wordings[KnowledgeTables.WordingKey(table: fact.table, attribute: fact.attribute)] ?? .plain
        let text = wording.filled(with: fact)
        var subject: [String] = []
        if naming.contains(.insurance), !fact.insurance.isEmpty, !wording.tells(.insurance, of: fact) {
            subject.append(fact.insurance)
        }
        if naming.contains(.population), !fact.population.isEmpty, !wording.tells(.population, of: fact) {
            subject.append(fact.population)
        }
        return subject.isEmpty ? text : subject.joined(separator: "，") + "：" + text
    }

    /// What a rendered fact names besides what its wording does.
    package struct Naming: OptionSet, Sendable {
        package let rawValue: Int

        package init(rawValue: Int) { self.rawValue = rawValue }

        package static let insurance = Naming(rawValue: 1)
        package static let population = Naming(rawValue: 2)
        package static let all: Naming = [.insurance, .population]
    }
}
