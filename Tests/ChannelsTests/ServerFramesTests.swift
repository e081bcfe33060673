import Channels
import Conversation
import JSONText
import Testing

private func written(_ body: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    body(&json)
    return json.text
}

private func encoded(_ replies: [Reply]) -> [UInt8] {
    var json = JSONWriter()
    ReplyCoding.write(replies, to: &json)
    return json.bytes
}

private let keys = ConversationKeys(conversation: "k1", token: "t1", epoch: "e1")

@Suite struct ServerFramesTests {
    @Test func `welcome opens a conversation with what is said first`() {
        #expect(
            written {
                ServerFrames.welcome(
                    keys, seq: 1, .new, encodedReplies: encoded([Reply(text: "您好")]), to: &$0)
            }
                == #"{"type":"welcome","protocol":1,"conversation":"k1","token":"t1","epoch":"e1","seq":1,"#
                + #""resumed":false,"replies":[{"kind":"text","text":"您好"}]}"#)
    }

    @Test func `welcome says that a conversation goes on`() {
        #expect(
            written { ServerFrames.welcome(keys, seq: 47, .resumed, encodedReplies: encoded([]), to: &$0) }
                == #"{"type":"welcome","protocol":1,"conversation":"k1","token":"t1","epoch":"e1","seq":47,"#
                + #""resumed":true,"replies":[]}"#)
    }

    @Test(arguments: [(Resumption.Reason.epoch, "epoch"), (.seq, "seq"), (.tooMuch, "too_much")])
    func `welcome says why it does not go on where it was`(reason: Resumption.Reason, word: String) {
        #expect(
            written {
                ServerFrames.welcome(keys, seq: 9, .refused(reason), encodedReplies: encoded([]), to: &$0)
            }
                == #"{"type":"welcome","protocol":1,"conversation":"k1","token":"t1","epoch":"e1","seq":9,"#
                + #""resumed":false,"reason":"\#(word)","replies":[]}"#)
    }

    @Test func `the short frames`() {
        #expect(written { ServerFrames.done(id: "c3", to: &$0) } == #"{"type":"done","id":"c3"}"#)
        #expect(written { ServerFrames.pong(id: "c4", to: &$0) } == #"{"type":"pong","id":"c4"}"#)
        #expect(
            written { ServerFrames.resumed(from: 42, to: 47, to: &$0) }
                == #"{"type":"resumed","from":42,"to":47}"#)
    }

    @Test func `an error names its code, whether to try again, and what is at fault`() {
        let long = FrameError(.textTooLong, "`text` must be at most 4096 bytes long", id: "c1", field: "text")
        #expect(
            written { ServerFrames.error(long, to: &$0) }
                == #"{"type":"error","id":"c1","code":"text_too_long","message":"`text` must be at most 4096 bytes long","#
                + #""retryable":false,"retry_after_ms":0,"field":"text"}"#)
        let limited = FrameError(.rateLimited, id: "c2", retryAfterMilliseconds: 250)
        #expect(
            written { ServerFrames.error(limited, to: &$0) }
                == #"{"type":"error","id":"c2","code":"rate_limited","message":"too much at once","#
                + #""retryable":true,"retry_after_ms":250}"#)
    }

    @Test func `an error of the protocol version says which are spoken`() {
        #expect(
            written { ServerFrames.error(FrameError(.protocolVersion), to: &$0) }
                == #"{"type":"error","code":"protocol_version","message":"this protocol version is not spoken here","#
                + #""retryable":false,"retry_after_ms":0,"supported":[1]}"#)
    }

    @Test func `error and close codes are those of the protocol`() {
        #expect(
            ErrorCode.allCases.map(\.rawValue) == [
                "bad_json", "bad_field", "unknown_type", "protocol_state", "protocol_version", "token",
                "text_too_long",
                "id_conflict", "unknown_choice", "rate_limited", "storage_unavailable", "turn_timeout",
                "internal",
            ])
        #expect(
            ErrorCode.allCases.filter(\.isRetryable) == [.rateLimited, .storageUnavailable, .turnTimeout])
        #expect(
            CloseCode.allCases.map(\.rawValue) == [
                1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 4400, 4401, 4403, 4408, 4429, 4501, 4503,
                4507,
            ])
        #expect(
            CloseCode.allCases.filter(\.invitesReturn)
                == [.goingAway, .internalError, .slowReader, .draining, .storage])
    }

    @Test func `a frame keeps the head room it was given`() {
        var json = JSONWriter(headRoom: 16)
        ServerFrames.done(id: "c1", to: &json)
        #expect(json.bytes.count == 16 + json.body.count)
        #expect(json.text == #"{"type":"done","id":"c1"}"#)
    }
}
