package import Conversation
package import Dialogue

extension Assistant {
    /// What came of a turn: what happened, what is said, and how it came about. Copies share all but the tracker.
    package struct Turn: Equatable, Sendable {
        package private(set) var tracker: Tracker
        private let content: Content

        private final class Content: Sendable {
            let events: [Event]
            let replies: [Reply]
            let input: Utterance.Input
            let trace: Trace
            let remarks: Remarks

            init(events: [Event], replies: [Reply], input: Utterance.Input, trace: Trace) {
                remarks = Remarks(trace)
                self.events = events
                self.replies = replies
                self.input = input
                self.trace = trace
            }
        }

        init(tracker: Tracker, events: [Event], replies: [Reply], input: Utterance.Input, trace: Trace) {
            self.tracker = tracker
            content = Content(events: events, replies: replies, input: input, trace: trace)
        }

        package var events: [Event] {
            let time = tracker.lastTime
            guard case .turnStarted(let number, let input, let start)? = content.events.first, start != time
            else { return content.events }
            return [.turnStarted(number: number, input: input, at: time)] + content.events.dropFirst()
        }
        package var replies: [Reply] { content.replies }
        /// What the person did, as it may be stored.
        package var input: Utterance.Input { content.input }
        package var trace: Trace { content.trace }
        package var remarks: Remarks { content.remarks }

        package static func == (left: Turn, right: Turn) -> Bool {
            left.tracker == right.tracker && left.events == right.events && left.replies == right.replies
                && left.input == right.input && left.trace == right.trace
        }

        /// The same turn at another time of the same day.
        func moved(to time: Moment) -> Turn {
            var turn = self
            turn.tracker.lastTime = time
            return turn
        }
    }

    /// What whoever runs the service wants to know of each turn.
    package struct Remarks: OptionSet, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let notUnderstood = Remarks(rawValue: 1)
        /// The number of a person was masked.
        package static let masked = Remarks(rawValue: 2)
        /// It was told how to reach a person.
        package static let personAskedFor = Remarks(rawValue: 4)

        init(_ trace: Trace) {
            self = []
            if trace.commands.contains("cannot_handle") { insert(.notUnderstood) }
            if trace.said.first == "pattern.masked" { insert(.masked) }
            if trace.said.contains(Assistant.handoffResponse) { insert(.personAskedFor) }
        }
    }

    /// The response by which the dialogue tells how to reach a person.
    package static let handoffResponse = "pattern.handoff"

    /// How a turn came about; for whoever is allowed to look.
    package struct Trace: Equatable, Sendable {
        package var result: NLUResult?
        package var commands: [String]
        package var facts: [String]
        /// Names of the responses said, in order.
        package var said: [String]
        /// What was said not to be known.
        package var gaps: [String] = []
        /// Facts that were told as what held once, or beside a doubt as what somebody says.
        package var toldAsPast: [String] = []
    }
}
