import Channels
import Transport

/// One client of Rasa's Socket.IO channel, by polling or by WebSocket.
final class SocketIOClient: ForeignSocket {
    let sid: String
    let address: String
    private var engine: EngineSession
    /// The poll that waits for something to say, and what its answer needs.
    private var poll: HTTPResponder?
    private var pollHeaders: [(name: String, value: String)] = []
    private var socket: WebSocketConnection?
    /// Whether it has joined the one namespace there is.
    private var isConnected = false
    private let began = EventLoop.now
    private var pace: ForeignPace
    /// What hears the conversation that it is in, where that belongs.
    private var ear: EngineEar?

    init(
        sid: String, address: String, socket: WebSocketConnection?, limits: EngineSession.Limits,
        _ options: ServiceOptions
    ) {
        self.sid = sid
        self.address = address
        self.socket = socket
        engine = EngineSession(isSocket: socket != nil, limits: limits, now: EventLoop.now)
        pace = ForeignPace(options, now: EventLoop.now)
    }

    // MARK: Ways in

    /// A poll; it is answered when there is something to say, with a ping at the latest.
    func polled(
        _ responder: HTTPResponder, _ headers: [(name: String, value: String)], in sessions: isolated Sessions
    ) {
        noteLostPoll()
        let waiting = poll
        if waiting == nil {
            poll = responder
            pollHeaders = headers
        }
        let actions = engine.polled()
        if actions == nil, waiting == nil { poll = nil }
        if actions == nil || waiting != nil { sessions.refuse(responder, .badRequest, headers) }
        perform(actions ?? [], in: sessions)
    }

    func posted(
        _ body: [UInt8], _ responder: HTTPResponder, _ headers: [(name: String, value: String)],
        in sessions: isolated Sessions
    ) {
        guard let actions = engine.posted(body) else {
            sessions.refuse(responder, .badRequest, headers)
            if engine.isPolling { perform(engine.end(.nonsense), in: sessions) }
            return
        }
        responder.send(
            HTTPResponse(status: 200, contentType: Self.textType, headers: headers, body: Array("OK".utf8)))
        perform(actions, in: sessions)
    }

    static let textType = "text/plain; charset=UTF-8"

    /// A WebSocket that the session may move to; false when it has one.
    func probe(_ connection: WebSocketConnection) -> Bool {
        guard socket == nil, engine.isPolling else { return false }
        socket = connection
        return true
    }

    func received(
        _ bytes: UnsafeRawBufferPointer, on connection: WebSocketConnection, in sessions: isolated Sessions
    ) {
        guard connection === socket else { return }
        perform(engine.heard(Array(bytes)), in: sessions)
    }

    func closed(_ connection: WebSocketConnection, in sessions: isolated Sessions) {
        guard connection === socket else { return }
        socket = nil
        perform(engine.socketLeft(), in: sessions)
    }

    func tick(in sessions: isolated Sessions) {
        noteLostPoll()
        let now = EventLoop.now
        if !isConnected, now - began > sessions.options.helloTimeout {
            return perform(engine.end(.silent), in: sessions)
        }
        perform(engine.tick(now: now), in: sessions)
    }

    /// The service ends: whoever polls is told, and comes back.
    func leave(in sessions: isolated Sessions) {
        if engine.isPolling { perform(engine.end(.left), in: sessions) }
    }

    /// A poll whose client has gone takes no answer: what there is to say waits for the next one.
    private func noteLostPoll() {
        guard let poll, !poll.isOpen else { return }
        self.poll = nil
        engine.pollLeft()
    }

    // MARK: Ways out

    private func perform(_ actions: [EngineSession.Action], in sessions: isolated Sessions) {
        for action in actions {
            switch action {
            case .answer(let payload):
                poll?.send(
                    HTTPResponse(
                        status: 200, contentType: Self.textType, headers: pollHeaders, body: payload))
                poll = nil
            case .write(let text): socket?.send(OutgoingMessage(text))
            case .take(let body): take(body, in: sessions)
            case .end(let ending): end(ending, in: sessions)
            }
        }
    }

    private func send(_ packet: [UInt8], in sessions: isolated Sessions) {
        noteLostPoll()
        perform(engine.send(packet), in: sessions)
    }

