import Foundation
import JSONText
import Synchronization
import Testing
import Transport

/// The built program, serving a store of its own in a temporary folder.
final class ServerProcess: @unchecked Sendable {
    // Sendable: a test starts and ends it on its own thread; others only ask for its address.
    let folder: String
    private(set) var port = 0
    private let options: [String]
    private let environment: [String: String]
    private var process = Process()

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().path
    /// `DAOBAN_PROGRAM` names another, such as one built with a sanitizer.
    static let program =
        ProcessInfo.processInfo.environment["DAOBAN_PROGRAM"] ?? "\(root)/.build/release/daoban"

    init(
        _ options: [String] = ["--limits", "off"], environment: [String: String] = [:],
        folder: String = temporaryFolder()
    ) throws {
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        self.options = options
        self.environment = environment
        try start()
    }

    /// With an option that names a file, in which the secret is.
    convenience init(_ options: [String] = ["--limits", "off"], secret: String, for option: String) throws {
        let folder = Self.temporaryFolder()
        let file = "\(folder)/secret"
        try "\(secret)\n".write(toFile: file, atomically: true, encoding: .utf8)
        try self.init(options + [option, file], folder: folder)
    }

    static func temporaryFolder() -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "daoban-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        return path.path
    }

    deinit {
        if process.isRunning {
            kill(process.processIdentifier, SIGCONT)
            kill(process.processIdentifier, SIGKILL)
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    var store: String { "\(folder)/daoban.sqlite" }
    var chat: ClientAddress? { ClientAddress("ws://127.0.0.1:\(port)/v1/chat") }
    var identifier: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }
    /// What the server has written to standard error since the test began.
    var log: String { (try? String(contentsOfFile: "\(folder)/log", encoding: .utf8)) ?? "" }

    func start() throws {
        let logFile = "\(folder)/log"
        if !FileManager.default.fileExists(atPath: logFile) {
            _ = FileManager.default.createFile(atPath: logFile, contents: nil)
        }
        let log = try #require(FileHandle(forWritingAtPath: logFile))
        try log.seekToEnd()
        process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program)
        process.currentDirectoryURL = URL(fileURLWithPath: Self.root)
        process.arguments = ["serve", "--port", "0", "--store", store] + options
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = log
        try Self.run(process)
        var waited = pollfd(fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waited, 1, Self.patience * 1000) > 0 else {
            crash()
            throw DidNotStart(log: self.log, status: nil)
        }
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = line.split(separator: ":").last.flatMap({ Int($0.filter(\.isNumber)) }) else {
            let end = waitForEnd()
            throw DidNotStart(log: self.log, status: end.isSignal ? nil : end.status)
        }
        self.port = port
    }

    /// Seconds that a start may take; one that trains, under a sanitizer, takes some.
    private static let patience: Int32 = 300

    private static let starting = Mutex(())

    /// Starts a program. Foundation has been seen to trap when two threads start one at once.
    static func run(_ process: Process) throws {
        try starting.withLock { _ in try process.run() }
    }

    /// `status`: how it ended; nil when by a signal.
    struct DidNotStart: Error {
        var log: String
        var status: Int32?
    }

    /// Power is cut, as far as a process can tell.
    func crash() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits until it has ended by itself, and tells whether by a signal. One that does not is ended, as a mistake.
    func waitForEnd() -> (isSignal: Bool, status: Int32) {
        if !eventually(within: 60, { !process.isRunning }) {
            Issue.record("the server does not end")
            crash()
        }
        process.waitUntilExit()
        return (process.terminationReason == .uncaughtSignal, process.terminationStatus)
    }

    func waitForExit() -> Int32 { waitForEnd().status }

    func get(
        _ path: String, method: String = "GET", headers: [(name: String, value: String)] = [],
        body: String = ""
    ) throws -> (status: Int, head: String, body: [UInt8]) {
        let address = try #require(ClientAddress("http://127.0.0.1:\(port)\(path)"))
        return try HTTPClient.request(
            method, address, headers: headers, body: Array(body.utf8), timeout: 10 * Patience.factor)
    }

    /// The value of a metric; nil when there is none of that name.
    func metric(_ name: String) throws -> Double? {
        let text = String(decoding: try get("/metrics").body, as: UTF8.self)
        return text.split(separator: "\n").first { $0.hasPrefix("\(name) ") }
            .flatMap { Double($0.dropFirst(name.utf8.count + 1)) }
    }

    /// Processor time that it has taken so far, in nanoseconds.
    var processorTime: Int {
        var clock = clockid_t()
        var time = timespec()
        guard clock_getcpuclockid(identifier, &clock) == 0, clock_gettime(clock, &time) == 0 else { return 0 }
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    /// Begins conversations until nobody new is let in for want of memory, and returns their lines. The server looks at its memory
    /// now and then: whenever it has too little of it, that is waited for.
    func crowd(limit megabytes: Int) throws -> [Line] {
        var lines: [Line] = []
        func hasLooked() throws -> Bool {
            if try metric("daoban_memory_lacking") == 1 { return true }
            return try metric("daoban_memory_bytes") ?? 0 <= Double(megabytes << 20)
        }
        while lines.count < 8000 {
            try #require(try eventually(within: 60, hasLooked))
            if try metric("daoban_memory_lacking") == 1 { break }
            for _ in 0..<50 {
                // The server may look at its memory while a batch comes, and turns away the next already at the handshake.
                let line: Line
                do { line = try Line(self) } catch {
                    guard try metric("daoban_memory_lacking") == 1 else { throw error }
                    break
                }
                guard try line.hello()["type"]?.string == "welcome" else { break }
                lines.append(line)
            }
        }
        return lines
    }

    /// Runs the program to its end, and returns what it said and how it ended.
    static func run(
        _ arguments: [String], environment: [String: String] = [:]
    ) throws -> Run {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.currentDirectoryURL = URL(fileURLWithPath: root)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["output", "errors"] {
            _ = FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: nil)
        }
        process.standardOutput = FileHandle(forWritingAtPath: "\(folder)/output")
        process.standardError = FileHandle(forWritingAtPath: "\(folder)/errors")
        try Self.run(process)
        process.waitUntilExit()
        func text(_ name: String) -> String {
            String(
                decoding: FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data(), as: UTF8.self)
        }
        return Run(
            status: process.terminationStatus, isKilled: process.terminationReason == .uncaughtSignal,
            output: text("output"), errors: text("errors"))
    }

    struct Run {
        var status: Int32
        var isKilled: Bool
        var output: String
        var errors: String
    }
}

