import Conversation
import Language

/// Finds sources by the words of a question: BM25 over the terms of each source's title and facts.
///
/// What is found is a group: the facts of one source about one place. A group is a document of the index. The
/// score ranks groups; `relevance` says how much of what was asked a group speaks of at all, and below a
/// floor nothing is an answer.
struct SearchIndex: Sendable {
    /// One source at one place.
    struct Group: Sendable {
        var source: String
        var place: Int32
        /// Where its facts stand among the facts of all groups.
        var range: Range<Int32>
    }

    struct Posting: Sendable {
        var group: Int32
        /// What the term adds to the group's score, before it is known how much the term means.
        var impact: Float
    }

    let synonyms: SynonymTable
    let stopWords: StopWords
    let titles: TitleIndex
    /// The facts of each source, in the order of the tables; also those that are never an answer.
    let factsBySource: [Int32: [Int32]]
    private let texts: SearchTexts

    init(_ tables: KnowledgeTables, titles: SearchTitles, texts: SearchTexts) {
        synonyms = SynonymTable(tables.synonyms)
        stopWords = titles.stopWords
        self.titles = titles.titles
        factsBySource = titles.factsBySource
        self.texts = texts
    }

    var groups: [Group] { texts.groups.all }
    /// In their order.
    var groupsByPlace: [Int32: [Int32]] { texts.groups.byPlace }

    /// The facts of a group, in the order of the tables.
    func facts(of group: Int) -> ArraySlice<Int32> { texts.groups.facts(of: group) }

    /// In the order of the groups.
    func postings(of key: UInt64) -> ArraySlice<Posting> { texts.postings(of: key) }

    /// How much it means that a term occurs; a term that no group has means most.
    func significance(_ count: Int) -> Float {
        Self.logarithm(1 + (Float(groups.count - count) + 0.5) / (Float(count) + 0.5))
    }

    /// The full name, what remains when people leave out the kind of division, and what else it is called.
    static func names(of place: Place, aliases: [String]) -> [[UInt32]] {
        let name = Normalizer.normalize(place.name).scalars
        let others = aliases.map { Normalizer.normalize($0).scalars }.filter { $0.count > 1 }
        return [name] + (name.count > 2 ? [Array(name.dropLast())] : []) + others
    }

    /// The natural logarithm for x ≥ 1, without a mathematics library: x = m·2ᵉ, and ln m =
    /// 2·artanh((m−1)/(m+1)) for the significand m in 1..<2, by its series. Good to six digits.
    static func logarithm(_ x: Float) -> Float {
        let t = (x.significand - 1) / (x.significand + 1)
        let s = t * t
        return 0.693_147_18 * Float(x.exponent) + 2 * t
            * (1 + s * (1 / 3 + s * (1 / 5 + s * (1 / 7 + s / 9))))
    }
}

/// The titles of the sources, with the names of the places that each speaks of.
struct SearchTitles: Sendable {
    let titles: TitleIndex
    let stopWords = StopWords()
    private(set) var factsBySource: [Int32: [Int32]] = [:]

    init(_ tables: KnowledgeTables, places: PlaceTree, facts: FactIndex) {
        var spokenOf: [Int32: [Int32]] = [:]
        var pairs = TermTable()
        var count = 0
        for number in tables.facts.indices {
            let key = facts.keys[number]
            factsBySource[key.source, default: []].append(Int32(number))
            guard key.place >= 0, pairs.insert(key.group) == count else { continue }
            count += 1
            spokenOf[key.source, default: []].append(key.place)
        }
        var names: [Int32: [[UInt32]]] = [:]
        let around = tables.sources.map { source -> [[UInt32]] in
            let parts = facts.word(source.id).flatMap { spokenOf[$0] } ?? []
            return parts.flatMap { places.chain(from: $0) }.flatMap { part -> [[UInt32]] in
                if let known = names[part] { return known }
                let number = Int(part)
                let found = SearchIndex.names(
                    of: places.places[number],
                    aliases: number < tables.aliases.count ? tables.aliases[number] : [])
                names[part] = found
                return found
            }
        }
        titles = TitleIndex(
            tables.sources, synonyms: tables.synonyms, stopWords: stopWords, names: around)
    }
}

/// Words that mean the same to someone who searches, each way.
struct SynonymTable: Sendable {
    /// A word of a text, and the terms of those that mean the same.
    struct Match {
        var range: Range<Int>
        var keys: [UInt64]
    }

    /// By the first scalar of a word.
    private var entries: [UInt32: [(word: [UInt32], others: [UInt64])]] = [:]
    /// By word, all that mean the same.
    private var alike: [[UInt32]: [[UInt32]]] = [:]

    init(_ groups: [[String]]) {
        for group in groups {
            let words = group.map { Normalizer.normalize($0).scalars }.filter { !$0.isEmpty }
            for (position, word) in words.enumerated() {
                alike[word, default: []] += words.filter { $0 != word }
                let others = words.indices.filter { $0 != position }.flatMap { other in
                    SearchTerms(words[other][...]).terms.filter {
                        $0.weight == SearchTerms.pair || words[other].count == 1
                    }
                }
                entries[word[0], default: []].append((word, others.map(\.key)))
            }
        }
    }

    /// The word and all that mean the same.
    func equals(of word: [UInt32]) -> [[UInt32]] { [word] + (alike[word] ?? []) }

    /// What else is said for the words of a text.
    func matches(in scalars: [UInt32]) -> [Match] {
        guard !entries.isEmpty else { return [] }
        var found: [Match] = []
        for start in scalars.indices {
            for (word, others) in entries[scalars[start]] ?? [] where scalars[start...].starts(with: word) {
                found.append(Match(range: start..<start + word.count, keys: others))
            }
        }
        return found
    }
}

/// Words that ask without naming anything: 怎么, 多少, 请问. They are no part of what is looked for.
struct StopWords: Sendable {
    private static let words = """
        怎么办 怎么样 怎么 怎样 咋样 咋办 咋 什么叫 啥叫 什么意思 啥意思 什么 啥 多少 多久 几个 几 如何 哪些 哪里 哪儿 哪个 哪 谁 为什么 为何 是不是 有没有 能不能 \
        可不可以 要不要 行不行 请问 问一下 一下 想问 想 告诉 知道 可以 可 能 会 需要 应该 要 得 吗 呢 吧 啊 呀 嘛 了 的 地 着 过 是 \
        有 和 与 或 在 我 你 您 他 她 它 们 这 那 个 把 被 就 都 也 还 又 再 很 到 从 对 给 用 请 关于
        """

    private var byFirst: [UInt32: [[UInt32]]] = [:]

    init() {
        for word in Self.words.split(separator: " ") {
            let scalars = Normalizer.normalize(String(word)).scalars
            if let first = scalars.first { byFirst[first, default: []].append(scalars) }
        }
        for key in byFirst.keys { byFirst[key]?.sort { $0.count > $1.count } }
    }

    /// Which scalars of a text remain.
    func remaining(_ scalars: [UInt32]) -> [Bool] {
        var kept = [Bool](repeating: true, count: scalars.count)
        var index = 0
        while index < scalars.count {
            let word = byFirst[scalars[index]]?.first { scalars[index...].starts(with: $0) }
            for offset in 0..<(word?.count ?? 0) { kept[index + offset] = false }
            index += max(word?.count ?? 0, 1)
        }
        return kept
    }
}
