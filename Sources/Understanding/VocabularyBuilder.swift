/// The examples as sparse rows over the groups of a vocabulary.
struct TrainingMatrix {
    /// Where each row begins in `columns`; one more than rows.
    var starts: [Int32] = [0]
    var columns: [Int32] = []
    var values: [Float] = []
    /// Squared length of each row.
    var squares: [Float] = []

    var rowCount: Int { starts.count - 1 }
}

/// Builds the vocabulary of a training set.
struct VocabularyBuilder {
    private struct Column {
        var key: UInt32
        var block: UInt8
        var frequency: Int32 = 0
        /// A sum over the rows that hold the feature; equal sums mean equal columns.
        var signature: UInt64 = 0
    }

    private var keys = [UInt32](repeating: 0, count: 1 << 16)
    private var slots = [Int32](repeating: -1, count: 1 << 16)
    private var columns: [Column] = []
    private var rows: [[(feature: Int32, count: UInt8)]] = []

    mutating func add(_ buffer: inout FeatureBuffer) {
        var row: [(feature: Int32, count: UInt8)] = []
        let number = UInt64(rows.count + 1)
        for block in 0..<FeatureBlock.count {
            buffer.blocks[block].sort()
            let hashes = buffer.blocks[block]
            var index = 0
            while index < hashes.count {
                var end = index + 1
                while end < hashes.count, hashes[end] == hashes[index] { end += 1 }
                let count = UInt8(min(end - index, 255))
                let feature = feature(hashes[index], block)
                columns[feature].frequency += 1
                columns[feature].signature &+= VocabularyBuilder.mix(number << 8 | UInt64(count))
                row.append((Int32(feature), count))
                index = end
            }
        }
        rows.append(row)
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    private mutating func feature(_ key: UInt32, _ block: Int) -> Int {
        if columns.count * 2 > keys.count { grow() }
        let slot = Vocabulary.slot(of: key, in: keys, slots, mask: keys.count - 1)
        if slots[slot] < 0 {
            keys[slot] = key
            slots[slot] = Int32(columns.count)
            columns.append(Column(key: key, block: UInt8(block)))
        }
        return Int(slots[slot])
    }

    private mutating func grow() {
        keys = [UInt32](repeating: 0, count: keys.count * 2)
        slots = [Int32](repeating: -1, count: keys.count)
        for (number, column) in columns.enumerated() {
            let slot = Vocabulary.slot(of: column.key, in: keys, slots, mask: keys.count - 1)
            keys[slot] = column.key
            slots[slot] = Int32(number)
        }
    }

    /// Closes the vocabulary and lays out the rows over its groups.
    func finish(blockWeights: [Float]) -> (Vocabulary, TrainingMatrix) {
        let groupOf = groupNumbers()
        let groupCount = Int((groupOf.max() ?? -1) + 1)
        var sizes = [Int32](repeating: 0, count: groupCount)
        var idfs = [Float](repeating: 0, count: groupCount)
        var blocks = [UInt8](repeating: 0, count: groupCount)
        for (feature, column) in columns.enumerated() where groupOf[feature] >= 0 {
            let group = Int(groupOf[feature])
            sizes[group] += 1
            idfs[group] = VocabularyBuilder.idf(Int(column.frequency), of: rows.count)
            blocks[group] = column.block
        }
        let factors = (0..<groupCount).map { idfs[$0] / Float(sizes[$0]).squareRoot() }
        let groups = slots.map { $0 < 0 ? -1 : groupOf[Int($0)] }
        let vocabulary = Vocabulary(
            keys: keys, groups: groups, factors: factors, idfs: idfs, blocks: blocks,
            unknownIdf: VocabularyBuilder.idf(0, of: rows.count))
        return (vocabulary, matrix(groupOf, vocabulary, sizes, blockWeights))
    }

    private static func idf(_ frequency: Int, of rows: Int) -> Float {
        Float(ExactMath.log(Double(1 + rows) / Double(1 + frequency)) + 1)
    }

    /// Gives features of equal columns the same number. Frequent ones come first, so that the weights that every row
    /// asks for lie close together.
    private func groupNumbers() -> [Int32] {
        let order = columns.indices.sorted {
            (columns[$0].signature, columns[$0].block, $0) < (columns[$1].signature, columns[$1].block, $1)
        }
        var leaders = [Int32](repeating: 0, count: columns.count)
        var leader = 0
        for position in order.indices {
            let (this, first) = (columns[order[position]], columns[order[leader]])
            if this.signature != first.signature || this.block != first.block { leader = position }
            leaders[order[position]] = Int32(order[leader])
        }
        var numbers = [Int32](repeating: -1, count: columns.count)
        var next: Int32 = 0
        let byFrequency = columns.indices.filter { leaders[$0] == $0 && !isTooRare(columns[$0]) }.sorted {
            (-columns[$0].frequency, $0) < (-columns[$1].frequency, $1)
        }
        for leader in byFrequency {
            numbers[leader] = next
            next += 1
        }
        return leaders.map { numbers[Int($0)] }
    }

    /// There are so many pairs of words that those of one or two examples are chance.
    private func isTooRare(_ column: Column) -> Bool {
        column.block == FeatureBlock.wordPairs.rawValue && column.frequency < 3
    }

    private func matrix(
        _ groupOf: [Int32], _ vocabulary: Vocabulary, _ sizes: [Int32],
        _ blockWeights: [Float]
    ) -> TrainingMatrix {
        var matrix = TrainingMatrix()
        var seen = [Int32](repeating: -1, count: sizes.count)
        for (number, row) in rows.enumerated() {
            let first = matrix.columns.count
            var squares = [Float](repeating: 0, count: FeatureBlock.count)
            for (feature, count) in row where groupOf[Int(feature)] >= 0 {
                let group = Int(groupOf[Int(feature)])
                let value = ExactMath.dampedCounts[Int(count)] * vocabulary.idfs[group]
                squares[Int(vocabulary.blocks[group])] += value * value
                guard seen[group] != number else { continue }
                seen[group] = Int32(number)
                matrix.columns.append(Int32(group))
                matrix.values.append(value * Float(sizes[group]).squareRoot())
            }
            var length: Float = 0
            for index in first..<matrix.columns.count {
                let block = Int(vocabulary.blocks[Int(matrix.columns[index])])
                matrix.values[index] *= blockWeights[block] / squares[block].squareRoot()
                length += matrix.values[index] * matrix.values[index]
            }
            matrix.squares.append(length)
            matrix.starts.append(Int32(matrix.columns.count))
        }
        return matrix
    }
}
