import Language
/// What the words around a place make of it: where the insurance is (`home`) or where the person goes (`destination`).
///
/// Each place plays a part by its cues (`PlaceCues`). The parts are then weighed against each other: who says where the
/// insurance is means that, whatever is said of home, and who says where they are treated goes there, wherever they work. Of a
/// place without a role nothing is known.
struct PlaceRoles {
    static let home = "home"
    static let destination = "destination"
    /// Where the insurance was before.
    static let former = "former"
    /// A place that is neither.
    static let aside = "aside"

    static func assign(to mentions: inout [PlaceMention], in scalars: [UInt32]) {
        guard !mentions.isEmpty else { return }
        var roles = PlaceRoles(mentions, scalars)
        roles.weigh()
        for index in mentions.indices {
            mentions[index].role = roles.parts[index]?.role
        }
    }

    private let ranges: [Range<Int>]
    private let codes: [[Int32]]
    private let scalars: [UInt32]
    private var parts: [PlacePart?] = []

    private init(_ mentions: [PlaceMention], _ scalars: [UInt32]) {
        ranges = mentions.map(\.range)
        codes = mentions.map(\.codes)
        self.scalars = scalars
        parts = ranges.indices.map(part)
    }

    // MARK: One place by its cues

    /// Words between a place and the one that somebody leaves it for.
    private static let leaving = WordList("去 到 转到 转往 转去 转 往 飞 来 回 搬到 搬去 调到")
    private static let staying = WordList("在")
    /// 医保在北京能用吗: it is used there, not paid there.
    private static let using = WordList(
        "能用 能报 能刷 能看 能住 能直接 能不能 可以用 可以报 可以刷 可以看 可不可以 怎么用 怎么报 怎么刷 怎么看 怎么住 咋用 咋报 咋刷 咋看 咋住 用 报 刷 看 住 行不 买药 的医院 生"
    )
    /// Words of going home; before a name it is where one goes, however much it is home (回老家阜阳生孩子).
    private static let homeward = WordList(
        "回老家 回到老家 回了老家 回我老家 回俺老家 返回老家 转回老家 滚回老家 去老家 到老家 回娘家 回婆家 回家乡 回他老家 回她老家 回咱老家 回老家去 回原籍 回户籍地 回户口所在地")
    private static let back = WordList("回 回到 返回 转回")

    private func part(at index: Int) -> PlacePart? {
        let (start, end) = (ranges[index].lowerBound, ranges[index].upperBound)
        let behind = PlaceCues.behind(end, in: scalars)
        if Self.homeward.length(before: start, in: scalars) != nil, behind?.part.isHome != true,
            PlaceCues.part(.paidThere, at: end, in: scalars) == nil
        {
            return Self.treating.occurs(in: end..<endOfClause(from: end), of: scalars) ? .treated : .headed
        }
        let before = PlaceCues.before(start, in: scalars)
        if let before, before.length > 1 {
            let isUsed =
                before.part.isHome && scalars[start - 1] == 0x5728 && index + 1 == ranges.count
                && !isElsewhere(than: index)
                && Self.using.length(at: end, in: scalars) != nil
            // 我是深圳职工: who is of a place, and insured there.
            if before.part == .origin, behind?.part == .insured { return .insured }
            // 我是南昌的护士，病人是九江的: where somebody treats others is where these go.
            if before.part == .origin, behind?.part == .treated { return .treated }
            return isUsed ? .treated : narrowed(before.part, behind: end)
        }
        if Self.staying.length(before: start, in: scalars) != nil { return partOfStay(ranges[index]) }
        if let before, !before.part.isHome { return narrowed(before.part, behind: end) }
        if let length = Self.leaving.length(at: end, in: scalars), index + 1 < ranges.count,
            ranges[index + 1].lowerBound <= end + length + 1
        {
            return .origin
        }
        // 打工青岛，看病菏泽: a deed before a name tells apart only what nothing else does.
        let deed = ranges.count > 1 ? PlaceCues.deed(before: start, in: scalars) : nil
        return behind?.part ?? before?.part ?? deed
    }

    /// Whether it is said before where somebody is, so that what follows is where the insurance is (我住上海，医保在聊城能用吗).
    private func isElsewhere(than index: Int) -> Bool {
        ranges[..<index].contains { range in
            guard let part = PlaceCues.before(range.lowerBound, in: scalars)?.part else { return false }
            return part == .living || part == .visiting
        }
    }

