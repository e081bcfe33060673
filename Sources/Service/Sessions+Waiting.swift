import Assistant
import Conversation
import Dialogue
import Storage
import Transport

/// Whoever waited for a person when the server stopped is listed again. What was written within the time that anybody waits
/// is looked through from the newest, a little at a time, so that no turn waits for it.
extension Sessions {
    /// Entries of one look; takes a few milliseconds.
    private static let entriesOfALook = 256

    /// Called on the first loop when the server starts.
    package func listThoseWaiting() {
        guard options.deskSecret != nil else { return }
        lookForWaiting(WaitingSearch(since: now(nil).seconds - Self.longestWait), before: .max)
    }

    private func lookForWaiting(_ search: WaitingSearch, before entry: Int64) {
        store.recent(
            since: search.since, before: entry, limit: Self.entriesOfALook, holding: WaitingSearch.words
        ) { result in
            self.loop.run {
                self.assumeIsolated { sessions in
                    guard case .success(let recent) = result, !sessions.isDraining else { return }
                    var search = search
                    for entry in recent.entries { search.note(entry) }
                    if let next = recent.lookedDownTo, search.people.count < WaitingPeople.limit {
                        return sessions.lookForWaiting(search, before: next)
                    }
                    for person in search.people.values { sessions.list(person) }
                }
            }
        }
    }

    /// Lists somebody who asked, unless a person came.
    private func list(_ person: WaitingSearch.Person) {
        store.load(tokenHash: person.tokenHash) { result in
            self.loop.run {
                self.assumeIsolated { sessions in
                    guard case .success(let record?) = result, let tracker = Tracker(record),
                        !tracker.isHandedOff
                    else { return }
                    sessions.commons.waitingPeople.withLock {
                        $0.restore(
                            tracker, of: record.conversation, digest: person.tokenHash, since: person.since,
                            seq: record.lastSeq, in: sessions.assistant)
                    }
                }
            }
        }
    }
}

/// Who asked for a person and has not had one since, by what is written of it, looked at from the newest.
struct WaitingSearch: Sendable {
    struct Person: Sendable {
        var tokenHash: [UInt8]
        /// When they asked first.
        var since: Moment
    }

    /// What stands in the events of a turn in which a person was asked for, came or left.
    static let words = ["pattern.handoff", "hand_off", "hand_back"].map { Array($0.utf8) }

    let since: Int
    private(set) var people: [Int64: Person] = [:]
    /// Conversations that a person had.
    private var served: Set<Int64> = []

    init(since: Int) { self.since = since }

    mutating func note(_ entry: Recent.Entry) {
        guard !served.contains(entry.conversation), let events = Event.decode(entry.events) else { return }
        for event in events {
            switch event {
            case .handedOff, .handedBack: served.insert(entry.conversation)
            case .spoke(let effects) where effects.contains(where: \.asksForPerson):
                people[entry.conversation] = Person(
                    tokenHash: entry.tokenHash, since: Moment(seconds: entry.at))
            default: break
            }
        }
    }
}

extension Effect {
    fileprivate var asksForPerson: Bool {
        if case .say(Assistant.handoffResponse, _) = self { true } else { false }
    }
}
