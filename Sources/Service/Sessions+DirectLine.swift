import Channels
import Storage
import Transport

/// Direct Line 3.0, for BotFramework-WebChat. A token is a secret of its conversation, whose name is made of it: so
/// whoever knows only the name, as it stands in addresses, can do nothing.
extension Sessions {
    private static let root = "/v3/directline/"
    /// Milliseconds within which the address of a stream may be used.
    private static let ticketLife = 120_000

    func respondAsDirectLine(to request: HTTPRequest, with responder: HTTPResponder) {
        guard let headers = sharing(request, responder) else { return }
        if request.method == "OPTIONS" {
            return preflight(
                responder, methods: "GET, POST, OPTIONS",
                headers: "authorization, content-type, x-ms-bot-agent, x-requested-with", headers)
        }
        let exchange = DirectLineExchange(request: request, responder: responder, headers: headers)
        let path = request.path.dropFirst(Self.root.count).split(
            separator: "/", omittingEmptySubsequences: false)
        switch path.map(String.init) {
        case ["tokens", "generate"]:
            allow(["POST"], request, responder) { self.generate(exchange) }
        case ["tokens", "refresh"]:
            allow(["POST"], request, responder) { self.refresh(exchange) }
        case ["conversations"]:
            allow(["POST"], request, responder) { self.begin(exchange) }
        case let parts where parts.count == 2 && parts[0] == "conversations":
            allow(["GET"], request, responder) { self.reconnect(exchange, parts[1]) }
        case let parts where parts.count == 3 && parts[0] == "conversations":
            switch parts[2] {
            case "activities" where request.method == "POST": post(exchange, parts[1])
            case "activities": allow(["GET", "POST"], request, responder) { self.list(exchange, parts[1]) }
            case "upload":
                allow(["POST"], request, responder) {
                    exchange.refuse(415, "BadArgument", "files are not taken here; say it in words")
                }
            case "stream": respond(responder, .upgradeRequired, headers: [("Upgrade", "websocket")])
            default: exchange.refuse(404, "NotFound", "there is nothing here")
            }
        default: exchange.refuse(404, "NotFound", "there is nothing here")
        }
    }

    // MARK: Tokens

    /// The name of the conversation that a token is for.
    private static func name(ofToken token: String) -> String {
        Digest.hexadecimal(Digest.sha256(Array("directline/name\0\(token)".utf8)).prefix(16))
    }

    static func directLineKey(_ name: String) -> [UInt8] { key("directline", name) }

    private func generate(_ exchange: DirectLineExchange) {
        guard !isDraining else { return respond(exchange.responder, .draining) }
        let user: DirectLine.User?
        do throws(FrameError) { user = try DirectLine.user(of: exchange.request.body) } catch {
            return exchange.refuse(error)
        }
        open(exchange, user) { _, name, token in
            exchange.send(200, DirectLine.conversation(name, token: token, stream: nil))
        }
    }

    /// A conversation under a token that nobody else has.
    private func open(
        _ exchange: DirectLineExchange, _ user: DirectLine.User?,
        _ then: @escaping (LiveConversation, _ name: String, _ token: String) -> Void
    ) {
        let token = mint(for: { Self.directLineKey(Self.name(ofToken: $0)) }) {
            DirectLine.token(secret: Random.text(32), user: user)
        }
        let name = Self.name(ofToken: token)
        reach(Self.directLineKey(name), from: exchange.request.peerAddress) { reached in
            switch reached {
            case .failure(let error): exchange.refuse(error)
            case .success(let conversation):
                conversation.directLineUser = user
                then(conversation, name, token)
            }
        }
    }

    /// A token lasts as long as its conversation, so the same one is given again.
    private func refresh(_ exchange: DirectLineExchange) {
        guard let token = exchange.token else { return exchange.refuseStranger() }
        let name = Self.name(ofToken: token)
        fetchAnywhere(Self.directLineKey(name)) { _, fetched in
            switch fetched {
            case .failed: exchange.refuse(FrameError(.storageUnavailable))
            case .unknown: exchange.refuse(403, "TokenExpired", "the token opens no conversation")
            case .found: exchange.send(200, DirectLine.conversation(name, token: token, stream: nil))
            }
        }
    }

