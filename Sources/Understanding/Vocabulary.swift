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

    /// How much features that training has not met count towards a block's length, so that a few known ones among many
    /// unknown do not speak for all. Chosen on texts with typing errors, as is `misspeltGain`.
    private static let unknownShare: Float = 0.15
    private static let misspeltGain: Float = 3

    /// How much of a text training has met, each feature by its weight, 0…1.
    struct Coverage: Equatable, Sendable {
        var characters: Float
        var sounds: Float

        /// Unknown characters that sound known are misspelt and count as known, if most of the text sounds known: chance
        /// gives half of it.
        var share: Float { characters + (1 - characters) * sounds * sounds }
    }

    /// Looks up the features of a text. Each block is brought to length `blockWeights[block]`.
    func activate(_ buffer: inout FeatureBuffer, blockWeights: [Float], into active: inout [Active])
        -> Coverage
    {
        active.removeAll(keepingCapacity: true)
        var known = SIMD8<Float>.zero
        var unknown = known
        var sounds = 0..<0
        for block in 0..<FeatureBlock.count where !buffer.blocks[block].isEmpty {
            let first = active.count
            var squares: Float = 0
            buffer.counter.count(buffer.blocks[block])
            for (hash, count) in zip(buffer.counter.hashes, buffer.counter.counts) {
                let damped = ExactMath.dampedCounts[Int(count)]
                let group = group(of: hash)
                guard group >= 0 else {
                    unknown[block] += unknownIdf
                    squares += Vocabulary.unknownShare * unknownIdf * unknownIdf * damped * damped
                    continue
                }
                known[block] += idfs[Int(group)]
                let value = damped * idfs[Int(group)]
                squares += value * value
                active.append(Active(group: group, value: damped * factors[Int(group)]))
            }
            guard squares > 0 else { continue }
            let scale = blockWeights[block] / squares.squareRoot()
            for index in first..<active.count { active[index].value *= scale }
            if block == FeatureBlock.sounds.rawValue { sounds = first..<active.count }
        }
        func share(_ block: FeatureBlock) -> Float {
            let (known, unknown) = (known[block.rawValue], unknown[block.rawValue])
            return known + unknown > 0 ? known / (known + unknown) : 0
        }
        let coverage = Coverage(characters: share(.characters), sounds: share(.sounds))
        // Unknown characters that sound known are misspelt, or typed in letters: then the sound has more to say.
        let gain = 1 + Vocabulary.misspeltGain * max(0, coverage.sounds - coverage.characters)
        for index in sounds { active[index].value *= gain }
        return coverage
    }
}
