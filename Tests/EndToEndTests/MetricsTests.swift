import Foundation
import JSONText
import Testing
import Transport

/// What can be seen of the server from outside.
@Suite struct MetricsTests {
    /// All metrics by name and labels, and the kind of each name.
    private struct Scrape {
        var values: [String: Double] = [:]
        var kinds: [String: String] = [:]

        init(_ server: ServerProcess) throws {
            let answer = try server.get("/metrics")
            #expect(answer.status == 200)
            #expect(answer.head.contains("text/plain; version=0.0.4"))
            for line in String(decoding: answer.body, as: UTF8.self).split(separator: "\n") {
                let parts = line.split(separator: " ")
                if line.hasPrefix("# TYPE") { kinds[String(parts[2])] = String(parts[3]) }
                guard !line.hasPrefix("#") else { continue }
                #expect(parts.count == 2 && values[String(parts[0])] == nil, "\(line)")
                values[String(parts[0])] = Double(parts[1])
            }
        }

        func histogram(_ name: String) -> [Double] {
            values.filter { $0.key.hasPrefix("\(name)_bucket") }.map(\.value).sorted()
        }
    }

    @Test func `turns, their time, commits, queues, refusals and what was not understood are counted`() throws
    {
        let server = try ServerProcess(["--message-burst", "8", "--message-rate", "1"])
        let line = try Line(server)
        try line.hello()
        #expect(try line.message("a", "聊城去北京看病怎么备案")["type"]?.string == "turn")
        #expect(try line.message("b", "呜哩哇啦咕噜噜")["type"]?.string == "turn")
        #expect(try line.message("a", "聊城去北京看病怎么备案")["duplicate"]?.bool == true)
        #expect(try line.message("a", "别的")["code"]?.string == "id_conflict")
        #expect(try line.message("c", "我的手机13812345678")["type"]?.string == "turn")
        for number in 0..<20 { try line.sendMessage("m\(number)", "你好") }
        var limited = 0
        for _ in 0..<20 where try line.receive()["code"]?.string == "rate_limited" { limited += 1 }
        #expect(limited > 0)
        try line.send("{")
        #expect(try ["bad_json", "rate_limited"].contains(line.receive()["code"]?.string))
        _ = try server.get("/nothing")
        _ = try? WebSocketClient(try #require(server.chat), headers: [("Origin", "https://evil.example")])

        let scrape = try Scrape(server)
        let turns = try #require(scrape.values["daoban_turns_total"])
        #expect(turns == 3 + 20 - Double(limited))
        #expect(scrape.values["daoban_turn_duplicates_total"] == 1)
        #expect(scrape.values["daoban_not_understood_total"] == 1)
        #expect(scrape.values["daoban_masked_total"] == 1)
        #expect(scrape.values["daoban_refused_total{code=\"id_conflict\"}"] == 1)
        #expect(scrape.values["daoban_refused_total{code=\"rate_limited\"}"] ?? 0 >= Double(limited))
        #expect(scrape.values["daoban_refused_total{code=\"http_not_found\"}"] == 1)
        #expect(scrape.values["daoban_refused_total{code=\"http_forbidden\"}"] == 1)
        for name in ["daoban_turn_seconds", "daoban_answer_seconds", "daoban_commit_requests"] {
            #expect(scrape.kinds[name] == "histogram")
            let buckets = scrape.histogram(name)
            #expect(buckets.last == scrape.values["\(name)_count"], "\(name)")
            #expect(scrape.values["\(name)_sum"] ?? 0 > 0, "\(name)")
        }
        #expect(scrape.values["daoban_turn_seconds_count"] == turns)
        #expect(scrape.values["daoban_answer_seconds_count"] == turns)
        // The answer is given when the turn is stored, which takes longer than to compute it.
        #expect(
            scrape.values["daoban_answer_seconds_sum"] ?? 0 > scrape.values["daoban_turn_seconds_sum"] ?? 1)
        // Everything that was written shared some commit: turns, the opening, what turned out to be sent before.
        #expect(scrape.values["daoban_commit_requests_sum"] ?? 0 >= turns + 2)
        for name in [
            "waiting_bytes", "outgoing_bytes", "storage_backlog", "storage_lacking", "memory_lacking",
        ] {
            #expect(scrape.kinds["daoban_\(name)"] == "gauge")
            #expect(scrape.values["daoban_\(name)"] == 0, "\(name)")
        }
        #expect(scrape.values["daoban_memory_bytes"] ?? 0 > 1_000_000)
        #expect(scrape.values["daoban_wal_bytes"] ?? 0 > 0)
        for name in [
            "sockets_refused", "clock_jumps", "commits_failed", "storage_reopened", "log_lines_dropped",
        ] {
            #expect(scrape.values["daoban_\(name)_total"] == 0, "\(name)")
        }
        #expect(scrape.values.keys.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } })
    }

    @Test func `every event is one line of the log, with its fields and without a word that was said`() throws
    {
        let server = try ServerProcess(["--limits", "off"], environment: ["DAOBAN_LOG": "debug"])
        let line = try Line(server)
        try line.hello()
        _ = try line.message("a", "聊城去北京看病怎么备案")
        _ = try line.message("a", "金丝雀玄武湖")
        line.client.drop()
        #expect(eventually { server.log.contains("connection.ended") })
        server.signal(SIGTERM)
        #expect(server.waitForExit() == 0)
        let lines = server.log.split(separator: "\n").map(String.init)
        for event in [
            "info service.started", "debug connection.opened", "info conversation.begun",
            "debug turn.answered",
            "info frame.refused", "debug connection.ended", "info service.drained", "info service.stopped",
        ] { #expect(lines.filter { $0.hasPrefix(event) }.count == 1, "\(event): \(server.log)") }
        for line in lines {
            // Outside of quotation marks, spaces part fields.
            var outside = ""
            for (index, part) in line.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
                outside += index % 2 == 0 ? String(part) : "_"
            }
            #expect(
                outside.split(separator: " ").dropFirst(2).allSatisfy { $0.split(separator: "=").count == 2 },
                "\(line)")
        }
        #expect(!server.log.contains("聊城") && !server.log.contains("金丝雀"))
        #expect(!server.log.contains(line.token))
    }
}
