package import Conversation
import Language

/// The state of one conversation, folded from its events.
package struct Tracker: Equatable, Sendable {
    /// What a step back restores.
    package struct State: Equatable, Sendable {
        package var slots = Slots()
        /// Flows under way, the topmost last.
        package var stack: [Frame] = []
        package var question: Question?
        /// Tasks that wait for their turn.
        package var todo: [TodoItem] = []
        /// The flow that was completed last; a later correction runs it again.
        package var lastFlow: String?
        /// Whom the talk is about, in the words of who writes; nil for themselves. What the slots hold of a person is theirs.
        package var person: String?
        /// What is known of the others of whom was spoken, whoever was spoken of last at the end. Of the person whom the talk is
        /// about it holds what they are to who writes; their values are in the slots.
        package var people: [PersonFacts] = []
        /// What the person said when the task began.
        package var topic = ""
        /// The turn in which that was.
        package var topicTurn = 0
        /// The turn in which a task came to its end last.
        package var idleTurn = 0
    }

    /// A state set aside; shared by all copies of a tracker, for every turn copies it.
    package final class Checkpoint: Equatable, Sendable {
        package let state: State

        init(_ state: State) { self.state = state }

        package static func == (left: Checkpoint, right: Checkpoint) -> Bool {
            left === right || left.state == right.state
        }
    }

    /// Choices that a turn offered.
    package struct Offer: Equatable, Sendable {
        package var turn: Int
        package var choices: [Choice]
    }

    /// Steps that can be taken back; more than anybody takes in a conversation.
    package static let checkpointLimit = 100
    /// Scalars from which on an utterance that starts a task anew says what it is about.
    static let topicLength = 9
    /// People of whom something is known; more than a family that anybody speaks of.
    static let peopleLimit = 16
    /// Turns whose choices may still be picked.
    package static let offerLimit = 24

    /// When the latest turn was; a turn that is the same for others but for its time is moved by it.
    package var lastTime = Moment(seconds: 0)
    private var shared: Shared

    /// What copies of a tracker share until one of them is changed: a turn is handed from room to room, and there are some
    /// thirty parts whose uses would be counted each time.
    ///
    /// `@unchecked Sendable` holds because nobody changes it while there is a second reference to it; for the same reason
    /// nobody looks at it while it is changed.
    private final class Shared: @unchecked Sendable {
        @exclusivity(unchecked) var content: Content

        init(_ content: Content) { self.content = content }
    }

    /// All that a tracker knows but the time.
    struct Content: Equatable, Sendable {
        var turn = 0
        var state = State()
        var checkpoints: [Checkpoint] = []
        var undone: [Checkpoint] = []
        var offers: [Offer] = []
        var lastSpoken: [Effect] = []
        var misunderstandings = 0
        var owner: String?
        /// What was typed in the turn under way.
        var text = ""
    }

    package init() { self.init(Content(), at: Moment(seconds: 0)) }

    init(_ content: Content, at time: Moment) {
        shared = Shared(content)
        lastTime = time
    }

    package init(folding events: some Sequence<Event>) {
        self.init()
        for event in events { apply(event) }
    }

    package static func == (left: Tracker, right: Tracker) -> Bool {
        left.lastTime == right.lastTime
            && (left.shared === right.shared || left.shared.content == right.shared.content)
    }

    package var turn: Int { shared.content.turn }
    package internal(set) var state: State {
        _read { yield shared.content.state }
        _modify {
            detach()
            yield &shared.content.state
        }
    }
    /// States that can be gone back to, the latest last.
    package var checkpoints: [Checkpoint] { _read { yield shared.content.checkpoints } }
    /// States that were gone back from, the latest last.
    package var undone: [Checkpoint] { _read { yield shared.content.undone } }
    package var offers: [Offer] { _read { yield shared.content.offers } }
    /// What was said in the last turn that said something new.
    package var lastSpoken: [Effect] { _read { yield shared.content.lastSpoken } }
    /// Utterances in a row that could not be handled.
    package var misunderstandings: Int { shared.content.misunderstandings }
    /// The person who has the conversation; nil while the assistant has it.
    package var owner: String? { shared.content.owner }
    package var isHandedOff: Bool { owner != nil }
    var text: String { shared.content.text }

    package var slots: Slots { state.slots }
    package var frame: Frame? { state.stack.last }
    /// What is known of somebody besides the slots; nil when they were never spoken of.
    func known(_ person: String?) -> PersonFacts? { state.people.last { $0.name == person } }

    /// The place that was said last, of the slots that say where somebody is insured.
    package var latestPlace: String? { slots.latestPlace }

    /// The choice that a turn offered; nil when it never did, or too long ago.
    package func offeredChoice(turn: Int, id: String) -> Choice? {
        offers.last { $0.turn == turn }?.choices.first { $0.id == id }
    }

    package mutating func apply(_ event: Event) {
        if case .turnStarted(_, _, let time) = event { lastTime = time }
        detach()
        shared.content.apply(event)
    }

    /// Before it is changed.
    private mutating func detach() {
        if !isKnownUniquelyReferenced(&shared) { shared = Shared(shared.content) }
    }
}

