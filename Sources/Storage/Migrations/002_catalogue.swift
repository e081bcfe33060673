import GRDB

extension Migration {
    /// Entries without indexes, and beside them two tables that tell where they lie.
    ///
    /// `places` finds them by their place in the conversation and `marks` by the client's id. Both lag behind: they hold the
    /// entries up to the one that `catalogued` names and some of those that came later, which are few enough to be read
    /// one by one (see `Catalogue`).
    static let catalogue = Migration(number: 2) { database in
        try database.execute(
            sql: """
                CREATE TABLE places (
                    conversation INTEGER NOT NULL,
                    seq INTEGER NOT NULL,
                    ordinal INTEGER NOT NULL,
                    entry INTEGER NOT NULL,
                    PRIMARY KEY (conversation, seq, ordinal)
                ) STRICT, WITHOUT ROWID;
                INSERT INTO places
                    SELECT conversation, seq, ordinal, entry FROM entries ORDER BY conversation, seq, ordinal;
                CREATE TABLE marks (
                    conversation INTEGER NOT NULL,
                    mark INTEGER NOT NULL,
                    entry INTEGER NOT NULL,
                    PRIMARY KEY (conversation, mark)
                ) STRICT, WITHOUT ROWID;
                INSERT INTO marks SELECT conversation, mark, entry FROM entries ORDER BY conversation, mark;
                CREATE TABLE catalogued (
                    entry INTEGER NOT NULL
                ) STRICT;
                INSERT INTO catalogued SELECT ifnull(max(entry), 0) FROM entries;
                CREATE TABLE bare (
                    entry INTEGER PRIMARY KEY,
                    conversation INTEGER NOT NULL,
                    seq INTEGER NOT NULL,
                    ordinal INTEGER NOT NULL,
                    mark INTEGER NOT NULL,
                    body BLOB NOT NULL
                ) STRICT;
                INSERT INTO bare SELECT entry, conversation, seq, ordinal, mark, body FROM entries ORDER BY entry;
                DROP TABLE entries;
                ALTER TABLE bare RENAME TO entries;
                """)
    }
}
