import Conversation

/// Slots: filling, correcting with what hangs on them, and the ladder of attempts.
extension EngineRun {
    /// Sets slots. With `correcting`, a slot that had another value counts as corrected: what depends on it is dropped
    /// and the flow goes back to where it matters.
    mutating func fill(_ assignments: [Command.Assignment], correcting: Bool) {
        if correcting { acknowledge(assignments) }
        if assignments.contains(where: { $0.value.origin == .supposed }) { keepFacts() }
        let known = tracker.slots
        var changed: [Command.Assignment] = []
        for assignment in assignments {
            let old = known[assignment.slot]
            closeQuestion(about: assignment.slot)
            // Saying the same again is no correction, but it makes the value the latest of its kind.
            emit(.slotSet(name: assignment.slot, value: assignment.value))
            guard let old, old.value != assignment.value.value else { continue }
            changed.append(assignment)
        }
        let dropped = dropDependents(of: changed.map(\.slot), except: assignments.map(\.slot))
        guard correcting, !changed.isEmpty else {
            if correcting { reviveLastFlow(for: assignments.map(\.slot), known: known) }
            return
        }
        // What the person never said, nobody misses.
        announce(changed, dropped: dropped.filter { known[$0]?.origin != .derived })
        rewind(to: changed.map(\.slot) + dropped, known: known)
    }

    /// The response that says why a value cannot be: by itself, or beside what is known and what is said with it.
    private func objection(
        to assignment: Command.Assignment, among assignments: [Command.Assignment]
    ) -> String? {
        guard let slot = program.slot(assignment.slot) else { return nil }
        if let objection = slot.objection(to: assignment.value) { return objection }
        guard let refusals = program.refusals[slot.name] else { return nil }
        var slots = tracker.slots
        for other in assignments { slots[other.slot] = other.value }
        return refusals.first { $0.condition.holds(in: slots, world: world) }?.response
    }

    /// Leaves out values that cannot be and says why. Whether the open question was for one of them, and has been put
    /// again or given up.
    mutating func withoutImpossible(_ assignments: [Command.Assignment]) -> ([Command.Assignment], Bool) {
        var sound: [Command.Assignment] = []
        var isAskedAgain = false
        for assignment in assignments {
            if let objection = objection(to: assignment, among: assignments) {
                say(.say(response: objection, arguments: []))
            } else if program.isSplit(assignment.value, of: assignment.slot) {
                say(pattern: "between", [.init("value", assignment.value.text)])
            } else {
                sound.append(assignment)
                continue
            }
            if case .slot(assignment.slot, _)? = tracker.state.question?.kind {
                isAskedAgain = true
                cannotHandle()
            } else if tracker.frame == nil {
                mustAskAgain = tracker.state.question != nil
            }
        }
        return (sound, isAskedAgain)
    }

    /// What was said beside an open question is confirmed: that it is known already, or that it is kept. A correction is told
    /// by itself.
    private mutating func acknowledge(_ assignments: [Command.Assignment]) {
        guard tracker.frame != nil, case .slot(let asked, _)? = tracker.state.question?.kind else { return }
        let inherited = program.slot(asked)?.inherits ?? []
        guard assignments.allSatisfy({ $0.slot != asked && !inherited.contains($0.slot) }) else { return }
        if isKnown(assignments) { return sayUnchanged(assignments) }
        let new = assignments.filter { tracker.slots[$0.slot] == nil }
        guard new.count == assignments.count, !tellsSomething,
            !effects.contains(where: { $0.isSaying("first_then") })
        else { return }
        say(pattern: "noted", [.init("value", words(of: new))])
        for response in toldAlready(hangingOn: new.map(\.slot)) {
            say(.say(response: response, arguments: []))
        }
    }

    /// “花了三万” to a question that it does not answer begins the sum, which asks the same: the figure is said to be kept.
    mutating func noteFigures(_ assignments: [Command.Assignment]) {
        let figures = assignments.filter { program.slot($0.slot)?.isFigure ?? false }
        guard tracker.state.stack.count > 1, figures.count == assignments.count, !figures.isEmpty else {
            return
        }
        say(pattern: "noted", [.init("value", words(of: figures))])
    }

    /// Whether something was told in this turn, which is as good as a nod.
    private var tellsSomething: Bool { effects.contains(where: \.isAnswer) }

