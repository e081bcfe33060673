import Foundation
import Testing
import Transport

/// The chat at `/chat`, as a browser without scripts uses it.
@Suite struct PlainChatTests {
    private let form = (name: "Content-Type", value: "application/x-www-form-urlencoded")

    private func header(_ name: String, in head: String) -> String? {
        head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name + ":") }
            .map { String($0.dropFirst(name.count + 1)).trimmingCharacters(in: .whitespaces) }
    }

    private func cookie(_ head: String) throws -> (name: String, value: String) {
        let set = try #require(header("set-cookie", in: head))
        #expect(set.contains("HttpOnly") && set.contains("SameSite=Strict") && set.contains("Path=/chat"))
        return ("Cookie", String(set.prefix { $0 != ";" }))
    }

    @Test func `what is said is kept by a cookie and shown on the next page`() throws {
        let server = try ServerProcess()
        let first = try server.get("/chat")
        #expect(first.status == 200)
        #expect(header("set-cookie", in: first.head) == nil)
        let sent = try server.get(
            "/chat", method: "POST", headers: [form], body: "id=a&of=1&choice=flow%3Dremote_filing")
        #expect(sent.status == 303)
        #expect(header("location", in: sent.head) == "/chat#end")
        let cookie = try cookie(sent.head)
        for _ in 0..<2 {
            let again = try server.get(
                "/chat", method: "POST", headers: [form, cookie], body: "id=b&text=%E8%81%8A%E5%9F%8E")
            #expect(again.status == 303)
        }
        let page = String(decoding: try server.get("/chat", headers: [cookie]).body, as: UTF8.self)
        #expect(page.components(separatedBy: "said you").count == 3)
        #expect(page.contains("异地就医备案") && page.contains("聊城"))
        #expect(try server.get("/chat/checklist?turn=3", headers: [cookie]).status == 200)
        let calendar = try server.get("/chat/calendar?turn=3", headers: [cookie])
        #expect(header("content-type", in: calendar.head) == "text/calendar; charset=utf-8")
    }

    @Test func `a form from another site is refused`() throws {
        let server = try ServerProcess()
        let answer = try server.get(
            "/chat", method: "POST", headers: [form, ("Origin", "https://evil.example")], body: "id=a&text=b")
        #expect(answer.status == 403)
    }

    @Test(arguments: ["id=a+b&text=c", "text=b", "id=a&of=9&choice=x%3Dy"])
    func `what cannot be taken is said on the page`(body: String) throws {
        let server = try ServerProcess()
        let answer = try server.get("/chat", method: "POST", headers: [form], body: body)
        #expect(answer.status == 303)
        let place = try #require(header("location", in: answer.head))
        #expect(place.hasPrefix("/chat?problem="))
        let page = String(decoding: try server.get(String(place.prefix { $0 != "#" })).body, as: UTF8.self)
        #expect(page.contains("role=\"alert\""))
    }

    @Test(arguments: ["/chat/checklist", "/chat/checklist?turn=2", "/chat/calendar?turn=-1", "/chat/nothing"])
    func `nobody's checklist is shown to nobody`(path: String) throws {
        let server = try ServerProcess()
        #expect(try server.get(path, headers: [("Cookie", "daoban=nobody")]).status == 404)
    }

    @Test func `the widget is compressed, tagged and open to other sites`() throws {
        let server = try ServerProcess()
        let launcher = try server.get("/widget.js", headers: [("Accept-Encoding", "gzip")])
        #expect(header("content-encoding", in: launcher.head) == "gzip")
        #expect(header("access-control-allow-origin", in: launcher.head) == "*")
        let tag = try #require(header("etag", in: launcher.head))
        #expect(try server.get("/widget.js", headers: [("If-None-Match", tag)]).status == 304)
        #expect(try server.get("/widget/old/chat.js").status == 404)
    }
}