    /// Begins a conversation, or goes on with that of the token.
    private func begin(_ exchange: DirectLineExchange) {
        guard !isDraining else { return respond(exchange.responder, .draining) }
        let user: DirectLine.User?
        do throws(FrameError) { user = try DirectLine.user(of: exchange.request.body) } catch {
            return exchange.refuse(error)
        }
        guard let token = exchange.token else { return beginAnew(exchange, user) }
        let name = Self.name(ofToken: token)
        fetchAnywhere(Self.directLineKey(name)) { sessions, fetched in
            switch fetched {
            case .failed: exchange.refuse(FrameError(.storageUnavailable))
            case .found(let id):
                guard let conversation = sessions.live[id] else {
                    return exchange.refuse(FrameError(.internal))
                }
                if let user { conversation.directLineUser = user }
                sessions.answer(exchange, conversation, name, token)
            // It is not from here, such as the secret of another bot: a token of our own takes its place.
            case .unknown: sessions.beginAnew(exchange, user)
            }
        }
    }

    private func beginAnew(_ exchange: DirectLineExchange, _ user: DirectLine.User?) {
        open(exchange, user) { conversation, name, token in
            self.answer(exchange, conversation, name, token)
        }
    }

    private func answer(
        _ exchange: DirectLineExchange, _ conversation: LiveConversation, _ name: String, _ token: String
    ) {
        let stream = streamAddress(name, token, exchange.request, watermark: "-")
        let body = DirectLine.conversation(name, token: token, stream: stream)
        exchange.send(conversation.seq > 1 ? 200 : 201, body)
    }

    /// Hands over the conversation that a path names, if the token is for it. One that the token is not for is as
    /// unknown as one that never was.
    private func withConversation(
        _ exchange: DirectLineExchange, _ name: String,
        _ then: @escaping @Sendable (isolated Sessions, LiveConversation, _ token: String) -> Void
    ) {
        guard let token = exchange.token else { return exchange.refuseStranger() }
        let mine = Self.name(ofToken: token)
        fetchAnywhere(Self.directLineKey(mine)) { sessions, fetched in
            switch fetched {
            case .failed: exchange.refuse(FrameError(.storageUnavailable))
            case .unknown where mine == name:
                exchange.refuse(404, "ConversationNotFound", "there is no such conversation")
            case .unknown: exchange.refuse(403, "TokenExpired", "the token opens no conversation")
            case .found(let id):
                guard mine == name, let conversation = sessions.live[id] else {
                    return exchange.refuse(404, "ConversationNotFound", "there is no such conversation")
                }
                if conversation.directLineUser == nil {
                    conversation.directLineUser = DirectLine.user(ofToken: token)
                }
                then(sessions, conversation, token)
            }
        }
    }

    // MARK: Activities

    private func post(_ exchange: DirectLineExchange, _ name: String) {
        guard !isDraining else { return respond(exchange.responder, .draining) }
        withConversation(exchange, name) { sessions, conversation, _ in
            let posted: DirectLine.Posted
            do throws(FrameError) {
                let limits = FrameDecoder.Limits(text: sessions.options.maxTextBytes)
                posted = try DirectLine.activity(
                    exchange.request.body, id: Random.text(24), limits: limits)
            } catch { return exchange.refuse(error) }
            if let user = posted.user { conversation.directLineUser = user }
            guard let frame = posted.frame else {
                return exchange.send(200, DirectLine.resource("\(name)|\(Random.text(8))"))
            }
            let origin = LiveConversation.Origin.told { outcome in
                switch outcome {
                case .failure(let error): exchange.refuse(error)
                case .success(let frame):
                    let turn = PageTurn(frame: frame)?.seq ?? 0
                    exchange.send(200, DirectLine.resource(DirectLine.name(name, turn: turn)))
                }
            }
            sessions.enqueue(
                .init(frame: frame, origin: origin, time: sessions.now(nil)), in: conversation)
        }
    }

    private func list(_ exchange: DirectLineExchange, _ name: String) {
        withConversation(exchange, name) { sessions, conversation, _ in
            let after: Int
            do throws(FrameError) {
                after = try DirectLine.turn(ofWatermark: exchange.request.parameter("watermark"))
            } catch { return exchange.refuse(error) }
            let user = conversation.directLineUser ?? .init(id: "user")
            sessions.storedTurns(conversation.id, after: after, limit: 300) { _, result in
                guard case .success(let turns) = result else {
                    return exchange.refuse(FrameError(.storageUnavailable))
                }
                let body = DirectLine.activitySet(
                    turns.compactMap { PageTurn(frame: $0.frame) }, after: after, conversation: name,
                    user: user)
                exchange.send(200, body)
            }
        }
    }

