import Conversation
package import JSONText

/// What a conversation is called, and what opens it.
package struct ConversationKeys: Equatable, Sendable {
    package var conversation: String
    package var token: String
    package var epoch: String

    package init(conversation: String, token: String, epoch: String) {
        self.conversation = conversation
        self.token = token
        self.epoch = epoch
    }
}

/// Whether a client goes on where it was.
package enum Resumption: Equatable, Sendable {
    case new
    case resumed
    /// It does not; the newest turns follow.
    case refused(Reason)

    package enum Reason: String, Sendable {
        /// The client knows the conversation from before it was restored.
        case epoch
        /// The client has seen turns that are not there.
        case seq
        /// It has missed more than is replayed.
        case tooMuch = "too_much"
    }
}

/// The frames that the server sends besides turns; each is one whole value, `type` first.
package enum ServerFrames {
    /// Answers `hello`; `replies` is the opening turn of a new conversation, nothing otherwise.
    package static func welcome(
        _ keys: ConversationKeys, seq: Int, _ resumption: Resumption, encodedReplies: [UInt8],
        to json: inout JSONWriter
    ) {
        begin("welcome", to: &json)
        json.key("protocol")
        json.integer(ClientFrame.protocolVersion)
        json.key("conversation")
        json.string(keys.conversation)
        json.key("token")
        json.string(keys.token)
        json.key("epoch")
        json.string(keys.epoch)
        json.key("seq")
        json.integer(seq)
        json.key("resumed")
        json.bool(resumption == .resumed)
        if case .refused(let reason) = resumption {
            json.key("reason")
            json.string(reason.rawValue)
        }
        json.key("replies")
        json.raw(encodedReplies)
        json.endObject()
    }

    package static func pong(id: String, to json: inout JSONWriter) {
        begin("pong", id: id, to: &json)
        json.endObject()
    }

    package static func done(id: String, to json: inout JSONWriter) {
        begin("done", id: id, to: &json)
        json.endObject()
    }

    /// All that was missed has been sent: the turns from one to another.
    package static func resumed(from first: Int, to last: Int, to json: inout JSONWriter) {
        begin("resumed", to: &json)
        json.key("from")
        json.integer(first)
        json.key("to")
        json.integer(last)
        json.endObject()
    }

    package static func error(_ error: FrameError, to json: inout JSONWriter) {
        begin("error", id: error.id, to: &json)
        json.key("code")
        json.string(error.code.rawValue)
        json.key("message")
        json.string(error.message)
        json.key("retryable")
        json.bool(error.code.isRetryable)
        json.key("retry_after_ms")
        json.integer(error.retryAfterMilliseconds)
        if let field = error.field {
            json.key("field")
            json.string(field)
        }
        if error.code == .protocolVersion {
            json.key("supported")
            json.beginArray()
            json.integer(ClientFrame.protocolVersion)
            json.endArray()
        }
        json.endObject()
    }

    private static func begin(_ type: StaticString, id: String? = nil, to json: inout JSONWriter) {
        json.beginObject()
        json.key("type")
        json.string(type)
        if let id {
            json.key("id")
            json.string(id)
        }
    }
}
