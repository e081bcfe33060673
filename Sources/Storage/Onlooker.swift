import GRDB

/// Reads an event log that may be in use by somebody else, and changes nothing in it.
package final class Onlooker {
    // Statements go before their connection.
    private let statements: Statements
    private let handle: DatabaseHandle
    private let keyring = Keyring()

    /// Opens a file of the present schema.
    package init(path: String) throws(StorageError) {
        let operation = "look into the event log"
        guard DatabaseFile(path: path).bytes > 0 else {
            throw StorageError(
                .unreachable, operation, StorageError.Cause(words: "there is no file `\(path)`"))
        }
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = ON") }
        do {
            handle = try DatabaseHandle(path: path, configuration: configuration)
            statements = try handle.read { database in
                let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                guard found == Migration.all.count else {
                    let words =
                        "the file has schema \(found), this program looks into schema \(Migration.all.count)"
                    throw StorageError(.schemaTooNew, operation, StorageError.Cause(words: words))
                }
                return try Statements(database)
            }
        } catch {
            throw StorageError(error, operation)
        }
    }

    /// Everything that is kept of one conversation.
    package struct Transcript: Equatable, Sendable {
        package struct Part: Equatable, Sendable {
            package var seq: Int
            package var ordinal: Int
            package var kind: Entry.Kind
            /// Seconds since 1970.
            package var at: Int
            /// What the client was answered, as JSON.
            package var frame: [UInt8]
            /// What happened, as the dialogue encodes it.
            package var events: [UInt8]
        }

        package var name: String
        package var begunAt: Int
        package var parts: [Part]
    }

    /// The conversation that a token opens, by the digest of the token; nil when there is none.
    package func transcript(tokenHash: [UInt8]) throws(StorageError) -> Transcript? {
        try access { (reader) throws(StorageError) in
            guard let record = try reader.record(of: tokenHash) else { return nil }
            return Transcript(
                name: record.name, begunAt: record.createdAt, parts: try reader.parts(of: record.conversation)
            )
        }
    }

    /// Numbers of the conversations that were erased.
    func erased() throws(StorageError) -> [Int64] {
        do {
            return try handle.read {
                try Int64.fetchAll(
                    $0, sql: "SELECT conversation FROM keys WHERE key = zeroblob(\(Seal.keyBytes))")
            }
        } catch {
            throw StorageError(error, "read what was erased")
        }
    }

    private func access<Value>(_ body: (Reader) throws(StorageError) -> Value) throws(StorageError) -> Value {
        do {
            return try handle.read { _ -> Result<Value, StorageError> in
                do throws(StorageError) {
                    // Whoever writes may have written since the last look.
                    let catalogue = Catalogue(statements)
                    return .success(try body(Reader(statements, catalogue, keyring: keyring)))
                } catch {
                    return .failure(error)
                }
            }.get()
        } catch {
            throw StorageError(error, "look into the event log")
        }
    }
}

extension Reader {
    /// Everything of a conversation, in order.
    func parts(of conversation: Int64) throws(StorageError) -> [Onlooker.Transcript.Part] {
        guard let seal = try keyring.seal(of: conversation, statements) else { return [] }
        var parts: [Onlooker.Transcript.Part] = []
        for place in try catalogue.places(of: conversation) {
            let body = try entry(place.entry, with: seal).body
            parts.append(
                .init(
                    seq: place.seq, ordinal: place.ordinal, kind: body.kind, at: body.at, frame: body.frame,
                    events: body.events))
        }
        return parts
    }

    /// Conversations in which nothing has happened since a moment, among the `limit` that come after a number.
    func expired(before moment: Int, after number: Int64, limit: Int) throws(StorageError) -> Expired {
        let found = try conversations(after: number, limit)
        var expired = Expired(conversations: [], lookedUpTo: found.count == limit ? found.last?.number : nil)
        for conversation in found {
            guard let seal = try keyring.seal(of: conversation.number, statements) else { continue }
            guard let newest = try catalogue.lastTurns(1, of: conversation.number).first else { continue }
            if try entry(newest.entry, with: seal).body.at < moment {
                expired.conversations.append(conversation)
            }
        }
        return expired
    }

    private func conversations(after number: Int64, _ limit: Int) throws(StorageError) -> [Expired
        .Conversation]
    {
        let select = statements.selectConversations
        defer { select.reset() }
        select.bind(number, at: 1)
        select.bind(limit, at: 2)
        var found: [Expired.Conversation] = []
        while try select.step("look at the age of conversations") {
            found.append(.init(number: select.integer(0), token: select.integer(1)))
        }
        return found
    }
}

/// What a look for old conversations found.
package struct Expired: Equatable, Sendable {
    package struct Conversation: Equatable, Sendable {
        package var number: Int64
        /// As `Token.prefix` has it of what opens the conversation.
        package var token: Int64
    }

    package var conversations: [Conversation]
    /// Where the next look goes on; nil when this one came to the end.
    package var lookedUpTo: Int64?
}
