package import Assistant
package import Conversation
package import Logging
package import Storage
package import Transport

/// The running server: one store, one assistant, and one event loop or several that share a port and the conversations.
package final class Daemon: Sendable {
    package let port: Int
    private let loops: [Loop]
    private let store: EventLog
    private let logger: Logger

    private struct Loop {
        let events: EventLoop
        let sessions: Sessions
        let server: Server

        /// Has work done on the loop.
        func run(_ work: @escaping @Sendable (isolated Sessions, Server) -> Void) {
            let sessions = sessions, server = server
            events.run { sessions.assumeIsolated { work($0, server) } }
        }
    }

    /// Listens and starts to serve on so many loops. `watch` is started by whoever made it.
    package init(
        assistant: Assistant, store: EventLog, options: ServiceOptions, watch: TurnWatch?, logger: Logger,
        threads: Int = 1, clock: @escaping @Sendable () -> Moment
    ) throws(TransportError) {
        precondition((1...TurnWatch.slots).contains(threads), "every loop has a slot of the turn watch")
        MemoryKeeper.prepare()
        self.store = store
        self.logger = logger
        let commons = Commons(options), census = Census()
        var loops: [Loop] = []
        for index in 0..<threads {
            let events = try EventLoop()
            let sessions = Sessions(
                loop: events, index: index, commons: commons, store: store, assistant: assistant,
                options: options, watch: watch, logger: logger, clock: clock)
            let server = Server(
                loop: events, options: options.server, handler: Gateway(sessions, options: options),
                census: census, index: index, of: threads)
            loops.append(Loop(events: events, sessions: sessions, server: server))
        }
        self.loops = loops
        try loops[0].server.listen(with: loops.dropFirst().map(\.server))
        port = loops[0].server.port
        let peers = loops.map(\.sessions)
        for loop in loops {
            loop.run { sessions, server in
                sessions.meet(peers)
                sessions.transport = { (server.socketsRefused, server.queuedBytes) }
            }
            let events = loop.events, sessions = loop.sessions
            events.run { events.everyStep { sessions.assumeIsolated { $0.restNext() } } }
        }
        let first = loops[0].events
        first.run { MemoryKeeper.watch(first, work: { commons.workDone }) }
        do throws(TransportError) { for loop in loops { try loop.events.start() } } catch {
            // One without all its loops would leave whoever comes to the others unheard.
            for loop in loops { loop.events.stop() }
            throw error
        }
        loops[0].run { sessions, _ in sessions.listThoseWaiting() }
        // Sooner in tests, whose conversations are of another time.
        every(options.allowsTestClock ? 500 : 60_000, on: loops[0]) { $0.eraseExpired() }
        every(500, on: loops[0]) { $0.tendMemory() }
        for loop in loops {
            every(1000, on: loop) { $0.tendEngines() }
            every(10_000, on: loop) { $0.closeIdle() }
        }
        logger.info("service.started", metadata: ["port": "\(port)", "assistant": "\(assistant.version)"])
    }

    /// Answers with another assistant from the next turn on.
    package func replace(_ assistant: Assistant) {
        for loop in loops { loop.run { sessions, _ in sessions.replace(assistant) } }
        logger.info("service.reloaded", metadata: ["assistant": "\(assistant.version)"])
    }

    /// Takes no new connections, tells those there are to come back, and waits until what is under way is stored. All on the
    /// calling thread, so that an end needs no thread that the system may not have. `pause` lets so many milliseconds pass; when
    /// it tells that there is to be no more waiting, this returns at once and false.
    @discardableResult
    package func drain(seconds: Int, pause: (_ milliseconds: Int) -> Bool) -> Bool {
        for loop in loops {
            loop.run { sessions, server in
                server.stopAccepting()
                sessions.drain()
            }
        }
        let end = ContinuousClock.now + .seconds(seconds)
        // Asked in turn, twice: what one loop has handed to another before it was asked is seen there when the other is asked
        // again.
        let twice = loops + loops
        guard wait(until: end, pause, { Daemon.ask(twice[...], { s, _ in !s.hasWorkInFlight }, $0) }) else {
            return false
        }
        for loop in loops {
            loop.run { sessions, server in
                sessions.endPolls()
                server.closeAll(code: 1001, reason: "restarting")
            }
        }
        // Whoever reads has been told when nothing is queued any more; whoever doesn't is not waited for.
        let farewell = min(end, ContinuousClock.now + .seconds(3))
        let all = loops
        guard
            wait(
                until: farewell, pause, { Daemon.ask(all[...], { s, server in s.haveBeenTold(server) }, $0) })
        else { return false }
        if pause(100) { return false }
        logger.info("service.drained")
        return true
    }

    /// Asks again until the answer is yes or the time is up; false when there is to be no more waiting.
    private func wait(
        until end: ContinuousClock.Instant, _ pause: (_ milliseconds: Int) -> Bool,
        _ question: (@escaping @Sendable (Bool) -> Void) -> Void
    ) -> Bool {
        while true {
            let answer = PosixLock<Bool?>(nil)
            question { yes in answer.withLock { $0 = yes } }
            var heard: Bool?
            while heard == nil {
                if ContinuousClock.now >= end { return true }
                if pause(10) { return false }
                heard = answer.withLock { $0 }
            }
            if heard == true { return true }
        }
    }

    /// Asks one loop after the other, as long as they say yes.
    private static func ask(
        _ loops: ArraySlice<Loop>, _ question: @escaping @Sendable (isolated Sessions, Server) -> Bool,
        _ answer: @escaping @Sendable (Bool) -> Void
    ) {
        guard let next = loops.first else { return answer(true) }
        next.run { sessions, server in
            guard question(sessions, server) else { return answer(false) }
            ask(loops.dropFirst(), question, answer)
        }
    }

    /// Has something done every so many milliseconds, each time that all loops have shown that they are alive.
    package func every(_ milliseconds: Int, whileAlive work: @escaping @Sendable () -> Void) {
        let loops = loops
        every(milliseconds, on: loops[0]) { _ in Daemon.pass(loops.dropFirst(), work) }
    }

    private static func pass(_ loops: ArraySlice<Loop>, _ work: @escaping @Sendable () -> Void) {
        guard let next = loops.first else { return work() }
        next.events.run { pass(loops.dropFirst(), work) }
    }

    private func every(
        _ milliseconds: Int, on loop: Loop, _ work: @escaping @Sendable (isolated Sessions) -> Void
    ) {
        let events = loop.events, sessions = loop.sessions
        events.run { Daemon.repeatWork(on: events, every: milliseconds) { sessions.assumeIsolated(work) } }
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
        for loop in loops { loop.events.stop() }
        logger.info("service.stopped")
    }
}
