import Conversation

/// Several things at once: the list of what is still to be done, and what people say to it.
extension Policy {
    /// What a sentence for each of several tasks comes to; nil when fewer than two are asked for.
    func requests(
        _ parts: [NLUResult], of whole: Reading, _ tracker: Tracker, _ world: some DialogueWorld
    ) -> [Command]? {
        guard parts.count > 1 else { return nil }
        // Several sentences may be one story; each request of a list asks, or takes up something else in so many words.
        let takesUp = parts.dropFirst().contains { part in
            let scalars = Array(part.text.unicodeScalars)
            return program.words[.connection].length(at: 0, in: scalars) != nil
                || program.words[.addition].length(at: 0, in: scalars) != nil
                || program.isJoined(part.text, among: parts.map(\.text))
        }
        let items = parts.map { item($0, takesUp: takesUp, tracker, world) }
        let asked = items.compactMap { $0 }.reduce(into: [TodoItem]()) { list, item in
            if !list.contains(where: { $0.flow == item.flow }) { list.append(item) }
        }
        // What the whole of it asks for, and none of its parts, is one thing (能否以个人账户余额，为配偶缴纳居民医保).
        if !takesUp, whole.isTaskLikely, let flow = whole.intent.flatMap(program.flow(startedBy:)),
            !asked.contains(where: { $0.flow == flow.name })
        {
            return nil
        }
        if asked.count > 1 { return [.list(asked)] }
        // An answer and then something else (济南的，另外共济怎么绑).
        guard let other = asked.first, tracker.frame != nil, other.flow != tracker.frame?.flow,
            items[0] == nil
        else { return nil }
        let reading = Reading(parts[0], tracker: tracker, program: program, world: world)
        return plainAnswer(reading).map { $0 + [.list([other])] }
    }

    /// “没有，我现在要备案”: yes or no to the open question, and then a task of its own. The answer is taken, and the task begins.
    func answerAndTask(_ parts: [NLUResult], _ tracker: Tracker, _ world: some DialogueWorld) -> [Command]? {
        guard parts.count == 2, program.asksYesOrNo(tracker.state.question) else { return nil }
        let head = Reading(parts[0], tracker: tracker, program: program, world: world)
        let request = Reading(parts[1], tracker: tracker, program: program, world: world)
        guard head.intent == "affirm" || head.intent == "deny" || head.isPlainAnswer, request.isNewRequest,
            request.isTaskLikely, let flow = request.intent.flatMap(program.flow(startedBy:)),
            let answer = plainAnswer(head) ?? answerCommands(head)
        else { return nil }
        return answer + [.start(flow: flow.name)] + fillCommands(request.meaning(flow))
    }

    /// What is said to the next of the list, where it is asked whether to go on with it: going on, and what of it is said for
    /// that task (接着办，在济南). A value that the task would have to ask for goes on with it, too.
    func nextCommands(_ reading: Reading) -> [Command]? {
        guard case .pick(_, _, let choices)? = reading.tracker.state.question?.kind, let next = choices.first,
            next.id == Choice.next, let item = reading.tracker.state.todo.first(where: { !$0.isAside }),
            let flow = program.flow(item.flow), !program.words[.retraction].occur(in: reading.anatomy.scalars)
        else { return nil }
        let meant = reading.meaning(flow, as: program.tracker(reading.tracker, for: item))
        guard !meant.assignments.isEmpty || meant.ambiguous != nil else { return nil }
        let goesOn =
            reading.text.hasPrefix(next.label) || reading.intent == "resume" || reading.intent == "affirm"
        // What was said for it already (海口 of a stay in 海口) fills nothing else; it only means that task.
        let isSaidAgain = meant.assignments.allSatisfy { assignment in
            item.values.contains { $0.value.value == assignment.value.value }
        }
        if isSaidAgain, meant.anatomy.isFragment, !reading.asksSomething { return [.takeFirst(0)] }
        let isWanted = meant.assignments.allSatisfy { assignment in
            flow.collectPosition(of: assignment.slot) != nil
                && !item.values.contains { $0.slot == assignment.slot }
        }
        guard goesOn || isWanted && meant.anatomy.isFragment && !reading.asksSomething else { return nil }
        return [.takeFirst(0)] + fillCommands(meant)
    }

    /// The task that a part asks for beyond doubt, with what it says of it.
    private func item(
        _ part: NLUResult, takesUp: Bool, _ tracker: Tracker, _ world: some DialogueWorld
    ) -> TodoItem? {
        guard let intent = part.intent, let flow = program.flow(startedBy: intent) else { return nil }
        // What takes up something else in so many words is some task, if not beyond doubt which.
        let tasks = part.ranking.filter { program.flow(startedBy: $0.intent) != nil }
        let isSomeTask = takesUp && tasks.reduce(0) { $0 + $1.score } >= Policy.certain
        guard part.score >= Policy.sure || isSomeTask else { return nil }
        var idle = tracker
        idle.state.question = nil
        idle.state.stack = []
        let reading = Reading(part, tracker: idle, program: program, world: world)
        // “要去北京看病备案” is all values, and yet it names the task.
        guard reading.anatomy.rest > 0 || reading.isTaskOfItsOwn, takesUp || reading.asksSomething else {
            return nil
        }
        return TodoItem(
            flow: flow.name, values: reading.assignments.map { .init(slot: $0.slot, value: $0.value) },
            who: who(reading, flow))
    }

