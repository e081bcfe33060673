import Conversation
import Storage

/// Bytes that many turns have in common: the JSON of replies, or of events. Belongs to `Sessions`.
final class SharedBytes {
    let bytes: [UInt8]
    private var uses = 0
    private var part: PackedPart?

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The bytes as they are stored as a part of others, from the third use on: packing takes as long as wording, and what is
    /// said once or twice is not worth it.
    func packed(at start: Int) -> PackedPart.Placed? {
        uses += 1
        if uses == 3 { part = PackedPart(bytes) }
        return part.map { PackedPart.Placed($0, at: start) }
    }
}

/// The events of a turn that several conversations took alike. Belongs to `Sessions`.
final class SharedEvents {
    private let events: EncodedTurnEvents
    private let rest: SharedBytes

    init(_ events: EncodedTurnEvents) {
        self.events = events
        rest = SharedBytes(events.rest)
    }

    func encoded(at time: Moment) -> (bytes: [UInt8], packed: PackedPart.Placed?) {
        let bytes = events.bytes(at: time)
        return (bytes, rest.packed(at: bytes.count - rest.bytes.count))
    }
}
