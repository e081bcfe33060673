import Foundation
import JSONText
import Synchronization
import Testing
import Transport

/// What may befall the process while it works: a trap, a turn without end, no memory, a clock that jumps.
@Suite struct ProcessFaultTests {
    private struct Bench {
        let faults: Faults
        let server: ServerProcess

        init(_ options: [String] = ["--limits", "off"]) throws {
            let folder = ServerProcess.temporaryFolder()
            faults = try Faults("\(folder)/faults")
            server = try ServerProcess(
                options, environment: faults.environment(turns: "\(folder)/daoban.sqlite.turn"),
                folder: folder)
        }

        /// Takes a conversation up where it was.
        func resume(_ line: Line) throws -> Line {
            let again = try Line(server)
            #expect(try again.hello(",\"token\":\"\(line.token)\",\"seq\":1")["resumed"]?.bool == true)
            while try again.receive()["type"]?.string != "resumed" {}
            return again
        }
    }

    @Test func `PRC-11 a message that traps the program is refused the second time, everything else goes on`()
        throws
    {
        let bench = try Bench()
        let (poisoned, other) = (try Line(bench.server), try Line(bench.server))
        for line in [poisoned, other] {
            try line.hello()
            #expect(try line.message("a", "你好")["seq"]?.integer == 2)
        }
        bench.faults.arm(Faults.turnTrap, after: 0, times: 1, error: 0)
        try poisoned.sendMessage("b", "聊城去北京看病怎么备案")
        #expect(bench.server.waitForEnd().isSignal)
        #expect(bench.faults.disarm() == 1)
        // What it was is known at the next start, and at the one after.
        for _ in 0..<2 {
            try bench.server.start()
            let again = try bench.resume(poisoned)
            for id in ["b", "c\(bench.server.port)"] {
                let answer = try again.message(id, "聊城去北京看病怎么备案")
                #expect(answer["code"]?.string == "internal")
                #expect(answer["retryable"]?.bool == false)
            }
            #expect(try again.message("d", "谢谢")["seq"]?.integer == 3)
            // Said by somebody else it may be harmless.
            let neighbour = try bench.resume(other)
            #expect(try neighbour.message("b", "聊城去北京看病怎么备案")["seq"]?.integer == 3)
            #expect(try bench.server.metric("daoban_refused_total{code=\"internal\"}") == 2)
            bench.server.signal(SIGTERM)
            #expect(bench.server.waitForExit() == 0)
        }
        #expect(!bench.server.log.contains("聊城"))
    }

    @Test func `PRC-11 a process that is killed from outside refuses nothing`() throws {
        let bench = try Bench()
        let line = try Line(bench.server)
        try line.hello()
        bench.faults.arm(Faults.turnSpin, after: 0, times: 1, error: 0)
        try line.sendMessage("a", "你好")
        #expect(eventually { bench.faults.hits == 1 })
        bench.server.crash()
        _ = bench.faults.disarm()
        try bench.server.start()
        #expect(try bench.resume(line).message("a", "你好")["seq"]?.integer == 2)
    }

