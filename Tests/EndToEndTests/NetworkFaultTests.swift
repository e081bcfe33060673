import Foundation
import JSONText
import Testing
import Transport

/// Conversations through a network that does its worst.
@Suite struct NetworkFaultTests {
    private static let sayings = [
        "异地备案怎么办", "聊城", "去北京", "临时", "没有转诊单", "报销多少", "谢谢", "电话多少", "取消", "生孩子能报多少", "济南", "职工",
    ]

    /// A client that does as ours do: it comes back after every break, takes up where it was and sends again what has not been
    /// answered. Belongs to one thread.
    private final class Stubborn: @unchecked Sendable {
        // Sendable: a test looks into it only when its thread is done.
        private let port: Int
        private let patience: Int
        private var client: WebSocketClient?
        private(set) var token: String?
        private var epoch = ""
        private(set) var seq = 0
        /// The turns that came, by number, as bytes without what says whether they came a second time.
        private(set) var turns: [Int: String] = [:]
        private(set) var mistakes: [String] = []
        private(set) var returns = -1

        init(_ port: Int, patience: Int = 5) { (self.port, self.patience) = (port, patience) }

        /// Says it until it is answered; false when that takes too long.
        func say(_ id: String, _ text: String, until end: ContinuousClock.Instant) -> Bool {
            var isSent = false
            while ContinuousClock.now < end {
                guard let line = client else {
                    if !connect() { usleep(5_000) }
                    isSent = false
                    continue
                }
                do {
                    if !isSent {
                        try line.send("{\"type\":\"message\",\"id\":\"\(id)\",\"text\":\"\(text)\"}".utf8)
                        isSent = true
                    }
                    guard case .text(let bytes) = try line.receive() else {
                        client = nil
                        continue
                    }
                    let frame = try JSONParser.parse(bytes)
                    note(frame, bytes)
                    if frame["type"]?.string == "turn", frame["id"]?.string == id { return true }
                } catch { client = nil }
            }
            return false
        }

        private func connect() -> Bool {
            guard let address = ClientAddress("ws://127.0.0.1:\(port)/v1/chat"),
                let line = try? WebSocketClient(address, timeout: patience * Patience.factor)
            else { return false }
            var hello = "{\"type\":\"hello\",\"protocol\":1"
            if let token { hello += ",\"token\":\"\(token)\",\"epoch\":\"\(epoch)\",\"seq\":\(seq)" }
            do {
                try line.send((hello + "}").utf8)
                while case .text(let bytes) = try line.receive() {
                    let frame = try JSONParser.parse(bytes)
                    note(frame, bytes)
                    if frame["type"]?.string == "welcome", token == nil {
                        token = frame["token"]?.string
                        epoch = frame["epoch"]?.string ?? ""
                        seq = 1
                        break
                    }
                    if frame["type"]?.string == "welcome", frame["resumed"]?.bool != true {
                        mistakes.append("not resumed at \(seq)")
                    }
                    if frame["type"]?.string == "resumed" { break }
                    if frame["type"]?.string == "error" { return false }
                }
            } catch { return false }
            returns += 1
            client = line
            return true
        }

        private func note(_ frame: JSONValue, _ bytes: [UInt8]) {
            guard frame["type"]?.string == "turn", let number = frame["seq"]?.integer else { return }
            let text = String(decoding: bytes, as: UTF8.self).replacingOccurrences(
                of: "\"duplicate\":true", with: "\"duplicate\":false")
            if let known = turns[number] {
                if known != text { mistakes.append("turn \(number) came differently") }
                return
            }
            if number != seq + 1 { mistakes.append("turn \(number) came after \(seq)") }
            turns[number] = text
            seq = number
        }

        func drop() { client?.drop() }
    }

