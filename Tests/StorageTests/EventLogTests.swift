import Storage
import Synchronization
import Testing

@Suite struct EventLogTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `STO-01 a commit waits for the disk`() async throws {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        #expect(try await log.statistics().synchronous == 2)
    }

    @Test func `what was committed is there after closing`() async throws {
        let log = try EventLog(path: folder.file)
        let conversation = try await log.open(.make(1))
        #expect(try await log.append(.make(conversation, seq: 2)) == .committed)
        log.close()
        let again = try EventLog(path: folder.file)
        defer { again.close() }
        #expect(
            try await again.turns(conversation, after: 0, limit: 10) == [
                StoredTurn(seq: 1, frame: Array("frame 1.0".utf8)),
                StoredTurn(seq: 2, frame: Array("frame 2.0".utf8)),
            ])
    }

    @Test func `completions come in the order of the requests, and many share a commit`() async throws {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        let count = 2_000
        let order = OrderedResults()
        await withCheckedContinuation { continuation in
            for seq in 2..<2 + count {
                log.append(.make(conversation, seq: seq)) { result in
                    if order.add(seq, result) == count { continuation.resume() }
                }
            }
        }
        #expect(order.seqs == Array(2..<2 + count))
        #expect(order.failures == 0)
        let statistics = try await log.statistics()
        #expect(statistics.entriesWritten == count + 1)
        #expect(statistics.groupsCommitted < count / 2)
        #expect(statistics.largestGroup <= 512)
    }

    @Test func `an id is known while its conversation is, and in no other`() async throws {
        let log = try EventLog(path: folder.file)
        let conversation = try await log.open(.make(1)), other = try await log.open(.make(2))
        #expect(try await log.append(.make(conversation, seq: 2, id: "a")) == .committed)
        #expect(try await log.append(.make(conversation, seq: 2, ordinal: 1, id: "f")) == .committed)
        log.close()
        let again = try EventLog(path: folder.file)
        defer { again.close() }
        for id in ["a", "f"] {
            #expect(try await again.holds(id, in: conversation))
            #expect(try await again.holds(id, in: other) == false)
        }
        #expect(try await again.holds("b", in: conversation) == false)
        try await again.forget(conversation)
        #expect(try await again.holds("a", in: conversation) == false)
    }

    @Test func `what awaits more is written when that has come, or the log is closed`() async throws {
        let log = try EventLog(path: folder.file)
        let conversation = try await log.open(.make(1))
        let order = OrderedResults()
        await withCheckedContinuation { continuation in
            for seq in 2...40 {
                log.append(.make(conversation, seq: seq), awaitsMore: true) { result in
                    if order.add(seq, result) == 39 { continuation.resume() }
                }
            }
            log.writeNow()
        }
        for seq in 41...50 {
            log.append(.make(conversation, seq: seq), awaitsMore: true) { _ = order.add(seq, $0) }
        }
        log.close()
        #expect(order.seqs == Array(2...50))
        #expect(order.failures == 0)
    }

    @Test func `STA-02 the same id with the same content gets what was stored`() async throws {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        let entry = Entry.make(conversation, seq: 2, id: "c1", digest: 7)
        #expect(try await log.append(entry) == .committed)
        #expect(try await log.append(.make(conversation, seq: 3)) == .committed)
        var repeated = entry
        repeated.seq = 4
        repeated.frame = Array("another answer".utf8)
        #expect(try await log.append(repeated) == .duplicate(kind: .turn, seq: 2, frame: entry.frame))
        #expect(try await log.turns(conversation, after: 0, limit: 10).map(\.seq) == [1, 2, 3])
    }

    @Test func `the same id with another content or of another kind is a conflict`() async throws {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        #expect(try await log.append(.make(conversation, seq: 2, id: "c1", digest: 7)) == .committed)
        #expect(try await log.append(.make(conversation, seq: 3, id: "c1", digest: 8)) == .conflict)
        #expect(
            try await log.append(.make(conversation, seq: 2, ordinal: 1, id: "c1", digest: 7)) == .conflict)
        #expect(try await log.turns(conversation, after: 1, limit: 10).map(\.seq) == [2])
    }

    @Test func `repetitions within one group are told apart too`() async throws {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        let entries = [
            Entry.make(conversation, seq: 2, id: "a"), .make(conversation, seq: 3, id: "a"),
            .make(conversation, seq: 2, id: "b"), .make(conversation, seq: 3, id: "b", digest: 2),
            .make(conversation, seq: 4, id: "b"),
        ]
        let outcomes = await handed { hand in
            let outcomes = Mutex<[AppendOutcome?]>([])
            for entry in entries {
                log.append(entry) { result in
                    let all = outcomes.withLock { list in
                        list.append(try? result.get())
                        return list
                    }
                    if all.count == entries.count { hand(all) }
                }
            }
        }
        #expect(
            outcomes == [
                .committed, .duplicate(kind: .turn, seq: 2, frame: Array("frame 2.0".utf8)), .outOfOrder,
                .committed,
                .conflict,
            ])
    }

    @Test func `STA-03 one id in two conversations is two ids`() async throws {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let first = try await log.open(.make(1))
        let second = try await log.open(.make(2))
        #expect(try await log.append(.make(first, seq: 2, id: "c1")) == .committed)
        #expect(try await log.append(.make(second, seq: 2, id: "c1", digest: 9)) == .committed)
    }

    @Test func `a place that is taken is out of order`() async throws {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        #expect(try await log.append(.make(conversation, seq: 1, id: "c1")) == .outOfOrder)
        #expect(try await log.append(.make(conversation, seq: 2, id: "c2")) == .committed)
        #expect(try await log.append(.make(conversation, seq: 2, id: "c3")) == .outOfOrder)
    }

    @Test func `an unknown conversation takes nothing`() async throws {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        #expect(try await log.append(.make(77, seq: 2)) == .unknownConversation)
        #expect(try await log.turns(77, after: 0, limit: 9) == [])
        #expect(try await log.load(5) == nil)
    }

    @Test func `a token that is taken opens no second conversation`() async throws {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        await #expect(throws: EventLog.Taken.self) { try await log.open(.make(1)) }
        #expect(try await log.open(.make(2)) == conversation + 1)
    }

    @Test func `turns are read after a seq and from the end, feedback left out`() async throws {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        for seq in 2...9 { _ = try await log.append(.make(conversation, seq: seq)) }
        #expect(try await log.append(.make(conversation, seq: 9, ordinal: 1)) == .committed)
        #expect(try await log.append(.make(conversation, seq: 9, ordinal: 2)) == .committed)
        #expect(try await log.turns(conversation, after: 6, limit: 300).map(\.seq) == [7, 8, 9])
        #expect(try await log.turns(conversation, after: 0, limit: 3).map(\.seq) == [1, 2, 3])
        #expect(try await log.turns(conversation, after: 9, limit: 3).map(\.seq) == [])
        #expect(try await log.last(conversation, count: 3).map(\.seq) == [7, 8, 9])
        #expect(try await log.last(conversation, count: 50).count == 9)
    }

    @Test func `a snapshot and the events since say the same as all events`() async throws {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let places = (2...20).flatMap { seq in seq % 4 == 0 ? [(seq, 0), (seq, 1)] : [(seq, 0)] }
        let plain = try await log.open(.make(1))
        let snapped = try await log.open(.make(2))
        for (seq, ordinal) in places {
            _ = try await log.append(.make(plain, seq: seq, ordinal: ordinal))
            // Also right between a turn and the feedback on it.
            let snapshot = seq % 8 == 0 && ordinal == 0 ? Array("state \(seq)".utf8) : nil
            _ = try await log.append(.make(snapped, seq: seq, ordinal: ordinal), snapshot: snapshot)
        }
        let all = try #require(try await log.load(1))
        let since = try #require(try await log.load(2))
        #expect(all.snapshot == nil && all.snapshotSeq == 0)
        #expect(all.tail.count == places.count + 1)
        #expect(since.snapshot == Array("state 16".utf8) && since.snapshotSeq == 16)
        #expect(since.tail == Array(all.tail.drop { ($0.seq, $0.ordinal) <= (16, 0) }))
        #expect(since.tail.first.map { [$0.seq, $0.ordinal, $0.at] } == [16, 1, 1_016])
    }

    @Test func `a record says what the conversation is called and where it stands`() async throws {
        let log = try EventLog(path: folder.file)
        let conversation = try await log.open(.make(3))
        _ = try await log.append(.make(conversation, seq: 2))
        _ = try await log.append(.make(conversation, seq: 2, ordinal: 1), snapshot: [1, 2, 3])
        log.close()
        let again = try EventLog(path: folder.file)
        defer { again.close() }
        #expect(
            try await again.load(3)
                == ConversationRecord(
                    conversation: conversation, name: "name-3", epoch: "epoch-3", createdAt: 503, lastSeq: 2,
                    lastOrdinal: 1,
                    snapshot: [1, 2, 3], snapshotSeq: 2, tail: []))
        #expect(try await again.statistics().conversations == 1)
    }

    @Test func `after closing every request fails`() async throws {
        let log = try EventLog(path: folder.file)
        log.close()
        log.close()
        await #expect(throws: StorageError.self) { try await log.open(.make(1)) }
        let error = await #expect(throws: StorageError.self) { try await log.load(1) }
        #expect(error?.description == "could not load a conversation: the event log is closed")
    }

    @Test func `closing carries out what was requested before`() async throws {
        let log = try EventLog(path: folder.file)
        let conversation = try await log.open(.make(1))
        let order = OrderedResults()
        for seq in 2...700 { log.append(.make(conversation, seq: seq)) { _ = order.add(seq, $0) } }
        log.close()
        #expect(order.seqs == Array(2...700))
        #expect(order.failures == 0)
        #expect(!folder.names.contains("daoban.sqlite-wal"))
    }

    @Test func `the log of changes begins anew again and again while somebody writes without a pause`()
        async throws
    {
        let log = try EventLog(path: folder.file)
        let conversation = try await log.open(.make(1))
        let frame = String(repeating: "x", count: 200_000)
        for seq in 2...600 {
            #expect(try await log.append(.make(conversation, seq: seq, frame: frame)) == .committed)
        }
        // All in all 120 MB; 16 MB is when copying begins, and it takes a while.
        #expect(log.walBytes < 48 << 20)
        log.close()
        let reopened = try EventLog(path: folder.file)
        defer { reopened.close() }
        #expect(try await reopened.turns(conversation, after: 0, limit: 999).map(\.seq) == Array(1...600))
    }
}

/// What completions said, in the order in which they came.
private final class OrderedResults: Sendable {
    private let state = Mutex<(seqs: [Int], failures: Int)>(([], 0))

    /// How many there are now.
    func add(_ seq: Int, _ result: Result<AppendOutcome, StorageError>) -> Int {
        state.withLock { state in
            state.seqs.append(seq)
            if case .success(.committed) = result {} else { state.failures += 1 }
            return state.seqs.count
        }
    }

    var seqs: [Int] { state.withLock { $0.seqs } }
    var failures: Int { state.withLock { $0.failures } }
}
