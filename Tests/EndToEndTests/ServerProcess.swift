import Foundation
import JSONText
import Testing
import Transport

/// The built program, serving a store of its own in a temporary folder.
final class ServerProcess {
    let folder: String
    private(set) var port = 0
    private let options: [String]
    private var process = Process()

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().path

    init(_ options: [String] = ["--limits", "off"]) throws {
        folder =
            FileManager.default.temporaryDirectory.appendingPathComponent("daoban-\(UUID().uuidString)").path
        self.options = options
        try start()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    var store: String { "\(folder)/daoban.sqlite" }
    var chat: ClientAddress? { ClientAddress("ws://127.0.0.1:\(port)/v1/chat") }

    func start() throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: "\(Self.root)/.build/release/daoban")
        process.currentDirectoryURL = URL(fileURLWithPath: Self.root)
        process.arguments = ["serve", "--port", "0", "--store", store] + options
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = try #require(line.split(separator: ":").last.flatMap { Int($0.filter(\.isNumber)) })
    }

    /// Power is cut, as far as a process can tell.
    func crash() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    func waitForExit() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }

    func get(
        _ path: String, method: String = "GET", headers: [(name: String, value: String)] = [],
        body: String = ""
    ) throws -> (status: Int, head: String, body: [UInt8]) {
        let address = try #require(ClientAddress("http://127.0.0.1:\(port)\(path)"))
        return try HTTPClient.request(method, address, headers: headers, body: Array(body.utf8))
    }
}

/// One connection to the server, speaking frames.
final class Line: @unchecked Sendable {
    // Sendable: a test hands it from one thread to another and never uses it on two at once.
    let client: WebSocketClient
    private(set) var token = ""
    private(set) var epoch = ""

    init(_ server: ServerProcess) throws { client = try WebSocketClient(try #require(server.chat)) }

    /// Says hello and returns the answer.
    @discardableResult
    func hello(_ more: String = "") throws -> JSONValue {
        try send("{\"type\":\"hello\",\"protocol\":1\(more)}")
        let welcome = try receive()
        token = welcome["token"]?.string ?? ""
        epoch = welcome["epoch"]?.string ?? ""
        return welcome
    }

    func send(_ json: String) throws { try client.send(json.utf8) }

    func message(_ id: String, _ text: String) throws -> JSONValue {
        try send("{\"type\":\"message\",\"id\":\"\(id)\",\"text\":\"\(text)\"}")
        return try receive()
    }

    func receive() throws -> JSONValue { try JSONParser.parse(try receiveBytes()) }

    func receiveBytes() throws -> [UInt8] {
        switch try client.receive() {
        case .text(let bytes): return bytes
        case .closed(let code): throw Closed(code: code)
        }
    }

    /// The code with which the server closes.
    func closeCode() throws -> UInt16 {
        while true {
            if case .closed(let code) = try client.receive() { return code }
        }
    }

    struct Closed: Error { var code: UInt16 }
}
