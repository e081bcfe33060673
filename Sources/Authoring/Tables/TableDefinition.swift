import Diagnostics
import Knowledge

/// What `table.yaml` says of a table.
struct TableDefinition {
    enum ColumnType: String, CaseIterable {
        case id, text, place, source, date, integer, decimal, flags, ids
        case choice = "enum"
    }

    struct Column {
        var name: String
        var type: ColumnType
        var isRequired: Bool
        /// What a cell may hold, for enums and flags; empty when anything goes.
        var values: [String]
        var span: SourceSpan
    }

    /// A column that the loader counts on: its name, the types it may have, and whether no row goes without
    /// it.
    struct Expectation {
        var name: String
        var types: [ColumnType]
        var isRequired = false
    }

    /// What the columns of a table must be, in this order.
    static func expectations(of table: String) -> [Expectation] {
        switch table {
        case "places":
            [
                Expectation(name: "code", types: [.id], isRequired: true),
                Expectation(name: "name", types: [.text], isRequired: true),
                Expectation(name: "level", types: [.choice], isRequired: true),
                Expectation(name: "parent", types: [.place]),
                Expectation(name: "aliases", types: [.flags]),
            ]
        case "sources":
            [
                Expectation(name: "id", types: [.id], isRequired: true),
                Expectation(name: "title", types: [.text], isRequired: true),
                Expectation(name: "date", types: [.text, .date]),
                Expectation(name: "authority", types: [.choice], isRequired: true),
                Expectation(name: "publisher", types: [.text]),
                Expectation(name: "document_no", types: [.text]),
                Expectation(name: "url", types: [.text]),
            ]
        case "doubts":
            [
                Expectation(name: "id", types: [.id], isRequired: true),
                Expectation(name: "kind", types: [.choice], isRequired: true),
                Expectation(name: "topic", types: [.text], isRequired: true),
                Expectation(name: "facts", types: [.ids], isRequired: true),
                Expectation(name: "says", types: [.text], isRequired: true),
                Expectation(name: "settles", types: [.text]), Expectation(name: "settled_by", types: [.ids]),
                Expectation(name: "asked", types: [.text]),
            ]
        case "synonyms":
            [
                Expectation(name: "word", types: [.text], isRequired: true),
                Expectation(name: "same_as", types: [.flags], isRequired: true),
            ]
        case "calculations": calculationColumns
        default: factColumns
        }
    }

    /// The rules by which sums are worked out.
    private static let calculationColumns: [Expectation] = [
        Expectation(name: "id", types: [.id], isRequired: true),
        Expectation(name: "sum", types: [.choice], isRequired: true),
        Expectation(name: "place", types: [.place], isRequired: true),
        Expectation(name: "insurance", types: [.flags]), Expectation(name: "population", types: [.flags]),
        Expectation(name: "scenario", types: [.flags]), Expectation(name: "level", types: [.flags]),
        Expectation(name: "ages", types: [.text]), Expectation(name: "birth", types: [.flags]),
        Expectation(name: "disease", types: [.flags]),
        Expectation(name: "label", types: [.text]), Expectation(name: "deductible", types: [.text]),
        Expectation(name: "shares", types: [.flags]), Expectation(name: "bounds", types: [.flags]),
        Expectation(name: "cap", types: [.flags]), Expectation(name: "least", types: [.flags]),
        Expectation(name: "most", types: [.flags]), Expectation(name: "base", types: [.choice]),
        Expectation(name: "extra", types: [.flags]), Expectation(name: "also", types: [.flags]),
        Expectation(name: "missing", types: [.flags]),
        Expectation(name: "standing", types: [.choice], isRequired: true),
        Expectation(name: "note", types: [.text]),
    ]

    /// Every fact table has the same columns.
    private static let factColumns: [Expectation] = [
        Expectation(name: "id", types: [.id], isRequired: true),
        Expectation(name: "topic", types: [.choice, .text], isRequired: true),
        Expectation(name: "attribute", types: [.choice, .text], isRequired: true),
        Expectation(name: "place", types: [.place], isRequired: true),
        Expectation(name: "insurance", types: [.choice]), Expectation(name: "population", types: [.choice]),
        Expectation(name: "condition", types: [.text]),
        Expectation(name: "value", types: [.text], isRequired: true),
        Expectation(name: "unit", types: [.text]), Expectation(name: "step", types: [.integer]),
        Expectation(name: "note", types: [.text]),
        Expectation(name: "source", types: [.source], isRequired: true),
        Expectation(name: "hint", types: [.text]), Expectation(name: "valid_from", types: [.date]),
        Expectation(name: "valid_to", types: [.date]), Expectation(name: "flags", types: [.flags]),
        Expectation(name: "supersedes", types: [.ids]),
    ]

    var name: String
    var key: String
    var columns: [Column]
    /// For fact tables: the wording of each attribute, in the order of the file.
    var attributes: [(name: String, wording: FactWording)]
    let file: SourceFile

    func column(_ name: String) -> Int? { columns.firstIndex { $0.name == name } }
}

