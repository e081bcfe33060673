import Diagnostics
import Dialogue
import Understanding

/// What all ways through the flows come to.
extension DialogReader {
    func checkModel() {
        let program = DialogueProgram(slots: slots, flows: flows, menu: menu.map(\.name))
        for finding in ModelCheck(program).findings() {
            let place = stepLabels["\(finding.flow)/\(finding.step)"] ?? stepLabels[finding.flow]
            guard let place, let flow = program.flow(finding.flow) else { continue }
            let hint = "the shortest conversation that shows it:\n" + conversation(finding, flow, program)
            switch finding.kind {
            case .deadEnd:
                collector.error(
                    .deadEnd, "a way through `\(flow.name)` ends without a word", at: place, hint: hint)
            case .alwaysTrue:
                collector.warning(
                    .idleCondition, "this condition holds on every way that leads here", at: place, hint: hint
                )
            case .neverTrue:
                collector.warning(
                    .idleCondition, "this condition holds on no way that leads here", at: place, hint: hint)
            case .unreachable:
                collector.warning(.unreachableStep, "no way through `\(flow.name)` leads here", at: place)
            case .endlessLinks:
                collector.error(
                    .endlessLinks, "`\(flow.name)` leads back to itself and asks nothing on the way",
                    at: place,
                    hint: hint)
            }
        }
    }

    /// A script that can be saved under `Tests/Conversations`.
    private func conversation(
        _ finding: ModelCheck.Finding, _ flow: Flow, _ program: DialogueProgram
    ) -> String {
        let opening = examples.first { flow.intents.contains($0.intent) }?.text ?? flow.title
        let answers = finding.answers.map { answer -> String in
            guard let value = answer.value else { return "跳过" }
            guard let slot = program.slot(answer.slot) else { return value }
            switch slot.kind {
            case .choice: return value
            case .place: return "北京"
            case .amount: return "12000元"
            case .number: return "3"
            }
        }
        return
            (["turns:", "  - user: \(opening)", "    flow_started: \(flow.name)"]
            + answers.map { "  - user: \($0)" }).joined(separator: "\n")
    }
}
