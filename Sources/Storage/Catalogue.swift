/// Where the entries of each conversation lie.
///
/// Two tables tell it, by place and by mark. A turn belongs somewhere in the middle of both, and SQLite writes whole pages:
/// kept up to date, they were most of what a turn wrote. So the newest entries are noted in memory only, and enter
/// the tables once there are many, in the order of the tables, and a few with each transaction, so that no turn waits
/// for all of them. Nothing depends on memory: whoever opens the file reads the entries that came after the last
/// one catalogued, and leaves out those that are in the tables already.
///
/// Used on the thread that the connection is used on, within an access to it.
final class Catalogue {
    struct Place: Equatable {
        var seq: Int
        var ordinal: Int
        var entry: Int64
    }

    /// With so many entries that are not catalogued their cataloguing begins; twice as many there are at most. They are
    /// read again after a crash in a few milliseconds.
    private static let limit = 2048
    /// Entries that are catalogued in one transaction; takes half a millisecond.
    private static let slice = 128

    private struct Note {
        var place: Place
        var mark: Int64
    }

    /// Entries on their way into the tables.
    private struct Settling {
        /// Whose they are, the next at the end.
        var conversations: [Int64]
        /// The last of them.
        var entry: Int64
    }

    private let statements: Statements
    private var settling: Settling?
    /// What is not catalogued, by conversation, in order.
    private var recent: [Int64: [Note]] = [:]
    private var recentCount = 0
    /// The number of the entry written last. Numbers are never used again, or an entry could pass for catalogued.
    private var lastEntry: Int64 = 0
    /// Whether the notes may differ from the database.
    private var isStale = true

    init(_ statements: Statements) { self.statements = statements }

    /// What was noted in a transaction that failed is read anew before it is used.
    func invalidate() { isStale = true }

    private func refresh() throws(StorageError) {
        guard isStale else { return }
        let operation = "read the newest entries"
        recent.removeAll()
        recentCount = 0
        settling = nil
        let selectLast = statements.selectCatalogued
        defer { selectLast.reset() }
        guard try selectLast.step(operation) else { throw StorageError.damaged("the catalogue") }
        let catalogued = selectLast.integer(0)
        lastEntry = max(catalogued, selectLast.integer(1))
        let select = statements.selectUncatalogued
        defer { select.reset() }
        select.bind(catalogued, at: 1)
        while try select.step(operation) {
            note(
                Place(seq: Int(select.integer(2)), ordinal: Int(select.integer(3)), entry: select.integer(0)),
                mark: select.integer(4), of: select.integer(1))
        }
        isStale = false
    }

    private func note(_ place: Place, mark: Int64, of conversation: Int64) {
        recent[conversation, default: []].append(Note(place: place, mark: mark))
        recentCount += 1
        lastEntry = max(lastEntry, place.entry)
    }

    // MARK: Writing

    /// The number for the next entry.
    func nextEntry() throws(StorageError) -> Int64 {
        try refresh()
        return lastEntry + 1
    }

    /// Notes an entry that was written under the number that `nextEntry` gave.
    func add(_ entry: Entry, mark: Int64) {
        note(
            Place(seq: entry.seq, ordinal: entry.ordinal, entry: lastEntry + 1), mark: mark,
            of: entry.conversation)
    }

    /// Puts a few notes into the tables, when there are many. Within a transaction.
    func tidy() throws(StorageError) {
        try refresh()
        if settling == nil, recentCount < Self.limit { return }
        try settle(recentCount < 2 * Self.limit ? Self.slice : recentCount)
    }

    /// Puts every note into the tables. Within a transaction.
    func settle() throws(StorageError) {
        try refresh()
        while recentCount > 0 || settling != nil { try settle(recentCount) }
    }

    /// Puts so many of the notes on their way into the tables.
    private func settle(_ count: Int) throws(StorageError) {
        var settling = settling ?? Settling(conversations: recent.keys.sorted(by: >), entry: lastEntry)
        var left = count
        while let conversation = settling.conversations.last {
            let notes = (recent[conversation] ?? []).prefix { $0.place.entry <= settling.entry }
            let due = notes.prefix(left)
            try insert(due, of: conversation)
            if due.count == recent[conversation]?.count {
                recent[conversation] = nil
            } else {
                recent[conversation]?.removeFirst(due.count)
            }
            recentCount -= due.count
            left -= due.count
            if due.count < notes.count { break }
            settling.conversations.removeLast()
        }
        self.settling = settling.conversations.isEmpty ? nil : settling
        guard settling.conversations.isEmpty else { return }
        let update = statements.updateCatalogued
        update.bind(settling.entry, at: 1)
        try update.run("catalogue entries")
    }

