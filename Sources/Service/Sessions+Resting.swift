import Channels
import Conversation
import Dialogue
import Storage
import Transport

/// Conversations in which nothing has happened for a while rest: of them only what is needed to find them stays in memory,
/// whether somebody is connected or not. The log has the rest, and whoever says something wakes them.
extension Sessions {
    /// Takes a conversation into memory, awake.
    func keep(_ conversation: LiveConversation) {
        live[conversation.id] = conversation
        liveByToken[conversation.tokenHash] = conversation.id
        awake.insert(conversation.id, due: conversation.lastUsed + options.restAfter)
    }

    /// Lets the next rest whose time has come; false when there is none.
    func restNext() -> Bool {
        let now = EventLoop.now
        guard let id = awake.next(now: now) else { return false }
        // Whoever rests already, or has gone, comes in anew when he wakes.
        guard let conversation = live[id], conversation.tracker != nil else { return true }
        if conversation.hasNoWork, now - conversation.lastUsed >= options.restAfter {
            rest(conversation)
        } else {
            awake.insert(id, due: max(now, conversation.lastUsed + options.restAfter))
        }
        return true
    }

    /// Lets all rest that have no turn at the moment.
    func restAll() {
        for conversation in live.values where conversation.tracker != nil && conversation.hasNoWork {
            rest(conversation)
        }
    }

    private func rest(_ conversation: LiveConversation) {
        conversation.rest()
        commons.noteWork()
    }

    /// Reads a resting conversation from the log, then goes on with what waits in it.
    func wake(_ conversation: LiveConversation) {
        guard !conversation.isWaking else { return }
        conversation.isWaking = true
        let id = conversation.id
        store.load(tokenHash: conversation.tokenHash) { result in
            self.loop.run { self.assumeIsolated { $0.woken(id, result) } }
        }
    }

    private func woken(_ id: Int64, _ result: Result<ConversationRecord?, StorageError>) {
        guard let conversation = live[id], conversation.isWaking else { return }
        conversation.isWaking = false
        switch result {
        case .failure(let error):
            return lackStorage(for: takeQueue(of: conversation), error, in: conversation)
        case .success(let record?) where record.conversation == id && record.lastSeq == conversation.seq:
            guard let tracker = Tracker(record) else { break }
            conversation.tracker = tracker
            awake.insert(id, due: EventLoop.now + options.restAfter)
            return advance(conversation)
        case .success: break
        }
        // Somebody else wrote to the conversation, or it is gone.
        let error = FrameError(.internal, "the conversation has to be resumed")
        drop(conversation, code: .draining, error)
    }
}

extension LiveConversation {
    /// Gives up what can be had again from the log.
    fileprivate func rest() {
        tracker = nil
        queue = []
        ids.letGo()
    }
}

extension Tracker {
    /// The state of a conversation from its newest snapshot and the events since; nil when they cannot be read.
    init?(_ record: ConversationRecord) {
        var tracker = Tracker()
        if let snapshot = record.snapshot {
            guard let stored = Tracker(decoding: snapshot) else { return nil }
            tracker = stored
        }
        for stored in record.tail {
            guard let events = Event.decode(stored.bytes) else { return nil }
            for event in events { tracker.apply(event) }
        }
        self = tracker
    }
}
