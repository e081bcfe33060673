import Foundation
import JSONText
import Testing
import Transport

/// The life of the process: its end, its reload, its supervisor, what it refuses to start with.
@Suite struct LifeTests {
    @Test
    func `PRC-01 asked to end, it tells every client, also those that have not said hello, and ends with 0`()
        throws
    {
        let server = try ServerProcess(["--test-echo", "--limits", "off"])
        let silent = try Line(server)
        let talking = try Line(server)
        try talking.hello()
        let echo = try WebSocketClient(
            try #require(ClientAddress("ws://127.0.0.1:\(server.port)/test/echo")), subprotocol: nil)
        server.signal(SIGTERM)
        #expect(try silent.closeCode() == 1001)
        #expect(try talking.closeCode() == 1001)
        #expect(try echo.receive() == .closed(code: 1001))
        #expect(server.waitForExit() == 0)
    }

    @Test func `PRC-01 turns under way when the end begins are stored and answered before the farewell`()
        throws
    {
        let server = try ServerProcess()
        let lines = try (0..<50).map { _ in
            let line = try Line(server)
            try line.hello()
            return line
        }
        for line in lines { for number in 0..<20 { try line.sendMessage("m\(number)", "聊城去北京看病怎么备案") } }
        _ = try lines[0].receive()
        server.signal(SIGTERM)
        var answered: [Int] = []
        for line in lines {
            let (frames, code) = try line.receiveToEnd()
            #expect(code == 1001)
            answered.append(frames.compactMap { $0["seq"]?.integer }.max() ?? 1)
        }
        #expect(server.waitForExit() == 0)
        try server.start()
        for (line, seq) in zip(lines, answered) {
            let again = try Line(server)
            let welcome = try again.hello(",\"token\":\"\(line.token)\",\"seq\":\(seq)")
            // Everything that was answered is there, and what is there was answered.
            #expect(welcome["resumed"]?.bool == true)
            #expect(welcome["seq"]?.integer == seq)
        }
    }

    @Test func `the host is a name or an address of this machine, and the line that says ready is its URL`()
        throws
    {
        #expect(try ServerProcess(["--host", "localhost"]).get("/livez").status == 200)
        let server = try ServerProcess(["--host", "::1"])
        let address = try #require(ClientAddress("http://[::1]:\(server.port)/livez"))
        #expect(try HTTPClient.request("GET", address, timeout: 10).status == 200)
        for host in ["nohost.invalid", "203.0.113.5", ""] {
            let error = #expect(throws: ServerProcess.DidNotStart.self) {
                try ServerProcess(["--host", host])
            }
            #expect(error?.status == 3)
            #expect(error?.log.split(separator: "\n").filter { $0.contains("`\(host)`") }.count == 1)
        }
    }

    @Test func `PRC-02 a second SIGTERM ends the wait, SIGINT ends too, other signals are ignored`() throws {
        let server = try ServerProcess()
        for number in [SIGPIPE, SIGUSR1, SIGUSR2] { server.signal(number) }
        #expect(try server.get("/livez").status == 200)
        server.signal(SIGTERM)
        server.signal(SIGTERM)
        #expect(server.waitForExit() == 0)
        try server.start()
        server.signal(SIGINT)
        #expect(server.waitForExit() == 0)
    }

    @Test
    func `PRC-02 and YML-09 a reload with a broken file leaves what was there, and one without takes effect`()
        throws
    {
        let folder = ServerProcess.temporaryFolder()
        let dialogs = "\(folder)/Dialogs"
        try FileManager.default.copyItem(atPath: "\(ServerProcess.root)/Dialogs", toPath: dialogs)
        let server = try ServerProcess(["--limits", "off", "--dialogs", dialogs], folder: folder)
        let line = try Line(server)
        try line.hello()
        func version() throws -> String? {
            try JSONParser.parse(try server.get("/version").body)["assistant"]?.string
        }
        let first = try version()
        let broken = "\(dialogs)/flows/broken.yaml"
        try "flow: [".write(toFile: broken, atomically: true, encoding: .utf8)
        server.signal(SIGHUP)
        #expect(eventually { server.log.contains("service.reload_refused") })
        #expect(try version() == first)
        #expect(try line.message("a", "你好")["seq"]?.integer == 2)
        try FileManager.default.removeItem(atPath: broken)
        let assistant = "\(dialogs)/assistant.yaml"
        let text = try String(contentsOfFile: assistant, encoding: .utf8)
        try (text + "\n# changed\n").write(toFile: assistant, atomically: true, encoding: .utf8)
        server.signal(SIGHUP)
        #expect(try eventually { try server.metric("daoban_reloads_total") == 1 })
        #expect(try line.message("b", "你好")["seq"]?.integer == 3)
    }

