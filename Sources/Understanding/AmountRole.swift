import Language

/// What an amount or a count is, by the words beside it: 今年报过400 has been paid already, 对方赔了3000 was paid by somebody else, 工资6000 is a wage, 自费药2万 is not
/// covered, 两个大人 are grown-ups. Without such words it is what was asked for, or the bill.
enum AmountRole {
    /// What is only compared with (过了起付线800): no bill, nor anything else that is worked with.
    static let threshold = "threshold"
    /// What was spent before, where another bill is told.
    static let earlier = "earlier"
    private static let before: [(role: String, words: WordList)] = [
        (
            "inside",
            WordList(
                "医保内 医保内的 医保范围内 医保范围内的 政策范围内 政策范围内的 政策范围内费用 政策内 政策内的 范围内 范围内的 范围内费用 目录内 目录内的 合规 合规的 合规费用 合规金额 可报销 可报销的 可报销金额 可报金额 可报的 能报的 能报销的 进医保的 统筹内"
            )
        ),
        (
            "outside",
            WordList(
                "其中自费 其中自费的 自费药 自费的药 自费药花了 自费药用了 自费项目 目录外 目录外的 目录外的药 丙类 丙类药 范围外 范围外的 医保范围外 医保范围外的 医保外 医保外的 不在医保里的 不在目录里的 不能报的 不能报销的 报不了的 不报的 不给报的 不报销的 全自费 全自费的 完全自费"
            )
        ),
        (
            "deposit",
            WordList(
                "押金 押金交了 交了押金 交押金 押金要 押金要先交 押金先交 押金先交了 押金要交 押金得交 押金得先交 押金让交 押金让先交 押金就交了 押金就要 押金收了 押金垫了 押金付了 交的押金 预交 预交了 预交金 预交款 预缴 预缴了 押了 先押了"
            )
        ),
        // Given or lent by friends: no bill, and nothing that an insurance or who is liable paid.
        (
            "deposit",
            WordList(
                "朋友给了 朋友给了我 朋友给我 亲戚给了 亲戚给了我 亲戚给我 同事给了 同事给了我 同事凑了 亲戚凑了 朋友凑了 大家凑了 大伙凑了 家里凑了 借了 借来 借给我 借了我 借给我了 朋友借了 亲戚借了 捐了 捐给我 众筹了 众筹到 水滴筹筹了 红包 份子钱"
            )
        ),
        // Before what the insurance paid: 商业保险报了3000 is no business of its.
        (
            "others",
            WordList(
                "赔了 赔过 赔我 赔给我 赔了我 赔给我们 赔了我们 赔偿 赔偿了 赔付 赔付了 理赔 理赔了 赔的 赔款 赔偿款 对方给 对方给了 对方出了 对方付了 对方掏了 对方垫了 对方垫付了 对方拿了 对方先给了 肇事方给了 肇事方付了 肇事方垫了 司机给了 司机付了 司机垫了 车主给了 车主垫了 人家给了 他家给了 家长给了 狗主人给了 保险给了 保险公司给了 保险公司报了 保险公司付了 商业保险报了 商业保险给了 商保报了 意外险报了 意外险给了 学平险报了 学平险给了 学校给了 学校出了 学校垫了 学校的保险给了 单位给了 单位出了 老板给了 老板出了 厂里给了 工地给了 补偿了 补偿款"
            )
        ),
        (
            threshold,
            WordList(
                "起付线 起付 起付标准 起付线是 门槛 门槛费 门槛是 过了起付线 超过起付线 过了门槛 超过门槛 过了门槛费 过了 满了 封顶线 封顶 上限 限额 封顶线是 超过封顶线 过了封顶线"
            )
        ),
        (
            earlier,
            WordList(
                "前头花了 前头已经花了 前头就花了 前头都花了 前面花了 前面已经花了 前面都花了 前边花了 之前花了 之前已经花了 之前还花了 之前都花了 先前花了 以前花了 早先花了 年初花了 上半年花了 上个月花了 上个月还花了 上个月也花了 上个月就花了 上月花了 上月还花了 上月也花了 上次花了 上次还花了 上次也花了 上回花了 上回还花了 上一次花了 前几次花了 前两次花了 前一次花了 头一次花了 第一次花了 头回花了 住过一次花了 住过一回花了 住过两次花了 住过一次院花了 看过一次花了 今年已经花了 今年已经花掉 今年都花了 今年花过 之前花过 前面花过 前头花过"
            )
        ),
        ("added", WordList("再加 再加上 还要再花 还得再花 还要花 还得花 追加 追加了")),
        (
            "used",
            WordList(
                "已经报了 已经报 已经报销了 已经报过 已报了 已报 已报销 报过 报过了 报了 报销了 报销过 报掉 报掉了 报走了 额度用了 额度用掉 额度已经用了 额度已经用掉 额度用去 统筹用了 统筹已经用了 医保付了 医保已经付了"
            )
        ),
        ("pension", WordList("平均养老金 人均养老金 平均退休金 养老金平均 退休金平均 平均的养老金 月均养老金 养老金平均数 养老金平均水平")),
        (
            "own_pension",
            WordList("养老金 养老金是 养老金每月 养老金一个月 养老金涨到 退休金 退休金每月 退休金一个月 退休工资 退休工资每月 退休工资一个月 退休金一月 退休费 劳保")
        ),
        (
            "wage",
            WordList(
                "工资 工资是 工资有 工资大概 月工资 平均工资 平均工资是 工资平均 月薪 月薪是 月均 月均工资 月平均 月平均工资 薪水 底薪 基数 基数是 基数按 缴费基数 一个月挣 每月挣 一个月开 月入 到手"
            )
        ),
    ]
    /// What is said of an amount behind it (2万是自费的).
    private static let after: [(role: String, words: WordList)] = [
        (threshold, WordList("起付 起付线 的起付线 是起付线 的门槛 门槛费 的门槛费 封顶 封顶线 的封顶线 是封顶线")),
        ("used", WordList("额度 的额度 元额度 块额度 块钱额度 块钱的额度 元的额度")),
        ("deposit", WordList("押金 的押金 块押金 块钱押金 元押金 预交金 预交款")),
        (
            "others",
            WordList(
                "是对方赔 是对方给 是对方出 是对方付 是对方垫 对方赔 对方给 对方出 是保险赔 是保险给 是保险公司赔 是学校赔 是学校给 是人家赔 是肇事方 是赔的 赔偿 赔款 赔偿款 的赔偿 的赔款"
            )
        ),
        ("inside", WordList("是医保内 是医保范围内 是范围内 是政策范围内 是目录内 在医保范围内 在目录内 在范围内 是可报销 是能报的 是可以报的 能进医保 进医保 医保内 合规")),
        (
            "outside",
            WordList(
                "是自费 的自费药 自费药 自费的药 自费项目 是目录外 目录外 属于自费 是丙类 丙类 是范围外 是医保范围外 医保范围外 是医保外 属于范围外 不在医保里 不在目录里 不在范围内 是不能报的 是不报的 是报不了的"
            )
        ),
    ]
    /// 3万美元: an amount that is none here.
    static func isForeign(_ end: Int, in scalars: [UInt32]) -> Bool {
        currencies.length(at: end, in: scalars) != nil
    }
    private static let currencies = WordList(
        "美元 美金 美刀 刀乐 欧元 英镑 日元 日币 港币 港元 澳元 加元 加币 韩元 韩币 卢布 泰铢 新币 台币 usd eur 比特币")

