import Conversation

extension NLUResult {
    /// Digits that a bill has at least: what is shorter may be the number of a choice.
    private static let leastDigits = 3

    /// A figure and nothing else, said behind rates with nothing asked (8000), is the bill that they are for: the sum that the
    /// answer offers takes it. By itself it sounds like a telephone number.
    func withBareAmount(_ tracker: Tracker, _ program: DialogueProgram) -> NLUResult {
        guard entities.count == 1, entities[0].type == "number", !entities[0].isNegated,
            entities[0].value.prefix(while: { $0 != "." }).count >= Self.leastDigits,
            entities[0].range.count == text.unicodeScalars.count(where: Anatomy.isWord),
            !tracker.isHandedOff
        else { return self }
        if let frame = tracker.frame { return withAmountForLater(frame, tracker, program) }
        guard let last = program.flow(named: tracker.state.lastFlow)
        else { return self }
        for flow in [last] + last.followUps.compactMap({ program.flow($0) }) {
            guard let intent = flow.intents.first,
                let bill = flow.slots.compactMap({ program.slot($0) }).first(where: {
                    $0.kind == .amount && $0.role == nil
                })
            else { continue }
            var result = self
            result.entities[0].type = bill.entity
            result.intent = intent
            result.score = 1
            result.ranking = [IntentScore(intent: intent, score: 1)]
            return result
        }
        return self
    }

    /// “说错了 是8000” corrects the bill that was told, whatever is asked at the moment: a figure beside words that take back and nothing
    /// else is of what was said last in figures of its kind.
    func withCorrectedAmount(_ tracker: Tracker, _ program: DialogueProgram) -> NLUResult {
        let scalars = Array(text.unicodeScalars)
        guard entities.count == 1, entities[0].type == "number", !entities[0].isNegated,
            entities[0].value.prefix(while: { $0 != "." }).count >= Self.leastDigits,
            let start = scalars.firstIndex(where: Anatomy.isWord),
            program.words[.retraction].length(at: start, in: scalars) != nil,
            Anatomy(self, program).isExplained(with: program.words[.retraction], beside: entities[0].range),
            let flow = program.flow(named: tracker.frame?.flow ?? tracker.state.lastFlow),
            let bill = flow.slots.compactMap({ program.slot($0) }).first(where: {
                $0.kind == .amount && $0.role == nil && tracker.slots[$0.name] != nil
            })
        else { return self }
        var result = self
        result.entities[0].type = bill.entity
        result.intent = "correct"
        result.score = 1
        result.ranking = [IntentScore(intent: "correct", score: 1)]
        return result
    }

    /// “不是2025是2024” behind what is paid for a year: beside a figure that a slot holds, another of as many digits is of that slot as well.
    func withFiguresOfKnown(_ tracker: Tracker, _ program: DialogueProgram) -> NLUResult {
        guard let last = program.flow(named: tracker.frame?.flow ?? tracker.state.lastFlow) else {
            return self
        }
        let figures = entities.indices.filter { ["amount", "number"].contains(entities[$0].type) }
        guard figures.count == 2, entities[figures[0]].value.count == entities[figures[1]].value.count,
            let slot = last.slots.lazy.compactMap({ program.slot($0) }).first(where: { slot in
                slot.isFigure && slot.entity != entities[figures[0]].type
                    && figures.contains { entities[$0].value == tracker.slots[slot.name]?.value }
            })
        else { return self }
        var result = self
        for index in figures { result.entities[index].type = slot.entity }
        return result
    }

    /// “两万” while a task asks for something else: it is the bill for that, or for a task that it offers.
    private func withAmountForLater(_ frame: Frame, _ tracker: Tracker, _ program: DialogueProgram)
        -> NLUResult
    {
        guard case .slot(let name, _)? = tracker.state.question?.kind, let asked = program.slot(name),
            !asked.isFigure, let flow = program.flow(frame.flow), entities[0].value.count > Self.leastDigits
        else { return self }
        let flows = [flow] + flow.followUps.compactMap { program.flow($0) }
        let bill = flows.flatMap(\.slots).lazy.compactMap { program.slot($0) }.first {
            $0.kind == .amount && $0.role == nil
        }
        guard let bill else { return self }
        var result = self
        result.entities[0].type = bill.entity
        return result
    }
}
