package import Diagnostics

/// A part of a YAML file as it was written: text is text, whatever it looks like, and everything knows where
/// it stands.
package struct YAMLNode: Equatable, Sendable {
    package enum Style: UInt8, Sendable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    package enum Content: Equatable, Sendable {
        case scalar(String, Style)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    /// A key with its value; keys keep the order of the file.
    package struct Entry: Equatable, Sendable {
        package var key: String
        package var keySpan: SourceSpan
        package var value: YAMLNode

        package init(key: String, keySpan: SourceSpan, value: YAMLNode) {
            self.key = key
            self.keySpan = keySpan
            self.value = value
        }
    }

    package var content: Content
    /// A scalar's own letters; the first letter of a list or a mapping.
    package var span: SourceSpan

    package init(_ content: Content, span: SourceSpan) {
        self.content = content
        self.span = span
    }
}

extension YAMLNode {
    /// The text of a scalar, exactly as written (`no`, `0123`, `12:30`); nil for lists, mappings and a value
    /// left out.
    package var text: String? {
        if case .scalar(let text, let style) = content, !text.isEmpty || style != .plain { text } else { nil }
    }

    /// True for a value that was left out (`key:` and nothing more).
    package var isAbsent: Bool { content == .scalar("", .plain) }

    package var items: [YAMLNode]? {
        if case .sequence(let items) = content { items } else { nil }
    }

    package var entries: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// The value of a key of a mapping.
    package subscript(key: String) -> YAMLNode? {
        entries?.first { $0.key == key }?.value
    }

    /// What it is, as a diagnostic says it.
    package var shape: String {
        switch content {
        case .scalar: isAbsent ? "nothing" : "a text"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}
