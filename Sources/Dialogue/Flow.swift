package import Conversation

/// A named sequence of steps that carries out one business, compiled to a flat list. Immutable.
package final class Flow: Sendable {
    package let name: String
    /// What the person reads (异地就医备案).
    package let title: String
    /// Intents that start it.
    package let intents: [String]
    package let steps: [Step]
    /// Flows offered when it is completed.
    package let followUps: [String]
    /// Whether an interrupted flow goes on after this one.
    package let returns: Bool
    /// Whether, started right after it was completed or after a task that offers it, it keeps what was said.
    package let keeps: Bool
    /// Whether words that want something no more (不想让他用了) ask for it, instead of giving up what they name.
    package let hearsRefusal: Bool
    /// What it comes to not to want it any more, where it is not under way; nil where there is nothing to say of that.
    package let refusal: Refusal?
    /// Flows in whose place it is begun, when the task under way, or the one done last, is itself or offers it.
    package let standsInFor: [String]
    /// What must hold for that.
    package let standsInIf: Condition?
    /// Whether its first question says how many may follow.
    package let countsQuestions: Bool
    /// The response that says what giving it up comes to.
    package let onCancel: String?
    /// Responses, by the key of a value, that take the place of what the value tells by itself (`Option.told`).
    package let told: [String: String]

    package init(
        name: String, title: String, intents: [String], steps: [Step], optional: [String] = [],
        followUps: [String] = [], returns: Bool = true, keeps: Bool = false, hearsRefusal: Bool = false,
        refusal: Refusal? = nil, countsQuestions: Bool = false, standsInFor: [String] = [],
        standsInIf: Condition? = nil,
        onCancel: String? = nil, told: [String: String] = [:]
    ) {
        self.name = name
        self.title = title
        self.intents = intents
        self.steps = steps
        self.followUps = followUps
        self.returns = returns
        choice = Choice(id: "flow=\(name)", label: title)
        self.keeps = keeps
        self.hearsRefusal = hearsRefusal
        self.refusal = refusal
        self.countsQuestions = countsQuestions
        self.standsInFor = standsInFor
        self.standsInIf = standsInIf
        self.onCancel = onCancel
        self.told = told
        positions = Dictionary(
            steps.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        sayers = steps.reduce(into: [:]) { sayers, step in
            if case .say(let response, _) = step.action { sayers[response, default: []].append(step.id) }
        }
        let collected = steps.compactMap { if case .collect(let slot, _) = $0.action { slot } else { nil } }
        slots = collected + optional.filter { !collected.contains($0) }
    }

    /// Picking it from a list.
    package let choice: Choice
    private let positions: [String: Int]
    /// Steps by the response that they say.
    private let sayers: [String: [String]]
    /// Slots that it collects, in the order of its steps, then those that it takes when they are volunteered.
    package let slots: [String]

    /// Index of the step of that name; nil when the flow has no such step (any more).
    package func position(of step: String) -> Int? { positions[step] }

    /// Whether the step of that name is a question.
    func asksAt(_ step: String) -> Bool {
        guard let position = positions[step], case .collect = steps[position].action else { return false }
        return true
    }

    /// Names of the steps that say a response.
    func stepsSaying(_ response: String) -> [String] { sayers[response] ?? [] }

    /// Index of the step that collects a slot.
    package func collectPosition(of slot: String) -> Int? {
        steps.firstIndex { if case .collect(let name, _) = $0.action { name == slot } else { false } }
    }
}

/// One thing that a flow does.
package struct Step: Equatable, Sendable {
    /// Name within the flow; stable over edits of other steps.
    package var id: String
    package var action: Action
    /// For a question: whether it keeps its place among those beside it (`order: fixed`).
    package var isFixed: Bool

    package enum Action: Equatable, Sendable {
        /// Have a slot filled, unless the condition says that it is not needed.
        case collect(slot: String, condition: Condition?)
        case say(response: String, condition: Condition?)
        case set(slot: String, value: String)
        /// Go on with the next step when the condition holds, else at `otherwise`.
        case branch(Condition, otherwise: Int)
        case jump(Int)
        /// Leave this flow for another.
        case link(flow: String)
        case handOff
        case end
    }

    /// What its condition compares with a number.
    var comparisons: [Condition.Bound] {
        switch action {
        case .collect(_, let condition), .say(_, let condition): condition?.comparisons ?? []
        case .branch(let condition, _): condition.comparisons
        case .set, .jump, .link, .handOff, .end: []
        }
    }

    package init(id: String, action: Action, isFixed: Bool = false) {
        self.id = id
        self.action = action
        self.isFixed = isFixed
    }
}
