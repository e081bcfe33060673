import ArgumentParser
import Assistant
import Channels
import Conversation
import JSONText
import Transcripts
import Transport

/// The other end of a scripted conversation over the wire: the same scripts, the same results.
enum RemotePlayer {
    /// `secret`: the desk's, for scripts in which a person takes over.
    static func play(_ scripts: [Script], at url: String, secret: [UInt8]?) throws -> [ScriptResult] {
        guard var address = ClientAddress(url) else {
            throw failure("`\(url)` is no address; give ws://HOST:PORT or http://HOST:PORT", code: 2)
        }
        // A server that is not there is no failure of a script.
        var probe = address
        probe.path = "/livez"
        do { _ = try HTTPClient.request("GET", probe) } catch  where error.code == .connectFailed {
            throw failure("\(error.description); start one, or name another with --url")
        } catch {}
        if address.scheme == "http" {
            address.path = "/v1/turns"
            return scripts.map { script in
                var driver = HTTPDriver(address, desk: RemoteDesk(address, secret))
                return ScriptPlayer.play(script, with: &driver)
            }
        }
        if address.path == "/" { address.path = "/v1/chat" }
        return scripts.map { script in
            var driver = WebSocketDriver(address, desk: RemoteDesk(address, secret))
            return ScriptPlayer.play(script, with: &driver)
        }
    }
}

/// A refusal by the server, as a script's failure tells it.
struct RemoteError: Error, CustomStringConvertible {
    var description: String
}

/// The desk of a server.
struct RemoteDesk {
    private var address: ClientAddress
    private let secret: [UInt8]?
    private var count = 0

    init(_ address: ClientAddress, _ secret: [UInt8]?) {
        self.address = address
        self.address.path = "/v1/handoff"
        self.secret = secret
    }

    /// Takes the conversation of the token over, or gives it back (`owner` nil); the turn.
    mutating func handOff(
        _ token: String, to owner: String?, saying text: String, at time: Moment
    ) throws -> JSONValue {
        guard let secret else {
            throw RemoteError(description: "a person takes over: give --desk-secret-file, as to the server")
        }
        count += 1
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.key("token")
        json.string(token)
        json.key("id")
        json.string("desk-\(count)")
        json.key("owner")
        if let owner { json.string(owner) } else { json.null() }
        json.key("text")
        json.string(text)
        json.key("trace")
        json.bool(true)
        json.key("now")
        json.string("\(time.seconds)")
        json.endObject()
        let answer = try HTTPClient.request(
            "POST", address,
            headers: [
                ("Content-Type", "application/json"),
                ("Authorization", "Bearer \(String(decoding: secret, as: UTF8.self))"),
            ], body: Array(json.body))
        let frame = try JSONParser.parse(answer.body)
        guard answer.status == 200 else {
            throw RemoteError(
                description: "the server answered \(answer.status) \(frame["code"]?.string ?? "")")
        }
        return frame
    }
}

struct WebSocketDriver: ConversationDriver {
    let hidesOpening = false
    private let address: ClientAddress
    private var client: WebSocketClient?
    private var token = ""
    private var epoch = ""
    private var seq = 0
    private var count = 0
    private var time = Moment(seconds: 0)
    private var desk: RemoteDesk

    init(_ address: ClientAddress, desk: RemoteDesk) {
        self.address = address
        self.desk = desk
    }

    mutating func open(at time: Moment, profile: [(name: String, value: String)]) throws -> Observation {
        self.time = time
        var json = hello()
        json.profile(profile)
        json.endObject()
        let welcome = try connect(json)
        token = welcome["token"]?.string ?? ""
        epoch = welcome["epoch"]?.string ?? ""
        seq = welcome["seq"]?.integer ?? 0
        return Observation(turn: seq, replies: ReplyCoding.read(welcome["replies"]))
    }

    mutating func say(_ text: String, at time: Moment) throws -> Observation {
        try turn { json in
            json.key("text")
            json.string(text)
        } type: {
            "message"
        }
    }

    mutating func choose(_ id: String, of turn: Int, at time: Moment) throws -> Observation {
        try self.turn { json in
            json.key("of")
            json.integer(turn)
            json.key("choice")
            json.string(id)
        } type: {
            "choose"
        }
    }

    mutating func pass(to time: Moment) throws {
        self.time = time
        try reconnect()
    }

    /// The desk is answered over HTTP; this connection is sent the turn like every other, without its trace.
    mutating func handOff(to owner: String?, saying text: String, at time: Moment) throws -> Observation {
        let answer = try desk.handOff(token, to: owner, saying: text, at: time)
        let frame = try receive()
        guard frame["id"] == answer["id"], frame["seq"] == answer["seq"],
            frame["replies"] == answer["replies"], frame["owner"] == answer["owner"]
        else { throw refusal(frame) }
        seq = frame["seq"]?.integer ?? seq
        return Observation(answer)
    }

    mutating func reconnect() throws {
        client?.drop()
        var json = hello()
        json.key("token")
        json.string(token)
        json.key("epoch")
        json.string(epoch)
        json.key("seq")
        json.integer(seq)
        json.endObject()
        let welcome = try connect(json)
        guard welcome["resumed"]?.bool == true else {
            throw RemoteError(description: "the conversation was not resumed")
        }
        let end = try receive()
        guard end["type"]?.string == "resumed" else {
            throw RemoteError(description: "something was sent twice after a resume")
        }
    }

    private func hello() -> JSONWriter {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.key("type")
        json.string("hello")
        json.key("protocol")
        json.integer(1)
        json.key("trace")
        json.bool(true)
        json.key("now")
        json.string("\(time.seconds)")
        return json
    }

