// What the sealed blobs hold.

extension ByteEncoder {
    mutating func put(_ entry: Entry) {
        put(entry.kind.rawValue)
        put(entry.digest)
        put(Int64(entry.at))
        put(entry.id)
        put(entry.frame)
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
    var kind: Entry.Kind
    var digest: UInt64
    var at: Int
    var id: String
    var frame: [UInt8]
    var events: [UInt8]

    init?(_ bytes: [UInt8]) {
        var decoder = ByteDecoder(bytes)
        guard let kind = decoder.number(UInt8.self).flatMap(Entry.Kind.init),
            let digest = decoder.number(UInt64.self),
            let at = decoder.number(Int64.self), let id = decoder.text(), let frame = decoder.blob(),
            let events = decoder.blob()
        else { return nil }
        self.kind = kind
        self.digest = digest
        self.at = Int(at)
        self.id = id
        self.frame = frame
        self.events = events
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
