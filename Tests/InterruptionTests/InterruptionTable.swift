import Assistant
import Authoring
import Conversation
import Dialogue
import Foundation

/// What a person does while something is open, and what follows from it. See `Tests/Interruptions/README.md`.
struct InterruptionTable {
    struct Cell: Equatable {
        var state: String
        var act: String
        var words: String
        var outcome: [String]

        var name: String { "\(state) × \(act)" }
        var line: String { ([state, act, words] + outcome).joined(separator: "\t") }
    }

    static let columns = ["state", "act", "words", "next", "said", "attempts", "return", "events"]

    var cells: [Cell]

    static func read() throws -> InterruptionTable {
        let rows = try rows(of: "table")
        return InterruptionTable(
            cells: rows.map { Cell(state: $0[0], act: $0[1], words: $0[2], outcome: Array($0[3...])) })
    }

    func write() throws {
        let lines = [Self.columns.joined(separator: "\t")] + cells.map(\.line)
        try (lines.joined(separator: "\n") + "\n").write(
            to: Repository.folder("Tests/Interruptions/table.tsv"), atomically: true, encoding: .utf8)
    }

    static func rows(of name: String) throws -> [[String]] {
        let text = try String(
            contentsOf: Repository.folder("Tests/Interruptions/\(name).tsv"), encoding: .utf8)
        return text.split(separator: "\n").dropFirst().map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
    }
}

enum Repository {
    static func folder(_ path: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent(path)
    }

    /// The assistant that is served, as its files stand.
    static let assistant: Assistant? = Project(
        dialogs: folder("Dialogs").path, data: folder("Data").path, cache: folder("var/cache").path
    ).load().assistant
}

/// A conversation that is played turn by turn.
struct Play {
    let assistant: Assistant
    var tracker = Tracker()
    var events: [Event] = []
    private var memory = TurnMemory()
    static let time = Moment(seconds: 1_790_000_000)

    init(_ assistant: Assistant) {
        self.assistant = assistant
        advance(.opening)
    }

    /// Types the words; `@id` picks what was offered, `!hand_off` is a person who takes over.
    @discardableResult
    mutating func act(_ words: String) -> Assistant.Turn? {
        if words == "!hand_off" {
            events.append(.handedOff(owner: "窗口"))
            tracker.apply(.handedOff(owner: "窗口"))
            return nil
        }
        guard words.hasPrefix("@") else { return advance(.text(words)) }
        let id = String(words.dropFirst())
        let turn = tracker.offers.last { $0.choices.contains { $0.id == id } }?.turn ?? 0
        return advance(.choice(turn: turn, id: id))
    }

    @discardableResult
    private mutating func advance(_ input: Utterance.Input) -> Assistant.Turn {
        let turn = assistant.turn(tracker, on: Utterance(input, at: Self.time), &memory)
        tracker = turn.tracker
        events += turn.events
        return turn
    }

    /// What an act comes to, in the columns of the table.
    mutating func outcome(of words: String) -> [String] {
        let before = tracker
        guard let turn = act(words) else { return [] }
        let question = turn.tracker.state.question
        let top = turn.tracker.stackNames.last ?? "-"
        let asked = turn.events.contains { if case .questionAsked = $0 { true } else { false } }
        let isPut = turn.replies.last.map { if case .choices = $0.kind { true } else { false } } ?? false
        let isAsk =
            turn.trace.said.last.map { $0.hasPrefix("ask.") || $0.hasPrefix("pattern.which") } ?? false
        let comesBack: String =
            switch (question, question?.kind == before.state.question?.kind) {
            case (nil, _): "none"
            case (_, true) where isPut || isAsk: "again"
            case (_, true) where !asked: "kept"
            default: "new"
            }
        return [
            "\(top) \(question.map(Self.name) ?? "-")", turn.trace.said.joined(separator: " "),
            "\(Self.attempts(before)) → \(Self.attempts(turn.tracker))", comesBack,
            turn.events.compactMap(Self.name).joined(separator: " "),
        ]
    }

    private static func attempts(_ tracker: Tracker) -> String {
        tracker.state.question.map { "\($0.failures)" } ?? "-"
    }

    private static func name(_ question: Question) -> String {
        switch question.kind {
        case .slot(let slot, let candidates): candidates.isEmpty ? "slot:\(slot)" : "which:\(slot)"
        case .flow: "flows"
        case .followUp: "next"
        case .pick(let response, _, _): "pick:\(response)"
        }
    }

    private static func name(_ event: Event) -> String? {
        switch event {
        case .turnStarted, .choicesOffered, .spoke, .stepSaid, .flowMoved, .personKnown: nil
        case .checkpointTaken: "checkpoint"
        case .checkpointRestored: "restore"
        case .checkpointRedone: "redo"
        case .personChanged(let person, _): "person:\(person ?? "")"
        case .todoChanged(let items): "todo:\(items.map(\.flow).joined(separator: ","))"
        case .slotSet(let name, let value): "set:\(name)=\(value.value)"
        case .slotCleared(let name): "clear:\(name)"
        case .flowStarted(let flow): "start:\(flow)"
        case .flowRewound(let step, _): "rewind:\(step)"
        case .flowEnded(let flow, let outcome): "end:\(flow)=\(outcome.rawValue)"
        case .questionAsked: "ask"
        case .attemptFailed: "fail"
        case .questionClosed: "close"
        case .misunderstood(let count): "lost:\(count)"
        case .handedOff: "hand_off"
        case .handedBack: "hand_back"
        case .restarted: "restart"
        case .feedbackGiven: "feedback"
        }
    }
}
