import Foundation
import JSONText
import Synchronization
import Testing
import Transport

/// Rasa's REST channel as its front ends use it.
@Suite struct RasaTests {
    private let type = (name: "Content-Type", value: "application/json")

    private func say(_ server: ServerProcess, _ sender: String, _ message: String) throws -> [JSONValue] {
        let text = message.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(
            of: "\"", with: "\\\"")
        let answer = try server.get(
            "/webhooks/rest/webhook", method: "POST", headers: [type],
            body: "{\"sender\":\"\(sender)\",\"message\":\"\(text)\"}")
        #expect(answer.status == 200)
        return try #require(try JSONParser.parse(answer.body).array)
    }

    @Test func `a sender goes on where it was, also after a restart, and buttons come back`() throws {
        let server = try ServerProcess()
        let first = try say(server, "u1", "聊城的医保，去北京看病怎么备案")
        let buttons = first.compactMap { $0["buttons"]?.array?.first }
        let button = try #require(buttons.first)
        try server.restart()
        let second = try say(server, "u1", try #require(button["payload"]?.string))
        #expect(second.contains { $0["text"]?.string?.contains("来源") == true })
        #expect(second.allSatisfy { $0["recipient_id"]?.string == "u1" })
        // Another sender has another conversation.
        #expect(try say(server, "u2", "再说一遍") != second)
    }

    @Test func `two first messages at once are one conversation`() throws {
        let server = try ServerProcess(["--limits", "off"])
        let port = server.port
        let answers = Mutex<[String]>([])
        // Whether they meet is chance, so there are many.
        for sender in 0..<40 {
            DispatchQueue.concurrentPerform(iterations: 4) { _ in
                let address = ClientAddress("http://127.0.0.1:\(port)/webhooks/rest/webhook")
                let result: String
                do {
                    let answer = try address.map {
                        try HTTPClient.request(
                            "POST", $0, headers: [("Content-Type", "application/json")],
                            body: Array(#"{"sender":"u3-\#(sender)","message":"你好"}"#.utf8))
                    }
                    result =
                        answer?.status == 200
                        ? "ok" : String(decoding: answer?.body ?? [], as: UTF8.self)
                } catch { result = "\(error)" }
                answers.withLock { $0.append(result) }
            }
        }
        #expect(answers.withLock { $0 } == [String](repeating: "ok", count: 160))
    }

    @Test func `a sender's name opens nothing on another channel`() throws {
        let server = try ServerProcess()
        _ = try say(server, "u1", "你好")
        for token in ["u1", "rasa/rest u1", "rasa/restu1"] {
            let answer = try server.get("/v1/turns", headers: [("Authorization", "Bearer \(token)")])
            #expect(answer.status == 401)
        }
    }

    @Test func `it says that it is there, and foreign sites are refused`() throws {
        let server = try ServerProcess()
        #expect(try server.get("/webhooks/rest/").body == Array(#"{"status":"ok"}"#.utf8))
        #expect(try server.get("/webhooks/rest/webhook").status == 405)
        let foreign = try server.get(
            "/webhooks/rest/webhook", method: "POST", headers: [type, ("Origin", "https://evil.example")],
            body: #"{"sender":"u1","message":"你好"}"#)
        #expect(foreign.status == 403)
    }
}
