import JSONText

/// One session of Engine.IO, protocol 4, without any input or output of its own: what comes goes in, what has to be done
/// comes out. It begins with polling and may be upgraded to a WebSocket, or is a WebSocket from the start.
///
/// While it is upgraded the client still polls: it leaves off when a poll is answered after its probe was, and then says
/// that it has moved. What waits goes out on whichever way is open.
package struct EngineSession: Sendable {
    package struct Limits: Equatable, Sendable {
        /// Milliseconds between two pings, and within which a ping has to be answered.
        package var pingInterval: Int
        package var pingTimeout: Int
        /// Bytes of a request.
        package var payload: Int
        /// Packets of a request.
        package var packets: Int
        /// Bytes that may wait for a client that does not take them.
        package var queued: Int

        package init(
            pingInterval: Int = 25_000, pingTimeout: Int = 20_000, payload: Int = 65_536, packets: Int = 64,
            queued: Int = 262_144
        ) {
            self.pingInterval = pingInterval
            self.pingTimeout = pingTimeout
            self.payload = payload
            self.packets = packets
            self.queued = queued
        }
    }

    package enum Action: Equatable, Sendable {
        /// The poll that waits is answered with it.
        case answer([UInt8])
        /// It goes out on the WebSocket.
        case write([UInt8])
        /// A message of the client for whoever is above.
        case take([UInt8])
        /// Nothing more comes or goes.
        case end(Ending)
    }

    package enum Ending: String, Equatable, Sendable {
        case left
        case silent
        case tooSlow = "too slow"
        case overlap
        case nonsense
    }

    private enum Way { case polling, probing, socket, ended }

    private let limits: Limits
    private var way: Way
    private var isPolled = false
    private var queue: [EnginePacket] = []
    private var queuedBytes = 0
    private var pingDue: Int
    private var pongDue: Int?

    package init(isSocket: Bool, limits: Limits, now: Int) {
        way = isSocket ? .socket : .polling
        self.limits = limits
        pingDue = now + limits.pingInterval
    }

    package var isPolling: Bool { way == .polling || way == .probing }

    /// The first packet of a session.
    package static func opening(_ sid: String, upgrades: [String], _ limits: Limits) -> [UInt8] {
        var json = JSONWriter(capacity: 128)
        json.beginObject()
        json.key("sid")
        json.string(sid)
        json.key("upgrades")
        json.beginArray()
        for name in upgrades { json.string(name) }
        json.endArray()
        json.key("pingInterval")
        json.integer(limits.pingInterval)
        json.key("pingTimeout")
        json.integer(limits.pingTimeout)
        json.key("maxPayload")
        json.integer(limits.payload)
        json.endObject()
        return EnginePacket(.open, json.bytes).bytes
    }

    // MARK: Polling

    /// The client polls. Nil when that has no place here.
    package mutating func polled() -> [Action]? {
        guard isPolling else { return nil }
        // Two at once would share the packets among them (Engine.IO protocol, "HTTP long-polling").
        if isPolled { return end(.overlap) }
        if !queue.isEmpty { return [.answer(drain())] }
        if way == .probing { return [.answer(EnginePacket(.noop).bytes)] }
        isPolled = true
        return []
    }

    /// The poll that waited was given up by the client.
    package mutating func pollLeft() { isPolled = false }

    /// A request with packets. Nil when it is none, or has no place here; then the session is of no more use.
    package mutating func posted(_ payload: [UInt8]) -> [Action]? {
        guard isPolling, let packets = EnginePacket.packets(in: payload, atMost: limits.packets) else {
            return nil
        }
        return packets.flatMap { received($0) }
    }

    // MARK: WebSocket

    /// A text on the session's WebSocket, or on the one that is to become it.
    package mutating func heard(_ bytes: [UInt8]) -> [Action] {
        guard let packet = EnginePacket(bytes) else { return end(.nonsense) }
        switch (way, packet.kind) {
        case (.polling, .ping) where packet.body == Array("probe".utf8):
            way = .probing
            return [.write(EnginePacket(.pong, packet.body).bytes)] + release()
        case (.probing, .upgrade):
            way = .socket
            defer {
                queue = []
                queuedBytes = 0
            }
            return release() + queue.map { .write($0.bytes) }
        case (.socket, _): return received(packet)
        case (.polling, _), (.probing, _): return end(.nonsense)
        case (.ended, _): return []
        }
    }

    /// The WebSocket is gone: with it the session, unless it had not moved there yet.
    package mutating func socketLeft() -> [Action] {
        if way == .probing { way = .polling }
        return way == .socket ? end(.left) : []
    }

    // MARK: Both

    /// Sends a message.
    package mutating func send(_ body: [UInt8]) -> [Action] { send(EnginePacket(.message, body)) }

    /// Time goes by: pings, and gives up who does not answer them.
    package mutating func tick(now: Int) -> [Action] {
        if way == .ended { return [] }
        if let pongDue, now >= pongDue { return end(.silent) }
        guard pongDue == nil, now >= pingDue else { return [] }
        pingDue = now + limits.pingInterval
        pongDue = now + limits.pingTimeout
        return send(EnginePacket(.ping))
    }

    private mutating func received(_ packet: EnginePacket) -> [Action] {
        switch packet.kind {
        case .message: return way == .ended ? [] : [.take(packet.body)]
        case .pong: pongDue = nil
        case .close: return end(.left)
        case .ping: return send(EnginePacket(.pong, packet.body))
        case .open, .upgrade, .noop: break
        }
        return []
    }

    private mutating func send(_ packet: EnginePacket) -> [Action] {
        switch way {
        case .ended: return []
        case .socket: return [.write(packet.bytes)]
        case .polling, .probing:
            queue.append(packet)
            queuedBytes += packet.body.count + 2
            if queuedBytes > limits.queued { return end(.tooSlow) }
            guard isPolled else { return [] }
            isPolled = false
            return [.answer(drain())]
        }
    }

    /// Packets of one answer; client libraries refuse more.
    private static let answerPackets = 16

    private mutating func drain() -> [UInt8] {
        let packets = Array(queue.prefix(Self.answerPackets))
        queue.removeFirst(packets.count)
        queuedBytes -= packets.reduce(0) { $0 + $1.body.count + 2 }
        return EnginePacket.payload(packets)
    }

    /// Answers the poll that waits, so that the client can leave polling.
    private mutating func release() -> [Action] {
        guard isPolled else { return [] }
        isPolled = false
        return [.answer(EnginePacket(.noop).bytes)]
    }

    /// Ends it from this side.
    package mutating func end(_ ending: Ending) -> [Action] {
        guard way != .ended else { return [] }
        let last: [Action] = isPolled ? [.answer(EnginePacket(.close).bytes)] : []
        way = .ended
        isPolled = false
        queue = []
        return last + [.end(ending)]
    }
}
