import Foundation
import Synchronization
import Testing
import Transport
#if canImport(Glibc)
    import Glibc
#endif

/// A server in this process, with a loop of its own and a handler that notes what it hears.
final class TestServer {
    let handler: RecordingHandler
    let loop: EventLoop
    let port: Int
    private let server: Server

    init(
        _ handler: RecordingHandler = RecordingHandler(), _ change: (inout ServerOptions) -> Void = { _ in }
    ) throws {
        var options = ServerOptions()
        options.port = 0
        options.echoPath = "/echo"
        options.maxConnectionsPerAddress = 1000
        change(&options)
        self.handler = handler
        loop = try EventLoop()
        server = Server(loop: loop, options: options, handler: handler)
        try server.listen()
        port = server.port
        try loop.start()
    }

    deinit { loop.stop() }

    func stopAccepting() {
        let server = server
        loop.run { server.stopAccepting() }
    }

    /// Has work done on the loop and waits for what it gives.
    func onLoop<Value: Sendable>(_ work: @escaping @Sendable () -> Value) throws -> Value {
        let box = Mutex<Value?>(nil)
        let shared = Shared(box)
        loop.run { shared.value.withLock { $0 = work() } }
        return try #require(eventually { shared.value.withLock { $0 } })
    }

    func client(_ path: String = "/chat", headers: [(name: String, value: String)] = []) throws
        -> WebSocketClient
    {
        let address = try #require(ClientAddress("ws://127.0.0.1:\(port)\(path)"))
        return try WebSocketClient(address, headers: headers)
    }
}

/// Lets closures share what cannot be copied.
private final class Shared<Value: Sendable>: Sendable {
    let value: Mutex<Value?>
    init(_ value: consuming Mutex<Value?>) { self.value = value }
}

/// Asks again until there is an answer or the time is up.
func eventually<Value>(within seconds: Int = 10, _ question: () throws -> Value?) rethrows -> Value? {
    let end = EventLoop.now + seconds * 1000
    while true {
        if let answer = try question() { return answer }
        guard EventLoop.now < end else { return nil }
        usleep(500)
    }
}

func eventually(within seconds: Int = 10, _ condition: () throws -> Bool) rethrows -> Bool {
    try eventually(within: seconds) { try condition() ? true : nil } ?? false
}

/// Answers each message with itself and each request with its own words; `behave` changes what is done with a message.
final class RecordingHandler: ServerHandler {
    struct Heard: Sendable {
        var opened = 0
        var closed = 0
        var messages: [[UInt8]] = []
        var requests: [HTTPRequest] = []
    }

    typealias Behaviour = @Sendable (_ message: [UInt8], _ connection: WebSocketConnection) -> Void
    private let state = Mutex(Heard())
    private let behave: Behaviour?

    init(_ behave: Behaviour? = nil) { self.behave = behave }

    var heard: Heard { state.withLock { $0 } }

    func admit(_ request: HTTPRequest) -> Admission {
        switch request.path {
        case "/chat": .accept
        case "/closed": .refuse(HTTPResponse(status: 403, contentType: "text/plain", body: Array("no".utf8)))
        default: .refuse(HTTPResponse(status: 404))
        }
    }

    func opened(_ connection: WebSocketConnection) { state.withLock { $0.opened += 1 } }
    func closed(_ connection: WebSocketConnection) { state.withLock { $0.closed += 1 } }

    func received(_ message: UnsafeRawBufferPointer, isBinary: Bool, on connection: WebSocketConnection) {
        let bytes = Array(message)
        state.withLock { $0.messages.append(bytes) }
        guard let behave else { return connection.send(OutgoingMessage(bytes, isBinary: isBinary)) }
        behave(bytes, connection)
    }

    func respond(to request: HTTPRequest, with responder: HTTPResponder) {
        state.withLock { $0.requests.append(request) }
        guard ["GET", "HEAD", "POST"].contains(request.method) else {
            return responder.send(HTTPResponse(status: 405, headers: [("Allow", "GET, HEAD, POST")]))
        }
        let body = request.body.isEmpty ? Array("\(request.method) \(request.path)".utf8) : request.body
        let answer = HTTPResponse(status: 200, contentType: "text/plain", body: body)
        guard request.path == "/late" else { return responder.send(answer) }
        Thread.detachNewThread {
            sleep(8)
            responder.send(answer)
        }
    }
}
