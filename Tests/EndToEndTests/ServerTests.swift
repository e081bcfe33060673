import Foundation
import JSONText
import Testing
import Transport

@Suite struct ServerTests {
    @Test func `turns work over plain HTTP too`() throws {
        let server = try ServerProcess()
        let type = [(name: "Content-Type", value: "application/json")]
        let first = try server.get(
            "/v1/turns", method: "POST", headers: type, body: #"{"id":"a","text":"茌平医保电话"}"#)
        #expect(first.status == 200)
        let turn = try JSONParser.parse(first.body)
        let token = try #require(turn["token"]?.string)
        #expect(turn["seq"]?.integer == 2)
        let second = try server.get(
            "/v1/turns", method: "POST", headers: type,
            body: "{\"token\":\"\(token)\",\"id\":\"b\",\"text\":\"再说一遍\"}")
        #expect(try JSONParser.parse(second.body)["seq"]?.integer == 3)
        let list = try server.get("/v1/turns?after=1", headers: [("Authorization", "Bearer \(token)")])
        #expect(try JSONParser.parse(list.body)["turns"]?.array?.compactMap { $0["seq"]?.integer } == [2, 3])
    }

    @Test(arguments: [
        ("GET", "/nothing", "", 404), ("PUT", "/livez", "x", 405), ("POST", "/v1/turns", "{}", 415),
        ("GET", "/v1/turns", "", 401),
        ("GET", "/livez", "", 200), ("HEAD", "/livez", "", 200), ("GET", "/readyz", "", 200),
        ("GET", "/version", "", 200),
        ("GET", "/metrics", "", 200), ("GET", "/", "", 200), ("GET", "/page.js", "", 200),
        ("GET", "/v1/chat", "", 426),
    ]) func `each address answers as it should`(method: String, path: String, body: String, status: Int)
        throws
    {
        let server = try ServerProcess()
        let answer = try server.get(path, method: method, body: body)
        #expect(answer.status == status)
        if path == "/" { #expect(answer.head.contains("Content-Security-Policy: default-src 'none'")) }
    }

    @Test(arguments: [
        ("http://evil.example", false), ("null", false), ("http://127.0.0.1:1.evil.example", false),
        ("http://localhost:3000", true),
    ])
    func `only known sites may connect`(origin: String, isAdmitted: Bool) throws {
        let server = try ServerProcess()
        let address = try #require(server.chat)
        if isAdmitted {
            _ = try WebSocketClient(address, headers: [("Origin", origin)])
        } else {
            let error = #expect(throws: TransportError.self) {
                try WebSocketClient(address, headers: [("Origin", origin)])
            }
            #expect(error?.description.contains("403") == true)
        }
    }

    @Test func `messages are echoed through the same callbacks where asked for`() throws {
        let server = try ServerProcess(["--test-echo"])
        let client = try WebSocketClient(
            try #require(ClientAddress("ws://127.0.0.1:\(server.port)/test/echo")), subprotocol: nil)
        for text in ["", "好", String(repeating: "长", count: 500_000)] {
            try client.send(text.utf8)
            #expect(try client.receive() == .text(Array(text.utf8)))
        }
    }

    @Test func `a message over the limit closes with 1009`() throws {
        let server = try ServerProcess()
        let line = try Line(server)
        try line.hello()
        try line.send(String(repeating: "x", count: 70_000))
        #expect(try line.closeCode() == 1009)
    }

    @Test func `too much at once is refused and says when to come again`() throws {
        let server = try ServerProcess([])
        let line = try Line(server)
        try line.hello()
        for number in 0..<60 { try line.send("{\"type\":\"ping\",\"id\":\"p\(number)\"}") }
        var refused = 0
        for _ in 0..<45 where try line.receive()["code"]?.string == "rate_limited" { refused += 1 }
        #expect(refused > 0)
    }

    @Test func `a reload keeps conversations where they are`() throws {
        let server = try ServerProcess()
        let line = try Line(server)
        try line.hello()
        _ = try line.message("a", "聊城的医保，去北京看病怎么备案")
        server.signal(SIGHUP)
        let turn = try line.message("b", "临时的")
        #expect(turn["seq"]?.integer == 3)
    }

    @Test func `asked to end, it tells its clients and ends with 0`() throws {
        let server = try ServerProcess()
        let line = try Line(server)
        try line.hello()
        server.signal(SIGTERM)
        #expect(try line.closeCode() == 1001)
        #expect(server.waitForExit() == 0)
    }
}
