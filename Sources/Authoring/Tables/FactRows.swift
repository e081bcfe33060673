import Conversation
import Diagnostics
import Knowledge

/// One table with facts, read by itself: nothing of it needs the other tables with facts.
struct FactRows: Sendable {
    let file: SourceFile
    /// Nil when the table could not be read.
    private(set) var definition: TableDefinition?
    private(set) var facts: [Fact] = []
    /// Where the key of each fact stands.
    private(set) var keys: [Range<Int>] = []
    /// Facts that rows name.
    private(set) var mentions: [(id: String, range: Range<Int>)] = []
    private(set) var diagnostics: [Diagnostic] = []

    init(_ files: TableFiles, _ references: TableReader.References, _ sources: [Source]) {
        file = files.rows
        let collector = DiagnosticCollector()
        read(files, references, sources, collector)
        diagnostics = collector.diagnostics
    }

    private mutating func read(
        _ files: TableFiles, _ references: TableReader.References, _ sources: [Source],
        _ collector: DiagnosticCollector
    ) {
        guard let definition = TableDefinition(files.definition, folder: files.name, into: collector) else {
            return
        }
        var reader = TableReader(definition, files.rows, references, into: collector)
        guard reader.begin() else { return }
        self.definition = definition
        facts.reserveCapacity(file.lineCount)
        keys.reserveCapacity(file.lineCount)
        var checks = FactChecks(definition, sources, collector)
        while let row = reader.next() {
            checks.check(row)
            for id in TableLoading.words(row.texts[16]) { mentions.append((id, row.range(16))) }
            facts.append(checks.fact(row, table: definition.name))
            keys.append(row.range(0))
        }
    }
}

/// What a row of a fact table must be beyond its cells.
private struct FactChecks {
    private let collector: DiagnosticCollector
    private let attributes: [String]
    private let known: Set<String>
    /// The values that the column admits; what it does not is reported already.
    private let admitted: [String]
    private var lastStep: [[String]: (step: Int, label: Diagnostic.Label)] = [:]

    /// The dates of the row that was checked last; many rows have the same.
    private var from: (text: String, day: CalendarDay?) = ("", nil)
    private var to: (text: String, day: CalendarDay?) = ("", nil)
    /// For each source with a date, the year.
    private let years: [String: Int]

    init(_ definition: TableDefinition, _ sources: [Source], _ collector: DiagnosticCollector) {
        self.collector = collector
        years = Dictionary(
            sources.compactMap { source in
                source.date.flatMap { CalendarDay($0) }.map { (source.id, $0.first.year) }
            }, uniquingKeysWith: { first, _ in first })
        attributes = definition.attributes.map(\.name)
        known = Set(attributes)
        admitted = definition.columns[2].values
    }

    mutating func check(_ row: TableRow) {
        let texts = row.texts
        if !known.contains(texts[2]), !texts[2].isEmpty, admitted.isEmpty || admitted.contains(texts[2]) {
            collector.error(
                .unknownAttribute, "the table has no attribute `\(texts[2])`",
                at: row.label(2, "not declared"),
                hint: NameSuggestion.hint(for: texts[2], among: attributes, kind: "declared attribute"))
        }
        if texts[12].utf8.count > TableLoading.hintLimit,
            texts[12].unicodeScalars.count > TableLoading.hintLimit
        {
            collector.error(
                .longHint, "the hint has \(texts[12].unicodeScalars.count) characters",
                at: row.label(12, "at most \(TableLoading.hintLimit)"))
        }
        checkDates(row)
        if !texts[9].isEmpty, let step = Int(texts[9]) { checkOrder(step, row) }
    }

    /// The row as a fact.
    func fact(_ row: TableRow, table: String) -> Fact {
        let texts = row.texts
        return Fact(
            id: texts[0], table: table, topic: texts[1], attribute: texts[2], place: texts[3],
            insurance: texts[4], population: texts[5], condition: texts[6], value: texts[7], unit: texts[8],
            step: texts[9].isEmpty ? 0 : Int(texts[9]) ?? 0, note: texts[10], source: texts[11],
            hint: texts[12], validFrom: from.day?.first, validTo: to.day?.last,
            flags: TableLoading.words(texts[15]), supersedes: TableLoading.words(texts[16]))
    }

    /// Years between the end of what held once and a source that still tells of it, at most; more is a slip of the pen.
    private static let longestPast = 7

    private mutating func checkDates(_ row: TableRow) {
        let texts = row.texts
        if from.text != texts[13] { from = (texts[13], CalendarDay(texts[13])) }
        if to.text != texts[14] { to = (texts[14], CalendarDay(texts[14])) }
        let (from, to) = (self.from.day, self.to.day)
        if let from, let to, to.last < from.first {
            return collector.error(
                .datesReversed, "`\(texts[0])` ends before it begins", at: row.label(14, "the last day"),
                and: row.label(13, "the first day"))
        }
        if let to, let year = years[texts[11]], year - to.last.year > Self.longestPast {
            collector.error(
                .endedBeforeSource,
                "`\(texts[0])` ended \(year - to.last.year) years before its source was written",
                at: row.label(14, "the last day"),
                hint: "the source `\(texts[11])` is of \(year)")
        }
        guard let year = Self.yearOfInsurance(texts[6]) else { return }
        for (column, day) in [(13, from?.first), (14, to?.last)] {
            // A date that cannot be read is reported already.
            guard day?.year != year, texts[column].isEmpty || day != nil else { continue }
            collector.error(
                .otherYear,
                "`\(texts[0])` is of \(year) and \(column == 13 ? "begins" : "ends") \(day.map { "in \($0.year)" } ?? "at no time")",
                at: row.label(column, column == 13 ? "the first day" : "the last day"),
                and: row.label(6, "the year that it is for"),
                hint: "what holds for a year holds from \(year)-01-01 to \(year)-12-31, whenever it is paid")
        }
    }

    /// The year before the first 年度 of a condition (2026年度); nil when it names none. Looked for in every row, so by hand.
    private static func yearOfInsurance(_ condition: String) -> Int? {
        var condition = condition
        return condition.withUTF8 { bytes in
            let mark: StaticString = "年度"
            guard bytes.count >= mark.utf8CodeUnitCount + 4 else { return nil }
            for start in 4...bytes.count - mark.utf8CodeUnitCount where bytes[start] == mark.utf8Start[0] {
                guard (1..<mark.utf8CodeUnitCount).allSatisfy({ bytes[start + $0] == mark.utf8Start[$0] })
                else { continue }
                return Int(String(decoding: bytes[start - 4..<start], as: UTF8.self))
            }
            return nil
        }
    }

    private mutating func checkOrder(_ step: Int, _ row: TableRow) {
        let texts = row.texts
        let procedure = [texts[11], texts[3], texts[1], texts[2], texts[6]]
        let before = lastStep[procedure]
        if step != (before?.step ?? 0) + 1 {
            collector.error(
                .stepOrder, "step \(step) follows \(before.map { "step \($0.step)" } ?? "nothing")",
                at: row.label(9, "expected \((before?.step ?? 0) + 1)"), and: before?.label)
        }
        lastStep[procedure] = (step, row.label(9, "the step before"))
    }
}
