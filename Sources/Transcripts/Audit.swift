package import Assistant
package import Conversation
import Dialogue
import Knowledge

/// Asks everything of everywhere: each task for each place that has facts, each insurance and each group of people that
/// the task asks about. No answer is compared with a written one; what is checked is what must hold of every answer.
///
/// The person of a case is known from the start, so that a task asks only for what is its own. Of the choices it asks for,
/// the first is taken, and for one person of each place every other one in turn. The same assistant on the same day gives
/// the same report.
package struct Audit {
    /// What must hold and does not.
    package struct Problem: Sendable {
        package enum Kind: String, Sendable, CaseIterable {
            case empty = "nothing was said"
            case unfinished = "the task came to no end"
            case uncited = "a figure without a source"
            case unknownSource = "a citation that leads nowhere"
            case idleSource = "a source that nothing is cited from"
            case elsewhere = "a fact of another place"
            case otherInsurance = "a fact for another insurance"
            case ended = "a fact that does not hold on the day, told as if it did"
            case silent = "neither a fact nor a gap"
        }

        package var kind: Kind
        /// Task and person.
        package var subject: String
        package var detail: String
    }

    package struct Report: Sendable {
        /// Conversations held.
        package var conversations = 0
        /// Turns that told facts.
        package var answers = 0
        /// Things that were said not to be known.
        package var gaps = 0
        /// How long each task's last answer was, without its sources and what is offered.
        package var lengths: [(task: String, subject: String, lines: Int, characters: Int)] = []
        /// Different facts told.
        package var facts: Set<String> = []
        package var problems: [Problem] = []
        /// For each task: conversations, answers, gaps.
        package var tasks: [(name: String, conversations: Int, answers: Int, gaps: Int)] = []
    }

    private struct Person {
        var place: String
        var insurance: String?
        var population: String?
    }

    /// Turns after which a task that still asks counts as endless.
    private static let turnLimit = 12

    private let assistant: Assistant
    private let time: Moment
    private let places: [String]
    /// Facts that a wording quotes whatever is asked (the hotline): they answer nothing.
    private let quoted: Set<String>

    /// With `places` nil, every place that a fact is for, and one that has none of its own.
    package init(_ assistant: Assistant, at time: Moment, places: [String]? = nil) {
        self.assistant = assistant
        self.time = time
        self.places = places ?? assistant.knowledge.placesWithFacts
        quoted = Set(assistant.quotedFacts)
    }

    package func run() -> Report {
        var report = Report()
        for flow in assistant.program.flows {
            let before = (report.conversations, report.answers, report.gaps)
            var asked: [String: [String]] = [:]
            for person in people(for: flow) {
                let slots = hold(flow, person, [:], &report)
                if asked[person.place] == nil { asked[person.place] = slots }
            }
            vary(flow, asked, &report)
            report.tasks.append(
                (
                    flow.name, report.conversations - before.0, report.answers - before.1,
                    report.gaps - before.2
                ))
        }
        return report
    }

    /// Whom the task tells apart.
    private func people(for flow: Flow) -> [Person] {
        let slots = flow.slots.compactMap(assistant.program.slot)
        let insurances = values(of: "insurance", in: slots), populations = values(of: "population", in: slots)
        let isLocal = slots.contains { $0.kind == .place }
        return (isLocal ? places : Array(places.prefix(1))).flatMap { place in
            insurances.flatMap { insurance in
                populations.map { Person(place: place, insurance: insurance, population: $0) }
            }
        }
    }

    /// Values of the slots that an entity fills; one nil when the task has none of them.
    private func values(of entity: String, in slots: [SlotDefinition]) -> [String?] {
        let options = slots.filter { $0.entity == entity }.flatMap(\.options).map(\.value)
        let distinct = options.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return distinct.isEmpty ? [nil] : distinct
    }

    /// Each other option of the choices that the first person of a place was asked for.
    private func vary(_ flow: Flow, _ asked: [String: [String]], _ report: inout Report) {
        let people = people(for: flow)
        for place in places {
            guard let slots = asked[place], let person = people.first(where: { $0.place == place }) else {
                continue
            }
            for slot in slots.compactMap(assistant.program.slot) {
                for option in slot.options.dropFirst() {
                    hold(flow, person, [slot.name: option.key], &report)
                }
            }
        }
    }

    // MARK: One conversation

    /// The slots that were asked for. `picks` are keys of options to be taken instead of the first.
    @discardableResult
    private func hold(
        _ flow: Flow, _ person: Person, _ picks: [String: String], _ report: inout Report
    ) -> [String] {
        report.conversations += 1
        let subject =
            ([flow.name, assistant.knowledge.name(of: person.place)]
            + [person.insurance, person.population].compactMap { $0 }
            + picks.map { "\($0.key)=\($0.value)" })
            .joined(separator: " ")
        var tracker = Tracker(folding: beginning(flow, person))
        var utterance = Utterance(.choice(turn: 1, id: "flow=\(flow.name)"), at: time)
        var told = false
        var asked: [String] = []
        for _ in 0..<Self.turnLimit {
            let turn = assistant.turn(tracker, on: utterance)
            tracker = turn.tracker
            told = examine(turn, subject, of: flow, &report) || told
            guard case .slot(let slot, _)? = tracker.state.question?.kind else {
                let statements = turn.replies.filter(\.isStatement)
                report.lengths.append(
                    (
                        flow.name, subject, statements.reduce(0) { $0 + $1.lines.count },
                        statements.reduce(0) { $0 + $1.text.unicodeScalars.count }
                    ))
                for (turn, responses) in remainders(of: turn) {
                    told = examine(turn, tellingMoreOf: responses, subject, of: flow, &report) || told
                }
                if !told { report.problems.append(Problem(kind: .silent, subject: subject, detail: "")) }
                return asked
            }
            if !asked.contains(slot) { asked.append(slot) }
            utterance = answer(to: slot, picking: picks[slot], from: person.place, turn: tracker.turn)
        }
        report.problems.append(Problem(kind: .unfinished, subject: subject, detail: ""))
        return asked
    }

    /// What comes of picking each thing that an answer kept for later, and which responses it tells more of.
    private func remainders(of turn: Assistant.Turn) -> [(turn: Assistant.Turn, responses: [String])] {
        let offered = turn.replies.flatMap { reply -> [Choice] in
            if case .choices(let choices) = reply.kind { choices } else { [] }
        }
        return offered.compactMap { choice in
            guard let remainder = Remainder(offeredAs: choice) else { return nil }
            let utterance = Utterance(.choice(turn: turn.tracker.turn, id: choice.id), at: time)
            return (assistant.turn(turn.tracker, on: utterance), remainder.responses)
        }
    }

    /// The conversation as it stands when the person is known and picks the task.
    private func beginning(_ flow: Flow, _ person: Person) -> [Event] {
        var events: [Event] = [.turnStarted(number: 1, input: .opening, at: time)]
        for name in flow.slots {
            guard let slot = assistant.program.slot(name) else { continue }
            let value: String? =
                switch slot.entity {
                case "place" where slot.role != "destination": person.place
                case "insurance": slot.option(person.insurance ?? "")?.value
                case "population": slot.option(person.population ?? "")?.value
                default: nil
                }
            guard let value else { continue }
            let text = slot.kind == .place ? assistant.knowledge.name(of: value) : value
            events.append(
                .slotSet(
                    name: name,
                    value: SlotValue(value: value, text: text, raw: text, origin: .profile, turn: 0)))
        }
        return events + [.choicesOffered([Choice(id: "flow=\(flow.name)", label: flow.title)])]
    }

    private func answer(to name: String, picking key: String?, from home: String?, turn: Int) -> Utterance {
        guard let slot = assistant.program.slot(name) else { return Utterance(.text("跳过"), at: time) }
        switch slot.kind {
        case .choice(let options):
            guard let option = options.first else { return Utterance(.text("跳过"), at: time) }
            return Utterance(.choice(turn: turn, id: "\(name)=\(key ?? option.key)"), at: time)
        case .place:
            // Another province than the person's, whichever that is.
            let isFromBeijing = home.map { assistant.knowledge.isWithin($0, "110000") } ?? false
            return Utterance(.text(isFromBeijing ? "上海" : "北京"), at: time)
        case .amount: return Utterance(.text("12000元"), at: time)
        case .number: return Utterance(.text("3"), at: time)
        }
    }

    // MARK: What must hold

    /// Whether the turn told facts that answer, or said that there are none. `remainders`: responses that it tells more of.
    private func examine(
        _ turn: Assistant.Turn, tellingMoreOf remainders: [String] = [], _ subject: String, of flow: Flow,
        _ report: inout Report
    ) -> Bool {
        let said = turn.trace.said + remainders
        func note(_ kind: Problem.Kind, _ detail: String) {
            report.problems.append(Problem(kind: kind, subject: subject, detail: detail))
        }
        if turn.replies.isEmpty || turn.replies.contains(where: \.text.isEmpty) { note(.empty, "") }
        examineSources(turn, note)
        examineFacts(turn, saying: said, note)
        report.gaps += turn.trace.gaps.count
        report.facts.formUnion(turn.trace.facts)
        let isAnswer = turn.trace.facts.contains { answers($0, in: flow) }
        if !turn.trace.facts.isEmpty { report.answers += 1 }
        return isAnswer || !turn.trace.gaps.isEmpty || assistant.isAnswerOfItsOwn(said)
    }

    /// Every line with a figure has its source, every number of a source leads to one, and none is listed for nothing.
    private func examineSources(_ turn: Assistant.Turn, _ note: (Problem.Kind, String) -> Void) {
        let sources = turn.replies.flatMap { reply -> [Citation] in
            if case .sources(let list) = reply.kind { list } else { [] }
        }
        let known = Set(sources.map(\.number))
        // What the person said is said back without a source.
        let said = turn.tracker.slots.entries.map(\.value.text)
        for reply in turn.replies where reply.isStatement {
            if !Set(reply.cites).isSubset(of: known) || !reply.numbersInText.isSubset(of: reply.cites) {
                note(.unknownSource, reply.text)
            }
            for line in reply.lines where reply.lacksSource(line, besides: said) { note(.uncited, line) }
        }
        let cited = Set(turn.replies.flatMap(\.cites))
        for source in sources where !cited.contains(source.number) || source.facts.isEmpty {
            note(.idleSource, source.title)
        }
    }

    /// Every fact is for the person's own place and insurance, and holds on the day unless it is told as past.
    private func examineFacts(
        _ turn: Assistant.Turn, saying said: [String], _ note: (Problem.Kind, String) -> Void
    ) {
        let knowledge = assistant.knowledge
        let here = homes(turn.tracker)
        let tellsPast = assistant.tellsPast(said)
        let insurance = turn.tracker.slots.entries.first {
            assistant.program.slot($0.name)?.entity == "insurance"
        }?.value.value
        for fact in turn.trace.facts.compactMap(knowledge.fact) {
            let isNear = here.contains {
                knowledge.isWithin($0, fact.place) || knowledge.isWithin(fact.place, $0)
            }
            if !isNear { note(.elsewhere, "\(fact.id) (\(knowledge.name(of: fact.place)))") }
            if tellsPast || turn.trace.toldAsPast.contains(fact.id) { continue }
            if fact.flags.contains("outdated") || fact.validTo.map({ $0 < time.date }) ?? false {
                note(.ended, fact.id)
            }
            if let insurance, isOfAnother(fact, insurance), !turn.names(fact.insurance, for: fact) {
                note(.otherInsurance, "\(fact.id) (\(fact.insurance))")
            }
        }
    }

    /// Whether a rule for that insurance works with the fact: then it is used on purpose, and people are told.
    private func isTakenOver(_ fact: Fact, for insurance: String) -> Bool {
        assistant.knowledge.calculations.contains { rule in
            (rule.holdsFor[.insurance] ?? [insurance]).contains(insurance)
                && (rule.figures + rule.also + [rule.cap, rule.least, rule.most].compactMap { $0?.fact })
                    .contains(fact.id)
        }
    }

    /// Whether a fact gives a figure of what people of another insurance pay or get.
    private func isOfAnother(_ fact: Fact, _ insurance: String) -> Bool {
        let residents = ["居民", "新农合"]
        guard fact.table == "rates" || fact.table == "fees", !fact.insurance.isEmpty,
            !isTakenOver(fact, for: insurance)
        else { return false }
        return fact.insurance != insurance
            && !(residents.contains(fact.insurance) && residents.contains(insurance))
    }

    /// Whether a fact is of the answer itself: not the number to call, unless that is what the task is about.
    private func answers(_ id: String, in flow: Flow) -> Bool {
        guard !quoted.contains(id) || assistant.tellsContacts(flow), let fact = assistant.knowledge.fact(id)
        else {
            return false
        }
        return fact.table != "contacts" || assistant.tellsContacts(flow)
    }

    /// The places where the person is insured, and the country. Where they go for treatment has no say.
    private func homes(_ tracker: Tracker) -> [String] {
        let said = tracker.slots.entries.filter { entry in
            // Where somebody only goes is none, unless it takes the place of home where nothing is said of it.
            assistant.program.slot(entry.name).map {
                $0.kind == .place && ($0.role != "destination" || !$0.inherits.isEmpty)
            } ?? false
        }.map(\.value.value)
        // Nothing lies within a province that has no code; without a place only what holds everywhere may be told.
        return said.isEmpty ? ["-"] : said
    }
}

