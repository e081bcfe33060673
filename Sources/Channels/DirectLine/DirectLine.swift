import JSONText

/// Direct Line 3.0, which BotFramework-WebChat speaks: activities are posted one by one and come back in sets, over a
/// WebSocket or when asked for. Format: the Bot Framework's documentation, "Direct Line API 3.0".
///
/// A watermark is the number of a turn: the set after it holds the activities of later turns, in order, so that a client
/// goes on after any outage where it was, also after a restart of the server.
package enum DirectLine {
    /// Who speaks, as the front end names them.
    package struct User: Equatable, Sendable {
        package var id: String
        package var name: String?

        package init(id: String, name: String? = nil) {
            self.id = id
            self.name = name
        }
    }

    /// An activity of the client.
    package struct Posted: Equatable, Sendable {
        package var user: User?
        /// What it says; nil for one that says nothing: that it is typing, that it has joined.
        package var frame: ClientFrame?
    }

    /// Bytes of a client's own identifier of an activity, which is given back with its echo.
    private static let longestActivityID = 46
    private static let longestUserID = 64

    // MARK: What comes

    /// `id` stands for the identifier that an activity may lack.
    package static func activity(
        _ body: [UInt8], id fallback: String, limits: FrameDecoder.Limits
    ) throws(FrameError) -> Posted {
        let object = try FrameDecoder.object(body, depth: limits.depth)
        let fields = Fields(object)
        let kind = try fields.text("type", atMost: 64)
        let user = try user(in: object, member: "from")
        guard kind == "message" else { return Posted(user: user, frame: nil) }
        var id = "s-\(fallback)"
        if let own = object["channelData"]?["clientActivityID"] {
            guard let text = own.string, let known = identifier(of: text) else {
                throw fields.bad(
                    "channelData.clientActivityID",
                    "a string of at most \(longestActivityID) bytes")
            }
            id = known
        }
        // What a button sends back may be an object.
        if fields.has("value"), let turn = object["value"]?["of"]?.integer, turn > 0,
            let choice = object["value"]?["choice"]?.string, choice.utf8.count <= 256
        {
            return Posted(user: user, frame: .choose(id: id, of: turn, choice: choice))
        }
        let text = fields.has("text") ? try fields.utterance("text", atMost: limits.text) : ""
        return Posted(user: user, frame: ForeignMessage.frame(saying: text, id: id))
    }

    /// The user that a request for a token or a conversation names; an empty body names nobody.
    package static func user(of body: [UInt8]) throws(FrameError) -> User? {
        guard !body.isEmpty else { return nil }
        return try user(in: try FrameDecoder.object(body, depth: 32), member: "user")
    }

    private static func user(in object: JSONValue, member: String) throws(FrameError) -> User? {
        guard let from = object[member], from != .null else { return nil }
        guard from.members != nil else {
            throw FrameError(.badField, "`\(member)` must be an object", field: member)
        }
        let fields = Fields(from)
        guard let id = try fields.optionalText("id", atMost: longestUserID), !id.isEmpty else { return nil }
        return User(id: id, name: try fields.optionalText("name", atMost: 128))
    }

    /// The last turn that a client knows: 0 for `-`, for nothing, and for none given.
    package static func turn(ofWatermark text: String?) throws(FrameError) -> Int {
        guard let text, !text.isEmpty, text != "-" else { return 0 }
        guard let turn = Int(text), turn >= 0 else {
            throw FrameError(.badField, "`watermark` must be one that was given here", field: "watermark")
        }
        return turn
    }

    // MARK: Identifiers

    /// The identifier of the wire for that of a client, which may hold any letters; nil when that is too long.
    package static func identifier(of activity: String) -> String? {
        guard !activity.isEmpty else { return nil }
        let isPlain = Fields.isIdentifier(activity) && !activity.hasPrefix("x-") && !activity.hasPrefix("s-")
        if isPlain { return activity }
        guard activity.utf8.count <= longestActivityID else { return nil }
        return "x-\(Base64URL.encode(activity.utf8))"
    }

    /// The client's own identifier again; nil when it gave none.
    package static func activity(ofIdentifier id: String) -> String? {
        if id.hasPrefix("s-") { return nil }
        guard id.hasPrefix("x-") else { return id }
        return Base64URL.decode(id.dropFirst(2)).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// A token: a secret, and who it was made for.
    package static func token(secret: String, user: User?) -> String {
        guard let user else { return secret }
        return "\(secret).\(Base64URL.encode(user.id.utf8))"
    }

    /// Whom a token was made for.
    package static func user(ofToken token: String) -> User? {
        let parts = token.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let id = Base64URL.decode(parts[1]) else { return nil }
        return String(validating: id, as: UTF8.self).map { User(id: $0) }
    }

    /// What an activity of a turn is called: the person's is the first.
    package static func name(_ conversation: String, turn: Int, place: Int = 0) -> String {
        let digits = String(turn * 1000 + place)
        return "\(conversation)|\(String(repeating: "0", count: max(0, 7 - digits.count)))\(digits)"
    }
}