extension TableDefinition {
    /// Nil when there is a mistake; all of them are reported.
    init?(_ file: SourceFile, folder: String, into collector: DiagnosticCollector) {
        let before = collector.diagnostics.count
        guard let root = YAMLReader.read(file, into: collector) else {
            if collector.diagnostics.count == before {
                collector.error(
                    .badTableDefinition, "`\(file.path)` is empty",
                    at: Diagnostic.Label(file, SourceSpan(line: 1, column: 1, length: 0)))
            }
            return nil
        }
        guard var reader = MappingReader(root, of: "a table", in: file, into: collector) else { return nil }
        let parser = TableDefinitionParser(file: file, collector: collector)
        let nameNode = reader.required("table")
        if let node = nameNode, let name = node.text, name != folder {
            parser.mistake(
                "the table in `\(folder)/` is called `\(name)`", at: node.span, "expected `\(folder)`")
        }
        _ = reader.requiredText("about")
        let keyNode = reader.required("key")
        let columns = reader.requiredList("columns").compactMap { parser.column($0) }
        let attributes = reader.list("attributes").compactMap { parser.attribute($0) }
        reader.finish()
        if let keyNode, let key = keyNode.text, !columns.contains(where: { $0.name == key }) {
            parser.mistake(
                "the key `\(key)` is no column", at: keyNode.span, "no such column",
                hint: NameSuggestion.hint(for: key, among: columns.map(\.name), kind: "column"))
        }
        // A column that cannot be read would shift all that follow.
        guard collector.diagnostics.count == before else { return nil }
        parser.compare(columns, with: Self.expectations(of: folder), at: root.span)
        guard collector.diagnostics.count == before, let name = nameNode?.text, let key = keyNode?.text else {
            return nil
        }
        self.init(name: name, key: key, columns: columns, attributes: attributes, file: file)
    }
}

private struct TableDefinitionParser {
    let file: SourceFile
    let collector: DiagnosticCollector

    func column(_ node: YAMLNode) -> TableDefinition.Column? {
        guard var reader = MappingReader(node, of: "a column", in: file, into: collector) else { return nil }
        let name = reader.requiredText("name")
        let typeNode = reader.required("type")
        let isRequired = reader.flag("required")
        let values = reader.texts("values")
        _ = reader.optionalText("about")
        reader.finish()
        guard let name, let typeNode, let word = typeNode.text else { return nil }
        guard let type = TableDefinition.ColumnType(rawValue: word) else {
            mistake(
                "`\(word)` is no type of a column", at: typeNode.span, "unknown type",
                hint: NameSuggestion.hint(
                    for: word, among: TableDefinition.ColumnType.allCases.map(\.rawValue), kind: "type"))
            return nil
        }
        if type == .choice, values.isEmpty {
            mistake("the enum `\(name)` has no values", at: typeNode.span, "expected `values` beside it")
        }
        return TableDefinition.Column(
            name: name, type: type, isRequired: isRequired, values: values, span: node.span)
    }

    /// The loader takes cells by their place in the row, so the columns must be the ones that it knows.
    func compare(
        _ columns: [TableDefinition.Column], with expectations: [TableDefinition.Expectation],
        at span: SourceSpan
    ) {
        for (column, expected) in zip(columns, expectations) {
            guard column.name == expected.name else {
                return mistake(
                    "the column `\(column.name)` stands where `\(expected.name)` belongs", at: column.span,
                    "expected `\(expected.name)` here",
                    hint: "the columns are \(expectations.map { "`\($0.name)`" }.joined(separator: ", "))")
            }
            let types = expected.types.map { "`\($0.rawValue)`" }.joined(separator: " or ")
            if !expected.types.contains(column.type) {
                mistake(
                    "the column `\(column.name)` is of type `\(column.type.rawValue)`", at: column.span,
                    "expected \(types)")
            }
            if expected.isRequired, !column.isRequired {
                mistake(
                    "the column `\(column.name)` is not required", at: column.span,
                    "expected `required: true`")
            }
        }
        guard columns.count != expectations.count else { return }
        if columns.count < expectations.count {
            mistake(
                "the column `\(expectations[columns.count].name)` is missing", at: columns.last?.span ?? span,
                "expected after this one")
        } else {
            mistake(
                "the column `\(columns[expectations.count].name)` is not known",
                at: columns[expectations.count].span,
                "one column too many")
        }
    }

    func attribute(_ node: YAMLNode) -> (name: String, wording: FactWording)? {
        guard var reader = MappingReader(node, of: "an attribute", in: file, into: collector) else {
            return nil
        }
        let name = reader.requiredText("name")
        let wording = reader.required("wording")
        let words = reader.optional("wording_text")
        reader.finish()
        guard let name, let wording, let text = wording.text else { return nil }
        do throws(FactWording.Mistake) {
            if let words { _ = try FactWording(parsing: words.text ?? "") }
        } catch {
            report(error, at: words?.span ?? node.span)
            return nil
        }
        do throws(FactWording.Mistake) {
            return (name, try FactWording(parsing: text, forWords: words?.text))
        } catch {
            report(error, at: wording.span)
            return nil
        }
    }

    private func report(_ mistake: FactWording.Mistake, at span: SourceSpan) {
        let fields = FactWording.Field.allCases.map(\.rawValue)
        // Behind the opening quotation mark, when the text has no escapes.
        let column = min(span.start.column + 1 + mistake.offset, max(span.end.column - 1, span.start.column))
        let place = SourceSpan(line: span.start.line, column: column, length: 1)
        collector.error(
            .badWording, mistake.message, at: Diagnostic.Label(file, place),
            hint: mistake.unknownField.flatMap { NameSuggestion.hint(for: $0, among: fields, kind: "field") })
    }

    func mistake(_ message: String, at span: SourceSpan, _ label: String, hint: String? = nil) {
        collector.error(.badTableDefinition, message, at: Diagnostic.Label(file, span, label), hint: hint)
    }
}
