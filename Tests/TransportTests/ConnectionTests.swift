import Testing
import Transport

/// The life of a connection: upgrade, order, farewell.
@Suite struct ConnectionTests {
    // MARK: Upgrade

    @Test func `PRO-12 an upgrade is answered as the RFC has it, without extensions`() throws {
        let server = try TestServer()
        let raw = try RawConnection(server)
        var upgrade = Upgrade()
        upgrade.subprotocol = "other, daoban.v1"
        upgrade.more = [
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=99, x-webkit-deflate-frame"
        ]
        raw.write(upgrade.text)
        let answer = Answer(head: try raw.readHead())
        #expect(answer.status == 101)
        #expect(answer["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(answer["sec-websocket-protocol"] == "daoban.v1")
        #expect(answer["sec-websocket-extensions"] == nil)
    }

    @Test func `a client that names no subprotocol is served and told none`() throws {
        let server = try TestServer()
        let raw = try RawConnection(server)
        var upgrade = Upgrade()
        upgrade.subprotocol = nil
        raw.write(upgrade.text)
        let answer = Answer(head: try raw.readHead())
        #expect(answer.status == 101)
        // RFC 6455, section 4.1: a subprotocol that was not asked for fails the connection.
        #expect(answer["sec-websocket-protocol"] == nil)
        raw.write(Frame.text("好").bytes)
        #expect(try raw.readFrame().payload == Array("好".utf8))
    }

