import Foundation
import GRDB
import JSONText
import Testing
import Transport

@Suite struct ConversationTests {
    @Test func `a conversation begins with an opening and each message gets one turn`() throws {
        let server = try ServerProcess()
        let line = try Line(server)
        let welcome = try line.hello()
        #expect(welcome["type"]?.string == "welcome")
        #expect(welcome["seq"]?.integer == 1)
        #expect(welcome["resumed"]?.bool == false)
        #expect(welcome["replies"]?.array?.isEmpty == false)
        let turn = try line.message("a", "聊城的医保，去北京看病怎么备案")
        #expect(turn["seq"]?.integer == 2)
        #expect(turn["id"]?.string == "a")
        try line.send(#"{"type":"choose","id":"b","of":2,"choice":"stay_type=long_term"}"#)
        let chosen = try line.receive()
        #expect(chosen["seq"]?.integer == 3)
        #expect(chosen["replies"]?.array?.contains { $0["kind"]?.string == "sources" } == true)
    }

    @Test func `the same id again gets the stored answer, and another content a conflict`() throws {
        let server = try ServerProcess()
        let line = try Line(server)
        try line.hello()
        let frame = #"{"type":"message","id":"a","text":"茌平医保电话"}"#
        try line.send(frame)
        let first = try line.receiveBytes()
        try line.send(frame)
        let again = try line.receiveBytes()
        let expected = String(decoding: first, as: UTF8.self).replacingOccurrences(
            of: "\"duplicate\":false", with: "\"duplicate\":true")
        #expect(String(decoding: again, as: UTF8.self) == expected)
        #expect(try line.message("a", "别的话")["code"]?.string == "id_conflict")
        try server.restart()
        let resumed = try Line(server)
        try resumed.hello(",\"token\":\"\(line.token)\",\"seq\":2")
        _ = try resumed.receive()
        try resumed.send(frame)
        #expect(String(decoding: try resumed.receiveBytes(), as: UTF8.self) == expected)
    }

    @Test(arguments: [
        ("{", "bad_json"), ("[1]", "bad_json"), (#"{"type":"ping","type":"ping","id":"x"}"#, "bad_json"),
        (#"{"type":"dance","id":"x"}"#, "unknown_type"), (#"{"type":"message","id":"x"}"#, "bad_field"),
        (#"{"type":"message","id":"","text":"好"}"#, "bad_field"),
        (#"{"type":"hello","protocol":1}"#, "protocol_state"),
        (#"{"type":"choose","id":"x","of":1,"choice":"nothing=1"}"#, "unknown_choice"),
        (#"{"type":"feedback","id":"x","of":99,"rating":"up"}"#, "bad_field"),
    ]) func `a wrong frame gets its error and the conversation goes on`(frame: String, code: String) throws {
        let server = try ServerProcess()
        let line = try Line(server)
        try line.hello()
        try line.send(frame)
        #expect(try line.receive()["code"]?.string == code)
        #expect(try line.message("after", "你好")["seq"]?.integer == 2)
    }

    @Test func `another protocol is refused and may be tried again`() throws {
        let server = try ServerProcess()
        let line = try Line(server)
        try line.send(#"{"type":"hello","protocol":2}"#)
        let refusal = try line.receive()
        #expect(refusal["code"]?.string == "protocol_version")
        #expect(refusal["supported"]?.array?.first?.integer == 1)
        #expect(try line.hello()["type"]?.string == "welcome")
    }

    @Test func `feedback and ping take no turn`() throws {
        let server = try ServerProcess()
        let line = try Line(server)
        try line.hello()
        try line.send(#"{"type":"feedback","id":"f","of":1,"rating":"up","comment":"好"}"#)
        #expect(try line.receive()["type"]?.string == "done")
        try line.send(#"{"type":"ping","id":"p"}"#)
        #expect(try line.receive()["type"]?.string == "pong")
        #expect(try line.message("m", "你好")["seq"]?.integer == 2)
    }

    @Test func `several connections of one conversation get every turn in order`() throws {
        let server = try ServerProcess()
        let first = try Line(server)
        try first.hello()
        _ = try first.message("a", "你好")
        let second = try Line(server)
        let welcome = try second.hello(",\"token\":\"\(first.token)\",\"epoch\":\"\(first.epoch)\",\"seq\":1")
        #expect(welcome["resumed"]?.bool == true)
        #expect(try second.receive()["seq"]?.integer == 2)
        #expect(try second.receive()["type"]?.string == "resumed")
        for number in 3...6 {
            let sent = try first.message("m\(number)", "谢谢")
            #expect(sent["seq"]?.integer == number)
            #expect(try second.receive() == sent)
        }
    }

    @Test(arguments: [("\"epoch\":\"other\",\"seq\":1", "epoch"), ("\"seq\":9", "seq")])
    func `a client from elsewhere is told why it does not go on`(place: String, reason: String) throws {
        let server = try ServerProcess()
        let first = try Line(server)
        try first.hello()
        let second = try Line(server)
        let welcome = try second.hello(",\"token\":\"\(first.token)\",\(place)")
        #expect(welcome["resumed"]?.bool == false)
        #expect(welcome["reason"]?.string == reason)
        #expect(try second.receive()["seq"]?.integer == 1)
        #expect(try second.receive()["type"]?.string == "resumed")
    }

    @Test func `an unknown token closes with 4401`() throws {
        let server = try ServerProcess()
        let line = try Line(server)
        #expect(try line.hello(",\"token\":\"nobody\"")["code"]?.string == "token")
        #expect(try line.closeCode() == 4401)
    }

    @Test func `what was forgotten is in no file and its token opens nothing`() throws {
        let server = try ServerProcess()
        let line = try Line(server)
        try line.hello()
        _ = try line.message("a", "金丝雀玄武湖八月")
        let other = try Line(server)
        try other.hello()
        let keys = try server.keys()
        #expect(keys.count == 2)
        for key in keys { #expect(try server.filesHold(key)) }
        try line.send(#"{"type":"forget","id":"g"}"#)
        #expect(try line.receive()["type"]?.string == "done")
        #expect(try line.closeCode() == 1000)
        #expect(try !server.filesHold("金丝雀玄武湖"))
        let left = try server.keys()
        #expect(left.count == 1)
        for key in keys { #expect(try server.filesHold(key) == left.contains(key)) }
        #expect(try Line(server).hello(",\"token\":\"\(line.token)\"")["code"]?.string == "token")
    }

    @Test func `personal numbers reach neither the answer nor a file`() throws {
        let server = try ServerProcess()
        let line = try Line(server)
        try line.hello()
        let turn = try line.message("a", "我的身份证是11010519491231002X，手机１３８ 1234 5678")
        let text = try #require(turn["user"]?["text"]?.string)
        #expect(text.contains("110105********002X"))
        #expect(!text.contains("1234"))
        #expect(turn["replies"]?.array?.contains { $0["text"]?.string?.contains("遮住") == true } == true)
        for secret in ["19491231002", "1234 5678"] { #expect(try !server.filesHold(secret)) }
    }

    @Test func `STO-01 nothing answered is lost or doubled when the power is cut`() throws {
        let wanted = ProcessInfo.processInfo.environment["DAOBAN_KILLS"].flatMap { Int($0) }
        let server = try ServerProcess()
        var sum = Cut()
        for _ in 0..<(wanted ?? 2) {
            let cut = try cutPower(server)
            sum.answered += cut.answered
            sum.lost += cut.lost
            sum.doubled += cut.doubled
        }
        #expect(sum.lost == 0 && sum.doubled == 0)
        if let wanted {
            print("kills: \(wanted), answered \(sum.answered), lost \(sum.lost), doubled \(sum.doubled)")
        }
    }

    /// What was answered before a kill, and of that what was not there afterwards or was there twice.
    private struct Cut {
        var answered = 0
        var lost = 0
        var doubled = 0
    }

    /// Twenty conversations talk until the server is killed; then each is resumed.
    private func cutPower(_ server: ServerProcess) throws -> Cut {
        var cut = Cut()
        let talks = Talks()
        let group = DispatchGroup()
        for number in 0..<20 {
            let line = try Line(server)
            try line.hello()
            talks.begin(number, line.token)
            DispatchQueue.global().async(group: group) {
                let words = ["异地备案怎么办", "聊城", "去北京", "临时", "没有", "取消"]
                var count = 0
                while let frame = try? { () throws -> [UInt8] in
                    count += 1
                    try line.send(
                        "{\"type\":\"message\",\"id\":\"k\(count)\",\"text\":\"\(words[count % words.count])\"}"
                    )
                    return try line.receiveBytes()
                }() { talks.answered(number, frame) }
            }
        }
        // Killed once it is well under way, in the middle of whatever it is doing.
        while talks.total < 400 { usleep(2000) }
        server.crash()
        group.wait()
        try server.start()
        for (token, answers) in talks.all {
            let line = try Line(server)
            let welcome = try line.hello(",\"token\":\"\(token)\",\"seq\":\(max(0, answers.count - 200))")
            #expect(welcome["type"]?.string == "welcome")
            var stored: [[UInt8]] = []
            while true {
                let bytes = try line.receiveBytes()
                if bytes.starts(with: Array("{\"type\":\"resumed\"".utf8)) { break }
                stored.append(bytes)
            }
            let kept = Set(stored)
            cut.answered += answers.count
            cut.doubled += stored.count - kept.count
            cut.lost += answers.suffix(190).count { !kept.contains($0) }
            #expect(try line.message("k\(answers.count + 1)", "你好")["type"]?.string != nil)
        }
        return cut
    }
}

/// What the clients of a cut were answered.
private final class Talks: @unchecked Sendable {
    // Sendable: every access holds the lock.
    private var tokens: [Int: String] = [:]
    private var frames: [Int: [[UInt8]]] = [:]
    private let lock = NSLock()

    func begin(_ number: Int, _ token: String) { lock.withLock { tokens[number] = token } }
    func answered(_ number: Int, _ frame: [UInt8]) {
        lock.withLock { frames[number, default: []].append(frame) }
    }
    var total: Int { lock.withLock { frames.values.reduce(0) { $0 + $1.count } } }
    var all: [(String, [[UInt8]])] {
        lock.withLock {
            tokens.keys.sorted().compactMap { number in tokens[number].map { ($0, frames[number] ?? []) } }
        }
    }
}

extension ServerProcess {
    func restart() throws {
        crash()
        try start()
    }

    /// Whether a text stands in any file of the store. What was said stands there sealed: see `keys`.
    func filesHold(_ text: String) throws -> Bool { try filesHold(Data(text.utf8)) }

    func filesHold(_ bytes: Data) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: folder).contains { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)")?.range(of: bytes) != nil
        }
    }

    /// The keys with which the conversations are sealed that are not erased, as they stand in the files. Without its key nothing of a
    /// conversation can be read.
    func keys() throws -> Set<Data> {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        let database = try DatabaseQueue(path: store, configuration: configuration)
        defer { try? database.close() }
        let keys = try database.read { try Data.fetchAll($0, sql: "SELECT key FROM keys") }
        return Set(keys.filter { $0.contains { $0 != 0 } })
    }
}
