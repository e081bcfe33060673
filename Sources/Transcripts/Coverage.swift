package import Assistant
package import Conversation
import Dialogue

/// Which steps, branches, wordings of questions and patterns the scripts reach.
package struct Coverage {
    private let assistant: Assistant
    private var steps: [String: Set<String>] = [:]
    private var ways: Set<Way> = []
    private var said: Set<String> = []

    /// One of the two ways that a branch has.
    private struct Way: Hashable {
        var flow: String
        var step: String
        var holds: Bool
    }

    package init(_ assistant: Assistant) { self.assistant = assistant }

    /// Notes what happened in a conversation.
    package mutating func note(_ events: [Event]) {
        var tracker = Tracker()
        for event in events {
            switch event {
            case .flowStarted(let flow): steps[flow, default: []].insert("")
            case .flowMoved(let step):
                note(step, tracker)
                follow(tracker, upTo: step)
            case .stepSaid(let step): note(step, tracker)
            case .flowEnded(let flow, .completed) where flow == tracker.frame?.flow: follow(tracker)
            // What a branch sets may be what it hangs on.
            case .slotSet(_, let value) where value.origin == .derived: follow(tracker)
            default: break
            }
            tracker.apply(event)
        }
    }

    /// Notes the names of what was said.
    package mutating func note(said names: some Sequence<String>) { said.formUnion(names) }

    private mutating func note(_ step: String, _ tracker: Tracker) {
        if let flow = tracker.frame?.flow { steps[flow, default: []].insert(step) }
    }

    /// Goes the way of the topmost flow once more, from where it stands: which side of each branch is taken hangs on the slots
    /// alone.
    private mutating func follow(_ tracker: Tracker, upTo target: String? = nil) {
        guard let frame = tracker.frame, let flow = assistant.program.flow(frame.flow) else { return }
        var position = flow.position(of: frame.step) ?? 0
        // A flow that loops is stopped by the engine, too.
        for _ in 0..<flow.steps.count * 2 {
            guard position < flow.steps.count else { return }
            let step = flow.steps[position]
            if step.id == target { return }
            switch step.action {
            case .branch(let condition, let otherwise):
                let holds = assistant.holds(condition, for: tracker)
                ways.insert(Way(flow: flow.name, step: step.id, holds: holds))
                position = holds ? position + 1 : otherwise
            case .jump(let target): position = target
            case .end, .link: return
            case .collect, .say, .set, .handOff: position += 1
            }
        }
    }

    package var text: String {
        var lines: [String] = []
        for flow in assistant.program.flows {
            let wanted = flow.steps.compactMap { step -> String? in
                switch step.action {
                case .collect, .say: step.id
                default: nil
                }
            }
            let reached = steps[flow.name] ?? []
            let branches = flow.steps.flatMap { step -> [Way] in
                guard case .branch = step.action else { return [] }
                return [true, false].map { Way(flow: flow.name, step: step.id, holds: $0) }
            }
            let missing =
                wanted.filter { !reached.contains($0) }
                + branches.filter { !ways.contains($0) }.map { "\($0.step)=\($0.holds ? "yes" : "no")" }
            let total = wanted.count + branches.count
            let share = total == 0 ? 100 : (total - missing.count) * 100 / total
            lines.append(
                "\(flow.name): \(share) %"
                    + (missing.isEmpty ? "" : "  missing: \(missing.joined(separator: " "))"))
        }
        lines.append(line("patterns", assistant.responseNames.filter { $0.hasPrefix("pattern.") }))
        // What no flow collects is only taken when it is volunteered.
        let asked = assistant.program.slots.filter { slot in
            assistant.program.flows.contains { $0.collectPosition(of: slot.name) != nil }
        }
        lines.append(line("questions", asked.flatMap(\.asks)))
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(_ title: String, _ names: [String]) -> String {
        let missing = names.filter { !said.contains($0) }
        return "\(title): \(names.count - missing.count) of \(names.count)"
            + (missing.isEmpty ? "" : "  missing: \(missing.joined(separator: " "))")
    }
}
