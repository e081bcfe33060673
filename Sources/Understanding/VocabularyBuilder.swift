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

    /// Puts other rows over the same groups behind these.
    mutating func append(_ others: TrainingMatrix) {
        let first = Int32(columns.count)
        columns += others.columns
        values += others.values
        squares += others.squares
        loneSquares += others.loneSquares
        for end in others.ends { ends.append(first + end) }
        for start in others.starts.dropFirst() { starts.append(first + start) }
    }
}

/// Builds the vocabulary of a training set, and the rows over its groups.
///
/// What takes long is looking up each feature in tables too large for a processor's nearest cache. So the features are dealt out by their
/// hash to a fixed number of shards, each with a table of its own, and the rows are laid out some at a time; neither depends on how many
/// threads there are.
struct VocabularyBuilder {
    private struct Column {
        var key: UInt32
        var block: UInt8
        var frequency: Int32 = 0
        /// A sum over the rows that hold the feature; equal sums mean equal columns.
        var signature: UInt64 = 0
    }

    /// Some of the features.
    private struct Shard: Sendable {
        var columns: [Column] = []
        /// Numbers of the features that the texts have, in the order of the texts, those of other shards passed over.
        var features: [Int32] = []
    }

    private static let shardCount = 4
    private static let pieceCount = 8

    private let rows: [FeatureRows]
    private var columns: [Column] = []
    /// Of each row its features by number, and how often each is there.
    private var starts: [Int32] = [0]
    private var features: [Int32] = []
    private var counts: [UInt8] = []

    private var rowCount: Int { starts.count - 1 }

    init(_ rows: [FeatureRows], runner: some WorkRunner) {
        self.rows = rows
        let shards = runner.map(VocabularyBuilder.shardCount) { VocabularyBuilder.shard($0, of: rows) }
        var next: [Int] = []
        for shard in shards {
            next.append(columns.count)
            columns += shard.columns
        }
        number(shards, firsts: next)
    }

    /// Collects the features of one shard.
    private static func shard(_ shard: Int, of pieces: [FeatureRows]) -> Shard {
        var result = Shard()
        let total = pieces.reduce(0) { $0 + $1.keys.count }
        result.features.reserveCapacity(total / shardCount + total / 16)
        var table = HashTable(capacity: total / 16)
        var number: UInt64 = 0
        for piece in pieces {
            for row in 0..<piece.starts.count - 1 {
                number += 1
                for index in Int(piece.starts[row])..<Int(piece.starts[row + 1]) {
                    let key = piece.keys[index]
                    guard VocabularyBuilder.shard(of: key) == shard else { continue }
                    let feature = table.number(of: UInt64(key))
                    if feature == result.columns.count {
                        result.columns.append(Column(key: key, block: piece.blocks[index]))
                    }
                    result.columns[feature].frequency += 1
                    result.columns[feature].signature &+= mix(number << 8 | UInt64(piece.counts[index]))
                    result.features.append(Int32(feature))
                }
            }
        }
        return result
    }

    @inline(__always)
    private static func shard(of key: UInt32) -> Int { Int(key >> 7) & (shardCount - 1) }

