import Conversation

/// Repair: cancel, back, repeat, why, restart, resume, clarify. The words are the authors', in `Dialogs/patterns/`.
extension EngineRun {
    mutating func cancel() {
        guard let frame = tracker.frame, let flow = program.flow(frame.flow) else {
            var pattern = "nothing_to_cancel"
            if case .pick? = tracker.state.question?.kind { pattern = "declined" }
            if tracker.state.question != nil { emit(.questionClosed) }
            say(pattern: pattern)
            return
        }
        giveUp(flow)
        if comeBack(after: nil) { return runFlows() }
        if askForNext() { return }
        say(.offerFlows(program.menu, response: "pattern.menu"))
        emit(.questionAsked(Question(.followUp(program.menu))))
    }

    private mutating func giveUp(_ flow: Flow) {
        if tracker.state.question != nil { emit(.questionClosed) }
        emit(.flowEnded(flow: flow.name, outcome: .cancelled))
        forgetOthersInTurn(of: flow)
        say(pattern: "cancelled", [.init("flow", flow.title)])
        if let consequences = flow.onCancel { say(.say(response: consequences, arguments: [])) }
    }

    /// “算了，手工报销要啥材料”: the task under way is given up, and the next one begins.
    mutating func abandon() {
        if let flow = program.flow(named: tracker.frame?.flow) { giveUp(flow) }
        leaveWaiting()
    }

    /// What lies interrupted, and what is on the list, waits for a word: whoever gives up for something else wants that alone.
    private mutating func leaveWaiting() {
        var items: [TodoItem] = []
        while let frame = tracker.frame {
            if let flow = program.flow(frame.flow) { items.append(waiting(frame, flow, isAside: true)) }
            emit(.flowEnded(flow: frame.flow, outcome: .parked))
        }
        let list = tracker.state.todo.map { item in
            var item = item
            item.isAside = true
            return item
        }
        if !items.isEmpty || list != tracker.state.todo { emit(.todoChanged(list + items)) }
    }

    /// “先不管这个，手工报销要啥材料”: the task under way waits for a word, and the next one begins.
    mutating func postpone() {
        guard let frame = tracker.frame, let flow = program.flow(frame.flow) else { return }
        if tracker.state.question != nil { emit(.questionClosed) }
        putAside(frame, flow)
    }

    /// “还是接着办吧” right behind giving a task up takes that back; false when nothing was given up.
    mutating func takeUpCancelled() -> Bool {
        guard tracker.hasJustGivenUp, tracker.frame == nil, let before = tracker.checkpoints.last?.state,
            let flow = program.flow(named: before.stack.last?.flow)
        else { return false }
        emit(.checkpointRestored)
        say(pattern: "return", [.init("flow", flow.title)])
        if let question = tracker.state.question { put(question) } else { runFlows() }
        return true
    }

    mutating func goBack() {
        guard !tracker.checkpoints.isEmpty else {
            say(pattern: "nothing_before")
            mustAskAgain = tracker.state.question != nil
            return
        }
        let last = tracker.state.lastFlow
        emit(.checkpointRestored)
        say(pattern: "back")
        // “改成居民”, “改回来”: what was answered before that holds again, and is told again.
        if tracker.frame == nil, let last, last == tracker.state.lastFlow { return runLastAgain() }
        mustAskAgain = tracker.state.question != nil
    }

    mutating func repeatLast() {
        guard !tracker.lastSpoken.isEmpty else { return say(pattern: "nothing_before") }
        for effect in tracker.lastSpoken { say(effect) }
    }

    /// Where it is written what was told last; where nothing was, why it is asked what is asked.
    mutating func showSources() {
        guard tracker.lastSpoken.contains(where: \.tells) else { return explain() }
        say(pattern: "sources")
        mustAskAgain = tracker.frame != nil
    }

    /// The gist of what was told last. An open question is put in plainer words.
    mutating func tellBriefly() {
        if case .slot(let slot, _)? = tracker.state.question?.kind {
            explainWords(of: slot)
        } else if tracker.lastSpoken.contains(where: \.tells) {
            say(pattern: "briefly")
        } else {
            repeatLast()
        }
    }

    mutating func explain() {
        switch tracker.state.question?.kind {
        case .slot(let slot, _):
            say(.explain(slot: slot))
            mustAskAgain = true
        case .flow, .followUp, .pick, nil:
            say(pattern: "nothing_asked")
            mustAskAgain = tracker.frame != nil
        }
    }

    /// What the words of a slot's question mean: in the author's words for them, else by the wording that explains the question.
    mutating func explainWords(of name: String) {
        guard let definition = program.slot(name) else { return resume() }
        if let meaning = definition.meaning {
            say(.say(response: meaning, arguments: []))
            mustAskAgain = tracker.frame != nil
        } else if let question = tracker.state.question, case .slot(name, let candidates) = question.kind,
            candidates.isEmpty
        {
            let explaining = min(max(1, question.failures), definition.asks.count - 1)
            say(.ask(slot: name, attempt: explaining))
        } else {
            resume()
        }
    }