    /// Has so many clients talk through the proxy, then compares what they heard with what is stored.
    private func talk(
        _ server: ServerProcess, through proxy: FaultProxy, clients: Int, turns: Int,
        within seconds: Double = 90
    ) throws -> Int {
        let end = Patience.end(seconds)
        let group = DispatchGroup()
        let all = (0..<clients).map { _ in Stubborn(proxy.port) }
        for (number, client) in all.enumerated() {
            Thread.detachNewThread(group) {
                for turn in 0..<turns {
                    let text = Self.sayings[(number + turn) % Self.sayings.count]
                    if !client.say("m\(turn)", text, until: end) { break }
                }
                client.drop()
            }
        }
        group.wait()
        for client in all {
            #expect(client.mistakes.isEmpty)
            let token = try #require(client.token)
            let list = try server.get("/v1/turns", headers: [("Authorization", "Bearer \(token)")])
            let stored = try JSONParser.parse(list.body)["turns"]?.array ?? []
            // Nothing lost, nothing doubled, in order.
            #expect(stored.dropFirst().compactMap { $0["id"]?.string } == (0..<turns).map { "m\($0)" })
            #expect(stored.compactMap { $0["seq"]?.integer } == Array(1...turns + 1))
            #expect(client.turns.keys.sorted() == Array(2...turns + 1))
            for turn in stored.dropFirst() {
                let heard = try #require(turn["seq"]?.integer.flatMap { client.turns[$0] })
                #expect(try JSONParser.parse(Array(heard.utf8))["replies"] == turn["replies"])
            }
        }
        return all.reduce(0) { $0 + $1.returns }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func
        `NET-02, STA-04 and PRO-15 lines that are cut, reset, split and delayed by a seed lose and double nothing`(
            seed: UInt64
        ) throws
    {
        let server = try ServerProcess()
        let proxy = try FaultProxy(
            to: server.port, seed: seed, .init(delay: 3, piece: 700, cuts: 15, resets: 15))
        defer { proxy.end() }
        let turns = ProcessInfo.processInfo.environment["DAOBAN_WEATHER"].flatMap { Int($0) } ?? 25
        // In how many pieces the same bytes come is the machine's affair, so the lines break now more and now less often.
        var returns = 0
        for _ in 0..<10 where proxy.breaks <= 20 || returns <= 10 {
            returns += try talk(server, through: proxy, clients: 8, turns: turns)
        }
        #expect(proxy.breaks > 20 && returns > 10)
        #expect(try server.metric("daoban_conversations_in_memory") ?? 0 >= 8)
    }

    @Test func `NET-03 two hundred milliseconds of latency in pieces of a few bytes change nothing`() throws {
        let server = try ServerProcess(["--limits", "off", "--ping-seconds", "1", "--hang-up-seconds", "3"])
        let proxy = try FaultProxy(to: server.port, .init(delay: 200, piece: 1400))
        defer { proxy.end() }
        // No line is given up for being slow.
        #expect(try talk(server, through: proxy, clients: 8, turns: 5) == 0)
    }

    @Test func `NET-04 a line that is reset after any byte of a talk is taken up with the same transcript`()
        throws
    {
        let step = ProcessInfo.processInfo.environment["DAOBAN_OFFSETS"].flatMap { Int($0) } ?? 151
        let server = try ServerProcess()
        let proxy = try FaultProxy(to: server.port)
        defer { proxy.end() }
        var broken = 0
        for offset in stride(from: 1, to: 60_000, by: step) {
            let client = Stubborn(proxy.port)
            proxy.weather = .init(resetAfter: offset)
            let end = Patience.end(20)
            for turn in 0..<4 { #expect(client.say("m\(turn)", Self.sayings[turn], until: end), "\(offset)") }
            client.drop()
            // Until the talk is shorter than that.
            guard proxy.weather.resetAfter == nil else { break }
            broken += 1
            #expect(client.mistakes.isEmpty, "\(offset)")
            #expect(client.turns.keys.sorted() == [2, 3, 4, 5], "\(offset)")
        }
        #expect(broken * step > 1500 && proxy.breaks == broken)
    }

    @Test(arguments: [true, false])
    func `NET-05 when one direction loses everything both sides notice, and the talk goes on over a new line`(
        isAnswer: Bool
    ) throws {
        let server = try ServerProcess(["--limits", "off", "--ping-seconds", "1", "--hang-up-seconds", "3"])
        let proxy = try FaultProxy(to: server.port)
        defer { proxy.end() }
        let client = Stubborn(proxy.port, patience: 2)
        let end = Patience.end(30)
        #expect(client.say("a", "你好", until: end))
        proxy.weather = isAnswer ? .init(losesAnswers: true) : .init(losesRequests: true)
        #expect(!client.say("b", "谢谢", until: ContinuousClock.now + .seconds(3)))
        // Nobody answers its pings, or nothing comes of what it sends: the server gives the line up.
        #expect(try eventually(within: 15) { try server.metric("daoban_connections_open") ?? 9 <= 1 })
        proxy.weather = .init()
        proxy.restart()
        #expect(client.say("b", "谢谢", until: end))
        #expect(client.mistakes.isEmpty && client.seq == 3)
    }

    @Test
    func `NET-08 who comes by another network goes on at once, and the line that is left behind is given up`()
        throws
    {
        let server = try ServerProcess(["--limits", "off", "--ping-seconds", "1", "--hang-up-seconds", "9"])
        let proxy = try FaultProxy(to: server.port)
        defer { proxy.end() }
        let old = try Line(port: proxy.port)
        try old.hello()
        #expect(try old.message("a", "异地备案怎么办")["seq"]?.integer == 2)
        // The server hears nothing of that; what was said last it has, and its answer goes nowhere.
        proxy.weather = .init(losesAnswers: true)
        try old.sendMessage("b", "聊城")
        #expect(try eventually { try server.metric("daoban_turns_total") == 2 })
        let new = try Line(server)
        let welcome = try new.hello(",\"token\":\"\(old.token)\",\"epoch\":\"\(old.epoch)\",\"seq\":2")
        #expect(welcome["resumed"]?.bool == true)
        #expect(try new.receive()["id"]?.string == "b")
        #expect(try new.receive()["type"]?.string == "resumed")
        #expect(try new.message("b", "聊城")["duplicate"]?.bool == true)
        #expect(try new.message("c", "去北京")["seq"]?.integer == 4)
        // It waited for nothing: the old line is still there.
        #expect(try server.metric("daoban_connections_open") == 2)
        #expect(
            try eventually(within: 45) {
                // Whoever reads answers the server's pings.
                try new.send(#"{"type":"ping","id":"p"}"#)
                return try new.receive()["type"]?.string == "pong"
                    && server.metric("daoban_connections_open") == 1
            })
        #expect(try new.message("d", "临时")["seq"]?.integer == 5)
        withExtendedLifetime(old) {}
    }

    @Test func `NET-06 and NET-07 a proxy that cuts idle lines and starts anew costs nothing but a return`()
        throws
    {
        let server = try ServerProcess()
        let proxy = try FaultProxy(to: server.port)
        defer { proxy.end() }
        let clients = (0..<5).map { _ in Stubborn(proxy.port) }
        let end = Patience.end(30)
        for round in 0..<6 {
            for client in clients { #expect(client.say("r\(round)", "你好", until: end)) }
            proxy.restart()
        }
        for client in clients {
            #expect(client.mistakes.isEmpty && client.seq == 7)
            #expect(client.returns == 5)
        }
    }
}
