import JSONText
import Testing

/// What a text is read as, or the error.
private func parse(_ text: String, depth: Int = 32) -> Result<JSONValue, JSONError> {
    parse(bytes: Array(text.utf8), depth: depth)
}

private func parse(bytes: [UInt8], depth: Int = 32) -> Result<JSONValue, JSONError> {
    do throws(JSONError) {
        return .success(try JSONParser.parse(bytes, limits: JSONParser.Limits(depth: depth)))
    } catch {
        return .failure(error)
    }
}

private func failure(_ code: JSONError.Code, _ offset: Int) -> Result<JSONValue, JSONError> {
    .failure(JSONError(code, at: offset))
}

@Suite struct JSONParserTests {
    @Test func `every kind of value is read, members in the order of the text`() {
        let text = #" {"b":[1,-2,true,false,null,""],"a":{"c":1.50,"d":1e3},"":"x"} "#
        #expect(
            parse(text)
                == .success(
                    .object([
                        JSONMember(
                            "b",
                            .array([.integer(1), .integer(-2), .bool(true), .bool(false), .null, .string("")])
                        ),
                        JSONMember(
                            "a", .object([JSONMember("c", .number("1.50")), JSONMember("d", .number("1e3"))])),
                        JSONMember("", .string("x")),
                    ])))
    }

    @Test func `members are found by name, byte for byte`() {
        guard case .success(let value) = parse("{\"k\":1,\"\u{212A}\":2}") else {
            return #expect(Bool(false))
        }
        #expect(value["k"] == .integer(1))
        #expect(value["\u{212A}"] == .integer(2))
        #expect(value["K"] == nil)
        #expect(JSONValue.null["k"] == nil)
    }

    @Test(arguments: [
        ("0", JSONValue.integer(0)), ("9223372036854775807", .integer(.max)),
        ("-9223372036854775808", .integer(.min)), ("9007199254740993", .integer(9_007_199_254_740_993)),
        ("9223372036854775808", .number("9223372036854775808")), ("-0", .number("-0")),
        ("1.0", .number("1.0")),
        ("1e0", .number("1e0")), ("1E+2", .number("1E+2")),
        ("99999999999999999999", .number("99999999999999999999")),
    ])
    func `a number is an integer only when it is written as one and fits`(text: String, value: JSONValue) {
        #expect(parse(text) == .success(value))
    }

    @Test(arguments: [
        ("01", 0), ("-", 1), ("1.", 2), (".5", 0), ("1e", 2), ("1e+", 3), ("+1", 0), ("-a", 1), ("0x1", 1),
        ("NaN", 0),
    ])
    func `no other spelling is a number`(text: String, offset: Int) {
        guard case .failure(let error) = parse(text) else { return #expect(Bool(false), "\(text) was read") }
        #expect(error.offset == offset)
    }

    @Test func `escapes stand for their characters`() {
        #expect(
            parse(#""a\"\\\/\b\f\n\r\t\u4f60\u597D\uD842\uDFB7z""#)
                == .success(.string("a\"\\/\u{8}\u{C}\n\r\t你好𠮷z")))
    }

    @Test(arguments: [
        (#""\uD800""#, JSONError.Code.loneSurrogate, 1), (#""a\uDC00\uD800""#, .loneSurrogate, 2),
        (#""\uD800\u0041""#, .loneSurrogate, 1), (#""\u0000""#, .nulCharacter, 1), (#""\x""#, .badEscape, 1),
        (#""\u12g4""#, .badEscape, 1), ("\"\u{1}\"", .controlCharacter, 1),
        ("\"a\nb\"", .controlCharacter, 2),
        ("\"\u{0}\"", .nulCharacter, 1), (#""abc"#, .cutShort, 4), (#""a\"#, .cutShort, 3),
        (#""\u12"#, .cutShort, 5),
    ])
    func `a string that is not well formed is refused where it goes wrong`(
        text: String, code: JSONError.Code, at: Int
    ) {
        #expect(parse(text) == failure(code, at))
    }

    @Test(arguments: [
        ("", JSONError.Code.empty, 0), (" \n", .empty, 2), ("{", .cutShort, 1), ("[1,", .cutShort, 3),
        ("tru", .cutShort, 3), ("trux", .unexpectedByte, 3), ("[1 2]", .unexpectedByte, 3),
        ("[1,]", .unexpectedByte, 3),
        ("{\"a\":1,}", .unexpectedByte, 7), ("{a:1}", .unexpectedByte, 1), ("{\"a\" 1}", .unexpectedByte, 5),
        ("{} {}", .trailingText, 3), ("null\u{0}", .trailingText, 4), ("'a'", .unexpectedByte, 0),
        ("\u{FEFF}{}", .byteOrderMark, 0), ("// a\n{}", .unexpectedByte, 0),
    ])
    func `a text that is not one JSON value is refused`(text: String, code: JSONError.Code, at: Int) {
        #expect(parse(text) == failure(code, at))
    }

    @Test func `two members of one name are refused, in small objects and large ones`() {
        #expect(parse(#"{"type":"a","type":"b"}"#) == failure(.duplicateKey, 12))
        #expect(parse(#"{"a":1,"\u0061":2}"#) == failure(.duplicateKey, 7))
        let many = (0..<200).map { "\"k\($0)\":0" }.joined(separator: ",")
        #expect(parse("{\(many),\"k7\":1}") == failure(.duplicateKey, many.utf8.count + 2))
        #expect(parse("{\(many)}") != failure(.duplicateKey, 0))
    }

    @Test func `names that only look alike are two names`() {
        let composed = "{\"\u{E9}\":1,\"e\u{301}\":2}"
        guard case .success(let value) = parse(composed) else { return #expect(Bool(false)) }
        #expect(value.members?.count == 2)
    }

    @Test(
        arguments: [
            ([0x22, 0x61, 0xFF, 0x22], 2), ([0x22, 0xC0, 0xAF, 0x22], 1),
            ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),
            ([0x22, 0xE4, 0xBD, 0xA0, 0xE4, 0xBD, 0x22], 4), ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1),
        ] as [([UInt8], Int)])
    func `bytes that are no UTF-8 are refused at the first of them`(bytes: [UInt8], at: Int) {
        #expect(parse(bytes: bytes) == failure(.invalidUTF8, at))
    }

    @Test func `UTF-16 is refused`() {
        #expect(parse(bytes: [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00]) == failure(.unexpectedByte, 0))
        #expect(parse(bytes: [0x7B, 0x00, 0x7D, 0x00]) == failure(.unexpectedByte, 1))
    }

    @Test func `values nest as deep as the limit and no deeper`() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        if case .failure(let error) = parse(nested(32)) { #expect(Bool(false), "\(error)") }
        #expect(parse(nested(33)) == failure(.tooDeep, 32))
        #expect(parse(nested(100_000)) == failure(.tooDeep, 32))
        #expect(parse(String(repeating: "{\"a\":", count: 100_000)) == failure(.tooDeep, 32 * 5))
        #expect(parse(nested(3), depth: 2) == failure(.tooDeep, 2))
        #expect(parse(nested(100_000), depth: .max) == failure(.tooDeep, 512))
    }

    @Test func `what strangers may send at most is read or refused as a whole`() {
        let digits = String(repeating: "9", count: 60_000)
        #expect(parse(digits) == .success(.number(digits)))
        let text = String(repeating: "医", count: 21_000)
        #expect(parse("\"\(text)\"") == .success(.string(text)))
        let members = (0..<20_000).map { "\"k\($0)\":0" }.joined(separator: ",")
        guard case .success(let value) = parse("{\(members)}") else { return #expect(Bool(false)) }
        #expect(value.members?.count == 20_000)
        #expect(value["k19999"] == .integer(0))
    }

    @Test func `every cut of a text is refused, and no cut traps`() {
        let text = Array(
            #"{"type":"message","id":"c1","n":[1.5e-3,null,true],"text":"你\n\uD842\uDFB7好"}"#.utf8)
        for length in 0..<text.count {
            guard case .failure = parse(bytes: Array(text[..<length])) else {
                #expect(Bool(false), "\(length) bytes were read")
                continue
            }
        }
    }

    @Test func `what was read is written as it was`() throws {
        let text = #"{"a":[1,-2,1.50,"x\"\n",{}],"b":null,"c":true,"你":"好","e":[],"f":99999999999999999999}"#
        var writer = JSONWriter()
        writer.value(try JSONParser.parse(Array(text.utf8)))
        #expect(writer.text == text)
    }
}
