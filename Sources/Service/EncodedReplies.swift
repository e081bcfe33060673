import Storage

/// Replies as JSON, for whoever says the same again. Belongs to `Sessions`.
final class EncodedReplies {
    let json: [UInt8]
    private var uses = 0
    private var part: PackedPart?

    init(json: [UInt8]) { self.json = json }

    /// The JSON as it is stored, from the second use on: what is said once is not worth packing.
    func packed() -> PackedPart? {
        uses += 1
        if uses == 2 { part = PackedPart(json) }
        return part
    }
}
