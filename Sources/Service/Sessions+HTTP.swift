import Assistant
import Channels
import Conversation
import JSONText
import Storage
import Transport

/// The HTTP side: turns without a socket, health and metrics.
extension Sessions {
    func respond(to request: HTTPRequest, with responder: HTTPResponder) {
        if request.method == "POST" || Self.isAsked(request.path), !mayAsk(request, responder) { return }
        switch request.path {
        case "/livez":
            // Any site may look whether plain HTTP gets through.
            responder.add([("Access-Control-Allow-Origin", "*")])
            allow(["GET", "HEAD"], request, responder) { self.plain(responder, "live\n") }
        case "/readyz":
            allow(["GET", "HEAD"], request, responder) {
                self.readiness(responder)
            }
        case "/version":
            allow(["GET", "HEAD"], request, responder) {
                var json = JSONWriter(capacity: 128)
                json.beginObject()
                json.key("name")
                json.string("daoban")
                json.key("protocol")
                json.integer(1)
                json.key("assistant")
                json.string(self.assistant.version)
                json.endObject()
                self.json(responder, Array(json.body))
            }
        case "/metrics":
            allow(["GET", "HEAD"], request, responder) {
                self.askAll({ ($0.metrics.detached, $0.gauges) }) { sessions, answers in
                    var (metrics, gauges) = (Metrics(), sessions.commonGauges)
                    for (more, now) in answers {
                        metrics.add(more)
                        gauges.add(now)
                    }
                    let text = metrics.text(gauges, commits: sessions.store.commits)
                    responder.send(
                        HTTPResponse(
                            status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8",
                            body: Array(text.utf8)))
                }
            }
        case "/v1/turns":
            guard let shared = sharing(request, responder) else { return }
            responder.add(shared)
            switch request.method {
            case "OPTIONS" where request.origin != nil:
                preflight(
                    responder, methods: "GET, POST, OPTIONS", headers: "authorization, content-type", [])
            case "POST": post(request, responder)
            case "GET": list(request, responder)
            default: allow(["GET", "POST"], request, responder) {}
            }
        case "/v1/handoff" where options.deskSecret != nil:
            responder.add([("Cache-Control", "no-store")])
            allow(["POST"], request, responder) { self.handOff(request, responder) }
        case "/v1/handoffs" where options.deskSecret != nil:
            allow(["GET"], request, responder) { self.listHandoffs(request, responder) }
        case "/v1/chat": respond(responder, .upgradeRequired, headers: [("Upgrade", "websocket")])
        default:
            if !respondWithPage(to: request, with: responder) { respond(responder, .notFound) }
        }
    }

    /// What is so on this loop.
    private var gauges: Metrics.Gauges {
        let transport = transport?()
        return Metrics.Gauges(
            connectionsAbroad: connectionsAbroad, conversationsInMemory: live.count,
            conversationsResting: live.values.reduce(0) { $0 + ($1.tracker == nil ? 1 : 0) },
            outgoingBytes: transport?.queuedBytes ?? 0, clockJumps: clockWatch.jumps,
            socketsRefused: transport?.socketsRefused ?? 0)
    }

    /// What is so for all loops together.
    private var commonGauges: Metrics.Gauges {
        let people = commons.waitingPeople.withLock { ($0.people.count, $0.asked, $0.dropped) }
        return Metrics.Gauges(
            storageBacklog: store.backlog, walBytes: store.walBytes,
            waitingBytes: commons.waitingBytes, memoryBytes: memoryBytes,
            lacksMemory: lacksMemory, lacksStorage: lacksStorage, logLinesDropped: LogSink.shared.dropped,
            peopleWaiting: people.0, handoffsAsked: people.1, handoffsDropped: people.2)
    }

    func allow(
        _ methods: [String], _ request: HTTPRequest, _ responder: HTTPResponder, _ answer: () -> Void
    ) {
        if methods.contains(request.method) { return answer() }
        let list = methods.joined(separator: ", ")
        respond(responder, .methodNotAllowed, headers: [("Allow", list)])
    }

