/// A blocking WebSocket client (RFC 6455) for the terminal, scripted conversations and tests. Text only, no TLS.
package final class WebSocketClient {
    /// What came from the server.
    package enum Message: Equatable, Sendable {
        case text([UInt8])
        case closed(code: UInt16)
    }

    private let socket: ClientSocket
    private var buffer: [UInt8] = []
    private var mask: UInt32 = 0x9E37_79B9

    /// Connects and upgrades.
    package init(
        _ address: ClientAddress, subprotocol: String? = "daoban.v1",
        headers: [(name: String, value: String)] = [],
        timeout seconds: Int = 10
    ) throws(TransportError) {
        socket = try ClientSocket(host: address.host, port: address.port, timeout: seconds)
        var request =
            "GET \(address.path) HTTP/1.1\r\nHost: \(address.authority)\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ZGFvYmFuLWNsaWVudC1rZQ==\r\n"
        if let subprotocol { request += "Sec-WebSocket-Protocol: \(subprotocol)\r\n" }
        for (name, value) in headers { request += "\(name): \(value)\r\n" }
        try socket.write(Array((request + "\r\n").utf8))
        let head = try readHead()
        guard head.hasPrefix("HTTP/1.1 101") else {
            throw TransportError(.connectFailed, "the server answered \(head.prefix { $0 != "\r" })")
        }
    }

    private func readHead() throws(TransportError) -> String {
        let end: [UInt8] = [13, 10, 13, 10]
        while true {
            if let index = buffer.indices.first(where: { buffer[$0...].starts(with: end) }) {
                let head = String(decoding: buffer[..<index], as: UTF8.self)
                buffer.removeFirst(index + 4)
                return head
            }
            let more = try socket.read()
            guard !more.isEmpty, buffer.count < 65_536 else {
                throw TransportError(.closed, "the server closed the connection")
            }
            buffer += more
        }
    }

    package func send(_ text: some Sequence<UInt8>) throws(TransportError) {
        try send(Array(text), opcode: 1)
    }

    /// Sends a close frame.
    package func sendClose(code: UInt16 = 1000) throws(TransportError) {
        try send([UInt8(code >> 8), UInt8(code & 255)], opcode: 8)
    }

    /// Drops the line without a word.
    package func drop() { socket.close() }

    private func send(_ payload: [UInt8], opcode: UInt8) throws(TransportError) {
        var frame: [UInt8] = [0x80 | opcode]
        switch payload.count {
        case ..<126: frame.append(0x80 | UInt8(payload.count))
        case ..<65_536: frame += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        default:
            frame +=
                [0x80 | 127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
        }
        mask = mask &* 1_664_525 &+ 1_013_904_223
        let key = (0..<4).map { UInt8(truncatingIfNeeded: mask >> ($0 * 8)) }
        frame += key
        for (index, byte) in payload.enumerated() { frame.append(byte ^ key[index & 3]) }
        try socket.write(frame)
    }

    /// The next message; answers pings on the way.
    package func receive() throws(TransportError) -> Message {
        var message: [UInt8] = []
        while true {
            let (isFinal, opcode, payload) = try readFrame()
            switch opcode {
            case 0, 1, 2:
                message += payload
                if isFinal { return .text(message) }
            case 8:
                return .closed(code: payload.count >= 2 ? UInt16(payload[0]) << 8 | UInt16(payload[1]) : 1005)
            case 9: try send(payload, opcode: 10)
            default: break
            }
        }
    }

    private func readFrame() throws(TransportError) -> (Bool, UInt8, [UInt8]) {
        try fill(2)
        let first = buffer[0], second = buffer[1]
        var length = Int(second & 127)
        var start = 2
        if length == 126 {
            try fill(4)
            length = Int(buffer[2]) << 8 | Int(buffer[3])
            start = 4
        } else if length == 127 {
            try fill(10)
            length = buffer[2..<10].reduce(0) { $0 << 8 | Int($1) }
            start = 10
        }
        try fill(start + length)
        let payload = Array(buffer[start..<start + length])
        buffer.removeFirst(start + length)
        return (first & 0x80 != 0, first & 15, payload)
    }

    private func fill(_ count: Int) throws(TransportError) {
        while buffer.count < count {
            let more = try socket.read()
            guard !more.isEmpty else { throw TransportError(.closed, "the server closed the connection") }
            buffer += more
        }
    }
}

/// A blocking HTTP client: one request, one connection.
package enum HTTPClient {
    package static func request(
        _ method: String, _ address: ClientAddress, headers: [(name: String, value: String)] = [],
        body: [UInt8] = [], timeout seconds: Int = 10
    ) throws(TransportError) -> (status: Int, head: String, body: [UInt8]) {
        let socket = try ClientSocket(host: address.host, port: address.port, timeout: seconds)
        var request =
            "\(method) \(address.path) HTTP/1.1\r\nHost: \(address.authority)\r\nConnection: close\r\n"
        if !body.isEmpty || method == "POST" { request += "Content-Length: \(body.count)\r\n" }
        for (name, value) in headers { request += "\(name): \(value)\r\n" }
        try socket.write(Array((request + "\r\n").utf8) + body)
        var bytes: [UInt8] = []
        while true {
            if let response = parse(bytes, hasBody: method != "HEAD") { return response }
            let more = try socket.read()
            guard !more.isEmpty else { throw TransportError(.closed, "the answer was cut short") }
            bytes += more
        }
    }

    private static func parse(_ bytes: [UInt8], hasBody: Bool) -> (status: Int, head: String, body: [UInt8])?
    {
        let end: [UInt8] = [13, 10, 13, 10]
        guard let index = bytes.indices.first(where: { bytes[$0] == 13 && bytes[$0...].starts(with: end) })
        else { return nil }
        let head = String(decoding: bytes[..<index], as: UTF8.self)
        let lines = head.split(separator: "\r\n")
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let length =
            lines.first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).filter { $0 != " " }) } ?? 0
        let body = bytes[(index + 4)...]
        guard !hasBody || body.count >= length else { return nil }
        return (status, head, Array(hasBody ? body.prefix(length) : []))
    }
}
