import Authoring
import Diagnostics
import Testing

struct CSVReaderTests {
    private func read(_ text: String) -> (records: [[String]], mistakes: [String]) {
        let collector = DiagnosticCollector()
        var reader = CSVReader(SourceFile(path: "rows.csv", text: text), into: collector)
        var fields: [CSVReader.Field] = []
        var records: [[String]] = []
        while reader.next(into: &fields) { records.append(fields.map { reader.text(of: $0) }) }
        let mistakes = collector.diagnostics.map {
            "\($0.code.id) \($0.primary.span.start.line):\($0.primary.span.start.column)"
        }
        return (records, mistakes)
    }

    @Test(arguments: [
        ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]), ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
        ("a,b", [["a", "b"]]), ("", []),
        ("a,,\n", [["a", "", ""]]), ("a,b,", [["a", "b", ""]]), ("\"a,b\",\"c\nd\"\n", [["a,b", "c\nd"]]),
        ("\"a\"\"b\",\"\"\n", [["a\"b", ""]]),
        ("\"a\"\r\nb\r\n", [["a"], ["b"]]), ("一,“二”\n", [["一", "“二”"]]), ("a\n\nb\n", [["a"], [""], ["b"]]),
        ("\"\"\"\"\n", [["\""]]), ("a\rb,c\n", [["a\rb", "c"]]),
    ])
    func `records are read as RFC 4180 has them`(text: String, expected: [[String]]) {
        let result = read(text)
        #expect(result.records == expected)
        #expect(result.mistakes.isEmpty)
    }

    @Test(arguments: [
        ("a,b\"c\nd,e\n", ["csv-quote 1:4"], 2), ("a,\"b\"c\nd,e\n", ["csv-quote 1:6"], 2),
        ("a,\"b\nc,d\n", ["csv-quote 1:3"], 1),
        ("一,二\"\n\"三\"四,五\n六,七\n", ["csv-quote 1:4", "csv-quote 2:4"], 3),
    ])
    func `a quotation mark out of place is told, and reading goes on`(
        text: String, expected: [String], count: Int
    ) {
        let result = read(text)
        #expect(result.mistakes == expected)
        #expect(result.records.count == count)
    }

    @Test func `any bytes come to an end`() {
        var random = Xorshift(state: 7)
        let letters = Array("a\",\n\r一".utf8)
        for _ in 0..<2000 {
            let bytes = (0..<random.below(40)).map { _ in letters[random.below(letters.count)] }
            let collector = DiagnosticCollector()
            var reader = CSVReader(SourceFile(path: "f", bytes: bytes), into: collector)
            var fields: [CSVReader.Field] = []
            var cells = 0
            while reader.next(into: &fields) { cells += fields.count }
            #expect(cells <= bytes.count + 1)
        }
    }
}
