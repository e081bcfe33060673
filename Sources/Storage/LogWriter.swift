/// Carries out requests, group by group. Made by whoever opens the event log, then used by its thread alone.
final class LogWriter {
    /// Requests that share a transaction at most.
    private static let groupLimit = 512

    private let file: DatabaseFile
    private let busyTimeout: Double
    private let lock: LockFile
    private var connection: Connection?
    private let checkpointer: Checkpointer
    private let keyring = Keyring()
    private let scribe = Scribe()
    private var counts: StorageStatistics
    private let tally: CommitTally
    /// True when something was erased and the write-ahead log may still hold it.
    private var owesErasure = false
    private var pageLimit: Int?

    init(_ file: DatabaseFile, busyTimeout: Double, tally: CommitTally) throws(StorageError) {
        self.file = file
        self.tally = tally
        self.busyTimeout = busyTimeout
        checkpointer = Checkpointer(file)
        guard ChaCha20.isAvailable else {
            let cause = StorageError.Cause(words: "the OpenSSL of this machine has no ChaCha20")
            throw StorageError(.other, "open the event log", cause)
        }
        try file.inspect(busyTimeout: busyTimeout)
        try file.prepare()
        lock = try LockFile(beside: file.path)
        let connection = try Connection(file, busyTimeout: busyTimeout)
        self.connection = connection
        owesErasure = !connection.isWALEmpty
        counts = StorageStatistics()
        counts.conversations = try connection.number("SELECT count(*) FROM conversations")
        // Keys are numbered without holes and never deleted.
        counts.erased = try connection.number("SELECT max(conversation) FROM keys") - counts.conversations
    }

    /// Serves until the mailbox is closed and empty, then closes the file.
    func serve(_ mailbox: Mailbox<Request>) {
        while true {
            let group = mailbox.take(atMost: Self.groupLimit)
            if group.isEmpty { break }
            for case .limitSize(let pages) in group { limitPages(pages) }
            write(group)
            for request in group where !request.writes { read(request) }
            tend()
        }
        checkpointer.close()
        connection?.close()
        connection = nil
    }

    private func connect() throws(StorageError) -> Connection {
        if let connection { return connection }
        let fresh = try Connection(file, busyTimeout: busyTimeout)
        try fresh.limitPages(pageLimit)
        connection = fresh
        owesErasure = owesErasure && !fresh.isWALEmpty
        counts.reopened += 1
        tally.noteReopening()
        return fresh
    }

    private func limitPages(_ pages: Int?) {
        pageLimit = pages
        do throws(StorageError) { try connection?.limitPages(pages) } catch { recover(from: error) }
    }

    /// After a failure nothing is known of the connection, and least of all what a second `fsync` would tell:
    /// it is thrown away, and the next request opens the file anew.
    private func recover(from error: StorageError) {
        guard error.spoilsConnection else { return }
        connection?.close()
        connection = nil
    }

    /// Once everybody was answered.
    private func tend() {
        guard let connection else { return }
        do throws(StorageError) { try checkpointer.tend(connection) } catch {
            tally.noteFailure()
            recover(from: error)
        }
    }

    // MARK: Writing

    private func write(_ group: [Request]) {
        let count = group.reduce(0) { $0 + ($1.writes ? 1 : 0) }
        if count == 0 { return }
        do throws(StorageError) {
            let outcomes = try commit(group, count: count)
            tally.noteGroup(of: count)
            note(outcomes)
            deliver(outcomes, to: group)
        } catch {
            counts.groupsFailed += 1
            tally.noteFailure()
            // A number that was given to a new conversation is free again, and its key never was.
            keyring.removeAll()
            recover(from: error)
            for request in group where request.writes { request.fail(error) }
        }
        erase(group)
    }

    /// One transaction for all. An error in it, or in committing it, is the failure of each.
    private func commit(_ group: [Request], count: Int) throws(StorageError) -> [WriteOutcome?] {
        let operation = count == 1 ? "store 1 entry" : "store \(count) entries"
        return try connect().transaction(operation) { (statements, catalogue) throws(StorageError) in
            let transcription = Transcription(statements, catalogue, keyring: keyring, scribe: scribe)
            var outcomes: [WriteOutcome?] = []
            outcomes.reserveCapacity(group.count)
            for request in group { outcomes.append(try transcription.write(request)) }
            try transcription.finish()
            return outcomes
        }
    }

