import Conversation
import Language

/// The table of terms by what each row is about.
struct MeaningIndex: Sendable {
    private struct Term: Sendable {
        var fact: Int32
        /// What it is about, with words that mean the same as one word.
        var name: [UInt32]
        /// Whether it says more than what a word means.
        var isStatement: Bool
    }

    /// From here on a row's subject is just what is asked.
    private static let floor: Float = 0.7
    /// By these a question asks what a word means.
    private static let meaningWords = [
        "什么意思", "啥意思", "什么是", "是什么", "啥是", "是啥", "啥叫", "什么叫", "怎么理解", "解释一下", "解释",
    ].map { Normalizer.normalize($0).scalars }

    /// “你们医保局什么意思” asks what somebody means: 局 你 们 他 她 您 right before such words.
    private static let speakers: [UInt32] = [0x5C40, 0x4F60, 0x4EEC, 0x4ED6, 0x5979, 0x60A8]

    /// By these a question asks for a figure, which no statement on a word is.
    private static let figureWords = ["多少", "几"].map { Normalizer.normalize($0).scalars }
    /// What rows say that only tell what a word means.
    private static let meanings: Set<String> = ["定义", "例子"]

    private var terms: [Term] = []
    private let titles: TitleIndex
    private let stopWords: StopWords

    init(_ tables: KnowledgeTables, stopWords: StopWords) {
        self.stopWords = stopWords
        let rows = tables.facts.enumerated().filter {
            $0.element.table == "terms" && !$0.element.condition.isEmpty
        }
        titles = TitleIndex(
            rows.map { Source(id: $0.element.id, title: $0.element.condition, date: nil, authority: .web) },
            synonyms: tables.synonyms, stopWords: stopWords, names: rows.map { _ in [] })
        for (number, fact) in rows {
            terms.append(
                Term(
                    fact: Int32(number),
                    name: titles.canonical(Normalizer.normalize(fact.condition).scalars),
                    isStatement: !Self.meanings.contains(fact.attribute)))
        }
    }

    /// Rows whose subject is the question itself.
    func statements(on question: [UInt32]) -> [Int32] {
        if Self.figureWords.contains(where: { question.holds($0) }) { return [] }
        let matches = titles.matches(question, places: [], floor: Self.floor).filter {
            terms[Int($0.source)].isStatement
        }
        return matches.filter { $0.likeness == matches[0].likeness }.map { terms[Int($0.source)].fact }
    }

    /// Rows on the term whose meaning is asked; none when no meaning is asked. `asksMeaning`: it is, in whatever words.
    func terms(askedIn question: [UInt32], asksMeaning: Bool) -> [Int32] {
        let word = Self.meaningWords.first { question.holds($0) } ?? []
        guard asksMeaning || !word.isEmpty,
            !Self.speakers.contains(where: { question.holds([$0] + word) }) || word.isEmpty
        else { return [] }
        let text = titles.canonical(question)
        let inside = terms.filter { text.holds($0.name) }
        if let longest = inside.map(\.name.count).max() {
            return inside.filter { $0.name.count == longest }.map(\.fact)
        }
        if word.isEmpty { return [] }
        let rest = asked(question, besides: word)
        return rest.count < 2 ? [] : terms.filter { $0.name.holds(rest) }.map(\.fact)
    }

    /// What is left of a question when the words that ask are taken away.
    private func asked(_ question: [UInt32], besides word: [UInt32]) -> [UInt32] {
        var kept = stopWords.remaining(question)
        for start in question.indices where question[start...].starts(with: word) {
            for offset in word.indices { kept[start + offset] = false }
        }
        let rest = question.indices.filter { kept[$0] && ScalarClass.isHan(question[$0]) }.map {
            question[$0]
        }
        return titles.canonical(rest)
    }
}
