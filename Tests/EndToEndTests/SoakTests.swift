import Foundation
import JSONText
import Testing
import Transport

/// Much time in little: conversations are opened and ended, the dialogs are read again and again, copies are taken; what
/// the server holds does not grow.
@Suite struct SoakTests {
    /// What the server holds at a moment.
    private struct Holding {
        var done: Int
        var seconds: Double
        var memory: Double
        var descriptors: Int
    }

    private final class Counter: @unchecked Sendable {
        // Sendable: every access holds the lock.
        private let lock = NSLock()
        private var begun = 0
        private var done = 0
        private var wrong: [String] = []

        func take(of total: Int) -> Int? {
            lock.withLock {
                guard begun < total else { return nil }
                begun += 1
                return begun
            }
        }
        func finish(_ mistake: String?) {
            lock.withLock {
                done += 1
                if let mistake { wrong.append(mistake) }
            }
        }
        var finished: Int { lock.withLock { done } }
        var mistakes: [String] { lock.withLock { wrong } }
    }

    /// Opens a conversation, says two things and leaves: every third is erased, the others stay on disk. What went wrong;
    /// nil when nothing did.
    private static func talk(_ server: ServerProcess, _ number: Int) -> String? {
        let begin = ContinuousClock.now
        do {
            // Late is not lost: a machine that does much else lets an answer wait.
            let line = try Line(server, patience: 120)
            try line.hello()
            let first = try line.message("a", "聊城去北京看病怎么备案")
            guard first["seq"]?.integer == 2 else { return "\(number): first \(first)" }
            let second = try line.message("b", "临时去\(number)天")
            guard second["seq"]?.integer == 3 else { return "\(number): second \(second)" }
            guard number % 3 == 0 else { return nil }
            try line.send(#"{"type":"forget","id":"f"}"#)
            let erased = try line.receive()
            return erased["type"]?.string == "done" ? nil : "\(number): erased \(erased)"
        } catch { return "\(number): \(error) after \(ContinuousClock.now - begin)" }
    }

    private static func hold(_ server: ServerProcess, _ done: Int, since start: ContinuousClock.Instant)
        throws
        -> Holding
    {
        let time = (ContinuousClock.now - start).components
        return Holding(
            done: done, seconds: Double(time.seconds),
            memory: try #require(try server.metric("daoban_memory_bytes")),
            descriptors: try FileManager.default.contentsOfDirectory(atPath: "/proc/\(server.identifier)/fd")
                .count)
    }

    @Test(.measures)
    func
        `PRC-14 and YML-10 conversations come and go, dialogs are reloaded, copies are taken: memory stays flat`()
        throws
    {
        let environment = ProcessInfo.processInfo.environment
        let total = environment["DAOBAN_SOAK"].flatMap { Int($0) } ?? 1500
        let server = try ServerProcess(["--limits", "off", "--rest-seconds", "1"])
        let start = ContinuousClock.now
        // Once everything that is opened when it is needed first has been.
        #expect(Self.talk(server, 3) == nil)
        #expect(try eventually { try server.metric("daoban_connections_open") == 0 })
        let first = try Self.hold(server, 1, since: start)
        let counter = Counter()
        let group = DispatchGroup()
        for _ in 0..<4 {
            group.enter()
            Thread.detachNewThread {
                while let number = counter.take(of: total) { counter.finish(Self.talk(server, number)) }
                group.leave()
            }
        }
        var holdings: [Holding] = []
        var copies = 0
        let step = max(1, total / 20)
        while counter.finished < total {
            let done = counter.finished
            // A twentieth of the way stands for a few minutes: dialogs are read anew, and a copy is taken.
            if done >= (holdings.count + 1) * step {
                server.signal(SIGHUP)
                if holdings.count % 4 == 3 {
                    let copy = "\(server.folder)/copy-\(copies)"
                    #expect(try ServerProcess.run(["backup", copy, "--store", server.store]).status == 0)
                    for name in [copy, copy + ".json"] { try FileManager.default.removeItem(atPath: name) }
                    copies += 1
                }
                holdings.append(try Self.hold(server, done, since: start))
            }
            usleep(20_000)
        }
        group.wait()
        #expect(counter.mistakes == [])
        #expect(copies > 0 && holdings.count > 10)
        // All is told and the rush is over: what was taken for it is given back.
        sleep(12)
        let last = try Self.hold(server, total, since: start)
        if environment["DAOBAN_SOAK"] != nil {
            for holding in holdings + [last] {
                print(
                    "soak: \(holding.done) conversations, \(Int(holding.seconds)) s, "
                        + "\(Int(holding.memory / 1000)) kB, \(holding.descriptors) descriptors")
            }
        }
        let early = holdings[2]
        #expect(last.memory <= early.memory * 1.1 + 5_000_000)
        // The log is copied by a connection of its own, which is opened when there is enough to copy: a file and its log.
        #expect(last.descriptors <= first.descriptors + 2, "\(last.descriptors) of \(first.descriptors)")
        #expect(try server.metric("daoban_connections_open") == 0)
        #expect(try server.metric("daoban_reloads_total") ?? 0 > 0)
        #expect(try server.metric("daoban_storage_failures_total") == 0)
        #expect(try server.metric("daoban_forgotten_total") == Double(1 + total / 3))
    }
}
