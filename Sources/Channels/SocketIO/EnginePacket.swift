import JSONText

/// One packet of Engine.IO, protocol 4: a digit for its kind, then its text.
package struct EnginePacket: Equatable, Sendable {
    package enum Kind: UInt8, Sendable {
        case open = 0x30
        case close, ping, pong, message, upgrade, noop
    }

    package var kind: Kind
    package var body: [UInt8]

    package init(_ kind: Kind, _ body: [UInt8] = []) {
        self.kind = kind
        self.body = body
    }

    /// Nil for what is none; binary packets (`b…`) are none here.
    package init?(_ bytes: some Collection<UInt8>) {
        guard let first = bytes.first, let kind = Kind(rawValue: first) else { return nil }
        self.init(kind, Array(bytes.dropFirst()))
    }

    package var bytes: [UInt8] { [kind.rawValue] + body }

    // MARK: Several at once

    /// Stands between the packets of one request or answer.
    private static let separator: UInt8 = 0x1E

    package static func payload(_ packets: [EnginePacket]) -> [UInt8] {
        Array(packets.map(\.bytes).joined(separator: [separator]))
    }

    /// The packets of a request's body; nil when one is none, or when there are too many.
    package static func packets(in payload: [UInt8], atMost limit: Int) -> [EnginePacket]? {
        let parts = payload.split(separator: separator, maxSplits: limit, omittingEmptySubsequences: false)
        guard parts.count <= limit else { return nil }
        var packets: [EnginePacket] = []
        for part in parts {
            guard let packet = EnginePacket(part) else { return nil }
            packets.append(packet)
        }
        return packets
    }
}

/// Why a request of Engine.IO is refused, in its own numbers; the status is 400.
package enum EngineRefusal: Int, CaseIterable, Sendable {
    case transportUnknown = 0
    case sessionUnknown = 1
    case badHandshake = 2
    case badRequest = 3
    case versionUnsupported = 5

    private var message: String {
        switch self {
        case .transportUnknown: "Transport unknown"
        case .sessionUnknown: "Session ID unknown"
        case .badHandshake: "Bad handshake method"
        case .badRequest: "Bad request"
        case .versionUnsupported: "Unsupported protocol version"
        }
    }

    /// `{"code":1,"message":"Session ID unknown"}`
    package var body: [UInt8] {
        var json = JSONWriter(capacity: 64)
        json.beginObject()
        json.key("code")
        json.integer(rawValue)
        json.key("message")
        json.string(message)
        json.endObject()
        return json.bytes
    }
}
