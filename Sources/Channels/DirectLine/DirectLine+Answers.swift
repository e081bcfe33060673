import JSONText

/// What goes out.
extension DirectLine {
    /// The turns as activities, the person's with the identifier that the client gave it, and the watermark after them.
    package static func activitySet(
        _ turns: [PageTurn], after watermark: Int, conversation: String, user: User
    ) -> [UInt8] {
        var json = JSONWriter(capacity: 2048)
        json.beginObject()
        json.key("activities")
        json.beginArray()
        for turn in turns { write(turn, conversation, user, to: &json) }
        json.endArray()
        json.key("watermark")
        json.string(String(turns.last?.seq ?? watermark))
        json.endObject()
        return json.bytes
    }

    private static func write(
        _ turn: PageTurn, _ conversation: String, _ user: User, to json: inout JSONWriter
    ) {
        if turn.isOfPerson {
            begin(turn, 0, conversation, activity(ofIdentifier: turn.id), to: &json)
            json.key("from")
            json.beginObject()
            json.key("id")
            json.string(user.id)
            if let name = user.name {
                json.key("name")
                json.string(name)
            }
            json.key("role")
            json.string("user")
            json.endObject()
            json.key("text")
            json.string(turn.user)
            json.key("textFormat")
            json.string("plain")
            json.endObject()
        }
        for (index, message) in ForeignMessage.messages(of: turn).enumerated() {
            begin(turn, index + 1, conversation, nil, to: &json)
            json.key("from")
            json.beginObject()
            json.key("id")
            json.string("daoban")
            json.key("name")
            json.string("医保小导")
            json.key("role")
            json.string("bot")
            json.endObject()
            json.key("text")
            json.string(message.text)
            // The smallest bundle of the widget shows no Markdown, and a plain text looks the same in all of them.
            json.key("textFormat")
            json.string("plain")
            json.key("inputHint")
            json.string(message.buttons.isEmpty ? "acceptingInput" : "expectingInput")
            if !message.buttons.isEmpty { write(message.buttons, to: &json) }
            if turn.isOfPerson {
                json.key("replyToId")
                json.string(name(conversation, turn: turn.seq))
            }
            json.endObject()
        }
    }

    /// The number keeps the order where a front end sorts what came at one moment.
    private static func begin(
        _ turn: PageTurn, _ place: Int, _ conversation: String, _ own: String?, to json: inout JSONWriter
    ) {
        json.beginObject()
        json.key("type")
        json.string("message")
        json.key("id")
        json.string(name(conversation, turn: turn.seq, place: place))
        json.key("channelId")
        json.string("directline")
        json.key("conversation")
        json.beginObject()
        json.key("id")
        json.string(conversation)
        json.endObject()
        json.key("channelData")
        json.beginObject()
        if let own {
            json.key("clientActivityID")
            json.string(own)
        }
        json.key("webchat:sequence-id")
        json.integer(turn.seq * 1000 + place)
        json.endObject()
    }

    /// A press is shown as the person's own words, and said as they are it picks the choice.
    private static func write(_ buttons: [ForeignMessage.Button], to json: inout JSONWriter) {
        json.key("suggestedActions")
        json.beginObject()
        json.key("actions")
        json.beginArray()
        for button in buttons {
            json.beginObject()
            json.key("type")
            json.string("imBack")
            json.key("title")
            json.string(button.title)
            json.key("value")
            json.string(button.title)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    /// What opens a conversation: its name, its token and, once it is there, the address of its stream.
    package static func conversation(_ name: String, token: String, stream: String?) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.key("conversationId")
        json.string(name)
        json.key("token")
        json.string(token)
        json.key("expires_in")
        json.integer(1800)
        if let stream {
            json.key("streamUrl")
            json.string(stream)
        }
        json.endObject()
        return json.bytes
    }

    /// `{"id":"…"}`
    package static func resource(_ name: String) -> [UInt8] {
        var json = JSONWriter(capacity: 64)
        json.beginObject()
        json.key("id")
        json.string(name)
        json.endObject()
        return json.bytes
    }

    /// `{"error":{"code":"…","message":"…"}}`
    package static func error(_ code: String, _ message: String) -> [UInt8] {
        var json = JSONWriter(capacity: 128)
        json.beginObject()
        json.key("error")
        json.beginObject()
        json.key("code")
        json.string(code)
        json.key("message")
        json.string(message)
        json.endObject()
        json.endObject()
        return json.bytes
    }

    package static func error(_ error: FrameError) -> [UInt8] {
        let code =
            switch error.code {
            case .badJSON, .badField: "BadArgument"
            case .textTooLong: "MessageSizeTooBig"
            case .rateLimited: "Throttled"
            case .storageUnavailable, .turnTimeout: "ServiceUnavailable"
            case .idConflict: "Conflict"
            default: "ServiceError"
            }
        return Self.error(code, error.message)
    }
}