    private func note(_ outcomes: [WriteOutcome?]) {
        counts.groupsCommitted += 1
        counts.largestGroup = max(counts.largestGroup, outcomes.reduce(0) { $0 + ($1 == nil ? 0 : 1) })
        for outcome in outcomes {
            switch outcome {
            case .opened(.opened):
                counts.conversations += 1
                counts.entriesWritten += 1
            case .appended(.committed): counts.entriesWritten += 1
            case .forgotten(wasThere: true):
                counts.conversations -= 1
                counts.erased += 1
                owesErasure = true
            case .forgotten, .opened, .appended, nil: break
            }
        }
    }

    private func deliver(_ outcomes: [WriteOutcome?], to group: [Request]) {
        var listener: AppendListener?
        var appended: [Appended] = []
        func tell() {
            if let listener { listener.hear(appended) }
            listener = nil
            // The listener's now, on whatever thread.
            appended = []
        }
        for index in group.indices {
            switch (group[index], outcomes[index]) {
            case (.open(_, let completion), .opened(let outcome)):
                tell()
                completion(.success(outcome))
            case (.append(let addition), .appended(let outcome)):
                if addition.listener !== listener { tell() }
                listener = addition.listener
                appended.append(addition.result(.success(outcome)))
            default: break
            }
        }
        tell()
    }

    /// What was erased is erased in the database; now also in the write-ahead log. Also when an earlier group
    /// could not.
    private func erase(_ group: [Request]) {
        do throws(StorageError) {
            if owesErasure {
                let connection = try connect()
                try checkpointer.pausing { () throws(StorageError) in try connection.emptyWAL() }
            }
            owesErasure = false
            for case .forget(_, let completion) in group { completion(.success(())) }
        } catch {
            recover(from: error)
            for case .forget(_, let completion) in group { completion(.failure(error)) }
        }
    }

    // MARK: Reading

    private func read(_ request: Request) {
        do throws(StorageError) {
            try answer(request)
        } catch {
            recover(from: error)
            request.fail(error)
        }
    }

    private func answer(_ request: Request) throws(StorageError) {
        switch request {
        case .load(let tokenHash, let completion):
            completion(
                .success(try reading { (reader) throws(StorageError) in try reader.record(of: tokenHash) }))
        case .turns(let conversation, let seq, let limit, let completion):
            completion(
                .success(
                    try reading { (reader) throws(StorageError) in
                        try reader.turns(of: conversation, after: seq, limit: limit)
                    }))
        case .last(let conversation, let count, let completion):
            completion(
                .success(
                    try reading { (reader) throws(StorageError) in try reader.last(count, of: conversation) })
            )
        case .holds(let id, let conversation, let completion):
            completion(
                .success(
                    try reading { (reader) throws(StorageError) in try reader.holds(id, in: conversation) })
            )
        case .statistics(let completion): completion(.success(try statistics()))
        case .probe(let completion): completion(.success(try connect().probe()))
        case .expired(let moment, let number, let limit, let completion):
            completion(
                .success(
                    try reading { (reader) throws(StorageError) in
                        try reader.expired(before: moment, after: number, limit: limit)
                    }))
        case .recent(let moment, let number, let limit, let words, let completion):
            completion(
                .success(
                    try reading { (reader) throws(StorageError) in
                        try reader.recent(since: moment, before: number, limit: limit, holding: words)
                    }))
        case .open, .append, .forget, .limitSize: break
        }
    }

    private func reading<Value>(_ body: (Reader) throws(StorageError) -> Value) throws(StorageError) -> Value
    {
        try connect().access { (statements, catalogue) throws(StorageError) in
            try body(Reader(statements, catalogue, keyring: keyring))
        }
    }

    private func statistics() throws(StorageError) -> StorageStatistics {
        let connection = try connect()
        let pageSize = try connection.number("PRAGMA page_size")
        var statistics = counts
        statistics.databaseBytes = try connection.number("PRAGMA page_count") * pageSize
        statistics.freeBytes = try connection.number("PRAGMA freelist_count") * pageSize
        statistics.walBytes = file.walBytes
        statistics.synchronous = try connection.number("PRAGMA synchronous")
        return statistics
    }
}
