package import Conversation
import Dialogue

/// What an answer kept for later, offered under one name. Its identifier says where it is written, and it is told as it
/// holds when it is picked: `read:+RESPONSE,RESPONSE@OFFER`.
package struct Remainder: Equatable, Sendable {
    private static let mark = UInt8(ascii: "+")

    package var responses: [String]
    var offer: String

    init(responses: [String], offer: String) {
        self.responses = responses
        self.offer = offer
    }

    /// Nil when it is no such identifier.
    init?(_ identifier: String) {
        guard FurtherReading.isReading(identifier) else { return nil }
        let bytes = identifier.utf8.dropFirst(FurtherReading.prefix.utf8.count)
        guard bytes.first == Self.mark else { return nil }
        let parts = bytes.dropFirst().split(separator: UInt8(ascii: "@")).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard parts.count == 2 else { return nil }
        responses = parts[0].split(separator: ",").map(String.init)
        offer = parts[1]
    }

    /// Nil when the choice stands for something else.
    package init?(offeredAs choice: Choice) {
        let mark = "read="
        guard choice.id.hasPrefix(mark) else { return nil }
        self.init(String(choice.id.dropFirst(mark.count)))
    }

    var identifier: String {
        "\(FurtherReading.prefix)+\(responses.joined(separator: ","))@\(offer)"
    }
}
