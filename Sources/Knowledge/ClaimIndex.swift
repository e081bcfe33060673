package import Conversation
import Language

/// Finds the doubts that a question is about: by the words that the table has for asking about them, and, when it says to
/// have been heard somewhere, by the words of the claims themselves.
struct ClaimIndex: Sendable {
    private struct Claim: Sendable {
        var fact: Int32
        var doubt: Int32
        var keys: Set<UInt64>
        /// Of these, what it is about: 不一样 and 有的说 are no subject.
        var subject: Set<UInt64>
    }

    /// Share that a claim must hold of those of the question's terms that any claim holds, and of all.
    private static let floor: Float = 0.5, share: Float = 0.3
    /// Weight at least: words that are rare in titles. What everybody asks with is not enough.
    private static let least: Float = 9

    /// A claim that is asked about this much less than another is not what is meant.
    private static let nearBest: Float = 0.8

    private var claims: [Claim] = []
    /// By the number of the doubt.
    private var asked: [(doubt: Int32, words: ClaimWords)] = []
    /// All that the claims are made of.
    private var words: Set<UInt64> = []

    init(_ tables: KnowledgeTables, index: FactIndex, titles: TitleIndex) {
        for (number, doubt) in tables.doubts.enumerated() {
            if let words = tables.claimWords[doubt.id] ?? ClaimWords(doubt.asked) {
                asked.append((Int32(number), words))
            }
            guard doubt.kind != .implausible else { continue }
            for id in doubt.facts {
                guard let fact = index.number(of: id) else { continue }
                let row = tables.facts[Int(fact)]
                guard row.table != KnowledgeTables.general else { continue }
                let named = [row.topic, row.insurance, row.condition, doubt.topic].joined(separator: "，")
                let subject = Self.keys(named, titles)
                let keys = subject.union(Self.keys("\(row.value)\(row.unit)，\(doubt.says)", titles))
                words.formUnion(keys)
                claims.append(
                    Claim(fact: fact, doubt: Int32(number), keys: keys, subject: subject))
            }
        }
    }

    /// Doubts that a question asks about in the words of the table; `isNear` tells of one whether it holds where the person is.
    func asked(_ question: String, isNear: (Int32) -> Bool) -> [Int32] {
        let text = AskedText(question)
        return asked.filter { $0.words.fit(text, isNear: isNear($0.doubt)) }.map(\.doubt)
    }

    /// Facts with their doubts that hearsay is about.
    func claims(
        on question: String, titles: TitleIndex, stopWords: StopWords
    ) -> [(fact: Int32, doubt: Int32)] {
        let scalars = titles.canonical(Normalizer.normalize(question).scalars)
        let asked = Set(
            SearchTerms(scalars[...], kept: stopWords.remaining(scalars)).terms.map(\.key).filter(Self.isWord)
        )
        // Around a claim people talk; what no claim holds is not what they doubt.
        let total = asked.reduce(Float(0)) { words.contains($1) ? $0 + titles.rarity(of: $1) : $0 }
        let least = max(Self.least, Self.share * asked.reduce(Float(0)) { $0 + titles.rarity(of: $1) })
        let found = claims.filter { !$0.subject.isDisjoint(with: asked) }.map { claim in
            (claim, asked.reduce(Float(0)) { claim.keys.contains($1) ? $0 + titles.rarity(of: $1) : $0 })
        }.filter { $0.1 >= least && $0.1 >= Self.floor * total }
        let best = Self.nearBest * (found.map(\.1).max() ?? 0)
        return found.filter { $0.1 >= best }.map { ($0.0.fact, $0.0.doubt) }
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
        asked(question, place: place).filter { $0.kind == .implausible }.flatMap { doubt in
            told(doubt, place: place).map { (fact: $0, doubt: doubt) }
        }
    }

    /// Whether a question asks in so many words about anything that is doubtful, or cannot be right.
    package func isDoubtAsked(_ question: String, place: String?) -> Bool {
        asked(question, place: place).contains {
            $0.kind != .implausible || !told($0, place: place).isEmpty
        }
    }

    /// Doubts that a question asks about in so many words, without a claim that cannot be right.
    package func questioned(on question: String, place: String?) -> [Doubt] {
        asked(question, place: place).filter { $0.kind != .implausible }
    }

    /// Doubts that a question is about which says that it was heard somewhere and asks whether that is so, those it is
    /// most about first; for the place or a wider one.
    package func disputed(on question: String, place: String?) -> [Doubt] {
        guard Self.isHearsay(question) else { return [] }
        let found = claims.claims(
            on: question, titles: searchIndex.titles, stopWords: searchIndex.stopWords)
        return found.filter { isNear(facts[Int($0.fact)], place) }.map { doubts[Int($0.doubt)] }.reduce(
            into: []) {
                if !$0.contains($1) { $0.append($1) }
            }
    }

    private func asked(_ question: String, place: String?) -> [Doubt] {
        claims.asked(question) { !told(doubts[Int($0)], place: place, orAll: false).isEmpty }.map {
            doubts[Int($0)]
        }
    }

    /// The facts of a doubt that hold where the person is; all when none does and they are told whatever the place.
    private func told(_ doubt: Doubt, place: String?, orAll: Bool = true) -> [Fact] {
        let tellable = doubt.facts.compactMap(fact).filter { $0.table != KnowledgeTables.general }
        let near = tellable.filter { isNear($0, place) }
        return near.isEmpty && orAll ? tellable : near
    }

    private func isNear(_ fact: Fact, _ place: String?) -> Bool {
        isWithin(place ?? PlaceTree.nation, fact.place)
    }

    /// Whether somebody says to have heard it, or asks whether a figure is right.
    private static func isHearsay(_ question: String) -> Bool {
        let scalars = Normalizer.normalize(question).scalars
        return hearsayWords.contains { scalars.holds($0) }
            || scalars.contains { (0x30...0x39).contains($0) } && doubtingWords.contains { scalars.holds($0) }
    }

    private static let hearsayWords = [
        "网上", "听说", "听人", "听别人", "有人说", "人家说", "都说", "据说", "文章", "新闻", "抖音", "视频", "朋友圈", "公众号",
        "真的吗", "真的假的", "真假", "是真的", "是假的", "有这事", "有这回事", "有这规定", "有这个规定", "靠谱", "谣言", "骗人的", "可信",
    ].map { Normalizer.normalize($0).scalars }

    private static let doubtingWords = [
        "说", "看到", "对吗", "对不对", "对不", "对吧", "是吗", "是吧", "是这样", "是不是",
    ].map { Normalizer.normalize($0).scalars }
}
