import Conversation
import Dialogue
import Knowledge

/// The source that is about the very question: told beside the answer when it is short, else offered to be read on.
extension Wording {
    /// Facts of an article that stand beside an answer at most; what is longer is offered.
    private static var besideLimit: Int { 8 }
    /// Doubts that are told because the question is about them.
    private static var disputes: Int { 2 }
    /// A source that speaks this much less of a question than another has little to add.
    private static var nearBest: Double { 0.6 }

    /// People often ask just what a source is about. What it says besides what was told already is then worth hearing, also
    /// while the task still has questions of its own. Never the facts of another place than the person's.
    mutating func quoteArticle(on question: String) {
        guard !question.isEmpty, !hasQuoted else { return }
        hasQuoted = true
        let place = scene.latestPlace
        let isLater = scene.isTopicOld
        if !isLater {
            stateClaims(in: question, place: place)
            let meanings = knowledge.definitions(for: question, place: place, asOf: date).filter {
                !citedFacts.contains($0.id)
            }
            if !meanings.isEmpty { list(meanings, title: "", asked: nil, limit: 4) }
        }
        let articles = knowledge.articles(
            on: question, place: place, asOf: date, floor: KnowledgeBase.sameTitleFloor, limit: 1)
        guard let article = articles.first else { return }
        if isLater {
            // What could be told before the place was known, was.
            let before = knowledge.articles(
                on: question, place: nil, asOf: date, floor: KnowledgeBase.sameTitleFloor, limit: 1)
            guard before.first?.source.id != article.source.id else { return }
        }
        // Where the place is known, figures of no place answer nothing.
        let rest = untold(article.facts).filter {
            isForPerson($0.fact) && (place == nil || !isHearsay($0.fact))
        }
        guard !rest.isEmpty, rest.count <= Self.besideLimit,
            scene.wanted.isEmpty || article.isNamed
                || rest.contains(where: { $0.standing == .holds && scene.wanted.contains($0.fact.attribute) })
        else { return }
        tell(rest, of: article)
    }

    mutating func lookUp(_ question: String) {
        if let others = OtherSayings(question) { return tell(others) }
        if let remainder = Remainder(question) { return tell(remainder) }
        if let reading = ReadingPlace(question) { return readOn(reading) }
        let place = mentionedPlace ?? scene.latestPlace
        let meanings = knowledge.definitions(
            for: question, asksMeaning: scene.asksMeaning, place: place, asOf: date)
        let articles = knowledge.articles(on: question, place: place, asOf: date, limit: 1)
        // Without a place only what holds for the whole country may answer.
        let hits = knowledge.search(
            question, place: place ?? Place.nationCode, insurance: slots["insurance"]?.value, asOf: date,
            limit: 2)
        let before = replies.count
        stateClaims(in: question, place: place)
        // A term of which no meaning is written is not told by rows that merely share its characters.
        let terms = scene.asksMeaning && meanings.isEmpty && articles.isEmpty ? scene.things : []
        if !terms.isEmpty, replies.count == before { return tellTerms(terms) }
        guard !hits.isEmpty || !meanings.isEmpty || !articles.isEmpty || replies.count > before else {
            return tellThingsOrNone()
        }
        if !meanings.isEmpty {
            list(meanings, title: "", asked: nil, limit: 4)
        } else if !hits.isEmpty || !articles.isEmpty {
            say("pattern.looked_up", [])
        }
        if let article = articles.first {
            tell(Array(untold(article.facts).prefix(ReadingPlace.length)), of: article)
        }
        // A meaning that was told needs no more sources; an article leaves room for one.
        guard meanings.isEmpty else { return }
        let best = hits.first?.score ?? 0
        for hit in hits.prefix(articles.isEmpty ? 2 : 1)
        where hit.source.id != articles.first?.source.id && hit.score >= Self.nearBest * best {
            let facts = knowledge.facts(of: hit, on: question)
            // What others say otherwise, and something decides, is told by its doubt; it is no answer where there is another.
            let sound = facts.filter { !knowledge.isSettled($0) }
            list(sound.isEmpty ? facts : sound, title: hit.title, asked: nil, limit: 12)
        }
    }

