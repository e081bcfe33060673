package import JSONText

/// One packet of Socket.IO, protocol 5: `2["event",{…}]`, with a namespace and the number of an acknowledgement where it
/// has them (`2/admin,17["event"]`).
package struct SocketPacket: Equatable, Sendable {
    package enum Kind: UInt8, Sendable {
        case connect = 0x30
        case disconnect, event, acknowledgement, connectError, binaryEvent, binaryAcknowledgement
    }

    package var kind: Kind
    package var namespace: String
    package var number: Int?
    package var data: JSONValue?

    package init(_ kind: Kind, namespace: String = "/", number: Int? = nil, data: JSONValue? = nil) {
        self.kind = kind
        self.namespace = namespace
        self.number = number
        self.data = data
    }

    /// Nil for what is none.
    package init?(_ bytes: [UInt8], depth: Int = 32) {
        guard let kind = bytes.first.flatMap(Kind.init(rawValue:)) else { return nil }
        var rest = bytes.dropFirst()
        self.init(kind)
        if rest.first == UInt8(ascii: "/") {
            let name = rest.prefix { $0 != UInt8(ascii: ",") }
            guard name.count <= 64, let text = String(validating: name, as: UTF8.self) else { return nil }
            namespace = text
            rest = rest.dropFirst(name.count + 1)
        }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        if !digits.isEmpty {
            guard digits.count <= 15 else { return nil }
            number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            rest = rest.dropFirst(digits.count)
        }
        guard !rest.isEmpty else { return }
        guard let value = try? JSONParser.parse(Array(rest), limits: .init(depth: depth)) else { return nil }
        data = value
    }

    /// Its bytes; the data is JSON already.
    package static func bytes(
        _ kind: Kind, namespace: String = "/", number: Int? = nil, data: some Collection<UInt8>
    ) -> [UInt8] {
        var bytes = [kind.rawValue]
        if namespace != "/" { bytes += Array("\(namespace),".utf8) }
        if let number { bytes += Array(String(number).utf8) }
        return bytes + data
    }

    /// Takes a connection to a namespace, or refuses it.
    package static func connected(_ sid: String) -> [UInt8] {
        var json = JSONWriter(capacity: 48)
        json.beginObject()
        json.key("sid")
        json.string(sid)
        json.endObject()
        return bytes(.connect, data: json.body)
    }

    package static func refused(_ namespace: String, _ message: String) -> [UInt8] {
        var json = JSONWriter(capacity: 48)
        json.beginObject()
        json.key("message")
        json.string(message)
        json.endObject()
        return bytes(.connectError, namespace: namespace, data: json.body)
    }
}
