import Language

/// What an amount or a count is, by the words beside it: 今年报过400 has been paid already, 工资6000 is a wage, 两个大人 are
/// grown-ups. Without such words it is what was asked for, or the bill.
enum AmountRole {
    private static let before: [(role: String, words: WordList)] = [
        (
            "used",
            WordList("已经报了 已经报 已经报销了 已经报过 已报了 已报 已报销 报过 报过了 报了 报销了 报销过 报掉 报掉了 报走了 额度用了 额度用掉")
        ),
        ("pension", WordList("养老金 平均养老金 养老金是 养老金大概 养老金平均")),
        (
            "wage",
            WordList("工资 工资是 工资有 工资大概 月工资 平均工资 平均工资是 工资平均 月薪 月薪是 薪水 底薪 基数 基数是 基数按 缴费基数 一个月挣 每月挣 一个月开 月入 到手")
        ),
    ]
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
    private static let leave = WordList("产假 产假批了 产假是 产假有 产假休了 产假休 休了 休假 批了 放了 休")
    private static let leaveBehind = WordList("产假 的产假 假 的假")
    private static let rough = WordList("大约 大概 差不多 将近 约 也就 是 有 共")

    static func of(_ range: Range<Int>, in scalars: [UInt32]) -> String? {
        var end = range.lowerBound
        for _ in 0..<2 {
            for (role, words) in before where words.length(before: end, in: scalars) != nil { return role }
            guard let length = rough.length(before: end, in: scalars) else { break }
            end -= length
        }
        return nil
    }

    /// 负500 and -500; the sign of 5000-8000 joins two figures.
    static func isNegative(_ range: Range<Int>, in scalars: [UInt32]) -> Bool {
        let sign = range.lowerBound - 1
        guard sign >= 0, scalars[sign] == 0x2D || scalars[sign] == 0x8D1F else { return false }
        return sign == 0 || NumeralSign.of(scalars[sign - 1]) == .other
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

    /// Who is counted, by the words before (孩子两个, 老人有1个).
    static func ofCount(behind words: Int, in scalars: [UInt32]) -> String? {
        let end = words - (rough.length(before: words, in: scalars) ?? 0)
        return named.first { $0.words.length(before: end, in: scalars) != nil }?.role
    }
}
