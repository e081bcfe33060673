import Channels
import Transport

/// One client of Rasa's Socket.IO channel, by polling or by WebSocket.
final class SocketIOClient: ForeignSocket, TurnListener {
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
    private var conversation: LiveConversation?

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
            // Longer than the ping that answers it takes at most.
            responder.keepWaiting(seconds: 60)
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
        guard let conversation else { return }
        self.conversation = nil
        conversation.listeners.removeAll { $0 === self }
        sessions.park(conversation)
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
            send(RasaSocket.confirm(name ?? Random.text(32)), in: sessions)
            if let number = packet.number { send(RasaSocket.acknowledge(number, nil), in: sessions) }
            if let name { join(Self.key(name), in: sessions) }
        case .said(let session, let frame):
            // Without a session the conversation is that of the connection, whose name nobody else knows.
            let key = session.map(Self.key) ?? Sessions.key("rasa/socketio-connection", sid)
            say(frame, key, packet.number, in: sessions)
        case .other:
            if let number = packet.number { send(RasaSocket.acknowledge(number, nil), in: sessions) }
        }
    }

    private static func key(_ session: String) -> [UInt8] { Sessions.key("rasa/socketio", session) }

    /// Hears what is said in the session from now on, in other windows too; one that nobody has begun is left alone.
    private func join(_ key: [UInt8], in sessions: isolated Sessions) {
        sessions.fetch(key) { fetched in
            guard case .found(let id) = fetched, let found = sessions.live[id] else { return }
            self.attach(to: found, in: sessions)
        }
    }

    private func say(
        _ frame: ClientFrame, _ key: [UInt8], _ number: Int?, in sessions: isolated Sessions
    ) {
        sessions.reach(key, from: address) { reached in
            switch reached {
            case .failure(let error): self.tell(error, number, in: sessions)
            case .success(let conversation):
                self.attach(to: conversation, in: sessions)
                let origin = LiveConversation.Origin.told { outcome in
                    switch outcome {
                    case .failure(let error): self.tell(error, number, in: sessions)
                    case .success:
                        guard let number else { return }
                        self.send(RasaSocket.acknowledge(number, nil), in: sessions)
                    }
                }
                sessions.enqueue(
                    .init(frame: frame, origin: origin, time: sessions.now(nil)), in: conversation)
            }
        }
    }

    private func attach(to conversation: LiveConversation, in sessions: isolated Sessions) {
        guard self.conversation !== conversation, sessions.channels.engines[sid] != nil else { return }
        detach(in: sessions)
        self.conversation = conversation
        conversation.listeners.append(self)
    }

    func heard(_ frame: [UInt8], in sessions: isolated Sessions) {
        guard let turn = PageTurn(frame: frame) else { return }
        for packet in RasaSocket.utterances(turn) { send(packet, in: sessions) }
    }

    func lost(in sessions: isolated Sessions) { conversation = nil }

    private func tell(_ error: FrameError, _ number: Int?, in sessions: isolated Sessions) {
        sessions.metrics.refused[error.code, default: 0] += 1
        send(RasaSocket.utterance(error), in: sessions)
        if let number { send(RasaSocket.acknowledge(number, error), in: sessions) }
        if !sessions.options.isUnlimited, !pace.err(error, at: EventLoop.now) {
            perform(engine.end(.nonsense), in: sessions)
        }
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
            guard let client = self.channels.engines[sid] else {
                return self.refuse(responder, .sessionUnknown, headers)
            }
            if request.method == "GET" {
                client.polled(responder, headers, in: self)
            } else {
                client.posted(request.body, responder, headers, in: self)
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
        if channels.engines.count >= options.maxEngineSessions { return .overloaded }
        let mine = channels.enginesByAddress[address, default: 0]
        return mine >= options.server.maxConnectionsPerAddress ? .rateLimited : nil
    }

    private func addEngine(_ address: String, socket: WebSocketConnection?) -> SocketIOClient {
        let client = SocketIOClient(
            sid: Random.text(24), address: address, socket: socket, limits: engineLimits, options)
        channels.engines[client.sid] = client
        channels.enginesByAddress[address, default: 0] += 1
        return client
    }

    func forget(_ client: SocketIOClient) {
        guard channels.engines.removeValue(forKey: client.sid) != nil else { return }
        let left = channels.enginesByAddress[client.address, default: 1] - 1
        channels.enginesByAddress[client.address] = left > 0 ? left : nil
    }

    func admitEngine(_ request: HTTPRequest) -> Admission {
        var refusal: EngineRefusal?
        if request.parameter("EIO") != "4" {
            refusal = .versionUnsupported
        } else if request.parameter("transport") != "websocket" {
            refusal = .transportUnknown
        } else if let sid = request.parameter("sid"), channels.engines[sid] == nil {
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