    private static let eachDay = WordList(
        "一天 每天 一日 每日 天天 一天要 一天花 一天花了 一天得 每天花 每天花了 每天要 一天大概 每天大概 一天差不多 一天就要 一天就得")

    /// 一天一千: what is paid for each of several days.
    static func isDaily(_ range: Range<Int>, in scalars: [UInt32]) -> Bool {
        eachDay.length(before: range.lowerBound, in: scalars) != nil
    }

    /// The bill that is asked about, where what was spent in the year before it is told as well.
    private static let latest = "latest"
    /// What the insurance paid in the year, beside a bill (医保已经用了450); else what was spent.
    private static let drawn = "drawn"
    /// What is all of the bill (自费花了2万能报吗), or a part of one that was told before (花了8万…… 自费的有2万).
    private static let part = "part"
    /// What is all of the bill (自己掏了2万能报吗), or what was left to oneself, where that is what matters (大病：自付了11万).
    private static let borne = "borne"
    /// What tells something only beside another amount: 花了8万, 自费2万; 前面花过1500, 这次又花了2000.
    private static let beforeAnother: [(role: String, words: WordList)] = [
        (
            earlier,
            WordList(
                "已经花了 已经花 已经花过 已经花过了 已经花掉 已花 已花了 花过 花过了 前面花了 前面花 前头花了 之前花了 之前花 以前花了 先前花了 上次花了 上回花了 上一次花了 第一次花了 第一次花 头一次花了 头一回花了 第一回花了"
            )
        ),
        (
            latest,
            WordList(
                "又花了 又花 这次花了 这次花 这次又花了 这次又花 这回花了 这回花 这回又花了 再花了 第二次花了 第二次花 第二回花了 后来花了 后来又花了 今天花了 今天又花了"
            )
        ),
        (drawn, WordList("已经用了 已经用掉 已经用掉了 已用 已用了 用掉 用掉了 已经用去 用去")),
        ("outside", WordList("自费 自费的 自费了 自费花了 自费部分 自费那部分")),
        (
            "own",
            WordList(
                "自己掏 自己掏了 自己掏的 自己花了 自己出了 自己付了 自己付的 自己交了 自掏 自付 自付了 自付的 自付花了 自付有 自付部分 个人自付 个人自付了 报完还剩 报完自己掏 报完自己还掏 个人付了 个人承担 个人负担 自个儿掏了 自个掏了 自己承担"
            )
        ),
    ]
    private static let afterAnother: [(role: String, words: WordList)] = [
        ("outside", WordList("自费 自费的 不能报 报不了 不给报 不报 不报销")),
        ("own", WordList("是自己掏的 是自己付的 自己掏的 是自付的 是自付")),
    ]
    /// 块 元 块钱 多 的: what may stand between an amount and what is said of it.
    private static let units = WordList("块 元 块钱 的 都 全 那部分 全都 多块 多 部分 费用")
    private static let behind: [(role: String, words: WordList)] = [
        ("adult", WordList("大人 成年人 成人 个大人 个成年人 个成人 口大人 成年")),
        ("child", WordList("学生 孩子 小孩 娃 小朋友 个学生 个孩子 个小孩 个娃 上学的 个上学的 儿童 个儿童")),
        ("elder", WordList("老人 个老人 位老人 老年人 个老年人")),
    ]
    private static let named: [(role: String, words: WordList)] = [
        ("adult", WordList("大人 成年人 成人")),
        ("child", WordList("学生 孩子 小孩 娃 小朋友 上学的 儿童")),
        ("elder", WordList("老人 老年人")),
    ]
    private static let inFact = WordList(
        "实缴 实缴了 实缴的 实缴年限 实际缴费 实际缴费年限 实际缴纳 实际缴了 实际缴 实际交了 实际交 实际交的 实际上交了 实打实交了 实打实交 真正交了 真正交 真交了 自己实际交了 自己实际交")
    private static let inFactBehind = WordList("是实缴 实缴的 是实际缴费 是实际交的 是实打实交的 是真正交的")
    private static let atMost = WordList("只有 才 就 只 只够 有 是 才有 就有 也就 也才 满 够 大概 一共 了")
    private static let leave = WordList("产假 产假批了 产假是 产假有 产假休了 产假休 休了 休假 批了 放了 休")
    private static let leaveBehind = WordList("产假 的产假 假 的假")
    private static let rough = WordList("大约 大概 差不多 将近 约 也就 是 有 共 一共 就有 占了 占 大概有 总共")

