import GRDB

/// Everything that is run for a request, prepared when the connection opens.
struct Statements {
    let begin, commit, rollback: PreparedStatement
    let insertKey, selectKey, eraseKey: PreparedStatement
    let insertConversation, selectConversation, deleteConversation: PreparedStatement
    let selectConversations, selectConversationBody, updateConversation: PreparedStatement
    let insertEntry, selectByMark, selectLastPlace, selectTail, selectTurns,
        selectLastTurns: PreparedStatement
    let deleteEntries: PreparedStatement
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
            "SELECT conversation FROM conversations WHERE conversation > ? ORDER BY conversation LIMIT ?")
        selectConversationBody = try prepare("SELECT body FROM conversations WHERE conversation = ?")
        updateConversation = try prepare("UPDATE conversations SET body = ? WHERE conversation = ?")
        insertEntry = try prepare(
            """
            INSERT INTO entries (conversation, seq, ordinal, mark, body) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """)
        selectByMark = try prepare("SELECT seq, body FROM entries WHERE conversation = ? AND mark = ?")
        selectLastPlace = try prepare(
            "SELECT seq, ordinal FROM entries WHERE conversation = ? ORDER BY seq DESC, ordinal DESC LIMIT 1")
        selectTail = try prepare(
            """
            SELECT seq, ordinal, body FROM entries WHERE conversation = ? AND (seq, ordinal) > (?, ?)
            ORDER BY seq, ordinal
            """)
        selectTurns = try prepare(
            """
            SELECT seq, body FROM entries WHERE conversation = ? AND seq > ? AND ordinal = 0
            ORDER BY seq LIMIT ?
            """)
        selectLastTurns = try prepare(
            "SELECT seq, body FROM entries WHERE conversation = ? AND ordinal = 0 ORDER BY seq DESC LIMIT ?")
        deleteEntries = try prepare("DELETE FROM entries WHERE conversation = ?")
        putSnapshot = try prepare(
            "INSERT OR REPLACE INTO snapshots (conversation, seq, ordinal, body) VALUES (?, ?, ?, ?)")
        selectSnapshot = try prepare("SELECT seq, ordinal, body FROM snapshots WHERE conversation = ?")
        deleteSnapshot = try prepare("DELETE FROM snapshots WHERE conversation = ?")
    }
}
