/// The examples as sparse rows over the groups of a vocabulary. Groups that several rows share come first; each of the others has
/// one row of its own.
struct TrainingMatrix {
    /// Where each row begins in `columns`; one more than rows.
    var starts: [Int32] = [0]
    /// Where the shared groups of each row end; its own follow.
    var ends: [Int32] = []
    var columns: [Int32] = []
    var values: [Float] = []
    /// Squared length of each row.
    var squares: [Float] = []
    /// The part of it that is in the row's own groups.
    var loneSquares: [Float] = []
    /// How many groups are shared.
    var sharedCount = 0

    var rowCount: Int { starts.count - 1 }

    /// Where the shared groups of a row are.
    func shared(_ row: Int) -> Range<Int> { Int(starts[row])..<Int(ends[row]) }

    /// Where the groups are that only this row has.
    func lone(_ row: Int) -> Range<Int> { Int(ends[row])..<Int(starts[row + 1]) }

    func all(_ row: Int) -> Range<Int> { Int(starts[row])..<Int(starts[row + 1]) }
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
    /// Of each row its features by number, and how often each is there.
    private var starts: [Int32] = [0]
    private var features: [Int32] = []
    private var counts: [UInt8] = []

    private var rowCount: Int { starts.count - 1 }

    mutating func add(_ rows: FeatureRows) {
        features.reserveCapacity(features.count + rows.keys.count)
        for row in 0..<rows.starts.count - 1 {
            let number = UInt64(rowCount + 1)
            for index in Int(rows.starts[row])..<Int(rows.starts[row + 1]) {
                let feature = feature(rows.keys[index], Int(rows.blocks[index]))
                columns[feature].frequency += 1
                columns[feature].signature &+= VocabularyBuilder.mix(number << 8 | UInt64(rows.counts[index]))
                features.append(Int32(feature))
            }
            starts.append(Int32(features.count))
        }
        counts.append(contentsOf: rows.counts)
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
            idfs[group] = VocabularyBuilder.idf(Int(column.frequency), of: rowCount)
            blocks[group] = column.block
        }
        let factors = (0..<groupCount).map { idfs[$0] / Float(sizes[$0]).squareRoot() }
        let table = table(of: groupOf)
        let vocabulary = Vocabulary(
            keys: table.keys, groups: table.groups, factors: factors, idfs: idfs, blocks: blocks,
            unknownIdf: VocabularyBuilder.idf(0, of: rowCount))
        // Groups are in the order of frequency.
        let sharedCount = groupOf.indices.reduce(0) {
            columns[$1].frequency > 1 ? max($0, Int(groupOf[$1]) + 1) : $0
        }
        return (vocabulary, matrix(groupOf, vocabulary, sizes, sharedCount, blockWeights))
    }

    /// The features that have a group, in a table of their own: one without would end the search for those behind it.
    private func table(of groupOf: [Int32]) -> (keys: [UInt32], groups: [Int32]) {
        let kept = groupOf.count { $0 >= 0 }
        var size = 16
        while size < kept * 2 { size *= 2 }
        var keys = [UInt32](repeating: 0, count: size)
        var groups = [Int32](repeating: -1, count: size)
        for (feature, column) in columns.enumerated() where groupOf[feature] >= 0 {
            let slot = Vocabulary.slot(of: column.key, in: keys, groups, mask: size - 1)
            keys[slot] = column.key
            groups[slot] = groupOf[feature]
        }
        return (keys, groups)
    }

    private static func idf(_ frequency: Int, of rows: Int) -> Float {
        Float(ExactMath.log(Double(1 + rows) / Double(1 + frequency)) + 1)
    }

    /// Gives features of equal columns the same number. Frequent ones come first, so that the weights that every row
    /// asks for lie close together.
    private func groupNumbers() -> [Int32] {
        let order = columns.withUnsafeBufferPointer { columns in
            columns.indices.sorted { left, right in
                let (this, other) = (columns[left], columns[right])
                if this.signature != other.signature { return this.signature < other.signature }
                return this.block != other.block ? this.block < other.block : left < right
            }
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
        _ groupOf: [Int32], _ vocabulary: Vocabulary, _ sizes: [Int32], _ sharedCount: Int,
        _ blockWeights: [Float]
    ) -> TrainingMatrix {
        var matrix = TrainingMatrix()
        matrix.sharedCount = sharedCount
        var lone: [(column: Int32, value: Float)] = []
        var seen = [Int32](repeating: -1, count: sizes.count)
        for number in 0..<rowCount {
            let first = matrix.columns.count
            var squares = SIMD8<Float>.zero
            for index in Int(starts[number])..<Int(starts[number + 1]) {
                let group = Int(groupOf[Int(features[index])])
                guard group >= 0 else { continue }
                let value = ExactMath.dampedCounts[Int(counts[index])] * vocabulary.idfs[group]
                squares[Int(vocabulary.blocks[group])] += value * value
                guard seen[group] != number else { continue }
                seen[group] = Int32(number)
                let whole = value * Float(sizes[group]).squareRoot()
                if group < sharedCount {
                    matrix.columns.append(Int32(group))
                    matrix.values.append(whole)
                } else {
                    lone.append((Int32(group), whole))
                }
            }
            matrix.ends.append(Int32(matrix.columns.count))
            matrix.columns.append(contentsOf: lone.lazy.map(\.column))
            matrix.values.append(contentsOf: lone.lazy.map(\.value))
            lone.removeAll(keepingCapacity: true)
            var length: Float = 0
            var loneLength: Float = 0
            for index in first..<matrix.columns.count {
                let block = Int(vocabulary.blocks[Int(matrix.columns[index])])
                matrix.values[index] *= blockWeights[block] / squares[block].squareRoot()
                let square = matrix.values[index] * matrix.values[index]
                length += square
                if index >= matrix.ends[number] { loneLength += square }
            }
            matrix.squares.append(length)
            matrix.loneSquares.append(loneLength)
            matrix.starts.append(Int32(matrix.columns.count))
        }
        return matrix
    }
}
