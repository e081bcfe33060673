import Diagnostics

/// Finds the bytes of positions that come in the order of the file, walking it only once.
struct SourceCursor {
    private let file: SourceFile
    private var position = Position.start
    private var offset = 0

    init(_ file: SourceFile) { self.file = file }

    /// The offset of a position; the end of the line, when the line is shorter.
    mutating func offset(of wanted: Position) -> Int {
        if wanted.line != position.line || wanted < position {
            position = Position(line: wanted.line, column: 1)
            offset = file.lineStart(wanted.line)
        }
        let bytes = file.bytes
        while position.column < wanted.column, offset < bytes.count, bytes[offset] != 0x0A {
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            position.column += 1
        }
        return offset
    }

    /// The letters of a scalar in the line in which it begins.
    mutating func span(from start: Position, of text: String, _ style: YAMLNode.Style) -> SourceSpan {
        let first = offset(of: start)
        let end =
            switch style {
            case .plain: plainEnd(first, text)
            case .singleQuoted: quotedEnd(first, UInt8(ascii: "'"))
            case .doubleQuoted: quotedEnd(first, UInt8(ascii: "\""))
            case .literal, .folded: first + 1
            }
        let length = file.bytes[first..<max(end, first)].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
        return SourceSpan(line: start.line, column: start.column, length: length)
    }

    /// The text itself or, when it goes on in the next line, what of it stands in this one.
    private func plainEnd(_ first: Int, _ text: String) -> Int {
        let bytes = file.bytes
        let length = text.utf8.count
        if first + length <= bytes.count, bytes[first..<first + length].elementsEqual(text.utf8) {
            return first + length
        }
        var end = bytes[first...].firstIndex(of: 0x0A) ?? bytes.count
        while end > first, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x0D { end -= 1 }
        return end
    }

    private func quotedEnd(_ first: Int, _ quote: UInt8) -> Int {
        let bytes = file.bytes
        var index = first + 1
        while index < bytes.count, bytes[index] != 0x0A {
            if bytes[index] == quote {
                guard quote == UInt8(ascii: "'"), index + 1 < bytes.count, bytes[index + 1] == quote else {
                    return index + 1
                }
                index += 1
            } else if bytes[index] == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                index += 1
            }
            index += 1
        }
        return min(index, bytes.count)
    }
}
