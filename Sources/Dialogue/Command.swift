package import Conversation

/// What the person wants of the dialogue, as a policy understood it.
package enum Command: Equatable, Sendable {
    case start(flow: String)
    /// What follows is about this person, as they are called; nil for the one who writes. `anew`: the task under way is asked
    /// for them instead.
    case about(person: String?, anew: Bool = false)
    /// Keep what was said of somebody else than the person whom the task is about.
    case learn(PersonFacts)
    /// Say that it is kept.
    case noteOfOthers([PersonFacts])
    /// Say which task the values are taken to be for.
    case takeAs(flow: String)
    /// Fill slots; one that is filled already is corrected.
    case fill([Assignment])
    /// Say that this is what is known already.
    case confirm([Assignment])
    /// Keep what was said of the person, and say so: nothing asked for it.
    case note([Assignment])
    /// A place name fits several divisions: ask which.
    case disambiguate(slot: String, candidates: [String])
    /// The person says what a choice is not: ask which of the options that are left it is.
    case exclude(slot: String, left: [String])
    /// A value may be meant for several slots: ask for which.
    case askWhichSlot([Assignment])
    /// Forget these slots and ask for them again.
    case reask([String])
    /// Answer what was answered last for somebody else, named as the person calls them.
    case forSomeoneElse(String)
    /// It was this person all along of whom something was said or asked, named as the one who writes calls them.
    case meant(String)
    /// What was said before is meant here, too.
    case sameAgain
    /// Say what a task that was done before said, with what was said for it then.
    case retell(flow: String)
    /// Say what the task that was done last says once more, with the same values.
    case again
    /// Take the first of several values that were said of a slot which takes one, and tell behind the answer what is different with
    /// the others.
    case tellInTurn(slot: String, first: SlotValue, others: [SlotValue])
    /// Do these one after the other.
    case list([TodoItem])
    /// Do that of the list first, counted from 0 with the task under way.
    case takeFirst(Int)
    case dropFromList(Int)
    case showList
    /// Tell what would be different with these values.
    case suppose([Assignment])
    /// Take the last step back back.
    case redo
    /// A person has the conversation; say nothing.
    case leaveToPerson
    /// The assistant goes on instead of the person.
    case takeBack
    case cancel
    /// End the task under way without a word; another takes its place.
    case leave
    /// Give the task under way up, and say so; another takes its place.
    case abandon
    /// Put the task under way aside, and say so; another takes its place.
    case postpone
    case back
    case repeatLast
    case why
    /// Say where it is written what was told last.
    case showSources
    /// Tell the gist of what was told last.
    case tellBriefly
    /// Say what the words of a slot's question mean, and ask on.
    case explainWords(slot: String)
    /// Say what there is to tell of a value, and ask on.
    case tell(response: String)
    /// Say what is kept of what was said.
    case tellKnown
    /// Ask what of what was said for the last answer is wrong.
    case askWhatIsWrong
    /// Say how many questions may still follow.
    case countQuestions
    case restart
    case resume
    case handOff
    /// Leave the open question out.
    case skip
    /// Leave out the question for a slot that is not the one asked for.
    case leaveOut(slot: String)
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
        case .about(let person, _): "about(\(person ?? ""))"
        case .learn(let facts): Self.label("learn", facts)
        case .noteOfOthers(let facts): facts.map { Self.label("note", $0) }.joined(separator: " ")
        case .takeAs(let flow): "take_as(\(flow))"
        case .fill(let assignments):
            "fill(\(assignments.map { "\($0.slot)=\($0.value.value)" }.joined(separator: ",")))"
        case .confirm(let assignments):
            "confirm(\(assignments.map { "\($0.slot)=\($0.value.value)" }.joined(separator: ",")))"
        case .note(let assignments):
            "note(\(assignments.map { "\($0.slot)=\($0.value.value)" }.joined(separator: ",")))"
        case .disambiguate(let slot, let candidates):
            "disambiguate(\(slot):\(candidates.joined(separator: ",")))"
        case .exclude(let slot, let left): "exclude(\(slot):\(left.joined(separator: ",")))"
        case .askWhichSlot(let assignments):
            "which_slot(\(assignments.map { "\($0.slot)=\($0.value.value)" }.joined(separator: ",")))"
        case .reask(let slots): "reask(\(slots.joined(separator: ",")))"
        case .forSomeoneElse(let who): "for_someone_else(\(who))"
        case .meant(let who): "meant(\(who))"
        case .sameAgain: "same_again"
        case .retell(let flow): "retell(\(flow))"
        case .again: "again"
        case .tellInTurn(let slot, let first, let others):
            "in_turn(\(slot)=\(([first] + others).map(\.value).joined(separator: ",")))"
        case .list(let items): "list(\(items.map(\.flow).joined(separator: ",")))"
        case .takeFirst(let index): "take_first(\(index + 1))"
        case .dropFromList(let index): "drop(\(index + 1))"
        case .showList: "show_list"
        case .suppose(let assignments):
            "suppose(\(assignments.map { "\($0.slot)=\($0.value.value)" }.joined(separator: ",")))"
        case .redo: "redo"
        case .leaveToPerson: "leave_to_person"
        case .takeBack: "take_back"
        case .cancel: "cancel"
        case .leave: "leave"
        case .abandon: "abandon"
        case .postpone: "postpone"
        case .back: "back"
        case .repeatLast: "repeat"
        case .why: "why"
        case .showSources: "show_sources"
        case .tellBriefly: "tell_briefly"
        case .explainWords(let slot): "explain_words(\(slot))"
        case .tell(let response): "tell(\(response))"
        case .tellKnown: "tell_known"
        case .askWhatIsWrong: "what_is_wrong"
        case .countQuestions: "count_questions"
        case .restart: "restart"
        case .resume: "resume"
        case .handOff: "hand_off"
        case .skip: "skip"
        case .leaveOut(let slot): "leave_out(\(slot))"
        case .chat(let pattern): "chat(\(pattern))"
        case .lookUp: "look_up"
        case .clarify(let flows): "clarify(\(flows.joined(separator: ",")))"
        case .declineFollowUp: "decline"
        case .cannotHandle: "cannot_handle"
        }
    }

    private static func label(_ name: String, _ facts: PersonFacts) -> String {
        let values = facts.values.map { "\($0.slot)=\($0.value.value)" }.joined(separator: ",")
        return "\(name)(\(facts.name ?? "")\(values.isEmpty ? "" : ": " + values))"
    }

    /// Whether the person may want to take it back later.
    var changesState: Bool {
        switch self {
        case .start, .fill, .note, .cancel, .leave, .abandon, .postpone, .restart, .skip,
            .leaveOut, .reask,
            .forSomeoneElse, .meant, .sameAgain, .retell, .again, .list, .tellInTurn,
            .takeFirst, .dropFromList:
            true
        case .about, .learn, .noteOfOthers, .takeAs, .confirm, .disambiguate, .exclude, .askWhichSlot,
            .showList, .suppose, .redo,
            .leaveToPerson, .takeBack, .back, .repeatLast, .why, .showSources, .tellBriefly, .explainWords,
            .tell, .tellKnown, .askWhatIsWrong, .countQuestions, .resume,
            .handOff, .chat, .lookUp, .clarify, .declineFollowUp, .cannotHandle:
            false
        }
    }
}
