import Foundation
import JSONText
import Synchronization
import Testing
import Transport

/// Faults that several event loops take differently from one: what befalls a conversation of one loop, or all of them together.
@Suite struct LoopFaultTests {
    private static let loops = 4

    private static let options = ["--threads", "\(loops)", "--limits", "off"]

    private static func server(_ options: [String] = []) throws -> ServerProcess {
        try ServerProcess(Self.options + options)
    }

    /// Conversations, as many on each loop: who comes goes to the loop with the fewest sockets, and what he begins belongs there.
    private static func begin(
        _ count: Int, on server: ServerProcess, _ hello: String = ""
    ) throws -> [Line] {
        let lines = try (0..<count).map { _ in
            let line = try Line(server)
            #expect(try line.hello(hello)["type"]?.string == "welcome")
            return line
        }
        #expect(try server.metric("daoban_connections_abroad") == 0)
        return lines
    }

    /// Connections of one conversation, so many that most are guests.
    private static func guests(of line: Line, on server: ServerProcess, after seq: Int = 1) throws -> [Line] {
        let guests = try (0..<2 * loops).map { _ in
            let guest = try Line(server)
            #expect(try guest.hello(",\"token\":\"\(line.token)\",\"seq\":\(seq)")["resumed"]?.bool == true)
            while try guest.receive()["type"]?.string != "resumed" {}
            return guest
        }
        #expect(try server.metric("daoban_connections_abroad") ?? 0 >= Double(loops))
        return guests
    }

    private static func status(_ server: ServerProcess, token: String) throws -> Int {
        try server.get("/v1/turns", headers: [("Authorization", "Bearer \(token)")]).status
    }

    // MARK: What is erased, exported and copied

