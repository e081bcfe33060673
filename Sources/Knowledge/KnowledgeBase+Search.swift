package import Conversation
import Language

/// A source that speaks of what was asked, with its facts about one place.
package struct SearchHit: Sendable {
    package var source: Source
    package var place: String
    /// The source's title; with the place, when the title does not name it.
    package var title: String
    /// Ranks hits of one search.
    package var score: Double
    /// How much of what was asked it speaks of, 0…1.
    package var relevance: Double
    /// The facts that answer the asked insurance and hold now, in the order of the tables.
    package var facts: [Fact]
}

extension KnowledgeBase {
    /// Below this relevance a source does not answer: the floor was set where real questions about this
    /// business and questions about anything else part best (see the test that measures it).
    package static let relevanceFloor = 0.5

    /// What speaks of the text: sources about the place and what it belongs to (about any place, when none is
    /// given), the best first; none when nothing is relevant enough.
    package func search(
        _ text: String, place: String?, insurance: String?, asOf date: CivilDate, limit: Int,
        floor: Double = relevanceFloor
    ) -> [SearchHit] {
        search(
            Normalizer.normalize(text).scalars, place: place, insurance: insurance, asOf: date, limit: limit,
            floor: floor)
    }

    /// As above, for a text that was normalised before.
    package func search(
        _ scalars: [UInt32], place: String?, insurance: String?, asOf date: CivilDate, limit: Int,
        floor: Double = relevanceFloor
    ) -> [SearchHit] {
        let chain = place.flatMap { places.index($0) }.map { places.chain(from: $0) }
        var tally = Tally(searchIndex, chain: chain)
        tally.add(scalars, kept: kept(scalars, chain: chain))
        let insuranceNumber = insurance.flatMap { $0.isEmpty ? nil : index.word($0) ?? -1 }
        let day = FactIndex.day(date)
        var hits: [SearchHit] = []
        for candidate in tally.ranked(chain: chain, floor: floor) {
            guard hits.count < limit else { break }
            let group = searchIndex.groups[candidate.group]
            let current = group.facts.filter {
                isCurrent($0, day, insuranceNumber) && winner(over: $0, chain: chain ?? [], day: day) == nil
            }
            guard !current.isEmpty, let source = source(group.source) else { continue }
            hits.append(
                SearchHit(
                    source: source, place: code(of: group.place), title: title(of: source, at: group.place),
                    score: candidate.score, relevance: candidate.relevance,
                    facts: current.map { facts[Int($0)] }))
        }
        return hits
    }

    private func isCurrent(_ number: Int32, _ day: Int32, _ insurance: Int32?) -> Bool {
        let key = index.keys[Int(number)]
        guard key.traits.isEmpty, key.from <= day, key.to >= day else { return false }
        return insurance.map { key.insurance == 0 || key.insurance == $0 } ?? true
    }

    /// Which scalars are looked for: not the words that only ask, and not the name of the place, which is a
    /// condition.
    private func kept(_ scalars: [UInt32], chain: [Int32]?) -> [Bool] {
        var kept = searchIndex.stopWords.remaining(scalars)
        for place in chain ?? [] {
            let name = Normalizer.normalize(places.places[Int(place)].name).scalars
            // People leave out what kind of division it is.
            for word in [name, name.count > 2 ? Array(name.dropLast()) : name] {
                for start in scalars.indices where scalars[start...].starts(with: word) {
                    for offset in word.indices { kept[start + offset] = false }
                }
            }
        }
        return kept
    }

    private func code(of place: Int32) -> String {
        place >= 0 ? places.places[Int(place)].code : PlaceTree.nation
    }

    private func title(of source: Source, at place: Int32) -> String {
        guard place >= 0, places.places[Int(place)].level != .nation else { return source.title }
        let name = places.places[Int(place)].name
        let short = Array(String(name.unicodeScalars.dropLast()).utf8)
        return source.title.utf8.holds(short) ? source.title : "\(source.title)（\(name)）"
    }
}

/// Scores of one search.
private struct Tally {
    struct Candidate {
        var group: Int
        var score: Double
        var relevance: Double
    }

    /// A term of another word for what was asked counts for less.
    private static let synonymWeight: Float = 0.7
    /// A character that a source holds, but in other words, is hardly spoken of.
    private static let strayWeight: Float = 0.3
    /// A source about the very place goes before one of the province, by this much for each level.
    private static let nearness = 0.15

    private let index: SearchIndex
    /// The groups that may answer, in their order; nil for all. Everything below is by the place in this list.
    private let admitted: [Int32]?
    private var scores: [Float]
    /// How much of the characters up to now each group speaks of, each by how much it means that it occurs.
    private var covered: [Float]
    private var total: Float = 0

