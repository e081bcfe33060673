package import Assistant
package import Conversation
package import Logging
package import Storage
package import Transport

/// The running server: one event loop, one store, one assistant.
package final class Daemon: Sendable {
    package let port: Int
    private let loop: EventLoop
    private let server: Server
    private let sessions: Sessions
    private let store: EventLog
    private let logger: Logger

    /// Listens and starts to serve. `watch` is started by whoever made it.
    package init(
        assistant: Assistant, store: EventLog, options: ServiceOptions, watch: TurnWatch?, logger: Logger,
        clock: @escaping @Sendable () -> Moment
    ) throws(TransportError) {
        MemoryKeeper.prepare()
        self.store = store
        self.logger = logger
        loop = try EventLoop()
        sessions = Sessions(
            loop: loop, store: store, assistant: assistant, options: options, watch: watch,
            logger: logger, clock: clock)
        server = Server(loop: loop, options: options.server, handler: Gateway(sessions, options: options))
        try server.listen()
        port = server.port
        let loop = loop, sessions = sessions
        let server = server
        loop.run {
            sessions.assumeIsolated { $0.socketsRefused = { server.socketsRefused } }
            MemoryKeeper.watch(loop, work: { sessions.assumeIsolated { $0.workDone } })
            loop.everyStep { sessions.assumeIsolated { $0.restNext() } }
        }
        loop.start()
        // Sooner in tests, whose conversations are of another time.
        every(options.allowsTestClock ? 500 : 60_000) { sessions.assumeIsolated { $0.eraseExpired() } }
        every(1000) { sessions.assumeIsolated { $0.tendEngines() } }
        every(500) { sessions.assumeIsolated { $0.tendMemory() } }
        every(10_000) { sessions.assumeIsolated { $0.closeIdle() } }
        logger.info("service.started", metadata: ["port": "\(port)", "assistant": "\(assistant.version)"])
    }

    /// Answers with another assistant from the next turn on.
    package func replace(_ assistant: Assistant) {
        let sessions = sessions
        loop.run { sessions.assumeIsolated { $0.replace(assistant) } }
        logger.info("service.reloaded", metadata: ["assistant": "\(assistant.version)"])
    }

    /// Takes no new connections, tells those there are to come back, and waits until what is under way is stored.
    package func drain(seconds: Int) async {
        let sessions = sessions, server = server
        loop.run {
            server.stopAccepting()
            sessions.assumeIsolated { $0.drain() }
        }
        let end = ContinuousClock.now + .seconds(seconds)
        while await sessions.hasWorkInFlight, ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(20))
        }
        loop.run {
            sessions.assumeIsolated { $0.endPolls() }
            server.closeAll(code: 1001, reason: "restarting")
        }
        // Whoever reads has been told when nothing is queued any more; whoever doesn't is not waited for.
        let farewell = min(end, ContinuousClock.now + .seconds(3))
        while await !sessions.haveBeenTold(server), ContinuousClock.now < farewell {
            try? await Task.sleep(for: .milliseconds(20))
        }
        try? await Task.sleep(for: .milliseconds(100))
        logger.info("service.drained")
    }

    /// Has something done on the loop every so many milliseconds, which shows that the loop is alive.
    package func every(_ milliseconds: Int, _ work: @escaping @Sendable () -> Void) {
        let loop = loop
        loop.run { Daemon.repeatWork(on: loop, every: milliseconds, work) }
    }

    private static func repeatWork(
        on loop: EventLoop, every milliseconds: Int, _ work: @escaping @Sendable () -> Void
    ) {
        loop.schedule(after: milliseconds) {
            work()
            repeatWork(on: loop, every: milliseconds, work)
        }
    }

    package func stop() {
        store.close()
        loop.stop()
        logger.info("service.stopped")
    }
}
