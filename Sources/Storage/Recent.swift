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
    /// Where the next look goes on; nil when this one came to older entries, or to the first.
    package var lookedDownTo: Int64?
}

extension Reader {
    /// Of the `limit` entries written before one, those since a moment whose events hold one of some words.
    func recent(since moment: Int, before number: Int64, limit: Int, holding words: [[UInt8]])
        throws(StorageError) -> Recent
    {
        let newest = try newestEntries(before: number, limit)
        var recent = Recent(entries: [], lookedDownTo: newest.count == limit ? newest.last?.entry : nil)
        for place in newest {
            guard let seal = try keyring.seal(of: place.conversation, statements) else { continue }
            let (body, seq) = try entry(place.entry, with: seal)
            guard body.at >= moment else {
                recent.lookedDownTo = nil
                break
            }
            guard words.contains(where: body.events.holds),
                let tokenHash = try tokenHash(of: place.conversation, with: seal)
            else { continue }
            recent.entries.append(
                .init(
                    conversation: place.conversation, tokenHash: tokenHash, seq: seq, at: body.at,
                    events: body.events))
        }
        return recent
    }

    private func newestEntries(before number: Int64, _ limit: Int) throws(StorageError) -> [(
        entry: Int64, conversation: Int64
    )] {
        let select = statements.selectNewest
        defer { select.reset() }
        select.bind(number, at: 1)
        select.bind(limit, at: 2)
        var found: [(entry: Int64, conversation: Int64)] = []
        while try select.step("look at the newest entries") {
            found.append((select.integer(0), select.integer(1)))
        }
        return found
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
