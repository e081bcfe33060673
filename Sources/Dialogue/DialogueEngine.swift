package import Conversation

/// Carries out commands: (tracker, utterance) to (events, effects). Pure; the same input gives the same output.
package struct DialogueEngine: Sendable {
    package let program: DialogueProgram
    package let policy: Policy

    package init(program: DialogueProgram) {
        self.program = program
        policy = Policy(program: program)
    }

    /// What a turn came to.
    package struct Outcome: Equatable, Sendable {
        package var commands: [Command]
        package var events: [Event]
        package var effects: [Effect]
        /// The tracker with the events folded in.
        package var tracker: Tracker
    }

    /// The next turn of a conversation.
    ///
    /// `result` is what understanding made of the utterance; nil for an opening or a choice. `parts` is what it made of
    /// the sentences of `DialogueProgram.parts(of:)`. A choice must have been
    /// offered (`Tracker.offeredChoice`). `asksDetail`: the utterance asks nothing but a detail of the task under way, or
    /// of the one that was done last (要啥材料).
    package func advance(
        _ tracker: Tracker, on utterance: Utterance, result: NLUResult?,
        parts: [NLUResult] = [], asksDetail: Bool = false, world: some DialogueWorld
    ) -> Outcome {
        var run = EngineRun(tracker, program: program, world: world)
        let pause = utterance.time.seconds - tracker.lastTime.seconds
        run.isAfterPause = tracker.turn > 0 && pause >= program.pauseHours * 3600
        run.emit(.turnStarted(number: tracker.turn + 1, input: utterance.input, at: utterance.time))
        run.fitToProgram()
        if utterance.input.isOfPerson {
            run.forgetAnswered()
            run.takeBackFromSilentPerson(since: tracker.lastTime, at: utterance.time)
        }
        // What the policy looks at is the conversation as the turn found it.
        let present = run.events.dropFirst().reduce(into: tracker) { $0.apply($1) }
        let commands =
            asksDetail && utterance.input.isOfPerson
            ? [present.frame == nil ? .again : .chat(pattern: "detail_later")]
            : commands(for: utterance, result: result, parts, tracker: present, world: world)
        if commands.contains(where: \.changesState) { run.emit(.checkpointTaken) }
        switch utterance.input {
        case .opening: run.open()
        case .text, .choice: run.execute(commands)
        case .person(let owner, let text): run.handOver(to: owner, saying: text)
        case .handBack(let text): run.handBack(saying: text)
        }
        return run.finish(commands)
    }

    private func commands(
        for utterance: Utterance, result: NLUResult?, _ parts: [NLUResult], tracker: Tracker,
        world: some DialogueWorld
    ) -> [Command] {
        switch utterance.input {
        case .opening, .person, .handBack: return []
        case .text:
            return result.map { policy.commands(for: $0, parts: parts, tracker: tracker, world: world) } ?? [
                .cannotHandle
            ]
        case .choice(let turn, let id):
            if tracker.isHandedOff { return [.leaveToPerson] }
            guard let choice = tracker.offeredChoice(turn: turn, id: id) else { return [.cannotHandle] }
            return policy.commands(forChoice: choice, tracker: tracker, world: world)
        }
    }
}

/// The working state of one turn: the tracker as it changes, what happened and what is to be said.
struct EngineRun<World: DialogueWorld> {
    /// Steps that one turn may take before it is stopped; a flow that loops without a question is a bug of its author.
    static var stepBudget: Int { 200 }
    /// Flows that may lie interrupted under one another.
    static var depthLimit: Int { 5 }

    let program: DialogueProgram
    let world: World
    private(set) var tracker: Tracker
    private(set) var events: [Event] = []
    private(set) var effects: [Effect] = []
    /// Whether the open question still has to be put once more before the turn ends.
    var mustAskAgain = false
    /// Whether the person comes back after long.
    var isAfterPause = false
    /// Whom the utterance names as the one whom it is about; nil when it names nobody.
    var subject: Subject?
    /// Whether the talk turned to somebody else in this turn.
    var turnsToAnother = false
    /// Whether the utterance says where whoever it is about is insured.
    var saysPlace = false

    init(_ tracker: Tracker, program: DialogueProgram, world: World) {
        self.tracker = tracker
        self.program = program
        self.world = world
    }

    mutating func emit(_ event: Event) {
        tracker.apply(event)
        events.append(event)
    }

    mutating func say(_ effect: Effect) { effects.append(effect) }

    /// An answer for somebody of the family says whose it is, where something is known of others as well.
    private mutating func sayWhose() {
        guard let person = tracker.state.person, let first = effects.firstIndex(where: \.isAnswer),
            tracker.state.people.contains(where: { $0.name != person && !$0.values.isEmpty }),
            !effects.contains(where: { effect in
                ["for_another", "noted_of", "same_place"].contains(where: effect.isSaying)
            })
        else { return }
        effects.insert(.say(response: "pattern.answer_for", arguments: [.init("who", person)]), at: first)
    }