    private func reconnect(_ exchange: DirectLineExchange, _ name: String) {
        withConversation(exchange, name) { sessions, _, token in
            do throws(FrameError) {
                let text = exchange.request.parameter("watermark")
                let after = try DirectLine.turn(ofWatermark: text)
                let stream = sessions.streamAddress(
                    name, token, exchange.request, watermark: text == nil ? "-" : String(after))
                exchange.send(200, DirectLine.conversation(name, token: token, stream: stream))
            } catch { exchange.refuse(error) }
        }
    }

    // MARK: Streams

    /// Where the stream is had. It opens nothing but this stream, and not for long, since addresses are written into logs.
    private func streamAddress(
        _ name: String, _ token: String, _ request: HTTPRequest, watermark: String
    ) -> String {
        // A page that came over TLS may open nothing else.
        let isSecure = options.server.tls != nil || request.origin?.lowercased().hasPrefix("https://") == true
        let end = EventLoop.now + Self.ticketLife
        let host = request.host ?? ListenAddress.inURL(options.server.host)
        return "\(isSecure ? "wss" : "ws")://\(host)\(Self.root)conversations/\(name)/stream"
            + "?watermark=\(watermark)&t=\(end)-\(signature(name, end))"
    }

    private func signature(_ name: String, _ end: Int) -> String {
        Base64URL.encode(Digest.hmacSHA256(key: commons.streamKey, Array("\(name) \(end)".utf8)))
    }

    /// The conversation that the path of a stream names.
    static func name(ofStream path: String) -> String? {
        let parts = path.dropFirst(root.count).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "conversations", parts[2] == "stream" else { return nil }
        return String(parts[1])
    }

    func admitStream(_ request: HTTPRequest) -> Admission {
        func refuse(_ status: Int, _ code: String, _ message: String) -> Admission {
            .refuse(
                HTTPResponse(
                    status: status, contentType: "application/json; charset=utf-8",
                    body: DirectLine.error(code, message)))
        }
        guard let name = Self.name(ofStream: request.path) else {
            return refuse(404, "NotFound", "there is nothing here")
        }
        let parts = (request.parameter("t") ?? "").split(separator: "-", maxSplits: 1)
        guard parts.count == 2, let end = Int(parts[0]), end >= EventLoop.now,
            Digest.matches(Array(parts[1].utf8), Array(signature(name, end).utf8))
        else { return refuse(403, "TokenExpired", "the address of the stream has expired; ask for another") }
        guard (try? DirectLine.turn(ofWatermark: request.parameter("watermark"))) != nil else {
            return refuse(400, "BadArgument", "`watermark` must be one that was given here")
        }
        return .accept
    }

    func openStream(_ connection: WebSocketConnection) -> DirectLineStream? {
        let watermark = HTTPRequest.parameter("watermark", in: connection.query)
        guard let name = Self.name(ofStream: connection.path),
            let after = try? DirectLine.turn(ofWatermark: watermark)
        else { return nil }
        channels.streams[name]?.collide(in: self)
        let stream = DirectLineStream(connection, name: name, after: after)
        channels.streams[name] = stream
        stream.catchUp(in: self)
        return stream
    }

    func streamEnded(_ stream: DirectLineStream) {
        if channels.streams[stream.name] === stream { channels.streams[stream.name] = nil }
    }

    /// Stored turns for a stream, which is found again by its connection.
    func turns(of conversation: LiveConversation, for stream: DirectLineStream, after seq: Int) {
        let name = stream.name
        let connection = stream.connection.id
        let id = conversation.id
        storedTurns(id, after: seq, limit: 300) { sessions, result in
            guard let stream = sessions.channels.streams[name], stream.connection.id == connection
            else { return }
            stream.caughtUp(result, sessions.live[id], in: sessions)
        }
    }
}

/// One request of Direct Line and its answer.
struct DirectLineExchange: Sendable {
    let request: HTTPRequest
    let responder: HTTPResponder
    let headers: [(name: String, value: String)]

    var token: String? {
        guard let authorization = request.authorization, authorization.hasPrefix("Bearer ") else {
            return nil
        }
        let token = authorization.dropFirst(7)
        return token.isEmpty || token.utf8.count > 256 ? nil : String(token)
    }

