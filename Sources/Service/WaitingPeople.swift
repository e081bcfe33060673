import Assistant
import Conversation
import Dialogue
import JSONText
import Transport

/// Who asked for a person and has none yet, the longest waiting first. Held in memory; after a restart it is made again from
/// what is stored. What was said stays with the conversation; here stands what a desk needs to choose.
struct WaitingPeople {
    struct Person: Equatable {
        var conversation: Int64
        /// `Identity.key` of the conversation, by which whoever keeps the tokens knows it.
        var digest: [UInt8]
        var since: Moment
        /// The latest turn.
        var seq: Int
        /// The task that was under way when they asked; nil when there was none.
        var task: Task?
    }

    struct Task: Equatable {
        var flow: String
        var title: String

        /// The task under way, else the one that was done last; nil when there was none.
        init?(_ tracker: Tracker, in assistant: Assistant) {
            let name = tracker.frame?.flow ?? tracker.state.lastFlow
            guard let flow = name.flatMap({ assistant.program.flow($0) }) else { return nil }
            self.flow = flow.name
            title = flow.title
        }
    }

    /// People listed at most; whoever has waited longest falls out, and is counted.
    static let limit = 1000
    private(set) var people: [Person] = []
    /// How often somebody asked, over all time.
    private(set) var asked = 0
    private(set) var dropped = 0

    /// Looks at a turn: whether a person was asked for, or came.
    mutating func note(
        _ turn: Assistant.Turn, of conversation: Int64, digest: [UInt8], seq: Int, in assistant: Assistant
    ) {
        let index = people.firstIndex { $0.conversation == conversation }
        if turn.tracker.isHandedOff {
            if let index { people.remove(at: index) }
            return
        }
        guard turn.remarks.contains(.personAskedFor) else {
            if let index { people[index].seq = seq }
            return
        }
        asked += 1
        let task = Task(turn.tracker, in: assistant)
        // Asking again moves nobody back in the queue.
        if let index {
            people[index].seq = seq
            people[index].task = task ?? people[index].task
            return
        }
        if people.count >= Self.limit {
            people.removeFirst()
            dropped += 1
        }
        people.append(
            Person(
                conversation: conversation, digest: digest, since: turn.tracker.lastTime, seq: seq, task: task
            ))
    }

    /// Lists somebody again who asked before the server started, in their place in the queue.
    mutating func restore(
        _ tracker: Tracker, of conversation: Int64, digest: [UInt8], since: Moment, seq: Int,
        in assistant: Assistant
    ) {
        if let index = people.firstIndex(where: { $0.conversation == conversation }) {
            people.remove(at: index)
        }
        let place = people.firstIndex { $0.since > since } ?? people.endIndex
        if people.count >= Self.limit {
            dropped += 1
            if place == 0 { return }
            people.removeFirst()
        }
        people.insert(
            Person(
                conversation: conversation, digest: digest, since: since, seq: seq,
                task: Task(tracker, in: assistant)),
            at: min(place, people.count))
    }

    mutating func remove(_ conversation: Int64) { people.removeAll { $0.conversation == conversation } }

    /// Nobody waits for ever: whoever asked before the moment is no longer listed.
    mutating func removeAll(before moment: Moment) { people.removeAll { $0.since < moment } }

    /// The first of them as JSON, with how many there are.
    func list(limit: Int) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.key("count")
        json.integer(people.count)
        json.key("waiting")
        json.beginArray()
        for person in people.prefix(limit) {
            json.beginObject()
            json.key("conversation")
            json.string(Digest.hexadecimal(person.digest))
            json.key("since")
            json.string(person.since.utc)
            json.key("seq")
            json.integer(person.seq)
            if let task = person.task {
                json.key("task")
                json.beginObject()
                json.key("flow")
                json.string(task.flow)
                json.key("title")
                json.string(task.title)
                json.endObject()
            }
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return Array(json.body)
    }
}

extension Moment {
    /// The moment as in RFC 3339, in UTC (`2026-03-02T01:00:00Z`).
    var utc: String {
        // The calendar of a moment is China's, eight hours ahead.
        let day = Moment(seconds: seconds - 8 * 3600).date
        let second = ((seconds % 86_400) + 86_400) % 86_400
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(day.year)-\(two(day.month))-\(two(day.day))"
            + "T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
    }
}
