package import Diagnostics

/// Reads the records of a CSV file (RFC 4180) one after the other, without copying: a cell is a range of
/// bytes.
///
/// Lines may end in CRLF. A quotation mark out of place is reported where it stands, and reading goes on with
/// the next cell as well as it can, so that one report tells of all of them.
package struct CSVReader {
    /// A cell of a record.
    package struct Field: Equatable, Sendable {
        /// Without the quotation marks around it.
        package var range: Range<Int>
        /// It holds doubled quotation marks.
        package var isEscaped = false
        package var isQuoted = false
    }

    package let file: SourceFile
    private let collector: DiagnosticCollector
    private var at = 0

    /// The file must have passed `TextScreening`.
    package init(_ file: SourceFile, into collector: DiagnosticCollector) {
        self.file = file
        self.collector = collector
    }

    /// Puts the cells of the next record into `fields`; false at the end of the file.
    package mutating func next(into fields: inout [Field]) -> Bool {
        fields.removeAll(keepingCapacity: true)
        let bytes = file.bytes
        guard at < bytes.count else { return false }
        while true {
            if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
                fields.append(quotedField(bytes))
            } else {
                fields.append(plainField(bytes))
            }
            guard at < bytes.count else { return true }
            let end = bytes[at]
            at += 1
            if end == 0x0A { return true }
        }
    }

    /// The text of a cell.
    package func text(of field: Field) -> String {
        let bytes = file.bytes[field.range]
        guard field.isEscaped else { return String(decoding: bytes, as: UTF8.self) }
        var unescaped: [UInt8] = []
        unescaped.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            unescaped.append(bytes[index])
            index += bytes[index] == UInt8(ascii: "\"") ? 2 : 1
        }
        return String(decoding: unescaped, as: UTF8.self)
    }

    /// Up to the comma or line end, on which `at` is left.
    private mutating func plainField(_ bytes: [UInt8]) -> Field {
        let start = at
        var quote: Int?
        bytes.withUnsafeBufferPointer { buffer in
            while at < buffer.count, buffer[at] != UInt8(ascii: ","), buffer[at] != 0x0A {
                if buffer[at] == UInt8(ascii: "\""), quote == nil { quote = at }
                at += 1
            }
        }
        if let quote {
            report(
                "a quotation mark inside a cell that does not begin with one", quote,
                "the whole cell stands in quotation marks, this one doubled")
        }
        return Field(range: start..<withoutReturn(start, at, bytes))
    }

    private mutating func quotedField(_ bytes: [UInt8]) -> Field {
        let opening = at
        var isEscaped = false
        at += 1
        let closing = bytes.withUnsafeBufferPointer { buffer -> Int? in
            while at < buffer.count {
                guard buffer[at] == UInt8(ascii: "\"") else {
                    at += 1
                    continue
                }
                guard at + 1 < buffer.count, buffer[at + 1] == UInt8(ascii: "\"") else { return at }
                isEscaped = true
                at += 2
            }
            return nil
        }
        guard let closing else {
            report("a quotation mark that is not closed", opening, "opened here, never closed")
            return Field(range: opening + 1..<bytes.count, isEscaped: false, isQuoted: true)
        }
        at = closing + 1
        var end = at
        while end < bytes.count, bytes[end] != UInt8(ascii: ","), bytes[end] != 0x0A { end += 1 }
        if withoutReturn(at, end, bytes) > at {
            report("text after a closing quotation mark", at, "a mark inside the cell is doubled")
        }
        at = end
        return Field(range: opening + 1..<closing, isEscaped: isEscaped, isQuoted: true)
    }

    /// The end of a cell that a CRLF follows.
    private func withoutReturn(_ start: Int, _ end: Int, _ bytes: [UInt8]) -> Int {
        end > start && bytes[end - 1] == 0x0D && (end == bytes.count || bytes[end] == 0x0A) ? end - 1 : end
    }

    private func report(_ message: String, _ offset: Int, _ label: String) {
        collector.error(
            .csvQuote, message, at: Diagnostic.Label(file, file.span(of: offset..<offset + 1), label))
    }
}
