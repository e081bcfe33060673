import Authoring
import Conversation
import Diagnostics

/// The form of Rasa's end-to-end tests, read as it is: a file written for one runs on the other.
extension ScriptReader {
    func testCases(_ root: YAMLNode) -> [Script] {
        guard var reader = MappingReader(root, of: "a test file", in: file, into: collector) else {
            return []
        }
        _ = reader.optional("metadata")
        let fixtures = reader.optional("fixtures").map(fixtures) ?? [:]
        let cases = reader.requiredList("test_cases")
        reader.finish()
        return cases.compactMap { testCase($0, fixtures) }
    }

    private typealias Fixtures = [String: [(name: String, value: String)]]

    private func fixtures(_ node: YAMLNode) -> Fixtures {
        var all: Fixtures = [:]
        for fixture in (node.items ?? []).compactMap(\.entries).joined() {
            all[fixture.key] = (fixture.value.items ?? []).compactMap(\.entries).joined().map {
                ($0.key, $0.value.text ?? "")
            }
        }
        return all
    }

    private func testCase(_ node: YAMLNode, _ fixtures: Fixtures) -> Script? {
        guard var reader = MappingReader(node, of: "a test case", in: file, into: collector) else {
            return nil
        }
        let name = reader.requiredText("test_case") ?? ""
        let used = reader.texts("fixtures")
        _ = reader.optional("metadata")
        let time = reader.optional("now").flatMap(time) ?? Self.defaultTime
        let steps = reader.requiredList("steps")
        reader.finish()
        var turns: [Script.Turn] = []
        for step in steps { add(step, to: &turns) }
        return Script(
            name: name, file: file, time: time, profile: used.flatMap { fixtures[$0] ?? [] }, turns: turns)
    }

    /// A `user` step begins a turn; the steps after it say what the turn must do.
    private func add(_ node: YAMLNode, to turns: inout [Script.Turn]) {
        guard var reader = MappingReader(node, of: "a step", in: file, into: collector) else { return }
        defer { reader.finish() }
        if let user = reader.optional("user") {
            turns.append(Script.Turn(action: .say(user.text ?? ""), expectations: [], span: node.span))
        }
        if let choice = reader.optional("choose") {
            turns.append(
                Script.Turn(action: .choose(choice.text ?? "", of: nil), expectations: [], span: node.span))
        }
        _ = reader.optional("metadata")
        var expectations = said(&reader)
        expectations += names(&reader, "bot") { .bot($0) }
        expectations += names(&reader, "utter") { .utters($0) }
        expectations += names(&reader, "cites") { .cites($0) }
        expectations +=
            slots(reader.optional("slot_was_set"), set: true)
            + slots(reader.optional("slot_was_not_set"), set: false)
        for assertion in reader.list("assertions") { expectations += self.assertion(assertion) }
        guard !expectations.isEmpty else { return }
        if turns.isEmpty { turns.append(Script.Turn(action: .open, expectations: [], span: node.span)) }
        turns[turns.count - 1].expectations += expectations
    }

    /// `- city` or `- city: 济南` or `- {name: city, value: 济南}`.
    private func slots(_ node: YAMLNode?, set: Bool) -> [Script.Expectation] {
        guard let node else { return [] }
        return (node.items ?? [node]).flatMap { item -> [Script.Expectation] in
            if let name = item.text { return [.init(set ? .slot(name, nil) : .noSlot(name), item.span)] }
            if let name = item["name"]?.text {
                return [.init(set ? .slot(name, item["value"]?.text) : .noSlot(name), item.span)]
            }
            return (item.entries ?? []).map { entry in
                let value = entry.value.text
                return .init(
                    set && value != "null" ? .slot(entry.key, value) : .noSlot(entry.key), entry.keySpan)
            }
        }
    }

    private func assertion(_ node: YAMLNode) -> [Script.Expectation] {
        guard var reader = MappingReader(node, of: "an assertion", in: file, into: collector) else {
            return []
        }
        defer { reader.finish() }
        var all: [Script.Expectation] = []
        all += names(&reader, "flow_started") { .flowStarted($0) }
        all += flows(reader.optional("flow_completed")) { .flowCompleted($0) }
        all += flows(reader.optional("flow_cancelled")) { .flowCancelled($0) }
        all +=
            slots(reader.optional("slot_was_set"), set: true)
            + slots(reader.optional("slot_was_not_set"), set: false)
        all += names(&reader, "action_executed") { .utters($0) }
        all += names(&reader, "pattern_clarification_contains") { .offers($0) }
        all += uttered(reader.optional("bot_uttered"), text: { .says([$0]) }, name: { .utters($0) })
        all += uttered(reader.optional("bot_did_not_utter"), text: { .saysNot($0) }, name: { .uttersNot($0) })
        return all
    }

    private func flows(_ node: YAMLNode?, _ kind: (String) -> Script.Kind) -> [Script.Expectation] {
        guard let node, let name = node.text ?? node["flow_id"]?.text else { return [] }
        return [.init(kind(name), node.span)]
    }

    private func uttered(_ node: YAMLNode?, text: (String) -> Script.Kind, name: (String) -> Script.Kind)
        -> [Script.Expectation]
    {
        guard let node else { return [] }
        if let words = node.text { return [.init(text(words), node.span)] }
        var all: [Script.Expectation] = []
        if let words = node["text_matches"]?.text { all.append(.init(text(words), node.span)) }
        if let response = node["utter_name"]?.text { all.append(.init(name(response), node.span)) }
        return all
    }
}
