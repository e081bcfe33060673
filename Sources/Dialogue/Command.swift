package import Conversation

/// What the person wants of the dialogue, as a policy understood it.
package enum Command: Equatable, Sendable {
    case start(flow: String)
    /// Fill slots; one that is filled already is corrected.
    case fill([Assignment])
    /// A place name fits several divisions: ask which.
    case disambiguate(slot: String, candidates: [String])
    case cancel
    case back
    case repeatLast
    case why
    case restart
    case resume
    case handOff
    /// Leave the open question out.
    case skip
    /// Answer the person with the pattern of that name and come back to the open question.
    case chat(pattern: String)
    /// Answer from the knowledge base and come back to the open question.
    case lookUp(question: String)
    /// Ask which of several flows is meant.
    case clarify([String])
    case declineFollowUp
    /// Nothing fits; the ladder of the open question, or of misunderstandings, goes one step on.
    case cannotHandle

    package struct Assignment: Equatable, Sendable {
        package var slot: String
        package var value: SlotValue

        package init(slot: String, value: SlotValue) {
            self.slot = slot
            self.value = value
        }
    }

    /// A name for traces.
    package var label: String {
        switch self {
        case .start(let flow): "start(\(flow))"
        case .fill(let assignments):
            "fill(\(assignments.map { "\($0.slot)=\($0.value.value)" }.joined(separator: ",")))"
        case .disambiguate(let slot, let candidates):
            "disambiguate(\(slot):\(candidates.joined(separator: ",")))"
        case .cancel: "cancel"
        case .back: "back"
        case .repeatLast: "repeat"
        case .why: "why"
        case .restart: "restart"
        case .resume: "resume"
        case .handOff: "hand_off"
        case .skip: "skip"
        case .chat(let pattern): "chat(\(pattern))"
        case .lookUp: "look_up"
        case .clarify(let flows): "clarify(\(flows.joined(separator: ",")))"
        case .declineFollowUp: "decline"
        case .cannotHandle: "cannot_handle"
        }
    }

    /// Whether the person may want to take it back later.
    var changesState: Bool {
        switch self {
        case .start, .fill, .cancel, .restart, .skip: true
        case .disambiguate, .back, .repeatLast, .why, .resume, .handOff, .chat, .lookUp, .clarify,
            .declineFollowUp, .cannotHandle:
            false
        }
    }
}
