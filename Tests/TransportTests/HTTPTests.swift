import Testing
import Transport

@Suite struct HTTPTests {
    private func request(_ line: String, _ headers: [String] = [], body: String = "") -> String {
        ([line + " HTTP/1.1", "Host: 127.0.0.1"] + headers).joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    @Test func `one connection serves request after request`() throws {
        let server = try TestServer()
        let raw = try RawConnection(server)
        for number in 0..<20 {
            raw.write(request("GET /a\(number)"))
            let answer = try raw.readAnswer()
            #expect(answer.status == 200)
            #expect(answer["connection"] == "keep-alive")
            #expect(answer.body == Array("GET /a\(number)".utf8))
            raw.write(request("POST /b", ["Content-Length: 3"], body: "abc"))
            #expect(try raw.readAnswer().body == Array("abc".utf8))
        }
        #expect(server.handler.heard.requests.count == 40)
    }

    @Test func `a HEAD is a GET without its body`() throws {
        let server = try TestServer()
        let raw = try RawConnection(server)
        raw.write(request("HEAD /a"))
        let answer = try raw.readAnswer(hasBody: false)
        #expect(answer.status == 200)
        #expect(answer["content-length"] == "\("HEAD /a".utf8.count)")
        // The next answer begins right behind the head.
        raw.write(request("GET /b"))
        #expect(try raw.readAnswer().body == Array("GET /b".utf8))
    }

    @Test func `HTTP-10 requests sent all at once are answered in order, or after the first not at all`()
        throws
    {
        let server = try TestServer()
        let raw = try RawConnection(server)
        raw.write((0..<50).map { request("GET /\($0)") }.joined())
        raw.finishWriting()
        for number in 0..<50 {
            guard let answer = try? raw.readAnswer() else {
                #expect(number > 0 && raw.hasEnded)
                return
            }
            #expect(answer.body == Array("GET /\(number)".utf8))
        }
    }

    @Test func `what the request says reaches the handler`() throws {
        let server = try TestServer()
        let raw = try RawConnection(server)
        raw.write(
            request(
                "POST /p?after=12&x=%E5%8C%97",
                [
                    "Origin: http://a.example", "Authorization: Bearer t", "Content-Type: application/json",
                    "Content-Length: 2",
                ], body: "{}"))
        #expect(try raw.readAnswer().status == 200)
        let heard = try #require(server.handler.heard.requests.first)
        #expect(heard.method == "POST")
        #expect(heard.path == "/p")
        #expect(heard.parameter("after") == "12")
        #expect(heard.parameter("afte") == nil)
        #expect(heard.host == "127.0.0.1")
        #expect(heard.origin == "http://a.example")
        #expect(heard.authorization == "Bearer t")
        #expect(heard.contentType == "application/json")
        #expect(heard.peerAddress.contains("127.0.0.1"))
        #expect(heard.body == Array("{}".utf8))
    }

    @Test func `a request that comes octet by octet is the same request`() throws {
        let server = try TestServer()
        let raw = try RawConnection(server)
        let body = String(repeating: "医保", count: 400)
        raw.drip(Array(request("POST /b", ["Content-Length: \(body.utf8.count)"], body: body).utf8))
        #expect(try raw.readAnswer().body == Array(body.utf8))
        #expect(server.handler.heard.requests.count == 1)
    }

    @Test func `a request is answered when the service is ready, from the loop`() throws {
        let loop = try EventLoop()
        let handler = LateHandler(loop)
        var options = ServerOptions()
        options.port = 0
        let server = Server(loop: loop, options: options, handler: handler)
        try server.listen()
        try loop.start()
        defer { loop.stop() }
        let address = try #require(ClientAddress("http://127.0.0.1:\(server.port)/"))
        for _ in 0..<3 {
            let answer = try HTTPClient.request("GET", address)
            #expect(answer.status == 200)
            #expect(String(decoding: answer.body, as: UTF8.self) == "later")
        }
    }

    /// Answers from the next turn of the loop on, twice.
    private final class LateHandler: ServerHandler {
        private let loop: EventLoop

        init(_ loop: EventLoop) { self.loop = loop }

        func admit(_ request: HTTPRequest) -> Admission { .accept }
        func opened(_ connection: WebSocketConnection) {}
        func received(_ message: UnsafeRawBufferPointer, isBinary: Bool, on connection: WebSocketConnection) {
        }
        func closed(_ connection: WebSocketConnection) {}

        func respond(to request: HTTPRequest, with responder: HTTPResponder) {
            loop.run {
                responder.send(HTTPResponse(status: 200, body: Array("later".utf8)))
                // Only the first answer counts.
                responder.send(HTTPResponse(status: 500))
            }
        }
    }

    @Test func `HTTP-10 a line that waits for no further request is ended`() throws {
        let server = try TestServer { $0.keepAlive = 1 }
        let raw = try RawConnection(server)
        raw.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try raw.readAnswer().status == 200)
        #expect(raw.readToEnd().isEmpty)
        #expect(raw.hasEnded)
    }

