import Diagnostics
import Knowledge

/// Reads the rows of one table and checks each cell against its column.
struct TableReader {
    /// Larger tables are no tables that people edit.
    static let sizeLimit = 256 << 20
    /// Mistakes of one file that are listed; a file in the wrong shape has one in every row.
    private static let mistakeLimit = 100

    let definition: TableDefinition
    let file: SourceFile
    let references: References
    private let collector: DiagnosticCollector
    private var csv: CSVReader
    private var fields: [CSVReader.Field] = []
    private let allowed: [Set<String>]
    /// For each column, the cells that were right: rows have much in common.
    private var cells: [CellMemory]
    private var hasControls = false
    private let keyColumn: Int
    private let firstMistake: Int

    /// What cells may refer to; nil for what could not be read, of which nothing is said then.
    struct References {
        /// The names by code.
        var places: [String: String]?
        var sources: Set<String>?
    }

    init(
        _ definition: TableDefinition, _ file: SourceFile, _ references: References,
        into collector: DiagnosticCollector
    ) {
        self.definition = definition
        self.file = file
        self.references = references
        self.collector = collector
        csv = CSVReader(file, into: collector)
        allowed = definition.columns.map { Set($0.values) }
        cells = definition.columns.map { CellMemory(isShared: $0.type != .id) }
        keyColumn = definition.column(definition.key) ?? 0
        firstMistake = collector.diagnostics.count
    }

    /// Whether the file is text and its header names the columns.
    mutating func begin() -> Bool {
        guard TextScreening.admits(file, limit: Self.sizeLimit, into: collector) else { return false }
        hasControls = file.bytes.contains { $0 < 0x20 && $0 != 0x0A && $0 != 0x0D || $0 == 0x7F }
        guard csv.next(into: &fields) else {
            collector.error(
                .columnMismatch, "`\(file.path)` has no header",
                at: Diagnostic.Label(file, SourceSpan(line: 1, column: 1, length: 0)))
            return false
        }
        let names = definition.columns.map(\.name)
        for (position, field) in fields.enumerated() {
            let name = csv.text(of: field)
            let expected = position < names.count ? names[position] : nil
            guard name != expected else { continue }
            let hint =
                names.contains(name)
                ? "columns stand in the order of \(definition.file.path)"
                : NameSuggestion.hint(for: name, among: names, kind: "declared column")
            report(
                .columnMismatch, "the header names `\(name)`", position,
                expected.map { "expected `\($0)` here" } ?? "one column too many", hint: hint)
            return false
        }
        if fields.count < names.count {
            report(
                .columnMismatch, "the header has no `\(names[fields.count])`", fields.count - 1,
                "the last column")
            return false
        }
        return true
    }

    /// The next row that has all its cells; nil at the end. Rows that have not are reported and passed over.
    mutating func next() -> TableRow? {
        while csv.next(into: &fields) {
            guard collector.diagnostics.count - firstMistake <= Self.mistakeLimit else {
                collector.error(.badCell, "more mistakes in `\(file.path)` are not listed", at: label(0))
                return nil
            }
            guard fields.count == definition.columns.count else {
                reportRagged()
                continue
            }
            var texts: [String] = []
            texts.reserveCapacity(fields.count)
            for column in fields.indices { texts.append(text(of: column)) }
            return TableRow(texts: texts, fields: fields, file: file)
        }
        return nil
    }

    private func reportRagged() {
        let expected = definition.columns.count
        let count = fields.count == 1 ? "1 cell" : "\(fields.count) cells"
        let isEmpty = fields.count == 1 && fields[0].range.isEmpty
        report(
            .csvRagged, isEmpty ? "an empty line" : "a row has \(count), the header \(expected)",
            min(fields.count, expected + 1) - 1,
            fields.count > expected ? "one cell too many" : "the row ends here",
            hint: fields.count > expected ? "a cell that holds a comma stands in quotation marks" : nil)
    }

    // MARK: Cells

    /// The text of a cell, checked unless one with the same bytes was right before.
    private mutating func text(of column: Int) -> String {
        let field = fields[column]
        if !field.isEscaped, let known = cells[column].text(of: field.range, in: file.bytes) { return known }
        let text = csv.text(of: field)
        let before = collector.diagnostics.count
        check(text, column)
        if !field.isEscaped, !text.isEmpty, collector.diagnostics.count == before {
            cells[column].remember(text, field.range)
        }
        return text
    }

