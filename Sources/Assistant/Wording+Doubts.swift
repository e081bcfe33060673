import Conversation
import Dialogue
import Knowledge

/// What the sources of a turn disagree on, after the facts: that they do and what decides in one line each, and who says
/// what as far as the answer stays short enough for a telephone. The rest is offered, never left out in silence.
extension Wording {
    /// Doubts that one turn states at most, and lines on sources that were overtaken; more would bury the answer.
    private static var limit: Int { 3 }
    /// The same behind an answer that is long already, as far as they are about money.
    private static var limitBehindLong: Int { 1 }
    /// Lines that an answer may have before what others say is offered instead of told.
    private static var lineBudget: Int { 12 }
    /// Lines of one doubt that say who says what.
    private static var sayersLimit: Int { 4 }
    /// Of a doubt about money, told whatever the length.
    private static var moneySayers: Int { 1 }

    /// States the doubts and gives back what was left out of them for the sake of length.
    mutating func stateDoubts() -> OtherSayings? {
        var left = OtherSayings(place: scene.latestPlace ?? Place.nationCode)
        let doubts = doubtsToState().filter { !statedDoubts.contains($0.id) }
        let shown =
            keepsDoubts
            ? 0 : room > 0 ? Self.limit : max(1, min(Self.limitBehindLong, doubts.count(where: isAboutMoney)))
        for doubt in doubts.prefix(shown) { state(doubt, &left) }
        for doubt in doubts.dropFirst(shown) { left.add(doubt, lines: 1) }
        // What a doubt has named already is not said once more.
        stateGivenWay(&left)
        warn(&left)
        return left.isEmpty ? nil : left
    }

    /// Those that touch what was told, the ones about money first.
    private func doubtsToState() -> [Doubt] {
        let places = citedPlaces
        // A doubt that another city has a part in would bring that city's figures into this one's answer.
        let doubts = knowledge.doubts(touching: citedFacts.filter { !knowledge.isImplausible($0) }).filter {
            doubt in
            doubt.facts.compactMap(knowledge.fact).allSatisfy { fact in
                places.contains { knowledge.isWithin($0, fact.place) }
            }
        }
        return doubts.filter(isAboutMoney) + doubts.filter { !isAboutMoney($0) }
    }

    private func isAboutMoney(_ doubt: Doubt) -> Bool {
        doubt.facts.compactMap(knowledge.fact).contains(where: \.isAboutMoney)
    }

    /// What people may have read and must not believe stands last, and only where the answer is short.
    private mutating func warn(_ left: inout OtherSayings) {
        if room > 1 { return stateImplausible(disbelieved) }
        for doubt in disbelieved.map(\.doubt) where !statedDoubts.contains(doubt.id) {
            left.add(doubt, lines: 1)
        }
    }

    /// Lines that the answer may still have.
    private var room: Int {
        let lines = replies.filter(\.isStatement).reduce(0) { $0 + $1.lineCount }
        return max(0, Self.lineBudget - lines)
    }

    // MARK: Sources that were overtaken

    /// People come having read the article: a line for each source says that it has been overtaken, and by what.
    private mutating func stateGivenWay(_ left: inout OtherSayings) {
        let pairs = givesWay.filter {
            !citedFacts.contains($0.fact.id) && citedFacts.contains($0.by.id) && !$0.fact.saysSame(as: $0.by)
        }
        let groups = bySource(pairs)
        let ordered = apart(groups.filter(\.isAboutMoney)) + apart(groups.filter { !$0.isAboutMoney })
        // A heading takes a line of its own above more than one.
        let shown = max(min(Self.limit, room - 1), 1)
        tell(ordered.prefix(shown))
        for group in ordered.dropFirst(shown) { left.add(group.facts, by: group.winner) }
    }

    /// What one source says and another one overrules.
    private struct GivenWay {
        var facts: [Fact]
        var winner: Fact
        var isAboutMoney: Bool { facts.contains(where: \.isAboutMoney) }
        /// The numbers in what is said, each once.
        var figures: [String] {
            facts.flatMap { fact in
                fact.value.unicodeScalars.split { !(0x30...0x39).contains($0.value) }.map { String($0) }
            }.unique.sorted()
        }
    }

    /// Those that give a figure, or none, as no other before comes first; what says the same once more waits.
    private func apart(_ groups: [GivenWay]) -> [GivenWay] {
        var told: Set<[String]> = []
        var (first, again): ([GivenWay], [GivenWay]) = ([], [])
        for group in groups {
            if told.insert(group.figures).inserted { first.append(group) } else { again.append(group) }
        }
        return first + again
    }

    private func bySource(_ pairs: [(fact: Fact, by: Fact)]) -> [GivenWay] {
        var groups: [GivenWay] = []
        for (fact, winner) in pairs {
            let index = groups.firstIndex {
                $0.facts[0].source == fact.source && $0.facts[0].place == fact.place
                    && $0.winner.source == winner.source && $0.winner.place == winner.place
            }
            if let index {
                if !groups[index].facts.contains(fact) { groups[index].facts.append(fact) }
            } else {
                groups.append(GivenWay(facts: [fact], winner: winner))
            }
        }
        return groups
    }

