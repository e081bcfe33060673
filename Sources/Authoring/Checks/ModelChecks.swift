import Assistant
import Conversation
import Diagnostics
import Dialogue
import Knowledge
import Understanding

/// What all ways through the flows come to.
extension DialogReader {
    /// `day`: on which the facts are looked up.
    func checkModel(_ assistant: Assistant, on day: CivilDate) {
        checkWaysOut()
        checkPins(assistant.program)
        checkQuestions(assistant.program)
        let program = assistant.program
        let places = assistant.knowledge.placesWithFacts
        for flow in program.flows {
            var known: [Told: Bool] = [:]
            let check = ModelCheck(program) { response, slots in
                let told = Told(response: response, slots: slots)
                if let known = known[told] { return known }
                let tells = assistant.tells(response, of: flow, slots, in: places, on: day)
                known[told] = tells
                return tells
            }
            for finding in check.findings(in: flow) { report(finding, assistant, on: day) }
        }
        for finding in ModelCheck(program).circles() { report(finding, assistant, on: day) }
    }

    /// A question that keeps its place where none could be put before it is kept for nothing.
    private func checkPins(_ program: DialogueProgram) {
        for flow in program.flows {
            for (index, step) in flow.steps.enumerated()
            where step.isFixed && !program.isPinNeeded(index, in: flow) {
                guard let label = pinLabels["\(flow.name)/\(step.id)"] else { continue }
                collector.warning(.idleOrder, "`\(step.id)` would keep its place without this", at: label)
            }
        }
    }

    /// A question on which nothing hangs is passed over whenever it is come to.
    private func checkQuestions(_ program: DialogueProgram) {
        for flow in program.flows {
            for (index, step) in flow.steps.enumerated() where program.isQuestionIdle(index, in: flow) {
                guard let label = stepLabels["\(flow.name)/\(step.id)"] else { continue }
                collector.warning(
                    .idleQuestion, "nothing in `\(flow.name)` hangs on this, so it is never asked", at: label)
            }
        }
    }

    private struct Told: Hashable {
        var response: String
        var slots: Slots
    }

    /// From each state cancelling, help and a person are reached, as long as there are words that mean them.
    private func checkWaysOut() {
        guard let place = menu.first?.label else { return }
        let known = Set(examples.map(\.intent))
        for intent in ["cancel", "help", "human_handoff"] where !known.contains(intent) {
            collector.error(
                .noWayOut, "nothing that people may say means `\(intent)`", at: place,
                hint: "the examples stand in intents/\(intent).yaml")
        }
    }

    private func report(_ finding: ModelCheck.Finding, _ assistant: Assistant, on day: CivilDate) {
        let place = stepLabels["\(finding.flow)/\(finding.step)"] ?? stepLabels[finding.flow]
        guard let place, let flow = assistant.program.flow(finding.flow) else { return }
        let script = WitnessScript(finding, flow, assistant, on: day, examples: examples).text
        let hint = "the shortest conversation that shows it:\n" + script
        switch finding.kind {
        case .deadEnd:
            collector.error(
                .deadEnd, "a way through `\(flow.name)` ends without a word", at: place, hint: hint)
        case .alwaysTrue:
            collector.warning(
                .idleCondition, "this condition holds on every way that leads here", at: place, hint: hint)
        case .neverTrue:
            collector.warning(
                .idleCondition, "this condition holds on no way that leads here", at: place, hint: hint)
        case .unreachable:
            collector.warning(.unreachableStep, "no way through `\(flow.name)` leads here", at: place)
        case .endlessLinks:
            collector.error(
                .endlessLinks, "`\(flow.name)` leads back to itself and asks nothing on the way", at: place,
                hint: hint)
        case .noWayOut:
            collector.error(
                .noWayOut, "`\(flow.name)` leads back to itself and asks nothing the second time",
                at: place, hint: hint)
        case .valueWithoutFacts:
            let value = finding.answers.last.flatMap(\.value).map { "for `\($0)`" } ?? "here"
            collector.warning(
                .valueWithoutFacts, "\(value) `\(flow.name)` has neither a fact of any place nor a gap",
                at: place, hint: hint)
        case .overlappingBranches:
            collector.warning(
                .overlappingBranches, "two of the branches that begin here are taken at once", at: place,
                hint: hint)
        case .incompleteBranches:
            collector.warning(
                .incompleteBranches, "none of the branches that begin here is taken", at: place, hint: hint)
        }
    }
}

/// A script that shows a finding and can be saved under `Tests/Conversations`.
struct WitnessScript {
    let text: String

    /// `examples`: the first that starts the flow and gives none of the answers away is what the person says.
    init(
        _ finding: ModelCheck.Finding, _ flow: Flow, _ assistant: Assistant, on day: CivilDate,
        examples: [TrainingSet.Example]
    ) {
        var finding = finding
        // A circle asks in several flows.
        if finding.kind != .noWayOut {
            finding.answers = assistant.asAsked(
                finding.answers, in: flow, on: day, place: Self.place.code)
        }
        let opening = examples.first { example in
            flow.intents.contains(example.intent) && Self.asksFirst(example.text, flow, assistant, finding)
        }?.text
        var lines = ["turns:", "  - user: \(opening ?? flow.title)", "    flow_started: \(flow.name)"]
        lines += finding.answers.map { Self.answer($0, assistant.program) }
        text = lines.joined(separator: "\n")
    }

    /// Whether the words start the flow and leave to be asked what the finding answers.
    private static func asksFirst(
        _ words: String, _ flow: Flow, _ assistant: Assistant, _ finding: ModelCheck.Finding
    ) -> Bool {
        let time = Moment(seconds: 0)
        let turn = assistant.turn(Tracker(), on: Utterance(.text(words), at: time))
        guard turn.events.contains(.flowStarted(flow: flow.name)),
            !flow.slots.contains(where: { turn.tracker.slots[$0] != nil })
        else { return false }
        guard let first = finding.answers.first else { return true }
        if case .slot(first.slot, _)? = turn.tracker.state.question?.kind { return true }
        return false
    }

    private static let place = (name: "北京", code: "110000")

    private static func answer(_ answer: ModelCheck.Answer, _ program: DialogueProgram) -> String {
        guard let value = answer.value, let slot = program.slot(answer.slot) else { return "  - user: 跳过" }
        switch slot.kind {
        case .choice: return "  - choose: \(slot.name)=\(slot.option(value)?.key ?? value)"
        case .place: return "  - user: \(place.name)"
        case .amount: return "  - user: 12000元"
        case .number: return "  - user: 3"
        }
    }
}
