import Language

extension DiagnosticRenderer {
    /// Draws a diagnostic for a terminal: the line itself, with carets under what is meant.
    static func human(_ diagnostic: Diagnostic) -> String {
        let primary = diagnostic.primary
        let numbers = [primary.span.start.line, diagnostic.secondary?.span.start.line ?? 0]
        let margin = String(repeating: " ", count: String(numbers.max() ?? 0).utf8.count)
        var lines = ["\(diagnostic.severity.rawValue)[\(diagnostic.code.id)]: \(diagnostic.message)"]
        lines.append("\(margin)--> \(place(of: primary))")
        lines.append("\(margin) |")
        if let secondary = diagnostic.secondary {
            lines += both(primary, secondary, margin: margin)
        } else {
            lines += excerpt(of: primary, mark: "^", margin: margin)
        }
        lines.append("\(margin) |")
        if let hint = diagnostic.hint { lines.append("\(margin) = hint: \(hint)") }
        return lines.joined(separator: "\n") + "\n"
    }

    static func place(of label: Diagnostic.Label) -> String {
        "\(label.file.path):\(label.span.start.line):\(label.span.start.column)"
    }

    /// In one file the lines come in their order; the other place is marked with dashes.
    private static func both(_ primary: Diagnostic.Label, _ secondary: Diagnostic.Label, margin: String)
        -> [String]
    {
        let first = excerpt(of: primary, mark: "^", margin: margin)
        let second = excerpt(of: secondary, mark: "-", margin: margin)
        guard primary.file === secondary.file || primary.file.path == secondary.file.path else {
            return first + ["\(margin) |", "\(margin)::: \(place(of: secondary))", "\(margin) |"] + second
        }
        let gap = abs(primary.span.start.line - secondary.span.start.line)
        let isAfter = secondary.span.start >= primary.span.start
        let (upper, lower) = isAfter ? (first, second) : (second, first)
        // The two marks of one line stand under the line that is shown once.
        if gap == 0 { return upper + lower.dropFirst() }
        return upper + (gap > 1 ? ["\(margin)..."] : []) + lower
    }

    private static func excerpt(of label: Diagnostic.Label, mark: String, margin: String) -> [String] {
        let number = String(label.span.start.line)
        let padding = String(repeating: " ", count: max(margin.utf8.count - number.utf8.count, 0))
        let excerpt = LineExcerpt(label)
        let marks =
            String(repeating: " ", count: excerpt.indent) + String(repeating: mark, count: excerpt.cells)
        let text = label.text.isEmpty ? "" : " \(label.text)"
        let line = excerpt.text.isEmpty ? "" : " \(excerpt.text)"
        return ["\(padding)\(number) |\(line)", "\(margin) | \(marks)\(text)"]
    }
}

/// A line of a source as it is drawn, and which cells of it are meant.
private struct LineExcerpt {
    /// A line may be four megabytes long; this much of it is shown.
    private static let before = 48
    private static let shown = 110

    private(set) var text = ""
    private(set) var indent = 0
    private(set) var cells = 0

    init(_ label: Diagnostic.Label) {
        let start = label.span.start
        let isOneLine = label.span.end.line == start.line
        let endColumn = isOneLine ? label.span.end.column : Int.max
        let first = max(start.column - 1 - Self.before, 0)
        if first > 0 {
            text = "…"
            indent = 1
        }
        var index = 0
        for scalar in String(decoding: label.file.line(start.line), as: UTF8.self).unicodeScalars {
            defer { index += 1 }
            guard index >= first else { continue }
            guard index < first + Self.shown else {
                text += "…"
                break
            }
            let (drawn, width) = Self.drawn(scalar)
            text.unicodeScalars.append(contentsOf: drawn.unicodeScalars)
            if index < start.column - 1 { indent += width } else if index < endColumn - 1 { cells += width }
        }
        cells = max(cells, 1)
    }

    /// What a terminal would not draw in its own cells is replaced, so that the carets stay under their
    /// letters and no escape sequence of a file reaches the terminal.
    private static func drawn(_ scalar: Unicode.Scalar) -> (String, Int) {
        if scalar == "\t" { return ("    ", 4) }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
            return ("\u{FFFD}", 1)
        default: return (String(scalar), DisplayWidth.of(scalar))
        }
    }
}