    /// “另外还要绑共济” while something is open: it waits its turn. A question is answered at once, and a value with hardly a word
    /// beside it (对了我在济南交) is said of the task under way.
    func addition(_ reading: Reading, _ flow: Flow) -> [Command]? {
        let anatomy = reading.anatomy
        guard reading.askedSlot != nil, !reading.asksSomething, let start = anatomy.firstWord,
            let length = program.words[.connection].length(at: start, in: anatomy.scalars)
                ?? program.words[.addition].length(at: start, in: anatomy.scalars)
        else { return nil }
        if anatomy.rest(from: start + length) <= 1,
            let frame = program.flow(named: reading.tracker.frame?.flow)
        {
            let present = fillCommands(reading.meaning(frame))
            if !present.isEmpty { return present }
        }
        let values = reading.assignments.map { TodoItem.Value(slot: $0.slot, value: $0.value) }
        return [.list([TodoItem(flow: flow.name, values: values, who: who(reading, flow))])]
    }

    /// “我妈在济南，也要备案”: the task under way is wanted for somebody else, too, and waits for its turn.
    func sameForAnother(_ reading: Reading) -> [Command]? {
        let scalars = reading.anatomy.scalars
        guard let flow = program.flow(named: reading.tracker.frame?.flow), !reading.takesPerson(flow),
            program.words[.addition].occur(in: scalars) || program.words[.connection].occur(in: scalars)
        else { return nil }
        let reading = reading.meaning(flow)
        let isTask = reading.isTaskLikely && reading.intent.flatMap(program.flow(startedBy:)) === flow
        guard let subject = reading.subject(for: flow), subject.name != reading.tracker.state.person,
            isTask || reading.assignments.contains(where: { program.slot($0.slot)?.isOfOnePerson ?? false })
        else { return nil }
        let values = reading.assignments.map { TodoItem.Value(slot: $0.slot, value: $0.value) }
        return [.list([TodoItem(flow: flow.name, values: values, who: who(reading, flow))])]
    }

    /// For whom a task is wanted, in the person's words; nil when nobody is named.
    func who(_ reading: Reading, _ flow: Flow) -> String? {
        reading.subject(for: flow).map { $0.name ?? program.words.answers(.oneself).yes }
    }

    /// What is said to the list: show it, do this first, leave that out.
    func listCommands(_ reading: Reading) -> [Command]? {
        let todo = reading.tracker.state.todo
        guard !todo.isEmpty else { return nil }
        let scalars = reading.anatomy.scalars
        if program.words[.list].occur(in: scalars) { return [.showList] }
        // “先不办备案了” puts it off the list, not first.
        let leavesOut =
            program.words[.drop].occur(in: scalars)
            || reading.answers.isEmpty && !reading.asksSomething && refusedClause(reading)?.isWhole ?? false
        guard leavesOut || program.words[.first].occur(in: scalars),
            let index = index(reading, [reading.tracker.frame?.flow].compactMap { $0 } + todo.map(\.flow))
        else { return nil }
        return [leavesOut ? .dropFromList(index) : .takeFirst(index)]
    }

    /// Which of the tasks is meant, by its number or by what the utterance sounds like.
    private func index(_ reading: Reading, _ flows: [String]) -> Int? {
        if let number = ListPick.ordinal(in: reading.anatomy.scalars), flows.indices.contains(number - 1) {
            return number - 1
        }
        // Who asks for a task that is not on the list (算了，手工报销要啥材料) says nothing to the list.
        if reading.isTaskLikely, let flow = reading.intent.flatMap(program.flow(startedBy:)),
            !flows.contains(flow.name)
        {
            return nil
        }
        for candidate in reading.result.ranking {
            if let flow = program.flow(startedBy: candidate.intent)?.name,
                let index = flows.firstIndex(of: flow)
            {
                return index
            }
        }
        return nil
    }

    /// “要是断了仨月呢” has words of its own, but asks for no other task, and all that it says was said otherwise.
    private func supposesOtherwise(_ reading: Reading, _ flow: Flow) -> Bool {
        let task = reading.intent.flatMap(program.flow(startedBy:))?.name ?? flow.name
        return task == flow.name && !reading.assignments.isEmpty
            && reading.assignments.allSatisfy { assignment in
                reading.tracker.slots[assignment.slot].map { $0.value != assignment.value.value } ?? false
            }
    }

    /// Whether, besides values, there is only what their slots are called (断了仨月).
    private func isNamed(_ reading: Reading) -> Bool {
        reading.assignments.contains {
            program.slot($0.slot).map { reading.anatomy.isExplained(with: $0.names) } ?? false
        }
    }

    /// “要是在上海呢”: what would be different, while everything stays as it is.
    func supposition(_ reading: Reading) -> [Command]? {
        guard program.words[.supposition].occur(in: reading.anatomy.scalars),
            let flow = program.flow(named: reading.tracker.frame?.flow ?? reading.tracker.state.lastFlow),
            reading.anatomy.isFragment || isNamed(reading) || supposesOtherwise(reading, flow)
        else { return nil }
        var assignments = reading.assignments
        if let (entity, slots) = reading.undecided,
            let slot = slots.first(where: { $0.role == "destination" }) ?? slots.first,
            let value = reading.value(of: entity, for: slot)
        {
            assignments.append(.init(slot: slot.name, value: value))
        }
        // Supposing what is so already means another slot of the kind (聊城的…… 要是回聊城看呢).
        assignments = assignments.map { assignment in
            guard reading.tracker.slots[assignment.slot]?.value == assignment.value.value,
                let slot = program.slot(assignment.slot),
                let other = flow.slots.compactMap(program.slot).first(where: {
                    $0.entity == slot.entity && $0.role == "destination"
                        && reading.tracker.slots[$0.name]?.value != assignment.value.value
                })
            else { return assignment }
            return .init(slot: other.name, value: assignment.value)
        }
        let used = assignments.filter { flow.uses($0.slot) }
        // What the task does not turn on may be told of by itself (要是错过了呢).
        return used.isEmpty ? valueTold(reading) : [.suppose(used)]
    }
}
