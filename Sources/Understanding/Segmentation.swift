import Language

/// Tells which place names of a text are really there, by reading it as the likeliest row of words.
///
/// Each reading of the text as names, everyday words and single characters has a cost; the cheapest wins. So
/// 医保定点 is 医保 and 定点, not 保定 between two loose characters.
enum Segmentation {
    /// A character that belongs to no word.
    private static let looseCost: Int32 = 95

    /// Indices of the place matches on the cheapest reading, in the order of the text.
    static func places(
        _ matches: [Lexicon.Match], lexicon: Lexicon, scalars: [UInt32],
        best: inout [Int32], choice: inout [Int32]
    ) -> [Int] {
        guard let placeType = lexicon.placeType else { return [] }
        let count = scalars.count
        best.removeAll(keepingCapacity: true)
        choice.removeAll(keepingCapacity: true)
        best.append(0)
        choice.append(-1)
        var next = 0
        for end in 1..<max(count + 1, 1) {
            var least = best[end - 1] + looseCost
            var taken: Int32 = -1
            while next < matches.count, matches[next].range.upperBound == end {
                let match = matches[next]
                let total = best[match.range.lowerBound] + cost(of: match, lexicon, placeType, scalars)
                if total < least {
                    least = total
                    taken = Int32(next)
                }
                next += 1
            }
            best.append(least)
            choice.append(taken)
        }
        return trace(matches, lexicon, placeType, choice)
    }

    private static func trace(
        _ matches: [Lexicon.Match], _ lexicon: Lexicon, _ placeType: Int,
        _ choice: [Int32]
    ) -> [Int] {
        var found: [Int] = []
        var position = choice.count - 1
        while position > 0 {
            let index = Int(choice[position])
            guard index >= 0 else {
                position -= 1
                continue
            }
            if lexicon.phrases[matches[index].phrase].names(placeType) { found.append(index) }
            position = matches[index].range.lowerBound
        }
        return found.reversed()
    }

    private static func cost(
        of match: Lexicon.Match, _ lexicon: Lexicon, _ placeType: Int,
        _ scalars: [UInt32]
    ) -> Int32 {
        let phrase = lexicon.phrases[match.phrase]
        var least: Int32 = phrase.wordCost > 0 ? phrase.wordCost : .max
        for sense in phrase.senses {
            guard sense.type == placeType else {
                least = min(least, 90)
                continue
            }
            let cost = placeCost(sense.standing, length: phrase.length)
            least = min(least, cost - bonus(for: match.range, in: scalars))
        }
        return least
    }

    private static func placeCost(_ standing: LexiconEntry.Standing, length: Int) -> Int32 {
        switch standing {
        case .full: length > 2 ? 80 : 100
        case .short: 100
        case .minor: length > 2 ? 112 : 124
        case .weak: 112
        case .misspelt: 118
        }
    }

    /// Names are likely after 去, 在 and 换成, and before 市.
    private static func bonus(for range: Range<Int>, in scalars: [UInt32]) -> Int32 {
        var bonus: Int32 = 0
        if range.lowerBound > 0, isBeforeNames(scalars[range.lowerBound - 1]) { bonus += 25 }
        if range.upperBound < scalars.count, isBehindNames(scalars[range.upperBound]) { bonus += 15 }
        return bonus
    }

    private static func isBeforeNames(_ value: UInt32) -> Bool {
        switch value {
        // 去 到 在 从 回 转 往 住 成
        case 0x53BB, 0x5230, 0x5728, 0x4ECE, 0x56DE, 0x8F6C, 0x5F80, 0x4F4F, 0x6210: true
        default: false
        }
    }

    private static func isBehindNames(_ value: UInt32) -> Bool {
        switch value {
        case 0x5E02, 0x53BF, 0x533A, 0x7701, 0x7684, 0x4EBA, 0x53BB, 0x5230: true  // 市 县 区 省 的 人 去 到
        default: false
        }
    }
}

extension Lexicon.Phrase {
    func names(_ type: Int) -> Bool { senses.contains { $0.type == type } }
}
