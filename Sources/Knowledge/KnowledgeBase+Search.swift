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
        let kept = kept(scalars, chain: chain)
        tally.add(scalars, kept: kept)
        let asked = SpokenOf(scalars, kept: kept)
        let insuranceNumber = insurance.flatMap { $0.isEmpty ? nil : index.word($0) ?? -1 }
        let day = FactIndex.day(date)
        // Most of those that speak of it are far behind, and hardly ever are all of the best out of date.
        for count in [min(max(limit, 8), 1 << 20) * 8, .max] {
            let candidates = tally.ranked(chain: chain, floor: floor, limit: count)
            var hits: [SearchHit] = []
            for candidate in candidates where hits.count < limit {
                guard let hit = hit(candidate, chain: chain ?? [], day, insuranceNumber) else { continue }
                if asked.isShort, !hit.facts.contains(where: { asked.isWhole(in: words(of: $0, hit)) }) {
                    continue
                }
                hits.append(hit)
            }
            if hits.count == limit || candidates.count < count { return hits }
        }
        return []
    }

    /// What a fact says with the title of its source, normalised.
    private func words(of fact: Fact, _ hit: SearchHit) -> [UInt32] {
        Normalizer.normalize("\(hit.title) \(fact.topic) \(fact.attribute) \(fact.condition) \(fact.value)")
            .scalars
    }

    /// Of the facts of a hit those that speak most of what was asked; all when none speaks of it.
    package func facts(of hit: SearchHit, on text: String) -> [Fact] {
        let scalars = Normalizer.normalize(text).scalars
        let asked = SpokenOf(scalars, kept: searchIndex.stopWords.remaining(scalars))
        let measures = hit.facts.map {
            asked.measure(in: Normalizer.normalize("\($0.condition) \($0.value)").scalars)
        }
        let best = measures.max() ?? 0
        return best == 0 ? hit.facts : zip(hit.facts, measures).filter { $0.1 * 2 >= best }.map(\.0)
    }

    /// Groups that are looked through at most for facts that name something.
    private static var namingGroups: Int { 12 }

    /// Facts about the place and what it belongs to that name all of some things in so many words, those of the likeliest
    /// source first.
    package func facts(naming things: [String], place: String?, insurance: String?, asOf date: CivilDate)
        -> [Fact]
    {
        let wanted = things.map { searchIndex.synonyms.equals(of: Normalizer.normalize($0).scalars) }
        guard !wanted.isEmpty else { return [] }
        let hits = search(
            things.joined(separator: " "), place: place ?? PlaceTree.nation, insurance: insurance,
            asOf: date, limit: Self.namingGroups)
        return hits.flatMap(\.facts).filter { fact in
            let said = Normalizer.normalize("\(fact.population) \(fact.condition) \(fact.value)").scalars
            return wanted.allSatisfy { names in names.contains { said.holds($0) } }
        }
    }

    private func hit(_ candidate: Tally.Candidate, chain: [Int32], _ day: Int32, _ insurance: Int32?)
        -> SearchHit?
    {
        let group = searchIndex.groups[candidate.group]
        let current = searchIndex.facts(of: candidate.group).filter {
            isCurrent($0, day, insurance) && winner(over: $0, chain: chain, day: day) == nil
        }
        guard !current.isEmpty, let source = source(group.source) else { return nil }
        return SearchHit(
            source: source, place: code(of: group.place), title: title(of: source, at: group.place),
            score: candidate.score, relevance: candidate.relevance, facts: current.map { facts[Int($0)] })
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

        /// Better ones first; of equal ones, the earlier of the tables.
        static func < (a: Candidate, b: Candidate) -> Bool {
            a.score != b.score ? a.score > b.score : a.group < b.group
        }
    }

    /// What is known of one group.
    private struct State {
        /// Which characters it speaks of, and which it only holds, a bit for each.
        var spoken: UInt64 = 0
        var stray: UInt64 = 0
        var score: Float = 0
    }

    /// What of a question a term stands for, and how much it says.
    private struct Wanted {
        var key: UInt64
        var weight: Float
        /// Characters that are spoken of where it occurs, a bit for each.
        var spoken: UInt64 = 0
        /// The same, where only the character itself is known to occur.
        var stray: UInt64 = 0
    }

    /// A term of another word for what was asked counts for less.
    private static let synonymWeight: Float = 0.7
    /// A character that a source holds, but in other words, is hardly spoken of.
    private static let strayWeight: Float = 0.3
    /// A source about the very place goes before one of the province, by this much for each level.
    private static let nearness = 0.15
    /// Characters of a question by which relevance is measured.
    private static let width = 64

    private let index: SearchIndex
    /// The groups that may answer, in their order; nil for all. Everything below is by the place in this list.
    private let admitted: [Int32]?
    private var states: [State]
    /// By character, how much it means that it occurs.
    private var weights: [Float] = []

    init(_ index: SearchIndex, chain: [Int32]?) {
        self.index = index
        admitted = chain.map { $0.flatMap { index.groupsByPlace[$0] ?? [] }.sorted() }
        states = [State](repeating: State(), count: admitted?.count ?? index.groups.count)
    }

    /// A character is spoken of where it stands beside its neighbour in the source as it does in the
    /// question. Pairs that only meet at the border of two words are in no source, and cost nothing where
    /// each has its other neighbour.
    mutating func add(_ scalars: [UInt32], kept: [Bool]) {
        let terms = SearchTerms(scalars[...], kept: kept)
        var wanted: [Wanted] = []
        var numbers: [UInt64: Int] = [:]
        func want(_ key: UInt64, _ weight: Float, spoken: UInt64 = 0, stray: UInt64 = 0) {
            let number = numbers[key] ?? wanted.count
            if number == wanted.count {
                numbers[key] = number
                wanted.append(Wanted(key: key, weight: weight))
            }
            wanted[number].spoken |= spoken
            wanted[number].stray |= stray
        }
        weights = [Float](repeating: 0, count: min(terms.count, Self.width))
        for term in terms.terms {
            if SearchTerms.isPair(term.key) {
                want(term.key, term.weight, spoken: Self.bit(term.position) | Self.bit(term.position - 1))
                continue
            }
            let isWord = term.key >> 63 == 1
            let bit = Self.bit(term.position)
            want(term.key, term.weight, spoken: isWord ? bit : 0, stray: isWord ? 0 : bit)
            if term.position < Self.width {
                weights[term.position] = index.significance(index.postings(of: term.key).count)
            }
        }
        for match in index.synonyms.matches(in: scalars) where match.range.contains(where: { kept[$0] }) {
            let bits = match.range.reduce(UInt64(0)) { bits, scalar in
                terms.positions[scalar] < 0 ? bits : bits | Self.bit(Int(terms.positions[scalar]))
            }
            for key in match.keys { want(key, Self.synonymWeight, spoken: bits) }
        }
        for term in wanted { count(term) }
    }

    private static func bit(_ position: Int) -> UInt64 { position < width ? 1 << UInt64(position) : 0 }

    private mutating func count(_ term: Wanted) {
        let postings = index.postings(of: term.key)
        let significance = index.significance(postings.count) * term.weight
        let admitted = admitted
        postings.withUnsafeBufferPointer { postings in
            states.withUnsafeMutableBufferPointer { states in
                Self.visit(postings, admitted) { place, posting in
                    states[place].score += significance * posting.impact
                    states[place].spoken |= term.spoken
                    states[place].stray |= term.stray
                }
            }
        }
    }

    /// The postings of admitted groups, each with its place in the list.
    @inline(__always)
    private static func visit(
        _ postings: UnsafeBufferPointer<SearchIndex.Posting>, _ admitted: [Int32]?,
        _ body: (Int, SearchIndex.Posting) -> Void
    ) {
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

    /// The groups that are relevant enough, best first, the best ones when there are more than `limit`.
    func ranked(chain: [Int32]?, floor: Double, limit: Int) -> [Candidate] {
        let total = weights.reduce(0, +)
        guard total > 0 else { return [] }
        let sums = MaskSums(weights)
        var best: [Candidate] = []
        // What the last of the best has; nothing below is looked at once they are enough.
        var bar = 0.0
        let most = 1 + Self.nearness * Double(chain?.count ?? 0)
        for (place, state) in states.enumerated() where Double(state.score) * most > bar {
            var score = Double(state.score)
            let group = admitted.map { Int($0[place]) } ?? place
            if let chain {
                guard let level = chain.firstIndex(of: index.groups[group].place) else { continue }
                score *= 1 + Self.nearness * Double(chain.count - 1 - level)
            }
            guard score > bar else { continue }
            let covered =
                sums.sum(of: state.spoken)
                + sums.sum(of: state.stray & ~state.spoken) * Self.strayWeight
            let relevance = min(Double(covered / total), 1)
            guard relevance >= floor else { continue }
            best.append(Candidate(group: group, score: score, relevance: relevance))
            if limit < Int.max / 2, best.count >= 2 * limit {
                best.sort(by: <)
                best.removeLast(best.count - limit)
                bar = best[limit - 1].score
            }
        }
        best.sort(by: <)
        return best.count > limit ? Array(best.prefix(limit)) : best
    }
}

/// Sums of weights by the bits of a mask, a byte at a time.
private struct MaskSums {
    private var sums: [Float] = []
    private let bytes: Int

    init(_ weights: [Float]) {
        bytes = (weights.count + 7) / 8
        sums = [Float](repeating: 0, count: bytes * 256)
        for byte in 0..<bytes {
            for mask in 1..<256 {
                let position = byte * 8 + mask.trailingZeroBitCount
                let weight = position < weights.count ? weights[position] : 0
                sums[byte * 256 + mask] = sums[byte * 256 + (mask & (mask - 1))] + weight
            }
        }
    }

    func sum(of mask: UInt64) -> Float {
        var sum: Float = 0
        for byte in 0..<bytes { sum += sums[byte * 256 + Int(mask >> UInt64(byte * 8) & 0xFF)] }
        return sum
    }
}
