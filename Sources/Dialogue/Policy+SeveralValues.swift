import Conversation

/// Several values of a slot that takes one (三甲和社区哪个划算, 先临时后长期): none of them wins without a word. The first is taken, and
/// what is different with each of the others is told behind the answer.
extension Policy {
    func severalValues(_ reading: Reading) -> [Command]? {
        if let flow = reading.flowOfBothHad { return [.start(flow: flow)] }
        guard reading.holdsTwoOfAType, reading.intent != "correct",
            !program.words[.retraction].occur(in: reading.anatomy.scalars),
            let (flow, slot, values) = severalOfFlow(reading)
        else { return nil }
        let meant = reading.meaning(flow)
        let present = reading.tracker.frame?.flow ?? reading.tracker.state.lastFlow
        let known = flow.name == present ? reading.tracker.slots[slot.name]?.value : nil
        let others = values.filter { $0.value != known }
        // Behind the answer with one of them, what is different with the other is all that is asked.
        if reading.tracker.frame == nil, others.count < values.count {
            return others.map { .suppose([.init(slot: slot.name, value: $0)]) }
        }
        let first = values.first { $0.value == known } ?? values[0]
        let rest = values.filter { $0.value != first.value }
        // None of the others fills anything else.
        let beside = meant.assignments.filter { assignment in
            assignment.slot != slot.name && !rest.contains { $0.value == assignment.value.value }
        }
        let told = beside + [.init(slot: slot.name, value: first)]
        let start = flow.name == present ? [] : [Command.start(flow: flow.name)]
        return start + [.tellInTurn(slot: slot.name, first: first, others: rest), .fill(told)]
    }

    /// “我花了2万，我爸花了3万” to a question for a figure, or behind an answer: it is worked out for whom the task is about, and for the
    /// other behind it.
    func figuresOfSeveral(_ reading: Reading) -> [Command]? {
        guard reading.whose.mentions.count > 1, !reading.asksSomething,
            let flow = program.flow(named: reading.tracker.frame?.flow) ?? reading.flowOfFigures
        else { return nil }
        let isOpen = reading.tracker.frame != nil
        let meant = isOpen ? reading : reading.meaning(flow)
        let figure = meant.assignments.lazy.compactMap { self.program.slot($0.slot) }.first(where: \.isFigure)
        guard let asked = isOpen ? reading.askedSlot : figure, asked.isFigure,
            !isOpen || !reading.isNewRequest && !reading.answers.isEmpty,
            reading.result.entities.contains(where: { entity in
                !entity.isNegated && asked.accepts(entity)
                    && (reading.whose.owners(of: entity).isEmpty
                        || reading.whose.isOf(reading.tracker.state.person, entity))
            })
        else { return nil }
        let items = reading.result.entities.compactMap { entity -> TodoItem? in
            guard !entity.isNegated, asked.accepts(entity),
                let owner = reading.whose.owners(of: entity).last?.person,
                owner.name != reading.tracker.state.person,
                let value = reading.value(of: entity, for: asked)
            else { return nil }
            return TodoItem(
                flow: flow.name, values: [.init(slot: asked.name, value: value)],
                who: owner.name ?? program.words.answers(.oneself).yes)
        }
        guard !items.isEmpty else { return nil }
        let start = isOpen ? [] : [Command.start(flow: flow.name)]
        return start + [.fill(meant.assignments), .list(items)]
    }

    /// “两个都有” to the question which of some that nobody should have twice it is.
    func hasBothOfAsked(_ reading: Reading) -> [Command]? {
        guard let asked = reading.askedSlot, let twice = asked.twice, !asked.options.isEmpty,
            reading.assignments.isEmpty || !reading.answers.isEmpty,
            reading.anatomy.isAllOf(program.words[.having])
        else { return nil }
        return [.start(flow: twice)]
    }

    /// Scalars of its own that an utterance has at most which compares values of the answer right above (临时的和长期的哪个好).
    private static let mostBesideCompared = 4

    /// The task whose values they are, with the slot: where the one that it sounds like has none for them, the one done last.
    private func severalOfFlow(_ reading: Reading) -> (flow: Flow, slot: SlotDefinition, values: [SlotValue])?
    {
        let last = program.flow(named: reading.tracker.frame?.flow ?? reading.tracker.state.lastFlow)
        let isMereComparison = reading.compares && reading.anatomy.rest <= Self.mostBesideCompared
        let flows = [flowComparing(reading), isMereComparison ? last : nil].compactMap { $0 }
        return flows.lazy.compactMap { flow in
            reading.meaning(flow).several(for: flow).map { (flow, $0.slot, $0.values) }
        }.first
    }

