import Conversation
import Dialogue
import Knowledge

/// What is not an answer now but worth a line: what cannot be right, what held once, what will hold.
extension Wording {
    /// Lines of what has ended or is to come at most.
    private static var timesLimit: Int { 6 }
    /// Notes that stand under one list at most.
    private static var noteLimit: Int { 3 }

    /// What a person should mind about facts, each note once; nil when there is nothing.
    func notes(on facts: [Fact]) -> String? {
        var notes: [String] = []
        for fact in facts where !fact.note.isEmpty && notes.count < Self.noteLimit {
            if !notes.contains(fact.note) { notes.append(fact.note) }
        }
        return notes.isEmpty ? nil : notes.joined(separator: "；") + "。"
    }

    /// The notes of facts that stand in a table or in steps, where there is no room for them.
    mutating func sayNotes(on facts: [Fact]) {
        guard let notes = notes(on: facts) else { return }
        var cites: [Int] = []
        for fact in facts where !fact.note.isEmpty {
            let number = cite(fact)
            if !cites.contains(number) { cites.append(number) }
        }
        append(Reply(text: "注意：\(notes)", cites: cites))
    }

    /// What people may have read and must not believe, with the reason.
    mutating func stateImplausible(_ found: [(fact: Fact, doubt: Doubt)]) {
        var groups: [(doubt: Doubt, facts: [Fact])] = []
        for (fact, doubt) in found where !citedFacts.contains(fact.id) {
            if let index = groups.firstIndex(where: { $0.doubt.id == doubt.id }) {
                groups[index].facts.append(fact)
            } else {
                groups.append((doubt, [fact]))
            }
        }
        guard !groups.isEmpty else { return }
        var cites: [Int] = []
        let lines = groups.map { group -> String in
            let said = group.facts.map { fact -> String in
                let number = cite(fact)
                if !cites.contains(number) { cites.append(number) }
                return "“\(knowledge.render(fact, naming: .population))”[\(number)]"
            }
            return "· \(said.joined(separator: "、"))：\(group.doubt.says)。\(group.doubt.settles)。"
        }
        append(Reply(text: (["网上这些说法靠不住，别当真："] + lines).joined(separator: "\n"), cites: cites))
    }

    /// What held in the very year that is asked about, before what holds now; whether there was something.
    mutating func stateYearAsked(of answer: FactAnswer, _ block: FactBlock, title: String) -> Bool {
        guard !block.includesPast, let year = yearsAsked.first else { return false }
        let then = narrowed(ownPast(of: answer), by: block.narrowing).filter { $0.held(in: year) }
        let nearest = block.breadth == .all ? then : self.nearest(then)
        let scope = nearest.first.map { scopeOfPast($0, answer) } ?? ""
        state(nearest, under: "\(title)\(scope)\(title.isEmpty ? "" : "，")\(year)年是这样，现在不算了：")
        return !nearest.isEmpty
    }

    /// What held once, without what a better source says to be the figure of another place.
    private func ownPast(of answer: FactAnswer) -> [Fact] {
        let place = answer.askedPlace ?? Place.nationCode
        return answer.past.filter { !knowledge.isOfAnotherPlace($0, than: place) }
    }

    /// The facts of the narrowest of their places.
    private func nearest(_ facts: [Fact]) -> [Fact] {
        guard let first = facts.first else { return [] }
        let place = facts.dropFirst().reduce(first.place) { knowledge.isWithin($1.place, $0) ? $1.place : $0 }
        return facts.filter { $0.place == place }
    }

    /// Whose rule it was, where it was not the place's own.
    private func scopeOfPast(_ fact: Fact, _ answer: FactAnswer) -> String {
        guard let asked = answer.askedPlace, fact.place != asked else { return "" }
        return "（\(fact.place == Place.nationCode ? "全国" : knowledge.name(of: fact.place))的）"
    }

