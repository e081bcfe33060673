import Storage
import Testing

@Suite struct ArchiveTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }
    private var copy: String { folder.path + "/copy" }

    private func fill() async throws -> [Int64] {
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        var numbers: [Int64] = []
        for n in 0..<5 {
            let number = try await log.open(.make(n))
            numbers.append(number)
            for seq in 2...4 {
                let snapshot = seq == 3 ? Array("state 3".utf8) : nil
                _ = try await log.append(.make(number, seq: seq), snapshot: snapshot)
            }
            _ = try await log.append(.make(number, seq: 4, ordinal: 1))
        }
        try await log.forget(numbers[4])
        return numbers
    }

    @Test func `STO-11 a copy holds what the event log holds, and may be taken while it is open`()
        async throws
    {
        _ = try await fill()
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let contents = try Archive.backup(folder.file, to: copy)
        #expect(contents == .init(schema: EarlierSchema.all.count, conversations: 4, entries: 20, erased: 1))
        #expect(try Archive.inspect(copy) == contents)
        #expect(folder.names.filter { $0.hasPrefix("copy") } == ["copy"])
    }

    @Test func `STO-11 what was erased since the copy stays erased, everything else has a new epoch`()
        async throws
    {
        let numbers = try await fill()
        _ = try Archive.backup(folder.file, to: copy)
        let log = try EventLog(path: folder.file)
        try await log.forget(numbers[0])
        #expect(throws: StorageError.self) { try Archive.restore(copy, to: folder.file) { "new" } }
        log.close()
        let (contents, isErasureKnown) = try Archive.restore(copy, to: folder.file) { "new" }
        #expect(contents.conversations == 3 && contents.erased == 2 && isErasureKnown)
        let again = try EventLog(path: folder.file)
        defer { again.close() }
        #expect(try await again.load(0) == nil)
        let record = try #require(try await again.load(1))
        #expect(record.epoch == "new")
        #expect(record.name == "name-1")
        #expect(record.lastSeq == 4)
        #expect(try await again.append(.make(record.conversation, seq: 5)) == .committed)
    }

    @Test func `STO-06 a body that is not what was written fails the inspection`() async throws {
        _ = try await fill()
        _ = try Archive.backup(folder.file, to: copy)
        let other = try OtherProgram(copy)
        try other.execute("UPDATE batches SET bodies = zeroblob(length(bodies)) WHERE entry = 3; BEGIN")
        try other.close()
        let error = #expect(throws: StorageError.self) { try Archive.inspect(copy) }
        #expect(error?.description == "could not read an entry: it is not what was written")
    }

    @Test(arguments: [
        (
            "UPDATE batches SET bodies = substr(bodies, 2) WHERE entry = 3",
            "could not read entries: it is not what was written"
        ),
        ("DELETE FROM batches WHERE entry = 3", "could not read an entry: it is not there"),
        (
            """
            DELETE FROM batches WHERE entry = 3;
            UPDATE places SET list = CAST(substr(list, 1, 48) || substr(list, 73) AS BLOB) WHERE entry = 1
            """,
            "could not look through the event log: a conversation has a hole in its turns"
        ),
        (
            """
            UPDATE places SET list = substr(list, 1, length(list) - 24)
                WHERE entry = (SELECT max(entry) FROM places)
            """,
            "could not look through the event log: 20 entries are stored and 19 are found"
        ),
        // Of an entry whose mark is another a repetition would be stored again.
        (
            """
            UPDATE places SET list = CAST(substr(list, 1, 40) || zeroblob(8) || substr(list, 49) AS BLOB)
                WHERE entry = 1
            """, "could not read an entry: it is not what was written"
        ),
        (
            """
            UPDATE batches SET directory = CAST(substr(directory, 1, 8) || x'07000000' || substr(directory, 13) AS BLOB)
                WHERE entry = 3
            """, "could not read an entry: it is not what was written"
        ),
        (
            "UPDATE batches SET directory = CAST(x'02' || substr(directory, 2) AS BLOB) WHERE entry = 3",
            "could not read an entry: it is not what was written"
        ),
        (
            "UPDATE snapshots SET body = zeroblob(length(body)) WHERE conversation = 2",
            "could not read a snapshot: it is not what was written"
        ),
        (
            "UPDATE conversations SET token = token + 77 WHERE conversation = 2",
            "could not read a conversation: it is not what was written"
        ),
        (
            "UPDATE keys SET key = zeroblob(32) WHERE conversation = 2",
            "could not read a conversation: it is not what was written"
        ),
    ])
    func `STO-06 an entry that is missing or cannot be found fails the inspection`(
        damage: String, words: String
    ) async throws {
        _ = try await fill()
        _ = try Archive.backup(folder.file, to: copy)
        _ = try Archive.inspect(copy)
        let catalogued = try EventLog(path: copy)
        catalogued.close()
        let other = try OtherProgram(copy)
        try other.execute("\(damage); BEGIN")
        try other.close()
        let error = #expect(throws: StorageError.self) { try Archive.inspect(copy) }
        #expect(error?.description == words)
    }

    @Test func `PRI-10 a transcript is complete and only theirs`() async throws {
        _ = try await fill()
        let onlooker = try Onlooker(path: folder.file)
        let transcript = try #require(try onlooker.transcript(tokenHash: NewConversation.tokenHash(2)))
        #expect(transcript.name == "name-2")
        #expect(transcript.parts.map(\.seq) == [1, 2, 3, 4, 4])
        #expect(transcript.parts.map(\.kind) == [.turn, .turn, .turn, .turn, .feedback])
        #expect(transcript.parts[3].frame == Array("frame 4.0".utf8))
        #expect(try onlooker.transcript(tokenHash: NewConversation.tokenHash(4)) == nil)
        #expect(try onlooker.transcript(tokenHash: NewConversation.tokenHash(99)) == nil)
    }

    @Test func `PRI-08 old conversations are found, those with something new are not`() async throws {
        let numbers = try await fill()
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        // Turn `seq` of a test is of the second 1000 + seq.
        _ = try await log.append(.make(numbers[1], seq: 5))
        func look(after number: Int64, limit: Int) async throws -> Expired {
            try await handed { hand in
                log.expired(before: 1005, after: number, limit: limit) { hand($0) }
            }.get()
        }
        let all = try await look(after: 0, limit: 10)
        #expect(all.conversations.map(\.number) == [numbers[0], numbers[2], numbers[3]])
        #expect(all.lookedUpTo == nil)
        let first = try await look(after: 0, limit: 2)
        #expect(first.conversations.map(\.number) == [numbers[0]])
        #expect(first.lookedUpTo == numbers[1])
        // Whose it is can be told without opening it.
        #expect(
            all.conversations.map(\.token)
                == [0, 2, 3].map { Token.prefix(of: NewConversation.tokenHash($0)) })
        #expect(
            try await look(after: numbers[1], limit: 2).conversations.map(\.number) == [
                numbers[2], numbers[3],
            ])
    }
}
