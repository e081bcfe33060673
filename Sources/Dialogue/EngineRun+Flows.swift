import Conversation

/// Flows: starting, walking through their steps, ending and returning.
extension EngineRun {
    mutating func start(_ name: String) {
        guard let flow = program.flow(name) else { return }
        if tracker.state.question != nil { emit(.questionClosed) }
        // A flow that lies interrupted further down comes up again instead of standing on the stack twice.
        if tracker.state.stack.contains(where: { $0.flow == name }) {
            while let top = tracker.frame, top.flow != name {
                emit(.flowEnded(flow: top.flow, outcome: .parked))
            }
            return bringBackPerson()
        }
        settlePerson(for: flow)
        dropSuppositions(for: flow)
        if tracker.state.stack.count >= Self.depthLimit, let oldest = tracker.state.stack.first {
            emit(.flowEnded(flow: oldest.flow, outcome: .parked))
        }
        forgetTaskSlots(of: flow)
        takeImplied()
        let others = othersToldInTurn(for: flow)
        emit(.flowStarted(flow: name))
        if !others.isEmpty { emit(.todoChanged(others + tracker.state.todo)) }
    }

    /// What belongs to an earlier task is not carried into the next one, unless a flow that lies interrupted needs it. What
    /// was said since, while there was none, belongs to this one.
    private mutating func forgetTaskSlots(of flow: Flow) {
        let last = program.flow(named: tracker.state.lastFlow)
        let isOffered = last?.followUps.contains(flow.name) ?? false
        if flow.keeps, last?.name == flow.name { return }
        if flow.keeps, isOffered { return forgetFiguresAnswered(for: flow) }
        // What an answer offers, and is asked right behind it, is about the same case: nothing is asked for it again.
        let isSameCase =
            isOffered && tracker.frame == nil && tracker.state.idleTurn == tracker.turn - 1
        let kept = Set(tracker.state.stack.compactMap { program.flow($0.flow) }.flatMap(\.slots))
        for name in flow.slots {
            guard let slot = program.slot(name), slot.isOfTask, let value = tracker.slots[name],
                !kept.contains(name), value.turn <= tracker.state.idleTurn, !outlivesTask(value, of: slot),
                !(isSameCase && flow.collectPosition(of: name) != nil), !isCountedJustNow(value, slot)
            else { continue }
            emit(.slotCleared(name: name))
        }
    }

    /// “住院报几成” behind a sum asks for the rule: what the sum was taken of is none of a task that takes it, but would not ask for it.
    private mutating func forgetFiguresAnswered(for flow: Flow) {
        for name in flow.slots where flow.collectPosition(of: name) == nil {
            guard let slot = program.slot(name), slot.kind == .amount, slot.isOfTask,
                let value = tracker.slots[name], value.turn <= tracker.state.idleTurn
            else { continue }
            emit(.slotCleared(name: name))
        }
    }

    /// Turns for which what somebody counted (断了七个月) holds for the same task, whatever was asked between.
    private static var countLasts: Int { 3 }

    private func isCountedJustNow(_ value: SlotValue, _ slot: SlotDefinition) -> Bool {
        slot.kind == .number && tracker.frame == nil && tracker.turn - value.turn <= Self.countLasts
    }

    /// What was said for an answer that was given holds for no other.
    mutating func forgetAnswered() {
        guard tracker.frame == nil else { return }
        for entry in tracker.slots.entries where program.slot(entry.name)?.lifetime == .answer {
            emit(.slotCleared(name: entry.name))
        }
    }

    /// Whether a value of one task holds for the next as well: what it lasts with was said, and is still so.
    func outlivesTask(_ value: SlotValue, of slot: SlotDefinition) -> Bool {
        slot.option(value.value)?.lastsWith.map { tracker.slots[$0] != nil } ?? false
    }