    /// Whether turns can be worked: not while the service ends, and not while nothing can be stored. Then each look tries again.
    private func readiness(_ responder: HTTPResponder) {
        if isDraining { return plain(responder, "draining\n", status: 503) }
        guard lacksStorage else { return plain(responder, "ready\n") }
        store.probe { result in
            self.loop.run {
                self.assumeIsolated { sessions in
                    if case .success = result { sessions.lacksStorage = false }
                    sessions.plain(
                        responder, sessions.lacksStorage ? "degraded\n" : "ready\n",
                        status: sessions.lacksStorage ? 503 : 200)
                }
            }
        }
    }

    // MARK: Turns

    /// Paths whose answers are made for whoever asks, also where nothing is sent.
    private static func isAsked(_ path: String) -> Bool {
        path == "/v1/turns" || path.hasPrefix("/socket.io") || path.hasPrefix("/v3/directline/")
    }

    /// Whether the address may ask for one more turn, by whatever channel; else it is told when.
    private func mayAsk(_ request: HTTPRequest, _ responder: HTTPResponder) -> Bool {
        guard !options.isUnlimited, let wait = commons.takeRequest(request.peerAddress)
        else {
            return true
        }
        respond(responder, FrameError(.rateLimited, retryAfterMilliseconds: wait))
        return false
    }

    private func post(_ request: HTTPRequest, _ responder: HTTPResponder) {
        guard !isDraining else { return respond(responder, .draining) }
        guard request.isJSON else { return respond(responder, .unsupportedMediaType) }
        let turn: HTTPTurnRequest
        let person: Identity?
        do throws(FrameError) {
            turn = try HTTPTurnRequest.decode(request.body, limits: .init(text: options.maxTextBytes))
            person = try identify(turn.identity)
        } catch {
            return respond(responder, error)
        }
        let time = now(options.allowsTestClock ? turn.now.flatMap(Moment.init(test:)) : nil)
        guard let token = turn.token else {
            if let wait = takeConversation(request.peerAddress) {
                return respond(
                    responder, FrameError(.rateLimited, id: turn.frame.id, retryAfterMilliseconds: wait))
            }
            return open(turn.profile, with: person, at: time) { opened in
                guard case .opened(let conversation, let token, _) = opened else {
                    return self.respond(
                        responder, FrameError(.storageUnavailable, retryAfterMilliseconds: 1000))
                }
                self.enqueue(
                    turn.frame, token, wantsTrace: turn.wantsTrace, at: time, for: responder, in: conversation
                )
            }
        }
        work(turn.frame, token, of: person, wantsTrace: turn.wantsTrace, at: time, for: responder)
    }

    /// Has a frame worked in the conversation of a token, or says why that can't be.
    func work(
        _ frame: ClientFrame, _ token: String, of person: Identity?, wantsTrace: Bool, at time: Moment,
        for responder: HTTPResponder
    ) {
        fetchAnywhere(Identity.key(token, of: person)) { sessions, fetched in
            switch fetched {
            case .found(let id):
                guard let conversation = sessions.live[id] else { fallthrough }
                sessions.enqueue(
                    frame, token, wantsTrace: wantsTrace, at: time, for: responder, in: conversation)
            case .failed:
                sessions.respond(responder, FrameError(.storageUnavailable, retryAfterMilliseconds: 1000))
            case .unknown: sessions.respond(responder, FrameError(.token))
            }
        }
    }

    private func enqueue(
        _ frame: ClientFrame, _ token: String, wantsTrace: Bool, at time: Moment,
        for responder: HTTPResponder,
        in conversation: LiveConversation
    ) {
        let origin = LiveConversation.Origin.http(responder, token: token, wantsTrace: wantsTrace)
        enqueue(.init(frame: frame, origin: origin, time: time), in: conversation)
    }

