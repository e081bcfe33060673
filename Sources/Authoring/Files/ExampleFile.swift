import JSONText
package import Understanding

/// Examples of a data set: a table whose header names its columns (`text`, `intent` and, if wanted, `entities`) with a tab between
/// them, or one JSON object a line. Lines end as on any system.
package struct ExampleFile: Sendable {
    /// One example.
    package struct Row: Equatable, Sendable {
        package var text: String
        package var intent: String
        package var slots: [Evaluation.Span]
        /// What the text names, by the column `entities`: type and value.
        package var mentions: [(type: String, value: String)] = []

        package init(text: String, intent: String, slots: [Evaluation.Span] = []) {
            self.text = text
            self.intent = intent
            self.slots = slots
        }

        package static func == (one: Row, other: Row) -> Bool {
            one.text == other.text && one.intent == other.intent && one.slots == other.slots
                && one.mentions.elementsEqual(other.mentions, by: ==)
        }
    }

    /// What is wrong with it, with the file and the line.
    package struct Mistake: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    package private(set) var rows: [Row] = []
    /// Whether the file says what its texts name.
    package private(set) var hasMentions = false

    private static let columns = ["text", "intent", "entities"]
    private let path: String

    /// `path`: by which it is told what the bytes are, and what mistakes are told by.
    package init(_ bytes: [UInt8], path: String) throws(Mistake) {
        self.path = path
        var lines: [(number: Int, text: String)] = []
        var content = bytes[...]
        // Some programs mark a text as UTF-8 in front.
        if content.starts(with: [0xEF, 0xBB, 0xBF]) { content = content.dropFirst(3) }
        for (index, line) in content.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let text = String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
            if !text.isEmpty { lines.append((index + 1, text)) }
        }
        if path.hasSuffix(".jsonl") { try readObjects(lines) } else { try readTable(lines) }
        if rows.isEmpty { throw Mistake(description: "\(path): there is no example in it") }
    }

    private func mistake(_ line: Int, _ words: String) -> Mistake {
        Mistake(description: "\(path):\(line): \(words)")
    }

    // MARK: Tables

    private mutating func readTable(_ lines: [(number: Int, text: String)]) throws(Mistake) {
        guard let header = lines.first else {
            throw Mistake(
                description: "\(path): expected a header that names the columns `text` and `intent`")
        }
        let names = header.text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        for (index, name) in names.enumerated() {
            guard Self.columns.contains(name) else {
                throw mistake(
                    header.number,
                    "the header names a column `\(name)`; the columns are `text`, `intent` and `entities`")
            }
            guard !names[..<index].contains(name) else {
                throw mistake(header.number, "the header names the column `\(name)` twice")
            }
        }
        guard let text = names.firstIndex(of: "text"), let intent = names.firstIndex(of: "intent") else {
            let missing = names.contains("text") ? "intent" : "text"
            throw mistake(header.number, "the header names no column `\(missing)`")
        }
        let entities = names.firstIndex(of: "entities")
        hasMentions = entities != nil
        for line in lines.dropFirst() {
            let cells = line.text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard cells.indices.contains(text), cells.indices.contains(intent) else {
                throw mistake(line.number, "expected text, a tab and an intent")
            }
            var row = Row(text: cells[text], intent: cells[intent])
            if let entities, cells.indices.contains(entities) {
                row.mentions = try mentions(cells[entities], line.number)
            }
            rows.append(row)
        }
    }

    private func mentions(_ cell: String, _ line: Int) throws(Mistake) -> [(type: String, value: String)] {
        var mentions: [(type: String, value: String)] = []
        for mention in cell.split(separator: " ") {
            let parts = mention.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw mistake(line, "expected TYPE=VALUE, not `\(mention)`") }
            mentions.append((parts[0], parts[1]))
        }
        return mentions
    }

    // MARK: Objects

    private mutating func readObjects(_ lines: [(number: Int, text: String)]) throws(Mistake) {
        for line in lines {
            guard let json = try? JSONParser.parse(Array(line.text.utf8)), let text = json["text"]?.string,
                let intent = json["intent"]?.string
            else { throw mistake(line.number, "expected an object with `text` and `intent`") }
            rows.append(Row(text: text, intent: intent, slots: try slots(json, line.number)))
        }
    }

    private func slots(_ json: JSONValue, _ line: Int) throws(Mistake) -> [Evaluation.Span] {
        var spans: [Evaluation.Span] = []
        for slot in json["slots"]?.array ?? [] {
            guard let type = slot["slot"]?.string, let start = slot["start"]?.integer,
                let end = slot["end"]?.integer, start >= 0, start < end
            else { throw mistake(line, "expected each slot with `slot`, `start` and a greater `end`") }
            spans.append(Evaluation.Span(type: type, range: start..<end))
        }
        return spans
    }
}