    /// Runs the topmost flow until it asks something, and the flows beneath when it ends.
    mutating func runFlows() {
        var budget = Self.stepBudget
        while let frame = tracker.frame {
            guard let flow = program.flow(frame.flow) else {
                // The flow is gone since a change of the dialogs; what was said and filled stays.
                emit(.flowEnded(flow: frame.flow, outcome: .parked))
                continue
            }
            let position = frame.step.isEmpty ? 0 : flow.position(of: frame.step) ?? 0
            switch walk(flow, from: program.beginning(of: position, in: flow), budget: &budget) {
            case .waits: return
            case .linked(let next):
                emit(.flowEnded(flow: flow.name, outcome: .completed))
                carryOthersInTurn(from: flow, to: next)
                start(next)
            case .ended:
                // A correction may leave nothing of a question that was open.
                if case .slot? = tracker.state.question?.kind { emit(.questionClosed) }
                emit(.flowEnded(flow: flow.name, outcome: .completed))
                tellOthersInTurn(of: flow)
                if comeBack(after: flow) || goOnWithList() { continue }
                if tracker.state.question == nil { offerFollowUps(of: flow) }
                return
            case .exhausted:
                emit(.flowEnded(flow: flow.name, outcome: .parked))
                say(pattern: "internal_error")
                return
            }
        }
    }

    private enum Walk { case waits, ended, linked(String), exhausted }

    private mutating func walk(_ flow: Flow, from start: Int, budget: inout Int) -> Walk {
        var position = start
        while position < flow.steps.count {
            budget -= 1
            if budget < 0 { return .exhausted }
            let step = flow.steps[position]
            switch step.action {
            case .collect(let slot, let condition):
                if !isLeftOut(step), needs(slot, condition),
                    !foresight.isIdle(slot, in: flow, at: position, given: tracker.slots)
                {
                    askBest(in: flow, at: position)
                    return .waits
                }
                position += 1
            case .say(let response, let condition):
                if condition?.holds(in: tracker.slots, world: world) ?? true, !isSaid(response, in: flow) {
                    say(.say(response: response, arguments: []))
                    emit(.stepSaid(step: step.id))
                }
                position += 1
            case .set(let slot, let value):
                let derived = SlotValue(
                    value: value, text: value, raw: "", origin: .derived, turn: tracker.turn)
                emit(.slotSet(name: slot, value: derived))
                position += 1
            case .branch(let condition, let otherwise):
                position = condition.holds(in: tracker.slots, world: world) ? position + 1 : otherwise
            case .jump(let target): position = target
            case .link(let next): return .linked(next)
            case .handOff:
                say(pattern: "handoff")
                position += 1
            case .end: return .ended
            }
        }
        return .ended
    }

    /// Whether a slot has still to be asked for. Takes a value over from an equal slot when that was said later.
    private mutating func needs(_ name: String, _ condition: Condition?) -> Bool {
        guard condition?.holds(in: tracker.slots, world: world) ?? true else { return false }
        guard let definition = program.slot(name) else { return false }
        let own = tracker.slots[name]
        let other = inherited(by: definition, isKnown: own != nil)
        if var other, other.turn > own?.turn ?? 0, other.value != own?.value {
            if other.origin != .supposed { other.origin = .derived }
            emit(.slotSet(name: name, value: other))
            return false
        }
        return own == nil
    }

    /// What a slot may take over: of equal slots what was said last; what may be somebody else's only where nothing is known.
    private func inherited(by definition: SlotDefinition, isKnown: Bool) -> SlotValue? {
        func latest(_ names: [String]) -> SlotValue? {
            names.compactMap { tracker.slots[$0] }.max { $0.turn < $1.turn }
        }
        let equal = latest(definition.inherits.filter { !definition.fallsBack.contains($0) })
        return equal ?? (isKnown ? nil : latest(definition.fallsBack))
    }

    /// Asks the question that settles most of those side by side. The flow stands before it; when it is answered, those that
    /// it was put before have their turn.
    private mutating func askBest(in flow: Flow, at position: Int) {
        let first = foresight.firstQuestion(in: flow, at: position, given: tracker.slots)
        guard case .collect(let slot, _) = flow.steps[first].action else { return }
        countOnce(flow, asking: slot, at: first)
        emit(.flowMoved(step: flow.steps[first].id))
        ask(slot)
    }

