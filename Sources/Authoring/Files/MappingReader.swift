package import Diagnostics

/// Reads the keys of a mapping one by one and reports what does not fit. Every key that is asked for is a
/// known key; `finish()` complains of all others.
package struct MappingReader {
    package let file: SourceFile
    /// Where the mapping stands, for what is said of it as a whole.
    package let span: SourceSpan
    /// What the mapping is, in words: `a flow`, `a column`.
    package let kind: String
    private let entries: [YAMLNode.Entry]
    private let collector: DiagnosticCollector
    private var known: [String] = []

    /// Nil, and a diagnostic, when the node is not a mapping.
    package init?(_ node: YAMLNode, of kind: String, in file: SourceFile, into collector: DiagnosticCollector)
    {
        guard let entries = node.entries else {
            collector.error(
                .wrongShape, "\(kind) is written as a mapping, but this is \(node.shape)",
                at: Diagnostic.Label(file, node.span, "expected `key: value`"))
            return nil
        }
        self.file = file
        self.kind = kind
        self.entries = entries
        self.collector = collector
        span = node.span
    }

    /// The value of a key; nil when the key is not there or has no value.
    package mutating func optional(_ key: String) -> YAMLNode? {
        entry(key).flatMap { $0.value.isAbsent ? nil : $0.value }
    }

    /// The key with its value, when it is there at all.
    package mutating func entry(_ key: String) -> YAMLNode.Entry? {
        if !known.contains(key) { known.append(key) }
        return entries.first { $0.key == key }
    }

    /// The value of a key that must have one.
    package mutating func required(_ key: String) -> YAMLNode? {
        guard let entry = entry(key) else {
            collector.error(
                .missingKey, "\(kind) has no `\(key)`", at: label(span, "`\(key)` is missing here"))
            return nil
        }
        guard !entry.value.isAbsent else {
            collector.error(
                .missingKey, "`\(key)` of \(kind) has no value", at: label(entry.keySpan, "nothing follows"))
            return nil
        }
        return entry.value
    }

    package mutating func optionalText(_ key: String) -> String? {
        optional(key).flatMap { text(of: $0, key) }
    }

    package mutating func requiredText(_ key: String) -> String? {
        required(key).flatMap { text(of: $0, key) }
    }

    /// `true` or `false`; false when the key is not there.
    package mutating func flag(_ key: String) -> Bool {
        guard let node = optional(key) else { return false }
        if let text = text(of: node, key) {
            if text == "true" || text == "false" { return text == "true" }
            wrongShape(node, "`\(key)` of \(kind) is `\(text)`", expected: "expected `true` or `false`")
        }
        return false
    }

    /// A whole number that is written as digits.
    package mutating func optionalInteger(_ key: String) -> Int? {
        guard let node = optional(key), let text = text(of: node, key) else { return nil }
        if let number = Int(text), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return number }
        wrongShape(node, "`\(key)` of \(kind) is `\(text)`", expected: "expected a whole number")
        return nil
    }

    /// The elements of a list; empty when the key is not there.
    package mutating func list(_ key: String) -> [YAMLNode] {
        optional(key).map { items(of: $0, key) } ?? []
    }

    /// The elements of a list that must be there and have one.
    package mutating func requiredList(_ key: String) -> [YAMLNode] {
        guard let node = required(key) else { return [] }
        let elements = items(of: node, key)
        if node.items?.isEmpty == true {
            collector.error(
                .missingKey, "`\(key)` of \(kind) is empty",
                at: label(node.span, "expected at least one element"))
        }
        return elements
    }

    /// The texts of a list; a single text is a list of one.
    package mutating func texts(_ key: String) -> [String] {
        guard let node = optional(key) else { return [] }
        if let text = node.text { return [text] }
        return items(of: node, key).compactMap { text(of: $0, key) }
    }

    /// Reports the keys that nobody asked for.
    package func finish() {
        for entry in entries where !known.contains(entry.key) {
            collector.error(
                .unknownKey, "\(kind) has no key `\(entry.key)`", at: label(entry.keySpan, "unknown key"),
                hint: NameSuggestion.hint(for: entry.key, among: known, kind: "known key"))
        }
    }

    // MARK: Parts

    private func text(of node: YAMLNode, _ key: String) -> String? {
        if let text = node.text { return text }
        wrongShape(node, "`\(key)` of \(kind) is \(node.shape)", expected: "expected a text")
        return nil
    }

    private func items(of node: YAMLNode, _ key: String) -> [YAMLNode] {
        if let items = node.items { return items }
        wrongShape(node, "`\(key)` of \(kind) is \(node.shape)", expected: "expected a list")
        return []
    }

    private func wrongShape(_ node: YAMLNode, _ message: String, expected: String) {
        collector.error(.wrongShape, message, at: label(node.span, expected))
    }

    private func label(_ span: SourceSpan, _ text: String) -> Diagnostic.Label {
        Diagnostic.Label(file, span, text)
    }
}
