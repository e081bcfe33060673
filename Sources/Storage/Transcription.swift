/// What came of a request that writes, should the transaction be committed.
enum WriteOutcome {
    case opened(OpenOutcome)
    case appended(AppendOutcome)
    case forgotten(wasThere: Bool)
}

/// Seals what is to be written, in memory that is used again and under nonces that never are. Used on the
/// writer's thread.
final class Scribe {
    private var encoder = ByteEncoder()
    private var batch = Batch()
    /// Starts anywhere, so that two runs of the program do not meet.
    private var lastNonce = UInt64.random(in: .min ... .max)

    private func nonce() -> UInt64 {
        lastNonce &+= 1
        return lastNonce
    }

    /// Lends the sealed bytes of what `content` puts.
    func sealed<Value>(
        with seal: Seal, _ content: (inout ByteEncoder) -> Void,
        _ body: (UnsafeRawBufferPointer) throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        encoder.reset()
        encoder.seal(with: seal, nonce: nonce(), content)
        return try encoder.bytes.lend(body)
    }

    // MARK: The batch

    /// Begins a batch; whatever was in it is forgotten.
    func beginBatch() { batch.removeAll() }

    /// Adds an entry to the batch, under the number after the last one's; true when the batch is full.
    func add(_ entry: Entry, number: Int64, mark: Int64, with seal: Seal) -> Bool {
        batch.add(entry, number: number, mark: mark, with: seal, nonce: nonce())
        return batch.isFull
    }

    /// Writes the batch, if there is anything in it, and begins the next.
    func writeBatch(_ statements: Statements) throws(StorageError) {
        if batch.count == 0 { return }
        let insert = statements.insertBatch
        insert.bind(batch.first, at: 1)
        insert.bind(batch.count, at: 2)
        try batch.directory.bytes.lend { (directory) throws(StorageError) in
            insert.bind(directory, at: 3)
            try batch.bodies.bytes.lend { (bodies) throws(StorageError) in
                insert.bind(bodies, at: 4)
                try insert.run(batch.count == 1 ? "store an entry" : "store \(batch.count) entries")
            }
        }
        batch.removeAll()
    }
}

extension [UInt8] {
    /// Lends the bytes, in place.
    func lend<Value>(
        _ body: (UnsafeRawBufferPointer) throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        try withUnsafeBytes { bytes -> Result<Value, StorageError> in
            do throws(StorageError) { return .success(try body(bytes)) } catch { return .failure(error) }
        }.get()
    }
}

/// The writing of one group, within its transaction.
struct Transcription {
    private let statements: Statements
    private let catalogue: Catalogue
    private let keyring: Keyring
    private let scribe: Scribe

    init(_ statements: Statements, _ catalogue: Catalogue, keyring: Keyring, scribe: Scribe) {
        self.statements = statements
        self.catalogue = catalogue
        self.keyring = keyring
        self.scribe = scribe
        scribe.beginBatch()
    }

    /// To be called once everything was written.
    func finish() throws(StorageError) { try scribe.writeBatch(statements) }

    /// Nil for requests that do not write.
    func write(_ request: Request) throws(StorageError) -> WriteOutcome? {
        switch request {
        case .open(let conversation, _): .opened(try open(conversation))
        case .append(let addition): .appended(try append(addition.entry, addition.snapshot))
        case .forget(let conversation, _): .forgotten(wasThere: try forget(conversation))
        case .load, .turns, .last, .holds, .statistics, .limitSize, .probe, .expired, .recent: nil
        }
    }

    private func open(_ conversation: NewConversation) throws(StorageError) -> OpenOutcome {
        let operation = "begin a conversation"
        if try isTaken(conversation.tokenHash) { return .taken }
        var random = SystemRandomNumberGenerator()
        let key = Seal.makeKey(&random)
        let insertKey = statements.insertKey
        let seal = try key.lend { (bytes) throws(StorageError) in
            insertKey.bind(bytes, at: 1)
            try insertKey.run(operation)
            return Seal(key: bytes)
        }
        guard let seal else {
            preconditionFailure("a key that was just made is not that of an erased conversation")
        }
        let number = insertKey.lastRow
        keyring.put(seal, for: number)
        try scribe.sealed(with: seal, { $0.put(conversation) }) { (body) throws(StorageError) in
            let insertConversation = statements.insertConversation
            insertConversation.bind(number, at: 1)
            insertConversation.bind(Token.prefix(of: conversation.tokenHash), at: 2)
            insertConversation.bind(body, at: 3)
            try insertConversation.run(operation)
        }
        var opening = conversation.opening
        opening.conversation = number
        catalogue.begin(number)
        try insert(opening, seal.mark(opening.id), with: seal)
        return .opened(conversation: number)
    }

