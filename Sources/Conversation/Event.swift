/// What happened in a conversation. The tracker is a fold over events, so a replayed log gives the same tracker.
package enum Event: Equatable, Sendable {
    /// A turn began with what the person did; personal numbers are masked already.
    case turnStarted(number: Int, input: Utterance.Input, at: Moment)
    /// The state before this turn is worth going back to.
    case checkpointTaken
    /// The state of the last checkpoint is in force again.
    case checkpointRestored
    /// What the last step back took away is in force again.
    case checkpointRedone
    /// The talk is about this person now, in the words that the person who writes has for them; nil for the one who writes.
    /// The topmost flow, which is somebody else's, keeps these values until it goes on.
    case personChanged(to: String?, keeping: [TodoItem.Value])
    /// What is known of somebody, while the talk is about somebody else; it takes the place of what was known of them before.
    case personKnown(PersonFacts)
    /// These tasks wait for their turn now.
    case todoChanged([TodoItem])
    case slotSet(name: String, value: SlotValue)
    case slotCleared(name: String)
    case flowStarted(flow: String)
    /// The topmost flow stands before `step` now.
    case flowMoved(step: String)
    /// The topmost flow goes back to `step`; the words of the steps named are to be said anew.
    case flowRewound(step: String, unsaying: [String])
    /// The topmost flow said what its step `step` says.
    case stepSaid(step: String)
    case flowEnded(flow: String, outcome: FlowOutcome)
    /// The assistant waits for an answer to this.
    case questionAsked(Question)
    /// The person's answer did not fit the open question.
    case attemptFailed
    /// Nothing is asked any more.
    case questionClosed
    /// The utterance could not be handled, for the n-th time in a row.
    case misunderstood(count: Int)
    case choicesOffered([Choice])
    /// What the assistant said this turn, in order; said again on request.
    case spoke([Effect])
    /// A person goes on with the conversation: who, as the console calls them. The assistant is mute until it is given back.
    case handedOff(owner: String)
    case handedBack
    /// Everything said so far is put aside; the conversation begins anew.
    case restarted
    /// The person judged the answer of a turn.
    case feedbackGiven(turn: Int, rating: String, comment: String)
}

/// A task that was asked for and waits, with what was said of it.
package struct TodoItem: Equatable, Sendable {
    package var flow: String
    package var values: [Value]
    /// Whether it was interrupted too often: it is taken up again only when the person says so.
    package var isAside: Bool
    /// Whom it is for, in the person's words, where the same task waits for several people (我爸在济南，我妈在青岛).
    package var who: String?

    package struct Value: Equatable, Sendable {
        package var slot: String
        package var value: SlotValue

        package init(slot: String, value: SlotValue) {
            self.slot = slot
            self.value = value
        }
    }

    package init(flow: String, values: [Value] = [], isAside: Bool = false, who: String? = nil) {
        self.flow = flow
        self.isAside = isAside
        self.who = who
        self.values = values
    }
}

/// What is known of one of the people whom a conversation is about.
package struct PersonFacts: Equatable, Sendable {
    /// As the person who writes calls them; nil for the one who writes.
    package var name: String?
    /// What they are to the one who writes (父母); nil where that is not known.
    package var kin: String?
    /// The part that they have only in the task under way and in what it offers (`holder`); nil where the talk may be about them.
    package var part: String?
    /// The task that was under way for them, or done last, when the talk turned to somebody else; what was said for it is theirs, too.
    package var flow: String?
    package var values: [TodoItem.Value]

    package init(
        name: String?, kin: String? = nil, part: String? = nil, flow: String? = nil,
        values: [TodoItem.Value] = []
    ) {
        self.flow = flow
        self.name = name
        self.kin = kin
        self.part = part
        self.values = values
    }
}

/// How a flow came to its end.
package enum FlowOutcome: String, Sendable, Equatable {
    case completed
    case cancelled
    /// Set aside because a question stayed unanswered.
    case parked
}

/// What the assistant waits for.
package struct Question: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// The value of a slot; with candidates when the answer is one of a few (places of the same name).
        case slot(String, candidates: [String])
        /// Which of these flows is meant.
        case flow([String])
        /// Whether the person wants one of these flows next; anything else is welcome too.
        case followUp([String])
        /// One of these choices, introduced by a response: which slot a value is meant for, or whether a value is right.
        case pick(response: String, arguments: [Effect.Argument], choices: [Choice])
    }

    package var kind: Kind
    /// Answers to it that did not fit.
    package var failures: Int

    package init(_ kind: Kind, failures: Int = 0) {
        self.kind = kind
        self.failures = failures
    }
}

/// What the dialogue wants done. The only way out of the core: `Assistant` words it, the shell sends it.
package enum Effect: Hashable, Sendable {
    /// Say the response of that name; arguments fill its placeholders.
    case say(response: String, arguments: [Argument])
    /// Ask for a slot, in the wording of that attempt (from 0).
    case ask(slot: String, attempt: Int)
    /// Ask which of several values of a slot is meant.
    case askWhich(slot: String, candidates: [String])
    /// Offer flows to go on with, introduced by a response.
    case offerFlows([String], response: String)
    /// Ask for one of these choices, introduced by a response.
    case pick(response: String, arguments: [Argument], choices: [Choice])
    /// Tell why a slot is asked.
    case explain(slot: String)
    /// Look the question up in the knowledge base and say what it holds.
    case lookUp(question: String)

    /// Tell what would be different with other values: the responses as they are and as they would be. The text names the
    /// values.
    case suppose(String, values: [Supposed], present: [String], supposed: [String])

    /// A slot as it would be; an empty value is an empty slot.
    package struct Supposed: Hashable, Sendable {
        package var slot: String
        package var value: String
        package var text: String

        package init(slot: String, value: String, text: String) {
            self.slot = slot
            self.value = value
            self.text = text
        }
    }

    /// A named text for a placeholder.
    package struct Argument: Hashable, Sendable {
        package var name: String
        package var text: String

        package init(_ name: String, _ text: String) {
            self.name = name
            self.text = text
        }
    }
}
