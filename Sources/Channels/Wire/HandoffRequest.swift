/// `POST /v1/handoff`: the desk takes a conversation over, says something in it, or gives it back.
package struct HandoffRequest: Equatable, Sendable {
    /// The conversation.
    package var token: String
    /// Who a site says that the person of the conversation is, where it is somebody's.
    package var identity: String?
    /// `person` or `handBack`.
    package var frame: ClientFrame
    package var wantsTrace: Bool
    /// The moment at which the turn is to be, for scripts; whoever serves strangers does not look at it.
    package var now: String?

    /// Bytes of what the desk's person is called.
    private static let longestName = 96

    package static func decode(
        _ body: [UInt8], limits: FrameDecoder.Limits = .init()
    ) throws(FrameError) -> HandoffRequest {
        let object = try FrameDecoder.object(body, depth: limits.depth)
        var fields = Fields(object)
        let id = try fields.identifier()
        fields.id = id
        let text = fields.has("text") ? try fields.utterance("text", atMost: limits.text) : ""
        let frame: ClientFrame
        if let owner = try fields.optionalText("owner", atMost: longestName) {
            guard owner.contains(where: { !$0.isWhitespace }) else { throw fields.bad("owner", "a name") }
            frame = .person(id: id, owner: owner, text: text)
        } else {
            guard fields.has("owner") else { throw fields.bad("owner", "a name, or null to give back") }
            frame = .handBack(id: id, text: text)
        }
        return HandoffRequest(
            token: try fields.text("token", atMost: 256),
            identity: try fields.optionalText("identity", atMost: ClientFrame.longestIdentity),
            frame: frame, wantsTrace: try fields.flag("trace"),
            now: try fields.optionalText("now", atMost: 64))
    }
}
