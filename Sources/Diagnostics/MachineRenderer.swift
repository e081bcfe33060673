extension DiagnosticRenderer {
    /// `{"diagnostics":[…],"errors":1,"warnings":0}`; lines and columns from 1, columns in Unicode scalars,
    /// ends exclusive.
    static func json(_ diagnostics: [Diagnostic]) -> String {
        var report = ReportWriter()
        report.object { report in
            report.key("diagnostics")
            report.array(diagnostics) { report, diagnostic in
                report.object { report in
                    report.field("code", diagnostic.code.id)
                    report.field("severity", diagnostic.severity.rawValue)
                    report.field("message", diagnostic.message)
                    place(diagnostic.primary, into: &report)
                    if let secondary = diagnostic.secondary {
                        report.key("related")
                        report.object { place(secondary, into: &$0) }
                    }
                    if let hint = diagnostic.hint { report.field("hint", hint) }
                }
            }
            report.field("errors", diagnostics.count(of: .error))
            report.field("warnings", diagnostics.count(of: .warning))
        }
        return report.text + "\n"
    }

    private static func place(_ label: Diagnostic.Label, into report: inout ReportWriter) {
        report.field("file", label.file.path)
        report.field("line", label.span.start.line)
        report.field("column", label.span.start.column)
        report.field("end_line", label.span.end.line)
        report.field("end_column", label.span.end.column)
        if !label.text.isEmpty { report.field("label", label.text) }
    }

    static func sarif(_ diagnostics: [Diagnostic], version: String) -> String {
        var rules: [DiagnosticCode] = []
        for diagnostic in diagnostics where !rules.contains(diagnostic.code) { rules.append(diagnostic.code) }
        rules.sort { $0.id < $1.id }
        var report = ReportWriter()
        report.object { report in
            report.field("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
            report.field("version", "2.1.0")
            report.key("runs")
            report.array([diagnostics]) { report, diagnostics in
                report.object { report in
                    report.key("tool")
                    report.object { tool(rules, version: version, into: &$0) }
                    // Columns count Unicode scalars, as everywhere here; the default would be UTF-16 code
                    // units.
                    report.field("columnKind", "unicodeCodePoints")
                    report.key("results")
                    report.array(diagnostics) { result($1, rules: rules, into: &$0) }
                }
            }
        }
        return report.text + "\n"
    }

    private static func tool(_ rules: [DiagnosticCode], version: String, into report: inout ReportWriter) {
        report.key("driver")
        report.object { report in
            report.field("name", "daoban")
            report.field("version", version)
            report.key("rules")
            report.array(rules) { report, code in
                report.object { report in
                    report.field("id", code.id)
                    report.key("shortDescription")
                    report.object { $0.field("text", code.title) }
                    report.key("fullDescription")
                    report.object { $0.field("text", code.explanation) }
                }
            }
        }
    }

    private static func result(
        _ diagnostic: Diagnostic, rules: [DiagnosticCode], into report: inout ReportWriter
    ) {
        report.object { report in
            report.field("ruleId", diagnostic.code.id)
            report.field("ruleIndex", rules.firstIndex(of: diagnostic.code) ?? -1)
            report.field("level", diagnostic.severity.rawValue)
            report.key("message")
            report.object { $0.field("text", message(of: diagnostic)) }
            report.key("locations")
            report.array([diagnostic.primary]) { location($1, into: &$0) }
            if let secondary = diagnostic.secondary {
                report.key("relatedLocations")
                report.array([secondary]) { location($1, into: &$0) }
            }
        }
    }

    private static func message(of diagnostic: Diagnostic) -> String {
        let label = diagnostic.primary.text.isEmpty ? "" : ": \(diagnostic.primary.text)"
        let hint = diagnostic.hint.map { "; \($0)" } ?? ""
        return diagnostic.message + label + hint
    }

    private static func location(_ label: Diagnostic.Label, into report: inout ReportWriter) {
        report.object { report in
            report.key("physicalLocation")
            report.object { report in
                report.key("artifactLocation")
                report.object { $0.field("uri", ReportWriter.uri(label.file.path)) }
                report.key("region")
                report.object { report in
                    report.field("startLine", label.span.start.line)
                    report.field("startColumn", label.span.start.column)
                    report.field("endLine", label.span.end.line)
                    report.field("endColumn", label.span.end.column)
                }
            }
            if !label.text.isEmpty {
                report.key("message")
                report.object { $0.field("text", label.text) }
            }
        }
    }
}
