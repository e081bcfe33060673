import Channels
import Conversation
import JSONText
import Testing

private func turn(
    _ id: String? = "c1", seq: Int = 2, user: String? = "聊城", _ replies: [Reply] = [Reply(text: "好")],
    trace: String? = nil
) -> [UInt8] {
    var json = JSONWriter()
    TurnFrame.write(
        id: id, seq: seq, user: user, replies: replies, trace: trace.map { Array($0.utf8) }, to: &json)
    return json.bytes
}

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

private func sent(
    _ frame: [UInt8], isDuplicate: Bool = false, trace: String? = nil, token: String? = nil,
    epoch: String? = nil
) -> String {
    var json = JSONWriter(headRoom: 16)
    TurnFrame.write(
        stored: frame, isDuplicate: isDuplicate, trace: trace.map { Array($0.utf8) }, token: token,
        epoch: epoch, to: &json)
    return json.text
}

@Suite struct TurnFrameTests {
    @Test func `a turn has its members in the order of the protocol`() {
        #expect(
            text(turn())
                == #"{"type":"turn","id":"c1","seq":2,"duplicate":false,"user":{"text":"聊城"},"#
                + #""replies":[{"kind":"text","text":"好"}]}"#)
        #expect(
            text(turn(trace: #"{"intent":null}"#))
                == #"{"type":"turn","id":"c1","seq":2,"duplicate":false,"user":{"text":"聊城"},"#
                + #""replies":[{"kind":"text","text":"好"}],"trace":{"intent":null}}"#)
    }

    @Test func `the opening has neither an id nor a user`() {
        #expect(
            text(turn(nil, seq: 1, user: nil))
                == #"{"type":"turn","seq":1,"duplicate":false,"replies":[{"kind":"text","text":"好"}]}"#)
    }

    @Test(arguments: [("c1", 2), (String(repeating: "x", count: 64), Int.max)])
    func `a repetition differs in one word`(id: String, seq: Int) {
        // What the person writes may look like the mark, but comes after it.
        let frame = turn(id, seq: seq, user: #"","duplicate":false"#)
        let expected =
            #"{"type":"turn","id":"\#(id)","seq":\#(seq),"duplicate":true,"user":{"text":""#
            + #"\",\"duplicate\":false"},"replies":[{"kind":"text","text":"好"}]}"#
        #expect(text(TurnFrame.duplicate(of: frame)) == expected)
        #expect(sent(frame, isDuplicate: true) == expected)
        #expect(sent(frame) == text(frame))
    }

    @Test func `a trace and keys go in before the end`() {
        let stored = text(turn()).dropLast()
        #expect(sent(turn(), trace: #"{"micros":7}"#) == stored + #","trace":{"micros":7}}"#)
        #expect(sent(turn(), token: "t", epoch: "e") == stored + #","token":"t","epoch":"e"}"#)
        #expect(text(TurnFrame.adding("trace", Array("{}".utf8), to: turn())) == stored + #","trace":{}}"#)
    }

    @Test func `what is no turn is left as it is`() {
        #expect(
            text(TurnFrame.duplicate(of: Array(#"{"type":"done","id":"c3"}"#.utf8)))
                == #"{"type":"done","id":"c3"}"#)
        #expect(TurnFrame.duplicate(of: []) == [])
        #expect(sent(Array("x".utf8), isDuplicate: true) == "x")
    }
}
