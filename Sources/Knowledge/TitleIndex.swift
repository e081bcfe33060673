import Conversation
import Language

/// How much a question and the title of a source are the same question.
///
/// People ask in nearly the words of the articles that they find, and a title says what its whole source is about. So a
/// title that the question covers, and that covers the question, says more than any count of words in the text. Both are
/// compared character by character, each by how rare it is in titles: a character counts as covered where it stands
/// beside the same neighbour in the other. Words that mean the same are one word, and the name of a place is a condition
/// and no part of what is asked.
struct TitleIndex: Sendable {
    struct Match: Sendable {
        var source: Int32
        /// 0…1; the harmonic mean of how much of each the other covers.
        var likeness: Float
    }

    private struct Title: Sendable {
        var weights: [Float]
        /// Positions that count: not those of the names of the places that the source speaks of.
        var counted: UInt64
        var total: Float
    }

    private struct Posting: Sendable {
        var source: Int32
        /// Where in the title; a pair has the place of its second character.
        var position: UInt8
    }

    /// A character that both hold, but among others.
    private static let stray: Float = 0.3
    /// Positions of a title or question that are looked at.
    private static let width = 64

    /// Characters of a question up to which all of it matters, and what counts as all.
    private static let short = 3
    private static let whole: Float = 0.9

    private let canon: CanonicalWords
    private let stopWords: StopWords
    private var titles: [Title] = []
    /// The titles as they are.
    private let texts: [[UInt32]]
    private var numbers = TermTable()
    private var postings: [[Posting]] = []

    /// `names` gives, for each source, the names of the places that its facts are for.
    init(_ sources: [Source], synonyms: [[String]], stopWords: StopWords, names: [[[UInt32]]]) {
        canon = CanonicalWords(synonyms)
        self.stopWords = stopWords
        texts = sources.map { Normalizer.normalize($0.title).scalars }
        let canonical = texts.map(canon.replaced)
        let terms = canonical.map { SearchTerms($0[...], kept: stopWords.remaining($0)) }
        for (number, title) in terms.enumerated() { post(title, of: number) }
        for (number, title) in terms.enumerated() {
            let hidden = Self.positions(of: names[number], in: canonical[number], title)
            titles.append(weighed(title, hidden: hidden))
        }
    }

    /// Titles that a question is like, the likest first; of equal ones the earlier of the table.
    func matches(_ question: [UInt32], places: [[UInt32]], floor: Float) -> [Match] {
        let scalars = canon.replaced(question)
        let terms = SearchTerms(scalars[...], kept: stopWords.remaining(scalars))
        guard terms.count > 0 else { return [] }
        let asked = weighed(terms, hidden: Self.positions(of: places, in: scalars, terms))
        var cover: [Int32: Cover] = [:]
        for term in terms.terms where term.position < Self.width {
            guard let number = numbers.number(of: term.key) else { continue }
            let isStrong = SearchTerms.isPair(term.key) || term.key >> 63 == 1
            for posting in postings[number] {
                cover[posting.source, default: Cover()].add(
                    question: term.position, title: Int(posting.position),
                    width: SearchTerms.isPair(term.key) ? 2 : 1, isStrong: isStrong)
            }
        }
        let found = cover.compactMap { source, cover -> Match? in
            let title = titles[Int(source)]
            let precision = Self.share(of: title, cover.title, cover.titleStray)
            let recall = Self.share(of: asked, cover.question, cover.questionStray)
            guard precision + recall > 0 else { return nil }
            // Of a short question a title that leaves anything out is about something else (要补多少钱).
            if terms.count <= Self.short, recall < Self.whole { return nil }
            let likeness = 2 * precision * recall / (precision + recall)
            return likeness >= floor ? Match(source: source, likeness: likeness) : nil
        }
        // Titles that differ only in words that mean the same, or in the place: the one in the very words comes first.
        let ranked = found.map { ($0, Self.shared(question, texts[Int($0.source)])) }
        return ranked.sorted { a, b in
            if a.0.likeness != b.0.likeness { return a.0.likeness > b.0.likeness }
            return a.1 != b.1 ? a.1 > b.1 : a.0.source < b.0.source
        }.map(\.0)
    }

    /// Pairs of neighbours that both texts hold, less those that only the title holds.
    private static func shared(_ question: [UInt32], _ title: [UInt32]) -> Int {
        let asked = Set(zip(question, question.dropFirst()).map { UInt64($0) << 32 | UInt64($1) })
        return zip(title, title.dropFirst()).reduce(0) {
            $0 + (asked.contains(UInt64($1.0) << 32 | UInt64($1.1)) ? 2 : -1)
        }
    }

