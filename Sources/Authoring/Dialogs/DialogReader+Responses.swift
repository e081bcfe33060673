import Assistant
import Conversation
import Diagnostics
import Dialogue
import Knowledge

extension DialogReader {
    func readResponses(_ document: DialogFiles.Document) {
        guard
            var reader = MappingReader(
                document.root, of: "a responses file", in: document.file, into: collector)
        else { return }
        let node = reader.required("responses")
        reader.finish()
        for entry in node?.entries ?? [] {
            guard declare("response", entry.key, at: document.label(entry.keySpan)) else { continue }
            responses.append(
                Response(name: entry.key, blocks: blocks(entry.value, document, isPattern: false)))
        }
    }

    func readPattern(_ document: DialogFiles.Document) {
        guard var reader = MappingReader(document.root, of: "a pattern", in: document.file, into: collector)
        else { return }
        let node = reader.required("pattern")
        let say = reader.required("say")
        reader.finish()
        guard let node, let name = node.text, let say else { return }
        checkFileName(name, document, node)
        guard declare("pattern", name, at: document.label(node.span)) else { return }
        responses.append(Response(name: "pattern.\(name)", blocks: blocks(say, document, isPattern: true)))
    }

    /// A wording that belongs to a slot: a question or a reason.
    func addWording(_ name: String, _ nodes: [YAMLNode], _ document: DialogFiles.Document) {
        let templates = nodes.compactMap { template($0, document, isPattern: false) }
        responses.append(Response(name: name, blocks: [.init(.text(templates))]))
    }

    private func blocks(_ node: YAMLNode, _ document: DialogFiles.Document, isPattern: Bool) -> [Response
        .Block]
    {
        guard let items = node.items else {
            collector.error(
                .wrongShape, "a response is \(node.shape)",
                at: document.label(node.span, "expected a list of blocks"))
            return []
        }
        return items.compactMap { block($0, document, isPattern: isPattern) }
    }

    private func block(_ node: YAMLNode, _ document: DialogFiles.Document, isPattern: Bool) -> Response.Block?
    {
        guard var reader = MappingReader(node, of: "a block", in: document.file, into: collector) else {
            return nil
        }
        defer { reader.finish() }
        let condition = reader.optional("if").flatMap { readCondition($0, document) }
        if let text = reader.optional("text") {
            let templates = (text.items ?? [text]).compactMap { template($0, document, isPattern: isPattern) }
            return Response.Block(.text(templates), if: condition)
        }
        if let sum = reader.optional("calculation") {
            return calculation(sum, &reader, condition, document, isPattern: isPattern)
        }
        guard let facts = reader.required("facts") else { return nil }
        var block = factBlock(facts, document)
        if let node = reader.optional("as") {
            if let layout = node.text.flatMap(FactBlock.Layout.init) {
                block?.layout = layout
            } else {
                reportName(node, FactBlock.Layout.allCases.map(\.rawValue), "layout", document)
            }
        }
        block?.title = reader.optional("title").flatMap { template($0, document, isPattern: isPattern) }
        block?.missing = reader.optional("missing").flatMap { template($0, document, isPattern: isPattern) }
        if let limit = reader.optionalInteger("limit") { block?.limit = limit }
        guard let block else { return nil }
        lookUps.append((block, document.label(facts.span)))
        let later = reader.optional("later").flatMap { self.later($0, document) }
        return Response.Block(.facts(block), if: condition, later: later)
    }

    private func later(_ node: YAMLNode, _ document: DialogFiles.Document) -> Response.Later? {
        guard
            var reader = MappingReader(
                node, of: "what is kept for later", in: document.file, into: collector)
        else { return nil }
        defer { reader.finish() }
        guard let offer = reader.required("offer") else { return nil }
        wordings.append(Mention(name: offer.text ?? "", label: document.label(offer.span)))
        return Response.Later(
            offer: offer.text ?? "", shown: reader.optionalInteger("show") ?? 0, words: reader.texts("words"))
    }