    private var foresight: Foresight<World> {
        Foresight(program: program, world: world, leftOut: tracker.frame?.said ?? [])
    }

    /// Whether the words were said, by this step or another of the flow.
    private func isSaid(_ response: String, in flow: Flow) -> Bool {
        guard let said = tracker.frame?.said, !said.isEmpty else { return false }
        return flow.stepsSaying(response).contains(where: said.contains)
    }

    /// Whether the step's question was put and stays unanswered.
    private func isLeftOut(_ step: Step) -> Bool { tracker.frame?.said.contains(step.id) ?? false }

    /// Marks the questions before a step and beside it that were left open when the flow was completed, so that they are not
    /// put again; all of them when the flow begins anew. Those that were needless with what was known then, or stood where the
    /// flow did not come, have their turn when it is not so any more.
    mutating func leaveOut(before position: Int? = nil, in flow: Flow, known: Slots) {
        // Of somebody else nothing was asked yet.
        if turnsToAnother { return }
        let first = position.map { program.beginning(of: $0, in: flow) } ?? 0
        for index in questionsLeftOpen(in: flow, known: known)
        where index >= first && index < position ?? flow.steps.count {
            emit(.stepSaid(step: flow.steps[index].id))
        }
    }

    /// The questions on the way of a completed flow that were put and not answered, by the index of their step.
    private func questionsLeftOpen(in flow: Flow, known: Slots) -> [Int] {
        var open: [Int] = []
        var slots = known
        var position = 0
        var budget = Self.stepBudget
        while position < flow.steps.count, budget > 0 {
            budget -= 1
            switch flow.steps[position].action {
            case .collect(let slot, let condition):
                if slots[slot] == nil, condition?.holds(in: slots, world: world) ?? true,
                    !foresight.isIdle(slot, in: flow, at: position, given: slots)
                {
                    open.append(position)
                }
                position += 1
            case .set(let slot, let value):
                slots[slot] = SlotValue(value: value, text: value, raw: "", origin: .derived, turn: 0)
                position += 1
            case .branch(let condition, let otherwise):
                position = condition.holds(in: slots, world: world) ? position + 1 : otherwise
            case .jump(let target): position = target
            case .say, .handOff: position += 1
            case .link, .end: return open
            }
        }
        return open
    }

    /// With the second question of a task: how many may follow. Before the first there is nothing to count on yet.
    private mutating func countOnce(_ flow: Flow, asking slot: String, at position: Int) {
        guard flow.countsQuestions, let frame = tracker.frame, !frame.step.isEmpty,
            !frame.said.contains(Self.countMark)
        else { return }
        sayCount(questionsLeft(in: flow, asking: slot, at: position), least: 2)
        emit(.stepSaid(step: Self.countMark))
    }

    /// Among the steps that were said; no step is called so.
    private static var countMark: String { "*count" }

    /// How many questions may follow the one that a step of the flow asks, whatever is answered, or nothing.
    private func questionsLeft(in flow: Flow, asking slot: String, at position: Int) -> Int {
        let answered = Foresight(
            program: program, world: world,
            leftOut: (tracker.frame?.said ?? []) + [flow.steps[position].id])
        let start = program.beginning(of: position, in: flow)
        return answered.answers(to: slot, in: flow, given: tracker.slots).map { slots in
            answered.mostQuestions(of: flow, from: start, given: slots)
        }.max() ?? 0
    }

    private mutating func sayCount(_ count: Int, least: Int) {
        guard count >= least else { return }
        guard count > 0 else { return say(pattern: "count_none", []) }
        let words = ["一", "两", "三", "四", "五", "六", "七", "八", "九", "十"]
        say(pattern: "count", [.init("count", count <= words.count ? words[count - 1] : "十几")])
    }

