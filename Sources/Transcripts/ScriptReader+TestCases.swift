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
        let used = reader.optional("fixtures").map { $0.items ?? [$0] } ?? []
        _ = reader.optional("metadata")
        let time = reader.optional("now").flatMap(time) ?? Self.defaultTime
        let steps = reader.requiredList("steps")
        reader.finish()
        var turns: [Script.Turn] = []
        for step in steps { add(step, to: &turns) }
        return Script(name: name, file: file, time: time, profile: profile(used, fixtures), turns: turns)
    }

    private func profile(_ used: [YAMLNode], _ fixtures: Fixtures) -> [(name: String, value: String)] {
        used.flatMap { node -> [(name: String, value: String)] in
            if let fixture = node.text.flatMap({ fixtures[$0] }) { return fixture }
            collector.error(
                .wrongShape, "there is no fixture `\(node.text ?? node.shape)`",
                at: Diagnostic.Label(file, node.span, "expected one that `fixtures` of the file has"))
            return []
        }
    }

    /// A `user` step begins a turn; the steps after it say what the turn must do.
    private func add(_ node: YAMLNode, to turns: inout [Script.Turn]) {
        guard var reader = MappingReader(node, of: "a step", in: file, into: collector) else { return }
        defer { reader.finish() }
        let now = reader.optional("now").flatMap(time)
        if let action = action(&reader) {
            turns.append(Script.Turn(action: action, time: now, expectations: [], span: node.span))
        } else if now != nil {
            turns.append(Script.Turn(action: .open, time: now, expectations: [], span: node.span))
        }
        _ = reader.optional("metadata")
        if reader.flag("assertion_order_enabled") {
            collector.error(
                .wrongShape, "the order of assertions is not looked at",
                at: Diagnostic.Label(
                    file, node.span, "expected a step without `assertion_order_enabled: true`"))
        }
        var expectations = seen(&reader)
        expectations += names(&reader, "bot") { .bot($0) }
        expectations += names(&reader, "utter") { .utters($0) }
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
                return [.init(slot(name, item["value"]?.text, set: set), item.span)]
            }
            return (item.entries ?? []).map { entry in
                .init(slot(entry.key, entry.value.text ?? "null", set: set), entry.keySpan)
            }
        }
    }

    /// Without a value: whether it has any. A slot that was not set to a value is empty or has another.
    private func slot(_ name: String, _ value: String?, set: Bool) -> Script.Kind {
        switch (value, set) {
        case ("null", true): .noSlot(name)
        case ("null", false): .slot(name, nil)
        case (_, true): .slot(name, value)
        case (nil, false): .noSlot(name)
        case (let value?, false): .slotIsNot(name, value)
        }
    }

    private func assertion(_ node: YAMLNode) -> [Script.Expectation] {
        guard var reader = MappingReader(node, of: "an assertion", in: file, into: collector) else {
            return []
        }
        defer { reader.finish() }
        var all: [Script.Expectation] = []
        all += started(reader.optional("flow_started"))
        all += flows(reader.optional("flow_completed")) { .flowCompleted($0) }
        all += flows(reader.optional("flow_cancelled")) { .flowCancelled($0) }
        all +=
            slots(reader.optional("slot_was_set"), set: true)
            + slots(reader.optional("slot_was_not_set"), set: false)
        all += names(&reader, "action_executed") { .utters($0) }
        all += names(&reader, "pattern_clarification_contains") { .offers($0) }
        all += uttered(reader.optional("bot_uttered"), isExpected: true)
        all += uttered(reader.optional("bot_did_not_utter"), isExpected: false)
        return all
    }

    private func flows(_ node: YAMLNode?, _ kind: (String) -> Script.Kind) -> [Script.Expectation] {
        guard let node, let name = node.text ?? node["flow_id"]?.text else { return [] }
        return [.init(kind(name), node.span)]
    }

    /// A flow, or `{operator: all, flow_ids: […]}`.
    private func started(_ node: YAMLNode?) -> [Script.Expectation] {
        guard let node else { return [] }
        guard let ids = node["flow_ids"] else {
            return (node.items ?? [node]).compactMap { item in
                item.text.map { .init(.flowStarted($0), item.span) }
            }
        }
        let names = (ids.items ?? []).compactMap(\.text)
        switch node["operator"]?.text {
        case "any": return [.init(.oneStarted(names), node.span)]
        case "all", nil: return names.map { .init(.flowStarted($0), node.span) }
        case let other?:
            collector.error(
                .wrongShape, "`\(other)` is no operator",
                at: Diagnostic.Label(file, node.span, "expected `all` or `any`"))
            return []
        }
    }

    /// A name or `{utter_name:, text_matches:}`, the latter a regular expression.
    private func uttered(_ node: YAMLNode?, isExpected: Bool) -> [Script.Expectation] {
        guard let node else { return [] }
        if let words = node.text {
            return [.init(isExpected ? .says([words]) : .saysNot(words), node.span)]
        }
        var all: [Script.Expectation] = []
        if let pattern = node["text_matches"] {
            let text = pattern.text ?? ""
            if (try? Regex(text)) == nil {
                collector.error(
                    .wrongShape, "`\(text)` is no regular expression",
                    at: Diagnostic.Label(file, pattern.span, "expected one"))
            }
            all.append(.init(isExpected ? .matches(text) : .matchesNot(text), node.span))
        }
        if let response = node["utter_name"]?.text {
            all.append(.init(isExpected ? .utters(response) : .uttersNot(response), node.span))
        }
        return all
    }
}
