import Synchronization
import Testing
import Transport
#if canImport(Glibc)
    import Glibc
#endif

@Suite struct EventLoopTests {
    /// What was noted on the loop, in order.
    private final class Notes: Sendable {
        private let list = PosixLock<[Int]>([])
        /// An array of the reader's own: how Swift knows when one that is shared may be changed in place is hidden from the thread
        /// sanitizer.
        var all: [Int] { list.withLock { list in list.map { $0 } } }
        func add(_ note: Int) { list.withLock { $0.append(note) } }
    }

    private func started() throws -> EventLoop {
        let loop = try EventLoop()
        try loop.start()
        return loop
    }

    @Test func `work of many threads is done once, in each thread's order, on the loop`() throws {
        let loop = try started()
        defer { loop.stop() }
        let notes = Notes(), strays = Notes()
        let threads = 8, each = 2000
        var handles: [pthread_t] = []
        for number in 0..<threads {
            let job = Job {
                for count in 0..<each {
                    loop.run {
                        notes.add(number * each + count)
                        if !loop.isOnLoop { strays.add(count) }
                    }
                }
            }
            handles.append(job.start())
        }
        for handle in handles { pthread_join(handle, nil) }
        #expect(eventually { notes.all.count == threads * each })
        let all = notes.all
        for number in 0..<threads {
            #expect(all.filter { $0 / each == number } == Array(number * each..<(number + 1) * each))
        }
        #expect(strays.all.isEmpty)
        #expect(!loop.isOnLoop)
    }

    @Test func `work that is handed in by work comes after what was waiting`() throws {
        let loop = try started()
        defer { loop.stop() }
        let notes = Notes()
        loop.run {
            loop.run { notes.add(3) }
            notes.add(1)
            loop.run { notes.add(4) }
            notes.add(2)
        }
        #expect(eventually { notes.all.count == 4 })
        #expect(notes.all == [1, 2, 3, 4])
    }

    @Test func `what is left for a pause comes once, after all that the loop was given`() throws {
        let loop = try started()
        defer { loop.stop() }
        let notes = Notes()
        loop.run {
            loop.beforePause { notes.add(3) }
            loop.run { notes.add(2) }
            notes.add(1)
        }
        #expect(eventually { notes.all.count == 3 })
        loop.run { notes.add(4) }
        #expect(eventually { notes.all.count == 4 })
        #expect(notes.all == [1, 2, 3, 4])
    }

    @Test func `what is left for a pause is done before a loop ends`() throws {
        let loop = try started()
        let notes = Notes()
        loop.run { loop.beforePause { notes.add(1) } }
        loop.stop()
        #expect(notes.all == [1])
    }

    @Test func `an actor can live on the loop`() async throws {
        let loop = try started()
        defer { loop.stop() }
        let resident = Resident(loop)
        for _ in 0..<100 { await resident.step() }
        #expect(await resident.steps == 100)
        #expect(await resident.isHome)
    }

    private actor Resident {
        private let loop: EventLoop
        var steps = 0
        nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

        init(_ loop: EventLoop) { self.loop = loop }
        func step() { steps += 1 }
        var isHome: Bool { loop.isOnLoop }
    }

    @Test func `a timer goes off once, not before its time`() throws {
        let loop = try started()
        defer { loop.stop() }
        let notes = Notes()
        let start = EventLoop.now
        loop.run {
            loop.schedule(after: 250) { notes.add(EventLoop.now - start) }
            loop.schedule(after: 600) { notes.add(-1) }
        }
        #expect(eventually { notes.all.contains(-1) })
        #expect(notes.all.count == 2)
        #expect(try #require(notes.all.first) >= 250)
    }

    @Test func `a cancelled timer does not go off, even when another cancels it at the same moment`() throws {
        let loop = try started()
        defer { loop.stop() }
        let notes = Notes()
        loop.run {
            let early = loop.schedule(after: 10) { notes.add(1) }
            loop.cancel(early)
            let late = Mutex(-1)
            let shared = Latch(late)
            loop.schedule(after: 20) { loop.cancel(shared.number.withLock { $0 }) }
            let second = loop.schedule(after: 20) { notes.add(2) }
            shared.number.withLock { $0 = second }
            loop.schedule(after: 300) { notes.add(3) }
        }
        #expect(eventually { notes.all.contains(3) })
        #expect(notes.all == [3])
    }

    private final class Latch: Sendable {
        let number: Mutex<Int>
        init(_ number: consuming Mutex<Int>) { self.number = number }
    }

    @Test func `a timer may set the next one`() throws {
        let loop = try started()
        defer { loop.stop() }
        let notes = Notes()
        loop.run {
            loop.schedule(after: 0) {
                notes.add(1)
                loop.schedule(after: 0) { notes.add(2) }
            }
        }
        #expect(eventually { notes.all == [1, 2] })
    }

    @Test func `what was handed in before the end is still done`() throws {
        let notes = Notes()
        for _ in 0..<20 {
            let loop = try started()
            for _ in 0..<100 { loop.run { notes.add(1) } }
            loop.stop()
        }
        #expect(notes.all.count == 2000)
    }

    @Test func `a taken port is told as such`() throws {
        let server = try TestServer()
        let port = server.port
        let error = #expect(throws: TransportError.self) { try TestServer { $0.port = port } }
        #expect(error?.code == .portTaken)
        #expect(error?.description.contains("127.0.0.1:\(port)") == true)
        // The server that was there goes on.
        let client = try server.client()
        try client.send("好".utf8)
        #expect(try client.receive() == .text(Array("好".utf8)))
    }
}

/// A thread that does one thing.
private final class Job: Sendable {
    private let work: @Sendable () -> Void
    init(_ work: @escaping @Sendable () -> Void) { self.work = work }

    func start() -> pthread_t {
        var thread = pthread_t()
        let me = Unmanaged.passRetained(self).toOpaque()
        pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<Job>.fromOpaque(pointer).takeRetainedValue().work()
                return nil
            }, me)
        return thread
    }
}