    /// Lays the shards' numbers out in the order of the texts.
    private mutating func number(_ shards: [Shard], firsts: [Int]) {
        let total = shards.reduce(0) { $0 + $1.features.count }
        features.reserveCapacity(total)
        counts.reserveCapacity(total)
        var taken = [Int](repeating: 0, count: shards.count)
        for piece in rows {
            let first = Int32(features.count)
            for key in piece.keys {
                let shard = VocabularyBuilder.shard(of: key)
                features.append(Int32(firsts[shard]) + shards[shard].features[taken[shard]])
                taken[shard] += 1
            }
            counts.append(contentsOf: piece.counts)
            for start in piece.starts.dropFirst() { starts.append(first + start) }
        }
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// What the rows' layout and the table of features are made of.
    private enum Piece: Sendable {
        case table(keys: [UInt32], groups: [Int32])
        case rows(TrainingMatrix)
    }

    /// Closes the vocabulary and lays out the rows over its groups.
    func finish(blockWeights: [Float], runner: some WorkRunner) -> (Vocabulary, TrainingMatrix) {
        let groupOf = groupNumbers()
        let groupCount = Int((groupOf.max() ?? -1) + 1)
        var sizes = [Int32](repeating: 0, count: groupCount)
        var frequencies = [Int32](repeating: 0, count: groupCount)
        var blocks = [UInt8](repeating: 0, count: groupCount)
        for (feature, column) in columns.enumerated() where groupOf[feature] >= 0 {
            let group = Int(groupOf[feature])
            sizes[group] += 1
            frequencies[group] = column.frequency
            blocks[group] = column.block
        }
        let idfs = frequencies.map(memo())
        let roots = sizes.map { Float($0).squareRoot() }
        // Groups are in the order of frequency.
        let sharedCount = frequencies.firstIndex(of: 1) ?? groupCount
        let pieces = min(max(rowCount / 16, 1), VocabularyBuilder.pieceCount)
        let parts = runner.map(pieces + 1) { [blocks] piece -> Piece in
            if piece == 0 {
                let table = self.table(of: groupOf)
                return .table(keys: table.keys, groups: table.groups)
            }
            var layout = Layout(
                groupOf: groupOf, idfs: idfs, blocks: blocks, roots: roots, blockWeights: blockWeights)
            layout.matrix.sharedCount = sharedCount
            for row in rowCount * (piece - 1) / pieces..<rowCount * piece / pieces {
                layout.add(Int(starts[row])..<Int(starts[row + 1]), features, counts)
            }
            return .rows(layout.matrix)
        }
        var matrix = TrainingMatrix()
        matrix.sharedCount = sharedCount
        var table: (keys: [UInt32], groups: [Int32]) = ([], [])
        for part in parts {
            switch part {
            case .table(let keys, let groups): table = (keys, groups)
            case .rows(let rows): matrix.append(rows)
            }
        }
        let vocabulary = Vocabulary(
            keys: table.keys, groups: table.groups, factors: zip(idfs, roots).map { $0 / $1 }, idfs: idfs,
            blocks: blocks, unknownIdf: VocabularyBuilder.idf(0, of: rowCount))
        return (vocabulary, matrix)
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

    /// As `idf`, each frequency worked out once.
    private func memo() -> (Int32) -> Float {
        let known = (0...max(rowCount, 0)).map { VocabularyBuilder.idf($0, of: rowCount) }
        return { known[Int($0)] }
    }

    /// Gives features of equal columns the same number. Frequent ones come first, so that the weights that every row
    /// asks for lie close together.
    private func groupNumbers() -> [Int32] {
        var table = HashTable(capacity: columns.count)
        var leaders: [Int32] = []
        leaders.reserveCapacity(columns.count)
        var firsts: [Int32] = []
        // How many groups have each frequency, those too rare left out.
        var places = [Int32](repeating: 0, count: rowCount + 2)
        for (number, column) in columns.enumerated() {
            let leader = table.number(of: column.signature ^ VocabularyBuilder.mix(UInt64(column.block)))
            if leader == firsts.count {
                firsts.append(Int32(number))
                if !isTooRare(column) { places[Int(column.frequency)] += 1 }
            }
            leaders.append(Int32(leader))
        }
        var sum: Int32 = 0
        for frequency in places.indices.reversed() {
            (places[frequency], sum) = (sum, sum + places[frequency])
        }
        let numbers = firsts.map { first -> Int32 in
            let column = columns[Int(first)]
            guard !isTooRare(column) else { return -1 }
            defer { places[Int(column.frequency)] += 1 }
            return places[Int(column.frequency)]
        }
        return leaders.map { numbers[Int($0)] }
    }

    /// There are so many pairs of words that those of one or two examples are chance.
    private func isTooRare(_ column: Column) -> Bool {
        column.block == FeatureBlock.wordPairs.rawValue && column.frequency < 3
    }

    /// Lays rows out.
    private struct Layout {
        let groupOf: [Int32]
        let idfs: [Float]
        let blocks: [UInt8]
        let roots: [Float]
        let blockWeights: [Float]
        var matrix = TrainingMatrix()
        private var lone: [(column: Int32, value: Float)] = []
        /// The last row that has each group.
        private var seen: [Int32]

        init(groupOf: [Int32], idfs: [Float], blocks: [UInt8], roots: [Float], blockWeights: [Float]) {
            self.groupOf = groupOf
            self.idfs = idfs
            self.blocks = blocks
            self.roots = roots
            self.blockWeights = blockWeights
            seen = [Int32](repeating: -1, count: idfs.count)
        }

        mutating func add(_ range: Range<Int>, _ features: [Int32], _ counts: [UInt8]) {
            let number = Int32(matrix.rowCount)
            let first = matrix.columns.count
            var squares = SIMD8<Float>.zero
            for index in range {
                let group = Int(groupOf[Int(features[index])])
                guard group >= 0 else { continue }
                let value = ExactMath.dampedCounts[Int(counts[index])] * idfs[group]
                squares[Int(blocks[group])] += value * value
                guard seen[group] != number else { continue }
                seen[group] = number
                let whole = value * roots[group]
                if group < matrix.sharedCount {
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
            scale(from: first, squares)
            matrix.starts.append(Int32(matrix.columns.count))
        }

        /// Brings each block of a row to its length.
        private mutating func scale(from first: Int, _ squares: SIMD8<Float>) {
            var scales = SIMD8<Float>.zero
            for block in blockWeights.indices {
                scales[block] = blockWeights[block] / squares[block].squareRoot()
            }
            let end = Int(matrix.ends[matrix.ends.count - 1])
            var length: Float = 0
            var loneLength: Float = 0
            for index in first..<matrix.columns.count {
                matrix.values[index] *= scales[Int(blocks[Int(matrix.columns[index])])]
                let square = matrix.values[index] * matrix.values[index]
                length += square
                if index >= end { loneLength += square }
            }
            matrix.squares.append(length)
            matrix.loneSquares.append(loneLength)
        }
    }
}

/// Numbers keys in the order in which they are first met.
private struct HashTable {
    private var keys: [UInt64]
    private var numbers: [Int32]
    private var count = 0

    init(capacity: Int) {
        var size = 64
        while size < capacity * 2 { size *= 2 }
        keys = [UInt64](repeating: 0, count: size)
        numbers = [Int32](repeating: -1, count: size)
    }

    /// The number of a key.
    @inline(__always)
    mutating func number(of key: UInt64) -> Int {
        let slot = slot(of: key)
        if numbers[slot] >= 0 { return Int(numbers[slot]) }
        let number = count
        keys[slot] = key
        numbers[slot] = Int32(number)
        count += 1
        if count * 2 > numbers.count { grow() }
        return number
    }

    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        let mask = numbers.count - 1
        var index = Int(truncatingIfNeeded: key &* 0x9E37_79B9_7F4A_7C15 >> 32) & mask
        while numbers[index] >= 0, keys[index] != key { index = (index + 1) & mask }
        return index
    }

    private mutating func grow() {
        let old = (keys, numbers)
        keys = [UInt64](repeating: 0, count: old.0.count * 2)
        numbers = [Int32](repeating: -1, count: keys.count)
        for (key, number) in zip(old.0, old.1) where number >= 0 {
            let slot = slot(of: key)
            keys[slot] = key
            numbers[slot] = number
        }
    }
}
