import Diagnostics
import Language

/// Nodes as bytes and back, so that a warm start need not parse a file that it knows already.
///
/// A tree is written depth first: a tag for the form, the place, then text or elements. Numbers are varints
/// (seven bits a byte, low ones first), lines count from the line before, and a checksum stands in front.
/// Whatever has been cut, changed or written by another version does not decode; the file is parsed again
/// then.
extension YAMLNode {
    /// Goes up with every change of the form.
    private static let formatVersion: UInt8 = 1

    package func encoded() -> [UInt8] {
        var writer = TreeWriter()
        writer.put(self)
        var header: [UInt8] = [UInt8(ascii: "D"), UInt8(ascii: "Y"), Self.formatVersion]
        let sum = Checksum.of(writer.bytes[...])
        for shift in stride(from: 0, to: 64, by: 8) {
            header.append(UInt8(truncatingIfNeeded: sum >> UInt64(shift)))
        }
        return header + writer.bytes
    }

    /// Nil for anything but what `encoded()` gave.
    package init?(decoding bytes: ArraySlice<UInt8>) {
        let start = bytes.startIndex
        guard bytes.count > 11,
            bytes.starts(with: [UInt8(ascii: "D"), UInt8(ascii: "Y"), Self.formatVersion])
        else { return nil }
        let body = bytes[(start + 11)...]
        let sum = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + 3 + $1]) << UInt64($1 * 8) }
        guard Checksum.of(body) == sum else { return nil }
        var reader = TreeReader(body)
        guard let node = reader.node(depth: 0), reader.isAtEnd else { return nil }
        self = node
    }
}

private struct TreeWriter {
    var bytes: [UInt8] = []
    private var line = 1

    mutating func put(_ node: YAMLNode) {
        switch node.content {
        case .scalar(let text, let style):
            bytes.append(style.rawValue)
            put(node.span)
            put(text)
        case .sequence(let items):
            bytes.append(16)
            put(node.span)
            put(items.count)
            for item in items { put(item) }
        case .mapping(let entries):
            bytes.append(17)
            put(node.span)
            put(entries.count)
            for entry in entries {
                put(entry.keySpan)
                put(entry.key)
                put(entry.value)
            }
        }
    }

    private mutating func put(_ span: SourceSpan) {
        // Lines rarely go back; the sign takes the lowest bit.
        let step = span.start.line - line
        put(step < 0 ? -step * 2 - 1 : step * 2)
        line = span.start.line
        put(span.start.column)
        put(span.end.column - span.start.column)
    }

    private mutating func put(_ text: String) {
        put(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func put(_ number: Int) {
        var rest = UInt(bitPattern: number)
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

private struct TreeReader {
    private let bytes: ArraySlice<UInt8>
    private var at: Int
    private var line = 1

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        at = bytes.startIndex
    }

    var isAtEnd: Bool { at == bytes.endIndex }

    mutating func node(depth: Int) -> YAMLNode? {
        guard depth <= YAMLScan.depthLimit * 3, at < bytes.endIndex else { return nil }
        let tag = bytes[at]
        at += 1
        guard let span = span() else { return nil }
        switch tag {
        case 16:
            guard let count = count() else { return nil }
            var items: [YAMLNode] = []
            items.reserveCapacity(count)
            for _ in 0..<count {
                guard let item = node(depth: depth + 1) else { return nil }
                items.append(item)
            }
            return YAMLNode(.sequence(items), span: span)
        case 17:
            guard let count = count(), let entries = entries(count, depth: depth) else { return nil }
            return YAMLNode(.mapping(entries), span: span)
        default:
            guard let style = YAMLNode.Style(rawValue: tag), let text = text() else { return nil }
            return YAMLNode(.scalar(text, style), span: span)
        }
    }

    private mutating func entries(_ count: Int, depth: Int) -> [YAMLNode.Entry]? {
        var entries: [YAMLNode.Entry] = []
        entries.reserveCapacity(count)
        for _ in 0..<count {
            guard let span = span(), let key = text(), let value = node(depth: depth + 1) else { return nil }
            entries.append(YAMLNode.Entry(key: key, keySpan: span, value: value))
        }
        return entries
    }

    private mutating func span() -> SourceSpan? {
        guard let step = number(), let column = number(), let length = number() else { return nil }
        line += step & 1 == 0 ? step / 2 : -(step + 1) / 2
        return SourceSpan(line: line, column: column, length: length)
    }

    /// A number of elements; each takes a byte at least.
    private mutating func count() -> Int? {
        number().flatMap { $0 <= bytes.endIndex - at ? $0 : nil }
    }

    private mutating func text() -> String? {
        guard let length = count() else { return nil }
        defer { at += length }
        return String(decoding: bytes[at..<at + length], as: UTF8.self)
    }

    private mutating func number() -> Int? {
        var number: UInt = 0
        var shift: UInt = 0
        while at < bytes.endIndex, shift < 35 {
            let byte = bytes[at]
            at += 1
            number |= UInt(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return Int(number) }
            shift += 7
        }
        return nil
    }
}