    private func list(_ request: HTTPRequest, _ responder: HTTPResponder) {
        guard let authorization = request.authorization, authorization.hasPrefix("Bearer ") else {
            return respond(
                responder, FrameError(.token, "the token is sent as `Authorization: Bearer TOKEN`"))
        }
        guard let after = Int(request.parameter("after") ?? "0"), after >= 0 else {
            return respond(responder, FrameError.badField("after", "a whole number"))
        }
        // An identity stands behind a `~`, which neither has in it.
        let parts = authorization.dropFirst(7).split(separator: "~", maxSplits: 1).map(String.init)
        let person: Identity?
        do throws(FrameError) { person = try identify(parts.count > 1 ? parts[1] : nil) } catch {
            return respond(responder, error)
        }
        fetchAnywhere(Identity.key(parts.first ?? "", of: person)) { sessions, fetched in
            switch fetched {
            case .found(let id):
                sessions.storedTurns(id, after: after, limit: 300) { sessions, result in
                    guard case .success(let turns) = result else {
                        return sessions.respond(
                            responder, FrameError(.storageUnavailable, retryAfterMilliseconds: 1000))
                    }
                    sessions.json(responder, HTTPTurns.list(turns.map(\.frame)))
                }
            case .unknown: sessions.respond(responder, FrameError(.token))
            case .failed:
                sessions.respond(responder, FrameError(.storageUnavailable, retryAfterMilliseconds: 1000))
            }
        }
    }

    // MARK: Answers

    func respond(_ responder: HTTPResponder, frame: [UInt8], token: String, epoch: String, trace: [UInt8]?) {
        var body = TurnFrame.adding("token", Array("\"\(token)\"".utf8), to: frame)
        body = TurnFrame.adding("epoch", Array("\"\(epoch)\"".utf8), to: body)
        if let trace { body = TurnFrame.adding("trace", trace, to: body) }
        json(responder, body)
    }

    func respond(
        _ responder: HTTPResponder, _ refusal: HTTPRefusal, headers: [(name: String, value: String)] = []
    ) {
        metrics.refusedRequests[refusal, default: 0] += 1
        responder.send(HTTPResponse(refusal, headers: headers))
    }

    func respond(_ responder: HTTPResponder, _ error: FrameError) {
        metrics.refused[error.code, default: 0] += 1
        responder.send(HTTPResponse(error))
    }

    func json(_ responder: HTTPResponder, _ body: [UInt8]) {
        responder.send(
            HTTPResponse(
                status: 200, contentType: "application/json; charset=utf-8",
                headers: [("Cache-Control", "no-store")], body: body))
    }

    private func plain(_ responder: HTTPResponder, _ text: String, status: Int = 200) {
        responder.send(
            HTTPResponse(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8)))
    }
}

extension HTTPResponse {
    /// An error of the conversation.
    init(_ error: FrameError) {
        var json = JSONWriter(capacity: 256)
        ServerFrames.error(error, to: &json)
        self.init(
            status: error.code.httpStatus, contentType: "application/json; charset=utf-8",
            body: Array(json.body))
        if error.retryAfterMilliseconds > 0 { retry(after: error.retryAfterMilliseconds) }
    }

    /// A refusal that has nothing to do with a conversation.
    init(
        _ refusal: HTTPRefusal, headers: [(name: String, value: String)] = [],
        retryAfterMilliseconds wait: Int = 1000
    ) {
        var json = JSONWriter(capacity: 256)
        json.refusal(refusal, retryAfterMilliseconds: refusal.isRetryable ? wait : 0)
        self.init(
            status: refusal.status, contentType: "application/json; charset=utf-8", headers: headers,
            body: Array(json.body))
        if refusal.isRetryable { retry(after: wait) }
    }

    /// Seconds, rounded up (RFC 9110, section 10.2.3).
    fileprivate mutating func retry(after milliseconds: Int) {
        headers.append(("Retry-After", "\((milliseconds + 999) / 1000)"))
    }
}
