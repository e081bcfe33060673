import Foundation
import JSONText
import Storage
import Synchronization
import Testing

/// A store in which much has been said. `DAOBAN_ROWS` sets how many turns.
@Suite struct LargeStoreTests {
    private static let rows = ProcessInfo.processInfo.environment["DAOBAN_ROWS"].flatMap { Int($0) } ?? 40_000
    private static let turns = 50

    /// Lets so many requests be under way, and counts those that failed.
    private final class Pace: Sendable {
        private let room = DispatchSemaphore(value: 0)
        let failures = Atomic<Int>(0)

        init() { for _ in 0..<2000 { room.signal() } }

        func begin() { room.wait() }
        func end<Value>(_ result: Result<Value, StorageError>) {
            if case .failure = result { failures.add(1, ordering: .relaxed) }
            room.signal()
        }
        func finish() { for _ in 0..<2000 { room.wait() } }
    }

    /// Conversations of fifty turns each, about a kilobyte a turn; the first half of long ago.
    private static func fill(_ path: String) throws {
        let log = try EventLog(path: path)
        defer { log.close() }
        let pace = Pace()
        let filler = (0..<900).map { UInt8(97 + $0 % 26) }
        let now = Int(Date().timeIntervalSince1970)
        let conversations = rows / turns
        for number in 1...conversations {
            let at = number <= conversations / 2 ? 1_600_000_000 : now
            func entry(_ seq: Int) -> Entry {
                Entry(
                    conversation: Int64(number), seq: seq, id: seq == 1 ? "" : "m\(seq)", digest: UInt64(seq),
                    at: at,
                    frame: Array(#"{"type":"turn","id":"m\#(seq)","seq":\#(seq),"text":""#.utf8) + filler
                        + Array("\"}".utf8), events: Array("[\"turn\",\(seq),\(at)]".utf8))
            }
            let hash =
                withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0) } + [UInt8](repeating: 7, count: 24)
            pace.begin()
            log.open(
                NewConversation(
                    name: "name-\(number)", tokenHash: hash, epoch: "epoch", createdAt: at, opening: entry(1))
            ) { pace.end($0) }
            for seq in 2...turns {
                pace.begin()
                log.append(entry(seq)) { pace.end($0) }
            }
        }
        pace.finish()
        #expect(pace.failures.load(ordering: .relaxed) == 0)
    }

    /// Processor time that a hundred answers take, in nanoseconds, as the median of several looks.
    private static func effort(_ server: ServerProcess) throws -> Int {
        let line = try Line(server)
        try line.hello()
        var looks: [Int] = []
        for look in 0..<9 {
            let before = server.processorTime
            for number in 0..<100 {
                #expect(try line.message("m\(look)-\(number)", "谢谢")["type"]?.string == "turn")
            }
            looks.append(server.processorTime - before)
        }
        return looks.sorted()[4]
    }

    /// Bytes that a server has read from files so far, those included that the system had in memory.
    private static func bytesRead(_ server: ServerProcess) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(server.identifier)/io", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix("rchar: ") }
        return try #require(line.flatMap { Int($0.dropFirst("rchar: ".count)) })
    }

    @Test(.measures)
    func
        `STO-09 a large store opens without a look through it, answers like an empty one, and is tidied while it answers`()
        throws
    {
        let empty = try ServerProcess()
        let (usualStart, usualBytes) = (empty.processorTime, try Self.bytesRead(empty))
        let usual = try Self.effort(empty)
        let folder = ServerProcess.temporaryFolder()
        let path = "\(folder)/daoban.sqlite"
        try Self.fill(path)
        let large = try ServerProcess(["--limits", "off", "--retention-days", "0"], folder: folder)
        let (start, bytes) = (large.processorTime, try Self.bytesRead(large) - usualBytes)
        #expect(start < 2 * usualStart, "\(start) ns, \(usualStart) ns with an empty one")
        #expect(bytes < 8 << 20)
        let full = try Self.effort(large)
        #expect(full < 2 * usual, "\(full) ns, \(usual) ns in an empty one")
        large.signal(SIGTERM)
        #expect(large.waitForExit() == 0)
        // Half of it is past its time; with the test's clock it is looked for twice a second.
        let tidy = try ServerProcess(
            ["--limits", "off", "--retention-days", "180", "--test-clock"], folder: folder)
        let line = try Line(tidy)
        try line.hello()
        var number = 0
        let past = Double(Self.rows / Self.turns / 2)
        let end = Patience.end(3000)
        while try tidy.metric("daoban_expired_total") ?? 0 < past, ContinuousClock.now < end {
            number += 1
            #expect(try line.message("t\(number)", "谢谢")["type"]?.string == "turn")
        }
        #expect(try tidy.metric("daoban_expired_total") == past)
        // A turn waits for one commit at most, and for no more than a few erasures in it.
        let commits = try #require(try tidy.metric("daoban_commit_requests_count"))
        #expect(try tidy.metric("daoban_commit_requests_bucket{le=\"32\"}") == commits)
        if ProcessInfo.processInfo.environment["DAOBAN_ROWS"] != nil {
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
            print(
                """
                large store: \(Self.rows) turns, \((size?.intValue ?? 0) >> 20) MB; start \(start / 1_000_000) ms of processor \
                (\(usualStart / 1_000_000) with an empty one), \(bytes >> 10) KB read besides; an answer \(full / 100_000) µs \
                (\(usual / 100_000)); \(number) answers while \(Int(past)) conversations are erased
                """)
        }
    }
}
