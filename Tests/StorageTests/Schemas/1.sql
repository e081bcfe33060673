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
PRAGMA user_version = 1;
