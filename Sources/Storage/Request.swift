/// What somebody wants of the event log, and whom to tell.
enum Request: Sendable {
    case open(NewConversation, EventLog.Completion<OpenOutcome>)
    case append(Addition)
    case forget(Int64, EventLog.Completion<Void>)
    case load(tokenHash: [UInt8], EventLog.Completion<ConversationRecord?>)
    case turns(Int64, after: Int, limit: Int, EventLog.Completion<[StoredTurn]>)
    case last(Int64, count: Int, EventLog.Completion<[StoredTurn]>)
    case holds(String, Int64, EventLog.Completion<Bool>)
    case statistics(EventLog.Completion<StorageStatistics>)
    case limitSize(pages: Int?)
    case probe(EventLog.Completion<Void>)
    case expired(before: Int, after: Int64, limit: Int, EventLog.Completion<Expired>)
    case recent(since: Int, before: Int64, limit: Int, holding: [[UInt8]], EventLog.Completion<Recent>)

    /// True when it belongs into the transaction of its group.
    var writes: Bool {
        switch self {
        case .open, .append, .forget: true
        case .load, .turns, .last, .holds, .statistics, .limitSize, .probe, .expired, .recent: false
        }
    }

    /// What it does, to be read after "could not".
    var operation: String {
        switch self {
        case .open: "begin a conversation"
        case .append: "store an entry"
        case .forget: "erase a conversation"
        case .load: "load a conversation"
        case .turns, .last: "read turns"
        case .holds: "look up an id"
        case .probe: "write to the event log"
        case .expired: "look for old conversations"
        case .recent: "look at the newest entries"
        case .statistics, .limitSize: "look at the event log"
        }
    }

    func fail(_ error: StorageError) {
        switch self {
        case .open(_, let completion): completion(.failure(error))
        case .append(let addition): addition.listener.hear([addition.result(.failure(error))])
        case .forget(_, let completion): completion(.failure(error))
        case .load(_, let completion): completion(.failure(error))
        case .turns(_, _, _, let completion): completion(.failure(error))
        case .last(_, _, let completion): completion(.failure(error))
        case .holds(_, _, let completion): completion(.failure(error))
        case .statistics(let completion): completion(.failure(error))
        case .probe(let completion): completion(.failure(error))
        case .expired(_, _, _, let completion): completion(.failure(error))
        case .recent(_, _, _, _, let completion): completion(.failure(error))
        case .limitSize: break
        }
    }
}

/// An entry to be added, with the state after it. An object: a request is handed on several times, and what it holds is shared
/// with threads that count its uses at the same time.
final class Addition: Sendable {
    let entry: Entry
    let snapshot: [UInt8]?
    let listener: AppendListener

    init(_ entry: Entry, snapshot: [UInt8]?, telling listener: AppendListener) {
        self.entry = entry
        self.snapshot = snapshot
        self.listener = listener
    }

    func result(_ result: Result<AppendOutcome, StorageError>) -> Appended {
        Appended(conversation: entry.conversation, result: result)
    }
}

/// What became of an entry that was to be added.
package struct Appended: Sendable {
    package let conversation: Int64
    package let result: Result<AppendOutcome, StorageError>
}

/// Is told what became of entries, on the thread that writes: of those that lay side by side in a transaction at once, in their
/// order. Being told of each alone would cost as much as storing a few.
package final class AppendListener: Sendable {
    let hear: @Sendable ([Appended]) -> Void

    package init(_ hear: @escaping @Sendable ([Appended]) -> Void) { self.hear = hear }
}
