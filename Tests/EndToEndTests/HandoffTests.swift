import Foundation
import JSONText
import Testing
import Transport

/// A desk takes conversations over and gives them back.
@Suite struct HandoffTests {
    private static let secret = "a secret of the desk, long enough"

    private static func server(hasDesk: Bool = true) throws -> ServerProcess {
        guard hasDesk else { return try ServerProcess() }
        return try ServerProcess(secret: secret, for: "--desk-secret-file")
    }

    private func order(
        _ server: ServerProcess, _ token: String, _ members: String, secret: String = secret
    ) throws -> (status: Int, body: JSONValue) {
        let answer = try server.get(
            "/v1/handoff", method: "POST",
            headers: [("Content-Type", "application/json"), ("Authorization", "Bearer \(secret)")],
            body: "{\"token\":\"\(token)\",\(members)}")
        return (answer.status, try JSONParser.parse(answer.body))
    }

    private func texts(_ turn: JSONValue) -> [String] {
        (turn["replies"]?.array ?? []).compactMap { $0["text"]?.string }
    }

    @Test func `the assistant is mute for every connection until the conversation is given back`() throws {
        let server = try Self.server()
        let line = try Line(server)
        let token = try #require(try line.hello()["token"]?.string)
        #expect(try line.message("a", "聊城的医保，去北京看病怎么备案")["owner"] == nil)
        let taken = try order(server, token, ##""id":"d1","owner":"王老师","text":"您好，手机13912345678那位吗？""##)
        #expect(taken.status == 200)
        #expect(taken.body["owner"]?.string == "王老师")
        #expect(taken.body["user"] == nil)
        #expect(taken.body["seq"]?.integer == 3)
        #expect(texts(taken.body).contains { $0.hasPrefix("王老师：您好") && !$0.contains("13912345678") })
        let heard = try line.receive()
        #expect(heard["id"]?.string == "d1")
        #expect(heard["replies"] == taken.body["replies"])
        let mute = try line.message("b", "临时去")
        #expect(texts(mute).isEmpty)
        #expect(mute["owner"]?.string == "王老师")
        // What was answered holds after power was cut.
        try server.restart()
        let again = try order(server, token, ##""id":"d1","owner":"王老师","text":"您好，手机13912345678那位吗？""##)
        #expect(again.body["duplicate"]?.bool == true)
        #expect(again.body["replies"] == taken.body["replies"])
        let other = try order(server, token, ##""id":"d1","owner":"老赵""##)
        #expect(other.status == 409)
        let second = try Line(server)
        _ = try second.hello(",\"token\":\"\(token)\",\"seq\":4")
        #expect(try second.receive()["type"]?.string == "resumed")
        #expect(texts(try second.message("c", "喂")).isEmpty)
        let back = try order(server, token, ##""id":"d2","owner":null"##)
        #expect(back.body["owner"] == nil)
        #expect(texts(back.body).count == 2)
        #expect(try second.receive()["id"]?.string == "d2")
        let answer = try second.message("d", "临时去一趟")
        #expect(answer["owner"] == nil)
        #expect(!texts(answer).isEmpty)
    }

    @Test func `the secret and the token are both needed`() throws {
        let server = try Self.server()
        let line = try Line(server)
        let token = try #require(try line.hello()["token"]?.string)
        let members = ##""id":"d1","owner":"王老师""##
        #expect(try order(server, token, members, secret: Self.secret + "!").status == 401)
        #expect(try order(server, token, members, secret: "").status == 401)
        #expect(try order(server, "x", members).status == 401)
        #expect(try order(server, token, ##""id":"d1""##).status == 400)
        #expect(try server.get("/v1/handoff").status == 405)
        // The desk's secret opens nothing as a token, and a client cannot order what the desk can.
        #expect(
            try server.get("/v1/turns?after=0", headers: [("Authorization", "Bearer \(Self.secret)")]).status
                == 401)
        try line.send(##"{"type":"person","id":"p","owner":"王老师","text":""}"##)
        #expect(try line.receive()["code"]?.string == "unknown_type")
        #expect(try line.message("a", "你好")["owner"] == nil)
    }

    @Test func `the desk sees who waits, until it takes the conversation over or it is erased`() throws {
        let server = try Self.server()
        func waiting(_ query: String = "", secret: String = Self.secret) throws -> (Int, JSONValue) {
            let answer = try server.get(
                "/v1/handoffs\(query)", headers: [("Authorization", "Bearer \(secret)")])
            return (answer.status, try JSONParser.parse(answer.body))
        }
        #expect(try waiting().1["waiting"]?.array?.isEmpty == true)
        let first = try Line(server), second = try Line(server)
        let token = try #require(try first.hello()["token"]?.string)
        _ = try second.hello()
        _ = try first.message("a", "聊城的医保，去北京看病怎么备案")
        _ = try first.message("b", "转人工")
        _ = try second.message("a", "转人工")
        _ = try first.message("c", "转人工")
        let list = try waiting().1
        #expect(list["count"]?.integer == 2)
        let people = try #require(list["waiting"]?.array)
        #expect(people[0]["conversation"]?.string == Self.hexadecimalDigest(of: token))
        #expect(people[0]["task"]?["flow"]?.string == "remote_filing")
        #expect(people[0]["task"]?["title"]?.string == "异地就医备案")
        #expect(people[0]["seq"]?.integer == 4)
        #expect(people[0]["since"]?.string?.hasSuffix("Z") == true)
        #expect(people[1]["task"] == nil)
        #expect(try waiting("?limit=1").1["waiting"]?.array?.count == 1)
        #expect(try waiting("?limit=1").1["count"]?.integer == 2)
        #expect(try waiting("?limit=0").0 == 400)
        #expect(try waiting("?limit=1001").0 == 400)
        #expect(try waiting("?limit=x").0 == 400)
        #expect(try waiting(secret: "no").0 == 401)
        #expect(try server.get("/v1/handoffs", method: "POST", body: "").status == 405)
        let metrics = String(decoding: try server.get("/metrics").body, as: UTF8.self)
        #expect(metrics.contains("daoban_handoffs_waiting 2\n"))
        #expect(metrics.contains("daoban_handoffs_asked_total 3\n"))
        #expect(try order(server, token, ##""id":"d1","owner":"王老师""##).status == 200)
        #expect(try waiting().1["count"]?.integer == 1)
        try second.send(##"{"type":"forget","id":"f"}"##)
        #expect(try second.receive()["type"]?.string == "done")
        #expect(try waiting().1["count"]?.integer == 0)
    }

    @Test func `who waited when the server stopped is listed again, whoever had a person is not`() throws {
        let server = try Self.server()
        let first = try Line(server), second = try Line(server), third = try Line(server)
        let token = try #require(try first.hello()["token"]?.string)
        let served = try #require(try second.hello()["token"]?.string)
        _ = try third.hello()
        _ = try first.message("a", "聊城的医保，去北京看病怎么备案")
        _ = try first.message("b", "转人工")
        _ = try second.message("a", "转人工")
        _ = try third.message("a", "你好")
        #expect(try order(server, served, ##""id":"d1","owner":"王老师""##).status == 200)
        #expect(try order(server, served, ##""id":"d2","owner":null"##).status == 200)
        try server.restart()
        var list = JSONValue.null
        // It is made beside everything else, within moments.
        for _ in 0..<500 {
            let answer = try server.get(
                "/v1/handoffs", headers: [("Authorization", "Bearer \(Self.secret)")])
            list = try JSONParser.parse(answer.body)
            if list["count"]?.integer ?? 0 > 0 { break }
        }
        #expect(list["count"]?.integer == 1)
        let person = try #require(list["waiting"]?.array?.first)
        #expect(person["conversation"]?.string == Self.hexadecimalDigest(of: token))
        #expect(person["task"]?["flow"]?.string == "remote_filing")
        #expect(person["seq"]?.integer == 3)
        // The desk takes over whom it found there.
        #expect(try order(server, token, ##""id":"d1","owner":"王老师""##).status == 200)
        let left = try server.get("/v1/handoffs", headers: [("Authorization", "Bearer \(Self.secret)")])
        #expect(try JSONParser.parse(left.body)["count"]?.integer == 0)
    }

    private static func hexadecimalDigest(of token: String) -> String {
        Digest.sha256(Array(token.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count < 2 ? "0" + digits : digits
        }.joined()
    }

    @Test func `without a secret there is no desk`() throws {
        let server = try Self.server(hasDesk: false)
        #expect(try order(server, "x", ##""id":"d1","owner":"王老师""##).status == 404)
        #expect(try server.get("/v1/handoffs").status == 404)
    }
}
