import Authoring
import Diagnostics
import Testing

struct YAMLReaderTests {
    private func read(_ text: String) -> (YAMLNode?, [Diagnostic]) { read(Array(text.utf8)) }

    private func read(_ bytes: [UInt8]) -> (YAMLNode?, [Diagnostic]) {
        let collector = DiagnosticCollector()
        let node = YAMLReader.read(SourceFile(path: "a.yaml", bytes: bytes), into: collector)
        return (node, collector.diagnostics)
    }

    /// `code line:column` of each diagnostic.
    private func mistakes(_ text: String) -> [String] { mistakes(Array(text.utf8)) }

    private func mistakes(_ bytes: [UInt8]) -> [String] {
        let (node, diagnostics) = read(bytes)
        #expect(node == nil || diagnostics.isEmpty)
        return diagnostics.map {
            "\($0.code.id) \($0.primary.span.start.line):\($0.primary.span.start.column)"
        }
    }

    // MARK: What is read

    @Test(arguments: [
        "no", "yes", "on", "0123", "1e3", "12:30", "2026-01-01", "370102199001011234", "~", "null", "0x1F",
        "1_000", "=", "Null",
    ])
    func `YML-05 a scalar is the text that was written`(text: String) {
        #expect(read("a: \(text)").0?["a"]?.text == text)
        #expect(read("- \(text)").0?.items?.first?.text == text)
        #expect(read("{\(text): 1}").0?.entries?.first?.key == text)
    }