extension Assistant.Turn {
    /// Whether a reply that cites the fact's source says for which insurance that is.
    fileprivate func names(_ insurance: String, for fact: Fact) -> Bool {
        let numbers = replies.flatMap { reply -> [Int] in
            guard case .sources(let list) = reply.kind else { return [] }
            return list.filter { $0.facts.contains(fact.id) }.map(\.number)
        }
        return replies.contains { reply in
            reply.isStatement && reply.text.contains(insurance)
                && numbers.contains { reply.cites.contains($0) }
        }
    }
}

extension Reply {
    /// Neither a question with its choices nor the list of sources.
    fileprivate var isStatement: Bool {
        switch kind {
        case .text, .steps, .table: true
        case .choices, .sources: false
        }
    }

    fileprivate var lines: [String] { text.split(separator: "\n").map(String.init) }

    /// The numbers of sources that the text shows (`[3]`).
    fileprivate var numbersInText: Set<Int> {
        Set(
            text.split(separator: "[").dropFirst().compactMap {
                $0.split(separator: "]").first.flatMap { Int($0) }
            })
    }

    /// Whether a line has a figure that neither itself nor, for steps and notes, its reply has a source for.
    fileprivate func lacksSource(_ line: String, besides said: [String]) -> Bool {
        let rest = said.filter { !$0.isEmpty }.reduce(line) { $0.replacing($1, with: "") }
        guard rest.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return false }
        if case .steps = kind { return cites.isEmpty }
        if line.hasPrefix("· ") { return !line.contains("[") && !line.contains("＝") && !line.contains("：合计") }
        return cites.isEmpty
    }
}