    func send(_ status: Int, _ body: [UInt8]) {
        responder.send(
            HTTPResponse(
                status: status, contentType: "application/json; charset=utf-8", headers: headers, body: body))
    }

    func refuse(_ status: Int, _ code: String, _ message: String) {
        send(status, DirectLine.error(code, message))
    }

    func refuse(_ error: FrameError) {
        var more = headers
        if error.retryAfterMilliseconds > 0 {
            more.append(("Retry-After", "\((error.retryAfterMilliseconds + 999) / 1000)"))
        }
        responder.send(
            HTTPResponse(
                status: error.code.httpStatus, contentType: "application/json; charset=utf-8", headers: more,
                body: DirectLine.error(error)))
    }

    func refuseStranger() {
        refuse(401, "Unauthorized", "the token is sent as `Authorization: Bearer TOKEN`")
    }
}

/// The stream of a Direct Line conversation: what was missed, then every turn.
final class DirectLineStream: ForeignSocket, TurnListener {
    let connection: WebSocketConnection
    let name: String
    /// The last turn that was sent.
    private var seq: Int
    private var conversation: LiveConversation?

    init(_ connection: WebSocketConnection, name: String, after seq: Int) {
        self.connection = connection
        self.name = name
        self.seq = seq
    }

    /// Sends what is stored after the watermark, then listens.
    func catchUp(in sessions: isolated Sessions) {
        sessions.fetch(Sessions.directLineKey(name)) { fetched in
            guard self.connection.isOpen else { return }
            switch fetched {
            case .unknown: self.lost(in: sessions)
            case .failed: self.connection.close(code: CloseCode.storage.rawValue, reason: "storage")
            case .found(let id):
                guard let conversation = sessions.live[id] else { return self.lost(in: sessions) }
                sessions.turns(of: conversation, for: self, after: self.seq)
            }
        }
    }

    func caughtUp(
        _ result: Result<[StoredTurn], StorageError>, _ found: LiveConversation?,
        in sessions: isolated Sessions
    ) {
        guard connection.isOpen else { return }
        guard case .success(let turns) = result else {
            if case .failure(let error) = result { sessions.storageFailed(error) }
            return connection.close(code: CloseCode.storage.rawValue, reason: "storage")
        }
        guard let found else { return catchUp(in: sessions) }
        send(turns.map(\.frame), of: found, isReplay: true)
        // Turns that were stored meanwhile, or more than come at once.
        if seq < found.seq, !turns.isEmpty { return sessions.turns(of: found, for: self, after: seq) }
        conversation = found
        found.listeners.append(self)
    }

    private func send(_ frames: [[UInt8]], of conversation: LiveConversation, isReplay: Bool = false) {
        let turns = frames.compactMap { PageTurn(frame: $0) }.filter { $0.seq > seq }
        guard let last = turns.last else { return }
        let set = DirectLine.activitySet(
            turns, after: seq, conversation: name, user: conversation.directLineUser ?? .init(id: "user"))
        seq = last.seq
        connection.send(OutgoingMessage(set), isReplay: isReplay)
    }

    func heard(_ frame: [UInt8], in sessions: isolated Sessions) {
        if let conversation { send([frame], of: conversation) }
    }

    func lost(in sessions: isolated Sessions) {
        conversation = nil
        connection.close(code: CloseCode.normal.rawValue, reason: "the conversation has ended")
    }

    /// A newer stream of the same conversation takes its place.
    func collide(in sessions: isolated Sessions) {
        detach(in: sessions)
        connection.close(code: CloseCode.normal.rawValue, reason: "collision")
    }

    private func detach(in sessions: isolated Sessions) {
        guard let conversation else { return }
        self.conversation = nil
        conversation.listeners.removeAll { $0 === self }
        sessions.park(conversation)
    }

    /// An empty text keeps the line alive; nothing else is said this way.
    func received(
        _ bytes: UnsafeRawBufferPointer, on connection: WebSocketConnection, in sessions: isolated Sessions
    ) {
        if !bytes.isEmpty {
            connection.close(code: CloseCode.policyViolation.rawValue, reason: "activities are posted")
        }
    }

    func closed(_ connection: WebSocketConnection, in sessions: isolated Sessions) {
        detach(in: sessions)
        sessions.streamEnded(self)
    }
}
