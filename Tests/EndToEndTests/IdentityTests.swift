import Foundation
import JSONText
import Testing
import Transport

/// Tokens in which a site says who the person is: what they open, and what opens nothing.
@Suite struct IdentityTests {
    private static let secret = "a secret of the site, long enough"

    private static func server(hasSecret: Bool = true) throws -> ServerProcess {
        guard hasSecret else { return try ServerProcess() }
        return try ServerProcess(secret: secret, for: "--identify-secret-file")
    }

    /// As base64url without padding (RFC 7515, section 2).
    private static func base64(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }

    private static func token(
        _ claims: String, header: String = #"{"alg":"HS256","typ":"JWT"}"#, secret: String = secret
    ) -> String {
        let signed = "\(base64(header.utf8)).\(base64(claims.utf8))"
        let signature = Digest.hmacSHA256(key: Array(secret.utf8), Array(signed.utf8))
        return "\(signed).\(base64(signature))"
    }

    private static let later = Int(Date().timeIntervalSince1970) + 600
    private static func token(of person: String) -> String {
        token("{\"sub\":\"\(person)\",\"exp\":\(later)}")
    }

    /// The answer to `hello` with these members besides.
    private func hello(_ server: ServerProcess, _ members: String) throws -> (JSONValue, Line) {
        let line = try Line(server)
        try line.send("{\"type\":\"hello\",\"protocol\":1\(members)}")
        return (try line.receive(), line)
    }