    /// What somebody does where they go or are, as far as it is said (去青岛打工, 孩子在青岛生的).
    private func narrowed(_ part: PlacePart, behind end: Int) -> PlacePart {
        guard !part.isHome, part != .treated, let deed = deed(in: end..<endOfClause(from: end)) else {
            return part
        }
        // 现在在苏州上班: 在 says no more than that they are there.
        let isMerelyThere = part == .headed || part == .living && deed == .working
        return isMerelyThere || deed == .treated ? deed : part
    }

    private func deed(in range: Range<Int>) -> PlacePart? {
        PlaceCues.part(.behind, of: [.treated, .working, .living, .visiting], in: range, of: scalars)
    }

    /// 在济南交的, 在北京住院: what is done there, up to the end of the clause; or right before it (住院在北京, as English has it).
    private func partOfStay(_ range: Range<Int>) -> PlacePart? {
        let end = range.upperBound
        let clause = end..<endOfClause(from: end)
        if PlaceCues.part(.paidThere, at: end, in: scalars) != nil { return .insured }
        if let part = PlaceCues.behind(end, in: scalars)?.part, !part.isHome {
            // 在济南上班交职工: who pays where they work is insured there.
            let pays =
                part == .working && PlaceCues.part(.paidThere, of: [.insured], in: clause, of: scalars) != nil
            return pays ? .insured : part
        }
        if PlaceCues.part(.paidThere, of: [.insured], in: clause, of: scalars) != nil { return .insured }
        if let part = deed(in: clause) { return part }
        if let part = PlaceCues.deed(before: range.lowerBound - 1, in: scalars), !part.isHome { return part }
        if let part = PlaceCues.part(.usedThere, at: end, in: scalars) { return part }
        // 能不能用它在上海, as English has it.
        var before = range.lowerBound - 1
        while before > 0, before > range.lowerBound - 8, !Self.isBreak(scalars[before - 1]) { before -= 1 }
        return PlaceCues.part(.usedThere, of: [.treated], in: before..<range.lowerBound - 1, of: scalars)
    }

    /// Where the clause ends, eight scalars on at the latest, and before the next place.
    private func endOfClause(from start: Int) -> Int {
        let next = ranges.first { $0.lowerBound >= start }?.lowerBound ?? scalars.count
        var end = start
        while end < next, end < start + 8, !Self.isBreak(scalars[end]) { end += 1 }
        return end
    }

    static func isBreak(_ value: UInt32) -> Bool {
        switch value {
        case 0x21, 0x2C, 0x3A, 0x3B, 0x3F, 0x3002: true
        default: false
        }
    }

    // MARK: Several places beside each other

    private mutating func weigh() {
        // 聊城去北京: where one leaves from is home unless the words say otherwise.
        for index in parts.indices.dropLast() where parts[index] == nil {
            if let next = parts[index + 1], !next.isHome, isRoute(index) { parts[index] = .origin }
        }
        insureWithEmployer()
        insureAtWork()
        goBack()
        joinSame()
        leaveOrigins()
        leaveStays()
    }

    /// 我在北京上班，医保在北京: what is said of a place once holds wherever it is named.
    private mutating func joinSame() {
        for part in [PlacePart.insured, .treated] {
            for index in parts.indices where parts[index] == part {
                for other in parts.indices where codes[other] == codes[index] && isLesser(parts[other]) {
                    parts[other] = part
                }
            }
        }
    }

    /// 医保是深圳的，生娃想回梅州: who goes back to a place where they are not insured goes there to be treated.
    private mutating func goBack() {
        guard let insured = parts.firstIndex(of: .insured) else { return }
        for index in parts.indices where parts[index] == nil && codes[index] != codes[insured] {
            if Self.back.length(before: ranges[index].lowerBound, in: scalars) != nil {
                parts[index] = .headed
            }
        }
    }

    private func isLesser(_ part: PlacePart?) -> Bool {
        part.map { $0 != .insured && $0 != .treated && $0 != .headed } ?? true
    }

    /// 户口在菏泽，医保在济南: home is nothing to go by beside where the insurance is, unless they go home to be treated.
    private mutating func leaveOrigins() {
        guard parts.contains(.insured) else { return }
        let isTreatedThere = !parts.contains { $0?.isGoal ?? false } && goesHomeForTreatment(after: 0)
        for index in parts.indices where parts[index] == .origin {
            parts[index] = isTreatedThere ? .treated : .aside
        }
    }

