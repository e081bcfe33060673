import Conversation

/// Questions about values: which of several, meant for what, right or not.
extension EngineRun {
    /// The question for one of some values of a slot: places of one name, or the options that are left.
    func asking(_ slot: String, among values: [String]) -> Effect {
        guard let definition = program.slot(slot), !definition.options.isEmpty else {
            return .askWhich(slot: slot, candidates: values)
        }
        return .pick(
            response: "pattern.among", arguments: [.init("slot", definition.label)],
            choices: program.choices(of: slot, among: values, world: world))
    }

    /// Asks for a choice of which some options were ruled out.
    mutating func askAmong(_ slot: String, _ left: [String]) {
        let known = tracker.slots
        if known[slot] != nil { emit(.slotCleared(name: slot)) }
        stand(before: slot, known: known)
        emit(.questionAsked(Question(.slot(slot, candidates: left))))
        say(asking(slot, among: left))
        mustAskAgain = false
    }

    /// Has the flow stand before the step that collects the slot. A flow that was completed begins again. `known` is what was
    /// filled before.
    private mutating func stand(before slot: String, known: Slots) {
        if tracker.state.question != nil { emit(.questionClosed) }
        let isCompleted = tracker.frame == nil
        if isCompleted, let last = program.flow(named: tracker.state.lastFlow), last.uses(slot) {
            emit(.flowStarted(flow: last.name))
        }
        guard let frame = tracker.frame, let flow = program.flow(frame.flow),
            let position = flow.collectPosition(of: slot)
        else { return }
        let unsaid = flow.steps[position...].map(\.id).filter(frame.said.contains)
        emit(.flowRewound(step: flow.steps[position].id, unsaying: unsaid))
        if isCompleted { leaveOut(before: position, in: flow, known: known) }
    }

    mutating func askWhichSlot(_ assignments: [Command.Assignment]) {
        guard let value = assignments.first?.value else { return cannotHandle() }
        let choices = assignments.map { assignment in
            let label = program.slot(assignment.slot)?.label ?? assignment.slot
            return Choice(
                id: "\(assignment.slot)=\(assignment.value.value)", label: "\(label) \(assignment.value.text)"
            )
        }
        pick("pattern.which_slot", [.init("value", value.text)], choices)
    }

    mutating func offerPerson() {
        let answers = program.words.answers(.person)
        pick(
            "pattern.offer_person", [],
            [Choice(id: "act=person", label: answers.yes), Choice(id: "act=decline", label: answers.no)])
    }

    mutating func pick(_ response: String, _ arguments: [Effect.Argument], _ choices: [Choice]) {
        emit(.questionAsked(Question(.pick(response: response, arguments: arguments, choices: choices))))
        say(.pick(response: response, arguments: arguments, choices: choices))
        mustAskAgain = false
    }

    /// An answer that picks nothing: asked once more, then the task goes on without it.
    mutating func repickOrGoOn() {
        emit(.attemptFailed)
        if let question = tracker.state.question, question.failures < 2 { return put(question) }
        emit(.questionClosed)
        if tracker.frame == nil { say(pattern: "cannot_handle_again") }
        resume()
    }

    /// “城市不对”: forgets the slots and asks for them anew.
    mutating func reask(_ slots: [String]) {
        let known = tracker.slots
        for name in slots {
            for equal in [name] + (program.slot(name)?.inherits ?? []) where tracker.slots[equal] != nil {
                emit(.slotCleared(name: equal))
            }
        }
        let flow = program.flow(named: tracker.frame?.flow ?? tracker.state.lastFlow)
        let collected = slots.filter { flow?.collectPosition(of: $0) != nil }
        guard
            let first = collected.min(by: {
                flow?.collectPosition(of: $0) ?? 0 < flow?.collectPosition(of: $1) ?? 0
            })
        else { return resume() }
        stand(before: first, known: known)
        runFlows()
    }

    /// What the last answer says, or the task under way asks for, for somebody else: what is known of the person does not count.
    mutating func answerForSomeoneElse(_ who: String) {
        guard let last = program.flow(named: tracker.frame?.flow ?? tracker.state.lastFlow),
            let first = last.steps.first
        else { return cannotHandle() }
        let person = subject(of: TodoItem(flow: last.name, who: who))?.name
        // What waits for them already has its turn now, and is not told again later.
        let waiting = tracker.state.todo.firstIndex { item in
            item.flow == last.name && subject(of: item).map { $0.name == person } ?? false
        }
        if let waiting {
            // The same is wanted: what was said for it (住院) holds for them as well, where nothing else was.
            var list = tracker.state.todo
            let said = list[waiting].values.map(\.slot)
            list[waiting].values += taskValues(of: last).filter { !said.contains($0.slot) }
            emit(.todoChanged(list))
            return takeFirst(tracker.frame == nil ? waiting : waiting + 1)
        }
        if tracker.state.question != nil { emit(.questionClosed) }
        say(pattern: "for_another", [.init("who", who)])
        turnSameTask(to: person)
        beginAnew(last, at: first)
    }

    /// The same for whom was meant all along: what was said in the lines before was said of them, unless other facts of them are known.
    mutating func answerForPersonMeant(_ who: String) {
        guard let last = program.flow(named: tracker.frame?.flow ?? tracker.state.lastFlow),
            let first = last.steps.first
        else { return cannotHandle() }
        if tracker.state.question != nil { emit(.questionClosed) }
        say(pattern: "for_another", [.init("who", who)])
        rename(to: subject(of: TodoItem(flow: last.name, who: who))?.name)
        beginAnew(last, at: first)
    }

    /// What a task told that was done before, for the same person and with what was said for it, as far as steps back reach.
    mutating func retell(_ name: String) {
        guard let flow = program.flow(name) else { return resume() }
        let slots = flow.slots.compactMap(program.slot).filter { $0.isOfTask }
        func said(_ state: Tracker.State) -> Int { slots.count { state.slots[$0.name] != nil } }
        // Of the steps since, the one at which most of it was not forgotten yet.
        let then = tracker.checkpoints.map(\.state).filter { $0.lastFlow == name }.max {
            said($0) < said($1)
        }
        if let then { subject = Subject(name: then.person) }
        start(name)
        for slot in slots {
            guard tracker.slots[slot.name] == nil, var value = then?.slots[slot.name] else { continue }
            value.turn = tracker.turn
            emit(.slotSet(name: slot.name, value: value))
        }
        runFlows()
    }

    private mutating func beginAnew(_ flow: Flow, at first: Step) {
        if let frame = tracker.frame {
            emit(.flowRewound(step: first.id, unsaying: frame.said))
        } else {
            emit(.flowStarted(flow: flow.name))
        }
        runFlows()
    }

    /// “跟刚才一样”: the value that the slot, or one that is taken for it, had before; without a question, what was said.
    mutating func sameAgain() {
        guard case .slot(let name, _)? = tracker.state.question?.kind, let definition = program.slot(name)
        else {
            return repeatLast()
        }
        let names =
            [name] + program.slots(filledBy: definition.entity).map(\.name).filter { $0 != name }
        let states = [tracker.slots] + tracker.checkpoints.reversed().map(\.state.slots)
        for slots in states {
            guard
                var value = names.compactMap({ slots[$0] }).first(where: { value in
                    definition.options.isEmpty || definition.hasOption(value.value)
                })
            else { continue }
            value.origin = .derived
            value.turn = tracker.turn
            fill([.init(slot: name, value: value)], correcting: true)
            say(pattern: "assumed", [.init("slot", definition.label), .init("value", value.text)])
            return runFlows()
        }
        cannotHandle()
    }
}
