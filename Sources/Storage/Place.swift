/// Where an entry lies, and what its id stands as.
struct Place: Equatable {
    /// Bytes in a list.
    static let size = 24
    /// Places in a list at most: a row that grows beyond a part of its page is written as several.
    static let listLimit = 64

    var seq: Int
    var ordinal: Int
    /// The number of the entry.
    var entry: Int64
    var mark: Int64

    func isAfter(_ seq: Int, _ ordinal: Int) -> Bool { (self.seq, self.ordinal) > (seq, ordinal) }

    /// The places of a list, in order.
    static func list(_ bytes: UnsafeRawBufferPointer) -> [Place] {
        stride(from: 0, through: bytes.count - size, by: size).map { start in
            Place(
                seq: Int(bytes.number(at: start, UInt32.self)),
                ordinal: Int(bytes.number(at: start + 4, UInt32.self)), entry: bytes.number(at: start + 8),
                mark: bytes.number(at: start + 16))
        }
    }
}

extension ByteEncoder {
    mutating func put(_ place: Place) {
        put(UInt32(place.seq))
        put(UInt32(place.ordinal))
        put(place.entry)
        put(place.mark)
    }
}