    @Test func `STA-08 a conversation within a flow that a reload takes away goes on without it`() throws {
        let folder = ServerProcess.temporaryFolder()
        let dialogs = "\(folder)/Dialogs"
        try FileManager.default.copyItem(atPath: "\(ServerProcess.root)/Dialogs", toPath: dialogs)
        let server = try ServerProcess(["--limits", "off", "--dialogs", dialogs], folder: folder)
        let lines = try (0..<2).map { _ in
            let line = try Line(server)
            try line.hello()
            return line
        }
        for line in lines { #expect(try line.message("a", "聊城去北京看病怎么备案")["replies"] != nil) }
        // The flow, its intent and what it says get another name: the old one is gone.
        let files = try #require(FileManager.default.enumerator(atPath: dialogs)).compactMap { $0 as? String }
        for name in files where name.hasSuffix(".yaml") {
            let path = "\(dialogs)/\(name)"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let changed = text.replacingOccurrences(of: "remote_filing", with: "filing_elsewhere")
            try FileManager.default.removeItem(atPath: path)
            let place = path.replacingOccurrences(of: "remote_filing", with: "filing_elsewhere")
            try changed.write(toFile: place, atomically: true, encoding: .utf8)
        }
        server.signal(SIGHUP)
        #expect(
            try eventually(within: 30) { try server.metric("daoban_reloads_total") == 1 }, "\(server.log)")
        for (line, words) in zip(lines, ["临时", "北京去上海看病怎么备案"]) {
            let turn = try line.message("b", words)
            #expect(turn["seq"]?.integer == 3)
            #expect(turn["replies"]?.array?.first?["text"]?.string?.isEmpty == false)
        }
        server.crash()
        try server.start()
        let again = try Line(server)
        #expect(try again.hello(",\"token\":\"\(lines[0].token)\",\"seq\":3")["resumed"]?.bool == true)
        _ = try again.receive()
        #expect(try again.message("c", "取消")["seq"]?.integer == 4)
    }

    @Test func `PRC-03 a process that was stopped for a while goes on where it was`() throws {
        let server = try ServerProcess()
        let line = try Line(server)
        try line.hello()
        server.signal(SIGSTOP)
        try line.sendMessage("a", "你好")
        usleep(300_000)
        server.signal(SIGCONT)
        #expect(try line.receive()["seq"]?.integer == 2)
    }

