import CLibwebsockets
import CLoopShim
import Synchronization
#if canImport(Glibc)
    import Glibc
#endif

/// The thread that owns libwebsockets and everything that belongs to it.
///
/// It is an executor, so that an actor can live on it and the compiler sees that its state is touched by this thread alone.
/// Other threads hand in work with `run`; nothing that waits may be handed in.
package final class EventLoop: SerialExecutor, @unchecked Sendable {
    // Sendable: `mailbox` holds its lock; the rest is set before the thread starts and touched by it alone afterwards.
    private let mailbox = PosixLock(Mailbox())
    private var loop: OpaquePointer?
    private(set) var context: OpaquePointer?
    private var thread = pthread_t()
    /// What is to be done later, by number, and when.
    private var timers: [Int: () -> Void] = [:]
    private var wheel = TimerWheel<Int>(now: EventLoop.now)
    private var nextTimer = 0
    /// What is to be done once the sockets had their turn.
    private var soon: [() -> Void] = []
    /// What is to be done before the system is asked again.
    private var atPause: [() -> Void] = []
    private var isRunning = false
    /// Whether it has been asked to end; on its thread.
    private var mustEnd = false
    private var lastWords: [() -> Void] = []
    /// The loop's own thread while it runs, else 0.
    private let owner = Atomic<pthread_t>(0)

    private struct Mailbox {
        var jobs: [@Sendable () -> Void] = []
        var isWoken = false
        /// Whether nothing is done any more: the loop is gone, or about to be.
        var isOver = false
        /// Threads that wake the loop at the moment, which is not gone before they have.
        var wakers = 0
    }

    package init() throws(TransportError) {
        let me = Unmanaged.passUnretained(self).toOpaque()
        loop = cloop_new(
            me,
            cloop_callbacks(
                on_wake: { EventLoop.from($0).drain() }, on_tick: { EventLoop.from($0).tick() },
                on_pause: { EventLoop.from($0).pause() }))
        guard let loop else { throw TransportError(.loopFailed, "the event loop cannot be made") }
        lws_set_log_level(0, nil)
        context = cloop_context(loop, me)
        guard context != nil else {
            throw TransportError(
                .loopFailed, "libwebsockets cannot use libev; install libwebsockets-evlib-ev")
        }
    }

    nonisolated static func from(_ pointer: UnsafeMutableRawPointer?) -> EventLoop {
        guard let pointer else { preconditionFailure("a callback of the event loop carries its loop") }
        return Unmanaged<EventLoop>.fromOpaque(pointer).takeUnretainedValue()
    }

    // MARK: Running

    /// Starts the thread. The loop keeps itself alive until `stop`. Throws where the system has no thread to give.
    package func start() throws(TransportError) {
        let me = Unmanaged.passRetained(self)
        let result = pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer else { return nil }
                let loop = Unmanaged<EventLoop>.fromOpaque(pointer).takeRetainedValue()
                loop.owner.store(pthread_self(), ordering: .relaxed)
                // What was handed in before comes before anything that the system tells.
                loop.drain()
                if !loop.mustEnd { cloop_run(loop.loop) }
                loop.tearDown()
                return nil
            }, me.toOpaque())
        guard result == 0 else {
            me.release()
            throw TransportError(
                .loopFailed,
                "the system has no thread for an event loop; let the service have more (`TasksMax=`, `ulimit -u`)"
            )
        }
        isRunning = true
    }

    /// From another thread: ends the loop and waits for its thread.
    package func stop() {
        guard isRunning else { return }
        isRunning = false
        run { [self] in
            mustEnd = true
            cloop_break(loop)
        }
        pthread_join(thread, nil)
    }

    /// Before the loop starts, or on its thread: has work done when libwebsockets is gone, such as freeing what it was lent.
    func atEnd(_ work: @escaping () -> Void) { lastWords.append(work) }

    deinit {
        // One that never ran has nobody else to do it.
        if loop != nil { tearDown() }
    }

    private func tearDown() {
        drain()
        pause()
        timers = [:]
        soon = []
        if let context { lws_context_destroy(context) }
        context = nil
        lastWords.forEach { $0() }
        lastWords = []
        mailbox.withLock { $0.isOver = true }
        drain()
        while mailbox.withLock({ $0.wakers > 0 }) { sched_yield() }
        if let loop { cloop_free(loop) }
        loop = nil
        owner.store(0, ordering: .relaxed)
    }

    /// Has the work done on the loop's thread, in the order of the calls. Any thread may call it; once the loop has ended,
    /// nothing is done.
    package func run(_ work: @escaping @Sendable () -> Void) {
        let mustWake = mailbox.withLock { box -> Bool in
            if box.isOver { return false }
            box.jobs.append(work)
            if box.isWoken { return false }
            box.isWoken = true
            box.wakers += 1
            return true
        }
        // Not under the lock, which whoever wakes wants first of all.
        guard mustWake else { return }
        if let loop { cloop_wake(loop) }
        mailbox.withLock { $0.wakers -= 1 }
    }

    /// On the loop's thread: has work done after the sockets had their turn once more.
    private func runNext(_ work: @escaping () -> Void) {
        soon.append(work)
        if let loop { cloop_wake(loop) }
    }

    /// On the loop's thread: has work done once all that the system has told by now was seen to, before it is asked again. So
    /// what many sockets bring at once can be passed on at once.
    package func beforePause(_ work: @escaping () -> Void) { atPause.append(work) }

    private func pause() {
        if atPause.isEmpty { return }
        let due = atPause
        atPause.removeAll(keepingCapacity: true)
        for work in due { work() }
    }

    private func drain() {
        let due = soon
        soon = []
        for work in due { work() }
        while true {
            let jobs = mailbox.withLock { box -> [@Sendable () -> Void] in
                box.isWoken = !box.jobs.isEmpty
                defer { box.jobs.removeAll(keepingCapacity: true) }
                return box.jobs
            }
            if jobs.isEmpty { return }
            for job in jobs { job() }
        }
    }

    // MARK: Executor

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        run { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    package func checkIsolated() { preconditionOnLoop() }
    package func isIsolatingCurrentContext() -> Bool? { isOnLoop }

    package var isOnLoop: Bool {
        owner.load(ordering: .relaxed) == pthread_self()
    }

    package func preconditionOnLoop() {
        precondition(isOnLoop, "the state of an event loop is touched by its own thread alone")
    }

    // MARK: Time

    /// Milliseconds on a clock that never goes back.
    package static var now: Int { nowInMicroseconds / 1000 }

    /// Microseconds on the same clock. Asking for the processor time of the thread instead would be a system call, and two of
    /// those are a fortieth of a turn.
    package static var nowInMicroseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }

    /// On the loop's thread: has the work done once that much time has passed, to a tenth of a second.
    @discardableResult
    package func schedule(after milliseconds: Int, _ work: @escaping () -> Void) -> Int {
        nextTimer += 1
        timers[nextTimer] = work
        wheel.insert(nextTimer, due: EventLoop.now + milliseconds)
        return nextTimer
    }

    package func cancel(_ timer: Int) { timers[timer] = nil }

    /// On the loop's thread, at every step of a timing wheel, for as long as the loop runs: looks at whatever is due. `look`
    /// looks at one thing and returns false when there was none. Of ten thousand that are due at once only a few are looked
    /// at in a row, and whoever talks meanwhile has his turn between.
    package func everyStep(_ look: @escaping () -> Bool) {
        schedule(after: TimerWheel<Int>.step) { [unowned self] in lookInTurn(look) }
    }

    /// Looks in a row; takes about a quarter of a millisecond where each writes to a socket.
    private static let looksInARow = 8

    private func lookInTurn(_ look: @escaping () -> Bool) {
        for _ in 0..<Self.looksInARow where !look() { return everyStep(look) }
        runNext { [unowned self] in lookInTurn(look) }
    }

    /// Also lets libwebsockets look at its own timers, which on libev happens only when the loop wakes for it.
    private func tick() {
        if let context { lws_cancel_service(context) }
        let now = EventLoop.now
        while let timer = wheel.next(now: now) { timers.removeValue(forKey: timer)?() }
    }
}
