/// What a look at the newest entries found.
package struct Recent: Equatable, Sendable {
    package struct Entry: Equatable, Sendable {
        package var conversation: Int64
        /// Of its conversation.
        package var tokenHash: [UInt8]
        package var seq: Int
        /// Seconds since 1970.
        package var at: Int
        /// What happened, as the dialogue encodes it.
        package var events: [UInt8]
    }

    /// The newest first.
    package var entries: [Entry]
    /// Where the next look goes on; nil when this one found older entries only, or came to the first.
    package var lookedDownTo: Int64?
}

extension Reader {
    /// Of the `limit` entries written before one, those since a moment whose events hold one of some words.
    func recent(since moment: Int, before number: Int64, limit: Int, holding words: [[UInt8]])
        throws(StorageError) -> Recent
    {
        let select = statements.selectNewest
        defer { select.reset() }
        select.bind(number, at: 1)
        var recent = Recent(entries: [], lookedDownTo: nil)
        var left = limit
        var isAllOlder = true
        while try select.step("look at the newest entries") {
            let batch = try StoredBatch(select)
            for entry in (batch.first..<min(batch.end, number)).reversed() {
                guard let (item, blob) = batch.entry(entry) else { continue }
                if left == 0 {
                    // An entry of a clock that was wrong hides nothing, as long as others are of the time.
                    if isAllOlder { recent.lookedDownTo = nil }
                    return recent
                }
                left -= 1
                recent.lookedDownTo = entry
                guard let seal = try keyring.seal(of: item.conversation, statements) else { continue }
                let body = try EntryBody(opening: blob, with: seal)
                guard body.at >= moment else { continue }
                isAllOlder = false
                guard words.contains(where: body.events.holds),
                    let tokenHash = try tokenHash(of: item.conversation, with: seal)
                else { continue }
                recent.entries.append(
                    .init(
                        conversation: item.conversation, tokenHash: tokenHash, seq: item.seq, at: body.at,
                        events: body.events))
            }
        }
        recent.lookedDownTo = nil
        return recent
    }

    /// Nil when the conversation was erased.
    private func tokenHash(of conversation: Int64, with seal: Seal) throws(StorageError) -> [UInt8]? {
        let select = statements.selectConversationBody
        defer { select.reset() }
        select.bind(conversation, at: 1)
        guard try select.step("read a conversation") else { return nil }
        guard let body = seal.open(select.blob(0)).flatMap(ConversationBody.init) else {
            throw StorageError.damaged("a conversation")
        }
        return body.tokenHash
    }
}

extension [UInt8] {
    /// Whether the bytes of a word stand anywhere.
    fileprivate func holds(_ word: [UInt8]) -> Bool {
        guard let first = word.first, count >= word.count else { return false }
        return (0...(count - word.count)).contains { start in
            self[start] == first && self[start..<start + word.count].elementsEqual(word)
        }
    }
}
