import Conversation
import Diagnostics
import Dialogue
import Knowledge

extension DialogReader {
    func readFlow(_ document: DialogFiles.Document) {
        guard var reader = MappingReader(document.root, of: "a flow", in: document.file, into: collector)
        else { return }
        let node = reader.required("flow")
        let title = reader.requiredText("title")
        let intents = mentions(reader.optional("intents"), document)
        let optional = mentions(reader.optional("optional"), document)
        let steps = reader.requiredList("steps")
        let followUps = mentions(reader.optional("follow_ups"), document)
        let returns = reader.optional("returns") == nil || reader.flag("returns")
        let keeps = reader.flag("keeps")
        let hearsRefusal = reader.flag("hears_refusal")
        let countsQuestions = reader.flag("count_questions")
        let onCancel = mentions(reader.optional("on_cancel"), document).first
        let told = (reader.optional("told")?.entries ?? []).compactMap { entry in
            mentions(entry.value, document).first.map { (entry.key, $0) }
        }
        let standIn = reader.optional("stands_in").flatMap { readStandIn($0, document) }
        let refusal = reader.optional("refused").flatMap { readRefusal($0, document) }
        reader.finish()
        guard let node, let name = node.text, let title else { return }
        checkFileName(name, document, node)
        guard declare("flow", name, at: document.label(node.span)) else { return }
        usedIntents += intents
        usedSlots += optional
        usedFlows += followUps
        usedResponses += told.map(\.1) + (onCancel.map { [$0] } ?? [])
        var compiler = FlowCompiler(self, document)
        compiler.compile(steps)
        stepLabels[name] = document.label(node.span)
        for (step, span) in compiler.ids { stepLabels["\(name)/\(step)"] = document.label(span) }
        for (step, span) in compiler.pins { pinLabels["\(name)/\(step)"] = document.label(span) }
        flows.append(
            Flow(
                name: name, title: title, intents: intents.map(\.name), steps: compiler.steps,
                optional: optional.map(\.name), followUps: followUps.map(\.name), returns: returns,
                keeps: keeps, hearsRefusal: hearsRefusal, refusal: refusal, countsQuestions: countsQuestions,
                standsInFor: standIn?.flows ?? [],
                standsInIf: standIn?.condition, onCancel: onCancel?.name,
                told: Dictionary(told.map { ($0, $1.name) }, uniquingKeysWith: { first, _ in first })))
    }

    /// In whose place a flow is begun, and when.
    private func readStandIn(_ node: YAMLNode, _ document: DialogFiles.Document) -> (
        flows: [String], condition: Condition?
    )? {
        guard var reader = MappingReader(node, of: "`stands_in`", in: document.file, into: collector) else {
            return nil
        }
        let flows = mentions(reader.required("for"), document)
        let condition = reader.optional("if").flatMap { readCondition($0, document) }
        reader.finish()
        usedFlows += flows
        return (flows.map(\.name), condition)
    }

    /// What is said, or begun, where somebody does not want the flow any more.
    private func readRefusal(_ node: YAMLNode, _ document: DialogFiles.Document) -> Refusal? {
        guard var reader = MappingReader(node, of: "`refused`", in: document.file, into: collector) else {
            return nil
        }
        let responses = mentions(reader.optional("say"), document)
        let flows = mentions(reader.optional("begin"), document)
        let words = mentions(reader.optional("words"), document).map(\.name)
        reader.finish()
        usedResponses += responses
        usedFlows += flows
        if let flow = flows.first { return Refusal(.begins(flow: flow.name), words: words) }
        if let response = responses.first { return Refusal(.tells(response: response.name), words: words) }
        collector.error(
            .missingKey, "`refused` says and begins nothing",
            at: document.label(node.span, "needs `say` or `begin`"))
        return nil
    }

    func readCondition(_ node: YAMLNode, _ document: DialogFiles.Document) -> Condition? {
        guard let text = node.text else {
            collector.error(
                .badCondition, "a condition is \(node.shape)",
                at: document.label(node.span, "expected a condition"))
            return nil
        }
        do {
            let condition = try ConditionParser.parse(text) { [knowledge] in knowledge.placeCode(named: $0) }
            let label = document.label(node.span)
            usedSlots += condition.slots.map { Mention(name: $0, label: label) }
            usedSums += condition.sums.map { Mention(name: $0, label: label) }
            comparedValues += condition.comparedValues.map {
                ($0.slot, Mention(name: $0.value, label: label))
            }
            return condition
        } catch {
            let column = node.span.start.column + error.offset
            let span = SourceSpan(line: node.span.start.line, column: column, length: 1)
            collector.error(
                .badCondition, "the condition cannot be read: \(error.message)", at: document.label(span))
            return nil
        }
    }
}

