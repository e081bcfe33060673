/// Where the entries of each conversation lie.
///
/// A table tells it: rows of some places each, by conversation. A turn belongs somewhere in the middle of it, and SQLite writes
/// whole pages: kept up to date, it was most of what a turn wrote. So the newest entries are noted in memory only, and enter
/// the table once there are many, in the order of the table, and a few with each transaction, so that no turn waits
/// for all of them. Nothing depends on memory: whoever opens the file reads the directories of the batches that came after the
/// last entry catalogued, and leaves out what is in the table already.
///
/// Used on the thread that the connection is used on, within an access to it.
final class Catalogue {
    /// With so many entries that are not catalogued their cataloguing begins; twice as many there are at most. They are
    /// read again after a crash in a few milliseconds.
    private static let limit = 2048
    /// Entries that are catalogued in one transaction.
    private static let slice = 128
    /// Conversations that are known, and marks in all of them, beyond which those are let go of which nothing is noted: some
    /// ten megabytes.
    private static let knownLimit = 16_384
    private static let markLimit = 262_144

    /// What is known of a conversation whose entries were looked at.
    private final class Known {
        /// Its newest place.
        var last: Place?
        /// The marks of all its entries, by which a repetition is told.
        var marks: Set<Int64> = []
        /// What is not in the table, in order.
        var notes: [Place] = []
        /// Whether the table may have something of it.
        var isInTable = true

        func add(_ place: Place) {
            last = place
            marks.insert(place.mark)
        }
    }

    /// Entries on their way into the table.
    private struct Settling {
        /// Whose they are, the next at the end.
        var conversations: [Int64]
        /// The last of them.
        var entry: Int64
    }

    private let statements: Statements
    private var settling: Settling?
    private var known: [Int64: Known] = [:]
    private var noteCount = 0
    private var markCount = 0
    private var encoder = ByteEncoder()
    /// The number of the entry written last. Numbers are never used again, or an entry could pass for catalogued.
    private var lastEntry: Int64 = 0
    /// Whether the notes may differ from the database.
    private var isStale = true

    init(_ statements: Statements) { self.statements = statements }

    /// What was noted in a transaction that failed is read anew before it is used.
    func invalidate() { isStale = true }

    private func refresh() throws(StorageError) {
        guard isStale else { return }
        known.removeAll()
        (noteCount, markCount) = (0, 0)
        settling = nil
        let selectLast = statements.selectCatalogued
        defer { selectLast.reset() }
        guard try selectLast.step("read the newest entries") else {
            throw StorageError.damaged("the catalogue")
        }
        let catalogued = selectLast.integer(0)
        lastEntry = max(catalogued, selectLast.integer(1))
        let select = statements.selectUncatalogued
        defer { select.reset() }
        select.bind(catalogued, at: 1)
        while try select.step("read the newest entries") {
            let first = select.integer(0)
            for (index, item) in BatchItem.items(select.blob(1)).enumerated() {
                let entry = first + Int64(index)
                guard entry > catalogued, !item.isErased else { continue }
                let known = try recall(item.conversation)
                // Where a crash came in the midst of cataloguing some are in the table.
                if let last = known.last, (item.seq, item.ordinal) <= (last.seq, last.ordinal) { continue }
                note(
                    Place(seq: item.seq, ordinal: item.ordinal, entry: entry, mark: item.mark), in: known)
            }
        }
        isStale = false
    }

    /// What is known of a conversation, read from the table when it was not looked at before.
    private func recall(_ conversation: Int64) throws(StorageError) -> Known {
        if let known = known[conversation] { return known }
        let fresh = Known()
        for place in try catalogued(conversation, from: { _ in false }) { fresh.add(place) }
        markCount += fresh.marks.count
        known[conversation] = fresh
        return fresh
    }

    private func note(_ place: Place, in known: Known) {
        known.add(place)
        known.notes.append(place)
        noteCount += 1
        markCount += 1
    }