    // MARK: Bodies

    @Test(
        arguments: [
            ("chunks", "POST /", ["Transfer-Encoding: chunked"], "3\r\nabc\r\n0\r\n\r\n", 411),
            (
                "chunks and a length", "POST /", ["Transfer-Encoding: chunked", "Content-Length: 3"], "abc",
                411
            ),
            ("no length", "POST /", [], "", 411), ("no length", "PUT /", [], "", 411),
            ("no length", "PATCH /", [], "", 411),
            ("a negative length", "POST /", ["Content-Length: -5"], "abc", 400),
            ("a length in words", "POST /", ["Content-Length: three"], "abc", 400),
            ("a signed length", "POST /", ["Content-Length: +3"], "abc", 400),
            ("a length with a comma", "POST /", ["Content-Length: 3, 3"], "abc", 400),
            ("a length beyond counting", "POST /", ["Content-Length: 99999999999999999999"], "abc", 400),
            ("two lengths", "POST /", ["Content-Length: 3", "Content-Length: 4"], "abc", 400),
            ("too large", "POST /", ["Content-Length: 65537"], "", 413),
            ("much too large", "POST /", ["Content-Length: 9000000000"], "", 413),
        ] as [(String, String, [String], String, Int)])
    func `HTTP-03 a body that cannot be taken is refused, and the line ends`(
        what: String, line: String, headers: [String], body: String, status: Int
    ) throws {
        let server = try TestServer()
        let raw = try RawConnection(server)
        raw.write(request(line, headers, body: body))
        let answer = try raw.readAnswer()
        #expect(answer.status == status, "\(what)")
        #expect(answer["connection"] == "close")
        // What was meant as a body is never taken for a request.
        #expect(raw.readToEnd().isEmpty)
        #expect(raw.hasEnded)
        #expect(server.handler.heard.requests.isEmpty)
    }

    @Test func `a body of exactly the limit is taken`() throws {
        let server = try TestServer()
        let raw = try RawConnection(server)
        let body = String(repeating: "x", count: 65_536)
        raw.write(request("POST /", ["Content-Length: 65536"], body: body))
        #expect(try raw.readAnswer().body.count == 65_536)
    }

    @Test func `an empty body is a body`() throws {
        let server = try TestServer()
        let raw = try RawConnection(server)
        raw.write(request("POST /empty", ["Content-Length: 0"]))
        #expect(try raw.readAnswer().body == Array("POST /empty".utf8))
        raw.write(request("GET /next"))
        #expect(try raw.readAnswer().body == Array("GET /next".utf8))
        #expect(server.handler.heard.requests.count == 2)
    }

    @Test func `STO-07 an answer that takes longer than libwebsockets would wait still comes`() throws {
        let server = try TestServer()
        let raw = try RawConnection(server)
        raw.write(request("GET /late"))
        #expect(try raw.readAnswer().body == Array("GET /late".utf8))
        raw.write(request("GET /next"))
        #expect(try raw.readAnswer().status == 200)
    }

