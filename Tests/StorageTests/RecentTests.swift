import Storage
import Testing

/// What was written lately, from the newest.
@Suite struct RecentTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func look(
        _ log: EventLog, since moment: Int = 0, before number: Int64 = .max, limit: Int = 10,
        for words: [String]
    ) async throws -> Recent {
        try await handed { hand in
            log.recent(
                since: moment, before: number, limit: limit, holding: words.map { Array($0.utf8) }
            ) { hand($0) }
        }.get()
    }

    @Test func `entries that hold one of the words are found, the newest first, a few at a time`()
        async throws
    {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let first = try await log.open(.make(1)), second = try await log.open(.make(2))
        _ = try await log.append(.make(first, seq: 2, events: "asks"))
        _ = try await log.append(.make(second, seq: 2, events: "says"))
        _ = try await log.append(.make(first, seq: 3, events: "comes"))
        let all = try await look(log, for: ["asks", "comes"])
        #expect(all.entries.map(\.seq) == [3, 2])
        #expect(all.entries.map(\.conversation) == [first, first])
        #expect(all.entries[0].tokenHash == NewConversation.tokenHash(1))
        #expect(all.entries[0].at == 1003)
        #expect(String(decoding: all.entries[1].events, as: UTF8.self) == "asks 2.0")
        #expect(all.lookedDownTo == nil)
        var found: [Int] = [], looks = 0
        var place: Int64? = .max
        while let before = place {
            let some = try await look(log, before: before, limit: 2, for: ["asks", "comes"])
            found += some.entries.map(\.seq)
            place = some.lookedDownTo
            looks += 1
        }
        #expect(found == [3, 2])
        #expect(looks == 3)
        // What is older is not looked at any more.
        let late = try await look(log, since: 1003, limit: 2, for: ["asks", "comes"])
        #expect(late.entries.map(\.seq) == [3])
        let later = try await look(
            log, since: 1003, before: try #require(late.lookedDownTo), limit: 2, for: ["asks", "comes"])
        #expect(later.entries.isEmpty && later.lookedDownTo == nil)
        try await log.forget(first)
        #expect(try await look(log, for: ["asks", "comes"]).entries.isEmpty)
    }

    @Test func `STA-11 and STA-15 an entry of a clock that was behind hides nothing that came before it`()
        async throws
    {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        _ = try await log.append(.make(conversation, seq: 2, events: "asks"))
        var wrong = Entry.make(conversation, seq: 3, events: "asks")
        wrong.at = 7
        _ = try await log.append(wrong)
        _ = try await log.append(.make(conversation, seq: 4, events: "asks"))
        #expect(try await look(log, since: 1000, for: ["asks"]).entries.map(\.seq) == [4, 2])
    }
}