    /// - Parameter isOneOfSeveral: whether another amount is told beside it.
    static func of(_ range: Range<Int>, in scalars: [UInt32], isOneOfSeveral: Bool) -> String? {
        role(range, in: scalars, before, after)
            ?? role(range, in: scalars, beforeAnother, afterAnother).flatMap {
                isOneOfSeveral ? $0 : alone[$0]
            }
    }

    /// What of these is said of a single amount.
    private static let alone = ["outside": part, "own": borne]

    private static func role(
        _ range: Range<Int>, in scalars: [UInt32], _ before: [(role: String, words: WordList)],
        _ after: [(role: String, words: WordList)]
    ) -> String? {
        var end = range.lowerBound
        for _ in 0..<2 {
            for (role, words) in before where words.length(before: end, in: scalars) != nil { return role }
            guard let length = rough.length(before: end, in: scalars) else { break }
            end -= length
        }
        var start = range.upperBound
        for _ in 0..<2 {
            for (role, words) in after where words.length(at: start, in: scalars) != nil { return role }
            guard let length = units.length(at: start, in: scalars) else { break }
            start += length
        }
        return nil
    }

    private static let above = WordList("超过 超出 超过了 高于 大于")
    private static let belowBracket = WordList("以内报 以内的报 以内 以内的 以下报 以下的 以下 之内 之内的")
    private static let aboveBracket = WordList("的部分 部分 那部分 的那部分 那段 那一段 的那段 以上的部分 以上部分 以上的 以上")
    private static let shareWords = WordList("几成 百分之几 百分之多少 比例 百分比 几折")
    private static let spending = WordList(
        "花 花了 花掉 花费 花费了 用了 付了 掏了 垫了 交了 一共 总共 合计 共 费用 账单 单子 单子上 发票 大概 大约 差不多 花了大概 花了大约")