    @Test func `a GET with a body is answered`() throws {
        let server = try TestServer()
        let raw = try RawConnection(server)
        raw.write(request("GET /g", ["Content-Length: 3"], body: "abc"))
        #expect(try raw.readAnswer().status == 200)
        #expect(server.handler.heard.requests.count == 1)
    }

    @Test func `HTTP-03 a body that is cut short is never handed on`() throws {
        let server = try TestServer()
        do {
            let raw = try RawConnection(server)
            raw.write(request("POST /", ["Content-Length: 10"], body: "abc"))
            raw.finishWriting()
            _ = raw.readToEnd()
        }
        let next = try RawConnection(server)
        next.write(request("GET /next"))
        #expect(try next.readAnswer().status == 200)
        #expect(server.handler.heard.requests.map(\.path) == ["/next"])
    }

    // MARK: Methods and heads

    @Test(arguments: ["DELETE", "OPTIONS"])
    func `HTTP-09 a method that is not served gets 405`(method: String) throws {
        let server = try TestServer()
        let raw = try RawConnection(server)
        raw.write(request("\(method) /"))
        let answer = try raw.readAnswer()
        #expect(answer.status == 405)
        #expect(answer["allow"] == "GET, HEAD, POST")
    }

    @Test(arguments: ["TRACE", "FOO", "CONNECT", "GETT"])
    func `HTTP-09 a method that is not even known is refused, and the line ends`(method: String) throws {
        let server = try TestServer()
        let raw = try RawConnection(server)
        raw.write(request("\(method) /"))
        let answer = Answer(head: try raw.readHead())
        #expect(answer.status == 405)
        _ = raw.readToEnd()
        #expect(raw.hasEnded)
    }

    @Test func `HTTP-09 a request without a host gets 400`() throws {
        let server = try TestServer()
        let raw = try RawConnection(server)
        raw.write("GET / HTTP/1.1\r\n\r\n")
        #expect(try raw.readAnswer().status == 400)
        #expect(server.handler.heard.requests.isEmpty)
    }

    @Test(arguments: [
        "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{FC}\u{3}\u{3}", "\r\n\r\n\r\n", "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n", "\0\0\0\0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ]) func `HTTP-09 nonsense is refused and does no harm`(text: String) throws {
        let server = try TestServer()
        do {
            let raw = try RawConnection(server)
            raw.write(text)
            raw.finishWriting()
            let answer = String(decoding: raw.readToEnd(), as: UTF8.self)
            #expect(raw.hasEnded)
            #expect(answer.isEmpty || (400..<500).contains(Answer(head: answer).status))
        }
        #expect(server.handler.heard.requests.isEmpty)
        let next = try RawConnection(server)
        next.write(request("GET /next"))
        #expect(try next.readAnswer().status == 200)
    }

    @Test(arguments: [
        "X-Long: \(String(repeating: "x", count: 20_000))",
        (0..<1000).map { "X-\($0): y" }.joined(separator: "\r\n"),
    ]) func `HTTP-02 a head that is too large is refused and does no harm`(header: String) throws {
        let server = try TestServer()
        do {
            let raw = try RawConnection(server)
            raw.write(request("GET /", [header]))
            raw.finishWriting()
            let answer = String(decoding: raw.readToEnd(), as: UTF8.self)
            #expect(raw.hasEnded)
            #expect(!answer.hasPrefix("HTTP/1.1 5"))
        }
        let next = try RawConnection(server)
        next.write(request("GET /next"))
        #expect(try next.readAnswer().status == 200)
    }

    @Test func `a client that is gone before the answer leaves nothing behind`() throws {
        let server = try TestServer()
        for _ in 0..<50 {
            let raw = try RawConnection(server)
            raw.write(request("GET /gone"))
        }
        let next = try RawConnection(server)
        next.write(request("GET /next"))
        #expect(try next.readAnswer().status == 200)
    }
}
