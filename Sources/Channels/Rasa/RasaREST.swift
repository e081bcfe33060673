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
        return Request(sender: sender, frame: ForeignMessage.frame(saying: text, id: id))
    }

    /// What the turn says, in Rasa's form: a list, or with `streams` one message a line.
    package static func encode(_ turn: PageTurn, to recipient: String, streams: Bool) -> [UInt8] {
        var lines: [[UInt8]] = []
        for message in ForeignMessage.messages(of: turn) {
            var json = JSONWriter()
            write(message, to: recipient, &json)
            lines.append(Array(json.body))
        }
        if streams { return lines.flatMap { $0 + [UInt8(ascii: "\n")] } }
        var json = JSONWriter()
        json.beginArray()
        for line in lines { json.raw(line) }
        json.endArray()
        return Array(json.body)
    }

    private static func write(_ message: ForeignMessage, to recipient: String, _ json: inout JSONWriter) {
        json.beginObject()
        json.key("recipient_id")
        json.string(recipient)
        json.key("text")
        json.string(message.text)
        if !message.buttons.isEmpty {
            json.key("buttons")
            json.beginArray()
            for button in message.buttons {
                json.beginObject()
                json.key("title")
                json.string(button.title)
                json.key("payload")
                json.string(button.payload)
                json.endObject()
            }
            json.endArray()
        }
        json.endObject()
    }
}
