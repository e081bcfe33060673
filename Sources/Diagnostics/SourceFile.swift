/// A file of an author, with its lines, so that a diagnostic can show where it points.
///
/// A reference, since every diagnostic and every node keeps one; immutable, since it is read on several
/// threads.
package final class SourceFile: Sendable {
    /// The path as the author writes it, relative to the project (`Dialogs/slots.yaml`).
    package let path: String
    package let bytes: [UInt8]
    /// Offsets at which the lines begin; the first is 0.
    private let lineStarts: [Int]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        lineStarts = SourceFile.lineStarts(in: bytes)
    }

    package convenience init(path: String, text: String) {
        self.init(path: path, bytes: Array(text.utf8))
    }

    package var lineCount: Int { lineStarts.count }

    /// Where an offset in bytes stands.
    package func position(at offset: Int) -> Position {
        let offset = min(max(offset, 0), bytes.count)
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let column = bytes[lineStarts[low]..<offset].reduce(1) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
        return Position(line: low + 1, column: column)
    }

    package func span(of range: Range<Int>) -> SourceSpan {
        SourceSpan(position(at: range.lowerBound), to: position(at: range.upperBound))
    }

    /// The offset at which a line, counted from 1, begins; the end of the file beyond the last.
    package func lineStart(_ number: Int) -> Int {
        number >= 1 && number <= lineStarts.count ? lineStarts[number - 1] : bytes.count
    }

    /// The bytes of a line, counted from 1, without its end; empty beyond the last.
    package func line(_ number: Int) -> ArraySlice<UInt8> {
        guard number >= 1, number <= lineStarts.count else { return [] }
        var end = number < lineStarts.count ? lineStarts[number] : bytes.count
        let start = lineStarts[number - 1]
        if end > start, bytes[end - 1] == 0x0A { end -= 1 }
        if end > start, bytes[end - 1] == 0x0D { end -= 1 }
        return bytes[start..<end]
    }

    private static func lineStarts(in bytes: [UInt8]) -> [Int] {
        var starts = [0]
        bytes.withUnsafeBufferPointer { buffer in
            for index in buffer.indices where buffer[index] == 0x0A { starts.append(index + 1) }
        }
        return starts
    }
}

/// A place in a file: line and column from 1, columns in Unicode scalars.
package struct Position: Hashable, Comparable, Sendable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static let start = Position(line: 1, column: 1)

    package static func < (left: Position, right: Position) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A stretch of a file, half open. An empty one points between two scalars and is drawn as one caret.
package struct SourceSpan: Hashable, Sendable {
    package var start: Position
    package var end: Position

    package init(_ start: Position, to end: Position) {
        self.start = start
        self.end = max(start, end)
    }

    /// A stretch within one line.
    package init(line: Int, column: Int, length: Int) {
        start = Position(line: line, column: column)
        end = Position(line: line, column: column + max(length, 0))
    }
}
