import ArgumentParser
import Assistant
import Channels
import Conversation
import Dialogue
import JSONText
import Service

struct AskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: "One conversation, each TEXT an utterance in turn; prints the replies.")

    @OptionGroup var options: ProjectOptions
    @Flag(help: "Print one turn object a line.") var json = Environment.flag("JSON")
    @Flag(help: "Add how each turn came about.") var trace = Environment.flag("TRACE")
    @Argument(help: "What is said, turn by turn.") var text: [String]

    func run() throws {
        let assistant = try options.assistant()
        var tracker = assistant.turn(Tracker(), on: Utterance(.opening, at: .now)).tracker
        for (index, utterance) in text.enumerated() {
            let turn = assistant.turn(tracker, on: Utterance(.text(utterance), at: .now))
            tracker = turn.tracker
            if json {
                print(line(turn, id: "a\(index + 1)"))
            } else {
                if index > 0 { print("") }
                for reply in turn.replies { print(reply.text) }
                if trace { print(traceText(turn)) }
            }
        }
    }

    private func line(_ turn: Assistant.Turn, id: String) -> String {
        var user = ""
        if case .text(let text) = turn.input { user = text }
        var writer = JSONWriter(capacity: 2048)
        TurnFrame.write(
            id: id, seq: turn.tracker.turn, user: user, replies: turn.replies,
            trace: trace ? TraceFrame.bytes(turn, micros: 0) : nil, to: &writer)
        return writer.text
    }

    private func traceText(_ turn: Assistant.Turn) -> String {
        String(decoding: TraceFrame.bytes(turn, micros: 0), as: UTF8.self)
    }
}