    /// What the task under way has told already and would tell otherwise with a value of these: “住院的” behind the shares gives
    /// those of a stay.
    private func toldAlready(hangingOn slots: [String]) -> [String] {
        guard let frame = tracker.frame, let flow = program.flow(frame.flow) else { return [] }
        return flow.steps.compactMap { step in
            guard case .say(let response, _) = step.action, frame.said.contains(step.id),
                let reach = program.outlook.reaches[response],
                reach.parts.contains(where: { slots.contains(where: $0.consulted.contains) })
            else { return nil }
            return response
        }
    }

    /// Whether all of them are what the slots hold.
    func isKnown(_ assignments: [Command.Assignment]) -> Bool {
        !assignments.isEmpty && assignments.allSatisfy { tracker.slots[$0.slot]?.value == $0.value.value }
    }

    mutating func sayUnchanged(_ assignments: [Command.Assignment]) {
        guard let first = assignments.first, let label = program.slot(first.slot)?.label else { return }
        say(pattern: "unchanged", [.init("slot", label), .init("value", shown(first))])
    }

    /// A value as people read it: a number with the words that it was said in (半年, not 6).
    func shown(_ assignment: Command.Assignment) -> String {
        let isNumber = program.slot(assignment.slot)?.kind == .number
        return isNumber && !assignment.value.raw.isEmpty ? assignment.value.raw : assignment.value.text
    }

    /// Values as they were said, for a word may mean several things yet; a place as it is called in full.
    func words(of assignments: [Command.Assignment]) -> String {
        let words = assignments.map { assignment in
            program.slot(assignment.slot)?.kind == .place ? assignment.value.text : assignment.value.raw
        }
        return words.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            .joined(separator: SlotValue.separator)
    }

    private mutating func closeQuestion(about slot: String) {
        switch tracker.state.question?.kind {
        case .slot(slot, _), .followUp, .flow, .pick: emit(.questionClosed)
        case .slot, nil: break
        }
    }

    private mutating func dropDependents(of changed: [String], except given: [String]) -> [String] {
        var dropped: [String] = []
        var reasons = changed
        while let reason = reasons.popLast() {
            for definition in program.slots(dependingOn: reason) {
                guard let value = tracker.slots[definition.name], !given.contains(definition.name),
                    definition.hangs(value, on: reason)
                else { continue }
                emit(.slotCleared(name: definition.name))
                dropped.append(definition.name)
                reasons.append(definition.name)
            }
        }
        return dropped
    }

    private mutating func announce(_ changed: [Command.Assignment], dropped: [String]) {
        for assignment in changed {
            guard let definition = program.slot(assignment.slot) else { continue }
            say(
                pattern: "corrected",
                [.init("slot", definition.label), .init("value", shown(assignment))])
        }
        let labels = dropped.compactMap { program.slot($0)?.label }
        if !labels.isEmpty { say(pattern: "dropped", [.init("slots", labels.joined(separator: "、"))]) }
    }

    /// Takes the flow under way, or the one that was completed last, back to the first step that a slot decides. `known` is
    /// what was filled before.
    private mutating func rewind(to slots: [String], known: Slots) {
        let isCompleted = tracker.frame == nil
        if isCompleted {
            guard let last = tracker.state.lastFlow, let flow = program.flow(last),
                slots.contains(where: flow.uses)
            else { return }
            emit(.flowStarted(flow: last))
        }
        guard let frame = tracker.frame, let flow = program.flow(frame.flow) else { return }
        let positions = slots.compactMap(flow.collectPosition)
        // Of what is never asked, the first way that was chosen by it (急诊进去的, while it is asked who paid).
        let turning =
            isCompleted
            ? nil : flow.steps.firstIndex { $0.condition?.mentions(NameSet(slots), sums: []) ?? false }
        guard let first = positions.min() ?? turning else { return }
        let now = frame.step.isEmpty ? flow.steps.count : flow.position(of: frame.step) ?? 0
        guard first <= now else { return }
        if tracker.state.question != nil { emit(.questionClosed) }
        let unsaid = flow.steps[first...].map(\.id).filter(frame.said.contains)
        emit(.flowRewound(step: flow.steps[first].id, unsaying: unsaid))
        if isCompleted { leaveOut(before: first, in: flow, known: known) }
    }

    /// “那退休的呢” after a task is done: a value that the task had not heard yet runs it again. What it was not told otherwise,
    /// it does not ask once more.
    private mutating func reviveLastFlow(for slots: [String], known: Slots) {
        guard tracker.frame == nil, let last = tracker.state.lastFlow, let flow = program.flow(last),
            slots.contains(where: flow.uses)
        else { return }
        emit(.flowStarted(flow: last))
        leaveOut(in: flow, known: known)
    }