/// Asks again until it is so or the time is up.
func eventually(within seconds: Double = 10, _ condition: () throws -> Bool) rethrows -> Bool {
    let end = Patience.end(seconds)
    while try !condition() {
        guard ContinuousClock.now < end else { return false }
        usleep(20_000)
    }
    return true
}

/// One connection to the server, speaking frames.
final class Line: @unchecked Sendable {
    // Sendable: a test hands it from one thread to another and never uses it on two at once.
    let client: WebSocketClient
    private(set) var token = ""
    private(set) var epoch = ""

    /// `patience`: seconds after which what does not come is taken for lost.
    init(_ server: ServerProcess, patience: Int = 10) throws {
        client = try WebSocketClient(try #require(server.chat), timeout: patience * Patience.factor)
    }

    /// Over something that stands between.
    init(port: Int) throws {
        client = try WebSocketClient(
            try #require(ClientAddress("ws://127.0.0.1:\(port)/v1/chat")), timeout: 10 * Patience.factor)
    }

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
        try sendMessage(id, text)
        return try receive()
    }

    /// Sends a message, its text escaped as JSON has it.
    func sendMessage(_ id: String, _ text: String) throws {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.key("type")
        json.string("message")
        json.key("id")
        json.string(id)
        json.key("text")
        json.string(text)
        json.endObject()
        try client.send(json.body)
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

    /// All that comes until the server closes, and the code.
    func receiveToEnd() throws -> (frames: [JSONValue], code: UInt16) {
        var frames: [JSONValue] = []
        while true {
            switch try client.receive() {
            case .text(let bytes): frames.append(try JSONParser.parse(bytes))
            case .closed(let code): return (frames, code)
            }
        }
    }

    struct Closed: Error { var code: UInt16 }
}