    @Test(arguments: [
        ("another path", Upgrade(path: "/nothing"), 404), ("a closed path", Upgrade(path: "/closed"), 403),
        ("version 99", Upgrade(version: "99"), 426), ("version 8", Upgrade(version: "8"), 426),
        ("no version", Upgrade(version: nil), 426), ("no key", Upgrade(key: nil), 400),
        ("a short key", Upgrade(key: "c2hvcnQ="), 400),
        ("24 letters that are no key", Upgrade(key: "!!!!!!!!!!!!!!!!!!!!!!!!"), 400),
        ("another subprotocol", Upgrade(subprotocol: "chat"), 400), ("no host", Upgrade(host: nil), 400),
    ]) func `a refused upgrade gets a real answer, and the line ends`(
        what: String, upgrade: Upgrade, status: Int
    ) throws {
        let server = try TestServer()
        let raw = try RawConnection(server)
        raw.write(upgrade.text)
        let answer = try raw.readAnswer()
        #expect(answer.status == status, "\(what)")
        #expect(answer["connection"] == "close")
        if status == 426 { #expect(answer["sec-websocket-version"] == "13") }
        if what == "a closed path" { #expect(answer.body == Array("no".utf8)) }
        #expect(raw.readToEnd().isEmpty)
        #expect(raw.hasEnded)
        #expect(server.handler.heard.opened == 0)
        // What comes after a refusal is served as if nothing had been.
        let client = try server.client()
        try client.send("好".utf8)
        #expect(try client.receive() == .text(Array("好".utf8)))
    }

    @Test func `one address has so many connections and, when one is gone, another`() throws {
        let server = try TestServer { $0.maxConnectionsPerAddress = 2 }
        let first = try server.client()
        let second = try server.client()
        let raw = try RawConnection(server)
        raw.write(Upgrade().text)
        #expect(try raw.readAnswer().status == 429)
        first.drop()
        let third = try #require(eventually { try? server.client() })
        for client in [second, third] {
            try client.send("好".utf8)
            #expect(try client.receive() == .text(Array("好".utf8)))
        }
    }

    @Test func `nobody new is let in once the end has begun, and those inside go on`() throws {
        let server = try TestServer()
        let client = try server.client()
        server.stopAccepting()
        #expect(eventually { (try? server.client()) == nil })
        try client.send("好".utf8)
        #expect(try client.receive() == .text(Array("好".utf8)))
    }

    // MARK: Order and pace

    @Test func `messages from other threads arrive in the order in which they were sent`() throws {
        let handler = RecordingHandler { _, connection in
            for number in 0..<2000 { connection.send(OutgoingMessage(Array("\(number)".utf8))) }
            connection.close(code: 1000)
        }
        let server = try TestServer(handler)
        let client = try server.client()
        try client.send("go".utf8)
        for number in 0..<2000 {
            #expect(try client.receive() == .text(Array("\(number)".utf8)))
        }
        // What was queued before the farewell is sent before it.
        #expect(try client.receive() == .closed(code: 1000))
    }

    @Test func `PRO-16 large messages come whole through a small socket buffer`() throws {
        let handler = RecordingHandler { message, connection in
            connection.send(OutgoingMessage([UInt8](repeating: message.first ?? 0, count: 200_000)))
        }
        let server = try TestServer(handler)
        let raw = try RawConnection(server, receiveBuffer: 2048)
        try raw.upgrade()
        for byte in [0x61, 0x62, 0x63] as [UInt8] {
            raw.write(Frame(opcode: 1, payload: [byte]).bytes)
            #expect(try raw.readFrame().payload == [UInt8](repeating: byte, count: 200_000))
        }
    }

    /// Answers each message with much more than it is.
    private func flooding() -> RecordingHandler {
        RecordingHandler { _, connection in
            connection.send(OutgoingMessage([UInt8](repeating: 0x61, count: 100_000)))
        }
    }

    /// Asks and does not read, until the buffers of both sides are full and the server listens no more.
    private func overfill(_ raw: RawConnection, _ server: TestServer) throws {
        for number in 1...200 {
            raw.write(Frame.text("go").bytes)
            // The loop has gone round once more when it has done this.
            _ = try server.onLoop { true }
            _ = try server.onLoop { true }
            if server.handler.heard.messages.count < number - 2 { return }
        }
        Issue.record("the server goes on listening to somebody who never reads")
    }

    @Test func `PRO-17 a reader too slow for what is queued is closed with 4501`() throws {
        let server = try TestServer(flooding())
        let raw = try RawConnection(server, receiveBuffer: 4096)
        try raw.upgrade()
        try overfill(raw, server)
        // It reads again only once it has been given up.
        #expect(raw.readCloseCode() == 4501)
    }

    @Test func `PRO-17 a reader that never reads again is gone within ten seconds`() throws {
        let server = try TestServer(flooding())
        let raw = try RawConnection(server, receiveBuffer: 4096)
        try raw.upgrade()
        try overfill(raw, server)
        #expect(eventually { server.handler.heard.closed == 1 })
        _ = raw.readToEnd()
        #expect(raw.hasEnded)
    }

    // MARK: Farewell

    @Test func `PRO-11 a farewell is answered with its code and the line ends`() throws {
        let server = try TestServer()
        let raw = try RawConnection(server)
        try raw.upgrade()
        raw.write(Frame(opcode: 8, payload: [0x03, 0xE8]).bytes)
        #expect(raw.readCloseCode() == 1000)
        // What comes after a farewell is for nobody.
        raw.write(Frame.text("晚了").bytes)
        #expect(eventually { server.handler.heard.closed == 1 })
        _ = raw.readToEnd()
        #expect(raw.hasEnded)
        #expect(server.handler.heard.messages.isEmpty)
    }

    @Test(
        arguments: [
            ("nothing", []), ("one octet", [0x03]), ("1005", [0x03, 0xED]), ("999", [0x03, 0xE7]),
            ("65535", [0xFF, 0xFF]), ("a reason that is no text", [0x03, 0xE8, 0xFF]),
        ] as [(String, [UInt8])])
    func `PRO-10 a farewell ends the line, however it is worded`(what: String, payload: [UInt8]) throws {
        let server = try TestServer()
        let raw = try RawConnection(server)
        try raw.upgrade()
        raw.write(Frame(opcode: 8, payload: payload).bytes)
        raw.write(Frame.text("晚了").bytes)
        _ = raw.readToEnd()
        #expect(raw.hasEnded, "\(what)")
        #expect(eventually { server.handler.heard.closed == 1 })
        #expect(server.handler.heard.messages.isEmpty)
    }

    @Test func `the service's own code and reason reach the client`() throws {
        let server = try TestServer(
            RecordingHandler { _, connection in
                connection.close(code: 4401, reason: "token")
                // Only the first farewell counts, and nothing is sent after it.
                connection.close(code: 1000)
                connection.send(OutgoingMessage(Array("late".utf8)))
            })
        let raw = try RawConnection(server)
        try raw.upgrade()
        raw.write(Frame.text("go").bytes)
        let frame = try raw.readFrame()
        #expect(frame.opcode == 8)
        #expect(frame.payload == [0x11, 0x31] + Array("token".utf8))
    }

    @Test func `STA-04 a line that is dropped is noticed, and each connection ends once`() throws {
        let server = try TestServer()
        for _ in 0..<20 {
            let client = try server.client()
            try client.send("好".utf8)
            _ = try client.receive()
            client.drop()
        }
        #expect(eventually { server.handler.heard.closed == 20 })
        #expect(server.handler.heard.opened == 20)
    }

    @Test func `a client that is gone in the middle of a message leaves nothing behind`() throws {
        let server = try TestServer { $0.messageTimeout = 50 }
        do {
            let raw = try RawConnection(server)
            try raw.upgrade()
            raw.write(Frame(isFinal: false, opcode: 1, payload: [0x61]).bytes)
        }
        #expect(eventually { server.handler.heard.closed == 1 })
        let client = try server.client()
        try client.send("好".utf8)
        #expect(try client.receive() == .text(Array("好".utf8)))
    }
}
