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

    /// Listens and starts to serve.
    package init(
        assistant: Assistant, store: EventLog, options: ServiceOptions, logger: Logger,
        clock: @escaping @Sendable () -> Moment
    ) throws(TransportError) {
        MemoryKeeper.prepare()
        self.store = store
        self.logger = logger
        loop = try EventLoop()
        sessions = Sessions(loop: loop, store: store, assistant: assistant, options: options, clock: clock)
        server = Server(loop: loop, options: options.server, handler: Gateway(sessions, options: options))
        try server.listen()
        port = server.port
        let loop = loop, sessions = sessions
        loop.run {
            MemoryKeeper.watch(loop, work: { sessions.assumeIsolated { $0.workDone } })
        }
        loop.start()
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
        // The loop sends what is queued before it ends.
        try? await Task.sleep(for: .milliseconds(200))
        logger.info("service.drained")
    }

    package func stop() {
        store.close()
        loop.stop()
        logger.info("service.stopped")
    }
}
