package import Assistant
import Channels
package import Conversation
import Dialogue
import JSONText
package import Logging
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
    var fetching: [[UInt8]: [(Sessions.Fetched) -> Void]] = [:]
    var metrics = Metrics()
    var waitingPeople = WaitingPeople()
    /// What is kept from turn to turn.
    var memory = TurnMemory()
    /// The replies in `memory` as JSON, by their numbers there.
    var encodedReplies = RecentValues<Int, EncodedReplies>(limit: 512)
    /// Events of turns that several conversations took alike, by the path.
    var encodedEvents = RecentValues<ConversationPath, EncodedTurnEvents>(limit: 512)
    /// When each conversation that is awake is looked at next.
    var awake = TimerWheel<Int64>(now: EventLoop.now)
    /// Conversations that were let rest, over all time.
    var rested = 0
    var isDraining = false
    /// Whether the last thing the store was asked for failed.
    var lacksStorage = false
    /// Every open connection's session, by the connection's number.
    var sessions: [Int: Session] = [:]
    /// What the channels of other front ends hold.
    var channels = ForeignChannels()
    /// Notes what is worked, so that what ends the service does so once; nil where that can't be had.
    let watch: TurnWatch?
    var clockWatch = ClockWatch()
    private let footprint = Footprint()
    /// How many sockets the transport closed unheard.
    package var socketsRefused: (() -> Int)?
    /// Whether there is so little memory left that nobody new is let in.
    var lacksMemory = false
    /// Up to which conversation has been looked for old ones.
    var expiryPlace: Int64 = 0
    /// Bytes of what waits to be worked, in all conversations.
    var waitingBytes = 0
    var conversationRates: AddressRates
    var requestRates: AddressRates
    private var handshakes: TokenBucket
    /// When a foreign site was named in the log last.
    private var foreign: [String: Int] = [:]
    let logger: Logger
    /// Waits to be called by `finished` of a conversation that is being opened, by number.
    var opening: [Int: (Sessions.Opened) -> Void] = [:]
    var nextOpening = 0
    private let clock: @Sendable () -> Moment
    private let decoder: FrameDecoder

    nonisolated package var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    package init(
        loop: EventLoop, store: EventLog, assistant: Assistant, options: ServiceOptions, watch: TurnWatch?,
        logger: Logger, clock: @escaping @Sendable () -> Moment
    ) {
        self.loop = loop
        self.store = store
        self.assistant = assistant
        self.options = options
        self.watch = watch
        self.clock = clock
        self.logger = logger
        conversationRates = AddressRates(
            perSecond: options.conversationsPerSecond, burst: options.conversationBurst)
        requestRates = AddressRates(perSecond: options.requestsPerSecond, burst: options.requestBurst)
        handshakes = TokenBucket(
            perSecond: options.handshakesPerSecond, burst: options.handshakeBurst, now: EventLoop.now)
        decoder = FrameDecoder(limits: .init(text: options.maxTextBytes))
    }

    /// Whether a conversation could be fetched, and why not.
    enum Fetched: Sendable {
        case found(Int64)
        case unknown
        case failed
    }

    enum Opened {
        /// `replies`: what is said first, as JSON.
        case opened(LiveConversation, token: String, replies: [UInt8])
        case failed
    }

    func now(_ testTime: Moment?) -> Moment { testTime ?? clock() }

    // MARK: Connections

    /// Nil when one more WebSocket may be opened, else the milliseconds until one may.
    func takeHandshake() -> Int? {
        if lacksMemory { return Self.memoryWait }
        return options.isUnlimited ? nil : handshakes.take(at: EventLoop.now)
    }

    func opened(_ connection: WebSocketConnection) {
        guard connection.path == "/v1/chat" else { return openedForeign(connection) }
        let timer = loop.schedule(after: options.helloTimeout) { [weak connection] in
            connection?.close(code: CloseCode.noHello.rawValue, reason: "no hello")
        }
        let session = Session(
            connection, state: .waiting(timer: timer), options: options, now: EventLoop.now)
        connection.context = session
        sessions[connection.id] = session
        metrics.connectionsOpened += 1
        logger.debug(
            "connection.opened",
            metadata: ["connection": "\(connection.id)", "address": "\(connection.peerAddress)"])
        if isDraining { sayFarewell(session) }
    }

    func closed(_ connection: WebSocketConnection) {
        if let socket = connection.context as? any ForeignSocket { socket.closed(connection, in: self) }
        if let session = connection.context as? Session {
            if case .waiting(let timer) = session.state { loop.cancel(timer) }
            if case .attached(let conversation) = session.state { detach(session, from: conversation) }
            session.state = .ended
            sessions[connection.id] = nil
        }
        connection.context = nil
        metrics.connectionsClosed += 1
        logger.debug("connection.ended", metadata: ["connection": "\(connection.id)"])
        guard let code = connection.closeCode.flatMap(CloseCode.init) else { return }
        metrics.closed[code, default: 0] += 1
        guard code != .normal, code != .goingAway else { return }
        logger.notice(
            "connection.closed",
            metadata: ["code": "\(code.rawValue)", "address": "\(connection.peerAddress)"])
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
        // Whoever has an answer to come is not gone yet, but nothing new is begun; it is sent again elsewhere.
        if isDraining { return }
        guard let session = connection.context as? Session else {
            guard !isBinary else {
                return connection.close(code: CloseCode.unsupportedData.rawValue, reason: "text only")
            }
            (connection.context as? any ForeignSocket)?.received(bytes, on: connection, in: self)
            return
        }
        session.lastHeard = EventLoop.now
        guard !isBinary else {
            return connection.close(code: CloseCode.unsupportedData.rawValue, reason: "text only")
        }
        let decoded = decoder.decode(bytes)
        if !options.isUnlimited, let wait = session.bucket.take(at: EventLoop.now) {
            let id = (try? decoded.get())?.id
            refuse(session, FrameError(.rateLimited, id: id, retryAfterMilliseconds: wait))
            if session.refusals.take(at: EventLoop.now) != nil {
                session.connection.close(code: CloseCode.flooding.rawValue, reason: "flooding")
            }
            return
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
            if hello.resume == nil, let wait = takeConversation(session.connection.peerAddress) {
                throw FrameError(.rateLimited, retryAfterMilliseconds: wait)
            }
            let person = try identify(hello.identity)
            loop.cancel(timer)
            session.state = .attaching(frames: [])
            attach(session, hello, person)
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
            let digest = frame.digest
            guard conversation.note(id, digest) else { throw FrameError(.idConflict, id: id) }
            let work = LiveConversation.Work(
                frame: frame, digest: digest, origin: .session(session), time: now(session.testTime))
            enqueue(work, in: conversation)
        case .hello, .person, .handBack: break
        }
    }

    /// Nil when the address may begin a conversation, else the milliseconds until it may.
    func takeConversation(_ address: String) -> Int? {
        if lacksMemory { return Self.memoryWait }
        return options.isUnlimited ? nil : conversationRates.take(address, at: EventLoop.now)
    }

    /// Milliseconds after which to ask again where memory is short.
    private static let memoryWait = 5000

    /// Bytes of memory that are ours.
    var memoryBytes: Int { footprint?.bytes ?? 0 }

    /// Looks at how much memory is taken. Beyond the bound nobody new is let in, and conversations without a turn at the moment are
    /// kept on disk alone; with a tenth below it, all is as before.
    package func tendMemory() {
        guard options.maxMemoryBytes > 0 else { return }
        let bytes = memoryBytes
        if lacksMemory {
            guard bytes < options.maxMemoryBytes / 10 * 9 else {
                restAll()
                return MemoryKeeper.giveBack()
            }
            lacksMemory = false
            return logger.notice("memory.enough", metadata: ["bytes": "\(bytes)"])
        }
        guard bytes > options.maxMemoryBytes else { return }
        restAll()
        MemoryKeeper.giveBack()
        guard memoryBytes > options.maxMemoryBytes else { return }
        lacksMemory = true
        logger.error("memory.short", metadata: ["bytes": "\(memoryBytes)"])
    }

    /// Whether there is room for more work: what waits is bounded in bytes, and in pace over all ways into the conversation.
    func admit(_ work: LiveConversation.Work, to conversation: LiveConversation) throws(FrameError) {
        let isFull =
            conversation.waitingBytes + work.size > options.maxWaitingBytes
            || waitingBytes + work.size > options.maxWaitingBytesInAll
        if isFull {
            throw FrameError(
                .rateLimited, "too much is waiting", id: work.frame.id, retryAfterMilliseconds: 1000)
        }
        guard !options.isUnlimited else { return }
        let now = EventLoop.now
        var bucket =
            conversation.bucket
            ?? TokenBucket(perSecond: options.messagesPerSecond, burst: options.messageBurst, now: now)
        let wait = bucket.take(at: now)
        conversation.bucket = bucket
        if let wait { throw FrameError(.rateLimited, id: work.frame.id, retryAfterMilliseconds: wait) }
    }

    /// Tells an error.
    func tell(_ session: Session, _ error: FrameError) {
        metrics.refused[error.code, default: 0] += 1
        logger.info(
            "frame.refused",
            metadata: ["code": "\(error.code.rawValue)", "connection": "\(session.connection.id)"])
        var json = JSONWriter(headRoom: OutgoingMessage.headRoom, capacity: 256)
        ServerFrames.error(error, to: &json)
        session.connection.send(OutgoingMessage(withHeadRoom: json.bytes))
    }

    /// Says what was wrong. Whoever does nothing but wrong things is sent away.
    func refuse(_ session: Session, _ error: FrameError) {
        tell(session, error)
        if error.code == .token {
            return session.connection.close(code: CloseCode.token.rawValue, reason: "token")
        }
        if !options.isUnlimited, error.code.isMistake, !session.errors.note(at: EventLoop.now) {
            session.connection.close(code: CloseCode.flooding.rawValue, reason: "too many errors")
        }
    }

    // MARK: Life of the service

    /// Answers with another assistant from the next turn on; conversations go on where they stand.
    package func replace(_ assistant: Assistant) {
        self.assistant = assistant
        metrics.reloads += 1
    }

    /// Tells every connection to come back later: those that wait for an answer once they have it, the others at once.
    package func drain() {
        isDraining = true
        for session in sessions.values.sorted(by: { $0.connection.id < $1.connection.id }) {
            if case .attached(let conversation) = session.state, !conversation.hasNoWork { continue }
            sayFarewell(session)
        }
    }

    /// Counts up with whatever may take memory.
    var workDone: Int { rested + metrics.turns + metrics.connectionsOpened + metrics.connectionsClosed }

    func sayFarewell(_ session: Session) {
        session.connection.close(code: CloseCode.goingAway.rawValue, reason: "restarting")
    }

    /// Closes connections from which nothing has come for long.
    package func closeIdle() {
        let now = EventLoop.now
        for session in sessions.values where now - session.lastHeard > options.idleTimeout {
            session.connection.close(code: CloseCode.idle.rawValue, reason: "idle")
        }
    }

    /// A site that may not connect is named in the log once a minute.
    func noteForeign(_ origin: String) {
        let now = EventLoop.now
        if let last = foreign[origin], now - last < 60_000 { return }
        if foreign.count >= 256 { foreign = foreign.filter { now - $0.value < 60_000 } }
        guard foreign.count < 256 else { return }
        foreign[origin] = now
        logger.notice("origin.refused", metadata: ["origin": "\(origin.prefix(200))"])
    }

    /// Something could not be stored or read; the next that can ends it.
    func storageFailed(_ error: StorageError) {
        metrics.storageFailures += 1
        lacksStorage = true
        logger.error("storage.failed", metadata: ["code": "\(error.code.rawValue)", "error": "\(error)"])
    }

    /// Whether every connection has been sent all there was to say.
    package func haveBeenTold(_ server: Server) -> Bool { server.isQuiet }

    package var hasWorkInFlight: Bool { live.values.contains { !$0.hasNoWork } }
}