    @Test
    func `PRI-08 conversations whose time is over are erased on every loop, but for those with a guest`()
        throws
    {
        let server = try Self.server(["--test-clock", "--retention-days", "180"])
        let young = try Self.begin(Self.loops, on: server)
        for line in young { _ = try line.message("a", "你好") }
        var old: [Line] = []
        for _ in 0..<4 * Self.loops {
            let line = try Line(server)
            try line.hello(",\"now\":\"1600000000\"")
            _ = try line.message("a", "金丝雀玄武湖八月")
            old.append(line)
        }
        let kept = try Self.guests(of: old[0], on: server, after: 2)
        let keys = try server.keys()
        #expect(keys.count == young.count + old.count)
        for line in old { line.client.drop() }
        #expect(try eventually { try server.metric("daoban_expired_total") == Double(old.count - 1) })
        for line in old.dropFirst() { #expect(try Self.status(server, token: line.token) == 401) }
        for line in young + [old[0]] { #expect(try Self.status(server, token: line.token) == 200) }
        // Once its last guest has gone it is nobody's any more.
        for guest in kept { guest.client.drop() }
        #expect(try eventually { try server.metric("daoban_expired_total") == Double(old.count) })
        #expect(try Self.status(server, token: old[0].token) == 401)
        let left = try server.keys()
        #expect(left.count == young.count)
        for key in keys { #expect(try server.filesHold(key) == left.contains(key)) }
        for line in young { #expect(try line.message("b", "谢谢")["seq"]?.integer == 3) }
    }

    @Test func `PRI-09 and PRI-10 conversations of every loop are exported whole, and erased in no file`()
        throws
    {
        let server = try Self.server()
        let lines = try Self.begin(2 * Self.loops, on: server)
        for (number, line) in lines.enumerated() { _ = try line.message("a", "金丝雀\(number)号的话") }
        for (number, line) in lines.enumerated() {
            let export = try ServerProcess.run(
                ["export", "--store", server.store], environment: ["DAOBAN_TOKEN": line.token])
            #expect(export.status == 0, "\(export.errors)")
            let entries = try JSONParser.parse(Array(export.output.utf8))["entries"]?.array
            #expect(entries?.count == 2)
            for other in lines.indices {
                #expect(export.output.contains("金丝雀\(other)号的话") == (other == number))
            }
        }
        // Some are erased by their own client, some by a guest; the others stay.
        for (number, line) in lines.enumerated() where number % 2 == 0 {
            let hand = number % 4 == 0 ? line : try Self.guests(of: line, on: server)[1]
            try hand.send(#"{"type":"forget","id":"f"}"#)
            while try hand.receive()["type"]?.string != "done" {}
            #expect(try hand.closeCode() == 1000)
        }
        #expect(try server.metric("daoban_forgotten_total") == Double(Self.loops))
        for (number, line) in lines.enumerated() {
            let export = try ServerProcess.run(
                ["export", "--store", server.store], environment: ["DAOBAN_TOKEN": line.token])
            #expect(export.status == (number % 2 == 0 ? 1 : 0))
            #expect(try Self.status(server, token: line.token) == (number % 2 == 0 ? 401 : 200))
        }
    }

    @Test func `STO-11 a copy taken while every loop writes has all that was answered before it began`()
        throws
    {
        let server = try Self.server()
        let lines = try Self.begin(2 * Self.loops, on: server)
        let answered = Mutex(lines.map { _ in 1 })
        let isOver = Atomic<Bool>(false)
        let group = DispatchGroup()
        for (number, line) in lines.enumerated() {
            Thread.detachNewThread(group) {
                var count = 0
                while !isOver.load(ordering: .relaxed) {
                    count += 1
                    guard let seq = try? line.message("m\(count)", "茌平医保电话")["seq"]?.integer else { return }
                    answered.withLock { $0[number] = seq }
                }
            }
        }
        var copies: [(path: String, floor: [Int])] = []
        for number in 0..<3 {
            #expect(eventually { answered.withLock { $0.allSatisfy { $0 > 20 * (number + 1) } } })
            let floor = answered.withLock { $0 }
            let path = "\(server.folder)/copy-\(number)"
            let backup = try ServerProcess.run(["backup", path, "--store", server.store])
            #expect(backup.status == 0, "\(backup.errors)")
            copies.append((path, floor))
        }
        isOver.store(true, ordering: .relaxed)
        group.wait()
        // What is erased on any loop after a copy stays erased.
        let gone = [0, 1, 2, 3]
        for number in gone {
            try lines[number].send(#"{"type":"forget","id":"f"}"#)
            #expect(try lines[number].receive()["type"]?.string == "done")
        }
        for copy in copies {
            server.crash()
            let restored = try ServerProcess.run(["restore", copy.path, "--store", server.store])
            #expect(restored.status == 0, "\(restored.errors)")
            try server.start()
            for (number, line) in lines.enumerated() {
                let again = try Line(server)
                let welcome = try again.hello(
                    ",\"token\":\"\(line.token)\",\"epoch\":\"\(line.epoch)\",\"seq\":\(copy.floor[number])")
                guard !gone.contains(number) else {
                    #expect(welcome["code"]?.string == "token")
                    continue
                }
                #expect(welcome["reason"]?.string == "epoch")
                #expect(welcome["seq"]?.integer ?? 0 >= copy.floor[number])
            }
        }
    }

    // MARK: Bounds

    @Test(.measures)
    func `PRC-05 beyond its memory nobody new is let in on any loop, those inside go on, and it recovers`()
        throws
    {
        let idle = try #require(try Self.server().metric("daoban_memory_bytes"))
        let limit = Int(idle) >> 20 + 24
        let server = try Self.server(["--max-memory", "\(limit)"])
        var lines = try server.crowd(limit: limit)
        #expect(lines.count >= Self.loops && lines.count < 8000)
        #expect(try server.metric("daoban_memory_lacking") == 1)
        for _ in 0..<2 * Self.loops {
            let refused = try server.get(
                "/v1/turns", method: "POST", headers: [("Content-Type", "application/json")],
                body: #"{"id":"a","text":"你好"}"#)
            #expect(refused.status == 429)
        }
        for line in lines.prefix(2 * Self.loops) { #expect(try line.message("a", "你好")["seq"]?.integer == 2) }
        lines = []
        #expect(try eventually(within: 120) { try server.metric("daoban_memory_lacking") == 0 })
        _ = try Self.begin(2 * Self.loops, on: server)
    }

    @Test func `NET-09 a conversation has one pace, wherever its guests are`() throws {
        let server = try ServerProcess([
            "--threads", "\(Self.loops)", "--message-rate", "1", "--message-burst", "6",
            "--max-connections-per-address",
            "100",
        ])
        let first = try Line(server)
        try first.hello()
        let guests = try Self.guests(of: first, on: server)
        for (number, guest) in guests.enumerated() { try guest.sendMessage("m\(number)", "谢谢") }
        var refused = 0
        for (number, guest) in guests.enumerated() {
            while true {
                let frame = try guest.receive()
                if frame["type"]?.string == "turn", frame["id"]?.string != "m\(number)" { continue }
                guard frame["type"]?.string == "error" else { break }
                #expect(frame["code"]?.string == "rate_limited")
                #expect(frame["retry_after_ms"]?.integer ?? 0 > 0)
                refused += 1
                break
            }
        }
        // Those six, and one for each second that passed meanwhile.
        #expect((1...guests.count - 6).contains(refused))
    }

    @Test func `PRO-17 a guest that never reads is closed with 4501, the others go on and he misses nothing`()
        throws
    {
        let server = try Self.server(["--max-queued", "20000"])
        let line = try Line(server)
        try line.hello()
        let slow = try (0..<Self.loops).map { _ in
            let socket = try RawSocket(server.port, receiveBuffer: 2048)
            socket.write(
                "GET /v1/chat HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
            let hello = Array(
                "{\"type\":\"hello\",\"protocol\":1,\"token\":\"\(line.token)\",\"seq\":1}".utf8)
            socket.write([0x81, 0x80 | UInt8(hello.count), 0, 0, 0, 0] + hello)
            usleep(50_000)
            return socket
        }
        #expect(
            try eventually { try server.metric("daoban_connections_abroad") ?? 0 >= Double(Self.loops - 1) })
        var answered = 0
        let gone = try eventually(within: 40) {
            for number in 1...200 { try line.sendMessage("m\(answered + number)", "聊城去北京看病怎么备案") }
            for _ in 1...200 { #expect(try line.receive()["type"]?.string == "turn") }
            answered += 200
            return try server.metric("daoban_closed_total{code=\"4501\"}") == Double(slow.count)
        }
        #expect(gone)
        #expect(try eventually { try server.metric("daoban_connections_abroad") == 0 })
        #expect(try eventually { try server.metric("daoban_outgoing_bytes") == 0 })
        let again = try Line(server)
        let welcome = try again.hello(",\"token\":\"\(line.token)\",\"seq\":\(answered - 99)")
        #expect(welcome["resumed"]?.bool == true)
        for seq in answered - 98...answered + 1 { #expect(try again.receive()["seq"]?.integer == seq) }
    }

    // MARK: Storage and process

    private struct Bench {
        let faults: Faults
        let server: ServerProcess

        init() throws {
            let folder = ServerProcess.temporaryFolder()
            faults = try Faults("\(folder)/faults")
            server = try ServerProcess(
                ["--threads", "\(loops)", "--limits", "off"],
                environment: faults.environment(turns: "\(folder)/daoban.sqlite.turn"), folder: folder)
        }
    }

    @Test func `STO-02 and HTTP-15 what cannot be stored is told on every loop, and all goes on afterwards`()
        throws
    {
        let bench = try Bench()
        let server = bench.server
        let lines = try Self.begin(2 * Self.loops, on: server)
        let guests = try Self.guests(of: lines[0], on: server)
        bench.faults.arm(Faults.write | Faults.sync, after: 0, times: -1, error: EIO)
        for (number, line) in (lines + [guests[1], guests[2]]).enumerated() {
            try line.sendMessage("m\(number)", "谢谢")
            let error = try line.receive()
            #expect(error["code"]?.string == "storage_unavailable")
            #expect(error["id"]?.string == "m\(number)")
            #expect(try line.closeCode() == 4507)
        }
        // Not ready, whichever loop is asked.
        for _ in 0..<2 * Self.loops {
            #expect(try server.get("/readyz").status == 503)
            #expect(try server.get("/livez").status == 200)
        }
        _ = bench.faults.disarm()
        for (number, line) in lines.enumerated() {
            let again = try Line(server)
            #expect(try again.hello(",\"token\":\"\(line.token)\",\"seq\":1")["seq"]?.integer == 1)
            _ = try again.receive()
            #expect(try again.message("m\(number)", "谢谢")["seq"]?.integer == 2)
        }
        // The guests that were not at fault have heard the turn.
        #expect(try guests[3].receive()["seq"]?.integer == 2)
        for _ in 0..<Self.loops { #expect(try server.get("/readyz").status == 200) }
    }

    @Test(arguments: [("internal", Faults.turnTrap), ("turn_timeout", Faults.turnSpin)])
    func `PRC-11 and PRC-12 a message that ends the process is refused, from any loop, and nothing else is`(
        code: String, fault: Int32
    ) throws {
        let bench = try Bench()
        let server = bench.server
        let lines = try Self.begin(2 * Self.loops, on: server)
        // On the last loop, while the others work.
        let poisoned = lines[Self.loops - 1]
        for line in lines { #expect(try line.message("a", "你好")["seq"]?.integer == 2) }
        bench.faults.arm(fault, after: 0, times: 1, error: 0)
        try poisoned.sendMessage("b", "聊城去北京看病怎么备案")
        _ = server.waitForEnd()
        #expect(bench.faults.disarm() == 1)
        try server.start()
        // He comes back to other loops than his conversation's.
        let guests = try Self.guests(of: poisoned, on: server)
        for guest in guests.prefix(3) {
            #expect(try guest.message("b", "聊城去北京看病怎么备案")["code"]?.string == code)
        }
        #expect(try guests[0].message("c", "谢谢")["seq"]?.integer == 3)
        for line in lines where line !== poisoned {
            let again = try Line(server)
            #expect(try again.hello(",\"token\":\"\(line.token)\",\"seq\":2")["resumed"]?.bool == true)
            _ = try again.receive()
            #expect(try again.message("b", "聊城去北京看病怎么备案")["seq"]?.integer == 3)
        }
    }

    @Test func `PRC-03 and PRC-04 loops that were stopped go on, and without descriptors those inside do`()
        throws
    {
        let server = try ShellServer(
            "ulimit -n 96; exec 1>&3", options: ["--limits", "off", "--threads", "4"])
        let chat = try #require(server.chat)
        let clients = try (0..<2 * Self.loops).map { _ in
            let client = try WebSocketClient(chat)
            try client.send(#"{"type":"hello","protocol":1}"#.utf8)
            _ = try client.receive()
            return client
        }
        var crowd: [RawSocket] = []
        for _ in 0..<200 { if let socket = try? RawSocket(server.port, patience: 1) { crowd.append(socket) } }
        for number in 0..<10 {
            if number == 5 {
                kill(server.identifier, SIGSTOP)
                usleep(300_000)
                kill(server.identifier, SIGCONT)
            }
            for client in clients {
                try client.send("{\"type\":\"message\",\"id\":\"m\(number)\",\"text\":\"你好\"}".utf8)
            }
            for client in clients {
                guard case .text(let bytes) = try client.receive() else {
                    Issue.record("closed")
                    return
                }
                #expect(try JSONParser.parse(bytes)["seq"]?.integer == number + 2)
            }
        }
        let before = try processorTime(of: server.identifier)
        sleep(2)
        #expect(try processorTime(of: server.identifier) - before < 0.4)
        crowd = []
        #expect(eventually { (try? WebSocketClient(chat)) != nil })
    }

    /// Seconds of processor time.
    private func processorTime(of process: Int32) throws -> Double {
        let fields = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8).split(
            separator: " ")
        return Double((Int(fields[13]) ?? 0) + (Int(fields[14]) ?? 0)) / 100
    }

    // MARK: Pages and the desk

    @Test
    func `STA-11 a desk takes over from any loop, and no guest hears the assistant until it gives back`()
        throws
    {
        let server = try ServerProcess(
            Self.options, secret: "a secret of the desk, long enough", for: "--desk-secret-file")
        let desk = ("Authorization", "Bearer a secret of the desk, long enough")
        let lines = try Self.begin(Self.loops, on: server)
        for line in lines { _ = try line.message("a", "转人工") }
        let list = try JSONParser.parse(try server.get("/v1/handoffs", headers: [desk]).body)
        #expect(list["count"]?.integer == Self.loops)
        var held: [Line] = []
        for line in lines {
            let guests = try Self.guests(of: line, on: server, after: 2)
            for (number, owner) in ["\"王老师\"", "null"].enumerated() {
                held.append(try Line(server))
                let order = try server.get(
                    "/v1/handoff", method: "POST", headers: [("Content-Type", "application/json"), desk],
                    body: "{\"token\":\"\(line.token)\",\"id\":\"d\(number)\",\"owner\":\(owner)}")
                #expect(order.status == 200)
                let said = try guests[number].message("m\(number)", "你好")
                // Its own turn comes behind the desk's.
                #expect(said["id"]?.string == "d\(number)")
                let turn = try guests[number].receive()
                #expect(turn["id"]?.string == "m\(number)")
                #expect((turn["owner"]?.string == nil) == (number == 1))
                #expect((turn["replies"]?.array?.isEmpty == true) == (number == 0))
                for guest in guests where guest !== guests[number] {
                    #expect(try guest.receive()["id"]?.string == "d\(number)")
                    #expect(try guest.receive() == turn)
                }
            }
        }
        let left = try JSONParser.parse(try server.get("/v1/handoffs", headers: [desk]).body)
        #expect(left["count"]?.integer == 0)
    }

    @Test func `STA-04 the chat without scripts goes on where it was on every loop`() throws {
        let server = try Self.server()
        let form = (name: "Content-Type", value: "application/x-www-form-urlencoded")
        var cookie: [(name: String, value: String)] = []
        var held: [Line] = []
        for number in 0..<2 * Self.loops {
            held.append(try Line(server))
            let sent = try server.get(
                "/chat", method: "POST", headers: [form] + cookie,
                body: "id=m\(number)&text=%E4%BD%A0%E5%A5%BD")
            #expect(sent.status == 303)
            if cookie.isEmpty {
                let set = sent.head.split(separator: "\r\n").first {
                    $0.lowercased().hasPrefix("set-cookie: ")
                }
                cookie = [("Cookie", String(try #require(set).dropFirst(12).prefix { $0 != ";" }))]
            }
            let page = String(decoding: try server.get("/chat", headers: cookie).body, as: UTF8.self)
            #expect(page.components(separatedBy: "said you").count == number + 2)
        }
        #expect(try server.metric("daoban_conversations_total") == 1)
    }
}
