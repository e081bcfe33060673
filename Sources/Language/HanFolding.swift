/// Traditional and compatibility characters to the simplified ones that matching uses.
package enum HanFolding {
    /// The folded form of each scalar of the basic plane; 0 where a scalar stays as it is.
    private static let table: [UInt16] = {
        var table = [UInt16](repeating: 0, count: 0x10000)
        var source: UInt32?
        for scalar in HanFoldingData.pairs.unicodeScalars {
            if let from = source {
                table[Int(from)] = UInt16(truncatingIfNeeded: scalar.value)
                source = nil
            } else {
                source = scalar.value
            }
        }
        return table
    }()

    @inline(__always)
    static func fold(_ value: UInt32) -> UInt32 {
        guard value < 0x10000 else { return value }
        let folded = table[Int(value)]
        return folded == 0 ? value : UInt32(folded)
    }

    /// The forms that are folded into a character, for making test texts; a search through the whole table.
    package static func unfolded(_ value: UInt32) -> [UInt32] {
        (0x4E00...0x9FFF).filter { UInt32(table[$0]) == value }.map { UInt32($0) }
    }
}
