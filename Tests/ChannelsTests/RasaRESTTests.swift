import Channels
import Conversation
import JSONText
import Testing

private func decode(_ text: String) -> Result<RasaREST.Request, FrameError> {
    do throws(FrameError) {
        return .success(try RasaREST.decode(Array(text.utf8), id: "i", limits: .init()))
    } catch { return .failure(error) }
}

@Suite struct RasaRESTTests {
    @Test(arguments: [
        (
            #"{"sender":"u1","message":"医保电话","metadata":{"a":1}}"#, "u1",
            ClientFrame.message(id: "i", text: "医保电话")
        ),
        (#"{"message":"/restart"}"#, "default", .message(id: "i", text: "重来")),
        (#"{"sender":"u1","message":"/get_started"}"#, "u1", .message(id: "i", text: "你好")),
        (
            #"{"sender":"u1","message":"/choose{\"of\":2,\"choice\":\"a=b\"}"}"#, "u1",
            .choose(id: "i", of: 2, choice: "a=b")
        ),
        (
            #"{"sender":"u1","message":"/choose{\"of\":-2}"}"#, "u1",
            .message(id: "i", text: #"/choose{"of":-2}"#)
        ),
    ]) func `a message is said, chosen or begins`(body: String, sender: String, frame: ClientFrame) {
        guard case .success(let request) = decode(body) else {
            Issue.record("refused")
            return
        }
        #expect(request.sender == sender)
        #expect(request.frame == frame)
    }

    @Test(arguments: ["", "[]", "{}", #"{"sender":1,"message":"a"}"#, #"{"message":null}"#])
    func `what is no message is refused`(body: String) {
        guard case .failure = decode(body) else {
            Issue.record("taken")
            return
        }
    }

    @Test func `a turn is a list of texts, and choices are buttons that come back`() throws {
        let turn = PageTurn(
            seq: 2, user: "问",
            replies: [
                Reply(text: "好"),
                Reply(kind: .choices([Choice(id: "a=b", label: "甲")]), text: "哪个？\n1. 甲"),
            ])
        let list = try #require(try JSONParser.parse(RasaREST.encode(turn, to: "u1", streams: false)).array)
        #expect(list.map { $0["recipient_id"]?.string } == ["u1", "u1"])
        #expect(list.map { $0["text"]?.string } == ["好", "哪个？"])
        let button = try #require(list[1]["buttons"]?.array?.first)
        #expect(button["title"]?.string == "甲")
        #expect(button["payload"]?.string == #"/choose{"of":2,"choice":"a=b"}"#)
        let lines = RasaREST.encode(turn, to: "u1", streams: true).split(separator: UInt8(ascii: "\n"))
        #expect(try lines.map { try JSONParser.parse(Array($0)) } == list)
    }
}