    @Test func `nodes know where they stand`() throws {
        let root = try #require(
            read("名称: 备案\nask:\n  - \"请选\\\"一\\\"个\"   # 说明\n  - '二''三'\n  - 不\n    断\nflow: {a: [b, c]}\n").0
        )
        #expect(root.entries?.map(\.key) == ["名称", "ask", "flow"])
        #expect(root["名称"]?.span == SourceSpan(line: 1, column: 5, length: 2))
        #expect(root.entries?[1].keySpan == SourceSpan(line: 2, column: 1, length: 3))
        let items = try #require(root["ask"]?.items)
        #expect(items.map(\.text) == ["请选\"一\"个", "二'三", "不 断"])
        #expect(
            items.map(\.span) == [
                SourceSpan(line: 3, column: 5, length: 10), SourceSpan(line: 4, column: 5, length: 6),
                SourceSpan(line: 5, column: 5, length: 1),
            ])
        #expect(
            root["flow"]?["a"]?.items?.map(\.span.start) == [
                Position(line: 7, column: 12), Position(line: 7, column: 15),
            ])
        #expect(root["flow"]?.span == SourceSpan(line: 7, column: 7, length: 1))
    }

    @Test func `styles are kept apart`() {
        let root = read("p: a\ns: 'a'\nd: \"a\"\nl: |\n  a\nf: >-\n  a\n  b\n").0
        #expect(
            root?.entries?.map(\.value.content) == [
                .scalar("a", .plain), .scalar("a", .singleQuoted), .scalar("a", .doubleQuoted),
                .scalar("a\n", .literal), .scalar("a b", .folded),
            ])
    }

    @Test func `a value left out is absent, an empty text is not`() {
        let root = read("a:\nb: ''\n").0
        #expect(root?["a"]?.isAbsent == true && root?["a"]?.text == nil)
        #expect(root?["b"]?.isAbsent == false && root?["b"]?.text == "")
    }

    @Test(arguments: ["", "\n\n", "# nothing\n", "---\n"])
    func `a file that says nothing has no root and no mistake`(text: String) {
        let (node, diagnostics) = read(text)
        #expect(node?.isAbsent ?? true)
        #expect(diagnostics.isEmpty)
    }

    @Test func `a document mark at the top and CRLF are fine`() {
        #expect(read("---\r\na: 1\r\nb: |\r\n  x\r\n").0?["a"]?.text == "1")
        #expect(read("---\r\na: 1\r\n").1.isEmpty)
    }

    @Test(arguments: [
        "a: x*y & z!", "a: '*x'", "a: |\n  *x\n  &y\n  !z\n  <<: b\n  ---\n", "a: text\n  *on\n  &on\n",
        "# &a *b !c\na: 1", "a: \"&b\n  *c\"",
        "- >\n   *x\n\n   &y\n- b", "a: b - &c", "[a, 'b*', \"&c\"]", "? a\n: b", "a: [x,\n  y # &z\n  ]",
        "a: |2\n   *x\n  &y\nb: c",
    ])
    func `marks inside texts are texts`(text: String) {
        #expect(mistakes(text).isEmpty, "\(text)")
        #expect(read(text).0 != nil)
    }

    // MARK: What is refused

    @Test(arguments: [
        ("a: &x 1\nb: *x", ["yaml-alias 1:4", "yaml-alias 2:4"]),
        ("a: [&x 1, *x]", ["yaml-alias 1:5", "yaml-alias 1:11"]),
        ("a: !!binary aGk=", ["yaml-tag 1:4"]), ("a: !ruby/object {}", ["yaml-tag 1:4"]),
        ("!t\na: 1", ["yaml-tag 1:1"]),
        ("%YAML 1.1\n---\na: 1", ["yaml-tag 1:1"]),
        ("b: {x: 1}\na:\n  <<: {y: 2}", ["yaml-merge-key 3:3"]), ("a: 1\n---\nb: 2", ["yaml-documents 2:1"]),
        ("a: 1\n...\n", ["yaml-documents 2:1"]), ("a:\n\t- b", ["yaml-tab 2:1"]),
        ("a:\n  \tb: 1", ["yaml-tab 2:3"]),
        ("a: 1\na: 2", ["duplicate-key 2:1"]),
        ("a: {b: 1, c: 2, b: 3, \"b\": 4}", ["duplicate-key 1:17", "duplicate-key 1:23"]),
        (
            "x: {k: 1, k: 2}\ny:\n  - n: 1\n    n: 2\nx: 3",
            ["duplicate-key 1:11", "duplicate-key 4:5", "duplicate-key 5:1"]
        ),
        ("中: 1\n文: 2\n中: 3", ["duplicate-key 3:1"]), ("\"a\\\"\": 1\n'a\"': 2", ["duplicate-key 2:1"]),
        ("a: \"b", ["yaml-syntax 1:6"]), ("a: b: c", ["yaml-syntax 1:5"]), ("a: [b", ["yaml-syntax 1:6"]),
        ("a:\n  b: 1\n c: 2", ["yaml-syntax 3:2"]),
        ("? [a]\n: b", ["wrong-shape 1:3"]), ("a: \u{2028}b", ["control-character 1:4"]),
        ("a: \u{1}", ["control-character 1:4"]),
        ("a: 1\rb: 2", ["control-character 1:5"]), ("\u{FEFF}a: 1", ["byte-order-mark 1:1"]),
    ])
    func `YML-04 each mistake is told with its place`(text: String, expected: [String]) {
        #expect(mistakes(text) == expected)
    }

    @Test func `several mistakes of a file are told at once`() {
        #expect(
            mistakes("a: *x\nb: !t 1\nc:\n\t- 1\n---\n") == [
                "yaml-alias 1:4", "yaml-tag 2:4", "yaml-tab 4:1", "yaml-documents 5:1",
            ])
    }

    @Test func `YML-04 both places of a duplicate are shown`() throws {
        let diagnostic = try #require(read("title: 1\nb: 2\ntitle: 3").1.first)
        #expect(diagnostic.primary.span == SourceSpan(line: 3, column: 1, length: 5))
        #expect(diagnostic.secondary?.span == SourceSpan(line: 1, column: 1, length: 5))
        #expect(diagnostic.message == "the key `title` stands twice in one mapping")
    }

    @Test func `bytes that are no UTF-8 are told by line, GBK by name`() {
        let gbk: [UInt8] =
            Array("a: 1\nb: ".utf8) + [0xB9, 0xAB, 0xBC, 0xC3, 0x0A] + Array("c: ".utf8) + [0xFF, 0x0A]
        #expect(mistakes(gbk) == ["bad-utf8 2:4", "bad-utf8 3:4"])
        #expect(
            read(gbk).1.map(\.hint) == [
                "the bytes look like GBK; save the file as UTF-8", "save the file as UTF-8",
            ])
    }

    // MARK: What would harm

    @Test func `YML-01 an alias bomb is refused before it is composed`() {
        func bomb(levels: Int) -> String {
            let names = "abcdefghi".utf8.map { String(UnicodeScalar($0)) }
            return "a: &a [x,x,x,x,x,x,x,x,x]\n"
                + (1..<levels).map { level in
                    let aliases = Array(repeating: "*" + names[level - 1], count: 9).joined(separator: ",")
                    return "\(names[level]): &\(names[level]) [\(aliases)]\n"
                }.joined()
        }
        #expect(mistakes(bomb(levels: 9)).allSatisfy { $0.hasPrefix("yaml-alias") })
        // Composed, it would be 6,561 times as large as one of five levels.
        let (small, large) = (bomb(levels: 5), bomb(levels: 9))
        let few = effort { _ = mistakes(small) }
        let many = effort { _ = mistakes(large) }
        #expect(many < 10 * few, "\(many) ns, \(few) ns for five levels")
    }

    @Test(arguments: [
        String(repeating: "[", count: 10_000), String(repeating: "{a: ", count: 10_000),
        String(repeating: "- ", count: 10_000),
        (0..<2000).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
        String(repeating: "? ", count: 10_000),
        String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
    ])
    func `YML-02 nesting is bounded before the parser recurses`(text: String) {
        #expect(mistakes(text).map { $0.split(separator: " ")[0] } == ["yaml-depth"])
    }

    @Test func `sixty-four levels are read`() {
        #expect(mistakes(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)).isEmpty)
    }

    @Test func `YML-03 a file of more than four megabytes is refused by its size`() {
        #expect(mistakes([UInt8](repeating: 0x61, count: (4 << 20) + 1)) == ["file-too-large 1:1"])
        #expect(mistakes([UInt8](repeating: 0x61, count: 4 << 20)).isEmpty)
    }

    @Test func `four times as many duplicates take not much more than four times as long`() {
        func text(_ count: Int) -> String { (0..<2 * count).map { "k\($0 % count): 1\n" }.joined() }
        let (small, large) = (text(2_500), text(10_000))
        let few = effort(tries: 2) { #expect(!mistakes(small).isEmpty) }
        let many = effort(tries: 2) { #expect(!mistakes(large).isEmpty) }
        #expect(many < 9 * few, "\(many) ns, \(few) ns for a quarter of them")
    }
}
