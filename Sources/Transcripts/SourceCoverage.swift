package import Assistant
package import Conversation
import Dialogue
import Knowledge

/// Whether people come to hear what every source says: each source is asked for in the words of a table, questions that are
/// put back are answered in every way, what is offered is read on, and the follow-ups of the table are asked. Each fact of
/// the source is then told by one of these ways, or the reason is known why it is not.
package struct SourceCoverage {
    /// How somebody asks for what a source says.
    package struct Request: Equatable, Sendable {
        package var source: String
        /// Where the person is insured, as people say it; empty when it does not matter.
        package var place: String
        package var question: String
        package var followUps: [String]
    }

    /// By which way a fact is told, the nearest first.
    package enum Way: Comparable, Sendable {
        /// To the question, once the questions that it raises are answered.
        case answer
        /// What the answer kept for later, the source read on, or what others say, as the answer offers it.
        case reading
        /// With a task that the answer offers.
        case offer
        /// To this question after the first.
        case followUp(String)

        var text: String {
            switch self {
            case .answer: "answer"
            case .reading: "reading on"
            case .offer: "offered task"
            case .followUp(let text): "follow-up: \(text)"
            }
        }
    }

    /// Why a fact need not be told.
    package enum Exception: String, Sendable, CaseIterable {
        case offTopic = "exception: has nothing to do with medical insurance"
        case saidBy = "exception: the same is told from a better source"
        case givesWay = "exception: what counts instead is told"
        case doubtful = "exception: the doubt about it is told"
        case brokenOff = "exception: the source breaks off before the value"
    }

    package struct Row: Equatable, Sendable {
        package var fact: String
        package var source: String
        /// Nil when it is neither told nor excepted.
        package var how: String?
    }

    /// Turns of one conversation, and turns that are tried for one question, at most.
    private static let depth = 9, budget = 600

    private let assistant: Assistant
    private let time: Moment

    package init(_ assistant: Assistant, at time: Moment) {
        self.assistant = assistant
        self.time = time
    }

    /// What became of each fact of the sources asked for, in the order of the table of sources.
    package func rows(for requests: [Request]) -> [Row] {
        let knowledge = assistant.knowledge
        var heard: [String: Heard] = [:]
        for request in requests { ask(request, &heard[request.source, default: Heard()]) }
        return knowledge.sources.flatMap { source -> [Row] in
            guard let heard = heard[source.id] else { return [] }
            return knowledge.facts.filter { $0.source == source.id }.map {
                Row(fact: $0.id, source: source.id, how: how($0, heard))
            }
        }
    }

    /// All that was told to the questions for one source.
    private struct Heard {
        var ways: [String: Way] = [:]
        var doubts: Set<String> = []

        mutating func note(_ fact: String, _ way: Way) {
            ways[fact] = min(ways[fact] ?? way, way)
        }
    }

    private func how(_ fact: Fact, _ heard: Heard) -> String? {
        let knowledge = assistant.knowledge
        if let way = heard.ways[fact.id] { return way.text }
        if fact.table == KnowledgeTables.general || fact.flags.contains("off_topic") {
            return Exception.offTopic.rawValue
        }
        let told = heard.ways.keys.compactMap(knowledge.fact)
        if told.contains(where: {
            $0.value == fact.value && $0.unit == fact.unit && $0.attribute == fact.attribute
        }) {
            return Exception.saidBy.rawValue
        }
        if told.contains(where: { $0.supersedes.contains(fact.id) }) { return Exception.givesWay.rawValue }
        if knowledge.isBrokenOff(fact.id) { return Exception.brokenOff.rawValue }
        if knowledge.doubts.contains(where: { $0.facts.contains(fact.id) && heard.doubts.contains($0.id) }) {
            return Exception.doubtful.rawValue
        }
        return nil
    }

    // MARK: Asking

    private struct Node {
        var tracker: Tracker
        var utterance: Utterance
        var way: Way
        var depth: Int
        /// Whether nothing but first choices was picked to get there.
        var isFirst = true
    }

    private func ask(_ request: Request, _ heard: inout Heard) {
        let opening = assistant.turn(Tracker(), on: Utterance(.opening, at: time))
        var first = walk(
            [Node(tracker: opening.tracker, utterance: said(request.question), way: .answer, depth: 0)],
            request, &heard)
        if first == nil { first = opening.tracker }
        for text in request.followUps {
            guard let tracker = first else { continue }
            walk(
                [Node(tracker: tracker, utterance: said(text), way: .followUp(text), depth: 0)], request,
                &heard)
        }
    }

    private func said(_ text: String) -> Utterance { Utterance(.text(text), at: time) }

    /// Every way on from the beginning, the nearest first. Gives the conversation as it stands when each question is answered
    /// with its first choice.
    @discardableResult
    private func walk(_ beginning: [Node], _ request: Request, _ heard: inout Heard) -> Tracker? {
        var queue = beginning
        var end: Tracker?
        var next = 0
        var memory = TurnMemory()
        while next < queue.count, next < Self.budget {
            let node = queue[next]
            next += 1
            let turn = assistant.turn(node.tracker, on: node.utterance, &memory)
            for citation in turn.replies.flatMap(\.citations) {
                for fact in citation.facts { heard.note(fact, node.way) }
            }
            let text = turn.replies.map(\.text).joined(separator: "\n")
            for doubt in assistant.knowledge.doubts where text.contains(doubt.says) {
                heard.doubts.insert(doubt.id)
            }
            let isOpen = turn.tracker.state.question.map { !$0.isOffer } ?? false
            if !isOpen, end == nil, node.isFirst { end = turn.tracker }
            guard node.depth < Self.depth else { continue }
            for (index, var next) in following(turn, node, request).enumerated() {
                next.isFirst = node.isFirst && index == 0
                queue.append(next)
            }
        }
        return end
    }

    /// What the person may do next: every choice of an open question, else what the answer offers.
    private func following(_ turn: Assistant.Turn, _ node: Node, _ request: Request) -> [Node] {
        guard let question = turn.tracker.state.question else { return [] }
        let choices = turn.replies.flatMap(\.choices)
        func then(_ utterance: Utterance, _ way: Way) -> Node {
            Node(tracker: turn.tracker, utterance: utterance, way: max(way, node.way), depth: node.depth + 1)
        }
        func choose(_ choice: Choice, _ way: Way) -> Node {
            then(Utterance(.choice(turn: turn.tracker.turn, id: choice.id), at: time), way)
        }
        switch question.kind {
        case .slot(let name, let candidates):
            guard candidates.isEmpty, let slot = assistant.program.slot(name) else {
                return choices.map { choose($0, .answer) }
            }
            switch slot.kind {
            case .choice: return choices.map { choose($0, .answer) }
            case .place where slot.role == "destination":
                return [then(said(Self.elsewhere(than: request.place)), .answer)]
            case .place: return [then(said(request.place.isEmpty ? "不清楚" : request.place), .answer)]
            case .amount: return [then(said("12000元"), .answer)]
            case .number: return [then(said("3"), .answer)]
            }
        case .flow, .pick: return choices.map { choose($0, .answer) }
        case .followUp:
            // A task that is offered is taken up once; its own offers lead to everything.
            return choices.compactMap { choice in
                if FurtherReading.isReading(choice.id) || Remainder(offeredAs: choice) != nil {
                    return choose(choice, .reading)
                }
                return node.way < Way.offer ? choose(choice, .offer) : nil
            }
        }
    }
}

