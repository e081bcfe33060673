// What the sealed blobs hold.

extension ByteEncoder {
    mutating func put(_ entry: Entry) {
        var first = entry.kind.rawValue
        if entry.packedFrame != nil { first |= EntryBody.hasPackedFrame }
        if entry.packedEvents != nil { first |= EntryBody.hasPackedEvents }
        put(first)
        put(entry.digest)
        put(Int64(entry.at))
        put(entry.id)
        put(entry.frame, with: entry.packedFrame)
        put(entry.events, with: entry.packedEvents)
    }

    /// Three parts when the middle one is packed, otherwise one.
    private mutating func put(_ bytes: [UInt8], with packed: PackedPart.Placed?) {
        guard let packed else { return put(bytes) }
        put(bytes[..<packed.start])
        put(UInt32(packed.part.count))
        put(packed.part.bytes)
        put(bytes[packed.range.upperBound...])
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
    /// Set beside the kind when the frame comes in three parts, and the middle one is packed; likewise the events.
    static let hasPackedFrame: UInt8 = 0x80
    static let hasPackedEvents: UInt8 = 0x40

    var kind: Entry.Kind
    var digest: UInt64
    var at: Int
    var id: String
    var frame: [UInt8]
    var events: [UInt8]

    init?(_ bytes: [UInt8]) {
        var decoder = ByteDecoder(bytes)
        guard let first = decoder.number(UInt8.self),
            let kind = Entry.Kind(rawValue: first & ~(Self.hasPackedFrame | Self.hasPackedEvents)),
            let digest = decoder.number(UInt64.self),
            let at = decoder.number(Int64.self), let id = decoder.text(),
            let frame = decoder.blob(isPacked: first & Self.hasPackedFrame != 0),
            let events = decoder.blob(isPacked: first & Self.hasPackedEvents != 0)
        else { return nil }
        self.kind = kind
        self.digest = digest
        self.at = Int(at)
        self.id = id
        self.frame = frame
        self.events = events
    }
}

extension ByteDecoder {
    /// Bytes of which the middle may be packed.
    fileprivate mutating func blob(isPacked: Bool) -> [UInt8]? {
        guard var bytes = blob() else { return nil }
        guard isPacked else { return bytes }
        guard let count = number(UInt32.self), let packed = blob(),
            PackedPart.unpack(packed[...], count: Int(count), to: &bytes), let rest = blob()
        else { return nil }
        return bytes + rest
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
