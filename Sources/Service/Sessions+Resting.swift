import Channels
import Conversation
import Dialogue
import Storage
import Transport

/// Conversations in which nothing has happened for a while rest: of them only what is needed to find them stays in memory,
/// whether somebody is connected or not. The log has the rest, and whoever says something wakes them.
extension Sessions {
    /// Lets everything rest that has not been used for so long.
    package func restIdle() { letRest(unusedFor: options.restAfter) }

    /// `time`: milliseconds without a turn.
    func letRest(unusedFor time: Int) {
        let now = EventLoop.now
        for conversation in live.values
        where conversation.tracker != nil && conversation.hasNoWork
            && now - conversation.lastUsed >= time
        {
            conversation.rest()
            rested += 1
        }
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
        forgetNotes()
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