/// Turns nested steps into a flat list with jumps.
private struct FlowCompiler {
    private let owner: DialogReader
    private let document: DialogFiles.Document
    private(set) var steps: [Step] = []
    private(set) var ids: [String: SourceSpan] = [:]
    /// Where it is written that a question keeps its place, by the name of the step.
    private(set) var pins: [String: SourceSpan] = [:]

    init(_ owner: DialogReader, _ document: DialogFiles.Document) {
        self.owner = owner
        self.document = document
    }

    mutating func compile(_ nodes: [YAMLNode]) {
        for node in nodes { compile(node) }
    }

    private mutating func compile(_ node: YAMLNode) {
        if let word = node.text {
            switch word {
            case "end": return add(.end, "end", node.span)
            case "hand_off": return add(.handOff, "hand_off", node.span)
            default:
                owner.collector.error(
                    .unknownKey, "`\(word)` is no step", at: document.label(node.span),
                    hint: NameSuggestion.hint(for: word, among: Self.kinds, kind: "step"))
                return
            }
        }
        guard var reader = MappingReader(node, of: "a step", in: document.file, into: owner.collector) else {
            return
        }
        let id = reader.optionalText("id")
        let conditionNode = reader.optional("if")
        let condition = conditionNode.flatMap { owner.readCondition($0, document) }
        if let slot = reader.optional("collect"), let name = slot.text {
            owner.usedSlots.append(.init(name: name, label: document.label(slot.span)))
            add(.collect(slot: name, condition: condition), id ?? name, slot.span)
            if let order = reader.optional("order") { fix(order) }
        } else if let response = reader.optional("say"), let name = response.text {
            owner.usedResponses.append(.init(name: name, label: document.label(response.span)))
            add(.say(response: name, condition: condition), id ?? name, response.span)
        } else if let flow = reader.optional("link"), let name = flow.text {
            owner.usedFlows.append(.init(name: name, label: document.label(flow.span)))
            add(.link(flow: name), id ?? "link.\(name)", flow.span)
        } else if let setting = reader.optional("set") {
            set(setting, id)
        } else if conditionNode != nil {
            branch(condition, then: reader.list("then"), otherwise: reader.list("else"), at: node.span)
        } else {
            owner.collector.error(
                .missingKey, "a step does nothing", at: document.label(node.span),
                hint: "the steps are \(Self.kinds.map { "`\($0)`" }.joined(separator: ", "))")
        }
        reader.finish()
    }

    private static let kinds = ["collect", "say", "if", "set", "link", "hand_off", "end"]

    /// The question that was read last keeps its place.
    private mutating func fix(_ order: YAMLNode) {
        guard order.text == "fixed" else {
            owner.collector.error(
                .unknownValue, "`\(order.text ?? order.shape)` is no order of questions",
                at: document.label(order.span, "expected fixed"))
            return
        }
        steps[steps.count - 1].isFixed = true
        pins[steps[steps.count - 1].id] = order.span
    }

    private mutating func set(_ node: YAMLNode, _ id: String?) {
        for entry in node.entries ?? [] {
            owner.usedSlots.append(.init(name: entry.key, label: document.label(entry.keySpan)))
            guard let value = entry.value.text else { continue }
            owner.comparedValues.append(
                (entry.key, .init(name: value, label: document.label(entry.value.span))))
            add(.set(slot: entry.key, value: value), id ?? "set.\(entry.key)", entry.keySpan)
        }
    }

    private mutating func branch(
        _ condition: Condition?, then: [YAMLNode], otherwise: [YAMLNode], at span: SourceSpan
    ) {
        let condition = condition ?? .any([])
        let position = steps.count
        ids["branch.\(position)"] = span
        steps.append(Step(id: "branch.\(position)", action: .branch(condition, otherwise: 0)))
        compile(then)
        if otherwise.isEmpty {
            steps[position].action = .branch(condition, otherwise: steps.count)
            return
        }
        let jump = steps.count
        steps.append(Step(id: "jump.\(jump)", action: .jump(0)))
        steps[position].action = .branch(condition, otherwise: steps.count)
        compile(otherwise)
        steps[jump].action = .jump(steps.count)
    }

    /// A name that is taken gets a number, unless the author gave it.
    private mutating func add(_ action: Step.Action, _ id: String, _ span: SourceSpan) {
        var unique = id
        var count = 1
        while ids[unique] != nil {
            count += 1
            unique = "\(id)#\(count)"
        }
        ids[unique] = span
        steps.append(Step(id: unique, action: action))
    }
}

extension Condition {
    /// Values that slots are compared with.
    var comparedValues: [(slot: String, value: String)] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.comparedValues)
        case .not(let part): part.comparedValues
        case .equals(let slot, let values): values.map { (slot, $0) }
        case .isSet, .compares, .holds: []
        }
    }
}
