package import Assistant
package import Conversation
import Dialogue
import Knowledge

/// Asks everything of everywhere: each task for each place that has facts, each insurance and each group of people that
/// the task asks about. No answer is compared with a written one; what is checked is what must hold of every answer.
///
/// The person of a case is known from the start, so that a task asks only for what is its own; of choices the first is
/// taken. The same assistant on the same day gives the same report.
package struct Audit {
    /// What must hold and does not.
    package struct Problem: Sendable {
        package enum Kind: String, Sendable, CaseIterable {
            case empty = "nothing was said"
            case unfinished = "the task came to no end"
            case uncited = "a figure without a source"
            case unknownSource = "a citation that leads nowhere"
            case elsewhere = "a fact of another place"
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
        /// Replies that say what is not known.
        package var gaps = 0
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

    /// With `places` nil, every place that a fact is for, and one that has none of its own.
    package init(_ assistant: Assistant, at time: Moment, places: [String]? = nil) {
        self.assistant = assistant
        self.time = time
        self.places = places ?? Self.placesWithFacts(assistant.knowledge)
    }

    private static func placesWithFacts(_ knowledge: KnowledgeBase) -> [String] {
        let own = Set(knowledge.facts.map(\.place))
        let provinces = Set(own.compactMap { knowledge.places.province(of: $0)?.code })
        let bare = knowledge.places.places.first {
            $0.level == .prefecture && !provinces.contains(knowledge.places.province(of: $0.code)?.code ?? "")
        }
        return own.subtracting(["000000"]).sorted() + (bare.map { [$0.code] } ?? [])
    }

    package func run() -> Report {
        var report = Report()
        for flow in assistant.program.flows {
            let before = (report.conversations, report.answers, report.gaps)
            for person in people(for: flow) { hold(flow, person, &report) }
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

    // MARK: One conversation

    private func hold(_ flow: Flow, _ person: Person, _ report: inout Report) {
        report.conversations += 1
        let subject =
            ([flow.name, assistant.knowledge.name(of: person.place)]
            + [person.insurance, person.population].compactMap { $0 })
            .joined(separator: " ")
        var tracker = Tracker(folding: beginning(flow, person))
        var utterance = Utterance(.choice(turn: 1, id: "flow=\(flow.name)"), at: time)
        var told = false
        for _ in 0..<Self.turnLimit {
            let turn = assistant.turn(tracker, on: utterance)
            tracker = turn.tracker
            told = examine(turn, subject, &report) || told
            guard case .slot(let slot, _)? = tracker.state.question?.kind else {
                if !told { report.problems.append(Problem(kind: .silent, subject: subject, detail: "")) }
                return
            }
            utterance = answer(to: slot, from: person.place, turn: tracker.turn)
        }
        report.problems.append(Problem(kind: .unfinished, subject: subject, detail: ""))
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

    private func answer(to name: String, from home: String?, turn: Int) -> Utterance {
        guard let slot = assistant.program.slot(name) else { return Utterance(.text("跳过"), at: time) }
        switch slot.kind {
        case .choice(let options):
            guard let option = options.first else { return Utterance(.text("跳过"), at: time) }
            return Utterance(.choice(turn: turn, id: "\(name)=\(option.key)"), at: time)
        case .place:
            // Another province than the person's, whichever that is.
            let isFromBeijing = home.map { assistant.knowledge.isWithin($0, "110000") } ?? false
            return Utterance(.text(isFromBeijing ? "上海" : "北京"), at: time)
        case .amount: return Utterance(.text("12000元"), at: time)
        case .number: return Utterance(.text("3"), at: time)
        }
    }

    // MARK: What must hold

    /// Whether the turn told facts or said that there are none.
    private func examine(_ turn: Assistant.Turn, _ subject: String, _ report: inout Report) -> Bool {
        func note(_ kind: Problem.Kind, _ detail: String) {
            report.problems.append(Problem(kind: kind, subject: subject, detail: detail))
        }
        if turn.replies.isEmpty || turn.replies.contains(where: \.text.isEmpty) { note(.empty, "") }
        var known: Set<Int> = []
        for reply in turn.replies {
            if case .sources(let list) = reply.kind { known.formUnion(list.map(\.number)) }
        }
        // What the person said is said back without a source.
        let said = turn.tracker.slots.entries.map(\.value.text)
        for reply in turn.replies where reply.isStatement {
            if reply.cites.isEmpty, reply.hasFigure(besides: said) {
                note(.uncited, reply.text)
            }
            if !reply.cites.allSatisfy(known.contains) { note(.unknownSource, reply.text) }
        }
        let gaps = turn.replies.count(where: \.declaresGap)
        report.gaps += gaps
        if !turn.trace.facts.isEmpty { report.answers += 1 }
        report.facts.formUnion(turn.trace.facts)
        let here = placesSaid(turn.tracker)
        for id in turn.trace.facts {
            guard let fact = assistant.knowledge.fact(id) else { continue }
            let isNear = here.contains {
                assistant.knowledge.isWithin($0, fact.place) || assistant.knowledge.isWithin(fact.place, $0)
            }
            if !isNear { note(.elsewhere, "\(id) (\(assistant.knowledge.name(of: fact.place)))") }
        }
        return !turn.trace.facts.isEmpty || gaps > 0
    }

    /// Every place of the conversation, and the country.
    private func placesSaid(_ tracker: Tracker) -> [String] {
        let said = tracker.slots.entries.filter { assistant.program.slot($0.name)?.kind == .place }.map(
            \.value.value)
        // Nothing lies within a province that has no code; without a place only what holds everywhere may be told.
        return said.isEmpty ? ["-"] : said
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

    /// Whether it holds a digit outside of these texts.
    fileprivate func hasFigure(besides texts: [String]) -> Bool {
        let rest = texts.filter { !$0.isEmpty }.reduce(text) { $0.replacing($1, with: "") }
        return rest.utf8.contains { (0x30...0x39).contains($0) }
    }

    /// Whether it says that something is not known.
    fileprivate var declaresGap: Bool {
        cites.isEmpty && ["没有写", "资料里没有", "没有自己的", "没写"].contains { text.contains($0) }
    }
}

extension Audit.Report {
    /// For people, the most common problems first.
    package func text(showing limit: Int) -> String {
        var lines = tasks.map {
            "\($0.name): \($0.conversations) conversations, \($0.answers) answers, \($0.gaps) gaps"
        }
        let kinds = Audit.Problem.Kind.allCases.map { kind in (kind, problems.filter { $0.kind == kind }) }
        for (kind, found) in kinds where !found.isEmpty {
            lines.append("\(kind.rawValue): \(found.count)")
            lines += found.prefix(limit).map { "  \($0.subject): \($0.detail)" }
        }
        lines.append(
            "\(conversations) conversations, \(answers) answers, \(gaps) declared gaps, \(facts.count) different facts, \(problems.count) problems"
        )
        return lines.joined(separator: "\n") + "\n"
    }
}
