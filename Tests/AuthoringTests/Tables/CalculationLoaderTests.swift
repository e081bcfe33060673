import Authoring
import Conversation
import Diagnostics
import Knowledge
import Testing

/// What is said of a rule that does not fit its facts. The definition of the table is the one that ships.
struct CalculationLoaderTests {
    private static let definition =
        #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()
        + "/Data/calculations/table.yaml"
    private static let header =
        "id,sum,place,insurance,population,scenario,level,ages,birth,disease,label,deductible,shares,bounds,cap,least,most,base,extra,also,missing,standing,note"

    private static let rates = """
        r-1,住院,报销比例,371500,职工,在职,三级医院，起付线到1万元,60,%,,,law,六成,,,,
        r-2,住院,起付线,371500,职工,在职,三级医院,800,元,,,law,八百,,,,
        r-3,住院,报销比例,371500,职工,在职,三级医院，1万到40万元,80,%,,,law,八成,,,,
        r-4,门诊,起付线,371500,职工,,三级医院,没有统一的起付线,,,,law,没有统一,,,,
        r-5,门诊,报销比例,371500,职工,在职,三级医院,70,%,,,law,七成,,,outdated,
        r-6,住院,起付线,371500,职工,退休,二级医院,400,元,,,law,四百,,,,
        r-7,住院,报销比例,371500,居民,,三级医院,50,%,,,law,五成,,,,
        r-8,住院,报销比例,370000,职工,在职,三级医院,不低于65,%,,,law,不低于,,,,
        """

    private func load(_ rows: String...) throws -> (base: KnowledgeBase?, diagnostics: [Diagnostic]) {
        let file = try #require(
            FileStore.read(Self.definition, as: "Data/calculations/table.yaml", into: DiagnosticCollector()))
        var fixture = TableFixture()
        fixture.rates = Self.rates
        let text = ([Self.header] + rows).joined(separator: "\n") + "\n"
        fixture.others = [
            TableFiles(
                name: "calculations", definition: file,
                rows: SourceFile(path: "Data/calculations/rows.csv", text: text))
        ]
        let (base, diagnostics) = fixture.load()
        return (base, diagnostics.filter { $0.severity == .error })
    }

    /// `code: what the caret points at` of each error.
    private func mistakes(_ rows: [String]) throws -> [String] {
        let lines = ([Self.header] + rows).map { Array($0.unicodeScalars) }
        var found: [String] = []
        let diagnostics = try rows.count == 1 ? load(rows[0]).diagnostics : load(rows[0], rows[1]).diagnostics
        for diagnostic in diagnostics {
            let span = diagnostic.primary.span
            let marked = lines[span.start.line - 1][(span.start.column - 1)..<(span.end.column - 1)]
            found.append("\(diagnostic.code.id): \(String(String.UnicodeScalarView(marked)))")
        }
        return found
    }

    private static func row(
        _ id: String = "lc", place: String = "371500", population: String = "在职", level: String = "三级",
        ages: String = "", label: String = "", deductible: String = "r-2", shares: String = "r-1 r-3",
        bounds: String = "10000", cap: String = "", also: String = "", missing: String = "",
        standing: String = "规则"
    ) -> String {
        [
            id, "报销", place, "职工", population, "住院", level, ages, "", "", label, deductible, shares, bounds,
            cap,
            "", "", "", "", also, missing, standing, "",
        ].joined(separator: ",")
    }

    @Test func `a rule takes its figures from facts`() throws {
        let (base, diagnostics) = try load(Self.row())
        #expect(diagnostics.isEmpty)
        let rule = try #require(base?.calculations.first)
        let brackets = try #require(base?.brackets(of: rule, asOf: .init(year: 2026, month: 1, day: 1)))
        #expect(brackets.deductible == Money(yuan: 800))
        #expect(
            brackets.bands == [
                .init(upTo: Money(yuan: 10_000), share: Share(millionths: 600_000)),
                .init(upTo: nil, share: Share(millionths: 800_000)),
            ])
    }

    @Test(arguments: [
        (row(shares: "r-1 r-33"), ["unknown-fact: r-33"]),
        (row(deductible: "r-22"), ["unknown-fact: r-22"]),
        (row(also: "r-1 r-99"), ["unknown-fact: r-99"]),
        (row(deductible: "r-4"), ["bad-figure: r-4"]),
        (row(deductible: "r-1"), ["bad-figure: r-1"]),
        (row(shares: "r-5", bounds: ""), ["bad-figure: r-5"]),
        (row(shares: "r-8", bounds: ""), ["bad-figure: r-8"]),
        (row(cap: "r-3"), ["bad-figure: r-3"]),
        (row(deductible: "r-6"), ["rule-mismatch: r-6", "rule-mismatch: r-6"]),
        (row(shares: "r-7", bounds: ""), ["rule-mismatch: r-7"]),
        (row(place: "370000"), ["rule-mismatch: r-2", "rule-mismatch: r-1", "rule-mismatch: r-3"]),
        (row(level: "二级"), ["rule-mismatch: r-2", "rule-mismatch: r-1", "rule-mismatch: r-3"]),
        (row(bounds: "1000"), ["bad-bounds: 1000"]), (row(bounds: "10000元"), ["bad-bounds: 10000元"]),
        (row(bounds: "400000 10000"), ["bad-bounds: 10000"]),
        (row(bounds: ""), ["bad-bounds: "]), (row(bounds: "10000 400000 500000"), ["bad-bounds: 500000"]),
        (row(deductible: "", shares: "", bounds: ""), ["empty-cell: "]),
        (row(ages: "sixty"), ["bad-cell: sixty"]), (row(ages: "70-60"), ["bad-cell: 70-60"]),
        (row(place: "371599"), ["unknown-place: 371599"]),
        (row(standing: "规矩"), ["bad-cell: 规矩"]),
    ])
    func `each mistake is marked where it stands`(row: String, expected: [String]) throws {
        let found = try mistakes([row])
        // A count of bounds that is wrong besides is told, too.
        #expect(Set(found).isSuperset(of: expected), "\(found)")
        #expect(try load(row).base == nil)
    }

    @Test func `figures taken over on purpose are marked, and other readings may be old`() throws {
        #expect(
            try load(Self.row(population: "退休", deductible: "r-2~", shares: "r-1~ r-3~")).diagnostics.isEmpty)
        #expect(try load(Self.row(shares: "r-5", bounds: "", standing: "另一说")).diagnostics.isEmpty)
    }

    @Test func `two rules for one case are told apart by their label`() throws {
        #expect(try mistakes([Self.row("a"), Self.row("b")]) == ["ambiguous-rules: b"])
        #expect(try load(Self.row("a", label: "一档"), Self.row("b", label: "二档")).diagnostics.isEmpty)
        #expect(try mistakes([Self.row("a"), Self.row("a", label: "二档")]) == ["duplicate-row: a"])
    }

    @Test func `a mistake reads so`() throws {
        let report = DiagnosticRenderer.report(
            try load(Self.row(bounds: "1000")).diagnostics, as: .human, version: "")
        #expect(
            report == """
                error[bad-bounds]: none of the facts names 1000
                 --> Data/calculations/rows.csv:2:42
                  |
                2 | lc,报销,371500,职工,在职,住院,三级,,,,,r-2,r-1 r-3,1000,,,,,,,,规则,
                  |                                                    ^^^^ not in r-1, r-3
                  |
                  = hint: `r-1` holds for: 三级医院，起付线到1万元

                1 error

                """)
    }
}
