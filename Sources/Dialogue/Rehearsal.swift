import Conversation

/// Flows played through without words: each question answered with each of a few values, all equally likely.
package struct Rehearsal<World: DialogueWorld> {
    /// Questions on one way; more come from a flow that does not end.
    private static var depthLimit: Int { 16 }

    private let program: DialogueProgram
    private let world: World
    private let places: [String]

    /// With `seesAhead` false every question is asked as it is written. `places` answer the questions for places: the first
    /// of a way, and for further ones the one after it.
    package init(
        _ program: DialogueProgram, world: World, places: [String], seesAhead: Bool = true
    ) {
        self.program = seesAhead ? program : program.withoutOutlook
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
        let answers = values(of: slot, place: place)
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

    private func values(of slot: SlotDefinition, place: Int?) -> [(value: String, place: Int?)] {
        switch slot.kind {
        case .place:
            guard let place else { return places.enumerated().map { ($1, $0) } }
            return places.isEmpty ? [] : [(places[(place + 1) % places.count], place)]
        case .choice(let options): return options.map { ($0.value, place) }
        case .amount: return [("12000", place)]
        case .number: return [("3", place)]
        }
    }
}

extension DialogueProgram {
    /// The same without anything known of what comes: every question is asked.
    fileprivate var withoutOutlook: DialogueProgram {
        DialogueProgram(
            slots: slots, flows: flows, menu: menu, words: words, returnLimit: returnLimit,
            personHours: personHours, pauseHours: pauseHours)
    }
}
