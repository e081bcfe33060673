import Synchronization
import Testing
import Transport
#if canImport(Glibc)
    import Glibc
#endif

/// Several servers, each on a loop of its own, that share a port; and what other threads do with a connection.
@Suite struct SharedPortTests {
    private final class Servers {
        let handlers: [RecordingHandler]
        let port: Int
        private let loops: [EventLoop]
        private let servers: [Server]

        init(_ count: Int, _ change: (inout ServerOptions) -> Void = { _ in }) throws {
            var options = ServerOptions()
            options.port = 0
            change(&options)
            let census = Census()
            let loops = try (0..<count).map { _ in try EventLoop() }
            let handlers = loops.map { _ in RecordingHandler() }
            let servers = (0..<count).map { index in
                Server(
                    loop: loops[index], options: options, handler: handlers[index], census: census,
                    index: index, of: count)
            }
            self.handlers = handlers
            self.loops = loops
            self.servers = servers
            try servers[0].listen(with: Array(servers.dropFirst()))
            port = servers[0].port
            for loop in loops { try loop.start() }
        }

        deinit { loops.forEach { $0.stop() } }

        func client() throws -> WebSocketClient {
            try WebSocketClient(try #require(ClientAddress("ws://127.0.0.1:\(port)/chat")))
        }

        var open: [Int] { handlers.map { $0.heard.opened - $0.heard.closed } }
    }

    @Test func `what is accepted goes to the server with the fewest sockets`() throws {
        let servers = try Servers(3)
        var clients = try (0..<30).map { _ in try servers.client() }
        #expect(eventually { servers.open == [10, 10, 10] })
        for (number, client) in clients.enumerated() {
            try client.send("\(number)".utf8)
            #expect(try client.receive() == .text(Array("\(number)".utf8)))
        }
        // Every third goes: all of one server, as they came in turns.
        for number in stride(from: 0, to: 30, by: 3) { clients[number].drop() }
        #expect(eventually { servers.open.reduce(0, +) == 20 })
        for _ in 0..<10 { clients.append(try servers.client()) }
        #expect(eventually { servers.open == [10, 10, 10] })
    }

    @Test func `PRC-04 bounds hold over all servers of a port, and whoever leaves makes room`() throws {
        let servers = try Servers(3) {
            $0.maxConnectionsPerAddress = 5
            $0.maxConnections = 100
        }
        var clients: [WebSocketClient] = []
        for _ in 0..<5 { clients.append(try servers.client()) }
        let error = #expect(throws: TransportError.self) { try servers.client() }
        #expect(error?.description.contains("429") == true)
        clients[2].drop()
        #expect(eventually { (try? servers.client()) != nil })
    }

    @Test func `PRC-04 sockets of all servers together are bounded`() throws {
        let servers = try Servers(2) { $0.maxSockets = 6 }
        let clients = try (0..<6).map { _ in try servers.client() }
        #expect(throws: TransportError.self) { try servers.client() }
        clients[5].drop()
        #expect(eventually { (try? servers.client()) != nil })
    }

    @Test func `what another thread sends and closes comes in its order`() throws {
        let kept = Kept()
        let server = try TestServer(RecordingHandler { _, connection in kept.put(connection) })
        let client = try server.client()
        try client.send("here".utf8)
        let mine = try #require(eventually { kept.taken })
        for number in 0..<200 { mine.send(OutgoingMessage(Array("\(number)".utf8))) }
        #expect(mine.isOpen)
        mine.close(code: 4000, reason: "enough")
        // Nothing is said after the farewell, and who asks is told at once.
        #expect(!mine.isOpen)
        mine.send(OutgoingMessage(Array("too late".utf8)))
        for number in 0..<200 { #expect(try client.receive() == .text(Array("\(number)".utf8))) }
        #expect(try client.receive() == .closed(code: 4000))
    }

    @Test func `PRO-17 what another thread sends faster than the loop takes it is bounded`() throws {
        let kept = Kept()
        let server = try TestServer(RecordingHandler { _, connection in kept.put(connection) }) {
            $0.maxQueuedBytes = 100_000
        }
        let client = try server.client()
        try client.send("here".utf8)
        let mine = try #require(eventually { kept.taken })
        // The loop does something else for a while.
        server.loop.run { usleep(300_000) }
        for _ in 0..<100 { mine.send(OutgoingMessage([UInt8](repeating: 0x61, count: 2000))) }
        #expect(!mine.isOpen)
        var code: UInt16?
        while code == nil { if case .closed(let given) = try client.receive() { code = given } }
        #expect(code == 4501)
    }

    @Test func `a connection whose reading is paused leaves its client waiting, and goes on where it was`()
        throws
    {
        let kept = Kept()
        let server = try TestServer(
            RecordingHandler { message, connection in
                kept.put(connection)
                if message == Array("stop".utf8) {
                    connection.pauseReading()
                } else {
                    connection.send(OutgoingMessage(message))
                }
            })
        let client = try server.client()
        try client.send("stop".utf8)
        let mine = try #require(eventually { kept.taken })
        for number in 0..<50 { try client.send(("\(number) " + String(repeating: "x", count: 3000)).utf8) }
        usleep(200_000)
        // What was in hand already may have been heard.
        let heard = server.handler.heard.messages.count
        #expect(heard < 20)
        usleep(200_000)
        #expect(server.handler.heard.messages.count == heard)
        mine.resumeReading()
        for number in 0..<50 {
            guard case .text(let bytes) = try client.receive() else {
                Issue.record("closed")
                return
            }
            #expect(bytes.starts(with: "\(number) ".utf8))
        }
    }

    /// Keeps the connection that a handler has seen.
    private final class Kept: Sendable {
        private let connection = Mutex<WebSocketConnection?>(nil)
        func put(_ new: WebSocketConnection) { connection.withLock { $0 = new } }
        var taken: WebSocketConnection? { connection.withLock { $0 } }
    }
}
