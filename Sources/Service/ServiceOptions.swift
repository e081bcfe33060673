package import Transport

/// How the service treats its clients.
package struct ServiceOptions: Sendable {
    package var server = ServerOptions()
    /// Sites that may connect besides the server's own host and loopback.
    package var origins: [String] = []
    package var requiresOrigin = false
    /// What sites sign with to say who the person is; nil when none may.
    package var identifySecret: [UInt8]?
    /// What the desk proves itself with; nil when no person takes conversations over.
    package var deskSecret: [UInt8]?
    /// Whether clients may ask how a turn came about.
    package var allowsTrace = false
    /// Whether clients may set the time of their turns; for tests only.
    package var allowsTestClock = false
    /// Rates are not limited; for load tests on loopback.
    package var isUnlimited = false
    package var maxTextBytes = 4096
    package var messagesPerSecond = 20
    package var messageBurst = 40
    /// Mistakes of one connection within a minute before it is sent away.
    package var errorsPerMinute = 20
    /// Messages of one connection that may be refused for coming too fast, a second and at once, before it is sent away.
    package var refusalsPerSecond = 10
    package var refusalBurst = 400
    /// Requests for turns over HTTP from one address, a second and at once.
    package var requestsPerSecond = 100
    package var requestBurst = 200
    /// Conversations that one address begins, a second and at once.
    package var conversationsPerSecond = 20
    package var conversationBurst = 400
    /// WebSockets that all together open, a second and at once.
    package var handshakesPerSecond = 1000
    package var handshakeBurst = 4000
    /// Bytes of what waits to be worked in one conversation, and in all.
    package var maxWaitingBytes = 1 << 20
    package var maxWaitingBytesInAll = 64 << 20
    /// Sessions of Socket.IO that are held at once.
    package var maxEngineSessions = 4096
    package var helloTimeout = 10_000
    /// Milliseconds without a frame after which a connection is closed with 4408.
    package var idleTimeout = 3_600_000
    /// Days after which a conversation in which nothing happens is erased; 0 for never.
    package var retentionDays = 180
    /// Turns between two snapshots of a conversation. Writing one takes the time of some ten turns (callgrind); the turns since
    /// the last are only read when somebody comes back, some fifty in a millisecond.
    package var snapshotInterval = 250
    /// Milliseconds without a turn after which of a conversation only what finds it again is kept in memory.
    package var restAfter = 60_000
    /// Bytes of memory beyond which nobody new is let in; 0 for no bound.
    package var maxMemoryBytes = 0
    /// Conversations without a connection that are kept in memory.
    package var maxIdleConversations = 256

    package init() {}
}
