/// Where the entries of each conversation lie.
///
/// Two tables tell it, by place and by mark. A turn belongs somewhere in the middle of both, and SQLite writes whole pages:
/// kept up to date, they were most of what a turn wrote. So the newest entries are noted in memory only, and enter
/// the tables many at a time and in the order of the tables. Nothing depends on memory: whoever opens the
/// file reads the entries that came after the last one catalogued.
///
/// Used on the thread that the connection is used on, within an access to it.
final class Catalogue {
    struct Place: Equatable {
        var seq: Int
        var ordinal: Int
        var entry: Int64
    }

    /// Entries that are not catalogued yet, at most; read again after a crash in a few milliseconds.
    private static let limit = 2048

    private struct Note {
        var place: Place
        var mark: Int64
    }

    private let statements: Statements
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
        let selectLast = statements.selectCatalogued
        defer { selectLast.reset() }
        guard try selectLast.step(operation) else { throw StorageError.damaged("the catalogue") }
        lastEntry = selectLast.integer(0)
        let select = statements.selectUncatalogued
        defer { select.reset() }
        select.bind(lastEntry, at: 1)
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
        lastEntry = place.entry
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

    /// Makes room for more notes, when there are many. Within a transaction.
    func tidy() throws(StorageError) {
        try refresh()
        if recentCount >= Self.limit { try settle() }
    }

    /// Puts every note into the tables. Within a transaction.
    func settle() throws(StorageError) {
        try refresh()
        guard recentCount > 0 else { return }
        let operation = "catalogue \(recentCount) entries"
        let conversations = recent.sorted { $0.key < $1.key }
        let (insertPlace, insertMark) = (statements.insertPlace, statements.insertMark)
        for (conversation, notes) in conversations {
            for note in notes {
                insertPlace.bind(conversation, at: 1)
                insertPlace.bind(note.place.seq, at: 2)
                insertPlace.bind(note.place.ordinal, at: 3)
                insertPlace.bind(note.place.entry, at: 4)
                try insertPlace.run(operation)
            }
        }
        for (conversation, notes) in conversations {
            for note in notes.sorted(by: { $0.mark < $1.mark }) {
                insertMark.bind(conversation, at: 1)
                insertMark.bind(note.mark, at: 2)
                insertMark.bind(note.place.entry, at: 3)
                try insertMark.run(operation)
            }
        }
        let update = statements.updateCatalogued
        update.bind(lastEntry, at: 1)
        try update.run(operation)
        recent.removeAll(keepingCapacity: true)
        recentCount = 0
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
