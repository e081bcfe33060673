// What the sealed blobs hold.

extension ByteEncoder {
    mutating func put(_ entry: Entry) {
        put(entry.kind.rawValue | (entry.packed == nil ? 0 : EntryBody.hasPackedPart))
        put(entry.digest)
        put(Int64(entry.at))
        put(entry.id)
        if let (start, part) = entry.packed {
            put(entry.frame[..<start])
            put(UInt32(part.count))
            put(part.bytes)
            put(entry.frame[(start + part.count)...])
        } else {
            put(entry.frame)
        }
        put(entry.events)
    }

    mutating func put(_ body: ConversationBody) {
        put(body.tokenHash)
        put(body.name)
        put(body.epoch)
        put(Int64(body.createdAt))
    }

    mutating func put(_ conversation: NewConversation) {
        put(conversation.tokenHash)
        put(conversation.name)
        put(conversation.epoch)
        put(Int64(conversation.createdAt))
    }
}

/// What the body of an entry holds.
struct EntryBody {
    /// Set in the kind when the frame comes in three parts, and the middle one is packed.
    static let hasPackedPart: UInt8 = 0x80

    var kind: Entry.Kind
    var digest: UInt64
    var at: Int
    var id: String
    var frame: [UInt8]
    var events: [UInt8]

    init?(_ bytes: [UInt8]) {
        var decoder = ByteDecoder(bytes)
        guard let first = decoder.number(UInt8.self),
            let kind = Entry.Kind(rawValue: first & ~Self.hasPackedPart),
            let digest = decoder.number(UInt64.self),
            let at = decoder.number(Int64.self), let id = decoder.text(),
            let frame = Self.frame(from: &decoder, isPacked: first & Self.hasPackedPart != 0),
            let events = decoder.blob()
        else { return nil }
        self.kind = kind
        self.digest = digest
        self.at = Int(at)
        self.id = id
        self.frame = frame
        self.events = events
    }

    private static func frame(from decoder: inout ByteDecoder, isPacked: Bool) -> [UInt8]? {
        guard var frame = decoder.blob() else { return nil }
        guard isPacked else { return frame }
        guard let count = decoder.number(UInt32.self), let packed = decoder.blob(),
            PackedPart.unpack(packed[...], count: Int(count), to: &frame), let rest = decoder.blob()
        else { return nil }
        return frame + rest
    }
}

/// What the body of a conversation holds.
struct ConversationBody {
    var tokenHash: [UInt8]
    var name: String
    var epoch: String
    var createdAt: Int

    init?(_ bytes: [UInt8]) {
        var decoder = ByteDecoder(bytes)
        guard let tokenHash = decoder.blob(), let name = decoder.text(), let epoch = decoder.text(),
            let createdAt = decoder.number(Int64.self)
        else { return nil }
        self.tokenHash = tokenHash
        self.name = name
        self.epoch = epoch
        self.createdAt = Int(createdAt)
    }
}
