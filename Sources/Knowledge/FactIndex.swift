import Conversation

/// Facts by what is asked, and beside each fact the few numbers that a query compares.
///
/// Words are numbered once, so that a query compares integers; `postings` gives the facts of a topic and an
/// attribute at a place without looking at any other.
struct FactIndex: Sendable {
    /// What a query compares.
    struct Key: Sendable {
        var place: Int32
        var source: Int32
        var insurance: Int32
        /// Numbered apart from other words: there are few.
        var population: Int32
        /// The only kind of journey for which it holds.
        var journey: Journey?
        /// First and last day as `yyyymmdd`.
        var from: Int32
        var to: Int32
        var traits: Traits
        var links: Links = []
        /// The smaller, the more to be believed.
        var rank: UInt64
    }

    struct Traits: OptionSet, Sendable {
        let rawValue: UInt8

        /// Kept only for comparison with what holds now.
        static let outdated = Traits(rawValue: 1)
        /// A doubt says that it cannot be right.
        static let implausible = Traits(rawValue: 2)
        /// Not about this business, or the source breaks off before the value: never an answer.
        static let untold = Traits(rawValue: 4)
    }

    /// Which of the tables below know the fact; most facts are in none.
    struct Links: OptionSet, Sendable {
        let rawValue: UInt8

        static let doubts = Links(rawValue: 1)
        static let successors = Links(rawValue: 2)
        static let settlers = Links(rawValue: 4)
        static let rivals = Links(rawValue: 8)
    }

    /// The value of rows that mark where a source breaks off.
    static let brokenOff = "资料里没有写到"

    private(set) var keys: [Key] = []
    /// The words for people, by number; the first is the empty one.
    private(set) var populations: [String] = [""]
    /// For a fact, the doubts that touch it.
    private(set) var doubts: [Int32: [Int32]] = [:]
    /// For a fact, those that it gives way to.
    private(set) var successors: [Int32: [Int32]] = [:]
    /// For a fact in doubt, the facts that decide.
    private(set) var settlers: [Int32: [Int32]] = [:]
    /// For a figure, the other figures for just the same thing.
    private(set) var rivals: [Int32: [Int32]] = [:]
    private var words: [String: Int32] = ["": 0]
    private var numbers: [String: Int32] = [:]
    private var postings: [UInt64: [Int32]] = [:]

    /// The keys and what ties facts to one another; `completed` makes it fit for queries.
    init(_ tables: KnowledgeTables, places: PlaceTree) {
        let sources = Dictionary(
            tables.sources.map { ($0.id, SourceStanding($0)) }, uniquingKeysWith: { first, _ in first })
        numbers.reserveCapacity(tables.facts.count)
        keys.reserveCapacity(tables.facts.count)
        var memo = Memo()
        for (number, fact) in tables.facts.enumerated() {
            numbers[fact.id] = Int32(number)
            if memo.source.text != fact.source { memo.standing = sources[fact.source] }
            keys.append(key(of: fact, number: number, places: places, &memo))
        }
        link(tables)
        for number in doubts.keys { keys[Int(number)].links.insert(.doubts) }
        for number in successors.keys { keys[Int(number)].links.insert(.successors) }
        for number in settlers.keys { keys[Int(number)].links.insert(.settlers) }
    }

    /// The same with what queries are looked up by; nothing that the keys tell changes but rivals.
    func completed(_ facts: [Fact]) -> FactIndex {
        var index = self
        var memo = Memo()
        for (number, fact) in facts.enumerated() {
            index.post(fact, number: Int32(number), place: keys[number].place, &memo)
        }
        index.findRivals(among: facts)
        for number in index.rivals.keys { index.keys[Int(number)].links.insert(.rivals) }
        return index
    }

    func number(of id: String) -> Int32? { numbers[id] }

    /// The number of a word; nil when no fact has it.
    func word(_ text: String) -> Int32? { words[text] }

    /// Facts of a topic and an attribute at a place, in the order of the tables; 0 stands for any.
    func facts(topic: Int32, attribute: Int32, place: Int32) -> [Int32] {
        postings[Self.posting(topic, attribute, place)] ?? []
    }

    // MARK: Building

    /// The last words met, with their numbers.
    private struct Memo {
        var topic = (text: "", number: Int32(0))
        var attribute = (text: "", number: Int32(0))
        var source = (text: "", number: Int32(0))
        var insurance = (text: "", number: Int32(0))
        var standing: SourceStanding?
    }

    /// The number of a word, a new one when it is new. Rows that stand together share most words: `memo`
    /// holds the last one of the column.
    private mutating func intern(_ text: String, _ memo: inout (text: String, number: Int32)) -> Int32 {
        if text == memo.text { return memo.number }
        let number = words[text] ?? Int32(words.count)
        words[text] = number
        memo = (text, number)
        return number
    }

