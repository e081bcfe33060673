import Language
/// Names that are words, and names that have to be guessed: whether they mean a place here.
extension PlaceRoles {
    private static let beforeWeak = WordList(
        "去 到 在 从 回 老家 老家在 老家是 住在 住 人在 医保在 社保在 参保地 参保地是 参保地在 参保在 我是 俺是 卡在 户口在 转到 转往 就医地 前往 医保是 "
            + "问下 请问 问一下 我们 俺们 咱们 查下 查一下 咨询下 想知道 说下")
    private static let behindWeak = WordList(
        "医保 的医保 社保 参保 看病 就医 住院 职工医保 居民医保 人 的人 去 到 转到 交的 交医保 的医保卡 医保卡 医保局 新农合 农合 生孩子 这边 那边 市 县 异地 的社保 居民")

    /// Whether both sides read as they do around places.
    static func speaksForWeakName(_ range: Range<Int>, in scalars: [UInt32]) -> Bool {
        let isLed = beforeWeak.length(before: range.lowerBound, in: scalars) != nil
        let isFollowed = behindWeak.length(at: range.upperBound, in: scalars) != nil
        let isEnd = range.upperBound == scalars.count || isBreak(scalars[range.upperBound])
        let isStart = range.lowerBound == 0 || isBreak(scalars[range.lowerBound - 1])
        return isLed && (isFollowed || isEnd) || isStart && isFollowed
    }

    private static let beforeNames = WordList("去 到 在 从 回 老家 我是 住在 转到 医保在 参保地 社保在")
    private static let behindNames = WordList("医保 的医保 社保 看病 就医 住院 市 参保 职工医保 居民医保 省 的医院")

    /// Whether a name that has to be guessed may stand here: something on both sides speaks for a place.
    static func frames(_ range: Range<Int>, in scalars: [UInt32]) -> Bool {
        let isLed = range.lowerBound == 0 || beforeNames.length(before: range.lowerBound, in: scalars) != nil
        return isLed && behindNames.length(at: range.upperBound, in: scalars) != nil
    }
}
