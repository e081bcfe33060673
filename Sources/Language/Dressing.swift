/// What stands around the words of an utterance and says nothing of its own: that somebody is spoken to, that a question comes,
/// thanks ahead, haste, laughter (discourse markers and courtesy formulas). Whoever understands the words understands them with it and
/// without it alike.
package enum Dressing {
    /// A text without it, and but once where it was sent twice; nil where there is none, or nothing would be left.
    package static func removed(from text: String) -> String? {
        let normal = Normalizer.normalize(text)
        let once = once(normal.scalars)
        let isSpaced = isSpaced(normal)
        let core = core(of: Array(normal.scalars[once])) { !isSpaced && normal.hasGap(before: $0) }
        guard !core.isEmpty else { return nil }
        if isSpaced { return closedUp(normal, text, core) }
        let range = normal.originalRange(core)
        return range.count == normal.originalCount ? nil : text.scalars(in: range)
    }

    /// Begins a question wherever it stands first.
    private static let openings = WordList(
        """
        请问 想请问 我想请问 麻烦请问 我想知道 我就想知道 就想知道 想知道 请告诉我 告诉我一下 麻烦告诉我 麻烦告诉我一下 跟我说说 \
        给我说说 跟我讲讲 给我讲讲 就是说 就是想问 就是想问一下 就是想问问
        """)
    /// Begins a question that 吗 ends: 能告诉我怎么备案吗.
    private static let wishes = WordList(
        "能告诉我 能不能告诉我 可以告诉我 你能告诉我 您能告诉我 你可以告诉我 能跟我说说 能给我说说 能说说 你知道 您知道 有人知道 有没有人知道 谁知道")
    /// Asks by itself.
    private static let asked = WordList("怎么 咋 什么 啥 多少 几 哪 谁 为何")
    private static let wishEnds = WordList("吗 么 嘛 不")
    /// Words that greet, in front of which and behind which no mark is needed.
    private static let greetings = WordList("你好 您好 你好啊 您好啊 侬好 哈喽 哈罗 hello")
    /// Sounds that need no mark behind them.
    private static let sounds = WordList("哎呀 哎哟 哎呦 唉 哎 诶 欸 呃 嗯 嗯嗯 哦 哦哦 噢 喔 啊 就是")
    /// Words that only ask for the ear, when a mark or a space stands behind them.
    private static let calls = WordList(
        """
        那个 这个 那什么 喂 额 恩 恩恩 唔 师傅 同志 大姐 大哥 大姐姐 姑娘 小姐姐 小姑娘 小伙子 \
        老师 亲 亲亲 喂喂 在吗 在不在 有人吗 小导 早上好 上午好 中午好 下午好 晚上好 早 hi 是这样 是这样的 情况是这样 情况是这样的 事情是这样的 \
        不好意思 打扰了 打扰一下 打扰下 抱歉 劳驾 麻烦了 麻烦您 麻烦你 帮个忙 帮帮忙
        """)
    /// Begins the announcement of a question: 我想跟您打听一下, 麻烦问一哈.
    private static let announcements = WordList(
        "我 俺 想 就想 要 得 请 麻烦 麻烦你 麻烦您 劳驾 烦请 打扰 打扰一下 跟你 跟您 跟你们 跟您们 向你 向您 找你 找您"
    )
    private static let asking = WordList("问 问问 请问 打听 咨询 请教 了解 打听打听 咨询咨询")
    /// What is said of nothing but questions: 想打听报销 needs no softener.
    private static let plainAsking = WordList("打听 咨询 请教")
    /// What ends it; without, 我想问 may be the question itself.
    private static let softeners = WordList(
        "看看 一下 一下子 一下哈 一下子哈 一哈 一哈子 下 下子 下哈 哈 一声 一句 声 句 个事 个事儿 个问题 一个问题 一件事 件事")
    /// Begins with what sounds like one, and is a word of the question: 请问哈尔滨, 我想问下个月.
    private static let noSofteners = WordList(
        "下礼 下周 下个 下半 下午 下星 下乡 下岗 下载 下月 下次 下一 下面 下肢 下颌 下来 下去 哈尔 哈市 哈密 一句话 句话 一声不"
    )

    /// Thanks ahead, with a mark or without.
    private static let thanks = WordList(
        """
        谢谢 谢谢你 谢谢您 谢谢啊 谢谢啦 谢谢了 谢谢哈 谢谢哦 谢谢大家 谢谢老师 谢啦 谢了 多谢 多谢了 感谢 感谢了 非常感谢 十分感谢 \
        先谢谢了 先谢了 先谢过 谢谢谢谢 拜托 拜托了 拜托拜托 麻烦了 麻烦您了 麻烦你了 辛苦了 辛苦您了 thanks thx
        """)
    /// Haste, and what asks for an answer once more, behind a mark or a space.
    private static let haste = WordList(
        """
        急 急急 急急急 很急 挺急的 比较急 着急 有点急 有点着急 在线等 在线等急 急用 等着用 求解答 求告知 求解 求助 求回复 请回复 请告知 请解答 \
        盼复 望回复 望告知 望解答 请指教 快点 快点回 快回 好吗 好吧 好么 好嘛 好不好 你知道吗 您知道吗 知道吗 知道不 晓得不 你知道不 \
        你说呢 你看呢 帮帮我 帮帮忙 帮个忙 帮我看看 帮忙看看 麻烦看一下 麻烦帮我看看
        """)
    /// Laughter, with a mark or without.
    private static let laughter = WordList("哈哈 呵呵 嘿嘿 嘻嘻 嘎嘎 hh hhh")
    /// Colours the end of a sentence.
    private static let particles = Set("啊呀哦噢哟噻嘞撒哩咧捏呗啵哈".unicodeScalars.map(\.value))
    /// Behind these alone thanks are thanks, and no courtesy to an answer.
    private static let nods = WordList(
        """
        好 好的 好滴 好嘞 好吧 好了 行 行了 行吧 可以 可以了 嗯 嗯嗯 恩 哦 噢 知道 知道了 晓得了 明白 明白了 懂了 了解 了解了 收到 没事 没事了 没了 \
        没有了 不用 不用了 不必了 不了 不需要 不需要了 算了 是 是的 对 对的 ok 清楚了 会了 够了 就这样 就这些 再见 拜拜
        """)

    /// Where the words themselves stand among normalised scalars, in which marks of entities may stand.
    ///
    /// - Parameter isApart: whether a space was dropped before the scalar at an index.
    package static func core(of scalars: [UInt32], isApart: (Int) -> Bool) -> Range<Int> {
        let first = opening(of: scalars, isApart)
        var end = scalars.count
        if first > 0, wish(endingBefore: first, in: scalars) {
            let bare = withoutMarks(first..<end, of: scalars)
            if let length = wishEnds.length(before: bare, in: scalars), bare - length > first {
                end = bare - length
            }
        }
        for _ in 0..<most {
            guard let shorter = closing(of: scalars, first..<end, isApart) else { break }
            end = shorter
        }
        return first..<end
    }

    /// So many things dress an utterance before or behind; whoever sends more of them does not mean to be polite.
    private static let most = 16

    // MARK: Before

    private static func opening(of scalars: [UInt32], _ isApart: (Int) -> Bool) -> Int {
        var begin = 0
        for _ in 0..<most {
            guard let next = opening(at: begin, in: scalars, isApart), says(scalars[next...]) else { break }
            begin = next
        }
        return begin
    }

    /// As much as must follow where no mark divides: 你好吗 is a question, 就是 an answer.
    private static let leastBehind = 2

    /// Behind what stands at `begin`; nil where the words themselves do.
    private static func opening(at begin: Int, in scalars: [UInt32], _ isApart: (Int) -> Bool) -> Int? {
        if let next = announcement(at: begin, in: scalars) { return next }
        if let length = openings.length(at: begin, in: scalars) { return past(begin + length, in: scalars) }
        for words in [greetings, sounds] {
            guard let length = words.length(at: begin, in: scalars) else { continue }
            let next = begin + length
            if isEnd(next, of: scalars, isApart) || scalars.count - next >= leastBehind + length / 2 {
                return past(next, in: scalars)
            }
        }
        if let length = calls.length(at: begin, in: scalars) {
            let next = begin + length
            if isEnd(next, of: scalars, isApart) || greetings.length(at: next, in: scalars) != nil {
                return past(next, in: scalars)
            }
        }
        return wish(at: begin, in: scalars)
    }

    /// Whether it was words that ask to be told something which ended there.
    private static func wish(endingBefore first: Int, in scalars: [UInt32]) -> Bool {
        var end = first
        while end > 0, !ScalarClass.isMeaningful(scalars[end - 1]) { end -= 1 }
        return wishes.length(before: end, in: scalars) != nil
    }

    /// Behind words that ask to be told something, where a question follows.
    private static func wish(at begin: Int, in scalars: [UInt32]) -> Int? {
        guard let length = wishes.length(at: begin, in: scalars) else { return nil }
        let next = past(begin + length, in: scalars)
        return asked.occurs(in: next..<scalars.count, of: scalars) ? next : nil
    }

    /// Behind words that say that a question comes, with or without a mark.
    private static func announcement(at begin: Int, in scalars: [UInt32]) -> Int? {
        var index = begin
        while let length = announcements.length(at: index, in: scalars) { index += length }
        guard let verb = asking.length(at: index, in: scalars) else { return nil }
        let isPlain = index > begin && plainAsking.length(at: index, in: scalars) == verb
        index += verb
        if noSofteners.length(at: index, in: scalars) == nil,
            let length = softeners.length(at: index, in: scalars)
        {
            index += length
        } else if !isPlain, index >= scalars.count || !ScalarClass.isBreak(scalars[index]) {
            return nil
        }
        let next = past(index, in: scalars)
        // 问一下他 announces nothing.
        return next > index || scalars.count - next >= leastBehind ? next : nil
    }

    /// Whether a mark or a space stands there.
    private static func isEnd(_ index: Int, of scalars: [UInt32], _ isApart: (Int) -> Bool) -> Bool {
        index < scalars.count
            && (ScalarClass.isBreak(scalars[index]) || isDecoration(scalars[index]) || scalars[index] == 0x20
                || isApart(index))
    }

    private static func past(_ index: Int, in scalars: [UInt32]) -> Int {
        var index = index
        while index < scalars.count,
            scalars[index] == 0x20 || ScalarClass.isBreak(scalars[index]) || isDecoration(scalars[index])
        { index += 1 }
        return index
    }

    // MARK: Behind

    /// As little as may be left before a particle (是啊).
    private static let leastColoured = 1

    /// The end without the last thing that dresses it; nil where the words themselves end.
    private static func closing(
        of scalars: [UInt32], _ range: Range<Int>, _ isApart: (Int) -> Bool
    ) -> Int? {
        var end = range.upperBound
        while end > range.lowerBound, isDecoration(scalars[end - 1]) { end -= 1 }
        if end < range.upperBound { return says(scalars[range.lowerBound..<end]) ? end : nil }
        let bare = withoutMarks(range.lowerBound..<end, of: scalars)
        if bare - range.lowerBound > leastColoured, particles.contains(scalars[bare - 1]),
            scalars[bare - 1] != scalars[bare - 2], ScalarClass.isMeaningful(scalars[bare - 2]), bare == end
        {
            return bare - 1
        }
        if let length = laughter.length(before: bare, in: scalars) {
            var start = bare - length
            while start > range.lowerBound, scalars[start - 1] == scalars[start] { start -= 1 }
            if let shorter = ending(before: start, range, scalars) { return shorter }
        }
        if let length = thanks.length(before: bare, in: scalars),
            let shorter = ending(before: bare - length, range, scalars),
            !isNod(range.lowerBound..<shorter, of: scalars)
        {
            return shorter
        }
        if let length = haste.length(before: bare, in: scalars),
            bare - length > range.lowerBound,
            ScalarClass.isBreak(scalars[bare - length - 1]) || isApart(bare - length)
        {
            return ending(before: bare - length, range, scalars)
        }
        return nil
    }

    /// The end of what stands before `index`, without commas behind it; nil where nothing does.
    private static func ending(before index: Int, _ range: Range<Int>, _ scalars: [UInt32]) -> Int? {
        var end = index
        while end > range.lowerBound, scalars[end - 1] == 0x2C || scalars[end - 1] == 0x20 { end -= 1 }
        return end < range.upperBound && end >= range.lowerBound && says(scalars[range.lowerBound..<end])
            ? end : nil
    }

    private static func withoutMarks(_ range: Range<Int>, of scalars: [UInt32]) -> Int {
        var end = range.upperBound
        while end > range.lowerBound, ScalarClass.isBreak(scalars[end - 1]) { end -= 1 }
        return end
    }

    /// Whether nothing but nods stands there.
    private static func isNod(_ range: Range<Int>, of scalars: [UInt32]) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            if let length = nods.length(at: index, in: scalars), index + length <= range.upperBound {
                index += length
            } else if !ScalarClass.isMeaningful(scalars[index]) {
                index += 1
            } else {
                return false
            }
        }
        return true
    }

    /// `~` and its like.
    private static func isDecoration(_ value: UInt32) -> Bool {
        value == 0x7E || value == 0x301C || value == 0x223C
    }

    private static func says(_ scalars: ArraySlice<UInt32>) -> Bool {
        scalars.contains(where: ScalarClass.isMeaningful)
    }

    // MARK: Sent twice, and spaced out

    /// As little as may be said twice by accident.
    private static let leastRepeated = 4

    /// The first half where the second says the same, a mark or two aside.
    private static func once(_ scalars: [UInt32]) -> Range<Int> {
        let end = withoutMarks(scalars.indices, of: scalars)
        guard end >= 2 * leastRepeated else { return scalars.indices }
        for half in end / 2 - 1...end / 2 {
            var second = half
            while second < end, ScalarClass.isBreak(scalars[second]) { second += 1 }
            let length = end - second
            if length >= leastRepeated, half == length, scalars[..<half] == scalars[second..<end],
                scalars[second..<end].contains(where: ScalarClass.isHan)
            {
                return 0..<half
            }
        }
        return scalars.indices
    }

    /// As few as are not spaced out by chance.
    private static let leastSpaced = 3

    /// Whether every character stands alone (异 地 备 案).
    private static func isSpaced(_ text: NormalizedText) -> Bool {
        var apart = 0
        for index in text.scalars.indices.dropFirst()
        where ScalarClass.isHan(text.scalars[index]) && ScalarClass.isHan(text.scalars[index - 1]) {
            guard text.hasGap(before: index) else { return false }
            apart += 1
        }
        return apart >= leastSpaced
    }

    /// A part of a text without its spaces, but those between words of other scripts.
    private static func closedUp(_ text: NormalizedText, _ original: String, _ range: Range<Int>) -> String {
        let scalars = Array(original.unicodeScalars)
        var view = String.UnicodeScalarView()
        for index in range {
            for place in text.originalRange(index..<index + 1) { view.append(scalars[place]) }
        }
        return String(view)
    }
}
