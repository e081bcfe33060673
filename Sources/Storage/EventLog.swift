/// The lasting memory of all conversations: what happened, in order, and what was answered.
///
/// Nothing here waits: a request is put into a queue, and its completion is called later on the thread that
/// writes, after the transaction that holds it was committed and synced to disk. Requests that wait at the
/// same time share one transaction; completions come in the order of the requests, those that write before
/// those that read. A request that reads is answered with everything whose completion came before its own and
/// nothing else.
///
/// `@unchecked Sendable` holds because the mailbox guards itself, and everything else belongs to the one thread that
/// writes.
package final class EventLog: @unchecked Sendable {
    package typealias Completion<Value> = @Sendable (Result<Value, StorageError>) -> Void

    private let mailbox = Mailbox<Request>()
    private let thread: StorageThread
    private let tally = CommitTally()
    private let file: DatabaseFile

    /// Opens the event log in the file, which is made when it is missing, with its folder. When another
    /// program holds the database, it is waited for so many seconds.
    package init(path: String, busyTimeout: Double = 5) throws(StorageError) {
        file = DatabaseFile(path: path)
        let work = Work(try LogWriter(file, busyTimeout: busyTimeout, tally: tally), mailbox)
        thread = try StorageThread("writes") { work.run() }
    }

    /// What the thread is given when it starts.
    ///
    /// `@unchecked Sendable` holds because nobody else uses the writer from then on.
    private final class Work: @unchecked Sendable {
        private let writer: LogWriter
        private let mailbox: Mailbox<Request>

        init(_ writer: LogWriter, _ mailbox: Mailbox<Request>) {
            self.writer = writer
            self.mailbox = mailbox
        }

        func run() { writer.serve(mailbox) }
    }

    deinit { mailbox.close() }

    /// Requests that wait; when there are many, the disk does not keep up.
    package var backlog: Int { mailbox.count }

    /// Bytes of the write-ahead log; it grows while another program reads from the database for long.
    package var walBytes: Int { file.walBytes }

    /// What has been committed so far.
    package var commits: CommitTally.Counts { tally.counts }

    // MARK: Writing

    /// Begins a conversation with its first turn.
    package func open(_ conversation: NewConversation, completion: @escaping Completion<OpenOutcome>) {
        submit(.open(conversation, completion))
    }

    /// Adds a turn or feedback; a snapshot, when given, is the state after it. One that `awaitsMore` is written no later than
    /// after the next call of `writeNow`: whoever has several entries to add has them written in one transaction.
    package func append(
        _ entry: Entry, snapshot: [UInt8]? = nil, awaitsMore: Bool = false, telling listener: AppendListener
    ) {
        precondition((entry.kind == .turn) == (entry.ordinal == 0), "a turn has ordinal 0, feedback 1 and up")
        submit(.append(Addition(entry, snapshot: snapshot, telling: listener)), telling: !awaitsMore)
    }

    /// As above, for whoever adds one entry.
    package func append(
        _ entry: Entry, snapshot: [UInt8]? = nil, awaitsMore: Bool = false,
        completion: @escaping Completion<AppendOutcome>
    ) {
        let listener = AppendListener { completion($0[0].result) }
        append(entry, snapshot: snapshot, awaitsMore: awaitsMore, telling: listener)
    }

    /// Has what awaits more written without it.
    package func writeNow() { mailbox.tell() }

    /// Erases a conversation. When the completion is called without an error, no file holds anything of it.
    package func forget(_ conversation: Int64, completion: @escaping Completion<Void>) {
        submit(.forget(conversation, completion))
    }

    // MARK: Reading

    /// The conversation that a token opens, by the digest of the token; nil when there is none.
    package func load(tokenHash: [UInt8], completion: @escaping Completion<ConversationRecord?>) {
        submit(.load(tokenHash: tokenHash, completion))
    }

    /// The turns that come after one, oldest first.
    package func turns(
        _ conversation: Int64, after seq: Int, limit: Int,
        completion: @escaping Completion<[StoredTurn]>
    ) {
        submit(.turns(conversation, after: seq, limit: limit, completion))
    }

    /// The newest turns, oldest first.
    package func last(_ conversation: Int64, count: Int, completion: @escaping Completion<[StoredTurn]>) {
        submit(.last(conversation, count: count, completion))
    }

    /// Whether a turn or feedback of the conversation has this id.
    package func holds(_ id: String, in conversation: Int64, completion: @escaping Completion<Bool>) {
        submit(.holds(id, conversation, completion))
    }

    package func statistics(_ completion: @escaping Completion<StorageStatistics>) {
        submit(.statistics(completion))
    }

    /// Whether something can be written at the moment; writes, and changes nothing.
    package func probe(_ completion: @escaping Completion<Void>) { submit(.probe(completion)) }

    /// Conversations in which nothing has happened since a moment (seconds since 1970), among the `limit` that come after a
    /// number.
    package func expired(
        before moment: Int, after number: Int64, limit: Int, completion: @escaping Completion<Expired>
    ) {
        submit(.expired(before: moment, after: number, limit: limit, completion))
    }

    /// Of the `limit` entries written before the one of a number (`.max` for all), those since a moment (seconds since 1970)
    /// whose events hold one of some words, the newest first.
    package func recent(
        since moment: Int, before number: Int64, limit: Int, holding words: [[UInt8]],
        completion: @escaping Completion<Recent>
    ) {
        submit(.recent(since: moment, before: number, limit: limit, holding: words, completion))
    }

    // MARK: Running

    /// Lets the database grow to so many pages of 8 KiB, from the next request on; nil lifts the limit.
    package func limitSize(pages: Int?) { submit(.limitSize(pages: pages)) }

    /// Carries out what was requested, then closes the file. Later requests fail. Not to be called from a
    /// completion.
    package func close() {
        mailbox.close()
        thread.join()
    }

    private func submit(_ request: Request, telling: Bool = true) {
        if mailbox.put(request, telling: telling) { return }
        request.fail(
            StorageError(.closed, request.operation, StorageError.Cause(words: "the event log is closed")))
    }
}
