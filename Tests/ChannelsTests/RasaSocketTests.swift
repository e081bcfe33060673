import Channels
import Conversation
import JSONText
import Testing

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

private func decode(_ packet: String) -> Result<RasaSocket.Event, FrameError> {
    do throws(FrameError) {
        return .success(
            try RasaSocket.decode(SocketPacket(bytes(packet))?.data, id: "i", limits: .init()))
    } catch { return .failure(error) }
}

@Suite struct RasaSocketTests {
    // MARK: Packets

    @Test func `a packet has its namespace, its number and its data`() throws {
        let array = JSONValue.array([.string("a")])
        #expect(SocketPacket(bytes("0")) == SocketPacket(.connect))
        #expect(
            SocketPacket(bytes("0/admin,{}"))
                == SocketPacket(.connect, namespace: "/admin", data: .object([])))
        #expect(SocketPacket(bytes("0/admin")) == SocketPacket(.connect, namespace: "/admin"))
        #expect(SocketPacket(bytes("2[\"a\"]")) == SocketPacket(.event, data: array))
        #expect(
            SocketPacket(bytes("2/x,17[\"a\"]"))
                == SocketPacket(.event, namespace: "/x", number: 17, data: array))
        #expect(SocketPacket(bytes("1")) == SocketPacket(.disconnect))
    }

    @Test(arguments: ["", "7", "x", "2[", "2[\"a\"]]", "21234567890123456[]", "51-[\"a\"]"])
    func `what is no packet is none`(packet: String) { #expect(SocketPacket(bytes(packet)) == nil) }

    @Test func `what goes out is as the client library reads it`() {
        #expect(text(SocketPacket.connected("s")) == #"0{"sid":"s"}"#)
        #expect(
            text(SocketPacket.refused("/admin", "Invalid namespace"))
                == #"4/admin,{"message":"Invalid namespace"}"#)
        #expect(text(RasaSocket.confirm("u\"1")) == #"2["session_confirm","u\"1"]"#)
        #expect(text(RasaSocket.acknowledge(7, nil)) == "37[]")
        #expect(
            text(RasaSocket.acknowledge(7, FrameError(.rateLimited, retryAfterMilliseconds: 5)))
                == #"37[{"type":"error","code":"rate_limited","message":"too much at once","retryable":true,"retry_after_ms":5}]"#
        )
    }

    // MARK: Events

    @Test(arguments: [
        (#"2["session_request",{"session_id":null}]"#, RasaSocket.Event.wantsSession(nil)),
        (#"2["session_request"]"#, .wantsSession(nil)),
        (#"2["session_request",{"session_id":"u1"}]"#, .wantsSession("u1")),
        (
            #"2["user_uttered",{"message":"医保电话","session_id":"u1","customData":{"language":"zh"}}]"#,
            .said(session: "u1", .message(id: "i", text: "医保电话"))
        ),
        (#"2["user_uttered",{"message":"好"}]"#, .said(session: nil, .message(id: "i", text: "好"))),
        (
            #"2["user_uttered",{"message":"/get_started","session_id":""}]"#,
            .said(session: nil, .message(id: "i", text: "你好"))
        ),
        (
            #"2["user_uttered",{"message":"/choose{\"of\":2,\"choice\":\"a=b\"}"}]"#,
            .said(session: nil, .choose(id: "i", of: 2, choice: "a=b"))
        ),
        (#"2["typing"]"#, .other),
    ]) func `an event asks for a session or says something`(packet: String, event: RasaSocket.Event) {
        #expect(decode(packet) == .success(event))
    }

    @Test(arguments: [
        "2", "2{}", "2[]", "2[1]", #"2["user_uttered"]"#, #"2["user_uttered","好"]"#,
        #"2["user_uttered",{"message":1}]"#, #"2["user_uttered",{"message":"好","session_id":7}]"#,
        #"2["session_request","u1"]"#,
    ]) func `what is no event is told what is wrong with it`(packet: String) {
        guard case .failure(let error) = decode(packet) else {
            Issue.record("taken")
            return
        }
        #expect(error.code.isMistake)
    }

    @Test func `a turn is one event a message, and choices are quick replies`() {
        let turn = PageTurn(
            seq: 2, user: "问",
            replies: [
                Reply(text: "好"),
                Reply(kind: .choices([Choice(id: "a=b", label: "甲")]), text: "哪个？\n1. 甲"),
            ])
        #expect(
            RasaSocket.utterances(turn).map(text) == [
                #"2["bot_uttered",{"text":"好"}]"#,
                #"2["bot_uttered",{"text":"哪个？","quick_replies":[{"content_type":"text","title":"甲","#
                    + #""payload":"/choose{\"of\":2,\"choice\":\"a=b\"}"}]}]"#,
            ])
    }

    @Test func `an error has words for the person and a code for whoever debugs`() throws {
        let packet = try #require(
            SocketPacket(RasaSocket.utterance(FrameError(.textTooLong, field: "message"))))
        let argument = try #require(packet.data?.array?[1])
        #expect(argument["text"]?.string == ErrorCode.textTooLong.spoken)
        #expect(argument["error"]?["code"]?.string == "text_too_long")
    }
}
