package import Conversation

/// Answers: choices, picks from a list, and what fits the open question.
extension Policy {
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
        case "again": return program.slot(value) == nil ? [.cannotHandle] : [.reask([value])]
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
        case "next": .takeFirst(0)
        case "decline": .declineFollowUp
        default: .cannotHandle
        }
    }

    /// A number or a label out of the list that was offered last.
    func pickCommands(_ reading: Reading) -> [Command]? {
        guard let question = reading.tracker.state.question else { return nil }
        let offered = program.choices(
            answering: question, given: reading.tracker.slots, world: reading.world)
        guard let choice = ListPick.choice(in: reading.text, among: offered) ?? named(reading, offered) else {
            return numberAndMore(reading, offered)
        }
        return commands(forChoice: choice, tracker: reading.tracker, world: reading.world)
    }

    /// “2 没有”, “2，要带啥”: the number of a choice of the open question, and what is said of other slots behind it.
    private func numberAndMore(_ reading: Reading, _ offered: [Choice]) -> [Command]? {
        guard let asked = reading.askedSlot, !asked.options.isEmpty else { return nil }
        let head = reading.anatomy.scalars.prefix { Self.digits.contains($0) }
        let rest = reading.anatomy.scalars.dropFirst(head.count)
        guard !head.isEmpty, rest.first.map(DialogueProgram.isPause) ?? false,
            rest.contains(where: Anatomy.isWord),
            let choice = ListPick.choice(in: DialogueProgram.text(head), among: offered),
            case .fill(let picked)? = commands(
                forChoice: choice, tracker: reading.tracker, world: reading.world
            ).first
        else { return nil }
        return [.fill(picked + reading.assignments.filter { $0.slot != asked.name })]
    }

    private static let digits = Set("0123456789".unicodeScalars)

    /// The one choice whose slot the utterance names (就医地).
    private func named(_ reading: Reading, _ choices: [Choice]) -> Choice? {
        guard reading.isPicking else { return nil }
        let lengths = choices.map { choice in
            choice.id.split(separator: "=").first.flatMap { program.slot(String($0)) }?
                .names.longest(in: reading.anatomy.scalars) ?? 0
        }
        guard let longest = lengths.max(), longest > 0, lengths.filter({ $0 == longest }).count == 1 else {
            return nil
        }
        return zip(choices, lengths).first { $0.1 == longest }?.0
    }

    /// An answer that can mean nothing else: the open question's own words win over whatever they sound like.
    func plainAnswer(_ reading: Reading) -> [Command]? {
        guard case .slot(_, let candidates)? = reading.tracker.state.question?.kind,
            let slot = reading.askedSlot
        else { return nil }
        if !candidates.isEmpty, slot.kind == .place, let commands = apart(reading, slot, candidates) {
            return commands
        }
        return reading.isPlainAnswer ? [.fill(reading.assignments)] : nil
    }

    /// Which of several places of one name is meant: one of them by its name, or by what lies around it.
    private func apart(_ reading: Reading, _ slot: SlotDefinition, _ candidates: [String]) -> [Command]? {
        guard
            reading.coverage >= Policy.answerCoverage || reading.anatomy.isFragment
                || reading.anatomy.covered == 0,
            let left = reading.narrowed(candidates)
        else { return nil }
        if left.count > 1 { return [.disambiguate(slot: slot.name, candidates: left)] }
        let value = SlotValue(
            value: left[0], text: reading.world.placeName(left[0]), raw: reading.text, origin: .said,
            turn: reading.turn)
        let others = reading.assignments.filter { $0.slot != slot.name }
        return [.fill(others + [.init(slot: slot.name, value: value)])]
    }

    func answerCommands(_ reading: Reading) -> [Command]? {
        switch reading.tracker.state.question?.kind {
        case .slot: return slotAnswer(reading)
        case .flow(let flows), .followUp(let flows):
            // “男的” alone is a value, whatever yes it sounds like, and so is “没备案” where the answer turns on it.
            if reading.isMereValue || reading.isMereExclusion { return nil }
            // “已经过了咋办” hardly sounds like a yes.
            if reading.intent == "affirm", reading.result.score >= Policy.digression {
                guard flows.count == 1 else {
                    // The list stands right above: it is not shown twice, but which one is asked.
                    if case .followUp? = reading.tracker.state.question?.kind {
                        return [.chat(pattern: "which_offer")]
                    }
                    return [.clarify(flows)]
                }
                return FurtherReading.isReading(flows[0])
                    ? [.lookUp(question: flows[0])] : [.start(flow: flows[0])]
            }
            // “我没备过案” says how it is, and wants nothing less.
            if reading.intent == "deny" { return reading.tellsByDenying ? nil : [.declineFollowUp] }
            return nil
        case .pick(_, _, let choices):
            guard reading.intent == "affirm" || reading.intent == "deny", let first = choices.first,
                let last = choices.last
            else { return nil }
            // Yes and no, when the last choice is the way out; otherwise both leave open which one is meant.
            guard last.id.hasPrefix("act=") || last.id.hasPrefix("again=") else {
                return reading.intent == "deny" ? [.declineFollowUp] : nil
            }
            return commands(
                forChoice: reading.intent == "affirm" ? first : last, tracker: reading.tracker,
                world: reading.world)
        case nil: return nil
        }
    }

    /// “流产” of 怀孕不久流产, 怀孕几个月流产 and 引产: what only some of the choices of the open question are called leaves these to be asked
    /// apart.
    func narrowedChoice(_ reading: Reading) -> [Command]? {
        guard let asked = reading.askedSlot, asked.options.count > 2, reading.answers.isEmpty,
            !reading.asksSomething, reading.anatomy.isFragment
        else { return nil }
        let names = Set(reading.result.entities.filter { !$0.isNegated }.map(\.text))
        guard names.count == 1, let name = names.first else { return nil }
        let called = Phrases([name])
        let left = asked.options.filter { called.occur(in: Array($0.label.unicodeScalars)) }
        guard left.count > 1, left.count < asked.options.count else { return nil }
        return [.exclude(slot: asked.name, left: left.map(\.value))]
    }

    /// “不知道是不是社区” while something else is asked: the slot of the task that is not known, where it is not the one that is asked for.
    func slotNotKnown(_ reading: Reading) -> String? {
        guard let asked = reading.askedSlot, let flow = program.flow(named: reading.tracker.frame?.flow),
            !asked.names.occur(in: reading.anatomy.scalars),
            !reading.result.entities.contains(where: asked.accepts)
        else { return nil }
        return flow.slots.compactMap(program.slot).first { slot in
            slot.name != asked.name && reading.tracker.slots[slot.name] == nil && slot.unknown != nil
                && flow.collectPosition(of: slot.name) != nil
                && (slot.names.occur(in: reading.anatomy.scalars)
                    || !slot.options.isEmpty && reading.result.entities.contains(where: slot.accepts))
        }?.name
    }

    private func slotAnswer(_ reading: Reading) -> [Command]? {
        guard let slot = reading.askedSlot else { return nil }
        if let ambiguous = reading.ambiguous, ambiguous.slot == slot.name, !reading.isNewRequest {
            return rest(of: reading) + [.disambiguate(slot: slot.name, candidates: ambiguous.candidates)]
        }
        if !reading.answers.isEmpty, !reading.isNewRequest { return [.fill(reading.assignments)] }
        // “没备案” denies nothing but what it says itself.
        let isValue = reading.anatomy.isFragment && !reading.assignments.isEmpty
        if reading.intent == "affirm" || reading.intent == "deny", !isValue,
            let option = slot.options.first(where: { $0.meansYes == (reading.intent == "affirm") })
        {
            let value = SlotValue(
                value: option.value, text: option.value, raw: reading.text, origin: .said,
                turn: reading.turn)
            return [.fill([.init(slot: slot.name, value: value)])]
        }
        // “没有” is a number where somebody counts.
        if reading.intent == "deny", !isValue, let none = slot.none {
            let value = SlotValue(
                value: none, text: none, raw: reading.text, origin: .said, turn: reading.turn)
            return [.fill([.init(slot: slot.name, value: value)])]
        }
        if let exclusion = reading.exclusion, !reading.isNewRequest, reading.assignments.isEmpty {
            return exclude(exclusion.slot, exclusion.left, reading)
        }
        return reading.isVagueAnswer && !reading.isNewRequest ? [.cannotHandle] : nil
    }

    /// One option that is left is the answer; several are asked.
    private func exclude(
        _ slot: SlotDefinition, _ left: [SlotDefinition.Option], _ reading: Reading
    ) -> [Command] {
        guard left.count == 1 else { return [.exclude(slot: slot.name, left: left.map(\.value))] }
        let value = SlotValue(
            value: left[0].value, text: left[0].value, raw: reading.text, origin: .said, turn: reading.turn)
        return [.fill([.init(slot: slot.name, value: value)])]
    }
}

extension Choice {
    /// Going on with the next task of the list.
    static var next: String { "act=next" }
}
