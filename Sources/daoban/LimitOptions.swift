import ArgumentParser
import Service
import Transport

/// How much the server puts up with; each limit is an option of its own.
struct LimitOptions: ParsableArguments {
    @Option(help: "Bytes of an utterance at most.") var maxText = Environment.integer("MAX_TEXT") ?? 4096
    @Option(help: "Bytes of a message or a request at most.")
    var maxMessage = Environment.integer("MAX_MESSAGE") ?? 65_536
    @Option(help: "Fragments of a message at most.")
    var maxFragments = Environment.integer("MAX_FRAGMENTS") ?? 1024
    @Option(help: "Connections at most.") var maxConnections =
        Environment.integer("MAX_CONNECTIONS") ?? 15_000
    @Option(help: "Connections from one address at most.") var maxConnectionsPerAddress =
        Environment.integer("MAX_CONNECTIONS_PER_ADDRESS") ?? 200
    @Option(help: "Bytes that may wait for a slow reader.")
    var maxQueued = Environment.integer("MAX_QUEUED") ?? 262_144
    @Option(help: "Bytes that may wait to be worked in one conversation.")
    var maxWaiting = Environment.integer("MAX_WAITING") ?? 1 << 20
    @Option(help: "Bytes that may wait to be worked in all conversations.")
    var maxWaitingInAll = Environment.integer("MAX_WAITING_IN_ALL") ?? 64 << 20
    @Option(help: "Messages a second from one connection, and turns a second of one conversation.")
    var messageRate = Environment.integer("MESSAGE_RATE") ?? 20
    @Option(help: "Messages that may come at once.") var messageBurst =
        Environment.integer("MESSAGE_BURST") ?? 40
    @Option(help: "Mistakes of one connection in a minute before it is closed.")
    var errorLimit = Environment.integer("ERROR_LIMIT") ?? 20
    @Option(help: "Requests for turns over HTTP a second from one address.")
    var requestRate = Environment.integer("REQUEST_RATE") ?? 100
    @Option(help: "Requests for turns over HTTP that may come at once.")
    var requestBurst = Environment.integer("REQUEST_BURST") ?? 200
    @Option(help: "Conversations a second that one address may begin.")
    var conversationRate = Environment.integer("CONVERSATION_RATE") ?? 20
    @Option(help: "Conversations that one address may begin at once.")
    var conversationBurst = Environment.integer("CONVERSATION_BURST") ?? 400
    @Option(help: "WebSockets a second that all together may open.")
    var handshakeRate = Environment.integer("HANDSHAKE_RATE") ?? 1000
    @Option(help: "WebSockets that may be opened at once.")
    var handshakeBurst = Environment.integer("HANDSHAKE_BURST") ?? 4000
    @Option(help: "Sessions of Socket.IO at most.")
    var maxEngineSessions = Environment.integer("MAX_ENGINE_SESSIONS") ?? 4096
    @Option(help: "Seconds within which the head of a request must come.")
    var headSeconds = Environment.integer("HEAD_SECONDS") ?? 10
    @Option(help: "Seconds within which the body of a request must come.")
    var bodySeconds = Environment.integer("BODY_SECONDS") ?? 30
    @Option(help: "Seconds within which a fragmented message must end.")
    var messageSeconds = Environment.integer("MESSAGE_SECONDS") ?? 30
    @Option(help: "Seconds within which `hello` must come.")
    var helloSeconds = Environment.integer("HELLO_SECONDS") ?? 10
    @Option(help: "Seconds of silence after which a WebSocket is pinged.")
    var pingSeconds = Environment.integer("PING_SECONDS") ?? 25
    @Option(help: "Seconds of silence after which a WebSocket is given up.")
    var hangUpSeconds = Environment.integer("HANG_UP_SECONDS") ?? 35
    @Option(help: "Seconds without a frame after which a WebSocket is closed.")
    var idleSeconds = Environment.integer("IDLE_SECONDS") ?? 3600
    @Option(help: "Seconds without a turn after which a conversation is kept on disk alone.")
    var restSeconds = Environment.integer("REST_SECONDS") ?? 60

