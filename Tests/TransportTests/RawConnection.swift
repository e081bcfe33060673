import Testing
import Transport
#if canImport(Glibc)
    import Glibc
#endif

/// A TCP connection that says exactly what a test wants said, segment by segment.
final class RawConnection {
    private let descriptor: Int32
    private(set) var received: [UInt8] = []
    private(set) var hasEnded = false

    init(_ server: TestServer, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        if var receiveBuffer {
            setsockopt(
                descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(server.port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
    }

    deinit { close(descriptor) }

    /// The connection ended, or ten seconds passed, before all had come.
    struct CutShort: Error {}

    /// Sends; a connection that the other side has ended takes nothing any more.
    func write(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    func write(_ text: String) { write(Array(text.utf8)) }

    /// Sends each byte in a segment of its own.
    func drip(_ bytes: [UInt8]) { for byte in bytes { write([byte]) } }

    /// Says that nothing more will be sent.
    func finishWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// One read; false at the end of the connection.
    @discardableResult
    private func readMore() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else {
            // A reset ends a connection like a farewell does; a timeout does not.
            hasEnded = count == 0 || errno != EAGAIN
            return false
        }
        received += buffer[..<count]
        return true
    }

    /// All that comes until the other side ends the connection.
    func readToEnd() -> [UInt8] {
        while readMore() {}
        return received
    }

    /// Reads an answer's head, and takes it away.
    func readHead() throws -> String {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let index = received.indices.first(where: { received[$0...].starts(with: end) }) {
                let head = String(decoding: received[..<index], as: UTF8.self)
                received.removeFirst(index + 4)
                return head
            }
            guard readMore() else { throw CutShort() }
        }
    }

    /// Reads one HTTP answer and takes it away.
    func readAnswer(hasBody: Bool = true) throws -> Answer {
        let head = try readHead()
        let answer = Answer(head: head)
        let length = hasBody ? try #require(answer["content-length"].flatMap { Int($0) }) : 0
        return Answer(head: head, body: try readBytes(length))
    }

    func readBytes(_ count: Int) throws -> [UInt8] {
        while received.count < count {
            guard readMore() else { throw CutShort() }
        }
        defer { received.removeFirst(count) }
        return Array(received[..<count])
    }

    /// Reads a whole frame and takes it away.
    func readFrame() throws -> Frame {
        let head = try readBytes(2)
        let length =
            switch head[1] & 127 {
            case 126: try readBytes(2).reduce(0) { $0 << 8 | Int($1) }
            case 127: try readBytes(8).reduce(0) { $0 << 8 | Int($1) }
            case let short: Int(short)
            }
        return Frame(
            isFinal: head[0] & 0x80 != 0, opcode: head[0] & 15, payload: try readBytes(length),
            isMasked: head[1] & 0x80 != 0)
    }

    /// The code of the close frame that comes next, whatever comes before; nil when there is none.
    func readCloseCode() -> UInt16? {
        while let frame = try? readFrame() {
            guard frame.opcode == 8 else { continue }
            // Whoever is told goodbye says it too; else the server waits for it.
            write(Frame(opcode: 8, payload: frame.payload).bytes)
            return frame.payload.count >= 2
                ? UInt16(frame.payload[0]) << 8 | UInt16(frame.payload[1]) : 1005
        }
        return nil
    }

    func upgrade(_ path: String = "/chat") throws {
        write(Upgrade(path: path).text)
        let head = try readHead()
        try #require(head.hasPrefix("HTTP/1.1 101"), "\(head)")
    }
}

/// The head and the body of an HTTP answer.
struct Answer {
    var head: String
    var body: [UInt8] = []

    var status: Int { head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }

    subscript(name: String) -> String? {
        head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("\(name):") }
            .map { String($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) }
    }
}

/// A request for an upgrade, in order but for what a test changes.
struct Upgrade {
    var path = "/chat"
    var host: String? = "127.0.0.1"
    var version: String? = "13"
    // The key and its answer are the example of RFC 6455, section 1.3.
    var key: String? = "dGhlIHNhbXBsZSBub25jZQ=="
    var subprotocol: String? = "daoban.v1"
    var more: [String] = []

    var text: String {
        var lines = ["GET \(path) HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade"]
        if let host { lines.append("Host: \(host)") }
        if let version { lines.append("Sec-WebSocket-Version: \(version)") }
        if let key { lines.append("Sec-WebSocket-Key: \(key)") }
        if let subprotocol { lines.append("Sec-WebSocket-Protocol: \(subprotocol)") }
        return (lines + more + ["", ""]).joined(separator: "\r\n")
    }
}

/// A frame of RFC 6455, section 5.2.
struct Frame: Equatable {
    var isFinal = true
    var opcode: UInt8
    var payload: [UInt8] = []
    var isMasked = true
    /// The reserved bits, as they stand in the first byte.
    var reserved: UInt8 = 0
    /// What the header says of the length, where that is a lie.
    var announced: UInt64?

    static func text(_ text: String) -> Frame { Frame(opcode: 1, payload: Array(text.utf8)) }

    var bytes: [UInt8] {
        var bytes = [(isFinal ? 0x80 : 0) | reserved | opcode]
        let length = announced ?? UInt64(payload.count)
        let mark: UInt8 = isMasked ? 0x80 : 0
        switch length {
        case ..<126: bytes.append(mark | UInt8(length))
        case ..<65_536: bytes += [mark | 126, UInt8(length >> 8), UInt8(length & 255)]
        default:
            bytes += [mark | 127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) }
        }
        guard isMasked else { return bytes + payload }
        let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        return bytes + key + payload.enumerated().map { $1 ^ key[$0 & 3] }
    }
}
