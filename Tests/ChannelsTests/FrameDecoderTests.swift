import Channels
import Testing

private func decode(_ text: String) -> Result<ClientFrame, FrameError> {
    FrameDecoder().decode(Array(text.utf8))
}

/// Code, id and field of the error.
private func error(_ text: String) -> [String?] { error(FrameDecoder().decode(Array(text.utf8))) }

private func error(_ result: Result<ClientFrame, FrameError>) -> [String?] {
    guard case .failure(let error) = result else { return [] }
    return [error.code.rawValue, error.id, error.field]
}

@Suite struct FrameDecoderTests {
    // MARK: The frames of the contract

    @Test func `hello begins a conversation`() {
        #expect(decode(#"{"type":"hello","protocol":1}"#) == .success(.hello(ClientFrame.Hello())))
    }

    @Test func `hello resumes a conversation and says who is there`() {
        let text = """
            {"type":"hello","protocol":1,"token":"t","epoch":"e","seq":41,"locale":"zh-CN","client":"widget/1.0",
            "trace":true,"profile":{"home_city":"济南","insurance":"职工"}}
            """
        let hello = ClientFrame.Hello(
            resume: ClientFrame.Resume(token: "t", epoch: "e", seq: 41), locale: "zh-CN",
            client: "widget/1.0",
            wantsTrace: true,
            profile: [
                ClientFrame.ProfileEntry("home_city", "济南"), ClientFrame.ProfileEntry("insurance", "职工"),
            ])
        #expect(decode(text) == .success(.hello(hello)))
    }

    @Test func `a token alone resumes from the beginning`() {
        let resume = ClientFrame.Resume(token: "t", epoch: nil, seq: 0)
        #expect(
            decode(#"{"type":"hello","protocol":1,"token":"t"}"#)
                == .success(.hello(ClientFrame.Hello(resume: resume))))
    }

    @Test func `every other frame carries its id`() {
        #expect(
            decode(#"{"type":"message","id":"c1","text":"聊城的医保,去北京看病怎么备案"}"#)
                == .success(.message(id: "c1", text: "聊城的医保,去北京看病怎么备案")))
        #expect(
            decode(#"{"type":"choose","id":"c2","of":3,"choice":"stay_type=temporary"}"#)
                == .success(.choose(id: "c2", of: 3, choice: "stay_type=temporary")))
        #expect(
            decode(#"{"type":"feedback","id":"c3","of":3,"rating":"up","comment":"好"}"#)
                == .success(.feedback(id: "c3", of: 3, rating: .up, comment: "好")))
        #expect(
            decode(#"{"type":"feedback","id":"c3","of":3,"rating":"down"}"#)
                == .success(.feedback(id: "c3", of: 3, rating: .down, comment: nil)))
        #expect(decode(#"{"type":"ping","id":"c4"}"#) == .success(.ping(id: "c4")))
        #expect(decode(#"{"type":"forget","id":"c5"}"#) == .success(.forget(id: "c5")))
    }

    // MARK: JSN-01 … JSN-10

    @Test(arguments: [
        "", "hallo", "null", "1", "[]", "\"x\"", #"{"type":"ping","id":"c1""#,
        #"{"type":"ping","id":"c1"}x"#,
    ])
    func `JSN-01 what is no JSON object is bad_json and carries no id`(text: String) {
        #expect(error(text) == ["bad_json", nil, nil])
    }

