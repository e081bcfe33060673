import Conversation
import Diagnostics
import Dialogue
import Understanding

extension DialogReader {
    func readSlots(_ document: DialogFiles.Document) {
        guard let entries = document.root.entries else {
            collector.error(
                .wrongShape, "the slots are \(document.root.shape)",
                at: document.label(document.root.span, "expected a mapping from names to slots"))
            return
        }
        for entry in entries {
            guard declare("slot", entry.key, at: document.label(entry.keySpan)) else { continue }
            if let slot = readSlot(entry, document) { slots.append(slot) }
        }
    }

    private func readSlot(_ entry: YAMLNode.Entry, _ document: DialogFiles.Document) -> SlotDefinition? {
        let name = entry.key
        guard
            var reader = MappingReader(
                entry.value, of: "the slot `\(name)`", in: document.file, into: collector)
        else { return nil }
        let typeNode = reader.required("type")
        let label = reader.requiredText("label")
        let entity = reader.optionalText("entity")
        let role = reader.optionalText("role")
        let inherits = mentions(reader.optional("inherits"), document)
        let fallsBack = mentions(reader.optional("falls_back"), document)
        let dependsOn = mentions(reader.optional("depends_on"), document)
        let lifetimeNode = reader.optional("lifetime")
        let options = reader.list("values").compactMap { readOption($0, of: name, document) }
        let asks = reader.requiredList("ask")
        let why = reader.required("why")
        let meaning = reader.optional("meaning")
        let limits = reader.optional("limits").flatMap { readLimits($0, name, document) }
        for node in reader.list("refuse") { pendingRefusals.append((name, node, document)) }
        let none = reader.optionalInteger("none")
        let exhaustion = reader.required("on_exhaust").flatMap { readExhaustion($0, document) }
        let unknown = reader.optional("unknown").flatMap { readExhaustion($0, document) }
        let vague = reader.texts("vague")
        let names = reader.texts("called")
        let takesSeveral = reader.flag("several")
        let takesRange = reader.flag("ranges")
        let isPersonal = reader.flag("personal")
        let namesPerson = reader.flag("names_person")
        let twice = mentions(reader.optional("twice"), document)
        let otherEnd = mentions(reader.optional("other_end"), document)
        reader.finish()
        usedSlots += inherits + fallsBack + dependsOn + otherEnd
        usedFlows += twice
        for (index, node) in asks.enumerated() { addWording("ask.\(name).\(index)", [node], document) }
        if let why { addWording("why.\(name)", [why], document) }
        if let meaning { addWording("meaning.\(name)", [meaning], document) }
        guard let typeNode, let label, let exhaustion, let kind = kind(typeNode, options, document) else {
            return nil
        }
        let entityType = entity ?? (kind == .place ? "place" : name)
        for option in options {
            addPhrases([option.value, option.label], type: entityType, value: option.value)
        }
        return SlotDefinition(
            name: name, label: label, kind: kind, entity: entityType, role: role,
            inherits: (inherits + fallsBack).map(\.name), fallsBack: fallsBack.map(\.name),
            dependsOn: dependsOn.map(\.name), lifetime: lifetime(lifetimeNode, document),
            asks: asks.indices.map { "ask.\(name).\($0)" }, why: "why.\(name)",
            meaning: meaning.map { _ in "meaning.\(name)" }, exhaustion: exhaustion, unknown: unknown,
            limits: limits, none: none.map(String.init), vague: vague, names: names,
            takesSeveral: takesSeveral,
            takesRange: takesRange, isPersonal: isPersonal, namesPerson: namesPerson,
            twice: twice.first?.name, otherEnd: otherEnd.first?.name)
    }

    private func readLimits(_ node: YAMLNode, _ slot: String, _ document: DialogFiles.Document)
        -> SlotDefinition.Limits?
    {
        guard var reader = MappingReader(node, of: "the limits", in: document.file, into: collector) else {
            return nil
        }
        let above = reader.optionalInteger("above"), upTo = reader.optionalInteger("up_to")
        let tooSmall = reader.required("too_small"), tooLarge = reader.required("too_large")
        reader.finish()
        guard let tooSmall, let tooLarge else { return nil }
        addWording("limit.\(slot).small", [tooSmall], document)
        addWording("limit.\(slot).large", [tooLarge], document)
        return .init(
            above: above ?? -1, upTo: upTo ?? Int.max, tooSmall: "limit.\(slot).small",
            tooLarge: "limit.\(slot).large")
    }