    private func check(_ text: String, _ position: Int) {
        let column = definition.columns[position]
        if text.isEmpty {
            if column.isRequired {
                report(.emptyCell, "`\(column.name)` is empty", position, "this cell must be filled")
            }
            return
        }
        if hasControls || fields[position].isQuoted { checkCharacters(text, position) }
        switch column.type {
        case .id: if !Self.isIdentifier(text) { bad(text, position, "an id is letters, digits, `-` and `_`") }
        case .text: checkText(text, position)
        case .place:
            guard let places = references.places, places[text] == nil else { return }
            report(
                .unknownPlace, "no place has the code `\(text)`", position, "not in any row of its table",
                hint: PlaceSuggestion.hint(for: text, among: places))
        case .source:
            guard let sources = references.sources, !sources.contains(text) else { return }
            report(
                .unknownSource, "no source has the id `\(text)`", position, "not in any row of its table",
                hint: NameSuggestion.nearest(to: text, among: sources.sorted()).map {
                    "the nearest id is `\($0)`"
                })
        case .date:
            if CalendarDay(text) == nil {
                bad(text, position, "expected a date like 2025, 2025-03 or 2025-03-17")
            }
        case .integer: if !Self.isInteger(text) { bad(text, position, "expected a whole number") }
        case .decimal: if !Self.isDecimal(text) { bad(text, position, "expected a number without grouping") }
        case .flags: checkWords(text, position)
        case .ids:
            for id in text.split(separator: " ") where !Self.isIdentifier(String(id)) {
                bad(String(id), position, "expected ids separated by spaces")
            }
        case .choice:
            if !allowed[position].contains(text) {
                bad(
                    text, position, "not a value of `\(column.name)`",
                    hint: NameSuggestion.hint(for: text, among: column.values, kind: "value"))
            }
        }
    }

    private func checkCharacters(_ text: String, _ position: Int) {
        for byte in text.utf8 where byte < 0x20 || byte == 0x7F {
            report(
                .controlCharacter, "the cell holds the character \(TextScreening.hexadecimal(byte))",
                position,
                byte == 0x0A ? "a cell is one line" : "it cannot be seen")
            return
        }
    }

    private func checkText(_ text: String, _ position: Int) {
        let first = text.utf8.first
        if first == UInt8(ascii: "="), text.utf8.count > 1 {
            bad(text, position, "a formula that a spreadsheet left")
        }
        if first == 0x20 || text.utf8.last == 0x20 {
            bad(text, position, "a space at the beginning or the end")
        }
    }

    private func checkWords(_ text: String, _ position: Int) {
        guard !allowed[position].isEmpty else { return }
        let column = definition.columns[position]
        for word in text.split(separator: " ").map(String.init) where !allowed[position].contains(word) {
            bad(
                word, position, "not a value of `\(column.name)`",
                hint: NameSuggestion.hint(for: word, among: column.values, kind: "value"))
        }
    }

    private func bad(_ text: String, _ position: Int, _ label: String, hint: String? = nil) {
        report(.badCell, "`\(definition.columns[position].name)` is `\(text)`", position, label, hint: hint)
    }

    private func report(
        _ code: DiagnosticCode, _ message: String, _ position: Int, _ text: String, hint: String? = nil
    ) {
        collector.error(code, message, at: label(position, text), hint: hint)
    }

    private func label(_ position: Int, _ text: String = "") -> Diagnostic.Label {
        Diagnostic.Label(file, file.span(of: fields[position].range), text)
    }

    static func isIdentifier(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    private static func isInteger(_ text: String) -> Bool {
        text.utf8.count <= 9 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isDecimal(_ text: String) -> Bool {
        let parts = text.utf8.split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        return parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }
    }
}

/// The cells of a column that were right, by their bytes.
private struct CellMemory {
    /// Texts that are kept at most: a column that has more has few twice.
    private static let limit = 1 << 14

    /// Whether texts come again in other rows than the next one.
    private let isShared: Bool
    private var last: (text: String, range: Range<Int>)?
    private var texts = TextTable()

    init(isShared: Bool) { self.isShared = isShared }

    mutating func text(of range: Range<Int>, in bytes: [UInt8]) -> String? {
        bytes.withUnsafeBufferPointer { buffer in
            let cell = UnsafeBufferPointer(rebasing: buffer[range])
            if let last, last.range.count == range.count, buffer[last.range].elementsEqual(cell) {
                return last.text
            }
            guard isShared, let number = texts.number(of: cell) else { return nil }
            last = (texts.texts[number], range)
            return texts.texts[number]
        }
    }

    mutating func remember(_ text: String, _ range: Range<Int>) {
        last = (text, range)
        if isShared, texts.count < Self.limit { _ = texts.insert(text) }
    }
}

/// A row whose cells are there; whether they hold what they should is reported.
struct TableRow {
    let texts: [String]
    private let fields: [CSVReader.Field]
    let file: SourceFile

    init(texts: [String], fields: [CSVReader.Field], file: SourceFile) {
        self.texts = texts
        self.fields = fields
        self.file = file
    }

    /// The bytes of a cell, for a label that is drawn later.
    func range(_ column: Int) -> Range<Int> { fields[column].range }

    func label(_ column: Int, _ text: String = "") -> Diagnostic.Label {
        Diagnostic.Label(file, file.span(of: fields[column].range), text)
    }

    /// A word of a cell that holds several; the whole cell when it is written with quotation marks.
    func label(_ column: Int, word: Int, _ text: String) -> Diagnostic.Label {
        let range = fields[column].range
        let words = texts[column].utf8.split(separator: 0x20)
        guard range.count == texts[column].utf8.count, words.indices.contains(word) else {
            return label(column, text)
        }
        let start = texts[column].utf8.distance(from: texts[column].startIndex, to: words[word].startIndex)
        let first = range.lowerBound + start
        return Diagnostic.Label(file, file.span(of: first..<first + words[word].count), text)
    }
}
