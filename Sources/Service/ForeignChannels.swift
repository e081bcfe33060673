import Channels
import Transport

/// A WebSocket that speaks another front end's format. Belongs to `Sessions`.
protocol ForeignSocket: AnyObject {
    func received(
        _ bytes: UnsafeRawBufferPointer, on connection: WebSocketConnection, in sessions: isolated Sessions)
    func closed(_ connection: WebSocketConnection, in sessions: isolated Sessions)
}

/// Hears every turn of a conversation, whoever's it is. Belongs to `Sessions`.
protocol TurnListener: AnyObject {
    func heard(_ frame: [UInt8], in sessions: isolated Sessions)
    /// The conversation is gone: it was erased, or is not what is stored.
    func lost(in sessions: isolated Sessions)
}

/// What the other front ends' channels hold in memory.
struct ForeignChannels {
    /// Sessions of Socket.IO by their identifier.
    var engines: [String: SocketIOClient] = [:]
    /// The stream of each Direct Line conversation, by the conversation's name: there is one at a time.
    var streams: [String: DirectLineStream] = [:]
}

/// How much one connection of another front end may say: the same as one of ours.
struct ForeignPace {
    private var messages: TokenBucket
    private var refusals: TokenBucket
    private var errors: MinuteLimit

    init(_ options: ServiceOptions, now: Int) {
        messages = TokenBucket(perSecond: options.messagesPerSecond, burst: options.messageBurst, now: now)
        refusals = TokenBucket(perSecond: options.refusalsPerSecond, burst: options.refusalBurst, now: now)
        errors = MinuteLimit(options.errorsPerMinute)
    }

    enum Verdict: Equatable {
        case fine
        /// It is told, and may try again.
        case wait(milliseconds: Int)
        /// It has been told often enough.
        case flooding
    }

    /// One more message.
    mutating func take(at now: Int) -> Verdict {
        guard let wait = messages.take(at: now) else { return .fine }
        return refusals.take(at: now) == nil ? .wait(milliseconds: wait) : .flooding
    }

    /// One more mistake; false when that was once too often.
    mutating func err(_ error: FrameError, at now: Int) -> Bool {
        !error.code.isMistake || errors.note(at: now)
    }
}

/// What all other front ends have in common.
extension Sessions {
    /// What opens the conversation of a channel's user. No token has a NUL in it, so none has this digest, and neither
    /// has a user of another channel.
    static func key(_ channel: String, _ user: String) -> [UInt8] {
        Digest.sha256(Array("\(channel)\0\(user)".utf8))
    }

    /// The conversation that a key opens, begun now when there is none. When two first messages come at once, the second
    /// finds that the first has begun it.
    func reach(
        _ key: [UInt8], from address: String, isSecondTry: Bool = false,
        then: @escaping (Result<LiveConversation, FrameError>) -> Void
    ) {
        fetch(key) { fetched in
            switch fetched {
            case .found(let id):
                guard let conversation = self.live[id] else { return then(.failure(FrameError(.internal))) }
                then(.success(conversation))
            case .failed:
                then(.failure(FrameError(.storageUnavailable, retryAfterMilliseconds: 1000)))
            case .unknown:
                if !isSecondTry, let wait = self.takeConversation(address) {
                    return then(.failure(FrameError(.rateLimited, retryAfterMilliseconds: wait)))
                }
                self.open([], key: key, at: self.now(nil)) { opened in
                    switch opened {
                    case .opened(let conversation, _, _): then(.success(conversation))
                    case .failed where !isSecondTry:
                        self.reach(key, from: address, isSecondTry: true, then: then)
                    case .failed:
                        then(.failure(FrameError(.storageUnavailable, retryAfterMilliseconds: 1000)))
                    }
                }
            }
        }
    }

    /// The headers with which a front end of another site is answered; nil, and refused, when the site may not ask.
    /// `wanted`: the headers that its requests have.
    func sharing(
        _ request: HTTPRequest, _ responder: HTTPResponder
    ) -> [(name: String, value: String)]? {
        var headers: [(name: String, value: String)] = [("Cache-Control", "no-store"), ("Vary", "Origin")]
        guard let origin = request.origin else { return headers }
        guard OriginRule(options).admits(request) else {
            noteForeign(origin)
            respond(responder, .forbidden)
            return nil
        }
        headers.append(("Access-Control-Allow-Origin", origin))
        return headers
    }

    /// Answers what a browser asks before it asks.
    func preflight(
        _ responder: HTTPResponder, methods: String, headers wanted: String,
        _ shared: [(name: String, value: String)]
    ) {
        let more: [(name: String, value: String)] = [
            ("Access-Control-Allow-Methods", methods), ("Access-Control-Allow-Headers", wanted),
            ("Access-Control-Max-Age", "600"),
        ]
        responder.send(HTTPResponse(status: 204, headers: shared + more))
    }

    // MARK: WebSockets

    /// Whether another front end's WebSocket may be opened; nil when the path is none of theirs.
    func admission(of request: HTTPRequest) -> Admission? {
        switch request.path {
        case "/compat/deep-chat": .accept
        case "/socket.io", "/socket.io/": admitEngine(request)
        case let path where path.hasPrefix("/v3/directline/conversations/"): admitStream(request)
        default: nil
        }
    }

    func openedForeign(_ connection: WebSocketConnection) {
        noteOpened()
        if let owner = foreignOwner(of: connection), owner !== self {
            return guest(connection, at: owner) { owner, guest in
                guest.context = owner.socket(guest.connection)
            }
        }
        connection.context = socket(connection)
    }

    /// The loop that what the address of a connection names belongs to; nil when it names nothing.
    private func foreignOwner(of connection: WebSocketConnection) -> Sessions? {
        let key: [UInt8]? =
            switch connection.path {
            case "/compat/deep-chat": DeepChatSocket.key(ofQuery: connection.query)
            case "/socket.io", "/socket.io/":
                HTTPRequest.parameter("sid", in: connection.query).map(SocketIOClient.key(ofEngine:))
            default: Self.name(ofStream: connection.path).map(Self.directLineKey)
            }
        return key.map(owner(of:))
    }

    /// What a connection is here; nil, and closed, when it cannot be.
    private func socket(_ connection: WebSocketConnection) -> (any ForeignSocket)? {
        let socket: (any ForeignSocket)? =
            switch connection.path {
            case "/compat/deep-chat": DeepChatSocket(connection, in: self)
            case "/socket.io", "/socket.io/": openEngine(connection)
            default: openStream(connection)
            }
        guard let socket else {
            connection.close(code: CloseCode.policyViolation.rawValue)
            return nil
        }
        if isDraining { connection.close(code: CloseCode.goingAway.rawValue, reason: "restarting") }
        return socket
    }
}
