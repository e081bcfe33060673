package import Assistant
import Channels
package import Conversation
import Dialogue
import JSONText
package import Storage
package import Transport

/// Owns the sessions and the conversations in memory. Lives on the event loop: what the transport calls it does there and
/// then, what the store answers comes back through the loop.
package actor Sessions {
    let loop: EventLoop
    let store: EventLog
    let options: ServiceOptions
    var assistant: Assistant
    var live: [Int64: LiveConversation] = [:]
    var liveByToken: [[UInt8]: Int64] = [:]
    /// Conversations without a connection, the longest waiting first.
    var idle: [Int64] = []
    /// Who waits for a conversation that is being fetched, by the digest of its token.
    var fetching: [[UInt8]: [@Sendable (Sessions.Fetched) -> Void]] = [:]
    var metrics = Metrics()
    /// What is kept from turn to turn.
    var memory = TurnMemory()
    /// The replies in `memory` as JSON, by their numbers there.
    var encodedReplies = RecentValues<Int, [UInt8]>(limit: 128)
    var isDraining = false
    /// Waits to be called by `finished` of a conversation that is being opened, by number.
    var opening: [Int: (Sessions.Opened) -> Void] = [:]
    var nextOpening = 0
    private let clock: @Sendable () -> Moment
    private let decoder: FrameDecoder

    nonisolated package var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    package init(
        loop: EventLoop, store: EventLog, assistant: Assistant, options: ServiceOptions,
        clock: @escaping @Sendable () -> Moment
    ) {
        self.loop = loop
        self.store = store
        self.assistant = assistant
        self.options = options
        self.clock = clock
        decoder = FrameDecoder(limits: .init(text: options.maxTextBytes))
    }

    /// Whether a conversation could be fetched, and why not.
    enum Fetched: Sendable {
        case found(Int64)
        case unknown
        case failed
    }

    enum Opened {
        case opened(LiveConversation, token: String, replies: [Reply])
        case failed
    }

    func now(_ testTime: Moment?) -> Moment { testTime ?? clock() }

    // MARK: Connections

    func opened(_ connection: WebSocketConnection) {
        let timer = loop.schedule(after: options.helloTimeout) { [weak connection] in
            connection?.close(code: CloseCode.noHello.rawValue, reason: "no hello")
        }
        connection.context = Session(
            connection, state: .waiting(timer: timer), options: options, now: EventLoop.now)
        metrics.connectionsOpened += 1
    }

    func closed(_ connection: WebSocketConnection) {
        guard let session = connection.context as? Session else { return }
        if case .waiting(let timer) = session.state { loop.cancel(timer) }
        if case .attached(let conversation) = session.state { detach(session, from: conversation) }
        session.state = .ended
        connection.context = nil
        metrics.connectionsClosed += 1
    }

    private func detach(_ session: Session, from conversation: LiveConversation) {
        conversation.sessions.removeAll { $0 === session }
        park(conversation)
    }

    /// Lets a conversation without a connection go from memory once there are many; its log has all of it.
    func park(_ conversation: LiveConversation) {
        guard conversation.isIdle else { return }
        idle.append(conversation.id)
        while idle.count > options.maxIdleConversations {
            let id = idle.removeFirst()
            guard let old = live[id], old.isIdle else { continue }
            live[id] = nil
            liveByToken[old.tokenHash] = nil
        }
    }

    // MARK: Frames

    func received(_ bytes: UnsafeRawBufferPointer, isBinary: Bool, on connection: WebSocketConnection) {
        guard let session = connection.context as? Session else { return }
        guard !isBinary else {
            return connection.close(code: CloseCode.unsupportedData.rawValue, reason: "text only")
        }
        let decoded = decoder.decode(bytes)
        if !options.isUnlimited, let wait = session.bucket.take(at: EventLoop.now) {
            let id = (try? decoded.get())?.id
            return refuse(session, FrameError(.rateLimited, id: id, retryAfterMilliseconds: wait))
        }
        switch decoded {
        case .failure(let error): refuse(session, error)
        case .success(let frame):
            do throws(FrameError) { try take(frame, from: session) } catch { refuse(session, error) }
        }
    }

    private func take(_ frame: ClientFrame, from session: Session) throws(FrameError) {
        switch (session.state, frame) {
        case (.waiting(let timer), .hello(let hello)):
            loop.cancel(timer)
            session.state = .attaching(frames: [])
            attach(session, hello)
        case (.waiting, _): throw FrameError(.protocolState, "the first message is `hello`", id: frame.id)
        case (_, .hello): throw FrameError(.protocolState, "`hello` was said already")
        case (.attaching(var frames), _):
            frames.append(frame)
            session.state = .attaching(frames: frames)
        case (.attached(let conversation), _): try take(frame, from: session, in: conversation)
        case (.ended, _): break
        }
    }

    func take(_ frame: ClientFrame, from session: Session, in conversation: LiveConversation)
        throws(FrameError)
    {
        switch frame {
        case .ping(let id):
            guard conversation.note(id, frame.digest) else { throw FrameError(.idConflict, id: id) }
            var json = JSONWriter(headRoom: OutgoingMessage.headRoom, capacity: 64)
            ServerFrames.pong(id: id, to: &json)
            session.connection.send(OutgoingMessage(withHeadRoom: json.bytes))
        case .message(let id, _), .choose(let id, _, _), .feedback(let id, _, _, _), .forget(let id):
            guard conversation.note(id, frame.digest) else { throw FrameError(.idConflict, id: id) }
            enqueue(
                .init(frame: frame, origin: .session(session), time: now(session.testTime)), in: conversation)
        case .hello: break
        }
    }

    /// Says what was wrong. Whoever does nothing but wrong things is sent away.
    func refuse(_ session: Session, _ error: FrameError) {
        metrics.refused[error.code, default: 0] += 1
        var json = JSONWriter(headRoom: OutgoingMessage.headRoom, capacity: 256)
        ServerFrames.error(error, to: &json)
        session.connection.send(OutgoingMessage(withHeadRoom: json.bytes))
        if error.code == .token {
            return session.connection.close(code: CloseCode.token.rawValue, reason: "token")
        }
        if !options.isUnlimited, session.errors.take(at: EventLoop.now) != nil {
            session.connection.close(code: CloseCode.flooding.rawValue, reason: "too many errors")
        }
    }

    // MARK: Life of the service

    /// Answers with another assistant from the next turn on; conversations go on where they stand.
    package func replace(_ assistant: Assistant) {
        self.assistant = assistant
        metrics.reloads += 1
    }

    /// Tells every connection to come back later. Turns under way are still stored and answered.
    package func drain() {
        isDraining = true
        for conversation in live.values.sorted(by: { $0.id < $1.id }) {
            for session in conversation.sessions {
                session.connection.close(code: CloseCode.goingAway.rawValue, reason: "restarting")
            }
        }
    }

    /// Counts up with whatever may take memory.
    var workDone: Int { metrics.turns + metrics.connectionsOpened + metrics.connectionsClosed }

    package var hasWorkInFlight: Bool { live.values.contains { $0.inFlight != nil } }
}
