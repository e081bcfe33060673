import Storage

/// Replies as JSON, for whoever says the same again. Belongs to `Sessions`.
final class EncodedReplies {
    let json: [UInt8]
    private var uses = 0
    private var part: PackedPart?

    init(json: [UInt8]) { self.json = json }

    /// The JSON as it is stored, from the third use on: packing takes as long as wording, and what is said once or twice is
    /// not worth it.
    func packed() -> PackedPart? {
        uses += 1
        if uses == 3 { part = PackedPart(json) }
        return part
    }
}