    private mutating func connect(_ hello: JSONWriter) throws -> JSONValue {
        let client = try WebSocketClient(address)
        self.client = client
        try client.send(hello.body)
        let welcome = try receive()
        guard welcome["type"]?.string == "welcome" else { throw refusal(welcome) }
        return welcome
    }

    private mutating func turn(_ fields: (inout JSONWriter) -> Void, type: () -> String) throws -> Observation
    {
        count += 1
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.key("type")
        json.string(type())
        json.key("id")
        json.string("s\(count)")
        fields(&json)
        json.endObject()
        try client?.send(json.body)
        let frame = try receive()
        guard frame["type"]?.string == "turn" else { throw refusal(frame) }
        seq = frame["seq"]?.integer ?? seq
        return Observation(frame)
    }

    private func receive() throws -> JSONValue {
        guard let client else { throw RemoteError(description: "there is no connection") }
        switch try client.receive() {
        case .text(let bytes): return try JSONParser.parse(bytes)
        case .closed(let code): throw RemoteError(description: "the server closed with \(code)")
        }
    }

    private func refusal(_ frame: JSONValue) -> RemoteError {
        RemoteError(
            description:
                "the server answered \(frame["code"]?.string ?? ""): \(frame["message"]?.string ?? "")")
    }
}

struct HTTPDriver: ConversationDriver {
    let hidesOpening = true
    private let address: ClientAddress
    private var token: String?
    private var profile: [(name: String, value: String)] = []
    private var count = 0
    private var desk: RemoteDesk

    init(_ address: ClientAddress, desk: RemoteDesk) {
        self.address = address
        self.desk = desk
    }

    /// Over HTTP a conversation begins with its first turn, so that there is no opening to look at.
    mutating func open(at time: Moment, profile: [(name: String, value: String)]) throws -> Observation {
        self.profile = profile
        return Observation(turn: 1, replies: [])
    }

    mutating func say(_ text: String, at time: Moment) throws -> Observation {
        try turn(at: time) { json in
            json.key("text")
            json.string(text)
        }
    }

    mutating func choose(_ id: String, of turn: Int, at time: Moment) throws -> Observation {
        try self.turn(at: time) { json in
            json.key("of")
            json.integer(turn)
            json.key("choice")
            json.string(id)
        }
    }

    mutating func reconnect() {}
    mutating func pass(to time: Moment) {}

    mutating func handOff(to owner: String?, saying text: String, at time: Moment) throws -> Observation {
        Observation(try desk.handOff(token ?? "", to: owner, saying: text, at: time))
    }

    private mutating func turn(at time: Moment, _ fields: (inout JSONWriter) -> Void) throws -> Observation {
        count += 1
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        if let token {
            json.key("token")
            json.string(token)
        } else {
            json.profile(profile)
        }
        json.key("id")
        json.string("s\(count)")
        json.key("trace")
        json.bool(true)
        json.key("now")
        json.string("\(time.seconds)")
        fields(&json)
        json.endObject()
        let answer = try HTTPClient.request(
            "POST", address, headers: [("Content-Type", "application/json")], body: Array(json.body))
        let frame = try JSONParser.parse(answer.body)
        guard answer.status == 200 else {
            throw RemoteError(
                description: "the server answered \(answer.status) \(frame["code"]?.string ?? "")")
        }
        token = frame["token"]?.string ?? token
        return Observation(frame)
    }
}

extension JSONWriter {
    /// What the client knows of the person; nothing when that is nothing.
    fileprivate mutating func profile(_ profile: [(name: String, value: String)]) {
        if profile.isEmpty { return }
        key("profile")
        beginObject()
        for (name, value) in profile {
            key(name)
            string(value)
        }
        endObject()
    }
}

extension Observation {
    /// What is seen of a turn over the wire; all but the replies comes from the trace.
    init(_ frame: JSONValue) {
        let trace = frame["trace"]
        func texts(_ name: String) -> [String] { (trace?[name]?.array ?? []).compactMap(\.string) }
        let slots = (trace?["slots"]?.members ?? []).map { member in
            (
                name: member.name, value: member.value["value"]?.string ?? "",
                text: member.value["text"]?.string ?? ""
            )
        }
        self.init(
            turn: frame["seq"]?.integer ?? 0, replies: ReplyCoding.read(frame["replies"]),
            intent: trace?["intent"]?.string,
            slots: slots, stack: texts("stack"), said: texts("said"), started: texts("started"),
            completed: texts("completed"), cancelled: texts("cancelled"), facts: texts("facts"),
            owner: frame["owner"]?.string)
    }
}

/// A conversation with a server, in the terminal.
enum RemoteChat {
    static func run(_ url: String, secret: [UInt8]?) throws {
        guard var address = ClientAddress(url), address.scheme == "ws" else {
            throw failure("`\(url)` is no address; give ws://HOST:PORT/v1/chat", code: 2)
        }
        if address.path == "/" { address.path = "/v1/chat" }
        do {
            var driver = WebSocketDriver(address, desk: RemoteDesk(address, secret))
            show(try driver.open(at: .now, profile: []))
            while let line = Terminal.ask() {
                show(
                    try DeskWord(line).map { try driver.handOff(to: $0.owner, saying: $0.text, at: .now) }
                        ?? driver.say(line, at: .now))
            }
        } catch { throw failure("\(error)") }
    }

    private static func show(_ observation: Observation) {
        for reply in observation.replies { print(reply.text) }
    }
}
