import Language
/// What the words around a place say somebody does there.
enum PlacePart {
    /// The insurance is paid there.
    case insured
    /// The household is registered there, or the family comes from there; or somebody leaves from there.
    case origin
    /// They earn their living there, or go to school.
    case working
    /// They live there.
    case living
    /// They are there for others or for a time: with a grandchild, on a journey.
    case visiting
    /// The insurance was there, and is no more as far as anything else is said.
    case former
    /// They go there; what for is not said.
    case headed
    /// They are treated there.
    case treated
    /// It is only spoken of: neither is the insurance there, nor do they go there.
    case aside

    var role: String {
        switch self {
        case .insured, .origin: PlaceRoles.home
        case .former: PlaceRoles.former
        case .working, .living, .visiting, .headed, .treated: PlaceRoles.destination
        case .aside: PlaceRoles.aside
        }
    }

    /// Whether the insurance is there as far as nothing else is said.
    var isHome: Bool { self == .insured || self == .origin }

    /// Whether that is where they are treated beyond doubt, rather than merely are.
    var isGoal: Bool { self == .headed || self == .treated }
}

/// The cues by which a place's part is told: where a word stands to the name, and what it says of it.
enum PlaceCues {
    enum Side {
        /// Ends right before the name.
        case before
        /// Begins right behind it, or behind a word that only points there (青岛那边打工).
        case behind
        /// Behind a name with 在 before it: right there, or later in the clause.
        case paidThere
        /// Right behind a name with 在 before it, where nothing else says more.
        case usedThere
    }

    private static let table: [(side: Side, part: PlacePart, words: WordList)] = [
        (
            .before, .insured,
            WordList(
                "病人是 患者是 病号是 病人家是 患者家是 医保在 社保在 医保是 社保是 医保关系在 社保关系在 参保地 参保地在 参保地是 参保在 投保在 卡在 卡是 交在 缴在 保险在 农合在 合疗在 单位在 医保交在 医保办在 医保还在 社保还在 "
                    + "医保关系还在 农合还在 合疗还在 医保是在 社保是在 医保属于 医保属 医保归 参保地为 参保是在 参的是 参加的是 交的是 缴的是 上的是 医保上在 医保落在 医保放在 医保挂在 医保在老家 "
                    + "医保还在老家 医保交在老家 农合在老家 合疗在老家 新农合在老家 医保在俺老家 医保在我老家 参保地是老家 参保在老家 医保是老家 医保是俺老家 医保还是 社保还是 医保卡是 医保卡在 社保卡是 社保卡在"
            )
        ),
        (
            .before, .origin,
            WordList("老家 老家在 老家是 户口在 户口是 户籍在 户籍是 籍贯 原籍 从 我是 俺是 咱是 我们是 我 俺 户口 户籍 户口落在 户口还在")
        ),
        (
            .before, .former,
            WordList(
                "以前在 之前在 原来在 原先在 从前在 早先在 早年在 过去在 前几年在 前些年在 去年在 前年在 以前是 原来是 原先是 以前的 原来的 之前的 以前我在 之前我在 原来我在 原先我在 以前俺在 "
                    + "以前交在 之前交在 原来交在 上家公司在 上一家公司在 前公司在 原公司在 原单位在"
            )
        ),
        (
            .before, .living,
            WordList("住在 住 常住 长住 常年在 人在 现在在 目前在 人还在 现在人在 家在 家住 一直在 如今在 现住 现居 定居在 租房在 买房在 落户在")
        ),
        (
            .before, .visiting,
            WordList("孩子在 儿子在 女儿在 闺女在 姑娘在 俺儿在 我儿在 娃在 娃儿在 妮在 妮儿在 孙子在 孙女在 女婿在 儿媳在 儿子家在 闺女家在")
        ),
        (
            .before, .treated,
            WordList(
                "就医地 就医地是 就医地在 转往 转去 转院到 转诊到 转到 转至 转院去 转诊去 说转 让转 叫转 要转 得转 给转 建议转 建议去 让去 叫去 说去 看的是 住的是 找的是")
        ),
        (
            .before, .headed,
            WordList("去 到 上 来 转 前往 飞 跑 送到 接到 搬到 搬去 调到 调去 异地 去了 到了 来了 来到 去的 去的是 送的 送去 送去了 送到了 转的")
        ),
        (
            .behind, .treated,
            WordList(
                "看病 看个病 看大病 看门诊 就医 就诊 治病 治疗 住院 住了院 住了 做手术 动手术 开刀 手术 检查 生孩子 生娃 生产 生的 那边的医院 那边医院 那边看 的医院 的大医院 的三甲 三甲 大医院 医院 "
                    + "急诊 门诊看 看牙 挂号 化疗 放疗 透析 找专家 icu 的icu 重症 抢救 急救 昏迷 躺着 住上院 住着院 住进 进了icu 住icu 进icu 求医 看医生 生小孩 生宝宝 生二胎 产检 看的病 住的院 看的 治的 做的手术 的职工医院 职工医院 "
                    + "的护士 的医生 的大夫 的护工 医院的护士 医院的医生 医院的大夫 护士 医生 大夫"
            )
        ),
        (.behind, .working, WordList("打工 务工 上班 工作 上学 读书 念书 干活 做工 干工地 打零工 做生意 上大学 读大学 念大学 就业 做事 当兵 开店")),
        (.behind, .living, WordList("长住 定居 常住 住着 住的 住过 租房 买房 落户 过日子 安家")),
        (
            .behind, .visiting,
            WordList("出差 旅游 探亲 带孙子 带孙女 带外孙 带娃 带孩子 带小孩 看孙子 看孩子 看娃 抱孙子 哄孩子 养老 安置")
        ),
        (
            .behind, .insured,
            WordList(
                "医保 的医保 职工医保 居民医保 的职工医保 的居民医保 社保 的社保 参保 参的保 的参保 新农合 农合 的新农合 的农合 合疗 的合疗 医保卡 的医保卡 社保卡 的社保卡 的卡 卡 交的 交医保 交社保 "
                    + "缴的 缴费 买的医保 上的医保 办的医保 退休 的退休 在职 的在职 在职职工 的在职职工 医疗保险 的医疗保险 的保险 居民 城乡居民 灵活就业 这边交 本地的医保 市医保 的城乡居民 的灵活就业 职工 的职工 交着医保 交着 交了医保 "
                    + "给交 给上的 上着 上着医保 参的 入的 入的保 的居民")
        ),
        (.behind, .origin, WordList("户口 的户口 的户籍 户籍 人 的人")),
        (
            .paidThere, .insured,
            WordList(
                "交医保 交社保 交的 交了 参保 参的保 参加 缴费 缴的 缴纳 买的 买医保 上的 上医保 办的医保 交着 交 入的 入保 退休 投保 "
                    + "交职工 上职工 交居民 上居民 交灵活")
        ),
        (.usedThere, .treated, WordList("能用 能报 能刷 可以用 用 刷 报销 怎么报 买药")),
    ]

