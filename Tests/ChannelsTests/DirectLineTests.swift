import Channels
import Conversation
import JSONText
import Testing

private func posted(_ body: String) -> Result<DirectLine.Posted, FrameError> {
    do throws(FrameError) {
        return .success(try DirectLine.activity(Array(body.utf8), id: "f", limits: .init()))
    } catch { return .failure(error) }
}

private func frame(_ body: String) -> ClientFrame? { (try? posted(body).get())?.frame }

@Suite struct DirectLineTests {
    // MARK: What comes

    @Test func `an activity of the widget is what the person says`() throws {
        let body = """
            {"type":"message","text":"异地就医备案","textFormat":"plain","from":{"id":"r_1","name":"张","role":"user"},\
            "locale":"zh-CN","channelId":"webchat","channelData":{"clientActivityID":"1494524132938.4936.0"},\
            "attachments":[]}
            """
        let activity = try posted(body).get()
        #expect(activity.user == DirectLine.User(id: "r_1", name: "张"))
        guard case .message(let id, "异地就医备案")? = activity.frame else {
            Issue.record("said something else")
            return
        }
        #expect(DirectLine.activity(ofIdentifier: id) == "1494524132938.4936.0")
    }

    @Test func `a button may send its payload as a text or as an object`() {
        let payload = #"{"type":"message","text":"/choose{\"of\":2,\"choice\":\"a=b\"}"}"#
        #expect(frame(payload) == .choose(id: "s-f", of: 2, choice: "a=b"))
        let object = #"{"type":"message","value":{"of":2,"choice":"a=b"}}"#
        #expect(frame(object) == .choose(id: "s-f", of: 2, choice: "a=b"))
        #expect(frame(#"{"type":"message"}"#) == .message(id: "s-f", text: ""))
    }

    @Test(arguments: [#"{"type":"typing"}"#, #"{"type":"event","name":"webchat/join","from":{"id":"u"}}"#])
    func `what says nothing is no turn`(body: String) throws { #expect(try posted(body).get().frame == nil) }

    @Test(arguments: [
        "", "[]", "{}", #"{"type":1}"#, #"{"type":"message","text":1}"#, #"{"type":"message","from":"u"}"#,
        #"{"type":"message","text":"a","channelData":{"clientActivityID":1}}"#,
        #"{"type":"message","text":"a","channelData":{"clientActivityID":""}}"#,
        #"{"type":"message","text":"a","channelData":{"clientActivityID":"12345678901234567890123456789012345678901234.67"}}"#,
    ]) func `what breaks the form is refused`(body: String) {
        guard case .failure(let error) = posted(body) else {
            Issue.record("taken")
            return
        }
        #expect(error.code.isMistake)
    }

    @Test(arguments: ["a", "k3j4h5", "x-y", "s-1", "é", "a b", "1.2", "0190b0a0-1b1b-7000-8000-000000000000"])
    func `an identifier of any letters comes back as it was`(id: String) throws {
        let inner = try #require(DirectLine.identifier(of: id))
        #expect((1...64).contains(inner.utf8.count))
        #expect(inner.utf8.allSatisfy { $0 < 0x80 })
        #expect(DirectLine.activity(ofIdentifier: inner) == id)
    }

    @Test func `an identifier that the server made is nobody's`() {
        #expect(DirectLine.activity(ofIdentifier: "s-abc") == nil)
        #expect(DirectLine.activity(ofIdentifier: "x-!") == nil)
    }

    @Test func `a watermark is a turn`() throws {
        #expect(try DirectLine.turn(ofWatermark: nil) == 0)
        #expect(try DirectLine.turn(ofWatermark: "-") == 0)
        #expect(try DirectLine.turn(ofWatermark: "12") == 12)
        for wrong in ["-1", "x", "1.0"] {
            #expect(throws: FrameError.self) { try DirectLine.turn(ofWatermark: wrong) }
        }
    }

    @Test func `a token tells whom it was made for`() throws {
        let token = DirectLine.token(secret: "abc", user: .init(id: "r_张"))
        #expect(DirectLine.user(ofToken: token) == .init(id: "r_张"))
        #expect(DirectLine.token(secret: "abc", user: nil) == "abc")
        #expect(DirectLine.user(ofToken: "abc") == nil)
        #expect(try DirectLine.user(of: Array(#"{"user":{"id":"r_1"}}"#.utf8)) == .init(id: "r_1"))
        #expect(try DirectLine.user(of: []) == nil)
        #expect(throws: FrameError.self) { try DirectLine.user(of: Array(#"{"user":7}"#.utf8)) }
    }

    // MARK: What goes out

    private let turn = PageTurn(
        id: "c1", seq: 2, user: "问",
        replies: [Reply(kind: .choices([Choice(id: "a=b", label: "甲")]), text: "哪个？\n1. 甲")])

    @Test func `a set echoes the person's activity and answers it`() {
        let set = DirectLine.activitySet(
            [turn], after: 1, conversation: "k", user: .init(id: "r_1", name: "张"))
        #expect(
            String(decoding: set, as: UTF8.self) == #"{"activities":["#
                + #"{"type":"message","id":"k|0002000","channelId":"directline","conversation":{"id":"k"},"#
                + #""channelData":{"clientActivityID":"c1","webchat:sequence-id":2000},"#
                + #""from":{"id":"r_1","name":"张","role":"user"},"text":"问","textFormat":"plain"},"#
                + #"{"type":"message","id":"k|0002001","channelId":"directline","conversation":{"id":"k"},"#
                + #""channelData":{"webchat:sequence-id":2001},"from":{"id":"daoban","name":"医保小导","role":"bot"},"#
                + #""text":"哪个？","textFormat":"plain","inputHint":"expectingInput","#
                + #""suggestedActions":{"actions":[{"type":"imBack","title":"甲","value":"甲"}]},"#
                + #""replyToId":"k|0002000"}],"watermark":"2"}"#)
    }

    @Test func `the opening is the assistant's alone, and an empty set keeps the watermark`() throws {
        let opening = PageTurn(id: "opening", seq: 1, user: "", replies: [Reply(text: "您好")])
        let set = try JSONParser.parse(
            DirectLine.activitySet([opening], after: 0, conversation: "k", user: .init(id: "u")))
        let activities = try #require(set["activities"]?.array)
        #expect(activities.map { $0["from"]?["role"]?.string } == ["bot"])
        #expect(activities[0]["replyToId"] == nil)
        let empty = DirectLine.activitySet([], after: 7, conversation: "k", user: .init(id: "u"))
        #expect(String(decoding: empty, as: UTF8.self) == #"{"activities":[],"watermark":"7"}"#)
    }

    @Test func `what opens a conversation, what was posted and what went wrong have their forms`() {
        func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
        #expect(
            text(DirectLine.conversation("k", token: "t", stream: "ws://h/s"))
                == #"{"conversationId":"k","token":"t","expires_in":1800,"streamUrl":"ws://h/s"}"#)
        #expect(text(DirectLine.resource("k|0002000")) == #"{"id":"k|0002000"}"#)
        #expect(
            text(DirectLine.error(FrameError(.textTooLong)))
                == #"{"error":{"code":"MessageSizeTooBig","message":"the text is too long"}}"#)
        #expect(DirectLine.name("k", turn: 12_345, place: 3) == "k|12345003")
    }
}
