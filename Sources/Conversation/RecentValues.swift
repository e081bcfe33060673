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
        var (left, right) = (left.text, right.text)
        return left.withUTF8 { left in
            right.withUTF8 { right in
                isSame(UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
            }
        }
    }

    /// Eight bytes at a time.
    private static func isSame(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        var place = 0
        while place + 8 <= left.count {
            let (a, b) = (
                left.loadUnaligned(fromByteOffset: place, as: UInt64.self),
                right.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            )
            if a != b { return false }
            place += 8
        }
        return left[place...].elementsEqual(right[place...])
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(bytesOf: text) }
}

/// Values that were asked for lately, by key. Holds between `limit` and twice as many: when the younger half is full the
/// older one is let go, so that both reading and writing take the same time however long it serves.
///
/// Public, for only so other modules compile it for their types; as generic code it takes three times as long.
public struct RecentValues<Key: Hashable, Value> {
    @usableFromInline let limit: Int
    @usableFromInline var young: [Key: Value] = [:]
    @usableFromInline var old: [Key: Value] = [:]

    @inlinable public init(limit: Int) { self.limit = limit }

    @inlinable public subscript(key: Key) -> Value? {
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

    @inlinable public mutating func removeAll() {
        young = [:]
        old = [:]
    }
}
