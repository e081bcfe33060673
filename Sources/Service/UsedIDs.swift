/// The ids that clients gave what they sent to one conversation, as far as memory has them.
///
/// What becomes a turn or feedback is stored with its id, and the log is the truth about those. An id that is merely on its way
/// there binds nobody yet: after a rest or a restart the log may have it for something else. One is settled once its answer is
/// known, and whatever else comes under it then is refused from memory.
struct UsedIDs {
    /// What an id may be used for.
    enum Claim {
        /// It is free, or stands for the same content.
        case granted
        /// It stands for another content, which is not answered yet.
        case contested
        /// It stands for another content.
        case refused
    }

    private struct Entry {
        var id: String
        /// Of the id: most are told apart by it.
        var hash: Int
        var digest: UInt64
        var isSettled = false
    }

    private static let limit = 64

    private var entries: [Entry] = []
    /// Whether every id that was ever used is here, so that the log has nothing to add.
    private(set) var areAll: Bool

    /// `areAll`: whether the conversation has only just begun.
    init(areAll: Bool) { self.areAll = areAll }

    /// Uses an id for a content, told by its digest.
    mutating func claim(_ id: String, _ digest: UInt64) -> Claim {
        if let index = index(of: id) {
            if entries[index].digest == digest { return .granted }
            return entries[index].isSettled ? .refused : .contested
        }
        add(Entry(id: id, hash: id.hashValue, digest: digest))
        return .granted
    }

    /// Whether it is known that the id stands for that content.
    func isSettled(_ id: String, _ digest: UInt64) -> Bool {
        index(of: id).map { entries[$0].isSettled && entries[$0].digest == digest } ?? false
    }

    /// The id stands for that content for good.
    mutating func settle(_ id: String, _ digest: UInt64) {
        guard let index = index(of: id) else {
            return add(Entry(id: id, hash: id.hashValue, digest: digest, isSettled: true))
        }
        entries[index].digest = digest
        entries[index].isSettled = true
    }

    /// The log has something else under the id, or may have.
    mutating func release(_ id: String, _ digest: UInt64) {
        guard let index = index(of: id), entries[index].digest == digest else { return }
        entries.remove(at: index)
    }

    /// What came under the id was answered with an error and is stored nowhere.
    mutating func fail(_ id: String, _ digest: UInt64) {
        if areAll { settle(id, digest) } else { release(id, digest) }
    }

    /// From now on only the log has them.
    mutating func letGo() {
        entries = []
        areAll = false
    }

    private func index(of id: String) -> Int? {
        let hash = id.hashValue
        return entries.lastIndex { $0.hash == hash && $0.id == id }
    }

    private mutating func add(_ entry: Entry) {
        entries.append(entry)
        guard entries.count > Self.limit else { return }
        entries.removeFirst()
        areAll = false
    }
}
