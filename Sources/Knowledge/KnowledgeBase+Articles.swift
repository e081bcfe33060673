package import Conversation
import Language

/// A source whose title is the very question, and what is to be made of its facts for the asked place.
package struct Article: Sendable {
    package var source: Source
    /// 0…1.
    package var likeness: Double
    /// Whether the question is its title, word for word: whoever asks so hears what it says, whatever it has of what is asked.
    package var isNamed = false
    /// By topic: what the article speaks of most comes last, since that is what an answer told already; within a topic in
    /// the order of the tables.
    package var facts: [ArticleFact]
    /// Names of other places that it gives facts for; those are never told.
    package var elsewhere: [String] = []

    package var topics: [String] {
        facts.map(\.fact.topic).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    package var identifier: String { source.id }
}

/// One fact of an article, and how it is to be told.
package struct ArticleFact: Sendable {
    package enum Standing: Sendable, Equatable {
        case holds
        /// A better fact took its place.
        case givesWay(to: Fact)
        /// Other sources say otherwise, and something decides; its doubt says what.
        case disputed
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
    package static let titleFloor = 0.55
    /// From here on a title asks just the same.
    package static let sameTitleFloor = 0.7

    /// Sources that are about the very question, the likest first, with what they say for the place; one that speaks of
    /// other places only has none but its doubts.
    package func articles(
        on question: String, place: String?, asOf date: CivilDate, floor: Double = titleFloor, limit: Int = 2
    ) -> [Article] {
        let asked = place ?? PlaceTree.nation
        let chain = places.index(asked).map { places.chain(from: $0) } ?? []
        let names = chain.flatMap(names)
        let asking = Normalizer.normalize(question).scalars
        let matches = searchIndex.titles.matches(asking, places: names, floor: Float(floor))
        var articles: [Article] = []
        for match in matches {
            guard articles.count < limit else { break }
            let source = sources[Int(match.source)]
            guard var article = article(source.id, place: asked, asOf: date) else { continue }
            article.likeness = Double(match.likeness)
            article.isNamed = Normalizer.normalize(source.title).scalars == asking
            articles.append(article)
        }
        return articles
    }

    /// The source's facts for a place and how each is to be told.
    package func article(_ source: String, place: String, asOf date: CivilDate) -> Article? {
        guard let found = self.source(source) else { return nil }
        let facts = articleFacts(of: found, place: place, asOf: date)
        guard !facts.isEmpty else { return nil }
        return Article(
            source: found, likeness: 1, facts: facts, elsewhere: places(of: found.id, outside: place))
    }

    /// Where a source has facts that are neither for the place or a wider one nor for a part of it.
    private func places(of source: String, outside place: String) -> [String] {
        (factNumbers(of: source)).map { facts[Int($0)] }.filter {
            !$0.flags.contains("off_topic") && !isWithin(place, $0.place) && !isPart($0.place, of: place)
        }.map { name(of: $0.place) }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Whether a place lies in another that is not the whole country: its addresses and numbers are of use there.
    private func isPart(_ part: String, of whole: String) -> Bool {
        whole != PlaceTree.nation && isWithin(part, whole)
    }

    private func factNumbers(of source: String) -> [Int32] {
        index.word(source).flatMap { searchIndex.factsBySource[$0] } ?? []
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
        let found = (factNumbers(of: source.id)).compactMap { number -> ArticleFact? in
            let fact = facts[Int(number)]
            let key = index.keys[Int(number)]
            // What has nothing to do with the insurance is never told, right or wrong.
            guard fact.table != KnowledgeTables.general else { return nil }
            if key.traits.contains(.implausible) {
                guard claimsPlace || chain.contains(key.place) else { return nil }
                return doubts(touching: [number], implausible: true).first.map {
                    ArticleFact(fact: fact, standing: .ruledOut($0))
                }
            }
            guard chain.contains(key.place) || isPart(fact.place, of: place) else { return nil }
            if key.traits.contains(.untold) {
                return fact.flags.contains("off_topic") ? nil : ArticleFact(fact: fact, standing: .brokenOff)
            }
            if let winner = winner(over: number, chain: chain, day: day) {
                return ArticleFact(fact: fact, standing: .givesWay(to: winner))
            }
            if key.to < day || key.traits.contains(.outdated) {
                return ArticleFact(fact: fact, standing: .past)
            }
            if key.from > day { return ArticleFact(fact: fact, standing: .upcoming) }
            let isDisputed = !(index.settlers[number] ?? []).isEmpty
            return ArticleFact(fact: fact, standing: isDisputed ? .disputed : .holds)
        }
        return byTopic(found)
    }

    private func byTopic(_ facts: [ArticleFact]) -> [ArticleFact] {
        var groups: [(topic: String, facts: [ArticleFact])] = []
        for told in facts {
            if let index = groups.firstIndex(where: { $0.topic == told.fact.topic }) {
                groups[index].facts.append(told)
            } else {
                groups.append((told.fact.topic, [told]))
            }
        }
        guard let most = groups.map(\.facts.count).max(),
            let last = groups.firstIndex(where: { $0.facts.count == most })
        else { return [] }
        groups.append(groups.remove(at: last))
        return groups.flatMap(\.facts)
    }

    /// Whether other sources say otherwise, and something decides against it.
    package func isSettled(_ fact: Fact) -> Bool {
        guard let number = index.number(of: fact.id) else { return false }
        return !(index.settlers[number] ?? []).isEmpty
    }

    /// The fact that supersedes another, current and for the same place or a wider one.
    func winner(over number: Int32, chain: [Int32], day: Int32) -> Fact? {
        (index.successors[number] ?? []).first { candidate in
            let key = index.keys[Int(candidate)]
            return key.traits.isEmpty && key.from <= day && key.to >= day
                && (chain.contains(key.place) || key.place == index.keys[Int(number)].place)
        }.map { facts[Int($0)] }
    }
}

extension KnowledgeBase {
    /// Whether a better source gives a figure of no place in particular as that of one in which the other does not lie (二档775元 of 重庆).
    package func isOfAnotherPlace(_ fact: Fact, than place: String) -> Bool {
        guard let number = index.number(of: fact.id) else { return false }
        let owners = (index.successors[number] ?? []).map { facts[Int($0)] }.filter {
            $0.place != fact.place && isWithin($0.place, fact.place) && $0.value == fact.value
        }
        return !owners.isEmpty && !owners.contains { isWithin(place, $0.place) }
    }

    /// Whether a fact is of use to someone of a group.
    package func isFact(_ fact: Fact, for population: String) -> Bool {
        Population.answers(fact.population, asked: [population])
    }
}

// MARK: Meanings

extension KnowledgeBase {
    /// What the words that a question asks about mean: the definitions, with their examples, of the longest term that it
    /// holds, else of terms that hold what it asks about; and plain statements on just what it asks (新农合还有没有).
    /// `asksMeaning`: it is known to ask what a word means, in whatever words.
    package func definitions(
        for question: String, asksMeaning: Bool = false, place: String?, asOf date: CivilDate
    ) -> [Fact] {
        let scalars = Normalizer.normalize(question).scalars
        let stated = meanings.statements(on: scalars)
        let asked = meanings.terms(askedIn: scalars, asksMeaning: asksMeaning)
        let found = (stated.isEmpty ? asked : stated).filter {
            let key = index.keys[Int($0)]
            return key.traits.isEmpty && key.from <= FactIndex.day(date) && key.to >= FactIndex.day(date)
        }.map { facts[Int($0)] }
        let near = found.filter { isWithin(place ?? PlaceTree.nation, $0.place) }
        // What a word means holds everywhere, but a figure does not.
        return near.isEmpty
            ? found.filter { fact in !fact.value.utf8.contains { (0x30...0x39).contains($0) } } : near
    }
}

extension [UInt32] {
    /// Whether the other stands somewhere in it.
    func holds(_ other: [UInt32]) -> Bool {
        guard !other.isEmpty, other.count <= count else { return other.isEmpty }
        return (0...(count - other.count)).contains { self[$0...].starts(with: other) }
    }
}