extension Audit.Report {
    /// For people, the most common problems first.
    package func text(showing limit: Int) -> String {
        var lines = tasks.map { task in
            "\(task.name): \(task.conversations) conversations, \(task.answers) answers, \(task.gaps) gaps, "
                + length { $0 == task.name } + (longest(of: task.name).map { ", longest: \($0)" } ?? "")
        }
        let kinds = Audit.Problem.Kind.allCases.map { kind in (kind, problems.filter { $0.kind == kind }) }
        for (kind, found) in kinds where !found.isEmpty {
            lines.append("\(kind.rawValue): \(found.count)")
            lines += found.prefix(limit).map { "  \($0.subject): \($0.detail)" }
        }
        lines.append(
            "last answers, median and longest: \(length { _ in true }); \(longAnswers) of \(lengths.count) have more than \(Self.screen) lines"
        )
        lines.append(
            "\(conversations) conversations, \(answers) answers, \(gaps) declared gaps, \(facts.count) different facts, \(problems.count) problems"
        )
        return lines.joined(separator: "\n") + "\n"
    }

    /// Lines that a telephone shows at once.
    private static var screen: Int { 12 }

    /// Last answers that do not fit on a screen.
    private var longAnswers: Int { lengths.count { $0.lines > Self.screen } }

    /// Task and person of the longest last answer of a task.
    private func longest(of task: String) -> String? {
        lengths.filter { $0.task == task }.max { $0.lines < $1.lines }?.subject
    }

    /// How long the last answers of some tasks were: the median and the longest.
    private func length(of isMeant: (String) -> Bool) -> String {
        let chosen = lengths.filter { isMeant($0.task) }
        func spread(_ counts: [Int]) -> String {
            let sorted = counts.sorted()
            return sorted.isEmpty ? "0" : "\(sorted[sorted.count / 2])–\(sorted[sorted.count - 1])"
        }
        return
            "\(spread(chosen.map(\.lines))) lines, \(spread(chosen.map(\.characters))) characters"
    }
}
