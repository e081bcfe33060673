import Conversation

/// Which questions are asked, and in which order.
package enum QuestionPlan: CaseIterable, Sendable {
    /// Every question, as they are written.
    case asWritten
    /// As they are written, but none whose answer changes nothing.
    case withoutNeedless
    /// None of those, and of several the one that settles most first: what people are asked.
    case bestFirst
}

/// Flows played through without words: each question answered with each of a few values, all equally likely.
package struct Rehearsal<World: DialogueWorld> {
    /// Questions on one way; more come from a flow that does not end.
    private static var depthLimit: Int { 16 }

    private let program: DialogueProgram
    private let world: World
    private let places: [String]

    /// `places` answer the questions for places: the first of a way, and for further ones the one after it.
    package init(
        _ program: DialogueProgram, world: World, places: [String], asking: QuestionPlan = .bestFirst
    ) {
        self.program = program.asking(asking)
        self.world = world
        self.places = places
    }

    /// How many questions a task asks on average; the places are equally likely, too.
    package func meanQuestions(of flow: Flow) -> Double {
        var run = EngineRun(Tracker(), program: program, world: world)
        run.emit(.flowStarted(flow: flow.name))
        return mean(of: run, in: flow, place: nil, depth: 0)
    }

    private func mean(of start: EngineRun<World>, in flow: Flow, place: Int?, depth: Int) -> Double {
        var run = start
        run.runFlows()
        guard depth < Self.depthLimit, case .slot(let name, _)? = run.tracker.state.question?.kind,
            let slot = program.slot(name)
        else { return 0 }
        let answers = values(of: slot, given: run.tracker.slots, place: place)
        let sum = answers.reduce(0.0) { sum, answer in
            var next = run
            next.emit(.questionClosed)
            next.emit(
                .slotSet(
                    name: name,
                    value: SlotValue(
                        value: answer.value, text: answer.value, raw: "", origin: .said, turn: depth + 1)))
            return sum + mean(of: next, in: flow, place: answer.place, depth: depth + 1)
        }
        return 1 + sum / Double(max(answers.count, 1))
    }

    /// The answers in the order in which the flow asks for them. What it asks besides gets a value, too; what it does not ask
    /// is left out.
    package func asAsked(_ answers: [ModelCheck.Answer], in flow: Flow) -> [ModelCheck.Answer] {
        var run = EngineRun(Tracker(), program: program, world: world)
        run.emit(.flowStarted(flow: flow.name))
        var asked: [ModelCheck.Answer] = []
        while asked.count < Self.depthLimit,
            !answers.allSatisfy({ answer in asked.contains { $0.slot == answer.slot } })
        {
            run.runFlows()
            guard case .slot(let name, _)? = run.tracker.state.question?.kind, let frame = run.tracker.frame,
                frame.flow == flow.name, let slot = program.slot(name)
            else { break }
            let answer =
                answers.first { $0.slot == name } ?? .init(slot: name, value: slot.options.first?.value ?? "")
            asked.append(answer)
            run.emit(.questionClosed)
            guard var value = answer.value else {
                run.emit(.stepSaid(step: frame.step))
                continue
            }
            if value.isEmpty {
                value = values(of: slot, given: run.tracker.slots, place: nil).first?.value ?? ""
            }
            run.emit(
                .slotSet(
                    name: name,
                    value: SlotValue(value: value, text: value, raw: "", origin: .said, turn: asked.count)))
        }
        return asked
    }

    private func values(
        of slot: SlotDefinition, given slots: Slots, place: Int?
    ) -> [(value: String, place: Int?)] {
        switch slot.kind {
        case .place:
            guard let place else { return places.enumerated().map { ($1, $0) } }
            return places.isEmpty ? [] : [(places[(place + 1) % places.count], place)]
        case .choice:
            return program.options(of: slot, given: slots, world: world).map { ($0.value, place) }
        case .amount: return [("12000", place)]
        case .number: return [("3", place)]
        }
    }
}

extension DialogueProgram {
    /// The same with other questions; without anything known of what comes every one is asked.
    fileprivate func asking(_ plan: QuestionPlan) -> DialogueProgram {
        if plan == .bestFirst { return self }
        var outlook = plan == .asWritten ? Outlook() : outlook
        outlook.choosesOrder = false
        return DialogueProgram(
            slots: slots, flows: flows, menu: menu, words: words, outlook: outlook, returnLimit: returnLimit,
            personHours: personHours, pauseHours: pauseHours, refusals: refusals,
            exclusions: exclusions)
    }
}
