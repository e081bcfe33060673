package import Conversation
import Language

/// Finds the claims that cannot be right among what a question asks: people who have read one ask in its words.
struct ImplausibleIndex: Sendable {
    private struct Claim: Sendable {
        var fact: Int32
        var doubt: Int32
        var keys: Set<UInt64>
    }

    /// Share of a question's terms that a claim holds for it to be what is asked.
    private static let floor: Float = 0.5
    /// Weight that must be shared at least: two or three words that are rare in titles. What everybody asks with is not
    /// enough.
    private static let least: Float = 14
    /// A claim that is asked about this much less than another is not what is meant.
    private static let nearBest: Float = 0.8

    private var claims: [Claim] = []

    init(_ tables: KnowledgeTables, index: FactIndex, titles: TitleIndex) {
        for (number, doubt) in tables.doubts.enumerated() where doubt.kind == .implausible {
            for id in doubt.facts {
                guard let fact = index.number(of: id) else { continue }
                let row = tables.facts[Int(fact)]
                guard row.table != KnowledgeTables.general else { continue }
                let text = [row.insurance, row.condition, row.value + row.unit, doubt.says].joined(
                    separator: "，")
                claims.append(Claim(fact: fact, doubt: Int32(number), keys: Self.keys(text, titles)))
            }
        }
    }

    /// Facts with their doubts.
    func claims(on question: String, titles: TitleIndex, stopWords: StopWords) -> [(
        fact: Int32, doubt: Int32
    )] {
        let scalars = titles.canonical(Normalizer.normalize(question).scalars)
        let asked = Set(
            SearchTerms(scalars[...], kept: stopWords.remaining(scalars)).terms.map(\.key).filter(Self.isWord)
        )
        let total = asked.reduce(Float(0)) { $0 + titles.rarity(of: $1) }
        let found = claims.map { claim in
            (claim, asked.reduce(Float(0)) { claim.keys.contains($1) ? $0 + titles.rarity(of: $1) : $0 })
        }.filter { $0.1 >= Self.least && $0.1 >= Self.floor * total }
        let best = found.map(\.1).max() ?? 0
        return found.filter { $0.1 >= Self.nearBest * best }.map { ($0.0.fact, $0.0.doubt) }
    }

    private static func keys(_ text: String, _ titles: TitleIndex) -> Set<UInt64> {
        let scalars = titles.canonical(Normalizer.normalize(text).scalars)
        return Set(SearchTerms(scalars[...]).terms.map(\.key).filter(isWord))
    }

    /// Two characters or a number; a single character says too little.
    private static func isWord(_ key: UInt64) -> Bool { SearchTerms.isPair(key) || key >> 63 == 1 }
}

extension KnowledgeBase {
    /// The claims that a question is about and that cannot be right, for the place or a wider one.
    package func impossible(on question: String, place: String?) -> [(fact: Fact, doubt: Doubt)] {
        implausible.claims(on: question, titles: searchIndex.titles, stopWords: searchIndex.stopWords).map {
            (fact: facts[Int($0.fact)], doubt: doubts[Int($0.doubt)])
        }.filter { isWithin(place ?? PlaceTree.nation, $0.fact.place) }
    }
}