extension SourceCoverage {
    /// Where somebody goes for treatment: not at home.
    private static func elsewhere(than place: String) -> String { place.hasPrefix("北京") ? "上海" : "北京" }
}

extension Question {
    fileprivate var isOffer: Bool { if case .followUp = kind { true } else { false } }
}

extension Reply {
    fileprivate var citations: [Citation] { if case .sources(let list) = kind { list } else { [] } }
    fileprivate var choices: [Choice] { if case .choices(let list) = kind { list } else { [] } }
}

extension SourceCoverage {
    /// The requests of a table: `source`, `place`, `question`, `follow_ups` (several with ` / ` between them), tabs between, a
    /// header above. Without a question the title of the source is asked. The first line that is no request is given back as
    /// the mistake.
    package func requests(in table: String) -> (requests: [Request], mistake: String?) {
        var requests: [Request] = []
        for line in table.split(separator: "\n").dropFirst() {
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard cells.count == 4, let source = assistant.knowledge.source(cells[0]) else {
                return (requests, String(line))
            }
            requests.append(
                Request(
                    source: source.id, place: cells[1], question: cells[2].isEmpty ? source.title : cells[2],
                    followUps: cells[3].isEmpty ? [] : cells[3].components(between: " / ")))
        }
        return (requests, nil)
    }

    /// The table of what became of each fact, and how many went each way.
    package static func text(_ rows: [Row]) -> String {
        let lines = rows.map { "\($0.source)\t\($0.fact)\t\($0.how ?? "NOT TOLD")" }
        return (["source\tfact\thow"] + lines).joined(separator: "\n") + "\n"
    }
}

extension String {
    fileprivate func components(between separator: String) -> [String] {
        split(separator: separator).map(String.init)
    }
}