    private mutating func tell(_ groups: some Sequence<GivenWay>) {
        var lines: [String] = []
        var cites: [Int] = []
        for group in groups {
            guard let source = knowledge.source(group.facts[0].source) else { continue }
            let new = cite(group.winner)
            let words = group.facts.map { "“\(knowledge.render($0))”" }.unique.joined(separator: "、")
            let old = group.facts.map { cite($0) }[0]
            toldAsPast += group.facts.map(\.id)
            cites += [old, new]
            lines.append(
                "《\(source.title)》（\(source.date ?? "日期不详")）说\(words)[\(old)]，以[\(new)]为准")
        }
        append(lines, under: "网上还有不一样的说法：", cites)
    }

    // MARK: Doubts

    /// That sources disagree, on what, and what decides: always told. Who says what: as far as there is room.
    mutating func state(_ doubt: Doubt, inFull: Bool = false, _ left: inout OtherSayings) {
        guard !statedDoubts.contains(doubt.id) else { return }
        statedDoubts.append(doubt.id)
        let told = doubt.facts.filter { citedFacts.contains($0) }.compactMap(knowledge.fact)
        let sayers = sayers(of: doubt)
        let sources = sayers.prefix(Self.sayersLimit)
        var cites = (told + sources.flatMap(\.self)).map { cite($0) }.unique
        let numbers = cites
        let deciding = knowledge.deciding(doubt).filter { isNearby($0) }.prefix(2).map { cite($0) }.unique
        cites = (cites + deciding).unique
        toldAsPast += sources.flatMap(\.self).map(\.id) + knowledge.deciding(doubt).map(\.id)
        let settles = doubt.settles.isEmpty ? "以参保地医保局说的为准" : doubt.settles
        let head =
            "说法不一的地方\u{FF1A}\(doubt.says)\(marks(numbers))。怎么办：\(settles)\(marks(deciding))。"
        let least = isAboutMoney(doubt) ? Self.moneySayers : 0
        let shown = inFull ? sayers.count : min(max(room - 1, least), sources.count)
        let lines = sayers.prefix(shown).map { facts -> String in
            let number = cite(facts[0])
            let words = facts.map { knowledge.render($0) }.unique.joined(separator: "；")
            let source = knowledge.source(facts[0].source)
            return "· 《\(source?.title ?? "")》（\(source?.date ?? "日期不详")）：\(words)[\(number)]"
        }
        append(Reply(text: ([head] + lines).joined(separator: "\n"), cites: cites))
        if shown < sayers.count { left.add(doubt, lines: sayers.count - shown) }
    }

    /// What the sources say that was not told in the answer itself, source by source.
    private func sayers(of doubt: Doubt) -> [[Fact]] {
        guard doubt.kind != .implausible else { return [] }
        let facts = doubt.facts.filter { !citedFacts.contains($0) }.compactMap(knowledge.fact).filter {
            fact in isNearby(fact) && monthsOfCase.map { fact.holds(for: $0) } ?? true
        }
        return facts.map(\.source).unique.map { source in facts.filter { $0.source == source } }
    }

    /// Whether a fact holds where what was told holds, or where the person is.
    private func isNearby(_ fact: Fact) -> Bool {
        let places = citedPlaces.isEmpty ? [scene.latestPlace ?? Place.nationCode] : citedPlaces
        return places.contains { knowledge.isWithin($0, fact.place) }
    }

    private func marks(_ numbers: [Int]) -> String { numbers.map { "[\($0)]" }.joined() }

    private var citedPlaces: [String] { citedFacts.compactMap { knowledge.fact($0)?.place }.unique }

    // MARK: Told on request

    /// What earlier answers left out, all of it.
    mutating func tell(_ others: OtherSayings) {
        var none = OtherSayings(place: others.place)
        let pairs = others.pairs.compactMap { pair -> (fact: Fact, by: Fact)? in
            guard let fact = knowledge.fact(pair.fact), let winner = knowledge.fact(pair.by) else {
                return nil
            }
            return (fact, winner)
        }
        tell(bySource(pairs))
        for id in others.doubts {
            guard let doubt = knowledge.doubts.first(where: { $0.id == id }) else { continue }
            state(doubt, inFull: true, &none)
        }
        // Which doubts these were is all that was asked.
        statedDoubts += knowledge.doubts.map(\.id)
    }
}

extension Fact {
    /// Whether it decides what somebody pays or gets.
    var isAboutMoney: Bool { table == "rates" || table == "fees" }
}

extension Reply {
    /// Neither a question with its choices nor the list of sources.
    var isStatement: Bool {
        switch kind {
        case .text, .steps, .table: true
        case .choices, .sources: false
        }
    }

    var lineCount: Int { text.utf8.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 } }
}
