import Foundation
import JSONText
import Storage
import Synchronization
import Testing
import Transport

/// What identifies a person is nowhere but where it must be.
@Suite struct PrivacyTests {
    /// Numbers of people that do not exist, in many spellings.
    private static func canaries(_ count: Int) -> [(said: String, digits: String)] {
        (0..<count).map { number in
            let serial = String(1000 + number)
            let wide = { (text: String) in
                String(
                    String.UnicodeScalarView(
                        text.unicodeScalars.map {
                            (48...57).contains($0.value) ? Unicode.Scalar($0.value + 0xFEE0) ?? $0 : $0
                        }))
            }
            switch number % 6 {
            case 0:
                let phone = "1381234\(serial)"
                return ("手机\(phone)", phone)
            case 1:
                let phone = "1391357\(serial)"
                return ("电话 +86 \(phone.prefix(3)) \(phone.dropFirst(3).prefix(4)) \(phone.suffix(4))", phone)
            case 2:
                let phone = "1863698\(serial)"
                return ("打我电话\(wide(phone))", phone)
            case 3:
                let card = identity("37150119620517", serial.suffix(3))
                return ("身份证号\(card)", String(card.dropLast()))
            case 4:
                let card = identity("11010519491231", serial.suffix(3))
                return (
                    "身份证 \(card.prefix(6))-\(card.dropFirst(6).prefix(8))-\(card.suffix(4))",
                    String(card.dropLast())
                )
            default:
                let card = identity("37150219700101", serial.suffix(3))
                return ("身份\u{200B}证\(card.map { "\($0)\u{200B}" }.joined())", String(card.dropLast()))
            }
        }
    }

    /// With its check character (GB 11643).
    private static func identity(_ head: String, _ serial: Substring) -> String {
        let body = head + serial
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(body, weights).reduce(0) { $0 + ($1.0.wholeNumberValue ?? 0) * $1.1 }
        return body + String(Array("10X98765432")[sum % 11])
    }

    @Test func `PRI-01 and PRI-02 no number of a person is in any file, log, metric or error`() throws {
        let count = ProcessInfo.processInfo.environment["DAOBAN_CANARIES"].flatMap { Int($0) } ?? 300
        let server = try ServerProcess(["--limits", "off"], environment: ["DAOBAN_LOG": "trace"])
        let line = try Line(server)
        try line.hello()
        let canaries = Self.canaries(count)
        for (number, canary) in canaries.enumerated() {
            let answer = try line.message("m\(number)", "我的\(canary.said)，聊城去北京看病怎么备案")
            #expect(answer["type"]?.string == "turn")
            if number % 5 == 0 {
                let comment = canary.said
                try line.send(
                    "{\"type\":\"feedback\",\"id\":\"f\(number)\",\"of\":1,\"rating\":\"up\",\"comment\":\"\(comment)\"}"
                )
                #expect(try line.receive()["type"]?.string == "done")
            }
        }
        // Where things go wrong: ids, choices, types, paths, queries, hosts and origins.
        let phone = canaries[0].digits
        for frame in [
            "{\"type\":\"\(phone)\",\"id\":\"e1\"}",
            "{\"type\":\"choose\",\"id\":\"e2\",\"of\":1,\"choice\":\"\(phone)\"}",
            "{\"type\":\"message\",\"id\":\"e3\",\"text\":7,\"\(phone)\":1}", "{\"\(phone)",
        ] {
            try line.send(frame)
            let bytes = try line.receiveBytes()
            #expect(!String(decoding: bytes, as: UTF8.self).contains(phone))
        }
        _ = try server.get("/\(phone)?q=\(phone)")
        server.signal(SIGHUP)
        let metrics = String(decoding: try server.get("/metrics").body, as: UTF8.self)
        let export = try ServerProcess.run(
            ["export", "--store", server.store], environment: ["DAOBAN_TOKEN": line.token])
        #expect(export.status == 0, "\(export.errors)")
        let digits = Finder(canaries.map(\.digits)), words = Finder(canaries.map(\.said))
        for (place, text) in [
            ("metrics", metrics), ("log", server.log), ("export", export.output + export.errors),
        ] {
            #expect(digits.first(in: Array(text.filter(\.isNumber).utf8)) == nil, "in \(place)")
        }
        // What it would find, were it there.
        #expect(digits.first(in: Array("a\(canaries[count - 1].digits)b".utf8)) == canaries[count - 1].digits)
        for name in try FileManager.default.contentsOfDirectory(atPath: server.folder) {
            let bytes = Array(FileManager.default.contents(atPath: "\(server.folder)/\(name)") ?? Data())
            #expect(digits.first(in: bytes) == nil, "in \(name)")
            #expect(words.first(in: bytes) == nil, "in \(name)")
        }
        // What is said is sealed, so that it is looked for once it is opened, too: frames, events, the state.
        server.signal(SIGTERM)
        #expect(server.waitForExit() == 0)
        let opened = try Self.read(of: line.token, in: server.store)
        #expect(opened.count > count)
        #expect(opened.contains { String(decoding: $0, as: UTF8.self).contains("看病怎么备案") })
        for bytes in opened {
            let numbers = String(decoding: bytes, as: UTF8.self).filter(\.isNumber)
            #expect(digits.first(in: Array(numbers.utf8)) == nil)
            #expect(words.first(in: bytes) == nil)
        }
    }

