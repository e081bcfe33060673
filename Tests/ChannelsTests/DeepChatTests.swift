import Channels
import Conversation
import JSONText
import Testing

private func decode(_ text: String) -> Result<ClientFrame, FrameError> {
    Array(text.utf8).withUnsafeBytes { bytes in
        do throws(FrameError) {
            return .success(try DeepChat.decode(bytes, id: "i", limits: .init()))
        } catch { return .failure(error) }
    }
}

@Suite struct DeepChatTests {
    @Test(arguments: [
        #"{"messages":[{"role":"user","text":"异地就医备案"}]}"#,
        #"{"messages":[{"role":"ai","text":"您好"},{"role":"user","text":"异地就医备案"}],"model":"x"}"#,
        #"{"messages":[{"text":"异地就医备案"}]}"#,
    ]) func `the last message is what is said`(body: String) {
        #expect(decode(body) == .success(.message(id: "i", text: "异地就医备案")))
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"messages":[]}"#, #"{"messages":["a"]}"#,
        #"{"messages":[{"role":"ai","text":"a"}]}"#,
        #"{"messages":[{"role":"user","files":[]}]}"#, #"{"messages":{"role":"user","text":"a"}}"#,
    ]) func `what says nothing is refused`(body: String) {
        guard case .failure(let error) = decode(body) else {
            Issue.record("taken")
            return
        }
        #expect(error.code.isMistake)
    }

    @Test func `a turn is one message, its choices buttons whose words are text and never markup`() throws {
        let turn = PageTurn(
            seq: 2, user: "问",
            replies: [
                Reply(text: "好"),
                Reply(kind: .choices([Choice(id: "a=b", label: "<b>甲")]), text: "哪个？\n1. <b>甲"),
            ])
        let json = try JSONParser.parse(DeepChat.encode(turn))
        #expect(json["text"]?.string == "好\n\n哪个？")
        #expect(
            json["html"]?.string
                == "<div class=\"deep-chat-temporary-message\"><button class=\"deep-chat-button deep-chat-suggestion-button\">&lt;b&gt;甲</button></div>"
        )
        let plain = PageTurn(seq: 2, user: "问", replies: [Reply(text: "好")])
        #expect(DeepChat.encode(plain) == Array(#"{"text":"好"}"#.utf8))
    }

    @Test func `an error is shown in words`() throws {
        let json = try JSONParser.parse(DeepChat.encode(FrameError(.textTooLong)))
        #expect(json["error"]?.string == ErrorCode.textTooLong.spoken)
        #expect(json["code"]?.string == "text_too_long")
    }
}