    @Test
    func `PRC-12 a turn without end is cut after a second of processor time and refused, others resume`()
        throws
    {
        let bench = try Bench()
        let (slow, other) = (try Line(bench.server), try Line(bench.server))
        for line in [slow, other] { try line.hello() }
        bench.faults.arm(Faults.turnSpin, after: 0, times: 1, error: 0)
        let before = bench.server.processorTime
        try slow.sendMessage("a", "你好")
        // As far as it could be seen while the process was there.
        var spent = 0
        #expect(
            eventually(within: 60) {
                spent = max(spent, bench.server.processorTime - before)
                return !bench.server.isRunning
            })
        let end = bench.server.waitForEnd()
        _ = bench.faults.disarm()
        #expect(!end.isSignal && end.status == 70)
        #expect(spent < 3_000_000_000, "\(spent) ns")
        #expect(bench.server.log.contains("turn.too_long"))
        try bench.server.start()
        #expect(try bench.resume(slow).message("a", "你好")["code"]?.string == "turn_timeout")
        #expect(try bench.resume(other).message("a", "你好")["seq"]?.integer == 2)
    }

    @Test(.measures) func `PRC-06 without memory the process may end, and nothing answered is lost`() throws {
        let bench = try Bench()
        var ends = 0
        for number in stride(from: 0, to: 400, by: 20) {
            let line = try Line(bench.server)
            try line.hello()
            let first = try line.message("a", "你好")
            #expect(first["seq"]?.integer == 2)
            bench.faults.arm(Faults.memory, after: Int32(number), times: 1, error: ENOMEM)
            var answered = 2
            // By the time the connection is gone the process is, too.
            while answered < 12, let answer = try? line.message("m\(answered)", "异地备案怎么办") {
                if let seq = answer["seq"]?.integer { answered = seq } else { break }
            }
            _ = bench.faults.disarm()
            if !bench.server.isRunning
                || !eventually(within: 0.2, { (try? bench.server.get("/livez")) != nil })
            {
                ends += 1
                _ = bench.server.waitForEnd()
                try bench.server.start()
            }
            let list = try bench.server.get("/v1/turns", headers: [("Authorization", "Bearer \(line.token)")])
            let turns = try JSONParser.parse(list.body)["turns"]?.array ?? []
            let seqs = turns.compactMap { $0["seq"]?.integer }
            #expect(seqs == Array(1...max(1, seqs.count)))
            #expect(seqs.count >= answered)
            #expect(turns.dropFirst().first == first)
        }
        #expect(ends > 0)
    }

    @Test(.measures)
    func `PRC-05 beyond its memory the server lets nobody new in, those inside go on, and it recovers`()
        throws
    {
        // Less than it takes when it starts.
        let server = try ServerProcess(["--limits", "off"])
        let idle = try #require(try server.metric("daoban_memory_bytes"))
        #expect(idle > 1_000_000)
        server.signal(SIGTERM)
        #expect(server.waitForExit() == 0)
        // Far enough above that a tenth below it is more than what thousands of conversations leave behind in the allocator.
        let limit = Int(idle) >> 20 + 24
        let tight = try ServerProcess(["--limits", "off", "--max-memory", "\(limit)"])
        // Every conversation and its connection take some.
        var lines = try tight.crowd(limit: limit)
        #expect(!lines.isEmpty && lines.count < 8000)
        #expect(try tight.metric("daoban_memory_lacking") == 1)
        #expect(try lines[0].message("a", "你好")["seq"]?.integer == 2)
        let refused = try tight.get(
            "/v1/turns", method: "POST", headers: [("Content-Type", "application/json")],
            body: #"{"id":"a","text":"你好"}"#)
        #expect(refused.status == 429)
        #expect(eventually { tight.log.contains("memory.short") })
        lines = []
        #expect(try eventually(within: 120) { try tight.metric("daoban_memory_lacking") == 0 })
        #expect(try Line(tight).hello()["type"]?.string == "welcome")
    }

    @Test func `PRC-07 with a twentieth of a processor turns are slow, in order, and no line is dropped`()
        throws
    {
        let server = try ServerProcess(["--limits", "off", "--ping-seconds", "1", "--hang-up-seconds", "20"])
        let lines = try (0..<20).map { _ in
            let line = try Line(server)
            try line.hello()
            return line
        }
        let isOver = Atomic(false)
        let slowing = DispatchGroup()
        Thread.detachNewThread(slowing) {
            while !isOver.load(ordering: .relaxed), server.isRunning {
                server.signal(SIGSTOP)
                usleep(57_000)
                server.signal(SIGCONT)
                usleep(3_000)
            }
        }
        defer {
            isOver.store(true, ordering: .relaxed)
            slowing.wait()
        }
        // For several times as long as the server waits between two pings.
        let end = ContinuousClock.now + .seconds(6)
        var count = 0
        while count < 2 || ContinuousClock.now < end {
            for line in lines { try line.sendMessage("m\(count)", "聊城去北京看病怎么备案") }
            for line in lines { #expect(try line.receive()["seq"]?.integer == count + 2) }
            count += 1
        }
        let open = try withExtendedLifetime(lines) { try server.metric("daoban_connections_open") }
        #expect(open == 20)
    }

    @Test func `KNO-05 a first start that is killed while it keeps what it has read leaves nothing half`()
        throws
    {
        let folder = ServerProcess.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let faults = try Faults("\(folder)/faults")
        func ask(_ cache: String) throws -> ServerProcess.Run {
            try ServerProcess.run(
                ["ask", "--json", "聊城去北京看病怎么备案", "临时去", "济南的电话"],
                environment: faults.environment(files: "/kept-").merging([
                    "DAOBAN_CACHE": "\(folder)/kept-\(cache)"
                ]) { $1 })
        }
        faults.arm(Faults.open | Faults.write, after: .max, times: 1, error: Faults.dies)
        let expected = try ask("whole")
        #expect(expected.status == 0 && expected.output.contains("备案"))
        let calls = Int32.max - faults.countdown
        faults.arm(Faults.write, after: .max, times: 1, error: Faults.dies)
        #expect(try ask("whole again").status == 0)
        let writes = Int32.max - faults.countdown
        // Each goes on from what the one before has left, so there is always as much left to do.
        let kills: Int32 = 12
        try #require(writes > 3 * kills)
        for kill in 0..<kills {
            // Only a write can be torn.
            if kill % 2 == 0 {
                faults.arm(
                    Faults.open | Faults.write, after: calls / (kills + 1), times: 1, error: Faults.dies)
            } else {
                faults.arm(Faults.write, after: writes / (kills + 1), times: 1, error: Faults.tears)
            }
            #expect(try ask("cut").isKilled, "kill \(kill), \(calls) calls, \(writes) writes")
        }
        #expect(faults.disarm() == 1)
        for _ in 0..<2 { #expect(try ask("cut").output == expected.output) }
    }

    /// A server with three loops, for which threads cannot be had: so many can, then so many (-1: all) cannot.
    private func start(
        after number: Int, times: Int32, _ body: (ServerProcess) throws -> Void
    ) throws -> (failed: Int32, end: ServerProcess.DidNotStart?) {
        let folder = ServerProcess.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let faults = try Faults("\(folder)/faults")
        faults.arm(Faults.thread, after: Int32(number), times: times, error: EAGAIN)
        do {
            let server = try ServerProcess(
                ["--limits", "off", "--threads", "3"], environment: faults.environment,
                folder: "\(folder)/store")
            try body(server)
            server.signal(SIGTERM)
            #expect(server.waitForExit() == 0)
            return (faults.disarm(), nil)
        } catch let error as ServerProcess.DidNotStart {
            return (faults.disarm(), error)
        }
    }

    private func expectAllLoopsWork(_ server: ServerProcess) throws {
        let lines = try (0..<6).map { _ in try Line(server) }
        for line in lines {
            try line.hello()
            #expect(try line.message("a", "你好")["seq"]?.integer == 2)
        }
    }

    private func expectOneLine(_ end: ServerProcess.DidNotStart) {
        #expect(end.status == 3, "\(end.log)")
        #expect(end.log.split(separator: "\n").count == 1, "\(end.log)")
        #expect(end.log.contains("thread") && end.log.contains("TasksMax"), "\(end.log)")
    }

    @Test func `PRC-07 where a thread cannot be had the start ends with one line or all loops work`() throws {
        var ends = 0
        for number in 0..<60 {
            let (failed, end) = try start(after: number, times: 1, expectAllLoopsWork)
            if let end {
                ends += 1
                expectOneLine(end)
            }
            // All that it starts has been tried. Every loop needs its thread, and so does the event log, whose turn comes now
            // sooner, now later, as it is opened while the dialogs are read; the others are not needed.
            if failed == 0 { return #expect(ends >= 3) }
        }
        Issue.record("there is no end of threads")
    }

    @Test
    func
        `PRC-07 where no thread can be had from the N-th on the start ends with one line, or needs none to end`()
        throws
    {
        var ends = 0
        for number in 0..<60 {
            let (_, end) = try start(after: number, times: -1, expectAllLoopsWork)
            guard let end else {
                // With as many as that it works; its end needs no more.
                return #expect(number == ends && ends >= 4)
            }
            ends += 1
            expectOneLine(end)
        }
        Issue.record("there is no end of threads")
    }

    @Test func `PRC-07 while no more threads are to be had turns go on, and so do reloads and the end`()
        throws
    {
        let bench = try Bench()
        let line = try Line(bench.server)
        try line.hello()
        bench.faults.arm(Faults.thread, after: 0, times: -1, error: EAGAIN)
        bench.server.signal(SIGHUP)
        for number in 0..<200 { #expect(try line.message("m\(number)", "谢谢")["seq"]?.integer == number + 2) }
        let other = try Line(bench.server)
        try other.hello()
        try other.send(#"{"type":"forget","id":"f"}"#)
        #expect(try other.receive()["type"]?.string == "done")
        #expect(try eventually(within: 20) { try bench.server.metric("daoban_reloads_total") == 1 })
        #expect(try line.message("n", "谢谢")["seq"]?.integer == 202)
        bench.server.signal(SIGTERM)
        #expect(try line.closeCode() == 1001)
        #expect(bench.server.waitForExit() == 0)
        #expect(bench.faults.disarm() > 0)
    }

    @Test(arguments: [400 * 86_400, -400 * 86_400] as [Int32])
    func
        `PRC-08, STA-15 and STO-15 a clock that jumps by a year erases nothing, ends no line and keeps the order`(
            jump: Int32
        ) throws
    {
        let bench = try Bench(["--test-clock", "--retention-days", "180", "--limits", "off"])
        let line = try Line(bench.server)
        try line.hello()
        #expect(try line.message("a", "聊城去北京看病怎么备案")["seq"]?.integer == 2)
        // The first look at the clocks comes half a second after the start.
        usleep(1_200_000)
        bench.faults.clock = jump
        #expect(try eventually { try bench.server.metric("daoban_clock_jumps_total") == 1 })
        #expect(eventually { bench.server.log.contains("clock.jumped") })
        usleep(1_500_000)
        #expect(try line.message("b", "临时去")["seq"]?.integer == 3)
        line.client.drop()
        let again = try bench.resume(line)
        #expect(try again.message("c", "没有转诊单")["seq"]?.integer == 4)
        again.client.drop()
        usleep(1_500_000)
        #expect(try bench.server.metric("daoban_expired_total") == 0)
        #expect(try bench.resume(line).message("d", "谢谢")["seq"]?.integer == 5)
    }
}
