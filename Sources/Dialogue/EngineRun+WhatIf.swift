import Conversation

/// What would be different with other values.
extension EngineRun {
    /// Answers what would be different with other values. The conversation stays where it is.
    mutating func suppose(_ assignments: [Command.Assignment]) {
        mustAskAgain = tracker.frame != nil
        guard let name = tracker.frame?.flow ?? tracker.state.lastFlow, let under = program.flow(name) else {
            return cannotHandle()
        }
        suppose(assignments, of: under)
    }

    /// The same of a task that may be done already.
    mutating func suppose(_ assignments: [Command.Assignment], of under: Flow) {
        let label = assignments.map(shown).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            .joined(separator: SlotValue.separator)
        let flow = flowTurning(on: assignments, from: under)
        let told = assignments.compactMap { toldAtOnce($0, in: under) }
        let present = rehearsal(of: flow, with: [])
        let supposed = rehearsal(of: flow, with: assignments)
        guard !supposed.responses.isEmpty else {
            // Behind an answer nothing is under way that would go on to be said.
            if tracker.frame == nil, let slot = supposed.asked.flatMap(program.slot) {
                return say(pattern: "what_if_needs", [.init("value", label), .init("slot", slot.label)])
            }
            return say(pattern: "what_if_later", [.init("value", label)])
        }
        let names = (present.run.tracker.slots.entries + supposed.run.tracker.slots.entries).map(\.name)
        var values: [Effect.Supposed] = []
        for name in names where !values.contains(where: { $0.slot == name }) {
            let value = supposed.run.tracker.slots[name]
            guard value?.value != tracker.slots[name]?.value else { continue }
            values.append(.init(slot: name, value: value?.value ?? "", text: value?.text ?? ""))
        }
        say(
            .suppose(
                label, values: values, present: present.responses, supposed: told + supposed.responses))
        if let slot = supposed.asked.flatMap(program.slot), flow.name == under.name {
            say(pattern: "what_if_needs", [.init("value", label), .init("slot", slot.label)])
        }
    }

    /// The task of which something turns on the values: the one under way, or else one that it offers and that has an answer
    /// (没备案呢 behind a filing: what is paid away).
    private func flowTurning(on assignments: [Command.Assignment], from flow: Flow) -> Flow {
        func turns(_ flow: Flow) -> Bool {
            assignments.contains { program.hangs(flow.steps[...], on: $0.slot) }
        }
        if turns(flow) || assignments.contains(where: { toldAtOnce($0, in: flow) != nil }) { return flow }
        let offered = flow.followUps.compactMap { program.flow($0) }
        return offered.first { turns($0) && !rehearsal(of: $0, with: assignments).responses.isEmpty } ?? flow
    }

    /// What is told of a value by itself (错过了集中缴费期).
    private func toldAtOnce(_ assignment: Command.Assignment, in flow: Flow) -> String? {
        guard let option = program.slot(assignment.slot)?.option(assignment.value.value),
            let told = option.told
        else { return nil }
        return flow.told[option.key] ?? told
    }

    /// The flow from its beginning on a copy, as far as it goes without an answer.
    private func rehearsal(of flow: Flow, with assignments: [Command.Assignment]) -> (
        run: EngineRun, responses: [String], asked: String?
    ) {
        var run = EngineRun(tracker, program: program, world: world)
        run.emit(.questionClosed)
        run.emit(.todoChanged([]))
        while let frame = run.tracker.frame { run.emit(.flowEnded(flow: frame.flow, outcome: .parked)) }
        run.emit(.flowStarted(flow: flow.name))
        // What hangs on a value is supposed to stay, unlike in a correction: nothing is asked here.
        for assignment in assignments { run.emit(.slotSet(name: assignment.slot, value: assignment.value)) }
        run.runFlows()
        var responses: [String] = []
        var asked: String?
        for effect in run.effects {
            switch effect {
            case .say(let response, _) where !response.hasPrefix("pattern."): responses.append(response)
            case .ask(let slot, _): asked = asked ?? slot
            default: break
            }
        }
        return (run, responses, asked)
    }
}
