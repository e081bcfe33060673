/// What somebody wants of the event log, and whom to tell.
enum Request: Sendable {
    case open(NewConversation, EventLog.Completion<OpenOutcome>)
    case append(Entry, [UInt8]?, EventLog.Completion<AppendOutcome>)
    case forget(Int64, EventLog.Completion<Void>)
    case load(tokenHash: [UInt8], EventLog.Completion<ConversationRecord?>)
    case turns(Int64, after: Int, limit: Int, EventLog.Completion<[StoredTurn]>)
    case last(Int64, count: Int, EventLog.Completion<[StoredTurn]>)
    case statistics(EventLog.Completion<StorageStatistics>)
    case limitSize(pages: Int?)
    case probe(EventLog.Completion<Void>)
    case expired(before: Int, after: Int64, limit: Int, EventLog.Completion<Expired>)
    case recent(since: Int, before: Int64, limit: Int, holding: [[UInt8]], EventLog.Completion<Recent>)

    /// True when it belongs into the transaction of its group.
    var writes: Bool {
        switch self {
        case .open, .append, .forget: true
        case .load, .turns, .last, .statistics, .limitSize, .probe, .expired, .recent: false
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
        case .probe: "write to the event log"
        case .expired: "look for old conversations"
        case .recent: "look at the newest entries"
        case .statistics, .limitSize: "look at the event log"
        }
    }

    func fail(_ error: StorageError) {
        switch self {
        case .open(_, let completion): completion(.failure(error))
        case .append(_, _, let completion): completion(.failure(error))
        case .forget(_, let completion): completion(.failure(error))
        case .load(_, let completion): completion(.failure(error))
        case .turns(_, _, _, let completion): completion(.failure(error))
        case .last(_, _, let completion): completion(.failure(error))
        case .statistics(let completion): completion(.failure(error))
        case .probe(let completion): completion(.failure(error))
        case .expired(_, _, _, let completion): completion(.failure(error))
        case .recent(_, _, _, _, let completion): completion(.failure(error))
        case .limitSize: break
        }
    }
}