    @Test func `the signature is the one that others make`() {
        // Made with `openssl dgst -sha256 -hmac`.
        let claims = #"{"sub":"wang","exp":4102444800}"#
        #expect(
            Self.token(claims, secret: "0123456789abcdef0123456789abcdef").hasSuffix(
                ".RGiVOiRwQt3-P40kem-mZ_iDuGWNwyjTR4nbfbtt8IE"))
    }

    @Test func `a person goes on with their own conversation, and nobody else does`() throws {
        let server = try Self.server()
        let (welcome, line) = try hello(server, ",\"identity\":\"\(Self.token(of: "wang"))\"")
        let token = try #require(welcome["token"]?.string)
        _ = try line.message("a", "你好")
        let resume = ",\"token\":\"\(token)\",\"seq\":0"
        // Also after a restart: what it belongs to is in the key that finds it.
        try server.restart()
        let (own, _) = try hello(server, "\(resume),\"identity\":\"\(Self.token(of: "wang"))\"")
        #expect(own["resumed"]?.bool == true)
        for other in ["", ",\"identity\":\"\(Self.token(of: "li"))\""] {
            let (refusal, line) = try hello(server, resume + other)
            #expect(refusal["code"]?.string == "token")
            #expect(refusal["field"] == nil)
            #expect(try line.receiveToEnd().code == 4401)
        }
    }

    @Test func `STA-02 what is sent again over HTTP in a person's own conversation gets what is stored`()
        throws
    {
        let server = try Self.server()
        let identity = "\"identity\":\"\(Self.token(of: "wang"))\""
        func post(_ more: String) throws -> JSONValue {
            try JSONParser.parse(
                try server.get(
                    "/v1/turns", method: "POST", headers: [("Content-Type", "application/json")],
                    body: "{\(more)\(identity),\"id\":\"a\",\"text\":\"你好\"}"
                ).body)
        }
        let first = try post("")
        let token = try #require(first["token"]?.string)
        let again = try post("\"token\":\"\(token)\",")
        #expect(again["duplicate"]?.bool == true)
        #expect(again["seq"]?.integer == 2)
        #expect(again["replies"] == first["replies"])
    }

    @Test func `a conversation of nobody opens for nobody who says who they are`() throws {
        let server = try Self.server()
        let (welcome, _) = try hello(server, "")
        let token = try #require(welcome["token"]?.string)
        let (refusal, _) = try hello(
            server, ",\"token\":\"\(token)\",\"identity\":\"\(Self.token(of: "wang"))\"")
        #expect(refusal["code"]?.string == "token")
    }

    @Test func `what the site vouches for counts for more than what the page says`() throws {
        let server = try Self.server()
        let signed = Self.token("{\"sub\":\"wang\",\"exp\":\(Self.later),\"profile\":{\"home_city\":\"聊城\"}}")
        let (_, line) = try hello(server, ",\"identity\":\"\(signed)\",\"profile\":{\"home_city\":\"济南\"}")
        let answer = try line.message("a", "去北京长期住怎么备案")
        let text = (answer["replies"]?.array ?? []).compactMap { $0["text"]?.string }.joined()
        #expect(text.contains("聊城市的医保去北京市看病"), "\(text)")
        #expect(!text.contains("济南"), "\(text)")
    }

    @Test(arguments: [
        "x", "a.b", "a.b.c", "....",
        // Another secret.
        token("{\"sub\":\"wang\",\"exp\":\(later)}", secret: "another secret of another site, too"),
        // No signature, as `none` has it, and `none` signed.
        String(token("{\"sub\":\"wang\",\"exp\":\(later)}", header: #"{"alg":"none"}"#).prefix { $0 != "." })
            + "." + base64("{\"sub\":\"wang\",\"exp\":\(later)}".utf8) + ".",
        token("{\"sub\":\"wang\",\"exp\":\(later)}", header: #"{"alg":"none"}"#),
        token("{\"sub\":\"wang\",\"exp\":\(later)}", header: #"{"alg":"HS512"}"#),
        token("{\"sub\":\"wang\",\"exp\":\(later)}", header: #"{"alg":"RS256"}"#),
        token("{\"sub\":\"wang\",\"exp\":\(later)}", header: #"{"typ":"JWT"}"#),
        token("{\"sub\":\"wang\",\"exp\":\(later)}", header: #"{"alg":"HS256","crit":["b64"],"b64":false}"#),
        // The time is over, was never told, is no number, has not begun.
        token(#"{"sub":"wang","exp":1700000000}"#), token(#"{"sub":"wang"}"#),
        token(#"{"sub":"wang","exp":"4102444800"}"#),
        token("{\"sub\":\"wang\",\"exp\":\(later),\"nbf\":\(later - 60)}"),
        // Nobody, or twice somebody.
        token("{\"exp\":\(later)}"), token("{\"sub\":\"\",\"exp\":\(later)}"),
        token("{\"sub\":7,\"exp\":\(later)}"),
        token("{\"sub\":\"wang\",\"sub\":\"li\",\"exp\":\(later)}"), token("[]"),
        token("{\"sub\":\"wang\",\"exp\":\(later),\"profile\":[]}"),
        // One letter of the payload is another.
        token(of: "wang").replacingOccurrences(of: ".eyJzdWIiOiJ3", with: ".eyJzdWIiOiJ4"),
    ]) func `a token that is not right is refused and opens nothing`(token: String) throws {
        let server = try Self.server()
        let (refusal, line) = try hello(server, ",\"identity\":\"\(token)\"")
        #expect(refusal["type"]?.string == "error")
        #expect(refusal["code"]?.string == "token")
        #expect(refusal["field"]?.string == "identity")
        #expect(try line.receiveToEnd().code == 4401)
        #expect(try server.metric("daoban_conversations_total") == 0)
    }

    @Test func `a server without a secret takes no identity`() throws {
        let server = try Self.server(hasSecret: false)
        let (refusal, _) = try hello(server, ",\"identity\":\"\(Self.token(of: "wang"))\"")
        #expect(refusal["field"]?.string == "identity")
    }

    @Test func `plain HTTP and the checklist hold to it too`() throws {
        let server = try Self.server()
        let wang = Self.token(of: "wang"), li = Self.token(of: "li")
        func post(_ token: String?, _ identity: String?, id: String) throws -> JSONValue {
            let body =
                "{\"id\":\"\(id)\",\"text\":\"聊城的医保，去北京看病怎么备案\""
                + (token.map { ",\"token\":\"\($0)\"" } ?? "")
                + (identity.map { ",\"identity\":\"\($0)\"" } ?? "")
                + "}"
            return try JSONParser.parse(
                server.get(
                    "/v1/turns", method: "POST", headers: [("Content-Type", "application/json")], body: body
                ).body)
        }
        let token = try #require(try post(nil, wang, id: "a")["token"]?.string)
        #expect(try post(token, wang, id: "b")["seq"]?.integer == 3)
        #expect(try post(token, li, id: "c")["code"]?.string == "token")
        #expect(try post(token, nil, id: "d")["code"]?.string == "token")
        #expect(try post(token, "x", id: "e")["field"]?.string == "identity")
        func list(_ bearer: String) throws -> String {
            let headers = [(name: "Authorization", value: "Bearer \(bearer)")]
            return String(decoding: try server.get("/v1/turns?after=0", headers: headers).body, as: UTF8.self)
        }
        #expect(try list("\(token)~\(wang)").contains("\"seq\":3"))
        for other in [token, "\(token)~\(li)", "\(token)~x", "\(token)~"] {
            #expect(try list(other).contains("\"code\":\"token\""), "\(other)")
        }
        func sheet(_ identity: String) throws -> String {
            let answer = try server.get(
                "/chat/checklist", method: "POST",
                headers: [("Content-Type", "application/x-www-form-urlencoded")],
                body: "token=\(token)&turn=2&identity=\(identity)")
            return String(decoding: answer.body, as: UTF8.self)
        }
        #expect(try sheet(wang).contains("办事清单"))
        #expect(try !sheet(li).contains("办事清单"))
        #expect(try !sheet("").contains("办事清单"))
    }
}
