import Diagnostics
import Testing

struct DiagnosticRendererTests {
    private static let code = DiagnosticCode(
        "unknown-slot", "no slot has that name", explanation: "Why.", mistake: "a", mended: "b")
    private let flow = SourceFile(
        path: "Dialogs/flows/residence_permit.yaml",
        text: String(repeating: "#\n", count: 7) + "  - collect: 居住地趾\n")

    private func report(_ diagnostics: [Diagnostic], _ format: DiagnosticRenderer.Format = .human) -> String {
        DiagnosticRenderer.report(diagnostics, as: format, version: "0.1.0")
    }

    @Test func `a diagnostic shows the line with carets of the width of its letters`() {
        let diagnostic = Diagnostic(
            .error, Self.code, "flow `residence_permit` collects `居住地趾`, but no slot has that name",
            at: Diagnostic.Label(
                flow, SourceSpan(line: 8, column: 14, length: 4), "not declared in any slots file"),
            hint: "the nearest declared slot is `居住地址` (Dialogs/slots.yaml:14:3)")
        #expect(
            report([diagnostic]) == """
                error[unknown-slot]: flow `residence_permit` collects `居住地趾`, but no slot has that name
                 --> Dialogs/flows/residence_permit.yaml:8:14
                  |
                8 |   - collect: 居住地趾
                  |              ^^^^^^^^ not declared in any slots file
                  |
                  = hint: the nearest declared slot is `居住地址` (Dialogs/slots.yaml:14:3)

                1 error

                """)
    }

    @Test func `a caret stands behind wide letters`() {
        let file = SourceFile(path: "a.csv", text: "药店,金额\n")
        let diagnostic = Diagnostic(
            .warning, Self.code, "m", at: Diagnostic.Label(file, SourceSpan(line: 1, column: 4, length: 2)))
        #expect(report([diagnostic]).contains("1 | 药店,金额\n  |      ^^^^\n"))
    }

    @Test func `two places of one file are shown in the order of the file`() {
        let file = SourceFile(path: "a.yaml", text: "title: 绑定\nsteps: []\n\ntitle: 解绑\n")
        let diagnostic = Diagnostic(
            .error, Self.code, "twice",
            at: Diagnostic.Label(file, SourceSpan(line: 4, column: 1, length: 5), "again"),
            and: Diagnostic.Label(file, SourceSpan(line: 1, column: 1, length: 5), "first"))
        #expect(
            report([diagnostic]) == """
                error[unknown-slot]: twice
                 --> a.yaml:4:1
                  |
                1 | title: 绑定
                  | ----- first
                 ...
                4 | title: 解绑
                  | ^^^^^ again
                  |

                1 error

                """)
    }

    @Test func `a place of another file has its own path`() {
        let first = SourceFile(path: "a.yaml", text: "x: 1\n"),
            second = SourceFile(path: "b.yaml", text: "#\nx: 2\n")
        let diagnostic = Diagnostic(
            .error, Self.code, "twice",
            at: Diagnostic.Label(second, SourceSpan(line: 2, column: 1, length: 1), "again"),
            and: Diagnostic.Label(first, SourceSpan(line: 1, column: 1, length: 1), "first"))
        #expect(
            report([diagnostic]).contains(
                "2 | x: 2\n  | ^ again\n  |\n ::: a.yaml:1:1\n  |\n1 | x: 1\n  | - first\n"))
    }

    @Test func `a line of four megabytes is cut around the caret`() {
        let file = SourceFile(path: "a", text: String(repeating: "x", count: 4_000_000))
        let diagnostic = Diagnostic(
            .error, Self.code, "m",
            at: Diagnostic.Label(file, SourceSpan(line: 1, column: 2_000_000, length: 1)))
        let text = report([diagnostic])
        #expect(text.utf8.count < 1000)
        #expect(text.contains("…"))
    }

    @Test func `what a terminal would obey is not drawn`() {
        let file = SourceFile(path: "a", text: "\u{1B}[31m\t红\u{202E}")
        let diagnostic = Diagnostic(
            .error, Self.code, "m", at: Diagnostic.Label(file, SourceSpan(line: 1, column: 7, length: 1)))
        #expect(report([diagnostic]).contains("1 | \u{FFFD}[31m    红\u{FFFD}\n  |          ^^\n"))
    }

    @Test func `a span beyond the line and an empty file still have a caret`() {
        let file = SourceFile(path: "a", bytes: [])
        let diagnostic = Diagnostic(
            .error, Self.code, "m", at: Diagnostic.Label(file, SourceSpan(line: 9, column: 5, length: 0)))
        #expect(report([diagnostic]).contains("9 |\n  | ^\n"))
    }

    @Test func `reports are sorted by file and position`() {
        let other = SourceFile(path: "Dialogs/a.yaml", text: "x")
        let places = [(flow, 8), (flow, 2), (other, 1)].map { file, line in
            Diagnostic(
                .error, Self.code, "m",
                at: Diagnostic.Label(file, SourceSpan(line: line, column: 1, length: 1)))
        }
        let sorted = places.sortedByPosition().map { "\($0.primary.file.path):\($0.primary.span.start.line)" }
        #expect(sorted == ["Dialogs/a.yaml:1", "\(flow.path):2", "\(flow.path):8"])
    }

    @Test func `nothing wrong is said in words`() {
        #expect(report([]) == "no mistakes\n")
        #expect(report([], .json) == #"{"diagnostics":[],"errors":0,"warnings":0}"# + "\n")
    }

    @Test func `json has every part`() {
        let diagnostic = Diagnostic(
            .warning, Self.code, "say \"no\"",
            at: Diagnostic.Label(flow, SourceSpan(line: 8, column: 14, length: 4), "here"),
            and: Diagnostic.Label(flow, SourceSpan(line: 1, column: 1, length: 1)), hint: "h")
        #expect(
            report([diagnostic], .json) == """
                {"diagnostics":[{"code":"unknown-slot","severity":"warning","message":"say \\"no\\"",\
                "file":"Dialogs/flows/residence_permit.yaml","line":8,"column":14,"end_line":8,"end_column":18,"label":"here",\
                "related":{"file":"Dialogs/flows/residence_permit.yaml","line":1,"column":1,"end_line":1,"end_column":2},\
                "hint":"h"}],"errors":0,"warnings":1}

                """)
    }

    @Test func `sarif names the rule and counts columns in scalars`() {
        let file = SourceFile(path: "Data/费用/rows.csv", text: "一")
        let diagnostic = Diagnostic(
            .error, Self.code, "m", at: Diagnostic.Label(file, SourceSpan(line: 1, column: 1, length: 1), "l")
        )
        #expect(
            report([diagnostic], .sarif) == """
                {"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":{\
                "name":"daoban","version":"0.1.0","rules":[{"id":"unknown-slot","shortDescription":{"text":"no slot has that name"},\
                "fullDescription":{"text":"Why."}}]}},"columnKind":"unicodeCodePoints","results":[{"ruleId":"unknown-slot",\
                "ruleIndex":0,"level":"error","message":{"text":"m: l"},"locations":[{"physicalLocation":{"artifactLocation":{\
                "uri":"Data/%E8%B4%B9%E7%94%A8/rows.csv"},"region":{"startLine":1,"startColumn":1,"endLine":1,"endColumn":2}},\
                "message":{"text":"l"}}]}]}]}

                """)
    }
}
