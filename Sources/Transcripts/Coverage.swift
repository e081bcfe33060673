package import Conversation
package import Dialogue

/// Which flows, steps and patterns the scripts reach.
package struct Coverage {
    private let program: DialogueProgram
    private var steps: [String: Set<String>] = [:]
    private var patterns: Set<String> = []

    package init(_ program: DialogueProgram) { self.program = program }

    package mutating func note(_ events: [Event]) {
        var stack: [String] = []
        for event in events {
            switch event {
            case .flowStarted(let flow):
                stack.append(flow)
                steps[flow, default: []].insert("")
            case .flowEnded(let flow, _): stack.removeAll { $0 == flow }
            case .flowMoved(let step), .stepSaid(let step):
                if let flow = stack.last { steps[flow, default: []].insert(step) }
            case .spoke(let effects):
                for case .say(let response, _) in effects where response.hasPrefix("pattern.") {
                    patterns.insert(response)
                }
            default: break
            }
        }
    }

    package var text: String {
        var lines: [String] = []
        for flow in program.flows {
            let wanted = flow.steps.filter { step in
                switch step.action {
                case .collect, .say: true
                default: false
                }
            }.map(\.id)
            let reached = steps[flow.name] ?? []
            let missing = wanted.filter { !reached.contains($0) }
            let share = wanted.isEmpty ? 100 : (wanted.count - missing.count) * 100 / wanted.count
            lines.append(
                "\(flow.name): \(share) %"
                    + (missing.isEmpty ? "" : "  missing: \(missing.joined(separator: " "))"))
        }
        lines.append("patterns said: \(patterns.count)")
        return lines.joined(separator: "\n") + "\n"
    }
}