    /// A cue that was found.
    struct Match {
        var part: PlacePart
        var length: Int
    }

    /// The longest cue that ends right before the name.
    static func before(_ start: Int, in scalars: [UInt32]) -> Match? {
        longest(.before) { $0.length(before: start, in: scalars) }
    }

    /// The longest cue that begins right behind the name.
    static func behind(_ end: Int, in scalars: [UInt32]) -> Match? {
        if let match = longest(.behind, { $0.length(at: end, in: scalars) }) { return match }
        guard let length = pointing.length(at: end, in: scalars) else { return nil }
        return longest(.behind) { $0.length(at: end + length, in: scalars) }
    }

    /// What a side's cues say right behind the name.
    static func part(_ side: Side, at end: Int, in scalars: [UInt32]) -> PlacePart? {
        longest(side) { $0.length(at: end, in: scalars) }?.part
    }

    /// What a side's cues say somewhere in a range; where there are several, what the first of them says.
    static func part(
        _ side: Side, of parts: [PlacePart], in range: Range<Int>, of scalars: [UInt32]
    ) -> PlacePart? {
        for index in range {
            let match = longest(side) { $0.length(at: index, in: scalars) }
            if let match, parts.contains(match.part), index + match.length <= range.upperBound {
                return match.part
            }
        }
        return nil
    }

    /// What somebody does, said right before the name with nothing between (打工青岛).
    static func deed(before start: Int, in scalars: [UInt32]) -> PlacePart? {
        longest(.behind) { $0.length(before: start, in: scalars) }?.part
    }

    /// Words that point to the place just named and say nothing more.
    private static let pointing = WordList("那边 这边 那儿 这儿 那里 这里 那头 这头 那面 这面 那块 当地 市里 城里 县里 老家 那 市区")

    private static func longest(_ side: Side, _ length: (WordList) -> Int?) -> Match? {
        var best: Match?
        for cue in table where cue.side == side {
            guard let length = length(cue.words), length > best?.length ?? 0 else { continue }
            best = Match(part: cue.part, length: length)
        }
        return best
    }
}