    /// What is to be made of what the question says to have been heard: that it cannot be right, or that others say otherwise.
    private mutating func stateClaims(in question: String, place: String?) {
        stateImplausible(knowledge.impossible(on: question, place: place))
        var left = OtherSayings(place: place ?? Place.nationCode)
        for doubt in knowledge.questioned(on: question, place: place) { state(doubt, inFull: true, &left) }
        // What the words mean answers better than who says what of them.
        guard knowledge.definitions(for: question, place: place, asOf: date).isEmpty else { return }
        for doubt in knowledge.disputed(on: question, place: place).prefix(Self.disputes) {
            state(doubt, inFull: true, &left)
        }
    }

    private mutating func readOn(_ reading: ReadingPlace) {
        guard let article = knowledge.article(reading.source, place: reading.place, asOf: date) else {
            return say("pattern.not_found", [])
        }
        tell(reading.part(of: article), of: article)
    }

    /// Whether a fact is not for people of another insurance or group than the one that was said.
    private func isForPerson(_ fact: Fact) -> Bool {
        let insurance = (slots["insurance"] ?? slots["holder_insurance"])?.value
        if let insurance, !fact.insurance.isEmpty, fact.insurance != insurance { return false }
        return slots["population"].map { knowledge.isFact(fact, for: $0.value) } ?? true
    }

    private func untold(_ facts: [ArticleFact]) -> [ArticleFact] {
        facts.filter { !(citedFacts + heldBack).contains($0.fact.id) }
    }

    /// Where the source is to be read on: behind what this turn told of it; nil when that was all.
    func reading(on reading: ReadingPlace) -> ReadingPlace? {
        guard let article = knowledge.article(reading.source, place: reading.place, asOf: date) else {
            return nil
        }
        var reading = reading
        for (index, told) in article.facts.enumerated() where (citedFacts + heldBack).contains(told.fact.id) {
            reading.told.insert(index)
        }
        return reading.untold(in: article).isEmpty ? nil : reading
    }

    // MARK: Telling

    private mutating func tell(_ facts: [ArticleFact], of article: Article) {
        let hand = article.source.authority == .web ? "（网上文章，以当地医保局为准）" : ""
        let more = citedFacts.contains { knowledge.fact($0)?.source == article.source.id } ? "还" : ""
        let title = "《\(article.source.title)》\(more)写了\(hand)"
        let holding = facts.filter { $0.standing == .holds }.map(\.fact)
        let topics = holding.map(\.topic).unique
        let base = knowledge
        let place = mentionedPlace ?? scene.latestPlace
        let isPart: (Fact) -> Bool = { fact in
            place.map { fact.place != $0 && base.isWithin(fact.place, $0) } ?? false
        }
        var isFirst = true
        for topic in topics {
            let heading = topics.count > 1 ? (isFirst ? "\(title)。\(topic)" : topic) : title
            let here = holding.filter { $0.topic == topic && !isPart($0) }
            if !here.isEmpty { tell(here, title: heading) }
            for part in holding.filter({ $0.topic == topic && isPart($0) }).map(\.place).unique {
                tell(
                    holding.filter { $0.topic == topic && $0.place == part },
                    title: "\(isFirst && here.isEmpty ? "\(title)。" : "")\(knowledge.name(of: part))\(topic)")
            }
            isFirst = false
        }
        note("这几条别处说的不一样，先别当准：", facts) { $0 == .disputed }
        toldAsPast += facts.filter { $0.standing == .past }.map(\.fact.id)
        note("以前是这样，现在不算了：", facts) { $0 == .past }
        note("还没开始，往后才算：", facts) { $0 == .upcoming }
        noteGivenWay(facts)
        note("这篇没写全的：", facts) { $0 == .brokenOff }
        stateImplausible(
            facts.compactMap { told in
                if case .ruledOut(let doubt) = told.standing { (fact: told.fact, doubt: doubt) } else { nil }
            })
        if !article.elsewhere.isEmpty {
            let here = place.map { "不是\(knowledge.name(of: $0))的" } ?? "只管当地"
            append(Reply(text: "这篇里另有\(article.elsewhere.prefix(4).joined(separator: "、"))的写法，\(here)，就不念了。"))
        }
    }

    /// Steps as steps, the rest as a list.
    private mutating func tell(_ facts: [Fact], title: String) {
        let steps = facts.filter { $0.step > 0 }, rest = facts.filter { $0.step == 0 }
        if !rest.isEmpty { list(rest, title: title, asked: nil, limit: rest.count) }
        if !steps.isEmpty {
            procedures(steps, title: rest.isEmpty ? title : "\(steps[0].topic)，一步一步", limit: 4)
        }
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