extension Tracker.Content {
    fileprivate mutating func apply(_ event: Event) {
        switch event {
        case .turnStarted(let number, let input, _):
            turn = number
            if case .text(let typed) = input { text = typed } else { text = "" }
            takeUpTopic()
        case .checkpointTaken:
            checkpoints.append(Tracker.Checkpoint(state))
            if checkpoints.count > Tracker.checkpointLimit { checkpoints.removeFirst() }
            if !undone.isEmpty { undone = [] }
        case .checkpointRestored:
            if let last = checkpoints.popLast() {
                undone.append(Tracker.Checkpoint(state))
                state = last.state
            }
        case .checkpointRedone:
            if let last = undone.popLast() {
                checkpoints.append(Tracker.Checkpoint(state))
                state = last.state
            }
        case .personChanged(let person, let values):
            if !state.stack.isEmpty {
                state.stack[state.stack.count - 1].kept =
                    values.isEmpty ? nil : Frame.Kept(person: state.person, values: values)
            }
            state.person = person
        case .personKnown(let facts):
            state.people.removeAll { $0.name == facts.name }
            state.people.append(facts)
            if state.people.count > Tracker.peopleLimit { state.people.removeFirst() }
        case .todoChanged(let items): state.todo = items
        case .slotSet(let name, let value): state.slots[name] = value
        case .slotCleared(let name): state.slots[name] = nil
        case .flowStarted(let flow):
            if !state.stack.isEmpty {
                state.stack[state.stack.count - 1].interruptions += 1
                state.stack[state.stack.count - 1].topic = Frame.Topic(
                    text: state.topic, turn: state.topicTurn)
            }
            state.stack.append(Frame(flow: flow))
            // “那退休的呢” runs a task once more; what it is about stays.
            let words = Dressing.removed(from: text) ?? text
            if flow != state.lastFlow || words.unicodeScalars.count >= Tracker.topicLength {
                (state.topic, state.topicTurn) = (words, turn)
            }
        case .flowMoved(let step): moveTopFrame(to: step)
        case .flowRewound(let step, let unsaid):
            moveTopFrame(to: step)
            if !state.stack.isEmpty {
                state.stack[state.stack.count - 1].said.removeAll { unsaid.contains($0) }
            }
        case .stepSaid(let step):
            if !state.stack.isEmpty { state.stack[state.stack.count - 1].said.append(step) }
        case .flowEnded(let flow, let outcome):
            if let index = state.stack.lastIndex(where: { $0.flow == flow }) { state.stack.remove(at: index) }
            if outcome == .completed { state.lastFlow = flow }
            state.idleTurn = turn
        case .questionAsked(let question): state.question = question
        case .attemptFailed: state.question?.failures += 1
        case .questionClosed: state.question = nil
        case .misunderstood(let count): misunderstandings = count
        case .choicesOffered(let choices):
            offers.append(Tracker.Offer(turn: turn, choices: choices))
            if offers.count > Tracker.offerLimit { offers.removeFirst() }
        case .spoke(let effects): lastSpoken = effects
        case .handedOff(let person): owner = person
        case .handedBack: owner = nil
        case .restarted:
            state = Tracker.State()
            checkpoints = []
            undone = []
        case .feedbackGiven: break
        }
    }

    /// A flow that goes on after an interruption is about what it began with.
    private mutating func takeUpTopic() {
        guard let topic = state.stack.last?.topic else { return }
        (state.topic, state.topicTurn) = (topic.text, topic.turn)
        state.stack[state.stack.count - 1].topic = nil
    }

    private mutating func moveTopFrame(to step: String) {
        guard !state.stack.isEmpty else { return }
        state.stack[state.stack.count - 1].step = step
    }
}

/// A flow under way, with its position.
package struct Frame: Equatable, Sendable {
    package var flow: String
    /// The step it stands before; empty before the first.
    package var step = ""
    /// Steps whose words were said and need not be said again.
    package var said: [String] = []
    /// How often another flow came in between.
    package var interruptions = 0
    /// What is known of its person while a task of somebody else's is under way.
    package var kept: Kept?
    /// What it began with, while another flow came in between.
    var topic: Topic?

    package struct Kept: Equatable, Sendable {
        package var person: String?
        package var values: [TodoItem.Value]
    }

    struct Topic: Equatable, Sendable {
        /// What was typed.
        var text: String
        var turn: Int
    }

    package init(flow: String) { self.flow = flow }
}