    /// “还要问多少”: how many questions the task under way may still ask after the open one.
    mutating func countQuestions() {
        guard let frame = tracker.frame, let flow = program.flow(frame.flow) else { return resume() }
        let position = flow.position(of: frame.step) ?? 0
        if case .collect(let slot, _) = flow.steps[position].action {
            sayCount(questionsLeft(in: flow, asking: slot, at: position), least: 0)
        } else {
            sayCount(foresight.mostQuestions(of: flow, from: position, given: tracker.slots), least: 0)
        }
        if !frame.said.contains(Self.countMark) { emit(.stepSaid(step: Self.countMark)) }
        mustAskAgain = true
    }

    mutating func ask(_ slot: String) {
        emit(.questionAsked(Question(.slot(slot, candidates: []))))
        say(.ask(slot: slot, attempt: 0))
    }

    /// Announces the flow that goes on after an interruption; false when there is none.
    @discardableResult
    mutating func comeBack(after flow: Flow?) -> Bool {
        guard let frame = tracker.frame, let parked = program.flow(frame.flow), flow?.returns ?? true else {
            return false
        }
        if let flow, isAnswered(parked, by: flow) {
            emit(.flowEnded(flow: parked.name, outcome: .cancelled))
            return comeBack(after: flow)
        }
        if flow != nil, waitForOtherPerson() { return false }
        if frame.interruptions > program.returnLimit {
            putAside(frame, parked)
            return comeBack(after: nil)
        }
        bringBackPerson()
        say(pattern: "return", [.init("flow", parked.title)])
        return true
    }

    /// Whether the task that was interrupted has nothing left to tell behind another: each offers the other, and all that the one
    /// asks for was said (the shares of a stay, behind the sum of one).
    private func isAnswered(_ parked: Flow, by flow: Flow) -> Bool {
        guard parked.keeps, flow.keeps, parked.name != flow.name, parked.followUps.contains(flow.name),
            flow.followUps.contains(parked.name)
        else { return false }
        return parked.steps.allSatisfy { step in
            guard case .collect(let slot, _) = step.action else { return true }
            return flow.uses(slot) && tracker.slots[slot] != nil
        }
    }

    /// A task that was interrupted too often, or is left for later, waits until the person wants it again.
    mutating func putAside(_ frame: Frame, _ flow: Flow) {
        let item = waiting(frame, flow, isAside: true)
        emit(.flowEnded(flow: flow.name, outcome: .parked))
        emit(.todoChanged(tracker.state.todo + [item]))
        say(pattern: "put_aside", [.init("flow", flow.title)])
    }

    /// “继续” takes up what was put aside, when nothing else is under way; false when there is nothing.
    mutating func takeUpAside() -> Bool {
        guard tracker.frame == nil, let index = tracker.state.todo.firstIndex(where: \.isAside) else {
            return false
        }
        var todo = tracker.state.todo
        let item = todo.remove(at: index)
        if tracker.state.question != nil { emit(.questionClosed) }
        emit(.todoChanged(todo))
        say(pattern: "return", [.init("flow", program.flow(item.flow)?.title ?? item.flow)])
        begin(item)
        runFlows()
        return true
    }

    private mutating func offerFollowUps(of flow: Flow) {
        // What may turn out to have been told stands last, so that leaving it out renumbers nothing.
        offer(flow.followUps + world.furtherReading(on: tracker.state.topic, place: tracker.latestPlace))
    }

    private mutating func offer(_ names: [String]) {
        guard !names.isEmpty else { return emit(.questionClosed) }
        say(.offerFlows(names, response: "pattern.follow_up"))
        emit(.questionAsked(Question(.followUp(names))))
    }

    /// Offers what comes after a part that was read, beside the tasks that were offered before.
    mutating func readOn(after identifier: String) {
        guard tracker.frame == nil else { return }
        let followUps = tracker.state.lastFlow.flatMap { program.flow($0) }?.followUps ?? []
        offer(followUps + (world.reading(after: identifier).map { [$0] } ?? []))
    }
}