    @Test func `PRC-04 with few descriptors new sockets wait outside, and those inside go on without a spin`()
        throws
    {
        let server = try ShellServer("ulimit -n 64; exec 1>&3")
        let client = try WebSocketClient(try #require(server.chat))
        try client.send(#"{"type":"hello","protocol":1}"#.utf8)
        _ = try client.receive()
        var crowd: [RawSocket] = []
        for _ in 0..<200 { if let socket = try? RawSocket(server.port, patience: 1) { crowd.append(socket) } }
        let before = try processorTime(of: server.identifier)
        for number in 0..<20 {
            try client.send("{\"type\":\"message\",\"id\":\"m\(number)\",\"text\":\"你好\"}".utf8)
            guard case .text(let bytes) = try client.receive() else {
                Issue.record("closed")
                return
            }
            #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("{\"type\":\"turn\""))
        }
        sleep(2)
        #expect(try processorTime(of: server.identifier) - before < 0.4)
        crowd = []
        let health = try #require(ClientAddress("http://127.0.0.1:\(server.port)/livez"))
        #expect(eventually { (try? HTTPClient.request("GET", health).status) == 200 })
    }

    /// A port that nobody has at the moment.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        try #require(result)
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// Seconds of processor time.
    private func processorTime(of process: Int32) throws -> Double {
        let fields = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8).split(
            separator: " ")
        return Double((Int(fields[13]) ?? 0) + (Int(fields[14]) ?? 0)) / 100
    }

    @Test func `PRC-08 the supervisor hears when it is ready, alive, reloading and ending`() throws {
        let folder = ServerProcess.temporaryFolder()
        let supervisor = try Supervisor("\(folder)/notify")
        let server = try ServerProcess(
            ["--limits", "off"],
            environment: ["NOTIFY_SOCKET": "\(folder)/notify", "WATCHDOG_USEC": "400000"], folder: folder)
        #expect(supervisor.wait(for: "READY=1"))
        for _ in 0..<3 { #expect(supervisor.wait(for: "WATCHDOG=1")) }
        server.signal(SIGHUP)
        #expect(supervisor.wait(for: "RELOADING=1\nMONOTONIC_USEC="))
        #expect(supervisor.wait(for: "READY=1"))
        server.signal(SIGTERM)
        #expect(supervisor.wait(for: "STOPPING=1"))
        #expect(server.waitForExit() == 0)
    }

    @Test(arguments: ["exec 2>/dev/full", "exec 2>&-", "exec 0>&- 1>&- 2>&-"])
    func `PRC-09 where the log cannot be written it is lost and counted, and the service goes on`(
        place: String
    ) throws {
        let server = try ShellServer(place, port: try Self.freePort())
        for _ in 0..<3 {
            // Each may have the place of a descriptor that was closed, and is told nothing of what is logged.
            let client = try WebSocketClient(try #require(server.chat))
            try client.send(#"{"type":"hello","protocol":1}"#.utf8)
            guard case .text(let welcome) = try client.receive() else {
                Issue.record("no welcome")
                return
            }
            #expect(try JSONParser.parse(welcome)["type"]?.string == "welcome")
            #expect(throws: TransportError.self) {
                try WebSocketClient(
                    try #require(server.chat),
                    headers: [("Origin", "http://evil\(UUID().uuidString).example")])
            }
            try client.send(#"{"type":"message","id":"a","text":"你好"}"#.utf8)
            guard case .text(let turn) = try client.receive() else {
                Issue.record("no turn")
                return
            }
            #expect(try JSONParser.parse(turn)["seq"]?.integer == 2)
        }
        // A thread of its own writes the log, and may be behind.
        #expect(
            eventually {
                let metrics = (try? server.get("/metrics")).map { String(decoding: $0, as: UTF8.self) } ?? ""
                let line = metrics.split(separator: "\n").first {
                    $0.hasPrefix("daoban_log_lines_dropped_total ")
                }
                return line != nil && line != "daoban_log_lines_dropped_total 0"
            })
        #expect(server.end() == 0)
        let check = try ServerProcess.run(["backup", "\(server.folder)/copy", "--store", server.store])
        #expect(check.status == 0, "\(check.errors)")
    }

    @Test func `PRC-09 a log that nobody reads holds nobody up`() throws {
        let folder = ServerProcess.temporaryFolder()
        #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
        // Held open and never read.
        let pipe = open("\(folder)/pipe", O_RDWR)
        defer { close(pipe) }
        let server = try ShellServer("exec 2>'\(folder)/pipe'; exec 1>&3", folder: folder)
        for number in 0..<3000 {
            guard number % 2 == 0 else { continue }
            let error = #expect(throws: TransportError.self) {
                try WebSocketClient(
                    try #require(ClientAddress("ws://127.0.0.1:\(server.port)/v1/chat")),
                    headers: [
                        ("Origin", "http://evil\(number % 200).example/\(String(repeating: "x", count: 150))")
                    ])
            }
            #expect(error?.description.contains("403") == true)
        }
        let client = try WebSocketClient(try #require(ClientAddress("ws://127.0.0.1:\(server.port)/v1/chat")))
        try client.send(#"{"type":"hello","protocol":1}"#.utf8)
        guard case .text = try client.receive() else {
            Issue.record("no welcome")
            return
        }
    }

    @Test(arguments: [
        (["--port", "70000"], "--port must be"), (["--message-rate", "0"], "--message-rate must be"),
        (["--tls-cert", "x.pem"], "--tls-cert and --tls-key go together"),
        (["--hang-up-seconds", "3"], "--hang-up-seconds must be more"), (["--porr", "1"], "--porr"),
    ]) func `PRC-10 an option that makes no sense ends with 2 and says which`(
        options: [String], words: String
    )
        throws
    {
        let run = try ServerProcess.run(["serve"] + options)
        #expect(run.status == 2)
        #expect(run.errors.contains(words), "\(run.errors)")
    }

    @Test(arguments: [
        ("port: abc\n", "`abc` for `port` in the configuration is no whole number"),
        ("limits: maybe\n", "`maybe` for `limits` in the configuration must be `on` or `off`"),
        ("trace: perhaps\n", "neither true nor false"), ("porrt: 1\n", "`port`"), ("port: [\n", "error"),
    ]) func `PRC-10 a configuration that makes no sense ends with 2 and says where`(
        text: String, words: String
    )
        throws
    {
        let folder = ServerProcess.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try text.write(toFile: "\(folder)/daoban.yaml", atomically: true, encoding: .utf8)
        let run = try ServerProcess.run([
            "serve", "--config", "\(folder)/daoban.yaml", "--store", "\(folder)/x.sqlite",
        ])
        #expect(run.status == 2)
        #expect(run.errors.contains(words), "\(run.errors)")
    }

    @Test func `PRC-10 an environment that makes no sense ends with 2, a port that is taken with 3`() throws {
        let run = try ServerProcess.run(["serve", "--check"], environment: ["DAOBAN_PORT": "eighty"])
        #expect(run.status == 2)
        #expect(
            run.errors == "daoban: `eighty` for DAOBAN_PORT is no whole number; mend it or leave it out\n")
        let server = try ServerProcess()
        let second = try ServerProcess.run([
            "serve", "--port", "\(server.port)", "--store", "\(server.folder)/other.sqlite",
        ])
        #expect(second.status == 3)
        #expect(second.errors.contains("cannot be listened on"))
        let third = try ServerProcess.run(["serve", "--port", "0", "--store", server.store])
        #expect(third.status == 3)
        #expect(third.errors.contains("another process has it open"))
    }

    @Test func `PRC-10 options can be looked at without serving`() throws {
        #expect(try ServerProcess.run(["serve", "--check"]).status == 0)
        let run = try ServerProcess.run([
            "serve", "--check", "--tls-cert", "/dev/null", "--tls-key", "/dev/null",
        ])
        #expect(run.status == 3)
        #expect(run.errors.contains("the certificate `/dev/null` cannot be read as PEM"))
    }

    @Test func `PRC-10 with a certificate the port speaks TLS from 1.2 on, and says goodbye there too`()
        throws
    {
        let folder = ServerProcess.temporaryFolder()
        let made = try Self.openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost "
                + "-keyout \(folder)/key.pem -out \(folder)/cert.pem", "")
        #expect(made.status == 0, "\(made.output)")
        let server = try ServerProcess(
            ["--limits", "off", "--tls-cert", "\(folder)/cert.pem", "--tls-key", "\(folder)/key.pem"],
            folder: folder)
        let connect = "s_client -quiet -connect 127.0.0.1:\(server.port) -CAfile \(folder)/cert.pem"
        let answer = try Self.openssl(
            connect + " -verify_return_error", "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(answer.output.contains("HTTP/1.1 200 OK"), "\(answer.output)")
        let old = try Self.openssl(connect + " -tls1_1", "")
        #expect(old.status != 0)
        // No HTTP/2: this version of libwebsockets has known holes there.
        let version = try Self.openssl(connect.replacingOccurrences(of: "-quiet", with: "-alpn h2"), "")
        #expect(!version.output.contains("ALPN protocol: h2"))
        let chat = try Self.openssl(
            connect,
            "GET /v1/chat HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            meanwhile: {
                usleep(500_000)
                server.signal(SIGTERM)
            })
        #expect(chat.output.contains("101 Switching Protocols"), "\(chat.output)")
        #expect(chat.output.contains("restarting"), "\(chat.output)")
        #expect(server.waitForExit() == 0)
        let wrong = try ServerProcess.run([
            "serve", "--check", "--tls-cert", "\(folder)/cert.pem", "--tls-key", "\(folder)/cert.pem",
        ])
        #expect(wrong.status == 3)
        #expect(wrong.errors.contains("the key `\(folder)/cert.pem` cannot be read as PEM"))
    }

    /// Runs openssl with something to say, and waits until it ends or two seconds have passed.
    private static func openssl(
        _ arguments: String, _ input: String, meanwhile: () -> Void = {}
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["timeout", "2", "openssl"] + arguments.split(separator: " ").map(String.init)
        let (stdin, stdout) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stdout
        try ServerProcess.run(process)
        stdin.fileHandleForWriting.write(Data(input.utf8))
        meanwhile()
        if input.isEmpty { try stdin.fileHandleForWriting.close() }
        let output = String(decoding: stdout.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    @Test func `PRC-14 a hundred starts and ends leave no socket, no temporary file, and the port free`()
        throws
    {
        let server = try ServerProcess()
        let port = server.port
        server.signal(SIGTERM)
        #expect(server.waitForExit() == 0)
        let rounds = ProcessInfo.processInfo.environment["DAOBAN_STARTS"].flatMap { Int($0) } ?? 5
        for _ in 0..<rounds {
            let next = try ServerProcess(
                ["--limits", "off", "--port", "\(port)"], folder: server.folder + "/again")
            let line = try Line(next)
            try line.hello()
            next.signal(SIGTERM)
            #expect(try line.closeCode() == 1001)
            #expect(next.waitForExit() == 0)
            let files = try FileManager.default.contentsOfDirectory(atPath: next.folder)
            #expect(Set(files).isSubset(of: ["daoban.sqlite", "daoban.sqlite.lock", "log"]))
        }
    }

    @Test
    func `PRC-15 and PRI-04 files are for their owner alone, whatever the mask, and no core file is left`()
        throws
    {
        let server = try ShellServer("umask 000; ulimit -c unlimited 2>/dev/null; exec 1>&3")
        for name in try FileManager.default.contentsOfDirectory(atPath: server.folder)
        where name.hasPrefix("daoban.sqlite") {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(server.folder)/\(name)")
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
        }
        let limits = try String(contentsOfFile: "/proc/\(server.identifier)/limits", encoding: .utf8)
        let core = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
        #expect(core.split(separator: " ").dropFirst(4).first == "0")
    }
}
