/// What is looked up of a token: the first eight bytes of its digest, as a number.
package enum Token {
    package static func prefix(of hash: [UInt8]) -> Int64 {
        precondition(hash.count >= 8, "the digest of a token has eight bytes at least")
        return hash.withUnsafeBytes { Int64(littleEndian: $0.loadUnaligned(as: Int64.self)) }
    }
}

extension EntryBody {
    init(opening blob: UnsafeRawBufferPointer, with seal: Seal) throws(StorageError) {
        guard let body = seal.open(blob).flatMap(EntryBody.init) else {
            throw StorageError.damaged("an entry")
        }
        self = body
    }
}

extension StorageError {
    static func damaged(_ what: String) -> StorageError {
        StorageError(.corrupt, "read \(what)", Cause(words: "it is not what was written"))
    }
}

/// The requests that read, between two groups.
struct Reader {
    let statements: Statements
    let catalogue: Catalogue
    let keyring: Keyring

    init(_ statements: Statements, _ catalogue: Catalogue, keyring: Keyring) {
        self.statements = statements
        self.catalogue = catalogue
        self.keyring = keyring
    }

    /// The turns after one, oldest first.
    func turns(of conversation: Int64, after seq: Int, limit: Int) throws(StorageError) -> [StoredTurn] {
        try turns(of: conversation, at: try catalogue.turns(of: conversation, after: seq, limit: limit))
    }

    /// The newest turns, oldest first.
    func last(_ count: Int, of conversation: Int64) throws(StorageError) -> [StoredTurn] {
        try turns(of: conversation, at: try catalogue.lastTurns(count, of: conversation))
    }

    /// Whether an entry has this id.
    func holds(_ id: String, in conversation: Int64) throws(StorageError) -> Bool {
        guard let seal = try keyring.seal(of: conversation, statements) else { return false }
        return try catalogue.holds(seal.mark(id), in: conversation)
    }

    private func turns(of conversation: Int64, at places: [Place]) throws(StorageError)
        -> [StoredTurn]
    {
        guard let seal = try keyring.seal(of: conversation, statements) else { return [] }
        var turns: [StoredTurn] = []
        for place in places {
            turns.append(StoredTurn(seq: place.seq, frame: try entry(place.entry, with: seal).body.frame))
        }
        return turns
    }

    /// What an entry holds, and the turn that it belongs to.
    func entry(_ number: Int64, with seal: Seal) throws(StorageError) -> (body: EntryBody, seq: Int) {
        try batch(of: number) { (batch) throws(StorageError) in
            guard let (item, blob) = batch.entry(number) else { throw Self.missing }
            return (try EntryBody(opening: blob, with: seal), item.seq)
        }
    }

    /// Lends the batch that holds an entry.
    func batch<Value>(
        of entry: Int64, _ body: (StoredBatch) throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        let select = statements.selectBatch
        defer { select.reset() }
        select.bind(entry, at: 1)
        guard try select.step("read an entry") else { throw Self.missing }
        let batch = try StoredBatch(select)
        guard entry < batch.end else { throw Self.missing }
        return try body(batch)
    }

    static let missing = StorageError(
        .corrupt, "read an entry", StorageError.Cause(words: "it is not there"))

    /// What is known of the conversation that a token opens.
    func record(of tokenHash: [UInt8]) throws(StorageError) -> ConversationRecord? {
        let select = statements.selectConversation
        defer { select.reset() }
        select.bind(Token.prefix(of: tokenHash), at: 1)
        guard try select.step("look up a token") else { return nil }
        let conversation = select.integer(0)
        guard let seal = try keyring.seal(of: conversation, statements),
            let body = seal.open(select.blob(1)).flatMap(ConversationBody.init)
        else { throw StorageError.damaged("a conversation") }
        guard body.tokenHash == tokenHash else { return nil }
        var record = ConversationRecord(
            conversation: conversation, name: body.name, epoch: body.epoch,
            createdAt: body.createdAt, lastSeq: 0)
        if let last = try catalogue.last(of: conversation) {
            record.lastSeq = last.seq
            record.lastOrdinal = last.ordinal
        }
        let snapshot = try snapshot(of: conversation, seal)
        record.snapshot = snapshot?.bytes
        record.snapshotSeq = snapshot?.seq ?? 0
        try readTail(&record, after: snapshot?.ordinal ?? 0, seal)
        return record
    }

    /// The newest snapshot of a conversation, and the place of the entry that it is the state after.
    func snapshot(of conversation: Int64, _ seal: Seal) throws(StorageError)
        -> (seq: Int, ordinal: Int, bytes: [UInt8])?
    {
        let select = statements.selectSnapshot
        defer { select.reset() }
        select.bind(conversation, at: 1)
        guard try select.step("load a snapshot") else { return nil }
        guard var body = seal.open(select.blob(2)).map(ByteDecoder.init), let bytes = body.blob() else {
            throw StorageError.damaged("a snapshot")
        }
        return (Int(select.integer(0)), Int(select.integer(1)), bytes)
    }

    private func readTail(_ record: inout ConversationRecord, after ordinal: Int, _ seal: Seal)
        throws(StorageError)
    {
        for place in try catalogue.places(of: record.conversation, after: record.snapshotSeq, ordinal) {
            let body = try entry(place.entry, with: seal).body
            record.tail.append(
                StoredEvents(seq: place.seq, ordinal: place.ordinal, at: body.at, bytes: body.events))
        }
    }
}
