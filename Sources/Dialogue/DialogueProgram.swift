package import Conversation

/// Everything an author wrote about the dialogue, checked and compiled. Immutable; a reload makes a new one.
package final class DialogueProgram: Sendable {
    package let slots: [SlotDefinition]
    package let flows: [Flow]
    /// Flows offered at the beginning and when the assistant is at a loss.
    package let menu: [String]
    /// Words by which an utterance asks something.
    let questionWords: [[Unicode.Scalar]]

    /// Types of the entities that fill any slot.
    let entityTypes: Set<String>
    private let slotsByName: [String: Int]
    private let flowsByName: [String: Int]
    private let flowsByIntent: [String: String]

    package init(slots: [SlotDefinition], flows: [Flow], menu: [String], questionWords: [String] = []) {
        self.slots = slots
        self.flows = flows
        self.menu = menu
        self.questionWords = questionWords.map { Array($0.unicodeScalars) }
        entityTypes = Set(slots.map(\.entity))
        slotsByName = Dictionary(
            slots.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        flowsByName = Dictionary(
            flows.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        let intents = flows.flatMap { flow in flow.intents.map { ($0, flow.name) } }
        flowsByIntent = Dictionary(intents, uniquingKeysWith: { first, _ in first })
    }

    package func slot(_ name: String) -> SlotDefinition? { slotsByName[name].map { slots[$0] } }
    package func flow(_ name: String) -> Flow? { flowsByName[name].map { flows[$0] } }

    /// The flow that an intent starts.
    package func flow(startedBy intent: String) -> Flow? { flowsByIntent[intent].flatMap { flow($0) } }

    /// What an effect lets the person pick.
    package func choices(of effect: Effect, world: some DialogueWorld) -> [Choice] {
        switch effect {
        case .ask(let slot, _):
            slotChoices(slot)
        case .askWhich(let slot, let candidates):
            candidates.map { Choice(id: "\(slot)=\($0)", label: world.placeLabel($0)) }
        case .offerFlows(let names, _):
            names.compactMap { name in
                if let flow = flow(name) { return Choice(id: "flow=\(name)", label: flow.title) }
                return world.readingLabel(name).map { Choice(id: "read=\(name)", label: $0) }
            }
        case .say, .explain, .lookUp:
            []
        }
    }

    /// What may be picked in answer to a question.
    package func choices(answering question: Question, world: some DialogueWorld) -> [Choice] {
        switch question.kind {
        case .slot(let slot, let candidates) where candidates.isEmpty: slotChoices(slot)
        case .slot(let slot, let candidates):
            choices(of: .askWhich(slot: slot, candidates: candidates), world: world)
        case .flow(let flows), .followUp(let flows):
            choices(of: .offerFlows(flows, response: ""), world: world)
        }
    }

    private func slotChoices(_ name: String) -> [Choice] { slot(name)?.choices ?? [] }
}