    /// Where only a wider place has something that holds now, what the place itself had last; whether there was something.
    mutating func stateLast(of answer: FactAnswer, _ block: FactBlock, title: String) -> Bool {
        guard block.tellsLast, answer.isWider, let place = answer.askedPlace else { return false }
        let own = narrowed(answer.past, by: block.narrowing).filter {
            $0.place == place && block.attributes.contains($0.attribute)
        }
        guard let end = own.compactMap(\.validTo).max() else { return false }
        state(
            own.filter { $0.validTo == end },
            under: "\(title)\(title.isEmpty ? "" : "，")\(knowledge.name(of: place))今年的资料里没有，以前是这样：")
        return true
    }

    /// What held once, when that is asked, and what is coming, always: it changes what to do now.
    mutating func stateOtherTimes(of answer: FactAnswer, _ block: FactBlock, title: String = "") {
        if asksPast, !block.includesPast {
            let past = narrowed(ownPast(of: answer), by: block.narrowing)
            let held = past.filter { fact in yearsAsked.contains { fact.held(in: $0) } }
            let then = block.breadth == .all ? held : nearest(held)
            if then.isEmpty { stateMissingYear(of: answer, past, title) }
            // Of the very year that is asked about, or of all when there is nothing of that year.
            state(then.isEmpty ? past : then, under: "以前是这样，现在不算了：")
            let replaced = answer.givesWay.filter { !$0.fact.saysSame(as: $0.by) }.map(\.fact)
            state(narrowed(replaced, by: block.narrowing), under: "别的文章里的老说法，现在不按它算：")
        }
        if let year = yearToCome, !answer.upcoming.contains(where: { $0.validFrom?.year == year }),
            answer.facts.contains(where: { $0.isAboutMoney && $0.validTo.map { $0.year < year } ?? false })
        {
            stateGap("\(Self.now(title))，\(year)年的资料里还没有。")
        }
        state(narrowed(answer.upcoming, by: block.narrowing), under: "往后要变的：")
        stateNoNextDeadline(answer.facts + answer.upcoming, title)
    }

    /// Behind deadlines that are over, that the next is not known.
    private mutating func stateNoNextDeadline(_ facts: [Fact], _ title: String) {
        guard facts.contains(where: { isOver($0) && citedFacts.contains($0.id) }),
            !facts.contains(where: { $0.lastDay.map { $0 >= date } ?? false })
        else { return }
        stateGap("\(title.isEmpty ? "上面" : "上面“\(title)”")说的日子已经过了，下一次是什么时候，资料里还没有。")
    }

    /// Whether a deadline is over.
    func isOver(_ fact: Fact) -> Bool { fact.lastDay.map { $0 < date } ?? false }

    /// That nothing is known of the year that is asked about, where what is known is of certain years.
    private mutating func stateMissingYear(of answer: FactAnswer, _ past: [Fact], _ title: String) {
        guard let year = yearsAsked.first else { return }
        // What began by then and has not ended held in that year, too.
        let held = answer.facts.contains { $0.validFrom.map { $0.year <= year } ?? false }
        let began = answer.facts.contains { $0.validFrom.map { $0.year > year } ?? false }
        // A telephone number is of no year.
        guard !held, began || !past.isEmpty, (answer.facts + past).contains(where: \.isAboutMoney) else {
            return
        }
        let now = answer.facts.isEmpty ? "" : "\(Self.now(title))，"
        stateGap("\(now)资料里没有写\(year)年的。")
    }

    /// That what was told last holds today.
    private static func now(_ title: String) -> String {
        title.isEmpty ? "上面说的是现在的" : "上面的“\(title)”说的是现在的"
    }

    /// Once in a turn.
    private mutating func stateGap(_ text: String) {
        guard !gaps.contains(text) else { return }
        gaps.append(text)
        append(Reply(text: text))
    }

