import Conversation
import JSONText

/// What another front end can show: words, and buttons that send something back. All formats but our own are made of
/// these, so a reply is brought into another shape here and nowhere else.
package struct ForeignMessage: Equatable, Sendable {
    package struct Button: Equatable, Sendable {
        /// What the person sees; said as it is, it picks the choice as well.
        package var title: String
        /// What names the choice beyond doubt: `/choose{"of":2,"choice":"…"}`, in the way of Rasa's `/intent{…}`.
        package var payload: String

        package init(title: String, payload: String) {
            self.title = title
            self.payload = payload
        }
    }

    package var text: String
    package var buttons: [Button]

    package init(text: String, buttons: [Button] = []) {
        self.text = text
        self.buttons = buttons
    }

    /// The messages of a turn, in order. Whatever has a form of its own says everything in its text too.
    package static func messages(of turn: PageTurn) -> [ForeignMessage] {
        turn.replies.map { message($0, of: turn.seq) }
    }

    private static func message(_ reply: Reply, of turn: Int) -> ForeignMessage {
        switch reply.kind {
        case .text, .steps, .table: ForeignMessage(text: reply.text)
        case .sources(let sources): ForeignMessage(text: linked(reply.text, to: sources))
        case .choices(let choices):
            // The buttons are drawn below, so their numbers are not repeated in the text.
            ForeignMessage(
                text: reply.text.split(separator: "\n").dropLast(choices.count).joined(separator: "\n"),
                buttons: choices.map { Button(title: $0.label, payload: payload($0.id, of: turn)) })
        }
    }

    /// A source that can be had is named with its address, at the end of its line.
    private static func linked(_ text: String, to sources: [Citation]) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let source = sources.first { line.hasPrefix("[\($0.number)]") }
            guard let url = source?.url, url.hasPrefix("https://") || url.hasPrefix("http://"),
                !line.contains(url)
            else { return String(line) }
            return "\(line) \(url)"
        }.joined(separator: "\n")
    }

    // MARK: What comes back

    private static func payload(_ choice: String, of turn: Int) -> String {
        var payload = JSONWriter(capacity: 64)
        payload.beginObject()
        payload.key("of")
        payload.integer(turn)
        payload.key("choice")
        payload.string(choice)
        payload.endObject()
        return "/choose\(payload.text)"
    }

    /// What a person of another front end said: a button's payload is the choice; front ends open with a greeting of
    /// that kind and restart with `/restart`.
    package static func frame(saying text: String, id: String) -> ClientFrame {
        guard text.first == "/" else { return .message(id: id, text: text) }
        let name = text.dropFirst().prefix { $0 != "{" }
        let rest = text.dropFirst(name.count + 1)
        switch name {
        case "choose":
            guard let json = try? JSONParser.parse(Array(rest.utf8)), let turn = json["of"]?.integer,
                turn > 0, let choice = json["choice"]?.string, choice.utf8.count <= 256
            else { return .message(id: id, text: text) }
            return .choose(id: id, of: turn, choice: choice)
        case "restart": return .message(id: id, text: "重来")
        case "greet", "get_started", "session_start": return .message(id: id, text: "你好")
        default: return .message(id: id, text: text)
        }
    }
}
