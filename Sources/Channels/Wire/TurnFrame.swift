package import Conversation
package import JSONText

/// The answer to a message or a choice. Its bytes are stored and sent again as they are; only two places ever
/// differ: `"duplicate":false` becomes true for whoever sends an id twice, and members are added before the
/// last brace for the one who asked for them. Neither reads or writes the rest anew.
package enum TurnFrame {
    /// The opening turn has neither an id nor a user; what the desk does has no user.
    package static func write(
        id: String?, seq: Int, user: String?, replies: [Reply], trace: [UInt8]? = nil,
        to json: inout JSONWriter
    ) {
        var encoded = JSONWriter(capacity: 4096)
        ReplyCoding.write(replies, to: &encoded)
        write(id: id, seq: seq, user: user, encodedReplies: encoded.bytes, trace: trace, to: &json)
    }

    /// As above, for replies that are JSON already. Returns where in the frame they begin. `owner`: the person at the desk
    /// who has the conversation after the turn; nil while the assistant has it.
    @discardableResult
    package static func write(
        id: String?, seq: Int, user: String?, encodedReplies: [UInt8], owner: String? = nil,
        trace: [UInt8]? = nil, to json: inout JSONWriter
    ) -> Int {
        json.beginObject()
        json.key("type")
        json.string("turn")
        if let id {
            json.key("id")
            json.string(id)
        }
        json.key("seq")
        json.integer(seq)
        json.key("duplicate")
        json.bool(false)
        if let user {
            json.key("user")
            json.beginObject()
            json.key("text")
            json.string(user)
            json.endObject()
        }
        json.key("replies")
        let start = json.body.count
        json.raw(encodedReplies)
        if let owner {
            json.key("owner")
            json.string(owner)
        }
        if let trace {
            json.key("trace")
            json.raw(trace)
        }
        json.endObject()
        return start
    }

    /// Writes a stored frame in the form that a client is to get it: as the answer to an id that was sent
    /// before, with a trace, with what opens the conversation. Copies it once.
    package static func write(
        stored frame: [UInt8], isDuplicate: Bool = false, trace: [UInt8]? = nil,
        token: String? = nil, epoch: String? = nil, to json: inout JSONWriter
    ) {
        guard frame.last == UInt8(ascii: "}") else { return json.raw(frame) }
        let end = frame.count - 1
        if isDuplicate, let place = duplicateFlag(in: frame) {
            json.raw(frame[..<place.lowerBound])
            json.splice(isTrue.utf8)
            json.splice(frame[place.upperBound..<end])
        } else {
            json.raw(frame[..<end])
        }
        if let trace {
            json.key("trace")
            json.raw(trace)
        }
        if let token {
            json.key("token")
            json.string(token)
        }
        if let epoch {
            json.key("epoch")
            json.string(epoch)
        }
        json.endObject()
    }

    /// The stored frame as an answer to an id that was sent before.
    package static func duplicate(of frame: [UInt8]) -> [UInt8] {
        guard let place = duplicateFlag(in: frame) else { return frame }
        var frame = frame
        frame.replaceSubrange(place, with: isTrue.utf8)
        return frame
    }

    /// The frame with a member more at its end.
    package static func adding(_ name: String, _ value: [UInt8], to frame: [UInt8]) -> [UInt8] {
        guard frame.last == UInt8(ascii: "}") else { return frame }
        return Array(frame.dropLast()) + Array(",\"\(name)\":".utf8) + value + [UInt8(ascii: "}")]
    }

    private static let mark = Array(",\"duplicate\":false".utf8)
    private static let isTrue = "true"

    /// Where `false` stands. Before it come type, id and seq, in at most 120 bytes, none of which holds the
    /// mark.
    private static func duplicateFlag(in frame: [UInt8]) -> Range<Int>? {
        let head = frame.prefix(160)
        guard head.count >= mark.count else { return nil }
        for start in 0...head.count - mark.count where head[start...].starts(with: mark) {
            return start + mark.count - 5..<start + mark.count
        }
        return nil
    }
}
