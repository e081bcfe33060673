package import JSONText

/// `POST /v1/turns`: one turn over plain HTTP.
package struct HTTPTurnRequest: Equatable, Sendable {
    /// The conversation to go on with; nil begins a new one.
    package var token: String?
    /// Who a site says that the person is, signed by the site; a conversation with somebody opens for nobody else.
    package var identity: String?
    /// What the client knows of the person, where a conversation begins.
    package var profile: [ClientFrame.ProfileEntry]
    /// A message or a choice.
    package var frame: ClientFrame
    package var wantsTrace: Bool
    /// The moment at which the turn is to be, for scripts; whoever serves strangers does not look at it.
    package var now: String?

    package init(
        token: String? = nil, identity: String? = nil, profile: [ClientFrame.ProfileEntry] = [],
        frame: ClientFrame, wantsTrace: Bool = false, now: String? = nil
    ) {
        self.profile = profile
        self.token = token
        self.identity = identity
        self.frame = frame
        self.wantsTrace = wantsTrace
        self.now = now
    }

    package static func decode(
        _ body: [UInt8],
        limits: FrameDecoder.Limits = .init()
    ) throws(FrameError) -> HTTPTurnRequest {
        let object = try FrameDecoder.object(body, depth: limits.depth)
        var fields = Fields(object)
        let id = try fields.identifier()
        fields.id = id
        let token = try fields.optionalText("token", atMost: 256)
        let identity = try fields.optionalText("identity", atMost: ClientFrame.longestIdentity)
        if token != nil, fields.has("profile") {
            throw fields.bad("profile", "left out where there is a `token`")
        }
        let profile = try fields.profile("profile")
        let frame: ClientFrame
        if fields.has("of") || fields.has("choice") {
            if fields.has("text") { throw fields.bad("text", "left out where there is a `choice`") }
            frame = .choose(
                id: id, of: try fields.integer("of", atLeast: 1),
                choice: try fields.text("choice", atMost: 256))
        } else {
            frame = .message(id: id, text: try fields.utterance("text", atMost: limits.text))
        }
        return HTTPTurnRequest(
            token: token, identity: identity, profile: profile, frame: frame,
            wantsTrace: try fields.flag("trace"),
            now: try fields.optionalText("now", atMost: 64))
    }
}

/// `GET /v1/turns`: the stored frames as a list.
package enum HTTPTurns {
    package static func writeList(_ frames: some Sequence<[UInt8]>, to json: inout JSONWriter) {
        json.beginObject()
        json.key("turns")
        json.beginArray()
        for frame in frames { json.raw(frame) }
        json.endArray()
        json.endObject()
    }

    package static func list(_ frames: [[UInt8]]) -> [UInt8] {
        var json = JSONWriter(capacity: frames.reduce(16) { $0 + $1.count + 1 })
        writeList(frames, to: &json)
        return json.bytes
    }
}
