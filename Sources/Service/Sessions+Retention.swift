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
        // Those of the last look come first.
        guard !isExpiring else { return }
        isExpiring = true
        let moment = wall - options.retentionDays * 86_400
        store.expired(before: moment, after: expiryPlace, limit: 1000) { result in
            self.loop.run {
                self.assumeIsolated { sessions in
                    guard case .success(let expired) = result else {
                        sessions.isExpiring = false
                        return
                    }
                    sessions.expiryPlace = expired.lookedUpTo ?? 0
                    sessions.expiring = expired.conversations
                    sessions.eraseNext()
                }
            }
        }
    }

    /// So many are erased in one transaction: a turn that comes meanwhile waits for no more.
    private static let erasuresAtOnce = 20

    private func eraseNext() {
        let batch = isDraining ? [] : expiring.prefix(Self.erasuresAtOnce)
        expiring = batch.isEmpty ? [] : Array(expiring.dropFirst(batch.count))
        erasing = batch.count
        isExpiring = !batch.isEmpty
        for conversation in batch {
            owner(ofToken: conversation.token).perform { owner in
                owner.erase(conversation.number) {
                    self.loop.run { self.assumeIsolated { $0.haveErasedOne() } }
                }
            }
        }
    }

    private func haveErasedOne() {
        erasing -= 1
        if erasing == 0 { eraseNext() }
    }

    /// Erases a conversation that nobody has open; `done` is called on any thread.
    private func erase(_ number: Int64, done: @escaping @Sendable () -> Void) {
        if let conversation = live[number] {
            guard conversation.isIdle else { return done() }
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
            done()
        }
    }
}
