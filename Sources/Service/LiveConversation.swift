import Assistant
import Channels
import Conversation
import Dialogue
import Transport

/// A conversation in memory. Belongs to `Sessions`.
final class LiveConversation {
    let id: Int64
    let name: String
    let epoch: String
    let tokenHash: [UInt8]
    var seq: Int
    /// Feedback since the last turn.
    var ordinal: Int
    /// The state after its latest turn; nil while it rests, when only the log has it.
    var tracker: Tracker?
    /// The way it has gone, among those that `Sessions` remembers.
    var path: ConversationPath
    /// Whether it is being read from the log.
    var isWaking = false
    /// When something happened in it last, by the loop's clock.
    var lastUsed = EventLoop.now
    /// Connections that get every turn.
    var sessions: [Session] = []
    /// Other front ends that hear every turn.
    var listeners: [any TurnListener] = []
    /// Whom its front end of Direct Line says to speak for.
    var directLineUser: DirectLine.User?
    /// What waits to be worked, in the order of arrival.
    var queue: [Work] = []
    /// What is being stored at the moment; one thing at a time.
    var inFlight: InFlight?
    /// Bytes of what waits.
    var waitingBytes = 0
    /// Turns over all its connections and over HTTP.
    var bucket: TokenBucket?
    /// The ids that were used.
    var ids: UsedIDs

    init(
        id: Int64, name: String, epoch: String, tokenHash: [UInt8], seq: Int, ordinal: Int, tracker: Tracker,
        path: ConversationPath = .unknown, isNew: Bool = false
    ) {
        self.path = path
        ids = UsedIDs(areAll: isNew)
        self.id = id
        self.name = name
        self.epoch = epoch
        self.tokenHash = tokenHash
        self.seq = seq
        self.ordinal = ordinal
        self.tracker = tracker
    }

    /// Whoever is to be answered.
    enum Origin {
        case session(Session)
        case http(HTTPResponder, token: String, wantsTrace: Bool)
        /// A page or another channel, which words the turn or the error in its own way.
        case rendered(HTTPResponder, @Sendable (Result<[UInt8], FrameError>) -> HTTPResponse)
        /// Another channel, told of the turn or the error, on the loop.
        case told((Result<[UInt8], FrameError>) -> Void)
    }

    final class Work {
        let frame: ClientFrame
        /// Of the frame.
        let digest: UInt64
        let origin: Origin
        let time: Moment
        let arrived = ContinuousClock.now
        /// Whether its id was on its way for something else when it came.
        var isContested = false

        init(frame: ClientFrame, digest: UInt64? = nil, origin: Origin, time: Moment) {
            self.frame = frame
            self.digest = digest ?? frame.digest
            self.origin = origin
            self.time = time
        }

        /// Bytes that it takes in memory, about.
        var size: Int {
            switch frame {
            case .message(let id, let text): 256 + id.utf8.count + text.utf8.count
            case .feedback(_, _, _, let comment): 256 + (comment?.utf8.count ?? 0)
            case .person(let id, let owner, let text):
                256 + id.utf8.count + owner.utf8.count + text.utf8.count
            case .handBack(let id, let text): 256 + id.utf8.count + text.utf8.count
            case .choose, .forget, .ping, .hello: 512
            }
        }
    }

    /// What is done with work whose id is free.
    enum Next {
        case forget
        case refuse(FrameError)
    }

    final class InFlight {
        let work: Work
        let frame: [UInt8]
        /// The state once it is stored; nil for what is no turn.
        let turn: Assistant.Turn?
        let path: ConversationPath
        let micros: Int
        /// What comes next when its id is free; for what is not stored.
        let then: Next?

        init(
            work: Work, frame: [UInt8], turn: Assistant.Turn?, path: ConversationPath = .unknown,
            micros: Int = 0, then: Next? = nil
        ) {
            self.then = then
            self.work = work
            self.frame = frame
            self.turn = turn
            self.path = path
            self.micros = micros
        }
    }

    var isIdle: Bool { sessions.isEmpty && listeners.isEmpty && hasNoWork }
    var hasNoWork: Bool { queue.isEmpty && inFlight == nil }
}

/// One connection's life within a conversation. Belongs to `Sessions`.
final class Session {
    enum State {
        /// Nothing was said yet; the timer ends the wait.
        case waiting(timer: Int)
        /// A conversation is being made or fetched; frames wait.
        case attaching(frames: [ClientFrame])
        case attached(LiveConversation)
        case ended
    }

    let connection: WebSocketConnection
    var state: State
    var bucket: TokenBucket
    var errors: MinuteLimit
    /// What was refused for coming too fast.
    var refusals: TokenBucket
    /// When the last frame came.
    var lastHeard: Int
    var wantsTrace = false
    /// The time a test gave to its turns.
    var testTime: Moment?

    init(_ connection: WebSocketConnection, state: State, options: ServiceOptions, now: Int) {
        self.connection = connection
        self.state = state
        bucket = TokenBucket(perSecond: options.messagesPerSecond, burst: options.messageBurst, now: now)
        errors = MinuteLimit(options.errorsPerMinute)
        refusals = TokenBucket(
            perSecond: options.refusalsPerSecond, burst: options.refusalBurst, now: now)
        lastHeard = now
    }
}