    // MARK: Writing

    /// The number for the next entry.
    func nextEntry() throws(StorageError) -> Int64 {
        try refresh()
        return lastEntry + 1
    }

    /// A conversation that has only just got its number: nothing has to be looked for.
    func begin(_ conversation: Int64) {
        let fresh = Known()
        fresh.isInTable = false
        known[conversation] = fresh
    }

    /// Notes an entry that was written under the number that `nextEntry` gave.
    func add(_ entry: Entry, mark: Int64) throws(StorageError) {
        let known = try recall(entry.conversation)
        lastEntry += 1
        note(Place(seq: entry.seq, ordinal: entry.ordinal, entry: lastEntry, mark: mark), in: known)
    }

    /// Puts a few notes into the table, when there are many. Within a transaction.
    func tidy() throws(StorageError) {
        try refresh()
        if settling == nil, noteCount < Self.limit { return }
        try settle(noteCount < 2 * Self.limit ? Self.slice : noteCount)
    }

    /// Puts every note into the table. Within a transaction.
    func settle() throws(StorageError) {
        try refresh()
        while noteCount > 0 || settling != nil { try settle(noteCount) }
    }

    /// Puts so many of the notes on their way into the table.
    private func settle(_ count: Int) throws(StorageError) {
        var settling =
            settling
            ?? Settling(
                conversations: known.filter { !$0.value.notes.isEmpty }.keys.sorted(by: >), entry: lastEntry)
        var left = count
        while let conversation = settling.conversations.last {
            // Nothing is known of it any longer when it was erased meanwhile.
            let known = known[conversation]
            let notes = known?.notes.prefix { $0.entry <= settling.entry } ?? []
            let due = notes.prefix(left)
            if let known, !due.isEmpty {
                try put(due, of: conversation, isInTable: known.isInTable)
                known.isInTable = true
                known.notes.removeFirst(due.count)
            }
            noteCount -= due.count
            left -= due.count
            if due.count < notes.count { break }
            settling.conversations.removeLast()
        }
        self.settling = settling.conversations.isEmpty ? nil : settling
        guard settling.conversations.isEmpty else { return }
        let update = statements.updateCatalogued
        update.bind(settling.entry, at: 1)
        try update.run("catalogue entries")
        letGo()
    }

    /// Adds places to the newest list of a conversation, and puts what does not go into it into lists of their own.
    private func put(_ places: ArraySlice<Place>, of conversation: Int64, isInTable: Bool)
        throws(StorageError)
    {
        var rest = places
        if isInTable, let entry = try takeNewestList(of: conversation) {
            let fitting = rest.prefix(Place.listLimit - encoder.bytes.count / Place.size)
            try write(fitting, with: statements.updatePlaces, conversation, entry)
            rest = rest.dropFirst(fitting.count)
        }
        while let first = rest.first {
            encoder.reset()
            let fitting = rest.prefix(Place.listLimit)
            try write(fitting, with: statements.insertPlaces, conversation, first.entry)
            rest = rest.dropFirst(fitting.count)
        }
    }

    /// Puts the newest list of a conversation into the encoder, if there is room in it, and returns its number.
    private func takeNewestList(of conversation: Int64) throws(StorageError) -> Int64? {
        let select = statements.selectPlaces
        defer { select.reset() }
        select.bind(conversation, at: 1)
        guard try select.step("look up entries"), select.blob(1).count < Place.listLimit * Place.size else {
            return nil
        }
        encoder.reset()
        encoder.put(raw: select.blob(1))
        return select.integer(0)
    }

    private func write(
        _ places: ArraySlice<Place>, with statement: PreparedStatement, _ conversation: Int64, _ entry: Int64
    ) throws(StorageError) {
        for place in places { encoder.put(place) }
        statement.bind(conversation, at: 2)
        statement.bind(entry, at: 3)
        try encoder.bytes.lend { (list) throws(StorageError) in
            statement.bind(list, at: 1)
            try statement.run("catalogue \(places.count) entries")
        }
    }

