package import JSONText

/// The events of Rasa's Socket.IO channel: `session_request` and `user_uttered` come, `session_confirm` and `bot_uttered`
/// go. Format: Rasa's documentation, "Your own website", the Socket.IO channel; `bot_uttered` once for each message.
package enum RasaSocket {
    package enum Event: Equatable, Sendable {
        /// The client wants a session, or to go on with one.
        case wantsSession(String?)
        /// It says something, in a session or in that of its connection.
        case said(session: String?, ClientFrame)
        /// An event of another name, which means nothing here.
        case other
    }

    /// What an event packet says; `id` stands for the identifier that this format lacks.
    package static func decode(
        _ data: JSONValue?, id: String, limits: FrameDecoder.Limits
    ) throws(FrameError) -> Event {
        guard let list = data?.array, let name = list.first?.string else {
            throw FrameError(.badJSON, "an event is a list that begins with its name")
        }
        let argument = list.count > 1 ? list[1] : .null
        switch name {
        case "session_request":
            guard argument != .null else { return .wantsSession(nil) }
            return .wantsSession(try session(in: fields(argument)))
        case "user_uttered":
            let fields = try fields(argument)
            let text = try fields.utterance("message", atMost: limits.text)
            return .said(session: try session(in: fields), ForeignMessage.frame(saying: text, id: id))
        default: return .other
        }
    }

    private static func fields(_ argument: JSONValue) throws(FrameError) -> Fields {
        guard argument.members != nil else {
            throw FrameError(.badField, "the event's argument must be an object")
        }
        return Fields(argument)
    }

    private static func session(in fields: Fields) throws(FrameError) -> String? {
        let name = try fields.optionalText("session_id", atMost: 256)
        return name?.isEmpty == true ? nil : name
    }

    // MARK: What goes out

    /// `2["session_confirm","…"]`
    package static func confirm(_ session: String) -> [UInt8] {
        event("session_confirm") { $0.string(session) }
    }

    /// The turn, one event a message.
    package static func utterances(_ turn: PageTurn) -> [[UInt8]] {
        ForeignMessage.messages(of: turn).map { message in
            event("bot_uttered") { json in
                json.beginObject()
                json.key("text")
                json.string(message.text)
                if !message.buttons.isEmpty { write(message.buttons, to: &json) }
                json.endObject()
            }
        }
    }

    private static func write(_ buttons: [ForeignMessage.Button], to json: inout JSONWriter) {
        json.key("quick_replies")
        json.beginArray()
        for button in buttons {
            json.beginObject()
            json.key("content_type")
            json.string("text")
            json.key("title")
            json.string(button.title)
            json.key("payload")
            json.string(button.payload)
            json.endObject()
        }
        json.endArray()
    }

    /// What could not be done, in words for the person, and for whoever debugs the front end.
    package static func utterance(_ error: FrameError) -> [UInt8] {
        event("bot_uttered") { json in
            json.beginObject()
            json.key("text")
            json.string(error.code.spoken)
            json.key("error")
            ServerFrames.error(error, to: &json)
            json.endObject()
        }
    }

    /// Acknowledges an event whose sender asked for it: with nothing once its turn is stored, else with the error.
    package static func acknowledge(_ number: Int, _ error: FrameError?) -> [UInt8] {
        var json = JSONWriter(capacity: 128)
        json.beginArray()
        if let error { ServerFrames.error(error, to: &json) }
        json.endArray()
        return SocketPacket.bytes(.acknowledgement, number: number, data: json.body)
    }

    private static func event(_ name: StaticString, _ argument: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter(capacity: 512)
        json.beginArray()
        json.string(name)
        argument(&json)
        json.endArray()
        return SocketPacket.bytes(.event, data: json.body)
    }
}