    private mutating func state(_ facts: [Fact], under heading: String) {
        let untold = facts.filter { !citedFacts.contains($0.id) }.prefix(Self.timesLimit)
        guard !untold.isEmpty else { return }
        var cites: [Int] = []
        let lines = untold.map { fact -> String in
            let number = cite(fact)
            toldAsPast.append(fact.id)
            if !cites.contains(number) { cites.append(number) }
            return "· \(knowledge.render(fact, naming: .population))\(span(of: fact))[\(number)]"
        }
        append(Reply(text: ([heading] + lines).joined(separator: "\n"), cites: cites))
    }

    /// From when or until when, as far as the fact says.
    func span(of fact: Fact) -> String {
        if let from = fact.validFrom, from > date { return "（\(words(for: from))起）" }
        if let to = fact.validTo, to < date { return "（到\(words(for: to))为止）" }
        if isOver(fact) { return "（已经过了）" }
        return ""
    }

    private func words(for date: CivilDate) -> String { "\(date.year)年\(date.month)月\(date.day)日" }

    /// Whether what was typed, or what the task began with, asks how it used to be.
    private var asksPast: Bool {
        textsOnTimes.contains { text in
            Self.pastWords.contains { text.holds($0) } || namesPastYear(text)
        }
    }

    /// What was typed, and what the task began with, unless another year is asked about now (那2026年呢).
    private var textsOnTimes: [String] {
        let namesYear = !years(in: question).isEmpty || Self.yearWords.contains { question.holds($0) }
        return namesYear ? [question] : [question, scene.topic.text]
    }

    private static var yearWords: [String] { ["今年", "明年", "去年", "前年"] }

    private static var pastWords: [String] {
        ["以前", "过去", "从前", "原来怎", "原先", "早先", "老办法", "旧规定", "老规定", "往年", "去年", "前年", "前几年"]
    }

    /// Whether a year before this one is named (2024年).
    private func namesPastYear(_ text: String) -> Bool { !pastYears(in: text).isEmpty }

    private func pastYears(in text: String) -> [Int] {
        years(in: text).filter { $0 < date.year }
    }

    /// Years of the calendar that are named, not sums of money.
    private func years(in text: String) -> [Int] {
        let scalars = Array(text.unicodeScalars)
        let runs = scalars.indices.split { !(0x30...0x39).contains(scalars[$0].value) }
        return runs.compactMap { run -> Int? in
            guard run.count == 4,
                !(run.endIndex < scalars.count && "元块万多米".unicodeScalars.contains(scalars[run.endIndex]))
            else { return nil }
            return Int(String(String.UnicodeScalarView(scalars[run.startIndex..<run.endIndex])))
        }.filter { (2000..<2100).contains($0) }
    }

    /// The year after this one that is asked about.
    private var yearToCome: Int? {
        textsOnTimes.flatMap { text in
            years(in: text).filter { $0 > date.year } + (text.holds("明年") ? [date.year + 1] : [])
        }.first
    }

    /// The years before this one that are asked about: by number, or as 去年 and 前年.
    private var yearsAsked: [Int] {
        // Of two years that are named the one that is meant is in the slot (不是2025是2024).
        if let year = slots["year"].flatMap({ Int($0.value) }), years(in: question).contains(year) {
            return year < date.year ? [year] : []
        }
        return yearsNamed
    }

    private var yearsNamed: [Int] {
        textsOnTimes.flatMap { text in
            pastYears(in: text) + (text.holds("去年") ? [date.year - 1] : [])
                + (text.holds("前年") ? [date.year - 2] : [])
        }
    }
}

extension Fact {
    /// Whether it held on any day of a year, by its dates; without a beginning, in the year in which it ended, and the other
    /// way round.
    fileprivate func held(in year: Int) -> Bool {
        guard let end = validTo ?? validFrom else { return false }
        return end.year >= year && (validFrom?.year ?? end.year) <= year
    }

    /// Whether both give the same value.
    func saysSame(as other: Fact) -> Bool { value == other.value && unit == other.unit }
}