    /// In the same words once a turn: two slots may be called alike and be corrected together.
    mutating func say(pattern name: String, _ arguments: [Effect.Argument] = []) {
        let effect = Effect.say(response: "pattern.\(name)", arguments: arguments)
        if !effects.contains(effect) { effects.append(effect) }
    }

    mutating func open() {
        say(pattern: "opening")
        say(.offerFlows(program.menu, response: "pattern.menu"))
        emit(.questionAsked(Question(.followUp(program.menu))))
    }

    mutating func execute(_ commands: [Command]) {
        dropSuppositionsOfInterruption()
        saysPlace = commands.contains { command in
            if case .fill(let assignments) = command {
                assignments.contains { isHome($0.slot) }
            } else {
                false
            }
        }
        for command in commands { execute(command, among: commands) }
        sayWhose()
        if let question = tracker.state.question, mustAskAgain { put(question) }
        if effects.isEmpty, commands != [.leaveToPerson] { resume() }
        if commands.contains(.cannotHandle) { return }
        if tracker.misunderstandings > 0 { emit(.misunderstood(count: 0)) }
    }

    private mutating func execute(_ command: Command, among commands: [Command]) {
        let isLast = command == commands.last
        switch command {
        case .start(let flow):
            start(flow)
            if isLast { runFlows() }
        case .about(let person, let anew):
            subject = Subject(name: person)
            let starts = commands.contains { if case .start = $0 { true } else { false } }
            if !starts { turn(to: person, anew: anew) }
        case .learn(let facts): learn(facts)
        case .noteOfOthers(let facts): noteOfOthers(facts)
        case .takeAs(let flow):
            if let flow = program.flow(flow) { say(pattern: "taken_as", [.init("flow", flow.title)]) }
        case .fill(let assignments):
            let starts = commands.contains { if case .start = $0 { true } else { false } }
            let (sound, isAskedAgain) = withoutImpossible(assignments)
            if !sound.isEmpty { fill(sound, correcting: !starts) }
            if starts { noteFigures(sound) }
            if isLast, !isAskedAgain { goOn() }
        case .confirm(let assignments):
            for assignment in assignments where tracker.slots[assignment.slot]?.origin == .supposed {
                emit(.slotSet(name: assignment.slot, value: assignment.value))
            }
            sayUnchanged(assignments)
            mustAskAgain = tracker.state.question != nil
        case .note(let assignments):
            say(pattern: "noted", [.init("value", words(of: assignments))])
            for assignment in assignments { emit(.slotSet(name: assignment.slot, value: assignment.value)) }
            if isLast { mustAskAgain = tracker.state.question != nil }
        case .disambiguate(let slot, let candidates): askWhich(slot, candidates)
        case .exclude(let slot, let left): askAmong(slot, left)
        case .askWhichSlot(let assignments): askWhichSlot(assignments)
        case .reask(let slots): reask(slots)
        case .forSomeoneElse(let who): answerForSomeoneElse(who)
        case .meant(let who): answerForPersonMeant(who)
        case .sameAgain: sameAgain()
        case .retell(let flow): retell(flow)
        case .again: runLastAgain()
        case .tellInTurn(let slot, let first, let others): tellInTurn(slot, first, others)
        case .list(let items): list(items)
        case .takeFirst(let index): takeFirst(index, runs: isLast)
        case .dropFromList(let index): dropFromList(index)
        case .showList:
            sayList()
            mustAskAgain = tracker.frame != nil
        case .suppose(let assignments): suppose(assignments)
        case .redo: redo()
        case .leaveToPerson: break
        case .takeBack: takeBack()
        case .cancel: cancel()
        case .leave:
            if let frame = tracker.frame {
                if tracker.state.question != nil { emit(.questionClosed) }
                emit(.flowEnded(flow: frame.flow, outcome: .cancelled))
            }
        case .abandon: abandon()
        case .postpone: postpone()
        case .back: goBack()
        case .repeatLast: repeatLast()
        case .why: explain()
        case .showSources: showSources()
        case .tellBriefly: tellBriefly()
        case .explainWords(let slot): explainWords(of: slot)
        case .tell(let response):
            say(.say(response: response, arguments: []))
            // What is filled beside it asks on by itself.
            if isLast { mustAskAgain = tracker.frame != nil }
        case .tellKnown: tellKnown()
        case .askWhatIsWrong: askWhatIsWrong()
        case .countQuestions: countQuestions()
        case .restart: restart()
        case .resume:
            // Whoever comes back after long is told what it was.
            if isAfterPause, tracker.state.question != nil,
                let flow = program.flow(named: tracker.frame?.flow)
            {
                say(pattern: "return", [.init("flow", flow.title)])
            }
            if !takeUpAside(), !takeUpCancelled() { resume() }
        case .handOff:
            say(pattern: "handoff")
            if case .pick(response: "pattern.offer_person", _, _)? = tracker.state.question?.kind {
                emit(.questionClosed)
            }
            mustAskAgain = tracker.frame != nil
        case .skip: skip()
        case .leaveOut(let slot): leaveOut(slot)
        case .chat(let pattern):
            let owner = pattern == "with_person" ? tracker.owner : nil
            say(pattern: pattern, owner.map { [.init("owner", $0)] } ?? [])
            goOn(after: pattern)
            if pattern == "abuse", tracker.frame == nil { offerPerson() }
        case .lookUp(let question):
            say(.lookUp(question: question))
            mustAskAgain = tracker.frame != nil
            if FurtherReading.isReading(question) { readOn(after: question) }
        case .clarify(let flows):
            note(commands)
            clarify(flows)
        case .declineFollowUp:
            if tracker.state.question != nil { emit(.questionClosed) }
            say(pattern: "declined")
            if tracker.frame != nil { runFlows() }
        case .cannotHandle: cannotHandle()
        }
    }

