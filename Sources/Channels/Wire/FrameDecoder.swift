import JSONText

/// Reads what clients send.
package struct FrameDecoder: Sendable {
    package struct Limits: Sendable {
        /// Bytes of a message or a comment.
        package var text: Int
        /// How deep the JSON may nest.
        package var depth: Int

        package init(text: Int = 4096, depth: Int = 32) {
            self.text = text
            self.depth = depth
        }
    }

    package let limits: Limits

    package init(limits: Limits = Limits()) { self.limits = limits }

    package func decode(_ bytes: UnsafeRawBufferPointer) -> Result<ClientFrame, FrameError> {
        do throws(FrameError) {
            return .success(try frame(try Self.object(bytes, depth: limits.depth)))
        } catch {
            return .failure(error)
        }
    }

    package func decode(_ bytes: [UInt8]) -> Result<ClientFrame, FrameError> {
        bytes.withUnsafeBytes { decode($0) }
    }

    /// The object that the bytes are; anything else is `bad_json`.
    static func object(_ bytes: [UInt8], depth: Int) throws(FrameError) -> JSONValue {
        try bytes.withUnsafeBytes { buffer -> Result<JSONValue, FrameError> in
            do throws(FrameError) {
                return .success(try object(buffer, depth: depth))
            } catch {
                return .failure(error)
            }
        }.get()
    }

    private static func object(_ bytes: UnsafeRawBufferPointer, depth: Int) throws(FrameError) -> JSONValue {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONParser.parse(bytes, limits: JSONParser.Limits(depth: depth))
        } catch {
            throw FrameError(.badJSON, "this is no JSON: \(error)")
        }
        guard case .object = value else { throw FrameError(.badJSON) }
        return value
    }

    private func frame(_ object: JSONValue) throws(FrameError) -> ClientFrame {
        var fields = Fields(object)
        guard let type = object["type"]?.string else {
            fields.id = fields.readableIdentifier
            throw fields.bad("type", "a string")
        }
        if type == "hello" { return .hello(try hello(fields)) }
        guard let read = Self.readers[type] else {
            throw FrameError(.unknownType, id: fields.readableIdentifier, field: "type")
        }
        let id = try fields.identifier()
        fields.id = id
        return try read(fields, id, limits)
    }

    private typealias Reader = @Sendable (Fields, String, Limits) throws(FrameError) -> ClientFrame

    /// The frames that carry an id, by their type.
    private static let readers: [String: Reader] = [
        "message": { (fields, id, limits) throws(FrameError) in
            .message(id: id, text: try fields.utterance("text", atMost: limits.text))
        },
        "choose": { (fields, id, _) throws(FrameError) in
            .choose(
                id: id, of: try fields.integer("of", atLeast: 1),
                choice: try fields.text("choice", atMost: 256))
        },
        "feedback": { (fields, id, limits) throws(FrameError) in
            let turn = try fields.integer("of", atLeast: 1)
            guard let rating = ClientFrame.Rating(rawValue: try fields.text("rating", atMost: 16)) else {
                throw fields.bad("rating", "`up` or `down`")
            }
            let comment = fields.has("comment") ? try fields.utterance("comment", atMost: limits.text) : nil
            return .feedback(id: id, of: turn, rating: rating, comment: comment)
        },
        "ping": { _, id, _ in .ping(id: id) },
        "forget": { _, id, _ in .forget(id: id) },
    ]

    private func hello(_ fields: Fields) throws(FrameError) -> ClientFrame.Hello {
        guard try fields.integer("protocol", atLeast: 0) == ClientFrame.protocolVersion else {
            throw FrameError(.protocolVersion, field: "protocol")
        }
        var hello = ClientFrame.Hello()
        if let token = try fields.optionalText("token", atMost: 256) {
            let seq = fields.has("seq") ? try fields.integer("seq", atLeast: 0) : 0
            let epoch = try fields.optionalText("epoch", atMost: 128)
            hello.resume = ClientFrame.Resume(token: token, epoch: epoch, seq: seq)
        }
        hello.locale = try fields.optionalText("locale", atMost: 64)
        hello.client = try fields.optionalText("client", atMost: 128)
        hello.wantsTrace = try fields.flag("trace")
        hello.profile = try fields.profile("profile")
        hello.identity = try fields.optionalText("identity", atMost: ClientFrame.longestIdentity)
        hello.now = try fields.optionalText("now", atMost: 64)
        return hello
    }
}
