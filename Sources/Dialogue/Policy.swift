package import Conversation

/// Turns what was understood into commands, given the state of the conversation.
///
/// The order is fixed: danger first, then what the person wants of the conversation itself (cancel, back, why …), then an
/// answer to the open question, then a task, then values that correct earlier ones, and last a question to the knowledge
/// base. An open question weighs, but it never swallows a command.
package struct Policy: Sendable {
    /// Intents that stop everything else whatever is asked at the moment.
    static let urgent: Set<String> = ["emergency", "fraud_request"]
    /// Intents answered by the pattern of their name.
    static let chats: Set<String> = [
        "greet", "thanks", "bye", "chitchat", "abuse", "emergency", "medical_advice", "fraud_request",
        "privacy",
        "out_of_scope", "help",
    ]
    /// Intents about the conversation itself; none of them is a task.
    static let acts: Set<String> = [
        "affirm", "deny", "correct", "cancel", "repeat", "why", "resume", "back", "restart", "skip",
        "dont_know",
        "human_handoff",
    ]
    /// Acts that an answer never outweighs.
    static let waysOut: Set<String> = ["cancel", "back", "restart", "human_handoff"]
    /// Share of the utterance that its entities must cover to be an answer rather than a new request.
    static let answerCoverage = 0.5
    /// Share above which it is nothing but a value, whatever task it sounds like.
    static let bareCoverage = 0.85
    /// Two tasks whose probabilities are this close are asked apart, unless the first is likelier than `sure`.
    static let closeMargin = 0.12
    static let sure = 0.55

    package let program: DialogueProgram

    package init(program: DialogueProgram) { self.program = program }

    package func commands(for result: NLUResult, tracker: Tracker, world: some DialogueWorld) -> [Command] {
        let reading = Reading(result, tracker: tracker, program: program, world: world)
        guard !reading.isBlank else { return [.chat(pattern: "silence")] }
        if let command = urgentCommand(reading) { return [command] }
        if let commands = pickCommands(reading) { return commands }
        if let command = sessionCommand(reading) { return [command] }
        if let commands = answerCommands(reading) { return commands }
        if let commands = taskCommands(reading) { return commands }
        if reading.isBareValue, let commands = fragmentCommands(reading) { return commands }
        if reading.intent == "out_of_scope", reading.isQuestionLike,
            world.isAskedBySource(reading.text, place: reading.place)
        {
            return [.lookUp(question: reading.text)]
        }
        if let pattern = reading.intent, Policy.chats.contains(pattern) { return [.chat(pattern: pattern)] }
        if let commands = fragmentCommands(reading) { return commands }
        return [lastResort(reading)]
    }

    /// Commands of a choice that was offered. The caller has made sure that it was.
    package func commands(forChoice choice: Choice, tracker: Tracker, world: some DialogueWorld) -> [Command]
    {
        let parts = choice.id.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { return [.cannotHandle] }
        let name = String(parts[0]), value = String(parts[1])
        switch name {
        case "flow": return program.flow(value) == nil ? [.cannotHandle] : [.start(flow: value)]
        case "read": return [.lookUp(question: value)]
        case "act": return [act(value)]
        default:
            guard let definition = program.slot(name) else { return [.cannotHandle] }
            let resolved = definition.option(value)?.value ?? value
            let text = definition.kind == .place ? world.placeName(resolved) : resolved
            let slotValue = SlotValue(
                value: resolved, text: text, raw: choice.label, origin: .chosen, turn: tracker.turn + 1)
            return [.fill([.init(slot: name, value: slotValue)])]
        }
    }

    private func act(_ name: String) -> Command {
        switch name {
        case "cancel": .cancel
        case "back": .back
        case "repeat": .repeatLast
        case "why": .why
        case "restart": .restart
        case "resume": .resume
        case "person": .handOff
        case "skip": .skip
        default: .cannotHandle
        }
    }

    private func urgentCommand(_ reading: Reading) -> Command? {
        guard let intent = reading.intent, Policy.urgent.contains(intent) else { return nil }
        // “急诊” alone, asked for the kind of stay, is an answer and no alarm.
        if reading.coverage >= Policy.answerCoverage, !reading.answers.isEmpty { return nil }
        return .chat(pattern: intent)
    }

    /// A number or a label out of the list that was offered last.
    private func pickCommands(_ reading: Reading) -> [Command]? {
        guard let question = reading.tracker.state.question else { return nil }
        let offered = program.choices(answering: question, world: reading.world)
        guard let choice = ListPick.choice(in: reading.text, among: offered) else { return nil }
        return commands(forChoice: choice, tracker: reading.tracker, world: reading.world)
    }

    private func sessionCommand(_ reading: Reading) -> Command? {
        // “还上班呢” sounds like going on, but it says what was asked. The ways out are never taken for an answer.
        if reading.isAnswer, let intent = reading.intent, !Policy.waysOut.contains(intent) { return nil }
        switch reading.intent {
        case "cancel": return .cancel
        case "back": return .back
        case "repeat": return .repeatLast
        case "why": return reading.tracker.state.question == nil && reading.isTaskLikely ? nil : .why
        case "restart": return .restart
        case "resume": return .resume
        case "human_handoff": return .handOff
        case "skip", "dont_know":
            guard reading.askedSlot != nil, reading.answers.isEmpty else { return nil }
            return .skip
        case "correct": return reading.assignments.isEmpty && reading.ambiguous == nil ? .back : nil
        default: return nil
        }
    }

    private func answerCommands(_ reading: Reading) -> [Command]? {
        switch reading.tracker.state.question?.kind {
        case .slot: return slotAnswer(reading)
        case .flow(let flows), .followUp(let flows):
            if reading.intent == "affirm" {
                guard flows.count == 1 else { return [.clarify(flows)] }
                return FurtherReading.isReading(flows[0])
                    ? [.lookUp(question: flows[0])] : [.start(flow: flows[0])]
            }
            if reading.intent == "deny" { return [.declineFollowUp] }
            return nil
        case nil: return nil
        }
    }

    private func slotAnswer(_ reading: Reading) -> [Command]? {
        guard let slot = reading.askedSlot else { return nil }
        if let ambiguous = reading.ambiguous, ambiguous.slot == slot.name, !reading.isNewRequest {
            return rest(of: reading) + [.disambiguate(slot: slot.name, candidates: ambiguous.candidates)]
        }
        if !reading.answers.isEmpty, !reading.isNewRequest { return [.fill(reading.assignments)] }
        if reading.intent == "affirm" || reading.intent == "deny",
            let option = slot.options.first(where: { $0.meansYes == (reading.intent == "affirm") })
        {
            let value = SlotValue(
                value: option.value, text: option.value, raw: reading.text, origin: .said,
                turn: reading.turn)
            return [.fill([.init(slot: slot.name, value: value)])]
        }
        return nil
    }

    private func rest(of reading: Reading) -> [Command] {
        reading.assignments.isEmpty ? [] : [.fill(reading.assignments)]
    }

    private func taskCommands(_ reading: Reading) -> [Command]? {
        guard let intent = reading.intent, !Policy.chats.contains(intent), !Policy.acts.contains(intent),
            !reading.isBareValue
        else { return nil }
        guard let flow = program.flow(startedBy: intent) else {
            return reading.isTaskLikely ? [.lookUp(question: reading.text)] : nil
        }
        if reading.tracker.frame?.flow == flow.name {
            let commands = fillCommands(reading)
            return commands.isEmpty
                ? (reading.tracker.state.question == nil ? [.start(flow: flow.name)] : [.resume]) : commands
        }
        if reading.tracker.state.question == nil, let pair = reading.closePair { return [.clarify(pair)] }
        return [.start(flow: flow.name)] + fillCommands(reading)
    }

    private func fillCommands(_ reading: Reading) -> [Command] {
        var commands = rest(of: reading)
        if let ambiguous = reading.ambiguous {
            commands.append(.disambiguate(slot: ambiguous.slot, candidates: ambiguous.candidates))
        }
        return commands
    }

    /// “济南的呢”, “那退休的呢”: values without a task of their own.
    private func fragmentCommands(_ reading: Reading) -> [Command]? {
        let commands = fillCommands(reading)
        guard !commands.isEmpty else { return nil }
        let isUnderWay = reading.tracker.frame != nil || reading.tracker.state.lastFlow != nil
        if isUnderWay { return reading.coverage >= 0.3 || reading.intent == "correct" ? commands : nil }
        return reading.coverage >= Policy.answerCoverage ? commands + [.clarify(program.menu)] : nil
    }

    private func lastResort(_ reading: Reading) -> Command {
        if reading.isQuestionLike, reading.world.canAnswer(reading.text, place: reading.place) {
            return .lookUp(question: reading.text)
        }
        return .cannotHandle
    }
}
