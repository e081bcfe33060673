package import Diagnostics
import Yams

/// Reads a YAML file into nodes that know where they stand. Every mistake becomes a diagnostic.
package enum YAMLReader {
    /// No honest file is larger.
    package static let sizeLimit = 4 << 20

    /// The root of the file's one document; nil when there is a mistake or when the file says nothing.
    package static func read(_ file: SourceFile, into collector: DiagnosticCollector) -> YAMLNode? {
        guard TextScreening.admits(file, limit: sizeLimit, into: collector) else { return nil }
        let before = collector.diagnostics.count
        var scan = YAMLScan(file, into: collector)
        scan.run()
        guard collector.diagnostics.count == before else { return nil }
        var composer = YAMLComposer(file, into: collector)
        guard let root = composer.compose(), collector.diagnostics.count == before else { return nil }
        return root
    }
}

/// Turns the nodes of Yams into ours.
///
/// Yams stops at the first mapping that holds a key twice and tells only where the first one stands. To find
/// all of them, the first letter of that key is exchanged for a private one and the file composed again; the
/// key gets its name back when it is turned into ours, and meets its double there.
private struct YAMLComposer {
    /// Composing again and again is bounded, whatever the file holds.
    private static let retryBudget = 1 << 20
    private static let retryLimit = 32
    private static let firstStandIn: UInt32 = 0x10_FF00

    let file: SourceFile
    let collector: DiagnosticCollector
    private var cursor: SourceCursor
    private var renamed: [Position: String] = [:]

    init(_ file: SourceFile, into collector: DiagnosticCollector) {
        self.file = file
        self.collector = collector
        cursor = SourceCursor(file)
    }

    mutating func compose() -> YAMLNode? {
        var bytes = file.bytes
        let retries = min(Self.retryLimit, Self.retryBudget / max(bytes.count, 1))
        while true {
            do {
                guard let root = try node(bytes) else { return nil }
                return converted(root)
            } catch let error as YamlError {
                if case .duplicatedKeysInMapping(let names, let context) = error, let name = names.first {
                    let position = Position(line: context.mark.line, column: context.mark.column)
                    if renamed.count < retries, rename(name, at: position, in: &bytes) { continue }
                    reportDuplicate(name, at: position)
                } else if renamed.isEmpty {
                    report(error)
                } else {
                    for (position, name) in renamed.sorted(by: { $0.key < $1.key }) {
                        reportDuplicate(name, at: position)
                    }
                }
                return nil
            } catch {
                collector.error(.yamlSyntax, "the file cannot be read as YAML", at: label(.start))
                return nil
            }
        }
    }

    /// Scalars stay text with the basic resolver, which also spares the regular expressions that guess types.
    private func node(_ bytes: [UInt8]) throws -> Node? {
        var text = String(decoding: bytes, as: UTF8.self)
        // Yams keeps a pointer into the text, which holds only for a text too long to be stored in place.
        if bytes.count < 32 { text += "\n" + String(repeating: " ", count: 31) + "\n" }
        return try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
    }

    // MARK: Conversion

    private mutating func converted(_ node: Node) -> YAMLNode {
        let start = node.mark.map { Position(line: $0.line, column: $0.column) } ?? .start
        switch node {
        case .scalar(let scalar):
            let style = YAMLNode.Style(scalar.style)
            let text = renamed[start] ?? scalar.string
            return YAMLNode(.scalar(text, style), span: cursor.span(from: start, of: text, style))
        case .sequence(let sequence):
            return YAMLNode(
                .sequence(sequence.map { converted($0) }), span: SourceSpan(start, to: start.next))
        case .mapping(let mapping):
            return self.mapping(mapping, at: start)
        case .alias:
            // The scan lets no alias through.
            return YAMLNode(.scalar("", .plain), span: SourceSpan(start, to: start))
        }
    }

    private mutating func mapping(_ mapping: Node.Mapping, at start: Position) -> YAMLNode {
        var entries: [YAMLNode.Entry] = []
        entries.reserveCapacity(mapping.count)
        var known: [String: SourceSpan] = [:]
        for (key, value) in mapping {
            let key = converted(key)
            let value = converted(value)
            guard case .scalar(let name, let style) = key.content, !key.isAbsent else {
                collector.error(
                    .wrongShape, "a key is \(key.shape) instead of a text", at: label(key.span, "not a name"))
                continue
            }
            if name == "<<", style == .plain {
                collector.error(
                    .yamlMergeKey, "`<<` would merge another mapping into this one",
                    at: label(key.span, "not used here"))
            }
            if let first = known.updateValue(key.span, forKey: name) {
                collector.error(
                    .duplicateKey, "the key `\(name)` stands twice in one mapping",
                    at: label(key.span, "stands here again"),
                    and: label(first, "stands here first"))
            }
            entries.append(YAMLNode.Entry(key: name, keySpan: key.span, value: value))
        }
        // A mapping without braces begins with its first key.
        if let first = entries.first?.keySpan, first.start == start {
            return YAMLNode(.mapping(entries), span: first)
        }
        return YAMLNode(.mapping(entries), span: SourceSpan(start, to: start.next))
    }

    // MARK: Mistakes

    /// Exchanges the first letter of the key at `position`, keeping all columns.
    private mutating func rename(_ name: String, at position: Position, in bytes: inout [UInt8]) -> Bool {
        guard !name.isEmpty, renamed[position] == nil,
            let standIn = Unicode.Scalar(Self.firstStandIn + UInt32(renamed.count))
        else { return false }
        // Earlier exchanges may have changed the length of the text before this one.
        let text = SourceFile(path: file.path, bytes: bytes)
        var reader = SourceCursor(text)
        var offset = reader.offset(of: position)
        guard offset < bytes.count else { return false }
        if bytes[offset] == UInt8(ascii: "\"") || bytes[offset] == UInt8(ascii: "'") { offset += 1 }
        var end = offset + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        guard end <= bytes.count, bytes[offset] != 0x0A else { return false }
        bytes.replaceSubrange(offset..<end, with: Array(String(standIn).utf8))
        renamed[position] = name
        return true
    }

    private func reportDuplicate(_ name: String, at position: Position) {
        collector.error(
            .duplicateKey, "the key `\(name)` stands twice in one mapping",
            at: label(SourceSpan(position, to: position.next), "and again below"))
    }

    private func report(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            // The end that the parser sees may lie behind the end of the file, which was padded.
            let end = file.position(at: file.bytes.count)
            let start = min(Position(line: mark.line, column: mark.column), end)
            let other = context.map { label(Position(line: $0.mark.line, column: $0.mark.column), $0.text) }
            collector.error(
                .yamlSyntax, problem, at: label(start),
                and: other?.span.start == start ? nil : other)
        default:
            collector.error(.yamlSyntax, "the file cannot be read as YAML", at: label(.start))
        }
    }

    private func label(_ position: Position, _ text: String = "") -> Diagnostic.Label {
        label(SourceSpan(position, to: position.next), text)
    }

    private func label(_ span: SourceSpan, _ text: String = "") -> Diagnostic.Label {
        Diagnostic.Label(file, span, text)
    }
}

extension Position {
    fileprivate var next: Position { Position(line: line, column: column + 1) }
}

extension YAMLNode.Style {
    fileprivate init(_ style: Node.Scalar.Style) {
        self =
            switch style {
            case .any, .plain: .plain
            case .singleQuoted: .singleQuoted
            case .doubleQuoted: .doubleQuoted
            case .literal: .literal
            case .folded: .folded
            }
    }
}
