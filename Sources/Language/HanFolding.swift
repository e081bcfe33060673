/// Traditional and compatibility characters to the simplified ones that matching uses.
enum HanFolding {
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
}
