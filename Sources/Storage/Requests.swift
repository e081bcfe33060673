/// A conversation about to begin.
package struct NewConversation: Sendable {
    /// Its random public name.
    package var name: String
    /// Digest of the secret that opens it again, 8 bytes at least; the secret itself is stored nowhere.
    package var tokenHash: [UInt8]
    package var epoch: String
    package var createdAt: Int
    /// Its first turn. `conversation` of it is not looked at.
    package var opening: Entry

    package init(name: String, tokenHash: [UInt8], epoch: String, createdAt: Int, opening: Entry) {
        self.name = name
        self.tokenHash = tokenHash
        self.epoch = epoch
        self.createdAt = createdAt
        self.opening = opening
    }
}

/// One thing that happened in a conversation: a turn, or feedback on one.
package struct Entry: Sendable {
    package enum Kind: UInt8, Sendable {
        case turn = 1
        case feedback = 2
    }

    /// The number that `open` gave.
    package var conversation: Int64
    /// The turn; for feedback the latest turn at that time.
    package var seq: Int
    /// 0 for a turn; 1, 2, … for feedback that came after it.
    package var ordinal: Int
    /// Chosen by the client, unique within the conversation; empty for the opening.
    package var id: String
    /// Digest of what the client sent, to tell a repetition from another content under the same id.
    package var digest: UInt64
    package var kind: Kind
    /// Seconds since 1970.
    package var at: Int
    /// What the client is answered.
    package var frame: [UInt8]
    /// The part of the frame that is stored packed.
    package var packedFrame: PackedPart.Placed?
    /// What happened, as the dialogue encodes it.
    package var events: [UInt8]
    /// The part of the events that is stored packed.
    package var packedEvents: PackedPart.Placed?

    package init(
        conversation: Int64, seq: Int, ordinal: Int = 0, id: String, digest: UInt64, kind: Kind = .turn,
        at: Int, frame: [UInt8], packedFrame: PackedPart.Placed? = nil, events: [UInt8],
        packedEvents: PackedPart.Placed? = nil
    ) {
        precondition(packedFrame?.fits(frame) ?? true && packedEvents?.fits(events) ?? true)
        self.conversation = conversation
        self.seq = seq
        self.ordinal = ordinal
        self.id = id
        self.digest = digest
        self.kind = kind
        self.at = at
        self.frame = frame
        self.packedFrame = packedFrame
        self.events = events
        self.packedEvents = packedEvents
    }
}

/// What became of a conversation that was to begin.
package enum OpenOutcome: Equatable, Sendable {
    case opened(conversation: Int64)
    /// Another conversation is opened by that token; nothing was stored.
    case taken
}

/// What became of an entry.
package enum AppendOutcome: Equatable, Sendable {
    case committed
    /// The id is there with the same digest and kind; this is what was stored under it. Nothing was changed.
    case duplicate(kind: Entry.Kind, seq: Int, frame: [UInt8])
    /// The id is there with another digest or kind. Nothing was changed.
    case conflict
    /// The place of the entry in the conversation is taken. Nothing was changed.
    case outOfOrder
    /// There is no such conversation, or it was erased.
    case unknownConversation
}

/// What is known of a conversation: its newest snapshot, and the events since.
package struct ConversationRecord: Equatable, Sendable {
    package var conversation: Int64
    package var name: String
    package var epoch: String
    package var createdAt: Int
    /// The newest turn, and the newest feedback after it (0 when there is none).
    package var lastSeq: Int
    package var lastOrdinal: Int
    /// The state after turn `snapshotSeq`; nil when no snapshot was ever taken, and `snapshotSeq` is 0.
    package var snapshot: [UInt8]?
    package var snapshotSeq: Int
    /// What happened after the snapshot, in order.
    package var tail: [StoredEvents]

    package init(
        conversation: Int64, name: String, epoch: String, createdAt: Int, lastSeq: Int, lastOrdinal: Int = 0,
        snapshot: [UInt8]? = nil, snapshotSeq: Int = 0, tail: [StoredEvents] = []
    ) {
        self.conversation = conversation
        self.name = name
        self.epoch = epoch
        self.createdAt = createdAt
        self.lastSeq = lastSeq
        self.lastOrdinal = lastOrdinal
        self.snapshot = snapshot
        self.snapshotSeq = snapshotSeq
        self.tail = tail
    }
}

/// The events of one entry.
package struct StoredEvents: Equatable, Sendable {
    package var seq: Int
    package var ordinal: Int
    package var at: Int
    package var bytes: [UInt8]

    package init(seq: Int, ordinal: Int, at: Int, bytes: [UInt8]) {
        self.seq = seq
        self.ordinal = ordinal
        self.at = at
        self.bytes = bytes
    }
}

/// The answer of one turn.
package struct StoredTurn: Equatable, Sendable {
    package var seq: Int
    package var frame: [UInt8]

    package init(seq: Int, frame: [UInt8]) {
        self.seq = seq
        self.frame = frame
    }
}

/// How the event log fares; for `/metrics`.
package struct StorageStatistics: Equatable, Sendable {
    package var conversations = 0
    package var erased = 0
    /// Since the event log was opened.
    package var entriesWritten = 0
    package var groupsCommitted = 0
    package var groupsFailed = 0
    package var largestGroup = 0
    package var reopened = 0
    /// Bytes of the database without its write-ahead log, and of that.
    package var databaseBytes = 0
    package var walBytes = 0
    /// Bytes of the database that are free for reuse.
    package var freeBytes = 0
    /// SQLite's own word on how it syncs: 2 is FULL, and less would break a promise.
    package var synchronous = 0
}
