import Language

/// Tells what makes sense as it is written: such characters stand for no others of the same sound.
enum EverydayWords {
    /// Small words, which stand beside any other.
    private static let small = Set(
        "去到在从回来有没是我你他她您俺咱的了吗呢吧不也都就还要想能会一两几多少给跟和用上下里这那个年月天次人钱".unicodeScalars.map(\.value))

    /// What an answer may have around the name that it gives, besides what the dictionaries know.
    private static let shells = WordList(
        """
        就那个 那个 这个 我 我们 俺 俺们 咱 咱们 他 她 您 我是 是 就是 应该是 好像是 不是 就 在 就在 搁 住 去 要去 想去 到 来 回 从 往 上 的 滴 嘞 哩 地 市 县 \
        区 省 州 人 那边 那儿 那里 那 这边 这儿 这里 里 城里 老家 医保 社保 参保 参的 交 交的 缴 缴的 办 办的 买 买的 吧 啊 呀 呢 哈 哦 嗯 呃 哎 噢 \
        应该 好像 大概 可能 不对 说错了 错了
        """)

    /// Whether everyday words and small words account for every character of the range (去医院, 一年).
    static func accountFor(
        _ range: Range<Int>, in scalars: [UInt32], _ matches: [Lexicon.Match], _ lexicon: Lexicon
    )
        -> Bool
    {
        range.allSatisfy { index in
            small.contains(scalars[index])
                || matches.contains {
                    // The range itself may be a word that a phrase is taken for: then it is no guess.
                    $0.range.contains(index) && lexicon.phrases[$0.phrase].wordCost > 0
                }
        }
    }

    /// Whether an answer is nothing but what lies in the range, and what may stand around it.
    static func frame(
        _ range: Range<Int>, in scalars: [UInt32], _ matches: [Lexicon.Match], _ lexicon: Lexicon
    )
        -> Bool
    {
        covers(0..<range.lowerBound, scalars, matches, lexicon)
            && covers(range.upperBound..<scalars.count, scalars, matches, lexicon)
    }

    private static func covers(
        _ range: Range<Int>, _ scalars: [UInt32], _ matches: [Lexicon.Match], _ lexicon: Lexicon
    ) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            if scalars[index] == 0x20 || ScalarClass.isBreak(scalars[index]) {
                index += 1
                continue
            }
            let known = matches.filter {
                $0.range.lowerBound == index && $0.range.upperBound <= range.upperBound
                    && !lexicon.phrases[$0.phrase].senses.isEmpty
            }.map(\.range.count)
            let longest = max(shells.length(at: index, in: scalars) ?? 0, known.max() ?? 0)
            guard longest > 0, index + longest <= range.upperBound else { return false }
            index += longest
        }
        return true
    }
}