    private func calculation(
        _ node: YAMLNode, _ reader: inout MappingReader, _ condition: Condition?,
        _ document: DialogFiles.Document, isPattern: Bool
    ) -> Response.Block? {
        usedSums.append(Mention(name: node.text ?? node.shape, label: document.label(node.span)))
        let variations = mentions(reader.optional("what_if"), document)
        usedSlots += variations
        let missing = reader.optional("missing").flatMap { template($0, document, isPattern: isPattern) }
        let later = reader.optional("later").flatMap { self.later($0, document) }
        let remarks = reader.texts("not_counted")
        for node in reader.optional("not_counted").map({ $0.items ?? [$0] }) ?? [] {
            wordings.append(Mention(name: node.text ?? "", label: document.label(node.span)))
        }
        guard let sum = CalculationRule.Sum(rawValue: node.text ?? "") else { return nil }
        return Response.Block(
            .calculation(
                CalculationBlock(
                    sum: sum, variations: variations.map(\.name), notCounted: remarks, missing: missing)),
            if: condition, later: later)
    }

    private func factBlock(_ node: YAMLNode, _ document: DialogFiles.Document) -> FactBlock? {
        guard var reader = MappingReader(node, of: "a look-up", in: document.file, into: collector) else {
            return nil
        }
        defer { reader.finish() }
        var block = FactBlock()
        let topics = reader.optional("topic")
        block.topics = (topics.map { $0.items ?? [$0] } ?? []).compactMap {
            template($0, document, isPattern: false)
        }
        block.attributes = reader.texts("attribute")
        block.place = slot(reader.optional("place"), document)
        block.otherEnd = slots.first { $0.name == block.place }?.otherEnd
        block.months = slot(reader.optional("months"), document)
        block.insurance = slot(reader.optional("insurance"), document)
        block.fixedInsurance = reader.optionalText("fixed_insurance")
        if let population = reader.optional("population") {
            if population.items == nil {
                block.population = slot(population, document)
            } else {
                block.fixedPopulations = mentions(population, document).map(\.name)
            }
        }
        let narrowing = mentions(reader.optional("narrow"), document)
        usedSlots += narrowing
        block.narrowing = narrowing.map(\.name)
        block.about = reader.texts("about")
        block.notAbout = reader.texts("not_about")
        let ids = mentions(reader.optional("ids"), document)
        usedFacts += ids
        block.identifiers = ids.map(\.name)
        block.includesPast = reader.flag("past")
        block.tellsLast = reader.flag("last")
        block.ownInsuranceOnly = reader.flag("own_insurance")
        if let limit = reader.optionalInteger("limit") { block.limit = limit }
        if let node = reader.optional("breadth") {
            if let breadth = node.text.flatMap(FactBlock.Breadth.init) {
                block.breadth = breadth
            } else {
                reportName(node, FactBlock.Breadth.allCases.map(\.rawValue), "breadth", document)
            }
        }
        return block
    }

    private func slot(_ node: YAMLNode?, _ document: DialogFiles.Document) -> String? {
        guard let node, let name = node.text else { return nil }
        usedSlots.append(Mention(name: name, label: document.label(node.span)))
        return name
    }

    private func reportName(
        _ node: YAMLNode, _ names: [String], _ kind: String, _ document: DialogFiles.Document
    ) {
        let name = node.text ?? node.shape
        collector.error(
            .unknownValue, "`\(name)` is no \(kind)", at: document.label(node.span),
            hint: NameSuggestion.hint(for: name, among: names, kind: kind))
    }

    private func template(_ node: YAMLNode, _ document: DialogFiles.Document, isPattern: Bool) -> Template? {
        guard let text = node.text else {
            collector.error(
                .wrongShape, "a wording is \(node.shape)", at: document.label(node.span, "expected a text"))
            return nil
        }
        do {
            let template = try Template(parsing: text)
            let label = document.label(node.span)
            usedGaps += template.gaps.map { (Mention(name: $0, label: label), isPattern) }
            usedFacts += template.facts.map { Mention(name: $0, label: label) }
            for literal in template.literals { wordings.append(Mention(name: literal, label: label)) }
            return template
        } catch {
            let span = SourceSpan(
                line: node.span.start.line, column: node.span.start.column + error.offset, length: 1)
            collector.error(
                .badTemplate, "the wording cannot be read: \(error.message)", at: document.label(span))
            return nil
        }
    }
}