    /// Forgets conversations of which everything is in the table, when many are known.
    private func letGo() {
        guard known.count > Self.knownLimit || markCount > Self.markLimit else { return }
        known = known.filter { !$0.value.notes.isEmpty }
        markCount = known.values.reduce(0) { $0 + $1.marks.count }
    }

    /// Takes the entries of a conversation out, and returns their numbers in order. Within a transaction.
    func remove(_ conversation: Int64) throws(StorageError) -> [Int64] {
        let entries = try places(of: conversation).map(\.entry)
        if let gone = known.removeValue(forKey: conversation) {
            noteCount -= gone.notes.count
            markCount -= gone.marks.count
        }
        statements.deletePlaces.bind(conversation, at: 1)
        try statements.deletePlaces.run("erase a conversation")
        return entries
    }

    // MARK: Reading

    /// The newest place of a conversation.
    func last(of conversation: Int64) throws(StorageError) -> Place? {
        try refresh()
        if let known = known[conversation] { return known.last }
        return try catalogued(conversation, from: { _ in true }).last
    }

    /// The number of the entry with this mark.
    func entry(of conversation: Int64, mark: Int64) throws(StorageError) -> Int64? {
        try refresh()
        let known = try recall(conversation)
        guard known.marks.contains(mark) else { return nil }
        return try places(of: conversation).first { $0.mark == mark }?.entry
    }

    /// Whether an entry has this mark. Nothing is kept of it: a conversation that merely asks whether we are there is not to
    /// fill the memory.
    func holds(_ mark: Int64, in conversation: Int64) throws(StorageError) -> Bool {
        try refresh()
        if let known = known[conversation] { return known.marks.contains(mark) }
        return try catalogued(conversation, from: { list in list.contains { $0.mark == mark } })
            .contains { $0.mark == mark }
    }

    /// Every place after one, in order.
    func places(of conversation: Int64, after seq: Int = 0, _ ordinal: Int = 0) throws(StorageError)
        -> [Place]
    {
        try refresh()
        let catalogued = try catalogued(conversation, from: { !($0.first?.isAfter(seq, ordinal) ?? true) })
        return (catalogued + notes(of: conversation)).filter { $0.isAfter(seq, ordinal) }
    }

    /// The turns after one, oldest first.
    func turns(of conversation: Int64, after seq: Int, limit: Int) throws(StorageError) -> [Place] {
        Array(try places(of: conversation, after: seq, .max).lazy.filter { $0.ordinal == 0 }.prefix(limit))
    }

    /// The newest turns, oldest first.
    func lastTurns(_ count: Int, of conversation: Int64) throws(StorageError) -> [Place] {
        try refresh()
        let newest = notes(of: conversation).filter { $0.ordinal == 0 }.suffix(count)
        var missing = count - newest.count
        guard missing > 0 else { return Array(newest) }
        let catalogued = try catalogued(conversation) { list in
            missing -= list.count { $0.ordinal == 0 }
            return missing <= 0
        }
        return catalogued.filter { $0.ordinal == 0 }.suffix(count - newest.count) + newest
    }

    private func notes(of conversation: Int64) -> [Place] { known[conversation]?.notes ?? [] }

    /// What the table has of a conversation, in order; of the lists before one that `isFirst` takes, nothing.
    private func catalogued(_ conversation: Int64, from isFirst: ([Place]) -> Bool) throws(StorageError)
        -> [Place]
    {
        if known[conversation]?.isInTable == false { return [] }
        let select = statements.selectPlaces
        defer { select.reset() }
        select.bind(conversation, at: 1)
        var lists: [[Place]] = []
        while try select.step("look up entries") {
            lists.append(Place.list(select.blob(1)))
            if isFirst(lists[lists.count - 1]) { break }
        }
        return lists.reversed().flatMap { $0 }
    }
}
