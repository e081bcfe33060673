import Authoring
import Diagnostics
import Testing

struct MappingReaderTests {
    private let collector = DiagnosticCollector()

    private func reader(_ text: String) throws -> MappingReader {
        let file = SourceFile(path: "a.yaml", text: text)
        let node = try #require(YAMLReader.read(file, into: collector))
        return try #require(MappingReader(node, of: "a flow", in: file, into: collector))
    }

    private var mistakes: [String] {
        collector.diagnostics.map {
            "\($0.code.id) \($0.primary.span.start.line):\($0.primary.span.start.column) \($0.message)"
        }
    }

    @Test func `keys are read by their form`() throws {
        var reader = try reader("flow: f\nlimit: 12\nreturns: true\nwords: [a, b]\nword: c\nlist:\n  - 1\n")
        #expect(reader.requiredText("flow") == "f")
        #expect(reader.optionalInteger("limit") == 12)
        #expect(reader.flag("returns") && !reader.flag("other"))
        #expect(
            reader.texts("words") == ["a", "b"] && reader.texts("word") == ["c"]
                && reader.texts("none").isEmpty)
        #expect(reader.requiredList("list").map(\.text) == ["1"])
        #expect(reader.optionalText("none") == nil)
        reader.finish()
        #expect(mistakes.isEmpty)
    }

    @Test func `what is missing or empty is told`() throws {
        var reader = try reader("a:\nb: []\n")
        #expect(
            reader.required("a") == nil && reader.required("c") == nil && reader.requiredList("b").isEmpty)
        reader.finish()
        #expect(
            mistakes == [
                "missing-key 1:1 `a` of a flow has no value", "missing-key 1:1 a flow has no `c`",
                "missing-key 2:4 `b` of a flow is empty",
            ])
    }

    @Test func `a wrong form is told`() throws {
        var reader = try reader("a: [x]\nb: x\nc: yes\nd: 1.5\ne: [[x]]\n")
        _ = reader.optionalText("a")
        _ = reader.list("b")
        _ = reader.flag("c")
        _ = reader.optionalInteger("d")
        _ = reader.texts("e")
        #expect(
            mistakes == [
                "wrong-shape 1:4 `a` of a flow is a list", "wrong-shape 2:4 `b` of a flow is a text",
                "wrong-shape 3:4 `c` of a flow is `yes`",
                "wrong-shape 4:4 `d` of a flow is `1.5`", "wrong-shape 5:5 `e` of a flow is a list",
            ])
    }

    @Test func `a key that nobody reads is unknown, with the nearest known one`() throws {
        var reader = try reader("intnet: a\n")
        _ = reader.optional("intent")
        _ = reader.optional("examples")
        reader.finish()
        #expect(mistakes == ["unknown-key 1:1 a flow has no key `intnet`"])
        #expect(collector.diagnostics.first?.hint == "the nearest known key is `intent`")
    }

    @Test func `something else than a mapping is told`() throws {
        let file = SourceFile(path: "a.yaml", text: "- x")
        let node = try #require(YAMLReader.read(file, into: collector))
        #expect(MappingReader(node, of: "a flow", in: file, into: collector) == nil)
        #expect(mistakes == ["wrong-shape 1:1 a flow is written as a mapping, but this is a list"])
    }
}
