import Language

/// Whether a person rules out what they name (不是北京, 不要线上的, 除了住院).
enum Negation {
    private static let words = WordList("不是 不要 不想 不用 不算 不 没 没有 别 除了 除去 除开 排除 非 而不是 并不是")
    /// May stand between (不要去北京).
    private static let links = WordList("去 在 到 用 选 走 说 办 要 是 给 替 帮 上 弄 做")

    static func precedes(_ start: Int, in scalars: [UInt32]) -> Bool {
        if let length = words.length(before: start, in: scalars) {
            return rulesOut(start - length, length, scalars)
        }
        guard let link = links.length(before: start, in: scalars),
            let length = words.length(before: start - link, in: scalars)
        else { return false }
        return rulesOut(start - link - length, length, scalars)
    }

    /// 是不是北京, 要不要住院, 有没有门诊: a question rules nothing out.
    private static func rulesOut(_ first: Int, _ length: Int, _ scalars: [UInt32]) -> Bool {
        guard first > 0 else { return true }
        if scalars[first] == 0x4E0D || scalars[first] == 0x6CA1 {  // 不 没
            return first + 1 >= scalars.count || scalars[first - 1] != scalars[first + 1]
        }
        return !isException(first, length, scalars)
    }

    /// 非 and 别 as parts of other words (非常, 特别, 分别, 级别).
    private static func isException(_ first: Int, _ length: Int, _ scalars: [UInt32]) -> Bool {
        guard first > 0, length == 1, scalars[first] == 0x522B else { return false }
        return [0x7279, 0x5206, 0x7EA7, 0x5DEE, 0x6027, 0x7C7B].contains(scalars[first - 1])
    }
}
