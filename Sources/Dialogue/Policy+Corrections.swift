import Conversation

/// What is taken back or put right, and what only sounds like it.
extension Policy {
    /// “算了去杭州吧” gives nothing up, and “不对，是自己垫的” after the answer begins nothing: what was said is taken back, and
    /// another value is all that follows, or its name and it (不对，医院是二级).
    func replacement(_ reading: Reading) -> [Command]? {
        guard let words = program.words[.retraction].firstRange(in: reading.anatomy.scalars) else {
            return nil
        }
        let flow = program.flow(named: reading.tracker.frame?.flow ?? reading.tracker.state.lastFlow)
        let meant = flow.map { reading.meaning($0) } ?? reading
        let names =
            meant.assignments.compactMap { program.slot($0.slot)?.names } + [program.words[.reckoning]]
        guard reading.anatomy.isFragment(from: words.upperBound, beside: names) else { return nil }
        if reading.tracker.frame != nil, !reading.assignments.isEmpty, !reading.isNewRequest {
            return fillCommands(reading)
        }
        // “算了还是算我自己的” asks the same for somebody else.
        if let flow, !reading.takesPerson(flow), let person = reading.whose.onlyPerson,
            person.name != reading.tracker.state.person
        {
            return [.forSomeoneElse(person.name ?? program.words.answers(.oneself).yes)]
        }
        let corrects = meant.assignments.contains { assignment in
            reading.tracker.slots[assignment.slot].map { $0.value != assignment.value.value } ?? false
        }
        let repeats = !meant.assignments.isEmpty && reading.tracker.frame == nil
        return (corrects || repeats) && !reading.isPicking ? fillCommands(meant) : nil
    }

    /// Nothing that was said is given up on a resemblance (前年, 从去年国庆开始).
    func goes(_ words: DialogueWords.Kind, _ reading: Reading) -> Bool {
        reading.result.score >= Policy.certain || program.words[words].occur(in: reading.anatomy.scalars)
    }

    /// Whether the task just answered is given a figure to work with.
    func reckonsAnew(_ reading: Reading) -> Bool {
        guard reading.tracker.frame == nil, let last = program.flow(named: reading.tracker.state.lastFlow)
        else { return false }
        return reading.meaning(last).assignments.contains { assignment in
            last.uses(assignment.slot) && program.slot(assignment.slot)?.isFigure ?? false
        }
    }

    /// A correction without a new value: of the slots that are named, or else of the last answer.
    func correction(_ reading: Reading) -> Command? {
        guard reading.assignments.isEmpty, reading.ambiguous == nil, reading.undecided == nil,
            reading.exclusion == nil
        else { return nil }
        if program.words[.keep].occur(in: reading.anatomy.scalars) { return .resume }
        if program.words[.both].occur(in: reading.anatomy.scalars) {
            let latest = filledSlots(reading).sorted {
                (reading.tracker.slots[$0.name]?.turn ?? 0) > (reading.tracker.slots[$1.name]?.turn ?? 0)
            }
            return latest.isEmpty ? .back : .reask(latest.prefix(2).map(\.name))
        }
        let named = filledSlots(reading).filter { $0.names.occur(in: reading.anatomy.scalars) }
        let ruledOut = reading.result.entities.filter { entity in
            entity.isNegated && program.entityTypes.contains(entity.type)
        }
        if named.isEmpty, !ruledOut.isEmpty {
            let wrong = filledSlots(reading).filter { slot in
                ruledOut.contains { slot.accepts($0) && $0.value == reading.tracker.slots[slot.name]?.value }
            }
            // What is ruled out was never said: no step back, but no answer either.
            if wrong.isEmpty, reading.askedSlot != nil { return .cannotHandle }
            if !wrong.isEmpty { return .reask(wrong.map(\.name)) }
        }
        if !named.isEmpty { return .reask(named.map(\.name)) }
        // “我说的是支付宝” puts something right that no slot has: no reason to give up what was said.
        if program.words[.correcting].occur(in: reading.anatomy.scalars) {
            // Behind an answer a step back would take all of it with it, where several values were said in one breath (改一下).
            return reading.tracker.frame == nil && saidAtOnce(reading) > 1 ? .askWhatIsWrong : .back
        }
        return reading.askedSlot == nil ? nil : .cannotHandle
    }

    /// Values of the answer's task that were said in the turn that ended with it.
    private func saidAtOnce(_ reading: Reading) -> Int {
        filledSlots(reading).count { reading.tracker.slots[$0.name]?.turn == reading.tracker.state.idleTurn }
    }

    private func filledSlots(_ reading: Reading) -> [SlotDefinition] {
        let flow = program.flow(named: reading.tracker.frame?.flow ?? reading.tracker.state.lastFlow)
        return (flow?.slots ?? []).compactMap(program.slot).filter { reading.tracker.slots[$0.name] != nil }
    }
}
