/// What the words around a place say of it: where the insurance is (`home`) or where the person goes
/// (`destination`).
enum PlaceRoles {
    static let home = "home"
    static let destination = "destination"

    // Words that end right before the name.
    private static let goingBefore = WordList(
        "去 到 上 来 前往 转到 转往 转去 转院到 转诊到 转至 飞 跑 送到 接到 搬到 搬去 调到 调去 住在 住 人在 现在在 目前在 常住 常年在 长住 孩子在 "
            + "儿子在 女儿在 闺女在 姑娘在 俺儿在 我儿在 娃在 娃儿在 妮在 妮儿在 孙子在 孙女在 女婿在 儿媳在 儿子家在 闺女家在 就医地 就医地是 就医地在 异地 去了 到了 来了 来到")
    private static let homeBefore = WordList(
        "医保在 社保在 医保是 社保是 医保关系在 社保关系在 参保地 参保地在 参保地是 参保在 投保在 卡在 卡是 老家 老家在 老家是 户口在 户口是 户籍在 从 "
            + "我是 俺是 咱是 我们是 交在 缴在 保险在 农合在 合疗在 单位在 医保交在 医保办在 我 俺")
    private static let staying = WordList("在")
    /// 医保在北京能用吗: it is used there, not paid there.
    private static let using = WordList("能 可以 可不可以 怎么 咋 用 报 刷 看 住 行不行 买药 的医院 生")

    // Words that begin right behind the name.
    private static let goingBehind = WordList(
        "看病 看个病 看大病 看门诊 就医 就诊 治病 治疗 住院 住了院 住了 做手术 动手术 开刀 手术 检查 生孩子 生娃 生产 生的 那边的医院 那边医院 那边看 的医院 "
            + "的大医院 的三甲 三甲 大医院 医院 打工 务工 上班 工作 出差 旅游 探亲 带孙子 带娃 带孩子 看孙子 养老 长住 定居 常住 住着 安置 急诊 门诊看 看牙 "
            + "挂号 化疗 放疗 透析 找专家 求医 上学 读书 念书 租房 买房")
    private static let homeBehind = WordList(
        "医保 的医保 职工医保 居民医保 的职工医保 的居民医保 社保 的社保 参保 参的保 的参保 新农合 农合 的新农合 的农合 合疗 的合疗 医保卡 的医保卡 社保卡 "
            + "的社保卡 的卡 卡 户口 的户口 人 的人 交的 交医保 交社保 缴的 缴费 买的医保 上的医保 办的医保 退休 的退休 医疗保险 的医疗保险 的保险 "
            + "居民 城乡居民 灵活就业 这边交 本地的医保 市医保 的城乡居民 的灵活就业")
    private static let stayingAway = WordList("能用 能报 能刷 可以用 用 刷 报销 怎么报 买药")
    private static let stayingHome = WordList(
        "交医保 交社保 交的 交了 参保 参的保 参加 缴费 缴的 缴纳 买的 买医保 上的 上医保 办的医保 交着 交 入的 入保 退休 投保")
    private static let leaving = WordList("去 到 转到 转往 转去 转 往 飞 来 回 搬到 搬去 调到")

    // Words of going home, for treatment; before a name it is where one goes, however much it is home (回老家阜阳生孩子).
    private static let returning = WordList(
        "回老家 回到老家 回我老家 回俺老家 回他老家 回她老家 回家 回家乡 回乡 回农村 回村 回村里 回县里 回县城 回镇上 回娘家 回婆家 回去 回来 回原籍 回户口所在地")
    private static let homeward = WordList(
        "回老家 回到老家 回了老家 回我老家 回俺老家 返回老家 转回老家 滚回老家 去老家 到老家 回娘家 回婆家 回家乡 回 回到 返回 转回")
    private static let treating = WordList(
        "看病 看个病 看大病 看门诊 看医生 看牙 就医 就诊 治病 治疗 治 住院 住了院 动手术 做手术 手术 开刀 检查 产检 生孩子 生娃 生产 生小孩 生宝宝 生二胎 生的 生 养病 养胎 化疗 "
            + "放疗 透析")
    // What one does for a living, or learns, where one is: people are insured there unless they say otherwise.
    private static let working = WordList("打工 务工 上班 工作 做工 干活 做事 就业 上学 读书 念书 上大学 读大学 念大学")
    private static let filing = WordList("备案了 备案过 备过 备了 备好 办了备案 办过备案 办好备案 长期备案 有备案 备案备")

    static func assign(to mentions: inout [PlaceMention], in scalars: [UInt32]) {
        for index in mentions.indices {
            let next = index + 1 < mentions.count ? mentions[index + 1].range.lowerBound : nil
            mentions[index].role = role(of: mentions[index].range, next: next, in: scalars)
        }
        // 聊城去北京: where one leaves from is home unless the words say otherwise.
        for index in mentions.indices.dropLast() where mentions[index].role == nil {
            if mentions[index + 1].role == destination, isRoute(mentions, index, scalars) {
                mentions[index].role = home
            }
        }
        insureWithEmployer(&mentions, scalars)
        insureAtWork(&mentions, scalars)
    }

