import GRDB

extension Migration {
    /// The entries of a transaction in one row, and the places of a conversation in rows of many.
    ///
    /// `batches` has the entries, of which `live` were not erased; `places` has lists of where they lie, each under the number of
    /// its first. What was stored before becomes a batch for each entry. How a directory and a list are written stands here, as
    /// this schema has it: what `BatchItem` and `Place` become later must not change what this step makes.
    static let batches = Migration(number: 3) { database in
        try database.execute(
            sql: """
                CREATE TABLE batches (
                    entry INTEGER PRIMARY KEY,
                    live INTEGER NOT NULL,
                    directory BLOB NOT NULL,
                    bodies BLOB NOT NULL
                ) STRICT;
                DROP TABLE places;
                DROP TABLE marks;
                CREATE TABLE places (
                    conversation INTEGER NOT NULL,
                    entry INTEGER NOT NULL,
                    list BLOB NOT NULL,
                    PRIMARY KEY (conversation, entry)
                ) STRICT, WITHOUT ROWID;
                """)
        try copyEntries(database)
        try listPlaces(database)
        try database.execute(
            sql: """
                UPDATE catalogued SET entry = (SELECT ifnull(max(entry), 0) FROM batches);
                DROP TABLE entries;
                """)
    }

    /// Places in a list at most.
    private static let listLimit = 64

    /// An entry in the directory of its batch: 28 bytes.
    private struct Item {
        var conversation: Int64
        var seq: UInt32
        var ordinal: UInt32
        var mark: Int64
        var length: UInt32

        func put(into encoder: inout ByteEncoder) {
            encoder.put(conversation)
            encoder.put(seq)
            encoder.put(ordinal)
            encoder.put(mark)
            encoder.put(length)
        }
    }

    /// Where an entry lies, in the list of its conversation: 24 bytes.
    private struct ListedPlace {
        var seq: UInt32
        var ordinal: UInt32
        var entry: Int64
        var mark: Int64

        func put(into encoder: inout ByteEncoder) {
            encoder.put(seq)
            encoder.put(ordinal)
            encoder.put(entry)
            encoder.put(mark)
        }
    }

    /// In a damaged file anything may stand, and is told before it is taken for a place.
    private static func number(_ value: Int64) throws(StorageError) -> UInt32 {
        guard let number = UInt32(exactly: value) else { throw StorageError.damaged("an entry") }
        return number
    }

    private static func copyEntries(_ database: Database) throws {
        let select = try PreparedStatement(
            "SELECT entry, conversation, seq, ordinal, mark, body FROM entries ORDER BY entry", in: database)
        defer { select.reset() }
        let insert = try PreparedStatement(
            "INSERT INTO batches (entry, live, directory, bodies) VALUES (?, 1, ?, ?)", in: database)
        var directory = ByteEncoder()
        while try select.step("copy entries") {
            let body = select.blob(5)
            directory.reset()
            try Item(
                conversation: select.integer(1), seq: number(select.integer(2)),
                ordinal: number(select.integer(3)), mark: select.integer(4), length: number(Int64(body.count))
            ).put(into: &directory)
            insert.bind(select.integer(0), at: 1)
            insert.bind(body, at: 3)
            try directory.bytes.lend { (directory) throws(StorageError) in
                insert.bind(directory, at: 2)
                try insert.run("copy entries")
            }
        }
    }

    private static func listPlaces(_ database: Database) throws {
        let select = try PreparedStatement(
            "SELECT conversation, seq, ordinal, entry, mark FROM entries ORDER BY conversation, seq, ordinal",
            in: database)
        defer { select.reset() }
        let insert = try PreparedStatement(
            "INSERT INTO places (conversation, entry, list) VALUES (?, ?, ?)", in: database)
        var list: [ListedPlace] = []
        var conversation: Int64 = 0
        var encoder = ByteEncoder()
        func write() throws(StorageError) {
            guard let first = list.first else { return }
            encoder.reset()
            for place in list { place.put(into: &encoder) }
            list = []
            insert.bind(conversation, at: 1)
            insert.bind(first.entry, at: 2)
            try encoder.bytes.lend { (list) throws(StorageError) in
                insert.bind(list, at: 3)
                try insert.run("list entries")
            }
        }
        while try select.step("list entries") {
            if select.integer(0) != conversation || list.count == listLimit { try write() }
            conversation = select.integer(0)
            list.append(
                ListedPlace(
                    seq: try number(select.integer(1)), ordinal: try number(select.integer(2)),
                    entry: select.integer(3), mark: select.integer(4)))
        }
        try write()
    }
}