    @Option(help: "Seconds of processor time that a turn may take before the service ends and refuses it.")
    var turnSeconds = Environment.integer("TURN_SECONDS") ?? 1
    @Option(
        help: "Megabytes beyond which nobody new is let in; 0: nine tenths of what the control group allows.")
    var maxMemory = Environment.integer("MAX_MEMORY") ?? 0

    static let keys = [
        "max-text", "max-message", "max-fragments", "max-connections", "max-connections-per-address",
        "max-queued", "max-waiting", "max-waiting-in-all", "message-rate", "message-burst", "error-limit",
        "request-rate", "request-burst", "conversation-rate", "conversation-burst", "handshake-rate",
        "handshake-burst", "max-engine-sessions", "head-seconds", "body-seconds", "message-seconds",
        "hello-seconds", "ping-seconds", "hang-up-seconds", "idle-seconds", "rest-seconds",
        "turn-seconds", "max-memory",
    ]

    func validate() throws {
        let all = [
            maxText, maxMessage, maxFragments, maxConnections, maxConnectionsPerAddress, maxQueued,
            maxWaiting, maxWaitingInAll, messageRate, messageBurst, errorLimit, requestRate, requestBurst,
            conversationRate, conversationBurst, handshakeRate, handshakeBurst, maxEngineSessions,
            headSeconds, bodySeconds, messageSeconds, helloSeconds, pingSeconds, hangUpSeconds, idleSeconds,
            restSeconds, turnSeconds,
        ]
        for (key, value) in zip(Self.keys, all) where value < 1 || value > 1 << 40 {
            throw ValidationError("--\(key) must be a whole number above 0, and \(value) is not")
        }
        if !(0...1 << 40).contains(maxMemory) {
            throw ValidationError("--max-memory must be 0 or a whole number above, and \(maxMemory) is not")
        }
        if hangUpSeconds <= pingSeconds {
            throw ValidationError(
                "--hang-up-seconds must be more than --ping-seconds, which is \(pingSeconds)")
        }
        if hangUpSeconds > 65_535 || headSeconds > 65_535 {
            throw ValidationError("--hang-up-seconds and --head-seconds are at most 65535")
        }
    }

    /// `sockets`: how many the system lets us have.
    func apply(to options: inout ServiceOptions, isUnlimited: Bool, sockets: Int) {
        options.server.maxMessageBytes = maxMessage
        options.server.maxBodyBytes = maxMessage
        options.server.maxFragments = maxFragments
        options.server.maxConnections = maxConnections
        options.server.maxSockets = sockets
        options.server.maxConnectionsPerAddress = isUnlimited ? maxConnections : maxConnectionsPerAddress
        options.server.maxQueuedBytes = maxQueued
        options.server.headTimeout = headSeconds
        options.server.bodyTimeout = bodySeconds * 1000
        options.server.messageTimeout = messageSeconds * 1000
        options.server.pingAfter = pingSeconds
        options.server.hangUpAfter = hangUpSeconds
        options.isUnlimited = isUnlimited
        options.maxTextBytes = maxText
        options.maxWaitingBytes = maxWaiting
        options.maxWaitingBytesInAll = maxWaitingInAll
        options.messagesPerSecond = messageRate
        options.messageBurst = messageBurst
        options.errorsPerMinute = errorLimit
        options.requestsPerSecond = requestRate
        options.requestBurst = requestBurst
        options.conversationsPerSecond = conversationRate
        options.conversationBurst = conversationBurst
        options.handshakesPerSecond = handshakeRate
        options.handshakeBurst = handshakeBurst
        options.maxEngineSessions = maxEngineSessions
        options.helloTimeout = helloSeconds * 1000
        options.idleTimeout = idleSeconds * 1000
        options.restAfter = restSeconds * 1000
        options.maxMemoryBytes = maxMemory > 0 ? maxMemory << 20 : Footprint.allowed ?? 0
    }
}