    /// 在青岛打工，医保是济南的，回菏泽看病: where they merely are is nothing to go by beside where they go. Without a word of the
    /// insurance it may be there.
    private mutating func leaveStays() {
        guard parts.contains(where: { $0?.isGoal ?? false }) else { return }
        let isHomeKnown = parts.contains { $0?.isHome ?? false }
        for index in parts.indices {
            switch parts[index] {
            case .working, .living: parts[index] = isHomeKnown ? .aside : nil
            case .visiting: parts[index] = .aside
            case .treated where !isHomeKnown && isLeftForAnother(index): parts[index] = nil
            default: break
            }
        }
    }

    /// Words before the place to which a hospital sends on.
    private static let sending = WordList(
        "转 转到 转往 转去 转至 转院到 转诊到 转院去 转诊去 说转 让转 叫转 要转 得转 给转 建议转 建议去 让去 叫去 说去 送去 送到")

    /// 住在单县县医院，县里说转济南: the hospital that sends somebody on is where they began, and hardly away from home.
    private func isLeftForAnother(_ index: Int) -> Bool {
        parts.indices.dropFirst(index + 1).contains { later in
            codes[later] != codes[index] && (parts[later]?.isGoal ?? false)
                && Self.sending.length(before: ranges[later].lowerBound, in: scalars) != nil
        }
    }

    // Insurance that the employer pays, beside where the work is.
    private static let employed = WordList(
        "厂里医保 厂里社保 厂里的医保 厂里交 厂里给交 厂里给我交 厂里给上 厂里买 厂里上 公司交 公司给交 公司给我交 公司买 公司上 公司给上 公司医保 公司的医保 公司社保 单位交 单位给交 "
            + "单位给我交 单位上 单位给上 单位医保 单位的医保 单位社保 单位买 老板交 老板给交 工地交 工地给交 店里交 店里给交")
    private static let filing = WordList("备案了 备案过 备过 备了 备好 办了备案 办过备案 办好备案 长期备案 有备案 备案备")

    /// 我是阜阳的，在东莞上班，厂里医保断了: insured is who works where the work is, and what is said of home says nothing of it.
    private mutating func insureWithEmployer() {
        guard Self.employed.occurs(in: scalars.indices, of: scalars),
            let work = parts.indices.first(where: isWork)
        else { return }
        if !parts.contains(.insured) { parts[work] = .insured }
    }

    /// 在深圳打工，回老家看病: who goes home for treatment comes from where the work is, and does not go there.
    private mutating func insureAtWork() {
        guard !parts.contains(where: { $0?.isHome ?? false }),
            let work = parts.indices.first(where: isWork),
            !Self.filing.occurs(in: scalars.indices, of: scalars)
        else { return }
        let goesToNamed = parts.indices.dropFirst(work + 1).contains { index in
            guard let part = parts[index], !part.isHome else { return false }
            let start = ranges[index].lowerBound
            return Self.homeward.length(before: start, in: scalars) != nil
                || Self.back.length(before: start, in: scalars) != nil
        }
        if goesToNamed || goesHomeForTreatment(after: ranges[work].upperBound) { parts[work] = .insured }
    }

    /// Whether somebody works there, be it the person or one of theirs (闺女在东莞做工).
    private func isWork(_ index: Int) -> Bool {
        let end = ranges[index].upperBound
        return parts[index] == .working
            || parts[index] == .visiting && deed(in: end..<endOfClause(from: end)) == .working
    }

    private static let returning = WordList(
        "回老家 回到老家 回我老家 回俺老家 回他老家 回她老家 回家 回家乡 回乡 回农村 回村 回村里 回县里 回县城 回镇上 回娘家 回婆家 回去 回来 回原籍 回户口所在地")
    private static let treating = WordList(
        "看病 看个病 看大病 看门诊 看医生 看牙 就医 就诊 治病 治疗 治 住院 住了院 动手术 做手术 手术 开刀 检查 产检 生孩子 生娃 生产 生小孩 生宝宝 生二胎 生的 生 养病 养胎 化疗 "
            + "放疗 透析 抢救 急救 住icu 进icu")

    private func goesHomeForTreatment(after start: Int) -> Bool {
        scalars.indices[start...].contains { index in
            guard let length = Self.returning.length(at: index, in: scalars) else { return false }
            let end = index + length
            return Self.treating.occurs(in: end..<endOfClause(from: end), of: scalars)
        }
    }

    private func isRoute(_ index: Int) -> Bool {
        let end = ranges[index].upperBound
        guard let length = Self.leaving.length(at: end, in: scalars) else { return false }
        return ranges[index + 1].lowerBound <= end + length + 1
    }
}
