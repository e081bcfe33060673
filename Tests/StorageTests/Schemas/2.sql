CREATE TABLE keys (
    conversation INTEGER PRIMARY KEY,
    key BLOB NOT NULL
) STRICT;
CREATE TABLE conversations (
    conversation INTEGER PRIMARY KEY,
    token INTEGER NOT NULL UNIQUE,
    body BLOB NOT NULL
) STRICT;
CREATE TABLE snapshots (
    conversation INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE TABLE places (
    conversation INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    PRIMARY KEY (conversation, seq, ordinal)
) STRICT, WITHOUT ROWID;
INSERT INTO places VALUES(1,1,0,1);
INSERT INTO places VALUES(1,2,0,2);
CREATE TABLE marks (
    conversation INTEGER NOT NULL,
    mark INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    PRIMARY KEY (conversation, mark)
) STRICT, WITHOUT ROWID;
INSERT INTO marks VALUES(1,-990347676941562143,1);
INSERT INTO marks VALUES(1,2705821860187134176,2);
CREATE TABLE catalogued (
    entry INTEGER NOT NULL
) STRICT;
INSERT INTO catalogued VALUES(2);
CREATE TABLE "entries" (
    entry INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    mark INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
PRAGMA user_version = 2;
