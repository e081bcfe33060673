import Channels
import JSONText
import Testing

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

@Suite struct EngineSessionTests {
    private let limits = EngineSession.Limits(packets: 4, queued: 40)

    private func polling() -> EngineSession { EngineSession(isSocket: false, limits: limits, now: 0) }

    // MARK: Packets

    @Test func `the opening names the session and its times`() {
        let opening = EngineSession.opening("abc", upgrades: ["websocket"], .init())
        #expect(
            String(decoding: opening, as: UTF8.self)
                == #"0{"sid":"abc","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":65536}"#
        )
    }

    @Test func `several packets of one request are parted by a record separator`() {
        let packets = EnginePacket.packets(in: bytes("40\u{1E}42[\"a\"]\u{1E}3"), atMost: 3)
        #expect(
            packets == [
                EnginePacket(.message, bytes("0")), EnginePacket(.message, bytes("2[\"a\"]")),
                EnginePacket(.pong),
            ])
        #expect(packets.map(EnginePacket.payload) == bytes("40\u{1E}42[\"a\"]\u{1E}3"))
    }

    @Test(arguments: ["", "x", "bAAAA", "7", "40\u{1E}", "\u{1E}40", "3\u{1E}3\u{1E}3\u{1E}3"])
    func `what is no list of packets, or too long a one, is refused`(payload: String) {
        #expect(EnginePacket.packets(in: bytes(payload), atMost: 3) == nil)
    }

    @Test func `refusals are in Engine IO's own numbers`() {
        #expect(
            EngineRefusal.allCases.map { String(decoding: $0.body, as: UTF8.self) } == [
                #"{"code":0,"message":"Transport unknown"}"#, #"{"code":1,"message":"Session ID unknown"}"#,
                #"{"code":2,"message":"Bad handshake method"}"#, #"{"code":3,"message":"Bad request"}"#,
                #"{"code":5,"message":"Unsupported protocol version"}"#,
            ])
    }

    // MARK: Polling

    @Test func `a poll waits for the next message, and what came in between goes out together`() {
        var engine = polling()
        #expect(engine.polled() == [])
        #expect(engine.send(bytes("0")) == [.answer(bytes("40"))])
        #expect(engine.send(bytes("a")) == [])
        #expect(engine.send(bytes("b")) == [])
        #expect(engine.polled() == [.answer(bytes("4a\u{1E}4b"))])
        #expect(engine.polled() == [])
    }

    @Test func `an answer has no more packets than client libraries take`() {
        var engine = EngineSession(isSocket: false, limits: .init(), now: 0)
        for _ in 0..<20 { #expect(engine.send(bytes("a")) == []) }
        let four = bytes("4a\u{1E}4a\u{1E}4a\u{1E}4a")
        #expect(engine.polled() == [.answer((four + [0x1E] + four + [0x1E] + four + [0x1E] + four))])
        #expect(engine.polled() == [.answer(four)])
        #expect(engine.polled() == [])
    }

    @Test func `messages of a request are taken in order`() {
        var engine = polling()
        #expect(engine.posted(bytes("40\u{1E}4x")) == [.take(bytes("0")), .take(bytes("x"))])
        #expect(engine.posted(bytes("41\u{1E}1\u{1E}4y")) == [.take(bytes("1")), .end(.left)])
        #expect(engine.posted(bytes("4z")) == nil)
        #expect(engine.polled() == nil)
    }

    @Test func `two polls at once end the session`() {
        var engine = polling()
        #expect(engine.polled() == [])
        #expect(engine.polled() == [.answer(bytes("1")), .end(.overlap)])
        #expect(engine.polled() == nil)
    }

    @Test func `a poll whose client has gone does not take the next message`() {
        var engine = polling()
        #expect(engine.polled() == [])
        engine.pollLeft()
        #expect(engine.send(bytes("a")) == [])
        #expect(engine.polled() == [.answer(bytes("4a"))])
    }

    @Test func `whoever takes nothing is let go`() {
        var engine = polling()
        #expect(engine.send([UInt8](repeating: 0x61, count: 30)) == [])
        #expect(engine.send([UInt8](repeating: 0x61, count: 30)) == [.end(.tooSlow)])
        #expect(engine.send(bytes("a")) == [])
    }

    // MARK: Pings

    @Test func `a ping is due every interval and its pong within the timeout`() {
        var engine = EngineSession(isSocket: true, limits: limits, now: 0)
        #expect(engine.tick(now: 24_999) == [])
        #expect(engine.tick(now: 25_000) == [.write(bytes("2"))])
        #expect(engine.tick(now: 25_001) == [])
        #expect(engine.heard(bytes("3")) == [])
        #expect(engine.tick(now: 50_000) == [.write(bytes("2"))])
        #expect(engine.tick(now: 69_999) == [])
        #expect(engine.tick(now: 70_000) == [.end(.silent)])
        #expect(engine.tick(now: 100_000) == [])
    }

    @Test func `a poll is answered by the ping at the latest`() {
        var engine = polling()
        #expect(engine.polled() == [])
        #expect(engine.tick(now: 25_000) == [.answer(bytes("2"))])
        #expect(engine.posted(bytes("3")) == [])
        #expect(engine.tick(now: 45_001) == [])
    }

    // MARK: The upgrade

    @Test func `polling moves to a WebSocket and nothing is lost on the way`() {
        var engine = polling()
        #expect(engine.polled() == [])
        #expect(engine.heard(bytes("2probe")) == [.write(bytes("3probe")), .answer(bytes("6"))])
        #expect(engine.send(bytes("a")) == [])
        #expect(engine.polled() == [.answer(bytes("4a"))])
        #expect(engine.polled() == [.answer(bytes("6"))])
        #expect(engine.send(bytes("b")) == [])
        #expect(engine.heard(bytes("5")) == [.write(bytes("4b"))])
        #expect(engine.send(bytes("c")) == [.write(bytes("4c"))])
        #expect(engine.heard(bytes("4d")) == [.take(bytes("d"))])
        #expect(engine.polled() == nil)
        #expect(engine.posted(bytes("4e")) == nil)
        #expect(engine.socketLeft() == [.end(.left)])
    }

    @Test func `a probe that fails leaves the session with polling`() {
        var engine = polling()
        #expect(engine.heard(bytes("2probe")) == [.write(bytes("3probe"))])
        #expect(engine.socketLeft() == [])
        #expect(engine.polled() == [])
        #expect(engine.send(bytes("a")) == [.answer(bytes("4a"))])
    }

    @Test(arguments: ["4a", "5", "2", "", "x"]) func `nothing but a probe comes before the upgrade`(
        text: String
    ) {
        var engine = polling()
        #expect(engine.heard(bytes(text)) == [.end(.nonsense)])
    }

    // MARK: Anything at all

    @Test func `any octets leave it standing`() {
        var random = SystemRandomNumberGenerator()
        let octets: [UInt8] = [0x1E, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x5B, 0xFF]
        for _ in 0..<2000 {
            var engine = EngineSession(isSocket: .random(using: &random), limits: limits, now: 0)
            for step in 0..<6 {
                var noise: [UInt8] = []
                for _ in 0..<Int.random(in: 0...6, using: &random) {
                    noise.append(octets[Int.random(in: 0..<octets.count, using: &random)])
                }
                switch Int.random(in: 0..<5, using: &random) {
                case 0: _ = engine.polled()
                case 1: _ = engine.posted(noise)
                case 2: _ = engine.heard(noise)
                case 3: _ = engine.send(noise)
                default: _ = engine.tick(now: step * 10_000)
                }
                _ = SocketPacket(noise)
            }
        }
    }
}
