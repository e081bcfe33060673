import Conversation

/// What a task under way would tell for an answer to its open question, and to those behind it.
package struct Ahead: Hashable, Sendable {
    /// The answer to the open question, or to the next one where that asks for a place; empty where there is none.
    package let label: String
    /// Whether it is not known in which place.
    package let isAnywhere: Bool
    package let slots: Slots
    /// Responses that are said then, with those that were said before.
    package let responses: [String]
}

extension DialogueEngine {
    /// Ways that are looked along at most, and questions on one way.
    private static var mostWays: Int { 12 }
    private static var mostQuestions: Int { 3 }

    /// Every way on from the open question of the task under way, by the choices that it lets people make; where it asks for
    /// a place, the way without one. Empty when nothing is asked, or there are too many.
    package func ahead(of tracker: Tracker, world: some DialogueWorld) -> [Ahead] {
        guard let frame = tracker.frame, case .slot(let name, _)? = tracker.state.question?.kind,
            let flow = program.flow(frame.flow), let slot = program.slot(name)
        else { return [] }
        var run = EngineRun(tracker, program: program, world: world)
        run.emit(.questionClosed)
        run.emit(.todoChanged([]))
        while let frame = run.tracker.frame { run.emit(.flowEnded(flow: frame.flow, outcome: .parked)) }
        run.emit(.flowStarted(flow: flow.name))
        if slot.kind == .place { return placeless(run, flow, slot) }
        guard !slot.options.isEmpty else { return [] }
        var ways: [Ahead] = []
        for option in slot.options where !option.isOnlyAnswer {
            walk(
                run.answered(name, with: option), flow, label: option.value, anywhere: false, depth: 1,
                into: &ways)
        }
        return ways.count > Self.mostWays ? [] : ways
    }

    private func placeless<World>(_ start: EngineRun<World>, _ flow: Flow, _ slot: SlotDefinition) -> [Ahead]
    {
        var run = start
        for step in flow.steps {
            if case .collect(let name, _) = step.action, program.slot(name)?.kind == .place {
                run.emit(.stepSaid(step: step.id))
            }
        }
        var ways: [Ahead] = []
        walk(run, flow, label: "", anywhere: true, depth: 1, into: &ways)
        return ways.count > Self.mostWays ? [] : ways
    }

    private func walk<World>(
        _ start: EngineRun<World>, _ flow: Flow, label: String, anywhere: Bool, depth: Int,
        into ways: inout [Ahead]
    ) {
        guard ways.count <= Self.mostWays else { return }
        var run = start
        run.runFlows()
        guard depth < Self.mostQuestions, case .slot(let name, _)? = run.tracker.state.question?.kind,
            let options = program.slot(name)?.options, !options.isEmpty
        else {
            let said = run.effects.compactMap { effect -> String? in
                if case .say(let response, _) = effect, effect.isAnswer { response } else { nil }
            }
            ways.append(
                Ahead(label: label, isAnywhere: anywhere, slots: run.tracker.slots, responses: said))
            return
        }
        for option in options where !option.isOnlyAnswer {
            walk(
                run.answered(name, with: option), flow, label: label.isEmpty ? option.value : label,
                anywhere: anywhere, depth: depth + 1, into: &ways)
        }
    }
}

extension EngineRun {
    /// The same with an answer to the question of a slot.
    fileprivate func answered(_ slot: String, with option: SlotDefinition.Option) -> EngineRun {
        var run = self
        if run.tracker.state.question != nil { run.emit(.questionClosed) }
        run.emit(
            .slotSet(
                name: slot,
                value: SlotValue(
                    value: option.value, text: option.value, raw: "", origin: .said, turn: tracker.turn)))
        return run
    }
}

extension Tracker {
    /// Whether the last turn put a detail off until its question is answered.
    package var hasPutOff: Bool {
        lastSpoken.contains { effect in
            if case .say("pattern.detail_later", _) = effect { true } else { false }
        }
    }
}
