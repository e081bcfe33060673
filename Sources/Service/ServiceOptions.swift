package import Transport

/// How the service treats its clients.
package struct ServiceOptions: Sendable {
    package var server = ServerOptions()
    /// Sites that may connect besides the server's own host and loopback.
    package var origins: [String] = []
    package var requiresOrigin = false
    /// Whether clients may ask how a turn came about.
    package var allowsTrace = false
    /// Whether clients may set the time of their turns; for tests only.
    package var allowsTestClock = false
    /// Rates are not limited; for load tests on loopback.
    package var isUnlimited = false
    package var maxTextBytes = 4096
    package var messagesPerSecond = 20
    package var messageBurst = 40
    package var errorsPerMinute = 20
    package var helloTimeout = 10_000
    /// Turns between two snapshots of a conversation.
    package var snapshotInterval = 50
    /// Conversations without a connection that are kept in memory.
    package var maxIdleConversations = 2000

    package init() {}
}

/// A rate with a burst, in whole tokens; time comes in.
struct TokenBucket {
    private let rate: Int
    private let burst: Int
    /// Thousandths of a token.
    private var level: Int
    private var last: Int

    init(perSecond rate: Int, burst: Int, now: Int) {
        self.rate = rate
        self.burst = burst
        level = burst * 1000
        last = now
    }

    /// Nil when a token was taken, else the milliseconds until there is one.
    mutating func take(at now: Int) -> Int? {
        level = min(burst * 1000, level + (now - last) * rate)
        last = now
        guard level >= 1000 else { return (1000 - level + rate - 1) / rate }
        level -= 1000
        return nil
    }
}
