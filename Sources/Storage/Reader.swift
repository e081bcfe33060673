/// What is looked up of a token: the first eight bytes of its digest, as a number.
enum Token {
    static func prefix(of hash: [UInt8]) -> Int64 {
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
    let keyring: Keyring

    init(_ statements: Statements, keyring: Keyring) {
        self.statements = statements
        self.keyring = keyring
    }

    /// The turns after one, oldest first.
    func turns(of conversation: Int64, after seq: Int, limit: Int) throws(StorageError) -> [StoredTurn] {
        let select = statements.selectTurns
        select.bind(conversation, at: 1)
        select.bind(seq, at: 2)
        select.bind(limit, at: 3)
        return try turns(of: conversation, select)
    }

    /// The newest turns, oldest first.
    func last(_ count: Int, of conversation: Int64) throws(StorageError) -> [StoredTurn] {
        let select = statements.selectLastTurns
        select.bind(conversation, at: 1)
        select.bind(count, at: 2)
        return try turns(of: conversation, select).reversed()
    }

    private func turns(of conversation: Int64, _ select: PreparedStatement) throws(StorageError)
        -> [StoredTurn]
    {
        defer { select.reset() }
        guard let seal = try keyring.seal(of: conversation, statements) else { return [] }
        var turns: [StoredTurn] = []
        while try select.step("read turns") {
            let body = try EntryBody(opening: select.blob(1), with: seal)
            turns.append(StoredTurn(seq: Int(select.integer(0)), frame: body.frame))
        }
        return turns
    }

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
        try findLastPlace(&record)
        try readTail(&record, after: try readSnapshot(&record, seal), seal)
        return record
    }

    private func findLastPlace(_ record: inout ConversationRecord) throws(StorageError) {
        let select = statements.selectLastPlace
        defer { select.reset() }
        select.bind(record.conversation, at: 1)
        guard try select.step("load a conversation") else { return }
        record.lastSeq = Int(select.integer(0))
        record.lastOrdinal = Int(select.integer(1))
    }

    /// The ordinal of the snapshot within its turn.
    private func readSnapshot(_ record: inout ConversationRecord, _ seal: Seal) throws(StorageError) -> Int {
        let select = statements.selectSnapshot
        defer { select.reset() }
        select.bind(record.conversation, at: 1)
        guard try select.step("load a snapshot") else { return 0 }
        guard var body = seal.open(select.blob(2)).map(ByteDecoder.init), let snapshot = body.blob() else {
            throw StorageError.damaged("a snapshot")
        }
        record.snapshot = snapshot
        record.snapshotSeq = Int(select.integer(0))
        return Int(select.integer(1))
    }

    private func readTail(_ record: inout ConversationRecord, after ordinal: Int, _ seal: Seal)
        throws(StorageError)
    {
        let select = statements.selectTail
        defer { select.reset() }
        select.bind(record.conversation, at: 1)
        select.bind(record.snapshotSeq, at: 2)
        select.bind(ordinal, at: 3)
        while try select.step("load a conversation") {
            let body = try EntryBody(opening: select.blob(2), with: seal)
            record.tail.append(
                StoredEvents(
                    seq: Int(select.integer(0)), ordinal: Int(select.integer(1)), at: body.at,
                    bytes: body.events))
        }
    }
}
