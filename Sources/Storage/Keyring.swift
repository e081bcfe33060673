/// The seals of conversations that were used lately. Shared by what runs on the writer's thread.
final class Keyring {
    /// Conversations; about 60 bytes each.
    private static let limit = 32_768

    private var seals: [Int64: Seal] = [:]

    /// The seal of a conversation; nil when there is none or it was erased.
    func seal(of conversation: Int64, _ statements: Statements) throws(StorageError) -> Seal? {
        if let seal = seals[conversation] { return seal }
        let select = statements.selectKey
        defer { select.reset() }
        select.bind(conversation, at: 1)
        guard try select.step("look up a key"), let seal = Seal(key: select.blob(0)) else { return nil }
        put(seal, for: conversation)
        return seal
    }

    func put(_ seal: Seal, for conversation: Int64) {
        // Whoever is still talking is back at once.
        if seals.count >= Self.limit { seals.removeAll(keepingCapacity: true) }
        seals[conversation] = seal
    }

    func remove(_ conversation: Int64) { seals[conversation] = nil }
    func removeAll() { seals.removeAll() }
}