    /// A text with words that mean the same as one word.
    func canonical(_ scalars: [UInt32]) -> [UInt32] { canon.replaced(scalars) }

    /// Which positions of a question and of a title the other covers.
    private struct Cover {
        var question: UInt64 = 0
        var questionStray: UInt64 = 0
        var title: UInt64 = 0
        var titleStray: UInt64 = 0

        mutating func add(question: Int, title: Int, width: Int, isStrong: Bool) {
            for offset in 0..<width {
                let (q, t) = (UInt64(1) << UInt64(question - offset), UInt64(1) << UInt64(title - offset))
                if isStrong {
                    self.question |= q
                    self.title |= t
                } else {
                    questionStray |= q
                    titleStray |= t
                }
            }
        }
    }

    private static func share(of title: Title, _ covered: UInt64, _ stray: UInt64) -> Float {
        guard title.total > 0 else { return 0 }
        var sum: Float = 0
        for (position, weight) in title.weights.enumerated() where title.counted >> UInt64(position) & 1 == 1
        {
            if covered >> UInt64(position) & 1 == 1 {
                sum += weight
            } else if stray >> UInt64(position) & 1 == 1 {
                sum += weight * Self.stray
            }
        }
        return sum / title.total
    }

    // MARK: Building

    private mutating func post(_ title: SearchTerms, of source: Int) {
        for term in title.terms where term.position < Self.width {
            let number = numbers.insert(term.key)
            if number == postings.count { postings.append([]) }
            postings[number].append(Posting(source: Int32(source), position: UInt8(term.position)))
        }
    }

    private func weighed(_ terms: SearchTerms, hidden: UInt64) -> Title {
        var weights = [Float](repeating: 0, count: min(terms.count, Self.width))
        for term in terms.terms where !SearchTerms.isPair(term.key) && term.position < Self.width {
            let count = numbers.number(of: term.key).map { postings[$0].count } ?? 0
            weights[term.position] = rarity(count)
        }
        let counted = ~hidden
        let total = weights.indices.reduce(Float(0)) {
            counted >> UInt64($1) & 1 == 1 ? $0 + weights[$1] : $0
        }
        return Title(weights: weights, counted: counted, total: total)
    }

    /// How much it says that a term occurs.
    func rarity(of key: UInt64) -> Float { rarity(numbers.number(of: key).map { postings[$0].count } ?? 0) }

    /// Rarer characters say more; the commonest still say something.
    private func rarity(_ count: Int) -> Float {
        1 + SearchIndex.logarithm(1 + Float(256) / Float(count + 1))
    }

    private static func positions(of names: [[UInt32]], in scalars: [UInt32], _ terms: SearchTerms) -> UInt64
    {
        var hidden: UInt64 = 0
        for name in names where !name.isEmpty {
            for start in scalars.indices where scalars[start...].starts(with: name) {
                for scalar in start..<start + name.count {
                    let position = terms.positions[scalar]
                    if position >= 0, position < Int32(width) { hidden |= 1 << UInt64(position) }
                }
            }
        }
        return hidden
    }
}

/// One word for all that mean the same: the first of each group of synonyms.
struct CanonicalWords: Sendable {
    private var byFirst: [UInt32: [(word: [UInt32], canon: [UInt32])]] = [:]

    init(_ groups: [[String]]) {
        for group in groups {
            let words = group.map { Normalizer.normalize($0).scalars }.filter { !$0.isEmpty }
            guard let canon = words.first else { continue }
            for word in words { byFirst[word[0], default: []].append((word, canon)) }
        }
        for key in byFirst.keys { byFirst[key]?.sort { $0.word.count > $1.word.count } }
    }

    /// The text with each word replaced; of overlapping words the first and longest.
    func replaced(_ scalars: [UInt32]) -> [UInt32] {
        guard !byFirst.isEmpty else { return scalars }
        var text: [UInt32] = []
        text.reserveCapacity(scalars.count)
        var index = 0
        while index < scalars.count {
            if let entry = byFirst[scalars[index]]?.first(where: { scalars[index...].starts(with: $0.word) })
            {
                text += entry.canon
                index += entry.word.count
            } else {
                text.append(scalars[index])
                index += 1
            }
        }
        return text
    }
}