    private func end(_ ending: EngineSession.Ending, in sessions: isolated Sessions) {
        detach(in: sessions)
        sessions.forget(self)
        let code: CloseCode =
            switch ending {
            case .left: .normal
            case .silent: .idle
            case .tooSlow: .slowReader
            case .overlap, .nonsense: .policyViolation
            }
        socket?.close(code: code.rawValue, reason: ending.rawValue)
    }

    private func detach(in sessions: isolated Sessions) {
        guard let ear else { return }
        self.ear = nil
        ear.owner.perform { ear.close(in: $0) }
    }

    // MARK: Socket.IO

    private func take(_ body: [UInt8], in sessions: isolated Sessions) {
        guard let packet = SocketPacket(body) else {
            return tell(FrameError(.badJSON, "this is no packet of Socket.IO"), nil, in: sessions)
        }
        guard packet.namespace == "/" else {
            if packet.kind == .connect {
                send(SocketPacket.refused(packet.namespace, "Invalid namespace"), in: sessions)
            }
            return
        }
        switch packet.kind {
        case .connect where !isConnected:
            isConnected = true
            send(SocketPacket.connected(Random.text(20)), in: sessions)
        case .disconnect: perform(engine.end(.left), in: sessions)
        case .event where isConnected: heard(packet, in: sessions)
        case .binaryEvent, .binaryAcknowledgement:
            tell(FrameError(.badField, "only texts are taken here"), packet.number, in: sessions)
        case .connect, .event, .acknowledgement, .connectError: break
        }
    }

    private func heard(_ packet: SocketPacket, in sessions: isolated Sessions) {
        if !sessions.options.isUnlimited {
            switch pace.take(at: EventLoop.now) {
            case .fine: break
            case .wait(let wait):
                let error = FrameError(.rateLimited, retryAfterMilliseconds: wait)
                return tell(error, packet.number, in: sessions)
            case .flooding: return perform(engine.end(.nonsense), in: sessions)
            }
        }
        let event: RasaSocket.Event
        do throws(FrameError) {
            let limits = FrameDecoder.Limits(text: sessions.options.maxTextBytes)
            event = try RasaSocket.decode(packet.data, id: Random.text(24), limits: limits)
        } catch { return tell(error, packet.number, in: sessions) }
        switch event {
        case .wantsSession(let name):
            let fresh = sessions.mint(for: { Self.key($0) }) { Random.text(32) }
            send(RasaSocket.confirm(name ?? fresh), in: sessions)
            if let number = packet.number { send(RasaSocket.acknowledge(number, nil), in: sessions) }
            if let name { join(Self.key(name), in: sessions) }
        case .said(let session, let frame):
            // Without a session the conversation is that of the connection, whose name nobody else knows.
            let key = session.map { Self.key($0) } ?? Self.key(ofEngine: sid)
            say(frame, key, packet.number, in: sessions)
        case .other:
            if let number = packet.number { send(RasaSocket.acknowledge(number, nil), in: sessions) }
        }
    }

    private static func key(_ session: String) -> [UInt8] { Sessions.key("rasa/socketio", session) }

    /// What opens the conversation of a connection without a session; it also tells to which loop the connection belongs.
    static func key(ofEngine sid: String) -> [UInt8] { Sessions.key("rasa/socketio-connection", sid) }

    /// Hears what is said in the session from now on, in other windows too; one that nobody has begun is left alone.
    private func join(_ key: [UInt8], in sessions: isolated Sessions) {
        let ear = listen(key, in: sessions)
        ear.owner.perform { owner in
            owner.fetch(key) { fetched in
                guard case .found(let id) = fetched, let found = owner.live[id] else { return }
                ear.attach(to: found, in: owner)
            }
        }
    }

    private func say(
        _ frame: ClientFrame, _ key: [UInt8], _ number: Int?, in sessions: isolated Sessions
    ) {
        let ear = listen(key, in: sessions)
        let address = address
        ear.owner.perform { owner in
            owner.reach(key, from: address) { reached in
                switch reached {
                case .failure(let error): ear.tell(.failure(error), number)
                case .success(let conversation):
                    ear.attach(to: conversation, in: owner)
                    let origin = LiveConversation.Origin.told { ear.tell($0, number) }
                    owner.enqueue(
                        .init(frame: frame, origin: origin, time: owner.now(nil)), in: conversation)
                }
            }
        }
    }

