import JSONText

/// The plain WebSocket of Deep Chat (`connect={"url":"wss://…","websocket":true}`): the last message of a list comes, one
/// object with words and buttons goes.
package enum DeepChat {
    /// `id` stands for the identifier that this format lacks.
    package static func decode(
        _ bytes: UnsafeRawBufferPointer, id: String, limits: FrameDecoder.Limits
    ) throws(FrameError) -> ClientFrame {
        let fields = Fields(try FrameDecoder.object(Array(bytes), depth: limits.depth))
        guard let messages = fields.list("messages"), let last = messages.last else {
            throw fields.bad("messages", "a list with what the person says")
        }
        guard last.members != nil, last["role"]?.string ?? "user" == "user" else {
            throw fields.bad("messages", "a list that ends with a message of the user")
        }
        let text = try Fields(last).utterance("text", atMost: limits.text)
        return ForeignMessage.frame(saying: text, id: id)
    }

    /// The whole turn as one message: a person who asked once is answered once.
    package static func encode(_ turn: PageTurn) -> [UInt8] {
        let messages = ForeignMessage.messages(of: turn)
        var json = JSONWriter(capacity: 2048)
        json.beginObject()
        json.key("text")
        json.string(messages.map(\.text).filter { !$0.isEmpty }.joined(separator: "\n\n"))
        let buttons = messages.flatMap(\.buttons)
        if !buttons.isEmpty {
            json.key("html")
            json.string(html(buttons))
        }
        json.endObject()
        return json.bytes
    }

    package static func encode(_ error: FrameError) -> [UInt8] {
        var json = JSONWriter(capacity: 128)
        json.beginObject()
        json.key("error")
        json.string(error.code.spoken)
        json.key("code")
        json.string(error.code.rawValue)
        json.key("message")
        json.string(error.message)
        json.endObject()
        return json.bytes
    }

    /// Deep Chat sends the words of a button with its class as if they were typed.
    private static func html(_ buttons: [ForeignMessage.Button]) -> String {
        var html = HTMLText()
        html.raw("<div class=\"deep-chat-temporary-message\">")
        for button in buttons {
            html.raw("<button class=\"deep-chat-button deep-chat-suggestion-button\">")
            html.text(button.title)
            html.raw("</button>")
        }
        html.raw("</div>")
        return html.markup
    }
}