    init(_ index: SearchIndex, chain: [Int32]?) {
        self.index = index
        admitted = chain.map { $0.flatMap { index.groupsByPlace[$0] ?? [] }.sorted() }
        scores = [Float](repeating: 0, count: admitted?.count ?? index.groups.count)
        covered = scores
    }

    /// The postings of admitted groups, each with its place in the list.
    private func visit(_ postings: [SearchIndex.Posting], _ body: (Int, SearchIndex.Posting) -> Void) {
        guard let admitted else {
            for posting in postings { body(Int(posting.group), posting) }
            return
        }
        // Both are sorted: each group is looked for behind the one before, in growing steps.
        var low = 0
        for (place, group) in admitted.enumerated() {
            var step = 1
            while low + step < postings.count, postings[low + step].group <= group { step *= 2 }
            var high = min(low + step, postings.count)
            while low < high {
                let middle = (low + high) / 2
                if postings[middle].group < group { low = middle + 1 } else { high = middle }
            }
            guard low < postings.count else { return }
            if postings[low].group == group { body(place, postings[low]) }
        }
    }

    mutating func add(_ scalars: [UInt32], kept: [Bool]) {
        let terms = SearchTerms(scalars[...], kept: kept)
        var seen: Set<UInt64> = []
        for term in terms.terms where seen.insert(term.key).inserted { score(term.key, term.weight) }
        let synonyms = index.synonyms.matches(in: scalars).filter { $0.range.contains { kept[$0] } }
        for match in synonyms {
            for key in match.keys where seen.insert(key).inserted { score(key, Self.synonymWeight) }
        }
        cover(terms, synonyms)
    }

    private mutating func score(_ key: UInt64, _ weight: Float) {
        let postings = index.postings(of: key)
        let significance = index.significance(postings.count) * weight
        // Taken out, so that the closure can change it in place.
        var scores = self.scores
        self.scores = []
        visit(postings) { place, posting in
            scores[place] += index.score(posting, significance: significance)
        }
        self.scores = scores
    }

    /// A character is spoken of where it stands beside its neighbour in the source as it does in the
    /// question. Pairs that only meet at the border of two words are in no source, and cost nothing where
    /// each has its other neighbour.
    private mutating func cover(_ terms: SearchTerms, _ synonyms: [SynonymTable.Match]) {
        var keys = [[UInt64]](repeating: [], count: terms.count)
        var own = [UInt64](repeating: 0, count: terms.count)
        for term in terms.terms {
            if SearchTerms.isPair(term.key) {
                keys[term.position - 1].append(term.key)
                keys[term.position].append(term.key)
            } else {
                own[term.position] = term.key
            }
        }
        for match in synonyms {
            for scalar in match.range where terms.positions[scalar] >= 0 {
                keys[Int(terms.positions[scalar])] += match.keys
            }
        }
        var share = [Float](repeating: 0, count: scores.count)
        // Most groups have none of the terms: only those met are looked at again.
        var met: [Int] = []
        for position in own.indices {
            let postings = index.postings(of: own[position])
            let isWord = own[position] >> 63 == 1
            let significance = index.significance(postings.count)
            total += significance
            visit(postings) { place, _ in
                share[place] = isWord ? 1 : Self.strayWeight
                met.append(place)
            }
            for key in keys[position] {
                visit(index.postings(of: key)) { place, _ in
                    if share[place] == 0 { met.append(place) }
                    share[place] = 1
                }
            }
            for place in met {
                covered[place] += significance * share[place]
                share[place] = 0
            }
            met.removeAll(keepingCapacity: true)
        }
    }

    /// The groups that are relevant enough, best first; of equal ones, the earlier of the tables.
    func ranked(chain: [Int32]?, floor: Double) -> [Candidate] {
        guard total > 0 else { return [] }
        var candidates: [Candidate] = []
        for place in scores.indices where scores[place] > 0 {
            let group = admitted.map { Int($0[place]) } ?? place
            var score = Double(scores[place])
            if let chain {
                guard let level = chain.firstIndex(of: index.groups[group].place) else { continue }
                score *= 1 + Self.nearness * Double(chain.count - 1 - level)
            }
            let relevance = min(Double(covered[place] / total), 1)
            guard relevance >= floor else { continue }
            candidates.append(Candidate(group: group, score: score, relevance: relevance))
        }
        return candidates.sorted { $0.score != $1.score ? $0.score > $1.score : $0.group < $1.group }
    }
}
