import Conversation
import Diagnostics
import Knowledge
import Language

/// One loading under way: what has been read, and where it stood.
final class TableLoading {
    /// Characters of a source that a hint may quote.
    static let hintLimit = 24

    /// Where a row stands, for what is found out later.
    struct Origin {
        var file: SourceFile
        var range: Range<Int>

        func label(_ text: String) -> Diagnostic.Label { Diagnostic.Label(file, file.span(of: range), text) }
    }

    let collector: DiagnosticCollector
    var tables = KnowledgeTables()
    /// Where the key of each fact stands, in the order of the facts.
    var factOrigins: [Origin] = []
    private var sourceOrigins: [Origin] = []
    private var rowOrigins: [String: Origin] = [:]
    private(set) var factNumbers: [String: Int] = [:]
    private var mentions: [(id: String, origin: Origin)] = []
    private var references = TableReader.References()
    /// Whether a table with facts could not be read at all: then nothing is said of those that are not found.
    private var lacksFacts = false

    init(_ collector: DiagnosticCollector) { self.collector = collector }

    private static let first = ["places", "sources"]
    private static let last = ["doubts", "synonyms", "calculations"]

    /// Places and sources first, since the rest refers to them.
    func run(_ files: [TableFiles]) {
        let (first, last) = (Self.first, Self.last)
        for name in first where !files.contains(where: { $0.name == name }) { reportMissing(name) }
        let facts = files.filter { !first.contains($0.name) && !last.contains($0.name) }
        let sums = ThreadRunner().map(files.count) { Self.checksums(of: files[$0]) }
        for sum in sums.joined() { tables.fingerprint = tables.fingerprint &* 0x0100_0000_01B3 ^ sum }
        for name in first { files.filter { $0.name == name }.forEach(read) }
        readFacts(facts)
        for name in last where !(lacksFacts && name == "calculations") {
            files.filter { $0.name == name }.forEach(read)
        }
        guard !lacksFacts else { return }
        checkMentions()
        checkSourcesAreUsed()
    }

    private static func checksums(of files: TableFiles) -> [UInt64] {
        [Array(files.name.utf8), files.definition.bytes, files.rows.bytes].map { Checksum.of($0[...]) }
    }

    private func reportMissing(_ table: String) {
        let file = SourceFile(path: "Data/\(table)/rows.csv", bytes: [])
        collector.error(
            .missingFile, "there is no table `\(table)`",
            at: Diagnostic.Label(file, SourceSpan(line: 1, column: 1, length: 0)))
    }

    private func read(_ files: TableFiles) {
        guard let definition = TableDefinition(files.definition, folder: files.name, into: collector) else {
            return
        }
        var reader = TableReader(definition, files.rows, references, into: collector)
        guard reader.begin() else { return }
        switch files.name {
        case "places": readPlaces(&reader)
        case "sources": readSources(&reader)
        case "doubts": readDoubts(&reader)
        case "synonyms": readSynonyms(&reader)
        default: readCalculations(&reader)
        }
    }

    // MARK: Rows

    /// Notes the key of a row; false, and a diagnostic with both places, when another row has it.
    func claim(_ key: String, in space: String, _ row: TableRow) -> Bool {
        let origin = Origin(file: row.file, range: row.range(0))
        guard let other = rowOrigins.updateValue(origin, forKey: space + key) else { return true }
        reportDouble(row, other)
        return false
    }

    private func reportDouble(_ row: TableRow, _ other: Origin) {
        collector.error(
            .duplicateRow, "two rows have the key `\(row.texts[0])`", at: row.label(0, "stands here again"),
            and: other.label("stands here first"))
    }

