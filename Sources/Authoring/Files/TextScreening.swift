package import Diagnostics

/// What every file must be before anything reads it: of a bounded size, UTF-8, and without what nobody can
/// see.
package enum TextScreening {
    /// Lines of broken UTF-8 that are pointed at, one by one.
    private static let reported = 10

    /// Whether the file may be read on.
    package static func admits(_ file: SourceFile, limit: Int, into collector: DiagnosticCollector) -> Bool {
        guard file.bytes.count <= limit else {
            collector.error(
                .fileTooLarge,
                "`\(file.path)` has \(file.bytes.count) bytes, more than the \(limit) that are read",
                at: Diagnostic.Label(file, SourceSpan(line: 1, column: 1, length: 0)))
            return false
        }
        let count = collector.diagnostics.count
        if file.bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            collector.error(
                .byteOrderMark, "`\(file.path)` begins with a byte order mark",
                at: Diagnostic.Label(file, SourceSpan(line: 1, column: 1, length: 1), "three bytes EF BB BF"),
                hint: "save it as UTF-8 without BOM")
        }
        checkEncoding(file, collector)
        return collector.diagnostics.count == count
    }

    private static func checkEncoding(_ file: SourceFile, _ collector: DiagnosticCollector) {
        var offset = 0
        var lines = 0
        while let bad = firstInvalid(in: file.bytes, from: offset) {
            let position = file.position(at: bad)
            lines += 1
            if lines > reported {
                collector.error(
                    .badUTF8, "more lines of `\(file.path)` are not UTF-8",
                    at: Diagnostic.Label(file, SourceSpan(position, to: position)))
                return
            }
            let looksLikeGBK = isGBK(file.bytes, at: bad)
            collector.error(
                .badUTF8, "line \(position.line) is not UTF-8",
                at: Diagnostic.Label(
                    file, SourceSpan(position, to: position),
                    "byte \(hexadecimal(file.bytes[bad])) begins no character"),
                hint: looksLikeGBK
                    ? "the bytes look like GBK; save the file as UTF-8" : "save the file as UTF-8")
            guard let next = file.bytes[bad...].firstIndex(of: 0x0A) else { return }
            offset = next + 1
        }
    }

    private static func firstInvalid(in bytes: [UInt8], from offset: Int) -> Int? {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span.extracting(offset...))
            return nil
        } catch {
            return offset + error.byteOffsets.lowerBound
        }
    }

    /// Two bytes that are one character in GBK: what a Chinese Windows saves by default.
    private static func isGBK(_ bytes: [UInt8], at offset: Int) -> Bool {
        guard offset + 1 < bytes.count else { return false }
        let trail = bytes[offset + 1]
        return (0x81...0xFE).contains(bytes[offset]) && (0x40...0xFE).contains(trail) && trail != 0x7F
    }

    static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return byte < 0x10 ? "0\(digits)" : digits
    }
}
