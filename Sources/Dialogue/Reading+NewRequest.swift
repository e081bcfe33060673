import Conversation

/// Whether an utterance asks for a task of its own, or belongs to what is asked or was answered last.
extension Reading {
    /// Whether the utterance asks for another task than the one under way, or than the one that was done last.
    static func isNewRequest(
        _ result: NLUResult, _ anatomy: Anatomy, _ asked: SlotDefinition?, _ asks: Bool, _ tracker: Tracker,
        _ program: DialogueProgram
    ) -> Bool {
        guard let intent = result.intent, let flow = program.flow(startedBy: intent),
            flow.name != tracker.frame?.flow
        else { return false }
        let isSure = result.score >= Policy.sure
        guard let asked else {
            if let last = program.flow(named: tracker.state.lastFlow),
                isToldFor(last, result, anatomy, asks, isSure, tracker, program)
                    || !asks && isVagueOf(last, anatomy, program)
            {
                return false
            }
            guard anatomy.isFragment || !isSure && anatomy.coverage >= Policy.answerCoverage,
                let last = program.flow(named: tracker.state.lastFlow)
            else { return true }
            let slots = last.slots.compactMap(program.slot)
            let values = result.entities.filter { program.entityTypes.contains($0.type) && !$0.isNegated }
            // What of the last answer is only ruled out (不要职工的) asks for no other task, whatever it sounds like.
            let rulesOut = result.entities.contains { entity in
                entity.isNegated
                    && slots.contains { $0.accepts(entity) && tracker.slots[$0.name]?.value == entity.value }
            }
            if values.isEmpty, rulesOut { return false }
            // Who somebody is (我自己交的社保), behind an answer that turns on it, is told for that answer.
            if !asks, tellsOnlyOfPerson(values, slots, tracker, program) { return false }
            if !asks, program.correctsLast(values, last, tracker) { return false }
            // A mere value for what was asked last is no other task that it faintly resembles, and a mere figure none at all.
            guard
                !isSure || slots.contains(where: { slot in slot.isFigure && values.allSatisfy(slot.accepts) })
            else { return true }
            // Whoever is named beside a value (我老公在北京交的) is who it is of. Of what one span may mean, one thing is enough.
            let person = program.personEntity
            let others = values.filter { $0.type != person }
            let told = others.isEmpty ? values : others
            let taken = told.filter { value in slots.contains { $0.accepts(value) } }
            return told.isEmpty
                || !told.allSatisfy { value in taken.contains { $0.range.overlaps(value.range) } }
        }
        if isVague(anatomy, asked) || !isSure && program.namesNothing(result) { return false }
        if anatomy.rest == 0 {
            // A bare value belongs to the task under way, if that has any use for it.
            let slots = program.flow(named: tracker.frame?.flow)?.slots.compactMap(program.slot) ?? []
            let isAnswered = result.entities.contains { !$0.isNegated && asked.accepts($0) }
            return result.score >= Policy.bareTask && (asks || !isAnswered)
                && result.entities.contains { entity in
                    program.entityTypes.contains(entity.type)
                        && !slots.contains { $0.accepts(entity) && !$0.isOnlyAnswer(entity.value) }
                }
        }
        if asked.isYesOrNo, anatomy.total <= 2 { return false }
        if result.entities.contains(where: { !$0.isNegated && asked.accepts($0) }) {
            guard isSure, asks else { return false }
            return anatomy.coverage < Policy.answerCoverage
                || result.score >= Policy.certain && anatomy.rest >= Policy.ownWords
        }
        if asks { return result.score >= Policy.digression }
        // What is told beside the question, and fits the task under way, is told for it (给朋友交), unless something is ruled out.
        let slots = program.flow(named: tracker.frame?.flow)?.slots.compactMap(program.slot) ?? []
        let isFitting =
            !result.entities.contains(where: \.isNegated)
            && result.entities.contains { entity in slots.contains { $0.accepts(entity) } }
        return result.score >= (isFitting ? Policy.certain : Policy.sure)
    }

    /// Whether values only say who somebody is, to slots that hold something else.
    private static func tellsOnlyOfPerson(
        _ values: [Entity], _ slots: [SlotDefinition], _ tracker: Tracker, _ program: DialogueProgram
    ) -> Bool {
        let told = values.filter { !program.words[.oneself].occur(in: Array($0.value.unicodeScalars)) }
        let personal = slots.filter { $0.isPersonal && !$0.options.isEmpty }
        return !told.isEmpty && told.allSatisfy { value in personal.contains { $0.accepts(value) } }
            && told.contains { value in
                personal.contains { $0.accepts(value) && tracker.slots[$0.name]?.value != value.value }
            }
    }

    /// Whether it is values and vague words for what the answer has a slot for (在外地住的院 behind a claim).
    private static func isVagueOf(_ last: Flow, _ anatomy: Anatomy, _ program: DialogueProgram) -> Bool {
        last.slots.compactMap(program.slot).contains { slot in
            !slot.vague.isEmpty && anatomy.isExplained(with: slot.vague)
        }
    }

    /// Whether a figure is told for the answer that was given last, and asks for nothing: by what its slot is called (花了1万3 behind
    /// an accident), or of a kind that only such a slot takes, beside words of which no task can be sure (我工资7500，明年生).
    private static func isToldFor(
        _ last: Flow, _ result: NLUResult, _ anatomy: Anatomy, _ asks: Bool, _ isSure: Bool,
        _ tracker: Tracker, _ program: DialogueProgram
    ) -> Bool {
        guard !asks, tracker.frame == nil else { return false }
        let figures = last.slots.compactMap(program.slot).filter(\.isFigure)
        let values = result.entities.filter { program.entityTypes.contains($0.type) && !$0.isNegated }
        return figures.contains { slot in
            let taken = values.filter(slot.accepts)
            guard !taken.isEmpty else { return false }
            return taken.count == values.count && slot.role == nil && anatomy.isExplained(with: slot.names)
                || (!isSure || tracker.slots[slot.name] != nil) && slot.role != nil
                    && taken.contains { $0.role == slot.role }
        }
    }
}