    /// A stretch of bills of which it is asked how much is paid (1万到40万报几成, 超过40万的部分, 1万以内), and no bill.
    static func isBracket(_ range: Range<Int>, isBetween: Bool, in scalars: [UInt32]) -> Bool {
        if spending.length(before: range.lowerBound, in: scalars) != nil { return false }
        let end = range.upperBound
        let isAbove =
            above.length(before: range.lowerBound, in: scalars) != nil
            || above.length(at: range.lowerBound, in: scalars) != nil
        if isAbove, aboveBracket.length(at: end, in: scalars) != nil { return true }
        guard shareWords.occurs(in: scalars.indices, of: scalars) else { return false }
        return isBetween || belowBracket.length(at: end, in: scalars) != nil
            || aboveBracket.length(at: end, in: scalars) != nil
    }

    /// 负500 and -500; the sign of 5000-8000 joins two figures.
    static func isNegative(_ range: Range<Int>, in scalars: [UInt32]) -> Bool {
        let sign = range.lowerBound - 1
        guard sign >= 0, scalars[sign] == 0x2D || scalars[sign] == 0x8D1F else { return false }
        return sign == 0 || NumeralSign.of(scalars[sign - 1]) == .other
    }

    /// Years that were paid in fact, beside those that count as paid.
    static func ofYears(_ range: Range<Int>, in scalars: [UInt32]) -> String? {
        var end = range.lowerBound
        if let length = atMost.length(before: end, in: scalars) { end -= length }
        return inFact.length(before: end, in: scalars) != nil
            || inFactBehind.length(at: range.upperBound, in: scalars) != nil ? "actual" : nil
    }

    /// Days of a maternity leave, by the word.
    static func ofDays(_ range: Range<Int>, in scalars: [UInt32]) -> String? {
        let isLeave =
            leave.length(before: range.lowerBound, in: scalars) != nil
            || leaveBehind.length(at: range.upperBound, in: scalars) != nil
        return isLeave ? "leave" : nil
    }

    /// Who is counted, by the words behind (两个孩子).
    static func ofCount(before words: Int, in scalars: [UInt32]) -> String? {
        behind.first { $0.words.length(at: words, in: scalars) != nil }?.role
    }

    private static let total = WordList("一共 总共 加起来 合起来 加一起 合计 总计 加一块 共交 共要")
    private static let anybody = WordList("个人 口人 口子 位")

    /// 两个人一共交多少: who are counted together without a word for who they are, are taken for grown-ups.
    static func isOfAnybody(_ range: Range<Int>, in scalars: [UInt32]) -> Bool {
        anybody.length(before: range.upperBound, in: scalars) != nil
            && total.occurs(in: scalars.indices, of: scalars)
    }

    /// Who is counted, by the words before (孩子两个, 老人有1个).
    static func ofCount(behind words: Int, in scalars: [UInt32]) -> String? {
        let end = words - (rough.length(before: words, in: scalars) ?? 0)
        return named.first { $0.words.length(before: end, in: scalars) != nil }?.role
    }
}
