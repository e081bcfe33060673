import Foundation
import JSONText
import Synchronization
import Testing
import Transport

/// Several event loops: a conversation belongs to one of them, whichever its clients come to.
@Suite struct LoopTests {
    private static let loops = 4

    private static func server(_ options: [String] = ["--limits", "off"]) throws -> ServerProcess {
        try ServerProcess(["--threads", "\(loops)"] + options)
    }

    /// Connections that resume a conversation, twice as many as there are loops, so that each loop has some.
    private static func devices(
        of first: Line, on server: ServerProcess, after seq: Int
    ) throws -> [Line] {
        let devices = try (0..<2 * loops).map { _ in
            let line = try Line(server)
            let place = ",\"token\":\"\(first.token)\",\"epoch\":\"\(first.epoch)\",\"seq\":\(seq)"
            #expect(try line.hello(place)["resumed"]?.bool == true)
            while try line.receive()["type"]?.string != "resumed" {}
            return line
        }
        // Three of four are not where the conversation is.
        #expect(try server.metric("daoban_connections_abroad") ?? 0 >= Double(loops))
        return devices
    }

    @Test func `a conversation goes on wherever its clients come to, and each gets every turn in order`()
        throws
    {
        let server = try Self.server()
        let first = try Line(server)
        try first.hello()
        _ = try first.message("m2", "聊城的医保，去北京看病怎么备案")
        let devices = try Self.devices(of: first, on: server, after: 1)
        for (index, device) in devices.enumerated() {
            let seq = 3 + index
            let turn = try device.message("m\(seq)", index % 2 == 0 ? "临时的" : "需要带什么材料")
            #expect(turn["seq"]?.integer == seq)
            #expect(turn["id"]?.string == "m\(seq)")
            for other in [first] + devices where other !== device { #expect(try other.receive() == turn) }
        }
        // The same id from another loop gets what is stored, another content the conflict.
        #expect(try devices[0].message("m2", "聊城的医保，去北京看病怎么备案")["duplicate"]?.bool == true)
        #expect(try devices[1].message("m2", "别的")["code"]?.string == "id_conflict")
        try devices[2].send(#"{"type":"ping","id":"p"}"#)
        #expect(try devices[2].receive()["type"]?.string == "pong")
        try devices[3].send("{")
        #expect(try devices[3].receive()["code"]?.string == "bad_json")
    }

    @Test func `what is sent at once from several loops is worked one after the other`() throws {
        let server = try Self.server()
        let first = try Line(server)
        try first.hello()
        let devices = try Self.devices(of: first, on: server, after: 1)
        let each = 25
        let group = DispatchGroup()
        let seen = Mutex<[[Int]]>([])
        let ownOrder = Mutex<[Bool]>([])
        for (number, device) in devices.enumerated() {
            Thread.detachNewThread(group) {
                var seqs: [Int] = []
                var mine: [Int] = []
                for message in 0..<each { try? device.sendMessage("d\(number)-\(message)", "谢谢") }
                for _ in 0..<devices.count * each {
                    guard let turn = try? device.receive(), let seq = turn["seq"]?.integer else { break }
                    seqs.append(seq)
                    let id = turn["id"]?.string ?? ""
                    guard id.hasPrefix("d\(number)-") else { continue }
                    mine.append(Int(id.drop { $0 != "-" }.dropFirst()) ?? -1)
                }
                seen.withLock { $0.append(seqs) }
                ownOrder.withLock { $0.append(mine == Array(0..<each)) }
            }
        }
        group.wait()
        let expected = Array(2..<2 + devices.count * each)
        for seqs in seen.withLock({ $0 }) { #expect(seqs == expected) }
        #expect(ownOrder.withLock { $0 } == devices.map { _ in true })
    }

    @Test func `turns over HTTP reach a conversation from every loop`() throws {
        let server = try Self.server()
        let type = [(name: "Content-Type", value: "application/json")]
        var token = ""
        // Kept connections take up the emptiest loops, so that requests come to different ones.
        var held: [Line] = []
        for number in 0..<12 {
            held.append(try Line(server))
            let known = token.isEmpty ? "" : "\"token\":\"\(token)\","
            let answer = try server.get(
                "/v1/turns", method: "POST", headers: type,
                body: "{\(known)\"id\":\"m\(number)\",\"text\":\"茌平医保电话\"}")
            let turn = try JSONParser.parse(answer.body)
            #expect(turn["seq"]?.integer == 2 + number)
            token = try #require(turn["token"]?.string)
            let list = try server.get("/v1/turns?after=1", headers: [("Authorization", "Bearer \(token)")])
            #expect(try JSONParser.parse(list.body)["turns"]?.array?.count == 1 + number)
        }
        // Once more, by a retry: stored, and said so.
        for number in 0..<12 {
            let answer = try server.get(
                "/v1/turns", method: "POST", headers: type,
                body: "{\"token\":\"\(token)\",\"id\":\"m\(number)\",\"text\":\"茌平医保电话\"}")
            #expect(try JSONParser.parse(answer.body)["duplicate"]?.bool == true)
        }
        let rasa = try (0..<8).map { _ in
            held.append(try Line(server))
            return try server.get(
                "/webhooks/rest/webhook", method: "POST", headers: type,
                body: #"{"sender":"somebody","message":"茌平医保电话"}"#
            ).status
        }
        #expect(rasa == rasa.map { _ in 200 })
        // One of the token, one of the sender.
        #expect(try server.metric("daoban_conversations_total") == 2)
        #expect(try server.metric("daoban_turns_total") == 20)
    }

    @Test func `what is forgotten from one loop is closed on all`() throws {
        let server = try Self.server()
        let first = try Line(server)
        try first.hello()
        let devices = try Self.devices(of: first, on: server, after: 1)
        try devices[1].send(#"{"type":"forget","id":"f"}"#)
        #expect(try devices[1].receive()["type"]?.string == "done")
        for line in [first] + devices { #expect(try line.closeCode() == 1000) }
        for _ in 0..<Self.loops {
            let again = try Line(server)
            #expect(try again.hello(",\"token\":\"\(first.token)\",\"seq\":0")["code"]?.string == "token")
            #expect(try again.closeCode() == 4401)
        }
        #expect(try eventually { try server.metric("daoban_connections_abroad") == 0 })
        #expect(try eventually { try server.metric("daoban_connections_open") == 0 })
    }

    @Test func `STO-01 after a kill each conversation goes on, from whatever loop`() throws {
        let server = try Self.server()
        let lines = try (0..<20).map { _ in
            let line = try Line(server)
            try line.hello()
            return line
        }
        for line in lines { #expect(try line.message("a", "聊城去北京看病怎么备案")["seq"]?.integer == 2) }
        server.crash()
        try server.start()
        for line in lines {
            let again = try Line(server)
            #expect(try again.hello(",\"token\":\"\(line.token)\",\"seq\":1")["resumed"]?.bool == true)
            #expect(try again.receive()["seq"]?.integer == 2)
            #expect(try again.receive()["type"]?.string == "resumed")
            #expect(try again.message("a", "聊城去北京看病怎么备案")["duplicate"]?.bool == true)
            #expect(try again.message("b", "临时的")["seq"]?.integer == 3)
        }
    }

    @Test func `PRC-01 guests of other loops are answered and told when the service ends`() throws {
        let server = try Self.server()
        let first = try Line(server)
        try first.hello()
        let devices = try Self.devices(of: first, on: server, after: 1)
        for number in 0..<10 {
            for (index, device) in devices.enumerated() {
                try device.sendMessage("m\(index)-\(number)", "谢谢")
            }
        }
        _ = try first.receive()
        server.signal(SIGTERM)
        var last: [Int] = []
        for line in [first] + devices {
            let (frames, code) = try line.receiveToEnd()
            #expect(code == 1001)
            let seqs = frames.compactMap { $0["seq"]?.integer }
            #expect(seqs == Array((seqs.first ?? 0)..<(seqs.first ?? 0) + seqs.count))
            last.append(seqs.last ?? 1)
        }
        #expect(server.waitForExit() == 0)
        try server.start()
        let again = try Line(server)
        let welcome = try again.hello(",\"token\":\"\(first.token)\",\"seq\":1")
        // What anybody was answered is stored, and what is stored was answered to all.
        #expect(last.allSatisfy { $0 == welcome["seq"]?.integer }, "\(last)")
    }

    @Test func `a reload takes effect on every loop and counts once`() throws {
        let server = try Self.server()
        let lines = try (0..<Self.loops).map { _ in
            let line = try Line(server)
            try line.hello()
            return line
        }
        server.signal(SIGHUP)
        #expect(try eventually { try server.metric("daoban_reloads_total") == 1 })
        for line in lines { #expect(try line.message("a", "你好")["seq"]?.integer == 2) }
        #expect(try server.metric("daoban_reloads_total") == 1)
    }

    @Test func `bounds hold for all loops together`() throws {
        let server = try Self.server([
            "--max-connections-per-address", "10", "--conversation-rate", "1", "--conversation-burst", "6",
        ])
        var lines: [Line] = []
        var refused = 0
        for _ in 0..<14 { do { lines.append(try Line(server)) } catch { refused += 1 } }
        #expect(lines.count == 10)
        #expect(refused == 4)
        let welcomes = try lines.filter { try $0.hello()["type"]?.string == "welcome" }.count
        // One more for each second that passes meanwhile.
        #expect((6...8).contains(welcomes))
        lines = []
        // Whoever has gone makes room, whichever loop he was on.
        #expect(try eventually { try server.metric("daoban_connections_open") == 0 })
        for _ in 0..<10 { lines.append(try Line(server)) }
        #expect(try server.metric("daoban_connections_open") == 10)
    }

    @Test func `a guest that sends more than its host takes has to wait, and nothing is lost`() throws {
        let server = try Self.server(["--limits", "off", "--max-waiting", "\(64 << 20)"])
        let first = try Line(server)
        try first.hello()
        let devices = try Self.devices(of: first, on: server, after: 1)
        let text = String(repeating: "长", count: 1300)
        let group = DispatchGroup()
        let whole = Mutex(0)
        for (number, device) in devices.enumerated() {
            Thread.detachNewThread(group) {
                let sender = Thread {
                    // Feedback is stored too and its answer is short, so that no reader is too slow.
                    for message in 0..<300 {
                        let id = "f\(number)-\(message)"
                        try? device.send(
                            "{\"type\":\"feedback\",\"id\":\"\(id)\",\"of\":1,\"rating\":\"up\",\"comment\":\"\(text)\"}"
                        )
                    }
                }
                sender.start()
                for message in 0..<300 {
                    guard let answer = try? device.receive() else { return }
                    guard answer["type"]?.string == "done", answer["id"]?.string == "f\(number)-\(message)"
                    else {
                        return
                    }
                }
                whole.withLock { $0 += 1 }
            }
        }
        group.wait()
        #expect(whole.withLock { $0 } == devices.count)
        #expect(try eventually { try server.metric("daoban_waiting_bytes") == 0 })
        for line in [first] + devices { line.client.drop() }
        #expect(try eventually { try server.metric("daoban_connections_open") == 0 })
    }

    @Test func `clients that come, resume and break off at random leave nothing behind and lose nothing`()
        throws
    {
        let server = try Self.server()
        let rounds = ProcessInfo.processInfo.environment["DAOBAN_LOOP_ROUNDS"].flatMap { Int($0) } ?? 40
        let group = DispatchGroup()
        let mistakes = Mutex<[String]>([])
        for seed in 1...8 as ClosedRange<UInt64> {
            Thread.detachNewThread(group) {
                do { try Self.wander(server, rounds, seed: seed) } catch {
                    mistakes.withLock { $0.append("seed \(seed): \(error)") }
                }
            }
        }
        group.wait()
        #expect(mistakes.withLock { $0 } == [])
        for name in ["connections_open", "connections_abroad", "waiting_bytes", "outgoing_bytes"] {
            #expect(try eventually { try server.metric("daoban_\(name)") == 0 }, "\(name)")
        }
        server.signal(SIGTERM)
        #expect(server.waitForExit() == 0)
    }

    private struct Lost: Error { var words: String }

    /// A conversation whose client breaks off again and again, by a seed. What it was answered must be there when it comes back.
    private static func wander(_ server: ServerProcess, _ rounds: Int, seed: UInt64) throws {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        func chance(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        var line = try Line(server)
        try line.hello()
        let token = line.token
        var answered = 1
        for round in 0..<rounds {
            for message in 0..<1 + chance(4) {
                try line.sendMessage("r\(round)-\(message)", "茌平医保电话")
                guard chance(3) > 0 else { break }
                let turn = try line.receive()
                guard turn["type"]?.string == "turn", let seq = turn["seq"]?.integer else { continue }
                guard seq == answered + 1 else { throw Lost(words: "\(seq) after \(answered)") }
                answered = seq
            }
            switch chance(3) {
            case 0: line.client.drop()
            case 1: try? line.client.sendClose()
            default: break
            }
            // The old line may still be open, as that of a second device.
            line = try Line(server)
            let welcome = try line.hello(",\"token\":\"\(token)\",\"seq\":\(answered)")
            guard welcome["resumed"]?.bool == true else { throw Lost(words: "\(welcome)") }
            while true {
                let frame = try line.receive()
                if frame["type"]?.string == "resumed" { break }
                guard let seq = frame["seq"]?.integer, seq == answered + 1 else {
                    throw Lost(words: "\(frame) after \(answered)")
                }
                answered = seq
            }
        }
    }
}
