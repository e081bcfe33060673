import GRDB

/// Everything that is run for a request, prepared when the connection opens.
struct Statements {
    let begin, commit, rollback: PreparedStatement
    let insertKey, selectKey, eraseKey: PreparedStatement
    let insertConversation, selectConversation, deleteConversation: PreparedStatement
    let selectConversations, selectConversationBody, updateConversation: PreparedStatement
    let insertBatch, selectBatch, updateBatch, deleteBatch, selectNewest: PreparedStatement
    let selectPlaces, insertPlaces, updatePlaces, deletePlaces: PreparedStatement
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
        insertBatch = try prepare(
            "INSERT INTO batches (entry, live, directory, bodies) VALUES (?, ?, ?, ?)")
        selectBatch = try prepare(
            "SELECT entry, directory, bodies FROM batches WHERE entry <= ? ORDER BY entry DESC LIMIT 1")
        updateBatch = try prepare(
            "UPDATE batches SET live = ?, directory = ?, bodies = ? WHERE entry = ?")
        deleteBatch = try prepare("DELETE FROM batches WHERE entry = ?")
        selectNewest = try prepare(
            "SELECT entry, directory, bodies FROM batches WHERE entry < ? ORDER BY entry DESC")
        selectPlaces = try prepare(
            "SELECT entry, list FROM places WHERE conversation = ? ORDER BY entry DESC")
        insertPlaces = try prepare("INSERT INTO places (list, conversation, entry) VALUES (?, ?, ?)")
        updatePlaces = try prepare("UPDATE places SET list = ? WHERE conversation = ? AND entry = ?")
        deletePlaces = try prepare("DELETE FROM places WHERE conversation = ?")
        selectCatalogued = try prepare(
            """
            SELECT entry, (SELECT entry + length(directory) / \(BatchItem.size) - 1 FROM batches
                ORDER BY entry DESC LIMIT 1) FROM catalogued
            """)
        updateCatalogued = try prepare("UPDATE catalogued SET entry = ?")
        // The batch that holds the one catalogued last, and what came later.
        selectUncatalogued = try prepare(
            """
            SELECT entry, directory FROM batches
                WHERE entry >= (SELECT ifnull(max(entry), 0) FROM batches WHERE entry <= ?) ORDER BY entry
            """)
        putSnapshot = try prepare(
            "INSERT OR REPLACE INTO snapshots (conversation, seq, ordinal, body) VALUES (?, ?, ?, ?)")
        selectSnapshot = try prepare("SELECT seq, ordinal, body FROM snapshots WHERE conversation = ?")
        deleteSnapshot = try prepare("DELETE FROM snapshots WHERE conversation = ?")
    }
}
