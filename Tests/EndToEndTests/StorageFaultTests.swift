import Foundation
import GRDB
import JSONText
import Testing
import Transport

/// What the disk may do, done by a library that stands in front of the system's calls.
@Suite struct StorageFaultTests {
    /// What a client did while the disk failed, and what it was told.
    private struct Story {
        var token = ""
        /// Answers by turn, as they came.
        var answers: [Int: [UInt8]] = [:]
        var failures = 0
    }

    /// Begins a conversation and says three things, as far as it goes.
    private func talk(_ server: ServerProcess) throws -> Story {
        var story = Story()
        let line = try Line(server)
        try line.send(#"{"type":"hello","protocol":1}"#)
        do {
            let welcome = try line.receive()
            guard let token = welcome["token"]?.string else {
                #expect(welcome["code"]?.string == "storage_unavailable")
                #expect(try line.closeCode() == 4507)
                story.failures += 1
                return story
            }
            story.token = token
            for number in 1...3 {
                try line.sendMessage("m\(number)", "聊城去北京看病怎么备案")
                let bytes = try line.receiveBytes()
                let answer = try JSONParser.parse(bytes)
                if let seq = answer["seq"]?.integer {
                    story.answers[seq] = bytes
                } else {
                    #expect(answer["code"]?.string == "storage_unavailable")
                    #expect(answer["retryable"]?.bool == true)
                    #expect(answer["retry_after_ms"]?.integer ?? 0 > 0)
                    #expect(answer["id"]?.string == "m\(number)")
                    #expect(try line.closeCode() == 4507)
                    story.failures += 1
                    return story
                }
            }
        } catch let closed as Line.Closed { Issue.record("closed with \(closed.code) and no answer") }
        return story
    }

    /// What was answered is there, byte for byte, and the conversation takes up where it was.
    private func expectKept(_ story: Story, _ server: ServerProcess) throws {
        guard !story.token.isEmpty else { return }
        let line = try Line(server)
        let welcome = try line.hello(",\"token\":\"\(story.token)\",\"seq\":1")
        #expect(welcome["resumed"]?.bool == true)
        var stored: [Int: [UInt8]] = [:]
        while true {
            let bytes = try line.receiveBytes()
            let frame = try JSONParser.parse(bytes)
            guard frame["type"]?.string == "turn", let seq = frame["seq"]?.integer else { break }
            stored[seq] = bytes
        }
        for (seq, answer) in story.answers { #expect(stored[seq] == answer) }
        // Of the turn that failed either nothing or all is there; sent again, it is answered once.
        let last = stored.keys.max() ?? 1
        let again = try line.message("m\(story.answers.count + 1)", "聊城去北京看病怎么备案")
        #expect(again["duplicate"]?.bool == (last > story.answers.count + 1))
        #expect(again["seq"]?.integer == story.answers.count + 2)
    }

    @Test(arguments: [
        ("write", Faults.write, EIO), ("fsync", Faults.sync, EIO), ("ftruncate", Faults.truncate, EIO),
        ("open", Faults.open, EMFILE), ("write on a full disk", Faults.write, ENOSPC),
    ]) func `STO-02 and STO-04 an error at the N-th call is told, loses nothing and is over when it is over`(
        what: String, call: Int32, error: Int32
    ) throws {
        let folder = ServerProcess.temporaryFolder()
        let faults = try Faults("\(folder)/faults")
        let server = try ServerProcess(["--limits", "off"], environment: faults.environment, folder: folder)
        var quiet = 0
        var hits = 0
        for number in 0..<60 where quiet < 3 {
            faults.arm(call, after: Int32(number), times: 1, error: error)
            let story = try talk(server)
            if faults.disarm() == 0 { quiet += 1 } else { hits += 1 }
            try expectKept(story, server)
        }
        #expect(quiet == 3 || call == Faults.write)
        if call == Faults.write || call == Faults.sync { #expect(hits > 0, "\(what)") }
        server.crash()
        try server.start()
        #expect(try talk(server).answers.count == 3)
    }

    @Test
    func
        `STO-03 and HTTP-15 while the disk is full nothing is acknowledged, reading goes on, and space is enough`()
        throws
    {
        let folder = ServerProcess.temporaryFolder()
        let faults = try Faults("\(folder)/faults")
        let server = try ServerProcess(["--limits", "off"], environment: faults.environment, folder: folder)
        let before = try talk(server)
        #expect(before.answers.count == 3)
        #expect(try server.get("/readyz").status == 200)
        faults.arm(Faults.write, after: 0, times: -1, error: ENOSPC)
        for _ in 0..<3 {
            let story = try talk(server)
            #expect(story.token.isEmpty && story.failures == 1)
        }
        let post = try server.get(
            "/v1/turns", method: "POST", headers: [("Content-Type", "application/json")],
            body: "{\"token\":\"\(before.token)\",\"id\":\"h\",\"text\":\"你好\"}")
        #expect(post.status == 503)
        #expect(try JSONParser.parse(post.body)["code"]?.string == "storage_unavailable")
        #expect(post.head.contains("Retry-After: 1"))
        let list = try server.get("/v1/turns", headers: [("Authorization", "Bearer \(before.token)")])
        #expect(try JSONParser.parse(list.body)["turns"]?.array?.count == 4)
        #expect(try server.get("/livez").status == 200)
        let ready = try server.get("/readyz")
        #expect(ready.status == 503)
        // No details to strangers.
        #expect(String(decoding: ready.body, as: UTF8.self) == "degraded\n")
        #expect(try server.metric("daoban_storage_failures_total") ?? 0 >= 4)
        #expect(eventually { server.log.contains("storage.failed") })
        #expect(!server.log.contains("看病"))
        _ = faults.disarm()
        #expect(try server.get("/readyz").status == 200)
        try expectKept(before, server)
        #expect(try talk(server).answers.count == 3)
    }

    @Test func `STO-02 frames that wait behind a failure fail too, so that none overtakes another`() throws {
        let folder = ServerProcess.temporaryFolder()
        let faults = try Faults("\(folder)/faults")
        let server = try ServerProcess(["--limits", "off"], environment: faults.environment, folder: folder)
        let line = try Line(server)
        try line.hello()
        faults.arm(Faults.sync, after: 0, times: 1, error: EIO)
        for number in 0..<5 { try line.sendMessage("m\(number)", "你好") }
        let (frames, code) = try line.receiveToEnd()
        #expect(code == 4507)
        // The first ones fail; should some have come after the failure was over, they are answered in order.
        let failed = frames.prefix { $0["code"]?.string == "storage_unavailable" }
        #expect(!failed.isEmpty)
        #expect(failed.compactMap { $0["id"]?.string } == (0..<failed.count).map { "m\($0)" })
        _ = faults.disarm()
        let again = try Line(server)
        try again.hello(",\"token\":\"\(line.token)\",\"seq\":1")
        _ = try again.receive()
        for number in 0..<5 { #expect(try again.message("m\(number)", "你好")["seq"]?.integer == number + 2) }
    }

    @Test func `STO-05 a place where nothing can be stored ends the start with 3 and one line that says why`()
        throws
    {
        for (path, words) in [
            (ServerProcess.root, "Is a directory"), ("/dev/null/x.sqlite", "Not a directory"),
            ("/proc/none/x.sqlite", "No such file"),
        ] {
            let run = try ServerProcess.run(["serve", "--port", "0", "--store", path])
            #expect(run.status == 3)
            #expect(run.errors.contains(words), "\(run.errors)")
            #expect(run.errors.contains("--store"))
            #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        }
    }

    @Test func `STO-07 a lock of another program is waited for, and told when it lasts; nothing is lost`()
        throws
    {
        let server = try ServerProcess()
        let line = try Line(server)
        try line.hello()
        let other = try DatabaseQueue(path: server.store)
        // Holds the file for so many seconds while something else is done.
        func hold(_ seconds: Double) -> DispatchGroup {
            let group = DispatchGroup()
            Thread.detachNewThread(group) {
                try? other.inDatabase { database in
                    try database.execute(sql: "BEGIN IMMEDIATE")
                    usleep(useconds_t(seconds * 1_000_000))
                    try database.execute(sql: "ROLLBACK")
                }
            }
            usleep(200_000)
            return group
        }
        let start = ContinuousClock.now
        let short = hold(2)
        #expect(try line.message("a", "你好")["seq"]?.integer == 2)
        #expect(ContinuousClock.now - start > .seconds(1.5))
        short.wait()
        let long = hold(8)
        try line.sendMessage("b", "你好")
        // Reading goes on meanwhile.
        let list = try server.get("/v1/turns", headers: [("Authorization", "Bearer \(line.token)")])
        #expect(try JSONParser.parse(list.body)["turns"]?.array?.count == 2)
        let error = try line.receive()
        #expect(error["code"]?.string == "storage_unavailable")
        #expect(error["retryable"]?.bool == true)
        #expect(try line.closeCode() == 4507)
        long.wait()
        let again = try Line(server)
        #expect(try again.hello(",\"token\":\"\(line.token)\",\"seq\":2")["seq"]?.integer == 2)
        _ = try again.receive()
        #expect(try again.message("b", "你好")["seq"]?.integer == 3)
        #expect(try server.get("/readyz").status == 200)
    }

    @Test func `STO-10 a first start that fails at any call can be tried again`() throws {
        for number in 0..<40 {
            let folder = ServerProcess.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let faults = try Faults("\(folder)/faults")
            faults.arm(Faults.write | Faults.sync, after: Int32(number), times: 1, error: EIO)
            let server = try? ServerProcess(
                ["--limits", "off"], environment: faults.environment, folder: "\(folder)/store")
            guard server == nil else { return }
            try FileManager.default.createDirectory(
                atPath: "\(folder)/store", withIntermediateDirectories: true)
            #expect(faults.disarm() == 1)
            let again = try ServerProcess(
                ["--limits", "off"], environment: faults.environment, folder: "\(folder)/store")
            #expect(try talk(again).answers.count == 3)
        }
        Issue.record("no start went well")
    }

    @Test func `STO-11 a copy taken while many write is consistent, can be put back, and gives new epochs`()
        throws
    {
        let server = try ServerProcess()
        let lines = try (0..<8).map { _ in
            let line = try Line(server)
            try line.hello()
            return line
        }
        for (number, line) in lines.enumerated() {
            for turn in 1...5 { _ = try line.message("m\(turn)", "金丝雀\(number)号的第\(turn)句") }
        }
        for line in lines { for turn in 6...30 { try line.sendMessage("m\(turn)", "你好") } }
        let copy = "\(server.folder)/copy"
        let backup = try ServerProcess.run(["backup", copy, "--store", server.store])
        #expect(backup.status == 0, "\(backup.errors)")
        for name in ["copy", "copy.json"] {
            let mode = try FileManager.default.attributesOfItem(atPath: "\(server.folder)/\(name)")[
                .posixPermissions]
            #expect((mode as? NSNumber)?.intValue == 0o600)
        }
        for line in lines { while try line.receive()["seq"]?.integer != 31 {} }
        // What is erased after the copy stays erased when it is put back.
        try lines[7].send(#"{"type":"forget","id":"f"}"#)
        #expect(try lines[7].receive()["type"]?.string == "done")
        let refused = try ServerProcess.run(["restore", copy, "--store", server.store])
        #expect(refused.status == 3)
        #expect(refused.errors.contains("another process has it open"))
        let check = try ServerProcess.run(["restore", "--check", copy, "--store", server.store])
        #expect(check.status == 0, "\(check.errors)")
        server.crash()
        let restored = try ServerProcess.run(["restore", copy, "--store", server.store])
        #expect(restored.status == 0, "\(restored.errors)")
        try server.start()
        for line in lines.dropLast() {
            let again = try Line(server)
            let welcome = try again.hello(
                ",\"token\":\"\(line.token)\",\"epoch\":\"\(line.epoch)\",\"seq\":31")
            #expect(welcome["resumed"]?.bool == false)
            #expect(welcome["reason"]?.string == "epoch")
            // All that was answered before the copy began is in it.
            #expect(welcome["seq"]?.integer ?? 0 >= 6)
        }
        let gone = try Line(server)
        #expect(try gone.hello(",\"token\":\"\(lines[7].token)\"")["code"]?.string == "token")
    }

    @Test func `STO-06 a copy with one bit turned over, cut short or without its manifest is refused`() throws
    {
        let server = try ServerProcess()
        #expect(try talk(server).answers.count == 3)
        let copy = "\(server.folder)/copy"
        #expect(try ServerProcess.run(["backup", copy, "--store", server.store]).status == 0)
        #expect(try ServerProcess.run(["backup", copy, "--store", server.store]).status == 3)
        let good = try #require(FileManager.default.contents(atPath: copy))
        var bad = good
        bad[good.count / 2] ^= 1
        for bytes in [bad, good.dropLast(), Data()] {
            try Data(bytes).write(to: URL(fileURLWithPath: copy))
            let run = try ServerProcess.run(["restore", "--check", copy])
            #expect(run.status == 1)
            #expect(run.errors.contains("SHA-256"))
        }
        try good.write(to: URL(fileURLWithPath: copy))
        #expect(try ServerProcess.run(["restore", "--check", copy]).status == 0)
        try FileManager.default.removeItem(atPath: copy + ".json")
        #expect(try ServerProcess.run(["restore", "--check", copy]).status == 3)
    }
}

/// The page that the library in front of the system's calls looks at (`Tests/CFaults`).
final class Faults {
    static let write: Int32 = 1, sync: Int32 = 2, truncate: Int32 = 4, open: Int32 = 8, read: Int32 = 16
    static let memory: Int32 = 32, turnTrap: Int32 = 64, turnSpin: Int32 = 128, thread: Int32 = 256

    private let path: String
    private let page: UnsafeMutablePointer<Int32>

    init(_ path: String) throws {
        self.path = path
        let descriptor = Glibc.open(path, O_CREAT | O_RDWR, 0o600)
        try #require(descriptor >= 0 && ftruncate(descriptor, 4096) == 0)
        defer { close(descriptor) }
        let memory = try #require(mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0))
        page = memory.bindMemory(to: Int32.self, capacity: 6)
    }

    deinit { munmap(page, 4096) }

    /// `turns`: the page in which the server notes the turn it works, for faults within turns.
    func environment(turns: String = "") -> [String: String] {
        [
            "LD_PRELOAD": "\(ServerProcess.root)/.build/release/libfaults.so", "FAULTS": path,
            "FAULTS_TURN": turns,
        ]
    }

    var environment: [String: String] { environment() }

    /// Seconds by which the wall clock is wrong from now on.
    var clock: Int32 {
        get { page[5] }
        set { page[5] = newValue }
    }

    /// From now on: so many calls go well, then so many fail (-1: all).
    func arm(_ calls: Int32, after countdown: Int32, times: Int32, error: Int32) {
        (page[1], page[2], page[3], page[4]) = (countdown, times, error, 0)
        page[0] = calls
    }

    /// How many calls have failed.
    var hits: Int32 { page[4] }

    /// Nothing fails any more; how many did.
    func disarm() -> Int32 {
        page[0] = 0
        return page[4]
    }
}
