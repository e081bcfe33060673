package import Conversation
import Language

/// Finds the claims that are in doubt among what a question asks: people who have read one ask in its words.
struct ClaimIndex: Sendable {
    private struct Claim: Sendable {
        var fact: Int32
        var doubt: Int32
        var isImplausible: Bool
        var keys: Set<UInt64>
    }

    /// How much of a question a claim must hold.
    private struct Measure {
        /// Share of the question's terms.
        var floor: Float
        /// Weight at least: words that are rare in titles. What everybody asks with is not enough.
        var least: Float

        /// The question may be about anything.
        static let question = Measure(floor: 0.5, least: 14)
        /// It says that it was read or heard somewhere and asks whether that is so: there is a claim in it.
        static let hearsay = Measure(floor: 0.5, least: 9)
    }

    /// A claim that is asked about this much less than another is not what is meant.
    private static let nearBest: Float = 0.8

    private var claims: [Claim] = []
    /// All that the claims are made of.
    private var words: Set<UInt64> = []

    init(_ tables: KnowledgeTables, index: FactIndex, titles: TitleIndex) {
        for (number, doubt) in tables.doubts.enumerated() {
            for id in doubt.facts {
                guard let fact = index.number(of: id) else { continue }
                let row = tables.facts[Int(fact)]
                guard row.table != KnowledgeTables.general else { continue }
                let text = [row.insurance, row.condition, row.value + row.unit, doubt.topic, doubt.says]
                    .joined(separator: "，")
                let keys = Self.keys(text, titles)
                words.formUnion(keys)
                claims.append(
                    Claim(
                        fact: fact, doubt: Int32(number), isImplausible: doubt.kind == .implausible,
                        keys: keys))
            }
        }
    }

    /// Facts with their doubts; of those that only contradict one another none, unless the question is about hearsay.
    func claims(
        on question: String, isHearsay: Bool, titles: TitleIndex, stopWords: StopWords
    ) -> [(fact: Int32, doubt: Int32)] {
        let scalars = titles.canonical(Normalizer.normalize(question).scalars)
        let asked = Set(
            SearchTerms(scalars[...], kept: stopWords.remaining(scalars)).terms.map(\.key).filter(Self.isWord)
        )
        // Around a claim people talk; what no claim holds is not what they doubt.
        let total = asked.reduce(Float(0)) {
            isHearsay && !words.contains($1) ? $0 : $0 + titles.rarity(of: $1)
        }
        let measure = isHearsay ? Measure.hearsay : .question
        let found = claims.filter { isHearsay || $0.isImplausible }.map { claim in
            (claim, asked.reduce(Float(0)) { claim.keys.contains($1) ? $0 + titles.rarity(of: $1) : $0 })
        }.filter { $0.1 >= measure.least && $0.1 >= measure.floor * total }
        // What cannot be right is named also when others contradict one another on more of the words.
        let best = { (isImplausible: Bool) in
            Self.nearBest * (found.filter { $0.0.isImplausible == isImplausible }.map(\.1).max() ?? 0)
        }
        let floors = (implausible: best(true), other: best(false))
        return found.filter { $0.1 >= ($0.0.isImplausible ? floors.implausible : floors.other) }.map {
            ($0.0.fact, $0.0.doubt)
        }
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
        claims(on: question, place: place).filter { $0.doubt.kind == .implausible }
    }

    /// Doubts that a question is about which says that it was heard somewhere and asks whether that is so, those it is
    /// most about first; for the place or a wider one.
    package func disputed(on question: String, place: String?) -> [Doubt] {
        guard Self.isHearsay(question) else { return [] }
        return claims(on: question, place: place).map(\.doubt).filter { $0.kind != .implausible }.reduce(
            into: []) {
                if !$0.contains($1) { $0.append($1) }
            }
    }

    private func claims(on question: String, place: String?) -> [(fact: Fact, doubt: Doubt)] {
        claims.claims(
            on: question, isHearsay: Self.isHearsay(question), titles: searchIndex.titles,
            stopWords: searchIndex.stopWords
        ).map { (fact: facts[Int($0.fact)], doubt: doubts[Int($0.doubt)]) }.filter {
            isWithin(place ?? PlaceTree.nation, $0.fact.place)
        }
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
