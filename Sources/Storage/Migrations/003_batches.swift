import GRDB

extension Migration {
    /// The entries of a transaction in one row, and the places of a conversation in rows of many.
    ///
    /// `batches` has the entries (see `BatchItem`), of which `live` were not erased; `places` has lists of where they lie (see
    /// `Place`), each under the number of its first. What was stored before becomes a batch for each entry.
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

    private static func copyEntries(_ database: Database) throws {
        let select = try PreparedStatement(
            "SELECT entry, conversation, seq, ordinal, mark, body FROM entries ORDER BY entry", in: database)
        defer { select.reset() }
        let insert = try PreparedStatement(
            "INSERT INTO batches (entry, live, directory, bodies) VALUES (?, 1, ?, ?)", in: database)
        var directory = ByteEncoder()
        while try select.step("copy entries") {
            let body = select.blob(5)
            // In a damaged file anything may stand, and is told before it is taken for a place.
            guard UInt32(exactly: select.integer(2)) != nil, UInt32(exactly: select.integer(3)) != nil else {
                throw StorageError.damaged("an entry")
            }
            directory.reset()
            directory.put(
                BatchItem(
                    conversation: select.integer(1), seq: Int(select.integer(2)),
                    ordinal: Int(select.integer(3)), mark: select.integer(4), length: body.count))
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
        var list: [Place] = []
        var conversation: Int64 = 0
        var encoder = ByteEncoder()
        func write() throws(StorageError) {
            guard let first = list.first else { return }
            encoder.reset()
            for place in list { encoder.put(place) }
            list = []
            insert.bind(conversation, at: 1)
            insert.bind(first.entry, at: 2)
            try encoder.bytes.lend { (list) throws(StorageError) in
                insert.bind(list, at: 3)
                try insert.run("list entries")
            }
        }
        while try select.step("list entries") {
            if select.integer(0) != conversation || list.count == Place.listLimit { try write() }
            conversation = select.integer(0)
            list.append(
                Place(
                    seq: Int(select.integer(1)), ordinal: Int(select.integer(2)), entry: select.integer(3),
                    mark: select.integer(4)))
        }
        try write()
    }
}