    @Test(arguments: [33, 1000, 100_000])
    func `JSN-02 nesting over 32 is bad_json`(depth: Int) {
        let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(error(#"{"type":"ping","id":"c1","x":\#(nested)}"#) == ["bad_json", nil, nil])
    }

    @Test func `JSN-03 two members of one name are bad_json`() {
        #expect(error(#"{"type":"ping","type":"forget","id":"c1"}"#) == ["bad_json", nil, nil])
    }

    @Test func `JSN-04 a byte order mark and UTF-16 are bad_json`() {
        #expect(error("\u{FEFF}" + #"{"type":"ping","id":"c1"}"#) == ["bad_json", nil, nil])
        let wide = #"{"type":"ping","id":"c1"}"#.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(error(FrameDecoder().decode(wide)) == ["bad_json", nil, nil])
    }

    @Test(arguments: [#"\uD800"#, #"\uDFFFa"#, #"\u0000"#, "\u{0}"])
    func `JSN-05 half characters and NUL are bad_json`(piece: String) {
        #expect(error(#"{"type":"message","id":"c1","text":"a\#(piece)b"}"#) == ["bad_json", nil, nil])
    }

    @Test(arguments: [
        "1.0", "1e0", "9007199254740993", "99999999999999999999", "-0", "-1", "0", "\"3\"", "null",
        "true", "[]",
    ])
    func `JSN-06 what is no integer in range is bad_field`(number: String) {
        #expect(
            error(#"{"type":"choose","id":"c1","of":\#(number),"choice":"a=b"}"#) == [
                "bad_field", "c1", "of",
            ])
    }

    @Test func `JSN-06 ids are strings only`() {
        #expect(error(#"{"type":"ping","id":7}"#) == ["bad_field", nil, "id"])
    }

    @Test func `JSN-07 huge numbers and many unknown members are passed over`() {
        let digits = String(repeating: "9", count: 60_000)
        #expect(decode(#"{"type":"ping","id":"c1","x":\#(digits)}"#) == .success(.ping(id: "c1")))
        let members = (0..<20_000).map { "\"k\($0)\":0" }.joined(separator: ",")
        #expect(decode(#"{"type":"ping","id":"c1",\#(members)}"#) == .success(.ping(id: "c1")))
        let long = String(repeating: "a", count: 65_000)
        #expect(error(#"{"type":"message","id":"c1","text":"\#(long)"}"#) == ["text_too_long", "c1", "text"])
    }

    @Test func `JSN-08 unknown members are ignored`() {
        #expect(
            decode(#"{"type":"message","id":"c1","text":"x","mood":{"a":[1]}}"#)
                == .success(.message(id: "c1", text: "x")))
    }

    private static let badIds =
        [#""""#, "null", #""a b""#, #""ä""#, #""a\n""#]
        + [65, 10_000].map { "\"" + String(repeating: "a", count: $0) + "\"" }

    @Test(arguments: badIds)
    func `JSN-09 an id that is empty, long or has other characters is bad_field`(id: String) {
        #expect(error(#"{"type":"ping","id":\#(id)}"#) == ["bad_field", nil, "id"])
    }

    @Test func `JSN-09 an id may be 64 long, and must be there`() {
        let id = String(repeating: "aZ9_-abc", count: 8)
        #expect(decode(#"{"type":"ping","id":"\#(id)"}"#) == .success(.ping(id: id)))
        #expect(error(#"{"type":"ping"}"#) == ["bad_field", nil, "id"])
    }

    @Test func `JSN-10 names that mean something elsewhere mean nothing here`() {
        #expect(
            decode(#"{"type":"ping","id":"c1","__proto__":{"x":1},"constructor":1,"$ref":"x"}"#)
                == .success(.ping(id: "c1")))
    }

    // MARK: Errors keep what could be read

    @Test func `PRO-21 an unknown type is named so, with the id if there is a good one`() {
        #expect(error(#"{"type":"shout","id":"c1"}"#) == ["unknown_type", "c1", "type"])
        #expect(error(#"{"type":"shout","id":"c 1"}"#) == ["unknown_type", nil, "type"])
        #expect(error(#"{"type":7,"id":"c1"}"#) == ["bad_field", "c1", "type"])
        #expect(error(#"{"id":"c1"}"#) == ["bad_field", "c1", "type"])
    }

    @Test(arguments: [
        (#"{"type":"message","id":"c1"}"#, "text"), (#"{"type":"message","id":"c1","text":null}"#, "text"),
        (#"{"type":"message","id":"c1","text":["a"]}"#, "text"),
        (#"{"type":"choose","id":"c1","of":1}"#, "choice"),
        (#"{"type":"choose","id":"c1","choice":"a=b"}"#, "of"),
        (#"{"type":"feedback","id":"c1","of":1,"rating":"maybe"}"#, "rating"),
        (#"{"type":"feedback","id":"c1","of":1}"#, "rating"),
        (#"{"type":"feedback","id":"c1","of":1,"rating":"up","comment":3}"#, "comment"),
    ])
    func `a member that is missing or wrong is named`(text: String, field: String) {
        #expect(error(text) == ["bad_field", "c1", field])
    }

    @Test(arguments: [
        (#"{"type":"hello"}"#, "protocol"), (#"{"type":"hello","protocol":"1"}"#, "protocol"),
        (#"{"type":"hello","protocol":1,"token":7}"#, "token"),
        (#"{"type":"hello","protocol":1,"token":"t","seq":-1}"#, "seq"),
        (#"{"type":"hello","protocol":1,"token":"t","epoch":1}"#, "epoch"),
        (#"{"type":"hello","protocol":1,"trace":1}"#, "trace"),
        (#"{"type":"hello","protocol":1,"profile":[]}"#, "profile"),
        (#"{"type":"hello","protocol":1,"profile":{"a":1}}"#, "profile"),
    ])
    func `errors of hello carry no id`(text: String, field: String) {
        #expect(error(text) == ["bad_field", nil, field])
    }

    @Test func `another protocol version is refused`() {
        #expect(error(#"{"type":"hello","protocol":2,"id":"c1"}"#) == ["protocol_version", nil, "protocol"])
    }

    @Test func `TXT-02 a text may be as long as the limit in bytes, and no longer`() {
        let text = String(repeating: "a", count: 4093) + "医"
        #expect(
            decode(#"{"type":"message","id":"c1","text":"\#(text)"}"#)
                == .success(.message(id: "c1", text: text)))
        #expect(
            error(#"{"type":"message","id":"c1","text":"\#(text)a"}"#) == ["text_too_long", "c1", "text"])
        let marks = "e" + String(repeating: "\u{301}", count: 2048)
        #expect(
            error(#"{"type":"message","id":"c1","text":"\#(marks)"}"#) == ["text_too_long", "c1", "text"])
    }

    @Test(arguments: [
        "", "\u{200B}", "身\u{200B}份证", "👨‍👩‍👧‍👦", "e\u{301}\u{302}", "\u{202E}abc", "𠮷㐂", "\u{FDFA}",
        "\u{E0041}", "\u{FFFE}", "a\u{2028}b", "\t\n\r", "'; DROP TABLE", "</script>",
    ])
    func `odd text is kept exactly as it is`(text: String) {
        let escaped = text.unicodeScalars.map { scalar in
            scalar.value < 0x20
                ? "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
                : String(scalar)
        }.joined()
        guard
            case .success(.message(_, let read)) = decode(
                #"{"type":"message","id":"c1","text":"\#(escaped)"}"#)
        else {
            return #expect(Bool(false))
        }
        #expect(Array(read.utf8) == Array(text.utf8))
    }
}
