import Foundation
import JSONText
import Testing
import Transport

/// A conversation in which nothing happens for a while is kept on disk alone; nobody may notice.
@Suite struct RestTests {
    private func letRest(_ server: ServerProcess, _ count: Double = 1) {
        #expect(eventually { (try? server.metric("daoban_conversations_resting")) == count })
    }

    @Test func `a conversation that rested answers as one that did not`() throws {
        let texts = ["想办异地就医备案", "聊城的", "去北京", "等等,医保电话是多少", "回到刚才的", "长期住"]
        let server = try ServerProcess(["--rest-seconds", "1"])
        let steady = try ServerProcess()
        let (rested, other) = (try Line(server), try Line(steady))
        try rested.hello()
        try other.hello()
        for (number, text) in texts.enumerated() {
            letRest(server)
            let answer = try rested.message("m\(number)", text)
            #expect(answer["seq"]?.integer == number + 2)
            #expect(answer == (try other.message("m\(number)", text)))
        }
        #expect(try steady.metric("daoban_conversations_resting") == 0)
    }

    @Test func `what was sent before the rest is known after it`() throws {
        let server = try ServerProcess(["--rest-seconds", "1"])
        let line = try Line(server)
        try line.hello()
        let frame = #"{"type":"message","id":"a","text":"聊城的医保，去北京看病怎么备案"}"#
        try line.send(frame)
        let first = try line.receiveBytes()
        letRest(server)
        try line.send(frame)
        #expect(
            String(decoding: try line.receiveBytes(), as: UTF8.self)
                == String(decoding: first, as: UTF8.self)
                .replacingOccurrences(of: "\"duplicate\":false", with: "\"duplicate\":true"))
        letRest(server)
        #expect(try line.message("a", "别的话")["code"]?.string == "id_conflict")
        letRest(server)
        try line.send(#"{"type":"choose","id":"b","of":2,"choice":"stay_type=long_term"}"#)
        #expect(try line.receive()["seq"]?.integer == 3)
        letRest(server)
        try line.send(#"{"type":"feedback","id":"c","of":3,"rating":"up"}"#)
        #expect(try line.receive()["type"]?.string == "done")
    }

    @Test func `an id that was stored before the rest stays what it was, whatever comes under it`() throws {
        let server = try ServerProcess(["--rest-seconds", "1"])
        let line = try Line(server)
        try line.hello()
        let first = try line.message("a", "谢谢")
        letRest(server)
        try misuse("a", of: line, stored: first, "谢谢")
        letRest(server)
        try line.send(#"{"type":"ping","id":"fresh"}"#)
        #expect(try line.receive()["type"]?.string == "pong")
        #expect(try line.message("fresh", "你好")["code"]?.string == "id_conflict")
    }

    @Test func `an id that was stored before a restart stays what it was, whatever comes under it`() throws {
        let server = try ServerProcess()
        let line = try Line(server)
        try line.hello()
        let first = try line.message("a", "谢谢")
        try line.send(#"{"type":"feedback","id":"f","of":2,"rating":"up"}"#)
        _ = try line.receive()
        try server.restart()
        let again = try Line(server)
        try again.hello(",\"token\":\"\(line.token)\",\"seq\":2")
        _ = try again.receive()
        try misuse("a", of: again, stored: first, "谢谢")
        #expect(try again.message("f", "谢谢")["code"]?.string == "id_conflict")
        try again.send(#"{"type":"feedback","id":"f","of":2,"rating":"up"}"#)
        #expect(try again.receive()["type"]?.string == "done")
        // The conversation is still there, and is erased under an id of its own.
        try again.send(#"{"type":"forget","id":"z"}"#)
        #expect(try again.receive()["type"]?.string == "done")
    }

    /// Everything that can come under a stored id, in a row and all at once, and the right content after it.
    private func misuse(_ id: String, of line: Line, stored: JSONValue, _ text: String) throws {
        let wrong = [
            #"{"type":"message","id":"\#(id)","text":"别的"}"#, #"{"type":"ping","id":"\#(id)"}"#,
            #"{"type":"choose","id":"\#(id)","of":1,"choice":"nothing=1"}"#,
            #"{"type":"feedback","id":"\#(id)","of":2,"rating":"down"}"#,
            #"{"type":"feedback","id":"\#(id)","of":99,"rating":"down"}"#,
            #"{"type":"forget","id":"\#(id)"}"#,
        ]
        for frame in wrong { try line.send(frame) }
        for _ in wrong { #expect(try line.receive()["code"]?.string == "id_conflict") }
        for frame in wrong {
            try line.send(frame)
            #expect(try line.receive()["code"]?.string == "id_conflict", "\(frame)")
            try expectRepeat(try line.message(id, text), of: stored)
        }
    }

    private func expectRepeat(_ answer: JSONValue, of stored: JSONValue) throws {
        #expect(answer["duplicate"]?.bool == true)
        #expect(answer["seq"] == stored["seq"])
        #expect(answer["replies"] == stored["replies"])
    }

    @Test func `messages that come while it wakes are answered in order, to everyone`() throws {
        let server = try ServerProcess(["--rest-seconds", "1"])
        let line = try Line(server)
        try line.hello()
        let second = try Line(server)
        try second.hello(",\"token\":\"\(line.token)\",\"seq\":1")
        _ = try second.receive()
        letRest(server)
        for number in 1...5 { try line.sendMessage("m\(number)", "你好") }
        for connection in [line, second] {
            #expect(try (1...5).map { _ in try connection.receive()["seq"]?.integer } == [2, 3, 4, 5, 6])
        }
    }

    @Test func `a resting conversation can be forgotten`() throws {
        let server = try ServerProcess(["--rest-seconds", "1"])
        let line = try Line(server)
        try line.hello()
        letRest(server)
        try line.send(#"{"type":"forget","id":"a"}"#)
        #expect(try line.receive()["type"]?.string == "done")
        #expect(try line.closeCode() == 1000)
    }
}
