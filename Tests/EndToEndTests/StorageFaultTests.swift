import Foundation
import GRDB
import JSONText
import Storage
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
        // What it begins it ends in another access.
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: server.store, configuration: configuration)
        func sql(_ statement: String) throws {
            try other.writeWithoutTransaction { try $0.execute(sql: statement) }
        }
        try sql("BEGIN IMMEDIATE")
        try line.sendMessage("a", "你好")
        // What came after it and needs no disk is answered first.
        try line.send(#"{"type":"ping","id":"p"}"#)
        #expect(try line.receive()["type"]?.string == "pong")
        try sql("ROLLBACK")
        #expect(try line.receive()["seq"]?.integer == 2)
        try sql("BEGIN IMMEDIATE")
        try line.sendMessage("b", "你好")
        // Reading goes on meanwhile.
        let list = try server.get("/v1/turns", headers: [("Authorization", "Bearer \(line.token)")])
        #expect(try JSONParser.parse(list.body)["turns"]?.array?.count == 2)
        let error = try line.receive()
        #expect(error["code"]?.string == "storage_unavailable")
        #expect(error["retryable"]?.bool == true)
        #expect(try line.closeCode() == 4507)
        try sql("ROLLBACK")
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

    /// How a process dies while it writes or syncs, after how many calls, and how many conversations there are to migrate.
    struct Death: CustomTestStringConvertible {
        var error: Int32
        var copies: Int
        var step: Int
        var testDescription: String {
            "\(error == Faults.dies ? "before a call" : "within a write"), \(copies + 1) conversations"
        }
    }

    @Test(arguments: [
        Death(error: Faults.dies, copies: 0, step: 1), Death(error: Faults.tears, copies: 0, step: 1),
        Death(error: Faults.dies, copies: 300, step: 17), Death(error: Faults.tears, copies: 300, step: 13),
    ])
    func `STO-10 a migration killed at any write leaves one schema or the next, and nothing is lost`(
        death: Death
    )
        throws
    {
        let earlier = try EarlierFile.versions()
        #expect(earlier.count > 1)
        var kills = 0
        for version in earlier {
            for number in stride(from: 0, to: 4000, by: death.step) {
                let folder = ServerProcess.temporaryFolder()
                defer { try? FileManager.default.removeItem(atPath: folder) }
                let file = try EarlierFile(version, copies: death.copies, at: "\(folder)/store/daoban.sqlite")
                let faults = try Faults("\(folder)/faults")
                faults.arm(Faults.write | Faults.sync, after: Int32(number), times: 1, error: death.error)
                let server = try? ServerProcess(
                    ["--retention-days", "0", "--store", file.path], environment: faults.environment,
                    folder: "\(folder)/server")
                var isKilled = server == nil
                if let server {
                    // It may be killed as late as in its end.
                    server.signal(SIGTERM)
                    let end = server.waitForEnd()
                    isKilled = end.isSignal
                    #expect(end.isSignal || end.status == 0)
                }
                #expect(faults.disarm() == (isKilled ? 1 : 0))
                if isKilled { kills += 1 }
                let found = try file.expectWhole()
                // Each step of the history is whole or not begun.
                #expect((version...earlier.count).contains(found))
                // Opened anew it is of this release, and holds what it held.
                let log = try EventLog(path: file.path)
                log.close()
                #expect(try file.expectWhole() == earlier.count)
                if !isKilled { break }
            }
        }
        #expect(kills > 20 / death.step + 5)
    }

    @Test
    func
        `STO-11 and PRI-11 a copy taken while many write is consistent, private, can be put back, and gives new epochs`()
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

    @Test
    func `PRI-11 a copy that is sealed holds no key, opens with its secret alone, and is put back whole`()
        throws
    {
        let server = try ServerProcess()
        let lines = try (0..<3).map { _ in try Line(server) }
        for line in lines {
            try line.hello()
            #expect(try line.message("a", "茌平医保电话")["seq"]?.integer == 2)
        }
        try lines[2].send(#"{"type":"forget","id":"f"}"#)
        #expect(try lines[2].receive()["type"]?.string == "done")
        let keys = try server.keys()
        #expect(keys.count == 2)
        let (copy, secret, other) = (
            "\(server.folder)/copy", "\(server.folder)/secret", "\(server.folder)/other"
        )
        for (path, letter) in [(secret, "a"), (other, "b")] {
            try String(repeating: letter, count: 40).write(toFile: path, atomically: true, encoding: .utf8)
        }
        let sealed = try ServerProcess.run(["backup", copy, "--store", server.store, "--key-file", secret])
        #expect(sealed.status == 0, "\(sealed.errors)")
        let plain = try ServerProcess.run(["backup", copy + "-plain", "--store", server.store])
        #expect(plain.status == 0, "\(plain.errors)")
        for name in ["copy", "copy.json"] {
            let path = "\(server.folder)/\(name)"
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
            #expect((mode as? NSNumber)?.intValue == 0o600)
            let bytes = try #require(FileManager.default.contents(atPath: path))
            for key in keys { #expect(bytes.range(of: Data(key)) == nil) }
            #expect(bytes.range(of: Data(String(repeating: "a", count: 32).utf8)) == nil)
        }
        // They would be found, were they there.
        let open = try #require(FileManager.default.contents(atPath: copy + "-plain"))
        for key in keys { #expect(open.range(of: Data(key)) != nil) }
        let names = try FileManager.default.contentsOfDirectory(atPath: server.folder)
        #expect(!names.contains { $0.hasSuffix(".copy") || $0.hasSuffix(".part") || $0.hasSuffix(".trial") })
        for (more, words) in [([], "is sealed; name"), (["--key-file", other], "another secret")] {
            let run = try ServerProcess.run(["restore", "--check", copy] + more)
            #expect(run.status == 3)
            #expect(run.errors.contains(words), "\(run.errors)")
        }
        let check = try ServerProcess.run(["restore", "--check", copy, "--key-file", secret])
        #expect(check.status == 0 && check.output.contains("2 conversations"), "\(check.errors)")
        server.crash()
        let restored = try ServerProcess.run(["restore", copy, "--store", server.store, "--key-file", secret])
        #expect(restored.status == 0, "\(restored.errors)")
        try server.start()
        for line in lines.dropLast() {
            let again = try Line(server)
            #expect(try again.hello(",\"token\":\"\(line.token)\",\"seq\":0")["seq"]?.integer == 2)
            while try again.receive()["type"]?.string != "resumed" {}
            #expect(try again.message("b", "谢谢")["seq"]?.integer == 3)
        }
        let gone = try Line(server)
        #expect(try gone.hello(",\"token\":\"\(lines[2].token)\"")["code"]?.string == "token")
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

/// A file as an earlier release left it (`StorageTests/Schemas`).
private struct EarlierFile {
    let path: String
    private let held: [String]

    private static let folder = "\(ServerProcess.root)/Tests/StorageTests/Schemas"

    /// Oldest first; the last is of this release.
    static func versions() throws -> [Int] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
            .compactMap { Int($0.prefix { $0 != "." }) }.sorted()
    }

    /// `copies`: conversations besides the one of the dump.
    init(_ version: Int, copies: Int, at path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        let database = try DatabaseQueue(path: path)
        let names = ["\(version)", "rows"] + (version < 3 ? ["entries"] : [])
        for name in names {
            let sql = try String(contentsOfFile: "\(Self.folder)/\(name).sql", encoding: .utf8)
            try database.write { try $0.execute(sql: sql) }
        }
        let more = """
            WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < \(copies))
            """
        if copies > 0 {
            try database.write {
                try $0.execute(
                    sql: """
                        INSERT INTO keys \(more) SELECT 1 + n, randomblob(32) FROM n;
                        INSERT INTO conversations \(more) SELECT 1 + n, 1 + n, body FROM n, conversations;
                        INSERT INTO snapshots \(more) SELECT 1 + n, seq, ordinal, body FROM n, snapshots;
                        """)
                guard version < 3 else { return }
                try $0.execute(
                    sql: """
                        INSERT INTO entries (conversation, seq, ordinal, mark, body)
                            \(more) SELECT 1 + n, seq, ordinal, mark, body FROM n, entries;
                        """)
            }
        }
        held = try database.read(Self.rows)
        try database.close()
    }

    private static func rows(_ database: Database) throws -> [String] {
        try [
            "keys": ["key"], "conversations": ["token", "body"], "snapshots": ["seq", "ordinal", "body"],
        ].sorted { $0.key < $1.key }.flatMap { table, columns in
            let row = columns.map { "quote(\($0))" }.joined(separator: " || ',' || ")
            return try String.fetchAll(
                database, sql: "SELECT '\(table) ' || conversation || ',' || \(row) FROM \(table) ORDER BY 1")
        } + entries(database)
    }

    /// What happened, an entry each, whether it lies in rows of its own or in batches.
    private static func entries(_ database: Database) throws -> [String] {
        guard try database.tableExists("batches") else {
            return try String.fetchAll(
                database,
                sql: """
                    SELECT entry || ',' || conversation || ',' || seq || ',' || ordinal || ',' || mark || ',' || hex(body)
                        FROM entries ORDER BY entry
                    """)
        }
        let rows = try Row.fetchAll(
            database, sql: "SELECT entry, directory, bodies FROM batches ORDER BY entry")
        return rows.flatMap { row -> [String] in
            let (directory, bodies) = ([UInt8](row[1] as Data), [UInt8](row[2] as Data))
            func number<Number: FixedWidthInteger>(_ place: Int, _: Number.Type) -> Number {
                directory.withUnsafeBytes {
                    Number(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: Number.self))
                }
            }
            var start = 0
            return stride(from: 0, to: directory.count, by: 28).enumerated().map { index, place in
                let end = start + Int(number(place + 24, UInt32.self))
                defer { start = end }
                let numbers = [
                    row[0] + Int64(index), number(place, Int64.self), Int64(number(place + 8, UInt32.self)),
                    Int64(number(place + 12, UInt32.self)), number(place + 16, Int64.self),
                ]
                let body = bodies[start..<end].map {
                    ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true)
                }
                return numbers.map(String.init).joined(separator: ",") + "," + body.joined()
            }
        }
    }

    /// Looks at it as any program would, and returns the version of its schema.
    func expectWhole() throws -> Int {
        let database = try DatabaseQueue(path: path)
        defer { try? database.close() }
        return try database.read { database in
            #expect(try String.fetchOne(database, sql: "PRAGMA integrity_check") == "ok")
            #expect(try Self.rows(database) == held)
            return try #require(try Int.fetchOne(database, sql: "PRAGMA user_version"))
        }
    }
}

/// The page that the library in front of the system's calls looks at (`Tests/CFaults`).
final class Faults {
    static let write: Int32 = 1, sync: Int32 = 2, truncate: Int32 = 4, open: Int32 = 8, read: Int32 = 16
    /// Instead of an error: the process is killed before the call; within it, when half is written.
    static let dies: Int32 = -1, tears: Int32 = -2
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

    /// `turns`: the page in which the server notes the turn it works, for faults within turns; `files`: words in the paths of the
    /// files whose calls fail.
    func environment(turns: String = "", files: String = "daoban.sqlite") -> [String: String] {
        [
            "LD_PRELOAD": "\(ServerProcess.root)/.build/release/libfaults.so", "FAULTS": path,
            "FAULTS_TURN": turns, "FAULTS_FILES": files,
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

    /// How many more calls go well.
    var countdown: Int32 { page[1] }

    /// How many calls have failed.
    var hits: Int32 { page[4] }

    /// Nothing fails any more; how many did.
    func disarm() -> Int32 {
        page[0] = 0
        return page[4]
    }
}