    /// Small talk leaves the open question as it is; it is put again, unless the person takes leave or comes back after long:
    /// then the question is a thing of yesterday, and only named.
    private mutating func goOn(after pattern: String) {
        guard let frame = tracker.frame, !tracker.isHandedOff, !Policy.urgent.contains(pattern),
            ![Policy.despair, Policy.despairNow, "bye"].contains(pattern)
        else { return }
        guard isAfterPause, let flow = program.flow(frame.flow) else { return mustAskAgain = true }
        say(pattern: "unfinished", [.init("flow", flow.title)])
    }

    /// Runs the flows; a question between a few places or options that stayed unanswered is put again.
    private mutating func goOn() {
        if case .slot(_, let candidates)? = tracker.state.question?.kind, !candidates.isEmpty {
            mustAskAgain = true
        } else {
            runFlows()
        }
    }

    /// Puts the open question in words again; its attempts stay as they are.
    mutating func put(_ question: Question) {
        switch question.kind {
        case .slot(let slot, let candidates) where candidates.isEmpty:
            say(.ask(slot: slot, attempt: question.failures))
        case .slot(let slot, let candidates): say(asking(slot, among: candidates))
        case .pick(let response, let arguments, let choices):
            say(.pick(response: response, arguments: arguments, choices: choices))
        case .flow(let flows): say(.offerFlows(flows, response: "pattern.clarify"))
        case .followUp(let flows):
            let response = flows == program.menu ? "pattern.menu" : "pattern.follow_up"
            say(.offerFlows(flows, response: response))
        }
    }

    mutating func finish(_ commands: [Command]) -> DialogueEngine.Outcome {
        // Mostly one effect offers something, and what it offers is shared by all conversations.
        let choices = effects.reduce(into: [Choice]()) { choices, effect in
            let offered = program.choices(of: effect, given: tracker.slots, world: world)
            if choices.isEmpty { choices = offered } else { choices += offered }
        }
        if !choices.isEmpty { emit(.choicesOffered(choices)) }
        if !effects.isEmpty { emit(.spoke(effects)) }
        return .init(commands: commands, events: events, effects: effects, tracker: tracker)
    }
}

extension Utterance.Input {
    /// Whether it comes from the person whose conversation it is, not from the desk.
    fileprivate var isOfPerson: Bool {
        switch self {
        case .opening, .text, .choice: true
        case .person, .handBack: false
        }
    }
}

extension DialogueEngine {
    /// The outcome with other things offered at its end; what there is to read besides shows only when the answer is put
    /// into words. Nothing else changes.
    package func offering(
        _ names: [String], in outcome: Outcome, from tracker: Tracker, world: some DialogueWorld
    ) -> Outcome {
        guard case .followUp? = outcome.tracker.state.question?.kind, !names.isEmpty else { return outcome }
        var outcome = outcome
        outcome.effects = outcome.effects.map { effect in
            guard case .offerFlows(_, let response) = effect, effect == outcome.effects.last else {
                return effect
            }
            return .offerFlows(names, response: response)
        }
        let choices = outcome.effects.flatMap {
            program.choices(of: $0, given: outcome.tracker.slots, world: world)
        }
        outcome.events = outcome.events.map { event in
            switch event {
            case .choicesOffered: .choicesOffered(choices)
            case .spoke: .spoke(outcome.effects)
            case .questionAsked(let question) where question == outcome.tracker.state.question:
                .questionAsked(Question(.followUp(names), failures: question.failures))
            default: event
            }
        }
        outcome.tracker = outcome.events.reduce(into: tracker) { $0.apply($1) }
        return outcome
    }
}
