import GRDB

extension Migration {
    /// Conversations, what happened in them, and the state they were in last.
    ///
    /// `keys` is the only table whose rows are never deleted: a key of zeros says that this conversation was
    /// erased. Every `body` is sealed with the conversation's key; `mark` stands for the client's id and
    /// `token` is the start of the token's digest. `entries` has a row number of its own: bodies are then
    /// written one after the other, whatever conversation they belong to, and only two slim indexes are
    /// touched all over.
    static let eventLog = Migration(number: 1) { database in
        try database.execute(
            sql: """
                CREATE TABLE keys (
                    conversation INTEGER PRIMARY KEY,
                    key BLOB NOT NULL
                ) STRICT;
                CREATE TABLE conversations (
                    conversation INTEGER PRIMARY KEY,
                    token INTEGER NOT NULL UNIQUE,
                    body BLOB NOT NULL
                ) STRICT;
                CREATE TABLE entries (
                    entry INTEGER PRIMARY KEY,
                    conversation INTEGER NOT NULL,
                    seq INTEGER NOT NULL,
                    ordinal INTEGER NOT NULL,
                    mark INTEGER NOT NULL,
                    body BLOB NOT NULL,
                    UNIQUE (conversation, seq, ordinal),
                    UNIQUE (conversation, mark)
                ) STRICT;
                CREATE TABLE snapshots (
                    conversation INTEGER PRIMARY KEY,
                    seq INTEGER NOT NULL,
                    ordinal INTEGER NOT NULL,
                    body BLOB NOT NULL
                ) STRICT;
                """)
    }
}