    private func readPlaces(_ reader: inout TableReader) {
        var rows: [TableRow] = []
        while let row = reader.next() {
            guard claim(row.texts[0], in: "place:", row) else { continue }
            rows.append(row)
            tables.places.append(
                Place(
                    code: row.texts[0], name: row.texts[1],
                    level: Place.Level(rawValue: row.texts[2]) ?? .county, parent: row.texts[3]))
            tables.aliases.append(Self.words(row.texts[4]))
        }
        references.places = Dictionary(
            tables.places.map { ($0.code, $0.name) }, uniquingKeysWith: { first, _ in first })
        let levels = Dictionary(
            tables.places.map { ($0.code, $0.level) }, uniquingKeysWith: { first, _ in first })
        for (place, row) in zip(tables.places, rows) { check(place, row, levels) }
    }

    /// Belonging only upwards, level by level, also rules out loops.
    private func check(_ place: Place, _ row: TableRow, _ levels: [String: Place.Level]) {
        let parent = place.parent.isEmpty ? nil : levels[place.parent]
        let isRight =
            switch place.level {
            case .nation: place.parent.isEmpty && place.code == PlaceTree.nation
            case .province: parent == .nation
            case .prefecture: parent == .province
            case .county: parent == .prefecture || parent == .province
            }
        if place.code.utf8.count != 6 || !place.code.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            collector.error(.badCell, "`code` is `\(place.code)`", at: row.label(0, "expected six digits"))
        }
        guard !isRight else { return }
        let label =
            place.parent.isEmpty
            ? "belongs to nothing"
            : parent.map { "a \($0.rawValue)" } ?? "no place has this code"
        collector.error(
            .badPlaceTree, "the \(place.level.rawValue) `\(place.name)` does not belong to a higher division",
            at: row.label(3, label))
    }

    private func readSources(_ reader: inout TableReader) {
        while let row = reader.next() {
            let texts = row.texts
            guard claim(texts[0], in: "source:", row) else { continue }
            if !texts[2].isEmpty, CalendarDay(texts[2]) == nil {
                collector.error(
                    .badCell, "`date` is `\(texts[2])`",
                    at: row.label(2, "expected a date like 2025, 2025-03 or 2025-03-17"))
            }
            if !texts[6].isEmpty, !texts[6].hasPrefix("https://"), !texts[6].hasPrefix("http://") {
                collector.error(
                    .badCell, "`url` is `\(texts[6])`", at: row.label(6, "expected an address of a web page"))
            }
            tables.sources.append(
                Source(
                    id: texts[0], title: texts[1], date: Self.nonempty(texts[2]),
                    authority: Source.Authority(rawValue: texts[3]) ?? .web,
                    publisher: Self.nonempty(texts[4]), documentNumber: Self.nonempty(texts[5]),
                    url: Self.nonempty(texts[6])))
            sourceOrigins.append(Origin(file: row.file, range: row.range(0)))
        }
        references.sources = Set(tables.sources.map(\.id))
    }

    private func readDoubts(_ reader: inout TableReader) {
        while let row = reader.next() {
            let texts = row.texts
            guard claim(texts[0], in: "doubt:", row) else { continue }
            mention(texts[3], row, 3)
            mention(texts[6], row, 6)
            tables.doubts.append(
                Doubt(
                    id: texts[0], kind: Doubt.Kind(rawValue: texts[1]) ?? .ambiguous, topic: texts[2],
                    facts: Self.words(texts[3]), says: texts[4], settles: texts[5], asked: texts[7]))
            checkAsked(row)
            tables.settledBy[texts[0]] = Self.words(texts[6])
        }
    }

    /// What cannot be right is recognised by the words in which it is asked about.
    private func checkAsked(_ row: TableRow) {
        let text = row.texts[7]
        let hint =
            "alternatives stand between `|`, what must not occur behind `!`, ways of asking between ` / `"
        if text.isEmpty {
            // What has nothing to do with the insurance is not told, right or wrong.
            let facts = Self.words(row.texts[3]).compactMap(fact)
            guard row.texts[1] == Doubt.Kind.implausible.rawValue,
                facts.contains(where: { $0.table != KnowledgeTables.general })
            else { return }
            collector.error(
                .emptyCell, "`asked` is empty",
                at: row.label(7, "expected the words in which people ask about it"), hint: hint)
        } else if let words = ClaimWords(text) {
            tables.claimWords[row.texts[0]] = words
        } else {
            collector.error(
                .badCell, "`asked` is `\(text)`",
                at: row.label(7, "expected words that must all occur, like 补缴|补交 15年 !养老"), hint: hint)
        }
    }

    private func readSynonyms(_ reader: inout TableReader) {
        while let row = reader.next() {
            guard claim(row.texts[0], in: "synonym:", row) else { continue }
            tables.synonyms.append([row.texts[0]] + Self.words(row.texts[1]))
        }
    }

    /// The tables with facts, several at once, the largest first; what came of them in their own order.
    private func readFacts(_ files: [TableFiles]) {
        let bySize = files.indices.sorted { files[$0].rows.bytes.count > files[$1].rows.bytes.count }
        let (references, sources) = (references, tables.sources)
        let read = ThreadRunner().map(bySize.count) { number in
            FactRows(files[bySize[number]], references, sources)
        }
        factNumbers.reserveCapacity(read.reduce(0) { $0 + $1.facts.count })
        for rows in zip(bySize, read).sorted(by: { $0.0 < $1.0 }).map(\.1) { take(rows) }
    }

    private func take(_ rows: FactRows) {
        collector.report(rows.diagnostics)
        guard let definition = rows.definition else {
            lacksFacts = true
            return
        }
        for (name, wording) in definition.attributes {
            tables.wordings[KnowledgeTables.WordingKey(table: definition.name, attribute: name)] = wording
        }
        let first = tables.facts.count
        for (offset, fact) in rows.facts.enumerated() {
            let origin = Origin(file: rows.file, range: rows.keys[offset])
            if let other = factNumbers.updateValue(first + offset, forKey: fact.id) {
                collector.error(
                    .duplicateRow, "two rows have the key `\(fact.id)`",
                    at: origin.label("stands here again"),
                    and: factOrigins[other].label("stands here first"))
            }
            factOrigins.append(origin)
        }
        tables.facts += rows.facts
        mentions += rows.mentions.map { ($0.id, Origin(file: rows.file, range: $0.range)) }
    }

    static func words(_ text: String) -> [String] {
        text.isEmpty ? [] : text.utf8.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func nonempty(_ text: String) -> String? { text.isEmpty ? nil : text }

    // MARK: References between rows

    private func mention(_ ids: String, _ row: TableRow, _ column: Int) {
        for id in Self.words(ids) { mentions.append((id, Origin(file: row.file, range: row.range(column)))) }
    }

    private func checkMentions() {
        for (id, origin) in mentions where factNumbers[id] == nil {
            let nearest = NameSuggestion.nearest(to: id, among: tables.facts.map(\.id))
            collector.error(
                .unknownFact, "no fact has the id `\(id)`", at: origin.label("named here"),
                hint: nearest.map { "the nearest id is `\($0)`" })
        }
    }

    private func checkSourcesAreUsed() {
        let used = Set(tables.facts.map(\.source))
        for (source, origin) in zip(tables.sources, sourceOrigins) where !used.contains(source.id) {
            collector.warning(
                .unusedSource, "no fact was read in `\(source.title)`", at: origin.label("not used"))
        }
    }

    /// Figures that cannot both be right and that nothing settles.
    func findContradictions(in knowledge: KnowledgeBase) {
        for (number, other) in knowledge.contradictions() {
            let (first, second) = (tables.facts[number], tables.facts[other])
            collector.warning(
                .contradictingFacts,
                "`\(first.id)` says \(first.value)\(first.unit), `\(second.id)` says \(second.value)\(second.unit)",
                at: factOrigins[other].label("contradicts the other"),
                and: factOrigins[number].label("this one"))
        }
    }
}
