/// The features met in training, and how to turn a text's features into weighted ones.
///
/// Features that occur in exactly the same examples carry the same weight; they are kept as one *group*,
/// which is what makes training short. A group stands for all its members: k members present give √k times
/// one member's value.
struct Vocabulary: Equatable, Sendable {
    /// Open addressing: feature hash to group, -1 where empty.
    private(set) var keys: [UInt32]
    private(set) var groups: [Int32]
    private var mask: Int
    /// For each group: inverse document frequency divided by the square root of its size.
    let factors: [Float]
    /// For each group: inverse document frequency, and the block it belongs to.
    let idfs: [Float]
    let blocks: [UInt8]
    /// What a feature not met in training would weigh.
    let unknownIdf: Float

    var groupCount: Int { factors.count }

    init(keys: [UInt32], groups: [Int32], factors: [Float], idfs: [Float], blocks: [UInt8], unknownIdf: Float)
    {
        self.keys = keys
        self.groups = groups
        self.factors = factors
        self.idfs = idfs
        self.blocks = blocks
        self.unknownIdf = unknownIdf
        mask = keys.count - 1
    }

    @inline(__always)
    static func slot(of key: UInt32, in keys: [UInt32], _ groups: [Int32], mask: Int) -> Int {
        var index = Int(key &* 0x9E37_79B1) & mask
        while groups[index] >= 0, keys[index] != key { index = (index + 1) & mask }
        return index
    }

    @inline(__always)
    func group(of key: UInt32) -> Int32 { groups[Vocabulary.slot(of: key, in: keys, groups, mask: mask)] }

    /// A group of the text with its share of the text's unit-length vector.
    struct Active: Equatable {
        var group: Int32
        var value: Float
    }

    /// Looks up the features of a text. Each block is brought to length `blockWeights[block]`.
    /// - Returns: the share of the text's character features, weighted, that training has met.
    func activate(_ buffer: inout FeatureBuffer, blockWeights: [Float], into active: inout [Active]) -> Float
    {
        active.removeAll(keepingCapacity: true)
        var known: Float = 0
        var unknown: Float = 0
        for block in 0..<FeatureBlock.count where !buffer.blocks[block].isEmpty {
            let first = active.count
            var squares: Float = 0
            buffer.blocks[block].sort()
            var index = 0
            let hashes = buffer.blocks[block]
            while index < hashes.count {
                var end = index + 1
                while end < hashes.count, hashes[end] == hashes[index] { end += 1 }
                let damped = ExactMath.dampedCounts[min(end - index, 255)]
                let group = group(of: hashes[index])
                index = end
                if block == FeatureBlock.characters.rawValue {
                    if group < 0 { unknown += unknownIdf } else { known += idfs[Int(group)] }
                }
                guard group >= 0 else { continue }
                let value = damped * idfs[Int(group)]
                squares += value * value
                active.append(Active(group: group, value: damped * factors[Int(group)]))
            }
            guard squares > 0 else { continue }
            let scale = blockWeights[block] / squares.squareRoot()
            for index in first..<active.count { active[index].value *= scale }
        }
        return known + unknown > 0 ? known / (known + unknown) : 0
    }
}
