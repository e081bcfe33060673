extension Hasher {
    /// Mixes in the UTF-8 of a text. Hashing a text as such brings it to a normal form first, which for Chinese takes
    /// longer than the rest; equal bytes are all that a key needs.
    package mutating func combine(bytesOf text: String) {
        var text = text
        text.withUTF8 { combine(bytes: UnsafeRawBufferPointer($0)) }
        combine(0 as UInt8)
    }
}

/// A text as a key: the same only when its bytes are. Texts as such count as equal in other forms of the same letters, too,
/// and what is kept for one form would be answered to another.
package struct ExactText: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(bytesOf: text) }
}

/// Values that were asked for lately, by key. Holds between `limit` and twice as many: when the younger half is full the
/// older one is let go, so that both reading and writing take the same time however long it serves.
package struct RecentValues<Key: Hashable, Value> {
    private let limit: Int
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]

    package init(limit: Int) { self.limit = limit }

    package subscript(key: Key) -> Value? {
        mutating get {
            if let value = young[key] { return value }
            guard let value = old[key] else { return nil }
            self[key] = value
            return value
        }
        set {
            if young.count >= limit, young[key] == nil {
                old = young
                young = [:]
            }
            young[key] = newValue
        }
    }

    package mutating func removeAll() {
        young = [:]
        old = [:]
    }
}
