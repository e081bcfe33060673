import Conversation
import Dialogue
import Knowledge

/// The source that is about the very question: told beside the answer when it is short, else offered to be read on.
extension Wording {
    /// Facts of an article that stand beside an answer at most; what is longer is offered.
    private static var besideLimit: Int { 8 }

    /// People often ask just what a source is about. What it says besides what was told already is then worth hearing, also
    /// while the task still has questions of its own. Never the facts of another place than the person's.
    mutating func quoteArticle(on question: String) {
        guard !question.isEmpty, !hasQuoted else { return }
        hasQuoted = true
        let place = tracker.latestPlace
        let articles = knowledge.articles(
            on: question, place: place, asOf: date, floor: KnowledgeBase.sameTitleFloor, limit: 1)
        guard let article = articles.first else { return }
        let rest = untold(article.facts)
        guard !rest.isEmpty, rest.count <= Self.besideLimit else { return }
        tell(rest, of: article)
    }

    mutating func lookUp(_ question: String) {
        if let reading = ReadingPlace(question) { return readOn(reading) }
        let place = mentionedPlace ?? tracker.latestPlace
        let meanings = knowledge.definitions(for: question, asOf: date)
        let articles = knowledge.articles(on: question, place: place, asOf: date, limit: 1)
        // Without a place only what holds for the whole country may answer.
        let hits = knowledge.search(
            question, place: place ?? Place.nationCode, insurance: slots["insurance"]?.value, asOf: date,
            limit: 2)
        guard !hits.isEmpty || !meanings.isEmpty || !articles.isEmpty else {
            return say("pattern.not_found", [])
        }
        if !meanings.isEmpty {
            list(meanings, title: meanings[0].condition, asked: nil, limit: 4)
        } else {
            say("pattern.looked_up", [])
        }
        if let article = articles.first {
            tell(Array(untold(article.facts).prefix(ReadingPlace.length)), of: article)
        }
        // A meaning that was told needs no more sources; an article leaves room for one.
        guard meanings.isEmpty else { return }
        for hit in hits.prefix(articles.isEmpty ? 2 : 1) where hit.source.id != articles.first?.source.id {
            list(hit.facts, title: hit.title, asked: nil, limit: 12)
        }
    }

    private mutating func readOn(_ reading: ReadingPlace) {
        guard let article = knowledge.article(reading.source, place: reading.place, asOf: date) else {
            return say("pattern.not_found", [])
        }
        let part = article.facts.dropFirst(reading.position).prefix(ReadingPlace.length)
        tell(Array(part), of: article)
    }

    private func untold(_ facts: [ArticleFact]) -> [ArticleFact] {
        facts.filter { !citedFacts.contains($0.fact.id) }
    }

    /// Choices but those of articles of which this turn told everything.
    func withoutReadOut(_ choices: [Choice]) -> [Choice] {
        choices.filter { choice in
            guard let parts = choice.id.split(separator: "=", maxSplits: 1).last,
                let reading = ReadingPlace(String(parts)), reading.position == 0,
                let article = knowledge.article(reading.source, place: reading.place, asOf: date)
            else { return true }
            return !untold(article.facts).isEmpty
        }
    }

    // MARK: Telling

    private mutating func tell(_ facts: [ArticleFact], of article: Article) {
        let holding = facts.filter { $0.standing == .holds }.map(\.fact)
        let hand = article.source.authority == .web ? "（网上文章，以当地医保局为准）" : ""
        let more = citedFacts.contains { knowledge.fact($0)?.source == article.source.id } ? "还" : ""
        if !holding.isEmpty {
            list(
                holding, title: "《\(article.source.title)》\(more)写了\(hand)", asked: nil,
                limit: ReadingPlace.length)
        }
        note("以前是这样，现在不算了：", facts) { if case .past = $0 { true } else { false } }
        note("还没开始，往后才算：", facts) { if case .upcoming = $0 { true } else { false } }
        noteGivenWay(facts)
        note("这篇没写全的：", facts) { if case .brokenOff = $0 { true } else { false } }
        stateImplausible(
            facts.compactMap { told in
                if case .ruledOut(let doubt) = told.standing { (fact: told.fact, doubt: doubt) } else { nil }
            })
    }

    private mutating func note(
        _ heading: String, _ facts: [ArticleFact], where belongs: (ArticleFact.Standing) -> Bool
    ) {
        let chosen = facts.filter { belongs($0.standing) }.map(\.fact)
        guard !chosen.isEmpty else { return }
        var cites: [Int] = []
        let lines = chosen.map { fact -> String in
            let number = cite(fact)
            if !cites.contains(number) { cites.append(number) }
            return "· \(knowledge.render(fact, naming: .population))\(span(of: fact))[\(number)]"
        }
        append(Reply(text: ([heading] + lines).joined(separator: "\n"), cites: cites))
    }

    /// What the article says and a better source says otherwise, by the better source.
    private mutating func noteGivenWay(_ facts: [ArticleFact]) {
        var groups: [(winner: Fact, facts: [Fact])] = []
        for told in facts {
            guard case .givesWay(let winner) = told.standing else { continue }
            if let index = groups.firstIndex(where: { $0.winner.id == winner.id }) {
                groups[index].facts.append(told.fact)
            } else {
                groups.append((winner, [told.fact]))
            }
        }
        guard !groups.isEmpty else { return }
        var cites: [Int] = []
        var lines: [String] = []
        for group in groups {
            let new = cite(group.winner)
            let said = group.facts.map { fact -> String in
                let old = cite(fact)
                if !cites.contains(old) { cites.append(old) }
                return "“\(knowledge.render(fact, naming: .population))”[\(old)]"
            }
            if !cites.contains(new) { cites.append(new) }
            lines.append(
                "· 文章说\(said.joined(separator: "、"))；现在以这个为准：\(knowledge.render(group.winner))[\(new)]")
        }
        append(Reply(text: (["文章里和正式规定不一样的："] + lines).joined(separator: "\n"), cites: cites))
    }
}

/// From where on an article is read.
struct ReadingPlace: Equatable, Sendable {
    /// Facts that are read at a time.
    static let length = 14

    var source: String
    var place: String
    var position: Int

    init(source: String, place: String, position: Int) {
        self.source = source
        self.place = place
        self.position = position
    }

    /// Nil when it is no such identifier.
    init?(_ identifier: String) {
        guard FurtherReading.isReading(identifier) else { return nil }
        let parts = identifier.utf8.dropFirst(FurtherReading.prefix.utf8.count).split(
            separator: UInt8(ascii: "@"))
        guard parts.count == 3, let position = Int(String(decoding: parts[2], as: UTF8.self)), position >= 0
        else { return nil }
        self.init(
            source: String(decoding: parts[0], as: UTF8.self),
            place: String(decoding: parts[1], as: UTF8.self),
            position: position)
    }

    var identifier: String { "\(FurtherReading.prefix)\(source)@\(place)@\(position)" }
}
