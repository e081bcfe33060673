import Foundation
import JSONText
import Testing
import Transport

/// The channels of other front ends with several event loops: whichever loop a request or a WebSocket comes to, it reaches the one
/// that its conversation belongs to.
@Suite struct ForeignLoopTests {
    private static let loops = 4
    private static let type = (name: "Content-Type", value: "application/json")

    private static func server() throws -> ServerProcess {
        try ServerProcess(["--threads", "\(loops)", "--limits", "off"])
    }

    /// What the server holds is as it was before anybody came.
    private static func expectEmpty(_ server: ServerProcess) throws {
        for name in ["connections_open", "connections_abroad", "waiting_bytes", "outgoing_bytes"] {
            #expect(try eventually { try server.metric("daoban_\(name)") == 0 }, "\(name)")
        }
    }

    private static func text(_ client: WebSocketClient) throws -> String {
        guard case .text(let bytes) = try client.receive() else { throw Line.Closed(code: 0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func json(_ client: WebSocketClient) throws -> JSONValue {
        try JSONParser.parse(Array(try text(client).utf8))
    }

    private static func closeCode(_ client: WebSocketClient) throws -> UInt16 {
        while true {
            if case .closed(let code) = try client.receive() { return code }
        }
    }

    // MARK: Direct Line

    private struct DirectLine {
        let server: ServerProcess
        let name: String
        let token: String

        init(_ server: ServerProcess) throws {
            self.server = server
            let begun = try server.get(
                "/v3/directline/conversations", method: "POST", headers: [type], body: "{}")
            #expect(begun.status == 201)
            let body = try JSONParser.parse(begun.body)
            name = try #require(body["conversationId"]?.string)
            token = try #require(body["token"]?.string)
        }

        func ask(
            _ rest: String, method: String = "GET", token other: String? = nil, body: String = ""
        ) throws -> (status: Int, body: JSONValue) {
            let answer = try server.get(
                "/v3/directline/conversations/\(name)\(rest)", method: method,
                headers: [type, ("Authorization", "Bearer \(other ?? token)")], body: body)
            return (answer.status, try JSONParser.parse(answer.body))
        }

        func post(_ id: String, _ text: String) throws -> (status: Int, body: JSONValue) {
            try ask(
                "/activities", method: "POST",
                body: "{\"type\":\"message\",\"text\":\"\(text)\",\"from\":{\"id\":\"u\"},"
                    + "\"channelData\":{\"clientActivityID\":\"\(id)\"}}")
        }

        func stream(after watermark: Int) throws -> WebSocketClient {
            let address = try #require(try ask("?watermark=\(watermark)").body["streamUrl"]?.string)
            return try WebSocketClient(try #require(ClientAddress(address)), subprotocol: nil)
        }
    }

    @Test
    func
        `STA-01 and STA-02 a Direct Line conversation is one, whichever loops its requests and streams come to`()
        throws
    {
        let server = try Self.server()
        let line = try DirectLine(server)
        let stranger = try DirectLine(server)
        var held: [Line] = []
        var streams: [WebSocketClient] = []
        var abroad = 0.0
        for number in 0..<3 * Self.loops {
            // A kept connection takes up the emptiest loop, so that what comes next comes to another.
            held.append(try Line(server))
            let stream = try line.stream(after: number + 1)
            // The stream before it is closed, on whichever loop it was.
            if let last = streams.last { #expect(try Self.closeCode(last) == 1000) }
            streams.append(stream)
            let posted = try line.post("c\(number)", "谢谢")
            #expect(posted.status == 200)
            let set = try Self.json(stream)
            #expect(set["watermark"]?.string == "\(number + 2)")
            #expect(set["activities"]?.array?.first?["id"] == posted.body["id"])
            // Sent again it is the same turn; somebody else's token opens nothing.
            #expect(try line.post("c\(number)", "谢谢").body == posted.body)
            #expect(try line.post("c\(number)", "你好").status == 409)
            #expect(try line.ask("/activities?watermark=\(number + 1)").body == set)
            #expect(try line.ask("/activities", token: stranger.token).status == 404)
            abroad = max(abroad, try server.metric("daoban_connections_abroad") ?? 0)
        }
        #expect(abroad > 0)
        #expect(try server.metric("daoban_turns_total") == Double(3 * Self.loops))
        // What it missed comes first when it comes back, also to another loop and after a crash.
        server.crash()
        try server.start()
        for number in 0..<2 * Self.loops {
            held.append(try Line(server))
            let stream = try line.stream(after: 5)
            let set = try Self.json(stream)
            #expect(set["watermark"]?.string == "\(3 * Self.loops + 1 + number)")
            #expect(set == (try line.ask("/activities?watermark=5").body))
            #expect(try line.post("d\(number)", "谢谢").status == 200)
        }
        held = []
        streams = []
        try Self.expectEmpty(server)
    }

    // MARK: Deep Chat

    @Test
    func `STA-01 a Deep Chat session is one conversation from every loop, and each gets its own answer`()
        throws
    {
        let server = try Self.server()
        let address = try #require(
            ClientAddress("ws://127.0.0.1:\(server.port)/compat/deep-chat?session=page-7"))
        let chats = try (0..<2 * Self.loops).map { _ in try WebSocketClient(address, subprotocol: nil) }
        #expect(try server.metric("daoban_connections_abroad") ?? 0 >= Double(Self.loops))
        let say = { (chat: WebSocketClient, words: String) in
            try chat.send("{\"messages\":[{\"role\":\"user\",\"text\":\"\(words)\"}]}".utf8)
        }
        try say(chats[0], "聊城的医保，去北京看病怎么备案")
        let buttons = try #require(try Self.json(chats[0])["html"]?.string)
        let button = try #require(
            buttons.components(separatedBy: "suggestion-button\">").dropFirst().first?.prefix { $0 != "<" })
        // The question that one was asked is answered by another.
        try say(chats[1], String(button))
        #expect(try Self.json(chats[1])["text"]?.string?.contains("来源") == true)
        for chat in chats { for _ in 0..<20 { try say(chat, "谢谢") } }
        for chat in chats {
            for _ in 0..<20 { #expect(try Self.json(chat)["text"]?.string?.isEmpty == false) }
        }
        for chat in chats {
            try chat.send("{".utf8)
            #expect(try Self.json(chat)["code"]?.string == "bad_json")
        }
        #expect(try server.metric("daoban_conversations_total") == 1)
        #expect(try server.metric("daoban_turns_total") == Double(2 + 20 * chats.count))
        // Without a session each has a conversation of its own, and nobody is a guest.
        let own = try #require(ClientAddress("ws://127.0.0.1:\(server.port)/compat/deep-chat"))
        let abroad = try server.metric("daoban_connections_abroad")
        for _ in 0..<Self.loops {
            let chat = try WebSocketClient(own, subprotocol: nil)
            try say(chat, "谢谢")
            _ = try Self.json(chat)
            #expect(try server.metric("daoban_connections_abroad") == abroad)
        }
        #expect(try server.metric("daoban_conversations_total") == Double(1 + Self.loops))
        for chat in chats { chat.drop() }
        try Self.expectEmpty(server)
    }

    // MARK: Socket.IO

    /// A front end of Rasa's, polling until it moves to a WebSocket.
    private final class Rasa {
        private let server: ServerProcess
        private let sid: String
        private var waiting: [String] = []
        private var socket: WebSocketClient?

        init(_ server: ServerProcess) throws {
            self.server = server
            let opening = try server.get("/socket.io/?EIO=4&transport=polling")
            #expect(opening.status == 200)
            sid = try #require(try JSONParser.parse(Array(opening.body.dropFirst()))["sid"]?.string)
            try send("40")
            #expect(try receive().hasPrefix("40{"))
        }

        private func path(_ transport: String) -> String {
            "/socket.io/?EIO=4&transport=\(transport)&sid=\(sid)"
        }

        func move() throws {
            let address = ClientAddress("ws://127.0.0.1:\(server.port)\(path("websocket"))")
            let socket = try WebSocketClient(try #require(address), subprotocol: nil)
            try socket.send("2probe".utf8)
            #expect(try text(socket) == "3probe")
            try socket.send("5".utf8)
            self.socket = socket
        }

        func send(_ packet: String) throws {
            if let socket { return try socket.send(packet.utf8) }
            let posted = try server.get(path("polling"), method: "POST", body: packet)
            #expect(String(decoding: posted.body, as: UTF8.self) == "OK")
        }

        /// The next packet, without a look at pings.
        func receive() throws -> String {
            if let socket { return try text(socket) }
            if waiting.isEmpty {
                let polled = try server.get(path("polling"))
                #expect(polled.status == 200)
                waiting = String(decoding: polled.body, as: UTF8.self).split(separator: "\u{1E}").map(
                    String.init)
            }
            return waiting.removeFirst()
        }

        func say(_ words: String, in session: String, number: Int) throws {
            try send("42\(number)[\"user_uttered\",{\"message\":\"\(words)\",\"session_id\":\"\(session)\"}]")
        }

        /// What comes before the acknowledgement of that number.
        func hear(until number: Int) throws -> [String] {
            var heard: [String] = []
            while true {
                let packet = try receive()
                if packet.hasPrefix("43\(number)[") { return heard }
                heard.append(packet)
            }
        }

        func close() throws { try send("41") }
    }

    @Test
    func
        `STA-06 clients of Socket.IO on all loops hear a session that belongs to one, by polls and by WebSockets`()
        throws
    {
        let server = try Self.server()
        let first = try Rasa(server)
        try first.send(#"42["session_request",{"session_id":null}]"#)
        let confirmed = try first.receive()
        #expect(confirmed.hasPrefix("42[\"session_confirm\","))
        let session = try #require(confirmed.split(separator: "\"").dropFirst(3).first.map(String.init))
        try first.say("聊城的医保，去北京看病怎么备案", in: session, number: 0)
        #expect(try first.hear(until: 0).contains { $0.contains("quick_replies") })
        var held: [Line] = []
        var others: [Rasa] = []
        var abroad = 0.0
        for number in 0..<2 * Self.loops {
            held.append(try Line(server))
            let other = try Rasa(server)
            held.append(try Line(server))
            if number % 2 == 0 { try other.move() }
            try other.send("42[\"session_request\",{\"session_id\":\"\(session)\"}]")
            #expect(try other.receive() == "42[\"session_confirm\",\"\(session)\"]")
            others.append(other)
            abroad = max(abroad, try server.metric("daoban_connections_abroad") ?? 0)
        }
        #expect(abroad > 0)
        // Joining is not acknowledged: its first own word is.
        for (number, other) in others.enumerated() {
            try other.say("谢谢", in: session, number: number)
            let said = try other.hear(until: number)
            #expect(!said.isEmpty)
            #expect(try (0..<said.count).map { _ in try first.receive() } == said)
            for listener in others[..<number] {
                #expect(try (0..<said.count).map { _ in try listener.receive() } == said)
            }
            for later in others[(number + 1)...] {
                #expect(try (0..<said.count).map { _ in try later.receive() } == said)
            }
        }
        #expect(try server.metric("daoban_turns_total") == Double(1 + others.count))
        // Whoever says something in no session has a conversation of his own, which nobody else hears.
        try others[0].send(#"4299["user_uttered",{"message":"你好"}]"#)
        #expect(try !others[0].hear(until: 99).isEmpty)
        try others[1].say("茌平医保电话", in: session, number: 100)
        let said = try others[1].hear(until: 100)
        #expect(try (0..<said.count).map { _ in try first.receive() } == said)
        for client in others + [first] { try client.close() }
        held = []
        try Self.expectEmpty(server)
    }

    @Test func `NET-09 the bound on sessions of Socket.IO is one for all loops, and room is made on each`()
        throws
    {
        let server = try ServerProcess([
            "--threads", "\(Self.loops)", "--limits", "off", "--max-engine-sessions", "6",
        ])
        for _ in 0..<3 {
            var held: [Line] = []
            var clients: [Rasa] = []
            for _ in 0..<6 {
                held.append(try Line(server))
                clients.append(try Rasa(server))
            }
            let refused = try server.get("/socket.io/?EIO=4&transport=polling")
            #expect(refused.status == 503)
            for client in clients { try client.close() }
            held = []
        }
    }

    // MARK: End

    @Test func `PRC-01 front ends that are guests of another loop are told when the service ends`() throws {
        let server = try Self.server()
        let line = try DirectLine(server)
        let address = try #require(
            ClientAddress("ws://127.0.0.1:\(server.port)/compat/deep-chat?session=page-7"))
        var lines: [WebSocketClient] = []
        var held: [Line] = []
        for _ in 0..<2 * Self.loops {
            held.append(try Line(server))
            lines.append(try WebSocketClient(address, subprotocol: nil))
        }
        let stream = try line.stream(after: 0)
        _ = try Self.json(stream)
        #expect(try server.metric("daoban_connections_abroad") ?? 0 > 0)
        server.signal(SIGTERM)
        for line in lines + [stream] { #expect(try Self.closeCode(line) == 1001) }
        #expect(server.waitForExit() == 0)
    }
}
