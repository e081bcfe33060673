import JSONText

/// The fields of a form as a browser sends them (`application/x-www-form-urlencoded`, WHATWG URL section 5.1).
package struct FormBody: Sendable {
    private let fields: [(name: String, value: String)]

    package init(_ body: [UInt8]) {
        fields = body.split(separator: UInt8(ascii: "&")).map { pair in
            let parts = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decoded(parts[0]), parts.count > 1 ? Self.decoded(parts[1]) : "")
        }
    }

    /// The first field of that name.
    package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// What was said or chosen, held to the rules of `POST /v1/turns`.
    package func turn(token: String?, limits: FrameDecoder.Limits) throws(FrameError) -> HTTPTurnRequest {
        var json = JSONWriter()
        json.beginObject()
        if let token {
            json.key("token")
            json.string(token)
        }
        for name in ["id", "choice", "text"] {
            guard let value = self[name] else { continue }
            json.key(name)
            json.string(value)
        }
        if let turn = self["of"].flatMap({ Int($0) }) {
            json.key("of")
            json.integer(turn)
        }
        json.endObject()
        return try HTTPTurnRequest.decode(Array(json.body), limits: limits)
    }

    /// `+` is a space, `%E5` a byte; what is no escape stays as it is.
    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+") {
                result.append(UInt8(ascii: " "))
            } else if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                result.append(value)
                rest = rest.dropFirst(2)
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