    /// What hears the conversation of the key from now on, and no other.
    private func listen(_ key: [UInt8], in sessions: isolated Sessions) -> EngineEar {
        if let ear, ear.key == key { return ear }
        detach(in: sessions)
        let ear = EngineEar(key, sid: sid, home: sessions, owner: sessions.owner(of: key))
        if sessions.channels.engines[sid] === self { self.ear = ear }
        return ear
    }

    /// A turn that an ear heard.
    func heard(_ frame: [UInt8], by ear: EngineEar, in sessions: isolated Sessions) {
        guard ear === self.ear, let turn = PageTurn(frame: frame) else { return }
        for packet in RasaSocket.utterances(turn) { send(packet, in: sessions) }
    }

    /// What came of something that it said.
    func told(
        _ outcome: Result<[UInt8], FrameError>, _ number: Int?, in sessions: isolated Sessions
    ) {
        switch outcome {
        case .failure(let error): tell(error, number, in: sessions)
        case .success:
            guard let number else { return }
            send(RasaSocket.acknowledge(number, nil), in: sessions)
        }
    }

    private func tell(_ error: FrameError, _ number: Int?, in sessions: isolated Sessions) {
        sessions.metrics.refused[error.code, default: 0] += 1
        send(RasaSocket.utterance(error), in: sessions)
        if let number { send(RasaSocket.acknowledge(number, error), in: sessions) }
        if !sessions.options.isUnlimited, !pace.err(error, at: EventLoop.now) {
            perform(engine.end(.nonsense), in: sessions)
        }
    }
}

/// Hears a conversation for a client of Socket.IO, on the loop of the conversation, which need not be that of the client.
final class EngineEar: TurnListener, @unchecked Sendable {
    // Sendable: what is not constant is touched by the loop of `owner` alone.
    let key: [UInt8]
    /// Whose the conversation is.
    let owner: Sessions
    private let sid: String
    /// Where the client is.
    private let home: Sessions
    private var conversation: LiveConversation?
    private var isClosed = false

    init(_ key: [UInt8], sid: String, home: Sessions, owner: Sessions) {
        self.key = key
        self.sid = sid
        self.home = home
        self.owner = owner
    }

    func attach(to conversation: LiveConversation, in sessions: isolated Sessions) {
        guard !isClosed, self.conversation !== conversation else { return }
        leave(in: sessions)
        self.conversation = conversation
        conversation.listeners.append(self)
    }

    /// The client is gone, or in another conversation.
    func close(in sessions: isolated Sessions) {
        isClosed = true
        leave(in: sessions)
    }

    private func leave(in sessions: isolated Sessions) {
        guard let conversation else { return }
        self.conversation = nil
        conversation.listeners.removeAll { $0 === self }
        sessions.park(conversation)
    }

    func heard(_ frame: [UInt8], in sessions: isolated Sessions) {
        let sid = sid
        home.perform { $0.channels.engines[sid]?.heard(frame, by: self, in: $0) }
    }

    func lost(in sessions: isolated Sessions) { conversation = nil }

    /// Tells the client what came of something that it said.
    func tell(_ outcome: Result<[UInt8], FrameError>, _ number: Int?) {
        let sid = sid
        home.perform { $0.channels.engines[sid]?.told(outcome, number, in: $0) }
    }
}

/// Engine.IO's requests.
extension Sessions {
    private var engineLimits: EngineSession.Limits {
        .init(payload: options.server.maxBodyBytes, queued: options.server.maxQueuedBytes)
    }

