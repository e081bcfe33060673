package import Conversation
import Language

/// A source whose title is the very question, and what is to be made of its facts for the asked place.
package struct Article: Sendable {
    package var source: Source
    /// 0…1.
    package var likeness: Double
    /// In the order of the tables.
    package var facts: [ArticleFact]

    package var identifier: String { source.id }
}

/// One fact of an article, and how it is to be told.
package struct ArticleFact: Sendable {
    package enum Standing: Sendable, Equatable {
        case holds
        /// Another source is to be believed.
        case givesWay(to: Fact)
        /// Held once.
        case past
        case upcoming
        /// Cannot be right: with the doubt that says why.
        case ruledOut(Doubt)
        /// The source breaks off before the value.
        case brokenOff
    }

    package var fact: Fact
    package var standing: Standing
}

extension KnowledgeBase {
    /// From here on a title counts as asking the same; set on everyday questions beside the titles that answer them, and
    /// on such that ask something else (see the test that measures it).
    package static let titleFloor = 0.62
    /// From here on a title asks just the same.
    package static let sameTitleFloor = 0.75

    /// Sources that are about the very question, the likest first, with what they say for the place; one that speaks of
    /// other places only has none but its doubts.
    package func articles(
        on question: String, place: String?, asOf date: CivilDate, floor: Double = titleFloor, limit: Int = 2
    ) -> [Article] {
        let asked = place ?? PlaceTree.nation
        let chain = places.index(asked).map { places.chain(from: $0) } ?? []
        let names = chain.flatMap(names)
        let matches = searchIndex.titles.matches(
            Normalizer.normalize(question).scalars, places: names, floor: Float(floor))
        var articles: [Article] = []
        for match in matches {
            guard articles.count < limit else { break }
            let source = sources[Int(match.source)]
            let facts = articleFacts(of: source, place: asked, asOf: date)
            guard !facts.isEmpty else { continue }
            articles.append(Article(source: source, likeness: Double(match.likeness), facts: facts))
        }
        return articles
    }

    /// The source's facts for a place and how each is to be told.
    package func article(_ source: String, place: String, asOf date: CivilDate) -> Article? {
        guard let found = self.source(source) else { return nil }
        let facts = articleFacts(of: found, place: place, asOf: date)
        return facts.isEmpty ? nil : Article(source: found, likeness: 1, facts: facts)
    }

    private func names(of place: Int32) -> [[UInt32]] {
        let (place, aliases) = placesWithAliases[Int(place)]
        return place.level == .nation ? [] : SearchIndex.names(of: place, aliases: aliases)
    }

    private func articleFacts(of source: Source, place: String, asOf date: CivilDate) -> [ArticleFact] {
        let chain = places.index(place).map { places.chain(from: $0) } ?? []
        let day = FactIndex.day(date)
        // An article that names the place and then speaks of others has nothing to say but what is wrong with it.
        let title = Normalizer.normalize(source.title).scalars
        let claimsPlace = chain.contains { names(of: $0).contains { title.holds($0) } }
        return (searchIndex.factsBySource[source.id] ?? []).compactMap { number in
            let fact = facts[Int(number)]
            let key = index.keys[Int(number)]
            if key.traits.contains(.implausible) {
                guard claimsPlace || chain.contains(key.place) else { return nil }
                return doubts(touching: [number], implausible: true).first.map {
                    ArticleFact(fact: fact, standing: .ruledOut($0))
                }
            }
            guard chain.contains(key.place) else { return nil }
            if key.traits.contains(.untold) {
                return fact.flags.contains("off_topic") ? nil : ArticleFact(fact: fact, standing: .brokenOff)
            }
            if let winner = winner(over: number, chain: chain, day: day) {
                return ArticleFact(fact: fact, standing: .givesWay(to: winner))
            }
            if key.to < day || key.traits.contains(.outdated) {
                return ArticleFact(fact: fact, standing: .past)
            }
            return ArticleFact(fact: fact, standing: key.from > day ? .upcoming : .holds)
        }
    }

    /// The fact that supersedes another or decides its doubt, current and for the same place or a wider one.
    private func winner(over number: Int32, chain: [Int32], day: Int32) -> Fact? {
        let candidates = (index.successors[number] ?? []) + (index.settlers[number] ?? [])
        return candidates.first { candidate in
            let key = index.keys[Int(candidate)]
            return key.traits.isEmpty && key.from <= day && key.to >= day && chain.contains(key.place)
        }.map { facts[Int($0)] }
    }
}

// MARK: Meanings

extension KnowledgeBase {
    /// What the words that a question asks about mean: the definitions, with their examples, of the longest terms that it
    /// holds; none when it does not ask for a meaning.
    package func definitions(for question: String, asOf date: CivilDate) -> [Fact] {
        let scalars = Normalizer.normalize(question).scalars
        guard Self.meaningWords.contains(where: { scalars.holds($0) }) else { return [] }
        let text = searchIndex.titles.canonical(scalars)
        let day = FactIndex.day(date)
        let found = facts.enumerated().filter { number, fact in
            let key = index.keys[number]
            return fact.table == "terms" && !fact.condition.isEmpty && key.traits.isEmpty && key.from <= day
                && key.to >= day
                && text.holds(
                    searchIndex.titles.canonical(Normalizer.normalize(fact.condition).scalars))
        }.map(\.element)
        let longest = found.map(\.condition.unicodeScalars.count).max() ?? 0
        return found.filter { $0.condition.unicodeScalars.count == longest }
    }

    /// By these a question asks what a word means.
    private static let meaningWords = [
        "什么是", "是什么", "啥是", "是啥", "啥叫", "什么叫", "什么意思", "啥意思", "怎么理解", "解释",
    ].map { Normalizer.normalize($0).scalars }
}

extension [UInt32] {
    /// Whether the other stands somewhere in it.
    func holds(_ other: [UInt32]) -> Bool {
        guard !other.isEmpty, other.count <= count else { return other.isEmpty }
        return (0...(count - other.count)).contains { self[$0...].starts(with: other) }
    }
}
