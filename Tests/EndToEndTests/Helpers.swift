import Foundation
import Testing
import Transport

/// A TCP connection that says exactly what a test wants said.
final class RawSocket {
    private let descriptor: Int32
    private(set) var hasEnded = false

    init(_ port: Int, patience seconds: Int = 10, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var receiveBuffer {
            setsockopt(
                descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        var limit = timeval(tv_sec: seconds * Patience.factor, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
    }

    deinit { close(descriptor) }

    func write(_ text: String) { write(Array(text.utf8)) }

    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Says that nothing more will be sent.
    func finishWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// All that comes until the other side ends the connection or patience does.
    func readToEnd() -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else {
                hasEnded = count == 0 || errno != EAGAIN
                return String(decoding: bytes, as: UTF8.self)
            }
            bytes += buffer[..<count]
        }
    }
}

/// Takes the place of systemd.
final class Supervisor {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var limit = timeval(tv_sec: 20 * Patience.factor, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
    }

    deinit { close(descriptor) }

    /// Reads on until a notice begins like that; false when none comes.
    func wait(for beginning: String) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return false }
            if String(decoding: buffer[..<count], as: UTF8.self).hasPrefix(beginning) { return true }
        }
    }
}

/// The server, started by a shell that first does something: closes its output, changes its mask.
final class ShellServer {
    let folder: String
    private(set) var port = 0
    private let process = Process()

    /// The ready line is read from descriptor 3; with a port of the test's own it is asked until it answers.
    init(
        _ script: String, options: [String] = ["--limits", "off"], port own: Int? = nil,
        folder: String = ServerProcess.temporaryFolder()
    ) throws {
        self.folder = folder
        let ready = "\(folder)/ready"
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.currentDirectoryURL = URL(fileURLWithPath: ServerProcess.root)
        process.arguments =
            [
                "-c", "exec 3>'\(ready)'; \(script); exec '\(ServerProcess.program)' \"$@\"", "sh", "serve",
                "--port",
                "\(own ?? 0)", "--store", store,
            ] + options
        process.standardError = FileHandle.nullDevice
        try ServerProcess.run(process)
        if let own {
            port = own
            try #require(eventually(within: 20) { (try? get("/livez")) != nil })
            return
        }
        try #require(
            eventually(within: 20) {
                (try? String(contentsOfFile: ready, encoding: .utf8))?.hasPrefix("ready") == true
            })
        let line = try String(contentsOfFile: ready, encoding: .utf8)
        port = try #require(line.split(separator: ":").last.flatMap { Int($0.filter(\.isNumber)) })
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: folder)
    }

    var identifier: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }
    var store: String { "\(folder)/daoban.sqlite" }
    var chat: ClientAddress? { ClientAddress("ws://127.0.0.1:\(port)/v1/chat") }

    func get(_ path: String) throws -> [UInt8] {
        try HTTPClient.request("GET", try #require(ClientAddress("http://127.0.0.1:\(port)\(path)"))).body
    }

    /// Asks it to end, and returns how it did.
    func end() -> Int32 {
        kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        return process.terminationStatus
    }
}

extension Thread {
    /// Runs a body on a thread of its own, which a group waits for: the pool of Dispatch is too small for clients that block.
    static func detachNewThread(_ group: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
        group.enter()
        detachNewThread {
            body()
            group.leave()
        }
    }
}