    /// The task that was done last, with all that was said for it.
    mutating func runLastAgain() {
        guard let last = tracker.state.lastFlow, program.flow(last) != nil else { return cannotHandle() }
        if tracker.state.question != nil { emit(.questionClosed) }
        emit(.flowStarted(flow: last))
        runFlows()
    }

    mutating func askWhich(_ slot: String, _ candidates: [String]) {
        if tracker.frame == nil, tracker.state.question != nil { emit(.questionClosed) }
        if let frame = tracker.frame, let flow = program.flow(frame.flow),
            let position = flow.collectPosition(of: slot)
        {
            emit(.flowMoved(step: flow.steps[position].id))
        }
        emit(.questionAsked(Question(.slot(slot, candidates: candidates))))
        say(.askWhich(slot: slot, candidates: candidates))
        mustAskAgain = false
    }

    mutating func skip() {
        guard case .slot(let name, _)? = tracker.state.question?.kind, let definition = program.slot(name)
        else {
            return cannotHandle()
        }
        guard let unknown = definition.unknown else {
            say(pattern: "needed", [.init("slot", definition.label)])
            mustAskAgain = true
            return
        }
        resolve(definition, by: unknown)
    }

    /// What is not known of another slot than the one asked for is not asked, and the open question is put again.
    mutating func leaveOut(_ name: String) {
        guard let definition = program.slot(name), let frame = tracker.frame,
            let flow = program.flow(frame.flow), let position = flow.collectPosition(of: name)
        else { return cannotHandle() }
        if case .take(let value)? = definition.unknown {
            let taken = SlotValue(value: value, text: value, raw: "", origin: .derived, turn: tracker.turn)
            emit(.slotSet(name: name, value: taken))
            say(pattern: "assumed", [.init("slot", definition.label), .init("value", value)])
        } else {
            emit(.stepSaid(step: flow.steps[position].id))
            say(pattern: "left_out", [.init("slot", definition.label)])
        }
        mustAskAgain = true
    }

    /// Nothing in the utterance fits: the next rung of the open question's ladder, or of misunderstandings.
    mutating func cannotHandle() {
        if case .slot(let name, let candidates)? = tracker.state.question?.kind,
            let definition = program.slot(name)
        {
            emit(.attemptFailed)
            let failures = tracker.state.question?.failures ?? 0
            if failures >= definition.asks.count { return resolve(definition, by: definition.exhaustion) }
            if !candidates.isEmpty { return say(asking(name, among: candidates)) }
            return say(.ask(slot: name, attempt: failures))
        }
        if case .pick? = tracker.state.question?.kind { return repickOrGoOn() }
        let count = tracker.misunderstandings + 1
        emit(.misunderstood(count: count))
        if count >= 3 {
            say(pattern: "handoff")
            return
        }
        say(pattern: count == 1 ? "cannot_handle" : "cannot_handle_again")
        // Behind an answer what it offered is nearer than all there is.
        if count == 1, let question = tracker.state.question, case .followUp(let names) = question.kind,
            names != program.menu
        {
            return put(question)
        }
        say(.offerFlows(program.menu, response: "pattern.menu"))
        emit(.questionAsked(Question(.followUp(program.menu))))
    }

    private mutating func resolve(_ definition: SlotDefinition, by way: SlotDefinition.Exhaustion) {
        emit(.questionClosed)
        switch way {
        case .take(let value):
            let text = definition.kind == .place ? world.placeName(value) : value
            let taken = SlotValue(value: value, text: text, raw: "", origin: .derived, turn: tracker.turn)
            emit(.slotSet(name: definition.name, value: taken))
            say(pattern: "assumed", [.init("slot", definition.label), .init("value", text)])
            runFlows()
        case .skip:
            guard let frame = tracker.frame, let flow = program.flow(frame.flow),
                let position = flow.collectPosition(of: definition.name)
            else { return }
            say(pattern: "skipped", [.init("slot", definition.label)])
            // What was put is done with, like words that were said.
            emit(.stepSaid(step: flow.steps[position].id))
            runFlows()
        case .park: park()
        case .person:
            park()
            say(pattern: "handoff")
        }
    }

    private mutating func park() {
        guard let frame = tracker.frame, let flow = program.flow(frame.flow) else { return }
        emit(.flowEnded(flow: flow.name, outcome: .parked))
        forgetOthersInTurn(of: flow)
        say(pattern: "parked", [.init("flow", flow.title)])
        if comeBack(after: nil) || beginNext() { runFlows() }
    }
}

extension Flow {
    func uses(_ slot: String) -> Bool { slots.contains(slot) }
}