    private func isTaken(_ tokenHash: [UInt8]) throws(StorageError) -> Bool {
        let select = statements.selectConversation
        defer { select.reset() }
        select.bind(Token.prefix(of: tokenHash), at: 1)
        return try select.step("look up a token")
    }

    private func append(_ entry: Entry, _ snapshot: [UInt8]?) throws(StorageError) -> AppendOutcome {
        guard let seal = try keyring.seal(of: entry.conversation, statements) else {
            return .unknownConversation
        }
        let mark = seal.mark(entry.id)
        if let known = try catalogue.entry(of: entry.conversation, mark: mark) {
            return try repetition(of: entry, known, seal)
        }
        if let last = try catalogue.last(of: entry.conversation),
            (last.seq, last.ordinal) >= (entry.seq, entry.ordinal)
        {
            return .outOfOrder
        }
        try insert(entry, mark, with: seal)
        if let snapshot { try put(snapshot, after: entry, with: seal) }
        return .committed
    }

    private func insert(_ entry: Entry, _ mark: Int64, with seal: Seal) throws(StorageError) {
        let isFull = scribe.add(entry, number: try catalogue.nextEntry(), mark: mark, with: seal)
        try catalogue.add(entry, mark: mark)
        if isFull { try finish() }
    }

    /// What is to be said to an entry under an id that is there already.
    private func repetition(of entry: Entry, _ known: Int64, _ seal: Seal) throws(StorageError)
        -> AppendOutcome
    {
        // It may be one of this very transaction.
        try finish()
        let reader = Reader(statements, catalogue, keyring: keyring)
        let (body, place) = try reader.entry(known, with: seal)
        guard body.id == entry.id, body.kind == entry.kind, body.digest == entry.digest else {
            return .conflict
        }
        return .duplicate(kind: body.kind, seq: place, frame: body.frame)
    }

    private func put(_ snapshot: [UInt8], after entry: Entry, with seal: Seal) throws(StorageError) {
        try scribe.sealed(with: seal, { $0.put(snapshot) }) { (body) throws(StorageError) in
            let put = statements.putSnapshot
            put.bind(entry.conversation, at: 1)
            put.bind(entry.seq, at: 2)
            put.bind(entry.ordinal, at: 3)
            put.bind(body, at: 4)
            try put.run("store a snapshot")
        }
    }

    /// Erases a conversation outside a group.
    func erase(_ conversation: Int64) throws(StorageError) { _ = try forget(conversation) }

    private func forget(_ conversation: Int64) throws(StorageError) -> Bool {
        try finish()
        keyring.remove(conversation)
        let delete = statements.deleteConversation
        delete.bind(conversation, at: 1)
        try delete.run("erase a conversation")
        let wasThere = delete.changes > 0
        var next: Int64 = 0
        for entry in try catalogue.remove(conversation) where entry >= next {
            next = try cut(conversation, fromBatchOf: entry)
        }
        for statement in [statements.deleteSnapshot, statements.eraseKey] {
            statement.bind(conversation, at: 1)
            try statement.run("erase a conversation")
        }
        return wasThere
    }

    /// Takes everything of a conversation out of the batch that holds an entry. Returns the number after the batch.
    private func cut(_ conversation: Int64, fromBatchOf entry: Int64) throws(StorageError) -> Int64 {
        let operation = "erase a conversation"
        let batch = try Reader(statements, catalogue, keyring: keyring).batch(of: entry) {
            (first: $0.first, end: $0.end, rest: $0.without(conversation))
        }
        guard batch.rest.live > 0 else {
            statements.deleteBatch.bind(batch.first, at: 1)
            try statements.deleteBatch.run(operation)
            return batch.end
        }
        let update = statements.updateBatch
        update.bind(batch.rest.live, at: 1)
        update.bind(batch.first, at: 4)
        try batch.rest.directory.lend { (directory) throws(StorageError) in
            update.bind(directory, at: 2)
            try batch.rest.bodies.lend { (bodies) throws(StorageError) in
                update.bind(bodies, at: 3)
                try update.run(operation)
            }
        }
        return batch.end
    }
}