    /// The task whose values they are: the one that is plainly asked for, or else the one under way or done last, and where they are
    /// compared also one that it offers, the likeliest by the words.
    private func flowComparing(_ reading: Reading) -> Flow? {
        let present = program.flow(named: reading.tracker.frame?.flow ?? reading.tracker.state.lastFlow)
        let asked = reading.intent.flatMap(program.flow(startedBy:)).map { reading.standIn(for: $0) ?? $0 }
        if let asked, reading.isTaskLikely, reading.isNewRequest || present == nil { return asked }
        guard let present, !reading.isNewRequest || reading.anatomy.isFragment || reading.compares else {
            return nil
        }
        guard reading.asksSomething, reading.compares else { return present }
        let likely = reading.result.ranking.lazy.compactMap { candidate in
            self.program.flow(startedBy: candidate.intent).map { reading.standIn(for: $0) ?? $0 }
        }
        return likely.first { flow in
            flow.name == present.name
                || present.followUps.contains(flow.name)
                    && reading.askedSlot.map { flow.uses($0.name) } ?? true
        } ?? present
    }
}

extension Reading {
    /// Whether there are two different values of one type, as few lines have.
    var holdsTwoOfAType: Bool {
        let values = result.entities
        return values.indices.contains { index in
            values[..<index].contains { $0.type == values[index].type && $0.value != values[index].value }
        }
    }

    /// Whether values are weighed against each other (哪个划算), or it is asked of each.
    fileprivate var compares: Bool {
        program.words[.comparing].occur(in: anatomy.scalars)
            || program.words[.each].occur(in: anatomy.scalars)
    }

    /// Whether all that is named is had (两个都有).
    private var hasAll: Bool { program.words[.having].occur(in: anatomy.scalars) }

    /// The flow that tells whoever has two of what nobody should have twice what holds then (济南和青岛都有).
    fileprivate var flowOfBothHad: String? {
        guard hasAll, !result.entities.contains(where: { $0.type == program.personEntity }) else {
            return nil
        }
        for slot in program.slots {
            guard let flow = slot.twice, tracker.frame?.flow != flow else { continue }
            let entities = result.entities.filter {
                !$0.isNegated && $0.alternatives.isEmpty && slot.accepts($0) && $0.role != "destination"
            }.sorted { $0.range.lowerBound < $1.range.lowerBound }
            guard entities.count > 1, Set(entities.map(\.value)).count == entities.count,
                zip(entities, entities.dropFirst()).allSatisfy(areInTurn)
            else { continue }
            return flow
        }
        return nil
    }

    /// The slot of the flow of which several values are said of one person, with these in the order of mention.
    fileprivate func several(for flow: Flow) -> (slot: SlotDefinition, values: [SlotValue])? {
        for slot in flow.slots.compactMap(program.slot) where !slot.takesSeveral && !slot.isFigure {
            let entities = result.entities.filter { entity in
                !entity.isNegated && entity.alternatives.isEmpty && filling.accepts(entity, slot)
                    && !filling.isCompared(entity)
                    && (slot.kind != .place || slot.name == askedSlot?.name || entity.role == slot.role)
            }.sorted { $0.range.lowerBound < $1.range.lowerBound }
            let values = entities.compactMap { value(of: $0, for: slot) }
            guard values.count > 1, Set(values.map(\.value)).count == values.count,
                zip(entities, entities.dropFirst()).allSatisfy(areInTurn)
            else { continue }
            return (slot, values)
        }
        return nil
    }

    /// Whether nothing stands between two values but words that join them, put one after the other or beside it as an alternative. What
    /// is compared, or had, may also stand one right behind the other.
    private func areInTurn(_ first: Entity, _ second: Entity) -> Bool {
        guard first.range.upperBound <= second.range.lowerBound,
            whose.owners(of: first).map(\.person) == whose.owners(of: second).map(\.person)
        else { return false }
        let between = Array(anatomy.scalars[first.range.upperBound..<second.range.lowerBound])
        let binding = [DialogueWords.Kind.joining, .alternative, .then].map { program.words[$0] }
        var binds = compares || hasAll
        var index = 0
        while index < between.count {
            if let length = binding.compactMap({ $0.length(at: index, in: between) }).max() {
                binds = true
                index += length
            } else if let length = program.words[.filler].length(at: index, in: between) {
                index += length
            } else if Anatomy.isWord(between[index]) {
                return false
            } else {
                binds = binds || between[index] == "、"
                index += 1
            }
        }
        return binds
    }
}