    /// What slots are not to be beside others; a condition that does not look at the slot would refuse whatever is said. Places
    /// may be named, so that it comes after the knowledge base.
    func readRefusals() {
        for (slot, node, document) in pendingRefusals {
            guard
                var reader = MappingReader(node, of: "what is refused", in: document.file, into: collector)
            else { continue }
            let condition = reader.required("if"), words = reader.required("say")
            reader.finish()
            guard let condition, let words, let parsed = readCondition(condition, document) else { continue }
            guard parsed.slots.contains(slot) else {
                collector.error(
                    .badCondition, "what `\(slot)` refuses hangs on other slots alone",
                    at: document.label(condition.span, "expected a condition on `\(slot)`"))
                continue
            }
            let response = "refuse.\(slot).\(refusals[slot]?.count ?? 0)"
            addWording(response, [words], document)
            refusals[slot, default: []].append(.init(condition: parsed, response: response))
        }
    }

    /// What known values rule out; read after the knowledge base, like what slots refuse.
    func readExclusions() {
        for (slot, value, node, document) in pendingExclusions {
            guard let condition = readCondition(node, document) else { continue }
            exclusions[slot, default: []].append(.init(value: value, condition: condition))
        }
    }

    private func kind(
        _ node: YAMLNode, _ options: [SlotDefinition.Option],
        _ document: DialogFiles.Document
    ) -> SlotDefinition.Kind? {
        switch node.text {
        case "place": return .place
        case "amount": return .amount
        case "number": return .number
        case "choice":
            if options.isEmpty {
                collector.error(
                    .missingKey, "a choice needs `values`",
                    at: document.label(node.span, "no `values` beside it"))
            }
            return .choice(options)
        default:
            collector.error(
                .unknownValue, "`\(node.text ?? node.shape)` is no type of slot",
                at: document.label(node.span, "expected place, choice, amount or number"))
            return nil
        }
    }

    private func lifetime(_ node: YAMLNode?, _ document: DialogFiles.Document) -> SlotDefinition.Lifetime {
        guard let node else { return .conversation }
        if let lifetime = node.text.flatMap(SlotDefinition.Lifetime.init) { return lifetime }
        collector.error(
            .unknownValue, "`\(node.text ?? node.shape)` is no lifetime",
            at: document.label(node.span, "expected conversation or task"))
        return .conversation
    }

    private func readOption(_ node: YAMLNode, of slot: String, _ document: DialogFiles.Document)
        -> SlotDefinition.Option?
    {
        guard var reader = MappingReader(node, of: "a value", in: document.file, into: collector) else {
            return nil
        }
        let value = reader.requiredText("value")
        let key = reader.requiredText("key")
        let label = reader.requiredText("label")
        let meansYes = reader.optional("yes") == nil ? nil : reader.flag("yes")
        let words = reader.texts("words")
        let isOnlyAnswer = reader.flag("only_asked")
        let persons = reader.texts("persons")
        let lastsWith = mentions(reader.optional("lasts_with"), document)
        let told = mentions(reader.optional("told"), document).first
        let begins = mentions(reader.optional("begins"), document)
        let unless = reader.optional("unless")
        reader.finish()
        usedSlots += lastsWith
        usedFlows += begins
        guard let value, let key, let label else { return nil }
        if let unless { pendingExclusions.append((slot, value, unless, document)) }
        usedResponses += told.map { [$0] } ?? []
        wordings.append(Mention(name: label, label: document.label(node.span)))
        return SlotDefinition.Option(
            value: value, key: key, label: label, meansYes: meansYes, factWords: words,
            isOnlyAnswer: isOnlyAnswer, lastsWith: lastsWith.first?.name, told: told?.name,
            begins: begins.first?.name, persons: persons)
    }

    private func readExhaustion(_ node: YAMLNode, _ document: DialogFiles.Document) -> SlotDefinition
        .Exhaustion?
    {
        switch node.text {
        case "skip": return .skip
        case "park": return .park
        case "person": return .person
        default:
            if let value = node["take"]?.text, node.entries?.count == 1 { return .take(value: value) }
            collector.error(
                .unknownValue, "`\(node.text ?? node.shape)` is no way out",
                at: document.label(node.span, "expected skip, park, person or {take: VALUE}"))
            return nil
        }
    }

    /// The names in a list, or the one name that stands alone.
    func mentions(_ node: YAMLNode?, _ document: DialogFiles.Document) -> [Mention] {
        guard let node else { return [] }
        return (node.items ?? [node]).compactMap { item in
            guard let name = item.text else {
                collector.error(
                    .wrongShape, "a name is \(item.shape)", at: document.label(item.span, "expected a name"))
                return nil
            }
            return Mention(name: name, label: document.label(item.span))
        }
    }
}
