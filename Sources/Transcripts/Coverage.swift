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

    /// How much of one thing was reached.
    package struct Share: Sendable {
        /// A flow, or what all of a kind are called.
        package var title: String
        package var total: Int
        /// Names of what was not reached.
        package var missing: [String]
    }

    /// Steps and branches of each flow, then the patterns that these dialogs can come to, then the wordings of questions.
    package var shares: [Share] {
        assistant.program.flows.map(share)
            + [
                share(
                    "patterns",
                    assistant.responseNames.filter { name in
                        name.hasPrefix("pattern.")
                            && !assistant.program.unreachablePatterns.contains(String(name.dropFirst(8)))
                    }),
                share("questions", asked.flatMap(\.asks)),
            ]
    }

    /// What no script reached, with what it belongs to.
    package var missing: [String] {
        shares.flatMap { share in share.missing.map { "\(share.title): \($0)" } }
    }

    /// What no flow collects is only taken when it is volunteered.
    private var asked: [SlotDefinition] {
        assistant.program.slots.filter { slot in
            assistant.program.flows.contains { $0.collectPosition(of: slot.name) != nil }
        }
    }

    private func share(_ title: String, _ names: [String]) -> Share {
        Share(title: title, total: names.count, missing: names.filter { !said.contains($0) })
    }

    private func share(_ flow: Flow) -> Share {
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
        return Share(title: flow.name, total: wanted.count + branches.count, missing: missing)
    }

    package var text: String {
        let flows = assistant.program.flows.count
        return shares.enumerated().map { index, share in
            let reached = share.total - share.missing.count
            let percent = share.total == 0 ? 100 : reached * 100 / share.total
            let amount = index < flows ? "\(percent) %" : "\(reached) of \(share.total)"
            let missing = share.missing.isEmpty ? "" : "  missing: \(share.missing.joined(separator: " "))"
            return "\(share.title): \(amount)\(missing)\n"
        }.joined()
    }
}
