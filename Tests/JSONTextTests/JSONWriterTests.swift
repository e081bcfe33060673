import JSONText
import Testing

@Suite struct JSONWriterTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return writer.text
    }

    @Test func `commas come by themselves`() {
        let text = written { json in
            json.beginObject()
            json.key("a")
            json.beginArray()
            json.integer(1)
            json.beginArray()
            json.endArray()
            json.beginObject()
            json.endObject()
            json.string("x")
            json.endArray()
            json.key("b")
            json.null()
            json.key(String("\"c\""))
            json.bool(true)
            json.key("d")
            json.raw(Array("[0]".utf8))
            json.endObject()
        }
        #expect(text == #"{"a":[1,[],{},"x"],"b":null,"\"c\"":true,"d":[0]}"#)
    }

    @Test func `only what must be escaped is escaped`() {
        let text = "\"\\/\u{8}\t\n\u{B}\u{C}\r\u{0}\u{1F}\u{7F}\u{2027}\u{2028}\u{2029}\u{202A}你好𠮷<é"
        #expect(
            written { $0.string(text) }
                == "\"\\\"\\\\/\\b\\t\\n\\u000b\\f\\r\\u0000\\u001f\u{7F}\u{2027}\\u2028\\u2029\u{202A}你好𠮷<é\""
        )
    }

    @Test func `an escape is found at every place of a long text`() throws {
        for length in 0..<40 {
            for place in 0...length {
                for escaped in ["\"", "\\", "\u{1}", "\u{2028}"] {
                    let text =
                        String(repeating: "a", count: place) + escaped
                        + String(repeating: "“", count: length - place)
                    let json = written { $0.string(text) }
                    #expect(try JSONParser.parse(Array(json.utf8)) == .string(text))
                    #expect(json.utf8.count > text.utf8.count + 2)
                }
            }
        }
    }

    @Test(
        arguments: [
            (0.0, "0"), (1, "1"), (0.5, "0.5"), (0.12345, "0.1235"), (0.00004, "0"), (-0.00004, "0"),
            (-0.5, "-0.5"),
            (12.34, "12.34"), (99.99995, "100"), (0.1, "0.1"), (1.0001, "1.0001"), (-1234.5678, "-1234.5678"),
            (1e15, "null"), (.infinity, "null"), (.nan, "null"),
        ] as [(Double, String)])
    func `a double has four decimals at most`(number: Double, text: String) {
        #expect(written { $0.double(number) } == text)
    }

    @Test(
        arguments: [
            (0, "0"), (9, "9"), (10, "10"), (-1, "-1"), (.max, "9223372036854775807"),
            (.min, "-9223372036854775808"),
        ] as [(Int, String)])
    func `integers are written in full`(number: Int, text: String) {
        #expect(written { $0.integer(number) } == text)
    }

    @Test func `head room comes before the text and stays when the writer is used again`() {
        var writer = JSONWriter(headRoom: 16)
        writer.string("a")
        #expect(writer.bytes == [UInt8](repeating: 0, count: 16) + Array("\"a\"".utf8))
        #expect(writer.text == "\"a\"")
        writer.reset()
        writer.integer(7)
        #expect(writer.bytes.count == 17)
        #expect(writer.text == "7")
    }
}
