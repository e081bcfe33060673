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
    /// Which of the loops it is, and all of them.
    let index: Int
    var peers: [Sessions] = []
    /// Connections of this loop that are guests of another.
    var connectionsAbroad = 0
    let commons: Commons
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
    /// What is kept from turn to turn.
    var memory = TurnMemory()
    /// The replies in `memory` as JSON, by their numbers there.
    var encodedReplies = RecentValues<Int, SharedBytes>(limit: 512)
    /// Events of turns that several conversations took alike, by the path.
    var encodedEvents = RecentValues<ConversationPath, SharedEvents>(limit: 512)
    /// When each conversation that is awake is looked at next.
    var awake = TimerWheel<Int64>(now: EventLoop.now)
    var isDraining = false
    /// Every open connection's session, by the connection's number.
    var sessions: [Int: Session] = [:]
    /// What the channels of other front ends hold.
    var channels = ForeignChannels()
    /// Notes what is worked, so that what ends the service does so once; nil where that can't be had.
    let watch: TurnWatch?
    var clockWatch = ClockWatch()
    /// How many sockets the transport closed unheard, and how many bytes wait there.
    package var transport: (() -> (socketsRefused: Int, queuedBytes: Int))?
    /// Up to which conversation has been looked for old ones.
    var expiryPlace: Int64 = 0
    /// Whether old ones are being looked for or erased; those that were found and wait, and how many are under way. On the first
    /// loop.
    var isExpiring = false
    var expiring: [Expired.Conversation] = []
    var erasing = 0
    let logger: Logger
    /// Waits to be called by `finished` of a conversation that is being opened, by number.
    var opening: [Int: (Sessions.Opened) -> Void] = [:]
    var nextOpening = 0
    /// Is told of the entries that await more in the store; nil when none do.
    var storeListener: AppendListener?
    private let clock: @Sendable () -> Moment
    private let decoder: FrameDecoder

    nonisolated package var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// `index`: which of the loops it is, in the order of `meet`.
    package init(
        loop: EventLoop, index: Int = 0, commons: Commons, store: EventLog, assistant: Assistant,
        options: ServiceOptions, watch: TurnWatch?,
        logger: Logger, clock: @escaping @Sendable () -> Moment
    ) {
        self.loop = loop
        self.index = index
        self.commons = commons
        self.store = store
        self.assistant = assistant
        self.options = options
        self.watch = watch
        self.clock = clock
        self.logger = logger
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
        return options.isUnlimited ? nil : commons.takeHandshake()
    }

    func opened(_ connection: WebSocketConnection) {
        guard connection.path == "/v1/chat" else { return openedForeign(connection) }
        // By its number, not by a weak reference: with one, every use of the connection would be counted at several times the cost.
        let id = connection.id
        let timer = loop.schedule(after: options.helloTimeout) { [unowned self] in
            sessions[id]?.connection.close(code: CloseCode.noHello.rawValue, reason: "no hello")
        }
        let session = Session(
            connection, state: .waiting(timer: timer), options: options, now: EventLoop.now)
        connection.context = session
        sessions[connection.id] = session
        noteOpened()
        logger.debug(
            "connection.opened",
            metadata: ["connection": "\(connection.id)", "address": "\(connection.peerAddress)"])
        if isDraining { sayFarewell(session) }
    }

    func noteOpened() {
        metrics.connectionsOpened += 1
        commons.noteWork()
    }

    func closed(_ connection: WebSocketConnection) {
        if let guest = connection.context as? Guest {
            dismiss(guest)
        } else {
            left(connection, as: connection.context)
        }
        connection.context = nil
        metrics.connectionsClosed += 1
        commons.noteWork()
        logger.debug("connection.ended", metadata: ["connection": "\(connection.id)"])
        guard let code = connection.closeCode.flatMap(CloseCode.init) else { return }
        metrics.closed[code, default: 0] += 1
        guard code != .normal, code != .goingAway else { return }
        logger.notice(
            "connection.closed",
            metadata: ["code": "\(code.rawValue)", "address": "\(connection.peerAddress)"])
    }

    /// A connection that is gone leaves what it was here.
    func left(_ connection: WebSocketConnection, as context: AnyObject?) {
        if let socket = context as? any ForeignSocket { socket.closed(connection, in: self) }
        if let session = context as? Session {
            if case .waiting(let timer) = session.state { loop.cancel(timer) }
            if case .attached(let conversation) = session.state { detach(session, from: conversation) }
            session.state = .ended
            sessions[connection.id] = nil
        }
    }

    private func detach(_ session: Session, from conversation: LiveConversation) {
        conversation.sessions.removeAll { $0 === session }
        park(conversation)
    }

    /// Lets a conversation without a connection go from memory once there are many; its log has all of it.
    func park(_ conversation: LiveConversation) {
        guard conversation.isIdle else { return }
        idle.append(conversation.id)
        // So many on all loops together.
        while idle.count * max(1, peers.count) > options.maxIdleConversations {
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
        if let guest = connection.context as? Guest { return pass(bytes, isBinary: isBinary, of: guest) }
        hear(bytes, isBinary: isBinary, on: connection, as: connection.context)
    }

    /// A message on a connection, which is `context` here.
    func hear(
        _ bytes: UnsafeRawBufferPointer, isBinary: Bool, on connection: WebSocketConnection,
        as context: AnyObject?
    ) {
        if isDraining { return }
        guard let session = context as? Session else {
            guard !isBinary else {
                return connection.close(code: CloseCode.unsupportedData.rawValue, reason: "text only")
            }
            (context as? any ForeignSocket)?.received(bytes, on: connection, in: self)
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
            if let place = hello.resume {
                let owner = owner(of: Identity.key(place.token, of: person))
                if owner !== self { return hand(session, to: owner, hello, person) }
            }
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
        case .ping(let id): try answerPing(id, frame.digest, from: session, in: conversation)
        case .message, .choose, .feedback, .forget:
            let origin = LiveConversation.Origin.session(session)
            enqueue(.init(frame: frame, origin: origin, time: now(session.testTime)), in: conversation)
        case .hello, .person, .handBack: break
        }
    }

    /// Nil when the address may begin a conversation, else the milliseconds until it may.
    func takeConversation(_ address: String) -> Int? {
        if lacksMemory { return Self.memoryWait }
        return options.isUnlimited ? nil : commons.takeConversation(address)
    }

    /// Milliseconds after which to ask again where memory is short.
    private static let memoryWait = 5000

    /// Whether the last thing the store was asked for failed.
    var lacksStorage: Bool {
        get { commons.lacksStorage }
        set { commons.lacksStorage = newValue }
    }

    /// Whether there is so little memory left that nobody new is let in.
    var lacksMemory: Bool {
        get { commons.lacksMemory }
        set { commons.lacksMemory = newValue }
    }

    /// Bytes of memory that are ours.
    var memoryBytes: Int { commons.memoryBytes }

    /// Looks at how much memory is taken. Beyond the bound nobody new is let in, and conversations without a turn at the moment are
    /// kept on disk alone; with a tenth below it, all is as before. Called on the first loop.
    package func tendMemory() {
        guard options.maxMemoryBytes > 0 else { return }
        let bytes = memoryBytes
        if lacksMemory {
            guard bytes < options.maxMemoryBytes / 10 * 9 else { return restEverywhere { _ in } }
            lacksMemory = false
            return logger.notice("memory.enough", metadata: ["bytes": "\(bytes)"])
        }
        guard bytes > options.maxMemoryBytes else { return }
        restEverywhere { sessions in
            guard sessions.memoryBytes > sessions.options.maxMemoryBytes else { return }
            sessions.lacksMemory = true
            sessions.logger.error("memory.short", metadata: ["bytes": "\(sessions.memoryBytes)"])
        }
    }

    private func restEverywhere(_ then: @escaping @Sendable (isolated Sessions) -> Void) {
        askAll({ $0.restAll() }) { sessions, _ in
            MemoryKeeper.giveBack()
            then(sessions)
        }
    }

    /// Makes room for more work: what waits is bounded in bytes, and in pace over all ways into the conversation. What was let in
    /// counts from now on.
    func admit(_ work: LiveConversation.Work, to conversation: LiveConversation) throws(FrameError) {
        let isFull =
            conversation.waitingBytes + work.size > options.maxWaitingBytes
            || !commons.reserve(work.size, limit: options.maxWaitingBytesInAll)
        if isFull {
            throw FrameError(
                .rateLimited, "too much is waiting", id: work.frame.id, retryAfterMilliseconds: 1000)
        }
        conversation.waitingBytes += work.size
        guard !options.isUnlimited else { return }
        let now = EventLoop.now
        var bucket =
            conversation.bucket
            ?? TokenBucket(perSecond: options.messagesPerSecond, burst: options.messageBurst, now: now)
        let wait = bucket.take(at: now)
        conversation.bucket = bucket
        guard let wait else { return }
        release(work.size, of: conversation)
        throw FrameError(.rateLimited, id: work.frame.id, retryAfterMilliseconds: wait)
    }

    /// So many bytes of the conversation do not wait any more.
    func release(_ bytes: Int, of conversation: LiveConversation) {
        conversation.waitingBytes -= bytes
        commons.release(bytes)
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
        if isChair { metrics.reloads += 1 }
    }

    /// Tells every connection to come back later: those that wait for an answer once they have it, the others at once.
    package func drain() {
        isDraining = true
        for session in sessions.values.sorted(by: { $0.connection.id < $1.connection.id }) {
            if case .attached(let conversation) = session.state, !conversation.hasNoWork { continue }
            sayFarewell(session)
        }
    }

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
        guard commons.namesForeign(origin) else { return }
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
