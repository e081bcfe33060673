package import Conversation
package import Diagnostics

/// A scripted conversation: what the person does, turn by turn, and what must come of it.
package struct Script: Sendable {
    package var name: String
    package var file: SourceFile
    /// When it takes place.
    package var time: Moment
    package var profile: [(name: String, value: String)]
    package var turns: [Turn]

    package struct Turn: Sendable {
        package var action: Action
        /// When it is, from here on; nil when no time has passed.
        package var time: Moment?
        package var expectations: [Expectation]
        package var span: SourceSpan
    }

    package enum Action: Equatable, Sendable {
        /// Nothing yet: the opening is looked at.
        case open
        case say(String)
        /// Pick a choice by its identifier or its label; of the turn that offered it last, or of a stated one.
        case choose(String, of: Int?)
        /// Drop the line and come back.
        case reconnect
        /// Somebody at the desk takes the conversation over and says something; empty when nothing.
        case person(String, says: String)
        /// The desk gives it back.
        case handBack(says: String)
    }

    package struct Expectation: Equatable, Sendable {
        package var kind: Kind
        package var span: SourceSpan

        package init(_ kind: Kind, _ span: SourceSpan) {
            self.kind = kind
            self.span = span
        }
    }

    package enum Kind: Equatable, Sendable {
        /// The replies hold one of these texts.
        case says([String])
        case saysNot(String)
        /// One of the replies is exactly this text, with its choices listed or without.
        case bot(String)
        /// The sources name this fact.
        case cites(String)
        case intent(String)
        /// Topmost last, as `flow:step`.
        case stack([String])
        /// The slot has this value; any value when nil.
        case slot(String, String?)
        case noSlot(String)
        /// The slot is empty or has another value.
        case slotIsNot(String, String)
        /// The replies hold something of this form, a regular expression.
        case matches(String)
        case matchesNot(String)
        /// One of these flows is started.
        case oneStarted([String])
        /// A response, pattern or question of this name is said.
        case utters(String)
        case uttersNot(String)
        case flowStarted(String)
        case flowCompleted(String)
        case flowCancelled(String)
        /// A clarification offers this flow.
        case offers(String)
        /// The person at the desk who has the conversation now; nil when the assistant has it.
        case owner(String?)
    }
}

/// What can be seen of a turn, in process or over the wire.
package struct Observation: Equatable, Sendable {
    package var turn: Int
    package var replies: [Reply]
    package var intent: String?
    package var slots: [(name: String, value: String, text: String)]
    package var stack: [String]
    /// Names of the responses said.
    package var said: [String]
    package var started: [String]
    package var completed: [String]
    package var cancelled: [String]
    package var facts: [String]
    /// The person at the desk who has the conversation.
    package var owner: String?

    package init(
        turn: Int, replies: [Reply], intent: String? = nil,
        slots: [(name: String, value: String, text: String)] = [], stack: [String] = [], said: [String] = [],
        started: [String] = [], completed: [String] = [], cancelled: [String] = [], facts: [String] = [],
        owner: String? = nil
    ) {
        self.turn = turn
        self.replies = replies
        self.intent = intent
        self.slots = slots
        self.stack = stack
        self.said = said
        self.started = started
        self.completed = completed
        self.cancelled = cancelled
        self.facts = facts
        self.owner = owner
    }

    package static func == (left: Observation, right: Observation) -> Bool {
        left.turn == right.turn && left.replies == right.replies && left.stack == right.stack
            && left.said == right.said
            && left.slots.elementsEqual(right.slots) { $0 == $1 }
    }

    /// All that is said, as plain text.
    package var text: String { replies.map(\.text).joined(separator: "\n") }

    package var choices: [Choice] {
        replies.flatMap { reply -> [Choice] in
            if case .choices(let choices) = reply.kind { choices } else { [] }
        }
    }
}
