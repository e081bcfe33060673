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

    /// Milliseconds that the slowest of a hundred answers takes, as the median of several looks.
    private static func slowest(_ server: ServerProcess) throws -> Double {
        let line = try Line(server)
        try line.hello()
        var looks: [Double] = []
        for look in 0..<9 {
            var worst = 0.0
            for number in 0..<100 {
                let begin = ContinuousClock.now
                #expect(try line.message("m\(look)-\(number)", "谢谢")["type"]?.string == "turn")
                let time = (ContinuousClock.now - begin).components
                worst = max(worst, Double(time.seconds) * 1000 + Double(time.attoseconds) / 1e15)
            }
            looks.append(worst)
        }
        return looks.sorted()[4]
    }

    @Test(.measures)
    func
        `STO-09 a large store opens in five seconds, answers like an empty one, and is tidied while it answers`()
        throws
    {
        let empty = try ServerProcess()
        let usual = try Self.slowest(empty)
        let folder = ServerProcess.temporaryFolder()
        let path = "\(folder)/daoban.sqlite"
        try Self.fill(path)
        let begin = ContinuousClock.now
        let large = try ServerProcess(["--limits", "off", "--retention-days", "0"], folder: folder)
        let start = ContinuousClock.now - begin
        #expect(start < .seconds(5))
        let full = try Self.slowest(large)
        #expect(full < usual * 2 + 20, "\(full) ms, \(usual) ms in an empty one")
        large.signal(SIGTERM)
        #expect(large.waitForExit() == 0)
        // Half of it is past its time; with the test's clock it is looked for twice a second.
        let tidy = try ServerProcess(
            ["--limits", "off", "--retention-days", "180", "--test-clock"], folder: folder)
        let line = try Line(tidy)
        try line.hello()
        var worst = Duration.zero, number = 0
        let past = Double(Self.rows / Self.turns / 2)
        let end = ContinuousClock.now + .seconds(600)
        while try tidy.metric("daoban_expired_total") ?? 0 < past, ContinuousClock.now < end {
            number += 1
            let asked = ContinuousClock.now
            #expect(try line.message("t\(number)", "谢谢")["type"]?.string == "turn")
            worst = max(worst, ContinuousClock.now - asked)
        }
        #expect(try tidy.metric("daoban_expired_total") == past)
        #expect(worst < .seconds(2))
        if ProcessInfo.processInfo.environment["DAOBAN_ROWS"] != nil {
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
            print(
                "large store: \(Self.rows) turns, \((size?.intValue ?? 0) >> 20) MB, start \(start), slowest of a hundred "
                    + "\(full) ms (\(usual) in an empty one), \(worst) while \(Int(past)) conversations are erased"
            )
        }
    }
}
