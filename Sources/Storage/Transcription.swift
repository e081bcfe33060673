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
    /// Starts anywhere, so that two runs of the program do not meet.
    private var nonce = UInt64.random(in: .min ... .max)

    /// Lends the sealed bytes of what `content` puts.
    func sealed<Value>(
        with seal: Seal, _ content: (inout ByteEncoder) -> Void,
        _ body: (UnsafeRawBufferPointer) throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        encoder.reset(after: Seal.overhead)
        content(&encoder)
        nonce &+= 1
        encoder.seal(with: seal, nonce: nonce)
        return try encoder.bytes.withUnsafeBytes { bytes -> Result<Value, StorageError> in
            do throws(StorageError) {
                return .success(try body(bytes))
            } catch {
                return .failure(error)
            }
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
    }

    /// Nil for requests that do not write.
    func write(_ request: Request) throws(StorageError) -> WriteOutcome? {
        switch request {
        case .open(let conversation, _): .opened(try open(conversation))
        case .append(let entry, let snapshot, _): .appended(try append(entry, snapshot))
        case .forget(let conversation, _): .forgotten(wasThere: try forget(conversation))
        case .load, .turns, .last, .statistics, .limitSize, .probe, .expired, .recent: nil
        }
    }

    private func open(_ conversation: NewConversation) throws(StorageError) -> OpenOutcome {
        let operation = "begin a conversation"
        if try isTaken(conversation.tokenHash) { return .taken }
        var random = SystemRandomNumberGenerator()
        let key = Seal.makeKey(&random)
        let insertKey = statements.insertKey
        let seal = try key.withUnsafeBytes { bytes -> Result<Seal?, StorageError> in
            insertKey.bind(bytes, at: 1)
            do throws(StorageError) { try insertKey.run(operation) } catch { return .failure(error) }
            return .success(Seal(key: bytes))
        }.get()
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
        let insert = statements.insertEntry
        insert.bind(try catalogue.nextEntry(), at: 1)
        insert.bind(entry.conversation, at: 2)
        insert.bind(entry.seq, at: 3)
        insert.bind(entry.ordinal, at: 4)
        insert.bind(mark, at: 5)
        try scribe.sealed(with: seal, { $0.put(entry) }) { (body) throws(StorageError) in
            insert.bind(body, at: 6)
            try insert.run("store an entry")
        }
        catalogue.add(entry, mark: mark)
    }

    /// What is to be said to an entry under an id that is there already.
    private func repetition(of entry: Entry, _ known: Int64, _ seal: Seal) throws(StorageError)
        -> AppendOutcome
    {
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
        keyring.remove(conversation)
        let delete = statements.deleteConversation
        delete.bind(conversation, at: 1)
        try delete.run("erase a conversation")
        let wasThere = delete.changes > 0
        for entry in try catalogue.remove(conversation) {
            statements.deleteEntry.bind(entry, at: 1)
            try statements.deleteEntry.run("erase a conversation")
        }
        for statement in [statements.deleteSnapshot, statements.eraseKey] {
            statement.bind(conversation, at: 1)
            try statement.run("erase a conversation")
        }
        return wasThere
    }
}
