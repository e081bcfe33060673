import Conversation
import JSONText

/// Rasa's REST channel, for front ends that speak it: `POST /webhooks/rest/webhook` with a sender and a message, answered
/// by a list of messages. Format: Rasa's documentation, "Your own website", REST channels.
package enum RasaREST {
    package struct Request: Equatable, Sendable {
        /// Whoever speaks, in the front end's own names; apart from those of every other channel.
        package var sender: String
        package var frame: ClientFrame
    }

    /// `id` stands for the identifier that this format lacks.
    package static func decode(
        _ body: [UInt8], id: String, limits: FrameDecoder.Limits
    ) throws(FrameError) -> Request {
        let fields = Fields(try FrameDecoder.object(body, depth: limits.depth))
        let sender = try fields.optionalText("sender", atMost: 256) ?? "default"
        let text = try fields.utterance("message", atMost: limits.text)
        return Request(sender: sender, frame: frame(text, id: id))
    }

    /// A button comes back as `/choose{"of":2,"choice":"…"}`, as Rasa's own come back as `/intent{…}`. Front ends open with
    /// a greeting of that kind and restart with `/restart`.
    private static func frame(_ text: String, id: String) -> ClientFrame {
        guard text.first == "/" else { return .message(id: id, text: text) }
        let name = text.dropFirst().prefix { $0 != "{" }
        let rest = text.dropFirst(name.count + 1)
        switch name {
        case "choose":
            guard let json = try? JSONParser.parse(Array(rest.utf8)), let turn = json["of"]?.integer,
                turn > 0,
                let choice = json["choice"]?.string, choice.utf8.count <= 256
            else { return .message(id: id, text: text) }
            return .choose(id: id, of: turn, choice: choice)
        case "restart": return .message(id: id, text: "重来")
        case "greet", "get_started", "session_start": return .message(id: id, text: "你好")
        default: return .message(id: id, text: text)
        }
    }

    /// What the turn says, in Rasa's form: a list, or with `streams` one message a line. Whatever has a form of its own
    /// says everything in its text too, so text and buttons are all that is needed.
    package static func encode(_ turn: PageTurn, to recipient: String, streams: Bool) -> [UInt8] {
        var lines: [[UInt8]] = []
        for reply in turn.replies {
            var json = JSONWriter()
            write(reply, of: turn.seq, to: recipient, &json)
            lines.append(Array(json.body))
        }
        if streams { return lines.flatMap { $0 + [UInt8(ascii: "\n")] } }
        var json = JSONWriter()
        json.beginArray()
        for line in lines { json.raw(line) }
        json.endArray()
        return Array(json.body)
    }

    private static func write(_ reply: Reply, of turn: Int, to recipient: String, _ json: inout JSONWriter) {
        json.beginObject()
        json.key("recipient_id")
        json.string(recipient)
        json.key("text")
        guard case .choices(let choices) = reply.kind else {
            json.string(reply.text)
            return json.endObject()
        }
        // The buttons are drawn below, so their numbers are not repeated in the text.
        json.string(reply.text.split(separator: "\n").dropLast(choices.count).joined(separator: "\n"))
        json.key("buttons")
        json.beginArray()
        for choice in choices {
            var payload = JSONWriter()
            payload.beginObject()
            payload.key("of")
            payload.integer(turn)
            payload.key("choice")
            payload.string(choice.id)
            payload.endObject()
            json.beginObject()
            json.key("title")
            json.string(choice.label)
            json.key("payload")
            json.string("/choose\(payload.text)")
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}
