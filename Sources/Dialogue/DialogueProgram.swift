package import Conversation

/// Everything an author wrote about the dialogue, checked and compiled. Immutable; a reload makes a new one.
package final class DialogueProgram: Sendable {
    package let slots: [SlotDefinition]
    package let flows: [Flow]
    /// Flows offered at the beginning and when the assistant is at a loss.
    package let menu: [String]
    let words: DialogueWords
    var people: [PersonWords] { words.people }
    /// The slot that names the person whom a task is for.
    let personSlot: String?
    /// The type of entity that names people; nil without such a slot.
    let personEntity: String?
    /// Interruptions after which a task is still come back to by itself.
    let returnLimit: Int
    /// Hours without a word after which a person does not have a conversation any more.
    let personHours: Int
    /// Hours without a word after which somebody comes back rather than goes on.
    let pauseHours: Int
    /// Values that slots do not take, by the slot.
    let refusals: [String: [SlotDefinition.Refusal]]
    /// Values that what is known rules out, by the slot.
    let exclusions: [String: [SlotDefinition.Exclusion]]
    /// What intents that end in a canned reply need to be heard, by the intent.
    let bars: [String: IntentBar]
    /// What has to be known to see ahead.
    let outlook: Outlook
    let mentioned: [String: Set<String>]
    let concerns: [String: [String]]
    /// The numbers with which flows and responses compare slots.
    private let bounds: [Condition.Bound]

    /// Types of the entities that fill any slot.
    let entityTypes: Set<String>
    private let takers: ValueTakers
    /// By the slot that they hang on.
    private let dependents: [String: [SlotDefinition]]
    private let slotsByEntity: [String: [SlotDefinition]]
    /// In order.
    let slotNames: [String]
    private let slotsByName: [String: Int]
    private let flowsByName: [String: Int]
    private let flowsByIntent: [String: String]

    package init(
        slots: [SlotDefinition], flows: [Flow], menu: [String], words: DialogueWords = .init(),
        outlook: Outlook = .init(), returnLimit: Int = 2, personHours: Int = 12,
        pauseHours: Int = 8, refusals: [String: [SlotDefinition.Refusal]] = [:],
        exclusions: [String: [SlotDefinition.Exclusion]] = [:], bars: [String: IntentBar] = [:]
    ) {
        self.slots = slots
        self.flows = flows
        self.menu = menu
        self.words = words
        self.outlook = outlook
        self.returnLimit = returnLimit
        self.personHours = personHours
        self.pauseHours = pauseHours
        self.refusals = refusals
        self.exclusions = exclusions
        self.bars = bars
        mentioned = Self.mentioned(in: flows, outlook)
        concerns = Self.concerns(in: mentioned, slots)
        bounds = outlook.bounds + flows.flatMap { $0.steps.flatMap(\.comparisons) }
        let person = slots.first(where: \.namesPerson)
        personSlot = person?.name
        personEntity = person?.entity
        entityTypes = Set(slots.map(\.entity))
        slotNames = slots.map(\.name).sorted()
        slotsByName = Dictionary(
            slots.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        flowsByName = Dictionary(
            flows.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        let intents = flows.flatMap { flow in flow.intents.map { ($0, flow.name) } }
        flowsByIntent = Dictionary(intents, uniquingKeysWith: { first, _ in first })
        let dependencies = slots.flatMap { slot in slot.dependsOn.map { (on: $0, slot: slot) } }
        dependents = Dictionary(grouping: dependencies, by: \.on).mapValues { $0.map(\.slot) }
        slotsByEntity = Dictionary(grouping: slots, by: \.entity)
        let slotsByName = slotsByName
        takers = ValueTakers(flows) { slotsByName[$0].map { slots[$0] } }
    }

    /// Whether what holds is another at one end of a value than at the other.
    func isSplit(_ value: SlotValue, of slot: String) -> Bool {
        bounds.contains { $0.slot == slot && $0.splits(value) }
    }

    package func slot(_ name: String) -> SlotDefinition? { slotsByName[name].map { slots[$0] } }
    package func flow(_ name: String) -> Flow? { flowsByName[name].map { flows[$0] } }
    /// Slots that hang on one, in the order of their declaration.
    func slots(dependingOn name: String) -> [SlotDefinition] { dependents[name] ?? [] }
    /// Slots that a kind of entity fills, in the order of their declaration.
    func slots(filledBy entity: String) -> [SlotDefinition] { slotsByEntity[entity] ?? [] }

    /// Whether a value is a mere yes or no of a slot (有, 没有), in no more words.
    func isMereYesOrNo(_ entity: Entity) -> Bool {
        slots(filledBy: entity.type).allSatisfy { slot in
            slot.option(entity.value).map { $0.meansYes != nil && $0.value == entity.text } ?? false
        }
    }

    /// Whether nothing hangs on what a question of a flow brings: no condition behind it, no words and no flow that it leads to.
    /// It is never asked, then.
    package func isQuestionIdle(_ position: Int, in flow: Flow) -> Bool {
        guard case .collect(let name, _) = flow.steps[position].action, slot(name)?.kind != .place else {
            return false
        }
        return !hangs(flow.steps[(position + 1)...], on: name)
    }

    /// Whether some steps are other ones, say something else or lead elsewhere with another value of a slot.
    func hangs(_ steps: ArraySlice<Step>, on name: String) -> Bool {
        steps.contains { step in
            if step.condition?.mentions([name], sums: outlook.sumSlots) ?? false { return true }
            switch step.action {
            case .say(let response, _):
                return outlook.reaches[response].map { $0.slots.contains(name) } ?? true
            case .link(let other): return mentions(in: other).contains(name)
            case .collect(let other, _): return slot(other)?.inherits.contains(name) ?? false
            case .set, .branch, .jump, .handOff, .end: return false
            }
        }
    }

    func flowIndex(_ name: String) -> Int? { flowsByName[name] }
    func flowIndex(startedBy intent: String) -> Int? { flowsByIntent[intent].flatMap { flowsByName[$0] } }

    /// Flows, by index, that take a value.
    func takers(of value: TaskEvidence.Value) -> [Int] { takers.takers(of: value) }

    /// Whether an entity answers what is asked of a place that somebody goes to.
    func hangsOnDestination(_ entity: Entity) -> Bool {
        slots(filledBy: entity.type).contains { slot in
            slot.dependsOn.contains { self.slot($0)?.role == "destination" }
        }
    }

    /// Whether a slot takes a value that nobody asked for.
    func takes(_ slot: String, _ value: TaskEvidence.Value) -> Bool {
        self.slot(slot).map { takers.takes($0, value) } ?? false
    }

    /// Whether a flow has a slot for one of the things that a span of the text may mean.
    func takes(_ flow: Flow, _ values: [TaskEvidence.Value]) -> Bool {
        values.contains { value in flow.slots.contains { takes($0, value) } }
    }

    /// Index of the first of the questions side by side that a step belongs to; the step's own when it is none of several.
    func beginning(of position: Int, in flow: Flow) -> Int {
        var first = position
        while first > 0, first < flow.steps.count, canMove(flow.steps[first]), canMove(flow.steps[first - 1])
        {
            first -= 1
        }
        return first
    }

    /// Whether it is a question that may be put before or after those beside it. What is asked of a place comes where it is
    /// written: everything is looked up for one.
    func canMove(_ step: Step) -> Bool {
        guard case .collect(let name, _) = step.action, !step.isFixed else { return false }
        return slot(name).map { $0.kind != .place } ?? false
    }

    /// Whether a question that is kept in its place might come at another without that.
    package func isPinNeeded(_ position: Int, in flow: Flow) -> Bool {
        guard case .collect(let name, _) = flow.steps[position].action, let slot = slot(name),
            slot.kind != .place
        else { return false }
        if position > 0, canMove(flow.steps[position - 1]), !slot.options.isEmpty { return true }
        return flow.steps[(position + 1)...].prefix(while: canMove).contains { step in
            guard case .collect(let name, _) = step.action else { return false }
            return !(self.slot(name)?.options.isEmpty ?? true)
        }
    }

    func flow(named name: String?) -> Flow? { name.flatMap { flow($0) } }

    /// The flow that an intent starts.
    package func flow(startedBy intent: String) -> Flow? { flowsByIntent[intent].flatMap { flow($0) } }

    /// What an effect lets the person pick.
    package func choices(of effect: Effect, given slots: Slots, world: some DialogueWorld) -> [Choice] {
        switch effect {
        case .ask(let slot, _): slotChoices(slot, given: slots, world: world)
        case .askWhich(let slot, let candidates):
            candidates.map { Choice(id: "\(slot)=\($0)", label: world.placeLabel($0)) }
        case .offerFlows(let names, _):
            names.compactMap { name in
                if let flow = flow(name) { return flow.choice }
                return world.readingLabel(name).map { Choice(id: "read=\(name)", label: $0) }
            }
        case .pick(_, _, let choices): choices
        case .say, .explain, .lookUp, .suppose:
            []
        }
    }

    /// What may be picked in answer to a question.
    package func choices(
        answering question: Question, given slots: Slots, world: some DialogueWorld
    ) -> [Choice] {
        switch question.kind {
        case .slot(let slot, let candidates) where candidates.isEmpty:
            slotChoices(slot, given: slots, world: world)
        case .slot(let slot, let candidates): choices(of: slot, among: candidates, world: world)
        case .pick(_, _, let choices): choices
        case .flow(let flows), .followUp(let flows):
            choices(of: .offerFlows(flows, response: ""), given: slots, world: world)
        }
    }

    /// Some of the values of a slot: places of one name, or the options that are left.
    func choices(of slot: String, among candidates: [String], world: some DialogueWorld) -> [Choice] {
        guard let definition = self.slot(slot), !definition.options.isEmpty else {
            return choices(
                of: .askWhich(slot: slot, candidates: candidates), given: .init(), world: world)
        }
        return zip(definition.options, definition.choices).filter { candidates.contains($0.0.value) }.map(\.1)
    }

    /// Patterns that no conversation comes to with these dialogs, unless something in the program itself is wrong.
    package var unreachablePatterns: Set<String> {
        Self.unreachablePatterns(slots: slots, flows: flows).union(["internal_error"])
    }

    /// Patterns that need something of the slots: a question that cannot be left out, one that is left out, one that sets its
    /// task aside, a figure that may be a range.
    package static func unreachablePatterns(slots: [SlotDefinition], flows: [Flow]) -> Set<String> {
        let asked = slots.filter { slot in flows.contains { $0.collectPosition(of: slot.name) != nil } }
        var patterns: Set<String> = []
        if asked.allSatisfy({ $0.unknown != nil }) { patterns.insert("needed") }
        if !slots.contains(where: \.takesRange) { patterns.insert("between") }
        let ways = asked.flatMap { [$0.exhaustion, $0.unknown].compactMap { $0 } }
        if !ways.contains(.skip) { patterns.insert("skipped") }
        if !ways.contains(.park), !ways.contains(.person) { patterns.insert("parked") }
        return patterns
    }

    /// Looks whether an utterance asks for nothing but what some words name, of a thing that it does not name (要啥材料):
    /// the function is given those words, others that may stand beside them, and whether people may (能让我儿子替我办吗).
    package func detailTest(
        of result: NLUResult
    ) -> (_ words: Phrases, _ others: Phrases, _ namesPeople: Bool) -> Bool {
        let anatomy = Anatomy(result, self)
        let people = result.entities.filter { $0.type == personEntity && !$0.isNegated }.map(\.range)
        return { words, others, namesPeople in
            anatomy.isAbout(words, beside: [others, self.words[.question]], namesPeople ? people : [])
        }
    }

    /// The values of a choice that what is known does not rule out; all of them where it rules out everything.
    func options(of slot: SlotDefinition, given slots: Slots, world: some DialogueWorld)
        -> [SlotDefinition.Option]
    {
        guard let exclusions = exclusions[slot.name] else { return slot.options }
        let left = slot.options.filter { option in
            !exclusions.contains { $0.value == option.value && $0.condition.holds(in: slots, world: world) }
        }
        return left.isEmpty ? slot.options : left
    }

    private func slotChoices(_ name: String, given slots: Slots, world: some DialogueWorld) -> [Choice] {
        guard let slot = slot(name) else { return [] }
        // Mostly nothing is ruled out, and what is offered is shared by all conversations.
        if exclusions[name] == nil { return slot.choices }
        let left = options(of: slot, given: slots, world: world)
        return zip(slot.options, slot.choices).filter { left.contains($0.0) }.map(\.1)
    }
}