    // Insurance that the employer pays, beside where the work is.
    private static let employed = WordList(
        "厂里医保 厂里社保 厂里的医保 厂里交 厂里给交 厂里给我交 厂里给上 厂里买 厂里上 公司交 公司给交 公司给我交 公司买 公司上 公司给上 公司医保 公司的医保 公司社保 单位交 单位给交 "
            + "单位给我交 单位上 单位给上 单位医保 单位的医保 单位社保 单位买 老板交 老板给交 工地交 工地给交 店里交 店里给交")
    private static let origin = WordList("我是 俺是 咱是 我们是 老家 老家在 老家是 户口在 户籍在 从")

    /// 我是阜阳的，在东莞上班，厂里医保断了: insured is who works where the work is, and what is said of home says nothing of it.
    private static func insureWithEmployer(_ mentions: inout [PlaceMention], _ scalars: [UInt32]) {
        guard employed.occurs(in: scalars.indices, of: scalars),
            let work = mentions.firstIndex(where: { $0.role == destination && isWork($0.range, scalars) })
        else { return }
        for index in mentions.indices
        where mentions[index].role == home
            && origin.length(before: mentions[index].range.lowerBound, in: scalars) != nil
        {
            mentions[index].role = nil
        }
        if !mentions.contains(where: { $0.role == home }) { mentions[work].role = home }
    }

    /// 在深圳打工，回老家看病: who goes home for treatment comes from where the work is, and does not go there.
    private static func insureAtWork(_ mentions: inout [PlaceMention], _ scalars: [UInt32]) {
        guard !mentions.contains(where: { $0.role == home }),
            let work = mentions.firstIndex(where: { isWork($0.range, scalars) }),
            !filing.occurs(in: scalars.indices, of: scalars)
        else { return }
        let end = mentions[work].range.upperBound
        let goesToNamed = mentions[(work + 1)...].contains { mention in
            mention.role == destination
                && homeward.length(before: mention.range.lowerBound, in: scalars) != nil
        }
        if goesToNamed || goesHomeForTreatment(after: end, scalars) { mentions[work].role = home }
    }

    private static func isWork(_ range: Range<Int>, _ scalars: [UInt32]) -> Bool {
        working.occurs(in: range.upperBound..<endOfClause(from: range.upperBound, scalars), of: scalars)
    }

    private static func goesHomeForTreatment(after start: Int, _ scalars: [UInt32]) -> Bool {
        scalars.indices[start...].contains { index in
            guard let length = returning.length(at: index, in: scalars) else { return false }
            let end = index + length
            return treating.occurs(in: end..<endOfClause(from: end, scalars), of: scalars)
        }
    }

    private static func isRoute(_ mentions: [PlaceMention], _ index: Int, _ scalars: [UInt32]) -> Bool {
        let end = mentions[index].range.upperBound
        guard let length = leaving.length(at: end, in: scalars) else { return false }
        return mentions[index + 1].range.lowerBound <= end + length + 1
    }

    private static func role(of range: Range<Int>, next: Int?, in scalars: [UInt32]) -> String? {
        let start = range.lowerBound
        let end = range.upperBound
        if homeward.length(before: start, in: scalars) ?? 0 > 2,
            stayingHome.length(at: end, in: scalars) == nil,
            homeBehind.length(at: end, in: scalars) == nil
        {
            return destination
        }
        if let length = homeBefore.length(before: start, in: scalars), length > 1 {
            let isUsed = scalars[start - 1] == 0x5728 && using.length(at: end, in: scalars) != nil
            return isUsed ? destination : home
        }
        if goingBefore.length(before: start, in: scalars) ?? 0 > 1 { return destination }
        if staying.length(before: start, in: scalars) != nil { return roleOfStay(range, in: scalars) }
        if goingBefore.length(before: start, in: scalars) != nil { return destination }
        if let length = leaving.length(at: end, in: scalars), let next, next <= end + length + 1 {
            return home
        }
        if isFollowed(by: goingBehind, end, scalars) { return destination }
        if isFollowed(by: homeBehind, end, scalars) { return home }
        if homeBefore.length(before: start, in: scalars) != nil { return home }
        return nil
    }

    private static func isFollowed(by words: WordList, _ end: Int, _ scalars: [UInt32]) -> Bool {
        words.length(at: end, in: scalars) != nil
    }

    /// 在济南交的, 在北京住院: what is done there, up to the end of the clause; or right before it (住院在北京, as English has it).
    private static func roleOfStay(_ range: Range<Int>, in scalars: [UInt32]) -> String? {
        let end = range.upperBound
        let limit = endOfClause(from: end, scalars)
        if isFollowed(by: stayingHome, end, scalars) { return home }
        if isFollowed(by: goingBehind, end, scalars) { return destination }
        if stayingHome.occurs(in: end..<limit, of: scalars) { return home }
        if goingBehind.occurs(in: end..<limit, of: scalars) { return destination }
        if goingBehind.length(before: range.lowerBound - 1, in: scalars) != nil { return destination }
        return stayingAway.length(at: end, in: scalars) != nil ? destination : nil
    }

    /// Where the clause ends, eight scalars on at the latest.
    private static func endOfClause(from start: Int, _ scalars: [UInt32]) -> Int {
        var end = start
        while end < scalars.count, end < start + 8, !isBreak(scalars[end]) { end += 1 }
        return end
    }

    private static func isBreak(_ value: UInt32) -> Bool {
        switch value {
        case 0x21, 0x2C, 0x3A, 0x3B, 0x3F, 0x3002: true
        default: false
        }
    }

    // MARK: Names that are words

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