    func respondAsSocketIO(to request: HTTPRequest, with responder: HTTPResponder) {
        guard let headers = sharing(request, responder) else { return }
        if request.method == "OPTIONS" {
            return preflight(responder, methods: "GET, POST, OPTIONS", headers: "content-type", headers)
        }
        allow(["GET", "POST"], request, responder) {
            guard request.parameter("EIO") == "4" else {
                return self.refuse(responder, .versionUnsupported, headers)
            }
            guard request.parameter("transport") == "polling" else {
                return self.refuse(responder, .transportUnknown, headers)
            }
            guard let sid = request.parameter("sid") else {
                guard request.method == "GET" else { return self.refuse(responder, .badHandshake, headers) }
                return self.beginPolling(request, responder, headers)
            }
            self.onOwner(of: SocketIOClient.key(ofEngine: sid)) { owner in
                guard let client = owner.channels.engines[sid] else {
                    return owner.refuse(responder, .sessionUnknown, headers)
                }
                if request.method == "GET" {
                    client.polled(responder, headers, in: owner)
                } else {
                    client.posted(request.body, responder, headers, in: owner)
                }
            }
        }
    }

    func refuse(
        _ responder: HTTPResponder, _ refusal: EngineRefusal, _ headers: [(name: String, value: String)]
    ) {
        metrics.refusedRequests[.badRequest, default: 0] += 1
        responder.send(
            HTTPResponse(
                status: 400, contentType: "application/json; charset=utf-8", headers: headers,
                body: refusal.body))
    }

    private func beginPolling(
        _ request: HTTPRequest, _ responder: HTTPResponder, _ headers: [(name: String, value: String)]
    ) {
        guard !isDraining else { return respond(responder, .draining) }
        if let refusal = engineRefusal(request.peerAddress) { return respond(responder, refusal) }
        let client = addEngine(request.peerAddress, socket: nil)
        let opening = EngineSession.opening(client.sid, upgrades: ["websocket"], engineLimits)
        responder.send(
            HTTPResponse(
                status: 200, contentType: SocketIOClient.textType, headers: headers, body: opening))
    }

    /// Why an address may not begin another session; polls would otherwise be connections that no limit counts.
    private func engineRefusal(_ address: String) -> HTTPRefusal? {
        let there = commons.engines(of: address)
        if there.all >= options.maxEngineSessions { return .overloaded }
        return there.mine >= options.server.maxConnectionsPerAddress ? .rateLimited : nil
    }

    private func addEngine(_ address: String, socket: WebSocketConnection?) -> SocketIOClient {
        let client = SocketIOClient(
            sid: mint(for: { SocketIOClient.key(ofEngine: $0) }) { Random.text(24) },
            address: address, socket: socket, limits: engineLimits, options)
        channels.engines[client.sid] = client
        commons.addEngine(client.sid, of: address)
        return client
    }

    func forget(_ client: SocketIOClient) {
        channels.engines[client.sid] = nil
        commons.removeEngine(client.sid)
    }

    func admitEngine(_ request: HTTPRequest) -> Admission {
        var refusal: EngineRefusal?
        if request.parameter("EIO") != "4" {
            refusal = .versionUnsupported
        } else if request.parameter("transport") != "websocket" {
            refusal = .transportUnknown
        } else if let sid = request.parameter("sid"), !commons.hasEngine(sid) {
            refusal = .sessionUnknown
        }
        if let refusal {
            return .refuse(
                HTTPResponse(
                    status: 400, contentType: "application/json; charset=utf-8", body: refusal.body))
        }
        if request.parameter("sid") == nil, let refusal = engineRefusal(request.peerAddress) {
            return .refuse(HTTPResponse(refusal))
        }
        return .accept
    }

    func openEngine(_ connection: WebSocketConnection) -> SocketIOClient? {
        guard let sid = HTTPRequest.parameter("sid", in: connection.query) else {
            let client = addEngine(connection.peerAddress, socket: connection)
            connection.send(OutgoingMessage(EngineSession.opening(client.sid, upgrades: [], engineLimits)))
            return client
        }
        guard let client = channels.engines[sid], client.probe(connection) else { return nil }
        return client
    }

    /// Tells whoever polls that the service ends; WebSockets are told as such.
    package func endPolls() {
        for client in Array(channels.engines.values) { client.leave(in: self) }
    }

    /// Pings whoever is due, and lets those go who do not answer.
    package func tendEngines() {
        for client in Array(channels.engines.values) { client.tick(in: self) }
    }
}
