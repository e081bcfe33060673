import Storage
import Testing

/// What a release left on disk, as `sqlite3 FILE .dump` tells it, with the version of its schema.
///
/// For a new migration: run `fill` with the release before it, dump the file, and add the dump here.
struct EarlierSchema: CustomTestStringConvertible {
    let dump: String

    var testDescription: String { "schema of \(dump.utf8.count) bytes" }

    /// Oldest first.
    static let all = [first, second].map { EarlierSchema(dump: $0 + rows) }

    /// Writes the conversation whose rows each dump has.
    static func fill(_ path: String) async throws {
        let log = try EventLog(path: path)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        _ = try await log.append(.make(conversation, seq: 2), snapshot: Array("state 2".utf8))
        _ = try await log.append(.make(conversation, seq: 2, ordinal: 1))
        _ = try await log.append(.make(conversation, seq: 3))
    }

    private static let first = """
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

        """

    /// As a process leaves it that is killed before it has catalogued the last two entries.
    private static let second = """
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

        """

    /// What is kept of one conversation; the tables of every schema take it as it is.
    private static let rows = """
        INSERT INTO keys VALUES(1,X'a7062dbdc6abcb1e42eec88db65c338fe21ccb380d9dfb2d364f2f6ec420cc94');
        INSERT INTO conversations VALUES(1,1,X'85ebc471976cac61d14986bb9040672a32787ecc143d88d07b00ca3e8\
        8574be89247c72504dce4581ae87ea08a50105df47020025c3a8077d100d233ed76c9dc87969e3b17b9ab9e71d4dc7cc\
        51dcd2882');
        INSERT INTO entries VALUES(1,1,1,0,-990347676941562143,X'86ebc471976cac614bfcbd21beae60278e2c01a\
        25e847e766fb061e3b37c0f7258c867d075fffd831d4284596a945283d6fcf9b32be008bb185a44f6fa0b23d1');
        INSERT INTO entries VALUES(2,1,2,0,2705821860187134176,X'87ebc471976cac61ebf0f7734e90c6c4fd29055\
        b0dd843309ce39e9f9b6b860edf22f129fefe0de9b11650f08e56eea5984e891321331ac674a46069bbec7abbbae37d4\
        4');
        INSERT INTO entries VALUES(3,1,2,1,-7003862249488256616,X'89ebc471976cac61c3068fe333435389051106\
        1f7b0fdb7fb7b981c4afc814b59d0966936b435542614b105b991fd7507be6790c990a60ae87a5fcfd9a06c031034d95\
        01');
        INSERT INTO entries VALUES(4,1,3,0,-63321097779973727,X'8aebc471976cac611d69bf35461581607d94c471\
        129ec7bfe7321c9b017373d38816e88d1f8dc16b5a6824b68b07855dde3d9b3f1a30747a84c785188f66dcfd72d575a4\
        ');
        INSERT INTO snapshots VALUES(1,2,0,X'88ebc471976cac616d13e9e11c25b69965a73f0de862feb21ef3be');
        """
}