    private func insert(_ notes: ArraySlice<Note>, of conversation: Int64) throws(StorageError) {
        let operation = "catalogue \(notes.count) entries"
        let (insertPlace, insertMark) = (statements.insertPlace, statements.insertMark)
        for note in notes {
            insertPlace.bind(conversation, at: 1)
            insertPlace.bind(note.place.seq, at: 2)
            insertPlace.bind(note.place.ordinal, at: 3)
            insertPlace.bind(note.place.entry, at: 4)
            try insertPlace.run(operation)
        }
        for note in notes.sorted(by: { $0.mark < $1.mark }) {
            insertMark.bind(conversation, at: 1)
            insertMark.bind(note.mark, at: 2)
            insertMark.bind(note.place.entry, at: 3)
            try insertMark.run(operation)
        }
    }

    /// Takes the entries of a conversation out, and returns their numbers. Within a transaction.
    func remove(_ conversation: Int64) throws(StorageError) -> [Int64] {
        let entries = try places(of: conversation).map(\.entry)
        recentCount -= recent.removeValue(forKey: conversation)?.count ?? 0
        for statement in [statements.deletePlaces, statements.deleteMarks] {
            statement.bind(conversation, at: 1)
            try statement.run("erase a conversation")
        }
        return entries
    }

    // MARK: Reading

    /// The newest place of a conversation.
    func last(of conversation: Int64) throws(StorageError) -> Place? {
        try refresh()
        if let note = recent[conversation]?.last { return note.place }
        let select = statements.selectLastPlace
        select.bind(conversation, at: 1)
        return try places(select).first
    }

    /// The number of the entry with this mark.
    func entry(of conversation: Int64, mark: Int64) throws(StorageError) -> Int64? {
        try refresh()
        if let note = recent[conversation]?.first(where: { $0.mark == mark }) { return note.place.entry }
        let select = statements.selectByMark
        defer { select.reset() }
        select.bind(conversation, at: 1)
        select.bind(mark, at: 2)
        return try select.step("look up an entry") ? select.integer(0) : nil
    }

    /// Every place after one, in order.
    func places(of conversation: Int64, after seq: Int = 0, _ ordinal: Int = 0) throws(StorageError)
        -> [Place]
    {
        try refresh()
        let select = statements.selectTail
        select.bind(conversation, at: 1)
        select.bind(seq, at: 2)
        select.bind(ordinal, at: 3)
        return try places(select)
            + notes(of: conversation) { ($0.seq, $0.ordinal) > (seq, ordinal) }
    }

    /// The turns after one, oldest first.
    func turns(of conversation: Int64, after seq: Int, limit: Int) throws(StorageError) -> [Place] {
        try refresh()
        let select = statements.selectTurns
        select.bind(conversation, at: 1)
        select.bind(seq, at: 2)
        select.bind(limit, at: 3)
        let catalogued = try places(select)
        return catalogued
            + notes(of: conversation) { $0.ordinal == 0 && $0.seq > seq }.prefix(limit - catalogued.count)
    }

    /// The newest turns, oldest first.
    func lastTurns(_ count: Int, of conversation: Int64) throws(StorageError) -> [Place] {
        try refresh()
        let newest = notes(of: conversation) { $0.ordinal == 0 }.suffix(count)
        guard newest.count < count else { return Array(newest) }
        let select = statements.selectLastTurns
        select.bind(conversation, at: 1)
        select.bind(count - newest.count, at: 2)
        return try places(select).reversed() + newest
    }

    private func notes(of conversation: Int64, where isWanted: (Place) -> Bool) -> [Place] {
        (recent[conversation] ?? []).lazy.map(\.place).filter(isWanted)
    }

    /// The places that a bound statement finds: seq, ordinal and number.
    private func places(_ select: PreparedStatement) throws(StorageError) -> [Place] {
        defer { select.reset() }
        var places: [Place] = []
        while try select.step("look up entries") {
            places.append(
                Place(seq: Int(select.integer(0)), ordinal: Int(select.integer(1)), entry: select.integer(2)))
        }
        return places
    }
}
