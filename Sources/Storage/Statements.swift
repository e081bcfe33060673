import GRDB

/// Everything that is run for a request, prepared when the connection opens.
struct Statements {
    let begin, commit, rollback: PreparedStatement
    let insertKey, selectKey, eraseKey: PreparedStatement
    let insertConversation, selectConversation, deleteConversation: PreparedStatement
    let selectConversations, selectConversationBody, updateConversation: PreparedStatement
    let insertEntry, selectEntry, deleteEntry, selectNewest: PreparedStatement
    let selectByMark, selectLastPlace, selectTail, selectTurns, selectLastTurns: PreparedStatement
    let insertPlace, insertMark, deletePlaces, deleteMarks: PreparedStatement
    let selectCatalogued, updateCatalogued, selectUncatalogued: PreparedStatement
    let putSnapshot, selectSnapshot, deleteSnapshot: PreparedStatement

    init(_ database: Database) throws {
        func prepare(_ sql: String) throws -> PreparedStatement { try PreparedStatement(sql, in: database) }
        begin = try prepare("BEGIN IMMEDIATE")
        commit = try prepare("COMMIT")
        rollback = try prepare("ROLLBACK")
        insertKey = try prepare("INSERT INTO keys (key) VALUES (?)")
        selectKey = try prepare("SELECT key FROM keys WHERE conversation = ?")
        // Of the same size, so that SQLite overwrites the row where it stands.
        eraseKey = try prepare("UPDATE keys SET key = zeroblob(\(Seal.keyBytes)) WHERE conversation = ?")
        insertConversation = try prepare(
            "INSERT INTO conversations (conversation, token, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
        selectConversation = try prepare("SELECT conversation, body FROM conversations WHERE token = ?")
        deleteConversation = try prepare("DELETE FROM conversations WHERE conversation = ?")
        selectConversations = try prepare(
            "SELECT conversation, token FROM conversations WHERE conversation > ? ORDER BY conversation LIMIT ?"
        )
        selectConversationBody = try prepare("SELECT body FROM conversations WHERE conversation = ?")
        updateConversation = try prepare("UPDATE conversations SET body = ? WHERE conversation = ?")
        insertEntry = try prepare(
            """
            INSERT INTO entries (entry, conversation, seq, ordinal, mark, body) VALUES (?, ?, ?, ?, ?, ?)
            """)
        selectEntry = try prepare("SELECT body, seq FROM entries WHERE entry = ?")
        deleteEntry = try prepare("DELETE FROM entries WHERE entry = ?")
        selectNewest = try prepare(
            "SELECT entry, conversation FROM entries WHERE entry < ? ORDER BY entry DESC LIMIT ?")
        selectByMark = try prepare("SELECT entry FROM marks WHERE conversation = ? AND mark = ?")
        func places(_ rest: String) throws -> PreparedStatement {
            try prepare("SELECT seq, ordinal, entry FROM places WHERE conversation = ? \(rest)")
        }
        selectLastPlace = try places("ORDER BY seq DESC, ordinal DESC LIMIT 1")
        selectTail = try places("AND (seq, ordinal) > (?, ?) ORDER BY seq, ordinal")
        selectTurns = try places("AND seq > ? AND ordinal = 0 ORDER BY seq LIMIT ?")
        selectLastTurns = try places("AND ordinal = 0 ORDER BY seq DESC LIMIT ?")
        insertPlace = try prepare(
            "INSERT INTO places (conversation, seq, ordinal, entry) VALUES (?, ?, ?, ?)")
        insertMark = try prepare("INSERT INTO marks (conversation, mark, entry) VALUES (?, ?, ?)")
        deletePlaces = try prepare("DELETE FROM places WHERE conversation = ?")
        deleteMarks = try prepare("DELETE FROM marks WHERE conversation = ?")
        selectCatalogued = try prepare("SELECT entry, (SELECT max(entry) FROM entries) FROM catalogued")
        updateCatalogued = try prepare("UPDATE catalogued SET entry = ?")
        selectUncatalogued = try prepare(
            """
            SELECT entry, conversation, seq, ordinal, mark FROM entries WHERE entry > ? AND NOT EXISTS
                (SELECT 1 FROM places WHERE places.conversation = entries.conversation
                    AND places.seq = entries.seq AND places.ordinal = entries.ordinal)
                ORDER BY entry
            """)
        putSnapshot = try prepare(
            "INSERT OR REPLACE INTO snapshots (conversation, seq, ordinal, body) VALUES (?, ?, ?, ?)")
        selectSnapshot = try prepare("SELECT seq, ordinal, body FROM snapshots WHERE conversation = ?")
        deleteSnapshot = try prepare("DELETE FROM snapshots WHERE conversation = ?")
    }
}
