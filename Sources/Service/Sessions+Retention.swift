import Channels
import Conversation
import Logging
import Storage
import Transport

/// What is not kept for ever: conversations in which nothing has happened for long.
extension Sessions {
    /// Looks at some conversations and has those erased whose time is over. The next look goes on from there. Called on the first
    /// loop.
    package func eraseExpired() {
        let steady = EventLoop.now
        let wall = now(nil).seconds
        if let jump = clockWatch.note(wall: wall, steady: steady) {
            logger.warning("clock.jumped", metadata: ["seconds": "\(jump)"])
        }
        guard options.retentionDays > 0, !isDraining, clockWatch.isTrusted(steady: steady) else { return }
        let moment = wall - options.retentionDays * 86_400
        store.expired(before: moment, after: expiryPlace, limit: 1000) { result in
            self.loop.run {
                self.assumeIsolated { sessions in
                    guard case .success(let expired) = result else { return }
                    sessions.expiryPlace = expired.lookedUpTo ?? 0
                    for conversation in expired.conversations {
                        sessions.owner(ofToken: conversation.token).perform { $0.erase(conversation.number) }
                    }
                }
            }
        }
    }

    /// Erases a conversation that nobody has open.
    private func erase(_ number: Int64) {
        if let conversation = live[number] {
            guard conversation.isIdle else { return }
            live[number] = nil
            liveByToken[conversation.tokenHash] = nil
        }
        store.forget(number) { result in
            self.loop.run {
                self.assumeIsolated { sessions in
                    switch result {
                    case .success:
                        sessions.metrics.expired += 1
                        sessions.watch?.forget(number)
                        sessions.commons.waitingPeople.withLock { $0.remove(number) }
                    case .failure(let error): sessions.storageFailed(error)
                    }
                }
            }
        }
    }
}