    /// From the top: the task under way with its slots forgotten, or the whole conversation when there is none.
    mutating func restart() {
        guard let frame = tracker.frame, let flow = program.flow(frame.flow) else {
            emit(.restarted)
            return open()
        }
        if tracker.state.question != nil { emit(.questionClosed) }
        emit(.flowEnded(flow: flow.name, outcome: .cancelled))
        for name in flow.slots {
            for equal in [name] + (program.slot(name)?.inherits ?? []) where tracker.slots[equal] != nil {
                emit(.slotCleared(name: equal))
            }
        }
        say(pattern: "restarted", [.init("flow", flow.title)])
        emit(.flowStarted(flow: flow.name))
        runFlows()
    }

    mutating func resume() {
        if let question = tracker.state.question { return put(question) }
        if tracker.frame != nil {
            comeBack(after: nil)
            return runFlows()
        }
        if beginNext() { return runFlows() }
        if offerClosest() { return }
        say(.offerFlows(program.menu, response: "pattern.menu"))
        emit(.questionAsked(Question(.followUp(program.menu))))
    }

    /// Asks between the tasks for which values were said that belong to none yet; false when this turn brought none.
    private mutating func offerClosest() -> Bool {
        let volunteered = tracker.slots.entries.filter { $0.value.turn > tracker.state.idleTurn }
        guard volunteered.contains(where: { $0.value.turn == tracker.turn }) else { return false }
        let evidence = TaskEvidence(TaskEvidence.values(in: volunteered, program), intents: [], program)
        clarify(evidence.closest)
        return true
    }

    /// Says which values were taken before it is asked what they are for.
    mutating func note(_ commands: [Command]) {
        for command in commands {
            guard case .learn(let facts) = command, tracker.frame == nil, !facts.values.isEmpty else {
                continue
            }
            noteOfOthers([facts])
            mustAskAgain = false
        }
        // What was told as a correction is not told again.
        let assignments = commands.flatMap { command -> [Command.Assignment] in
            if case .fill(let assignments) = command { assignments } else { [] }
        }.filter { !isAnnounced($0) }
        let values = words(of: assignments)
        guard tracker.frame == nil, !values.isEmpty else { return }
        if let person = tracker.state.person {
            return say(pattern: "noted_of", [.init("who", person), .init("value", values)])
        }
        say(pattern: "noted", [.init("value", values)])
    }

    /// What is known of whom the talk is about, in the words in which it was said.
    mutating func tellKnown() {
        let values = wordsOfSaid { _ in true }
        mustAskAgain = tracker.frame != nil
        guard !values.isEmpty else { return say(pattern: "known_nothing") }
        let who = tracker.state.person.map { Effect.Argument("who", $0) }
        say(pattern: "known", [who, Effect.Argument("value", values)].compactMap { $0 })
    }

    /// Names what was said for the last answer, so that what of it is wrong can be put right.
    mutating func askWhatIsWrong() {
        let flow = program.flow(named: tracker.state.lastFlow)
        let values = wordsOfSaid { flow?.uses($0) ?? false }
        say(pattern: "what_is_wrong", values.isEmpty ? [] : [.init("value", values)])
    }

    /// The values that the person gave, in the order in which they were said.
    private func wordsOfSaid(_ isMeant: (String) -> Bool) -> String {
        let said = tracker.slots.entries.filter { entry in
            program.slot(entry.name) != nil && isMeant(entry.name)
                && [.said, .chosen, .profile].contains(entry.value.origin)
        }.sorted { ($0.value.turn, $0.name) < ($1.value.turn, $1.name) }
        return words(of: said.map { .init(slot: $0.name, value: $0.value) })
    }

    private func isAnnounced(_ assignment: Command.Assignment) -> Bool {
        let label = program.slot(assignment.slot)?.label
        return effects.contains { effect in
            guard case .say("pattern.corrected", let arguments) = effect else { return false }
            return arguments.contains { $0.name == "slot" && $0.text == label }
        }
    }

    mutating func clarify(_ flows: [String]) {
        if tracker.frame != nil {
            // Never leave an open question of a task for a list: the task's question is what is asked.
            mustAskAgain = true
            return
        }
        emit(.questionAsked(Question(.flow(flows))))
        say(.offerFlows(flows, response: "pattern.clarify"))
    }
}

extension Effect {
    /// Whether it says a pattern.
    func isSaying(_ pattern: String) -> Bool {
        if case .say("pattern.\(pattern)", _) = self { true } else { false }
    }

    /// Whether it tells what a flow says.
    package var isAnswer: Bool {
        if case .say(let response, _) = self { !response.hasPrefix("pattern.") } else { false }
    }

    /// Whether it tells what the knowledge base holds.
    package var tells: Bool {
        if case .lookUp = self { true } else { isAnswer }
    }
}

extension Tracker {
    /// Whether a task was given up in the last turn.
    var hasJustGivenUp: Bool {
        lastSpoken.contains { effect in
            if case .say("pattern.cancelled", _) = effect { true } else { false }
        }
    }
}
