import Language

/// What the tokens of one text look like, for the labelling of slots: hashes, token by token.
struct SlotFeatures: Sendable {
    private(set) var hashes: [UInt32] = []
    /// Where each token's hashes begin; one more than tokens.
    private(set) var starts: [Int32] = [0]

    private static let begin: UInt32 = 0x10_FFF0
    private static let end: UInt32 = 0x10_FFF1

    /// An entity that a recogniser or dictionary found, in normalised scalars.
    struct Named: Sendable {
        var type: UInt32
        var range: Range<Int>
    }

    /// - Parameters:
    ///   - intent: number of the likeliest intent.
    mutating func extract(
        _ tokens: [SlotToken], scalars: [UInt32], named: [Named], names: [SlotNames.Match], intent: Int?
    ) {
        hashes.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        starts.append(0)
        for index in tokens.indices {
            addNeighbours(tokens, index)
            addForm(tokens, index, scalars)
            addEntities(tokens[index], named)
            for name in names where name.range.contains(index) {
                add(40, UInt32(name.type) << 2 | SlotFeatures.place(of: index, in: name.range))
            }
            if let intent {
                add(50, UInt32(intent))
                add(51, UInt32(intent), tokens[index].unit)
            }
            add(52)
            starts.append(Int32(hashes.count))
        }
    }

    /// 0 alone, 1 first, 2 inside, 3 last.
    private static func place(of index: Int, in range: Range<Int>) -> UInt32 {
        if range.count == 1 { return 0 }
        return index == range.lowerBound ? 1 : index == range.upperBound - 1 ? 3 : 2
    }

    @inline(__always)
    private mutating func add(_ template: UInt32) { hashes.append(template &* 0x9E37_79B9) }

    @inline(__always)
    private mutating func add(_ template: UInt32, _ a: UInt32) {
        hashes.append(FeatureHash.mix(template &* 0x9E37_79B9, a))
    }

    @inline(__always)
    private mutating func add(_ template: UInt32, _ a: UInt32, _ b: UInt32) {
        hashes.append(FeatureHash.mix(FeatureHash.mix(template &* 0x9E37_79B9, a), b))
    }

    @inline(__always)
    private mutating func add(_ template: UInt32, _ a: UInt32, _ b: UInt32, _ c: UInt32) {
        hashes.append(
            FeatureHash.mix(FeatureHash.mix(FeatureHash.mix(template &* 0x9E37_79B9, a), b), c))
    }

    private mutating func addNeighbours(_ tokens: [SlotToken], _ index: Int) {
        func unit(_ offset: Int) -> UInt32 {
            let at = index + offset
            return at < 0 ? SlotFeatures.begin : at >= tokens.count ? SlotFeatures.end : tokens[at].unit
        }
        func kind(_ offset: Int) -> UInt32 {
            let at = index + offset
            return at < 0 ? 8 : at >= tokens.count ? 9 : UInt32(tokens[at].kind.rawValue)
        }
        let (u0, u1, u2, m1, m2) = (unit(0), unit(1), unit(2), unit(-1), unit(-2))
        add(1, u0)
        add(2, m1)
        add(3, u1)
        add(4, m2)
        add(5, u2)
        add(6, m1, u0)
        add(7, u0, u1)
        add(8, m2, m1)
        add(9, u1, u2)
        add(10, m1, u0, u1)
        add(11, m2, m1, u0)
        add(12, u0, u1, u2)
        add(13, m1, u1)
        if index > 2 { add(14, unit(-3)) }
        if index + 3 < tokens.count { add(15, unit(3)) }
        let kinds = kind(-1) << 8 | kind(0) << 4 | kind(1)
        add(16, kinds)
        add(17, kind(-2) << 16 | kinds << 4 | kind(2))
        if tokens[index].exact != u0 { add(18, tokens[index].exact) }
    }

    private mutating func addForm(_ tokens: [SlotToken], _ index: Int, _ scalars: [UInt32]) {
        let token = tokens[index]
        if token.kind == .han {
            let sound = UInt32(Pinyin.fuzzy(token.unit))
            if sound != 0 { add(20, sound) }
            return
        }
        guard token.kind != .mark else { return }
        add(21, UInt32(min(token.range.count, 12)))
        addAffixes(22, token.range, scalars, upTo: 4)
        if index > 0, tokens[index - 1].kind == .letters {
            addEnd(24, tokens[index - 1].range, scalars)
        }
        if index + 1 < tokens.count, tokens[index + 1].kind == .letters {
            addEnd(25, tokens[index + 1].range, scalars)
        }
    }

    /// First and last one to four letters of a word.
    private mutating func addAffixes(
        _ template: UInt32, _ range: Range<Int>, _ scalars: [UInt32], upTo longest: Int
    ) {
        var front: UInt32 = 0
        var back: UInt32 = 0
        for length in 1...longest where length < range.count {
            let first = scalars[range.lowerBound + length - 1]
            let last = scalars[range.upperBound - length]
            front = FeatureHash.mix(front, ScalarClass.isDigit(first) ? 0x30 : first)
            back = FeatureHash.mix(back, ScalarClass.isDigit(last) ? 0x30 : last)
            add(template, front)
            add(template + 1, back)
        }
    }

    private mutating func addEnd(_ template: UInt32, _ range: Range<Int>, _ scalars: [UInt32]) {
        var back: UInt32 = 0
        for length in 1...min(3, range.count) {
            back = FeatureHash.mix(back, scalars[range.upperBound - length])
        }
        add(template, back)
    }

    private mutating func addEntities(_ token: SlotToken, _ named: [Named]) {
        for entity in named {
            if entity.range.overlaps(token.range) {
                let isFirst: UInt32 = entity.range.lowerBound >= token.range.lowerBound ? 1 : 0
                add(30, entity.type << 1 | isFirst)
            } else if entity.range.lowerBound == token.range.upperBound {
                add(31, entity.type)
            } else if entity.range.upperBound == token.range.lowerBound {
                add(32, entity.type)
            }
        }
    }
}