    /// All that the store has of a conversation, as it was before it was sealed.
    private static func read(of token: String, in path: String) throws -> [[UInt8]] {
        let log = try EventLog(path: path)
        defer { log.close() }
        func ask<Value: Sendable>(
            _ question: (@escaping @Sendable (Result<Value, StorageError>) -> Void) -> Void
        ) throws -> Value {
            let answer = Mutex<Result<Value, StorageError>?>(nil), done = DispatchSemaphore(value: 0)
            question { result in
                answer.withLock { $0 = result }
                done.signal()
            }
            done.wait()
            return try #require(answer.withLock { $0 }).get()
        }
        let key = Digest.sha256(Array(token.utf8))
        let found: ConversationRecord? = try ask { log.load(tokenHash: key, completion: $0) }
        let record = try #require(found)
        var all = record.tail.map(\.bytes) + [record.snapshot ?? []]
        var last = 0
        while true {
            let turns: [StoredTurn] = try ask {
                log.turns(record.conversation, after: last, limit: 300, completion: $0)
            }
            guard let end = turns.last else { return all }
            all += turns.map(\.frame)
            last = end.seq
        }
    }

    /// Looks for many texts at once, each of at least eight bytes.
    private struct Finder {
        private var byBeginning: [UInt64: [[UInt8]]] = [:]

        init(_ texts: [String]) {
            for text in texts {
                let bytes = Array(text.utf8)
                byBeginning[bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }, default: []].append(bytes)
            }
        }

        /// The first of the texts that stands in the bytes.
        func first(in bytes: [UInt8]) -> String? {
            var window: UInt64 = 0
            for (index, byte) in bytes.enumerated() {
                window = window << 8 | UInt64(byte)
                guard index >= 7, let candidates = byBeginning[window] else { continue }
                for candidate in candidates where bytes[(index - 7)...].starts(with: candidate) {
                    return String(decoding: candidate, as: UTF8.self)
                }
            }
            return nil
        }
    }

    @Test func `PRI-07 whoever comes next sees nothing of who was there before`() throws {
        let server = try ServerProcess()
        let first = try Line(server)
        try first.hello(",\"profile\":{\"home_city\":\"聊城\"}")
        _ = try first.message("a", "聊城的医保去北京看病怎么备案")
        let second = try Line(server)
        let welcome = try second.hello()
        #expect(welcome["seq"]?.integer == 1)
        #expect(welcome["token"]?.string != first.token)
        let turn = try second.message("a", "异地就医备案")
        #expect(turn["replies"]?.array?.contains { $0["text"]?.string?.contains("聊城") == true } == false)
        for token in [first.token.uppercased(), String(first.token.dropLast()), first.token + "a"] {
            let list = try server.get("/v1/turns", headers: [("Authorization", "Bearer \(token)")])
            #expect(list.status == 401)
            #expect(try JSONParser.parse(list.body)["code"]?.string == "token")
        }
    }

    @Test func `PRI-08 and STA-07 a conversation whose time is over is erased from every file`() throws {
        let server = try ServerProcess(["--limits", "off", "--test-clock", "--retention-days", "180"])
        let old = try Line(server)
        try old.hello(",\"now\":\"1600000000\"")
        _ = try old.message("a", "金丝雀玄武湖八月")
        let young = try Line(server)
        try young.hello()
        _ = try young.message("a", "你好")
        let keys = try server.keys()
        #expect(keys.count == 2)
        for key in keys { #expect(try server.filesHold(key)) }
        old.client.drop()
        #expect(try eventually { try server.metric("daoban_expired_total") == 1 })
        let list = try server.get("/v1/turns", headers: [("Authorization", "Bearer \(old.token)")])
        #expect(list.status == 401)
        #expect(
            try server.get("/v1/turns", headers: [("Authorization", "Bearer \(young.token)")]).status == 200)
        #expect(try !server.filesHold("金丝雀玄武湖"))
        let left = try server.keys()
        #expect(left.count == 1)
        for key in keys { #expect(try server.filesHold(key) == left.contains(key)) }
    }

    @Test func `PRI-10 a person's export is complete and only theirs, for programs and for people`() throws {
        let server = try ServerProcess()
        let line = try Line(server)
        try line.hello()
        _ = try line.message("a", "茌平医保电话")
        try line.send(#"{"type":"feedback","id":"f","of":2,"rating":"down","comment":"没说清"}"#)
        _ = try line.receive()
        let other = try Line(server)
        try other.hello()
        _ = try other.message("a", "别人的话")
        let json = try ServerProcess.run(
            ["export", "--store", server.store], environment: ["DAOBAN_TOKEN": line.token])
        #expect(json.status == 0, "\(json.errors)")
        let export = try JSONParser.parse(Array(json.output.utf8))
        #expect(export["answered_by"]?.string == "automatic")
        #expect(export["entries"]?.array?.compactMap { $0["kind"]?.string } == ["turn", "turn", "feedback"])
        #expect(json.output.contains("没说清") && !json.output.contains("别人的话"))
        #expect(json.errors.hasPrefix("notice export.made conversation="))
        let text = try ServerProcess.run(
            ["export", "--format", "text", "--store", server.store], environment: ["DAOBAN_TOKEN": line.token]
        )
        #expect(text.output.contains("我：茌平医保电话") && text.output.contains("自动回答"))
        let nobody = try ServerProcess.run(
            ["export", "--store", server.store], environment: ["DAOBAN_TOKEN": "nobody"])
        #expect(nobody.status == 1)
        #expect(nobody.output.isEmpty)
    }
}