    private mutating func internPopulation(_ text: String) -> Int32 {
        if let number = populations.firstIndex(of: text) { return Int32(number) }
        populations.append(text)
        return Int32(populations.count - 1)
    }

    private mutating func key(of fact: Fact, number: Int, places: PlaceTree, _ memo: inout Memo) -> Key {
        var traits: Traits = []
        if fact.flags.contains("outdated") { traits.insert(.outdated) }
        if fact.flags.contains("off_topic") || fact.value == Self.brokenOff { traits.insert(.untold) }
        return Key(
            place: places.index(fact.place) ?? -1, source: intern(fact.source, &memo.source),
            insurance: intern(fact.insurance, &memo.insurance), population: internPopulation(fact.population),
            journey: fact.journey, from: fact.validFrom.map(Self.day) ?? 0,
            to: fact.validTo.map(Self.day) ?? .max, traits: traits,
            rank: Self.rank(of: fact, number: number, source: memo.standing))
    }

    /// What of a source counts when its facts are compared.
    private struct SourceStanding {
        var isSecondHand: Bool
        var authority: UInt64
        var day: Int32

        init(_ source: Source) {
            isSecondHand = source.authority == .reprint || source.authority == .web
            authority = UInt64(source.authority.rank)
            day = source.date.flatMap { CivilDate($0) }.map(FactIndex.day) ?? 0
        }
    }

    /// Official documents and the press go before copies and articles of unknown hand; then what began later,
    /// then the higher authority, then the order of the tables.
    private static func rank(of fact: Fact, number: Int, source: SourceStanding?) -> UInt64 {
        let began = fact.validFrom.map(day) ?? source?.day ?? 0
        let age = 99_999_999 - UInt64(max(began, 0))
        let authority = source?.authority ?? UInt64(Source.Authority.web.rank)
        return (source?.isSecondHand ?? true ? 1 : 0) << 62 | age << 35 | authority << 32 | UInt64(number)
    }

    static func day(_ date: CivilDate) -> Int32 { Int32(date.year * 10_000 + date.month * 100 + date.day) }

    private mutating func post(_ fact: Fact, number: Int32, place: Int32, _ memo: inout Memo) {
        let topic = intern(fact.topic, &memo.topic), attribute = intern(fact.attribute, &memo.attribute)
        postings[Self.posting(topic, attribute, place), default: []].append(number)
        postings[Self.posting(topic, 0, place), default: []].append(number)
        postings[Self.posting(0, attribute, place), default: []].append(number)
        postings[Self.posting(0, 0, place), default: []].append(number)
    }

    private static func posting(_ topic: Int32, _ attribute: Int32, _ place: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: topic)) << 44 | UInt64(UInt32(bitPattern: attribute)) << 24
            | UInt64(UInt32(bitPattern: place + 1))
    }

    /// Figures that cannot stand side by side: equal in all but the value.
    private mutating func findRivals(among facts: [Fact]) {
        var table = TermTable()
        var groups: [[Int32]] = []
        for (number, fact) in facts.enumerated() where !fact.unit.isEmpty {
            let group = table.insert(fact.subjectHash)
            if group == groups.count { groups.append([]) }
            groups[group].append(Int32(number))
        }
        for group in groups where group.count > 1 {
            for number in group {
                let others = group.filter { facts[Int($0)].contradicts(facts[Int(number)]) }
                if !others.isEmpty { rivals[number] = others }
            }
        }
    }

    private mutating func link(_ tables: KnowledgeTables) {
        for (number, fact) in tables.facts.enumerated() {
            for id in fact.supersedes {
                if let old = numbers[id] { successors[old, default: []].append(Int32(number)) }
            }
        }
        for (doubtNumber, doubt) in tables.doubts.enumerated() {
            let deciding = (tables.settledBy[doubt.id] ?? []).compactMap { numbers[$0] }
            for id in doubt.facts {
                guard let number = numbers[id] else { continue }
                doubts[number, default: []].append(Int32(doubtNumber))
                if doubt.kind == .implausible { keys[Int(number)].traits.insert(.implausible) }
                if doubt.kind == .contradiction, !deciding.contains(number) {
                    settlers[number, default: []] += deciding
                }
            }
        }
    }
}

extension Fact {
    /// Whether both give a figure for the same thing, and not the same one.
    fileprivate func contradicts(_ other: Fact) -> Bool {
        value != other.value && unit == other.unit && attribute == other.attribute && topic == other.topic
            && place == other.place && condition == other.condition && insurance == other.insurance
            && population == other.population && step == other.step
    }

    /// Equal for facts about the same thing.
    fileprivate var subjectHash: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for text in [topic, attribute, place, insurance, population, condition, unit] {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01B3 }
            hash = (hash ^ 0xFF) &* 0x0100_0000_01B3
        }
        return hash
    }
}
