import Conversation
import Language

/// Decides what a number of the utterance means, from its unit, the words around and what was asked.
struct QuantityContext {
    /// Entity types that come from numbers.
    static let types = [
        "amount", "duration", "years", "days", "age", "year", "percent", "count", "ordinal", "number", "time",
    ]

    let scalars: [UInt32]
    let expecting: Expectation?
    /// Whether what a bill depends on is named beside it (2w3 三甲).
    let tellsCase: Bool
    /// Whether there are several figures that may be amounts.
    let tellsSeveral: Bool
    private var speaksOfMoney: Bool?
    private var speaksOfLapse: Bool?
    /// Whether the first count stood behind who is counted; nil before there was one.
    private var countsFollow: Bool?

    init(
        scalars: [UInt32], expecting: Expectation?, tellsCase: Bool = false, tellsSeveral: Bool = false
    ) {
        self.scalars = scalars
        self.expecting = expecting
        self.tellsCase = tellsCase
        self.tellsSeveral = tellsSeveral
    }

    private static let money = WordList(
        "花 钱 费 块 元 掏 付 报多少 能报 报销 报几 自付 账单 单子 余额 交了 缴了 一共 总共 合计 发票 工资 挣 基数 扣 押金 起付 门槛 封顶 算算 算一下 算一算 算下 算个账")
    private static let lapse = WordList("断 停 欠 没交 没缴 漏交 漏缴 未交 未缴 没续 没买")
    private static let beforeAge = WordList(
        "今年 刚满 快满 满 年满 都 已经 年纪 岁数 年龄 我 他 她 您 俺 妈 爸 爹 娘 老伴 爷爷 奶奶 姥姥 姥爷 外婆 外公 公公 婆婆 岳父 岳母 老人 父亲 母亲 快 奔 都奔 快奔 刚过 刚 年龄是 周岁 虚岁 才 也"
    )
    private static let behindAge = WordList("了 啦 多了 整 整了 的人 的老人")

    private func wants(_ type: String) -> Bool { expecting?.wants(type) ?? false }

    mutating func finding(for quantity: Quantity) -> Reading.Finding? {
        // What is left of a number that was masked (****9999, 370102****) says nothing.
        let (start, end) = (quantity.range.lowerBound, quantity.range.upperBound)
        if start > 0 && scalars[start - 1] == 0x2A || end < scalars.count && scalars[end] == 0x2A {
            return nil
        }
        if AmountRole.isForeign(end, in: scalars) { return nil }
        switch quantity.kind {
        case .money: return make("amount", quantity)
        case .months where isPointedTo(quantity): return nil
        case .months: return isBaby(quantity) ? make("age", quantity, value: "0") : months(quantity)
        case .years: return years(quantity)
        case .days:
            guard wants("duration"), let months = changed(quantity, QuantityContext.months(ofDays:)) else {
                return make("days", quantity)
            }
            return make("duration", months)
        case .age: return make("age", quantity)
        case .year: return year(quantity)
        case .namedYear(let name): return isAgeBehind(quantity) ? nil : make("year", quantity, value: name)
        case .namedTime(let name): return time(quantity, name)
        case .percent: return make("percent", quantity)
        case .count:
            return wants("duration") && isCountedByGe(quantity) ? make("duration", quantity) : count(quantity)
        case .ordinal: return make("ordinal", quantity)
        case .bare: return bare(quantity)
        }
    }

    private func make(_ type: String, _ quantity: Quantity, value: String? = nil) -> Reading.Finding {
        var finding = Reading.Finding(
            type: type, range: quantity.range, value: value ?? QuantityContext.figures(of: quantity),
            certainty: quantity.isApproximate ? .approximate : .exact)
        switch type {
        case "amount":
            finding.role = role(of: quantity)
            if AmountRole.isNegative(quantity.range, in: scalars) {
                finding.value = "-" + finding.value
                finding.range = quantity.range.lowerBound - 1..<quantity.range.upperBound
            }
        case "years": finding.role = AmountRole.ofYears(quantity.range, in: scalars)
        case "days": finding.role = AmountRole.ofDays(quantity.range, in: scalars)
        default: break
        }
        return finding
    }

    private func role(of quantity: Quantity) -> String? {
        if AmountRole.isBracket(quantity.range, isBetween: quantity.upper != nil, in: scalars) {
            return AmountRole.threshold
        }
        return AmountRole.of(quantity.range, in: scalars, isOneOfSeveral: tellsSeveral)
    }

    /// Counts that follow one another stand all before who is counted (两个大人一个孩子), or all behind (大人2个孩子1个).
    private mutating func count(_ quantity: Quantity) -> Reading.Finding {
        var finding = make("count", quantity)
        let before = AmountRole.ofCount(behind: quantity.range.lowerBound, in: scalars)
        let behind = AmountRole.ofCount(before: quantity.range.upperBound, in: scalars)
        let follows = countsFollow ?? (before != nil)
        countsFollow = follows
        finding.role = follows ? before ?? behind : behind ?? before
        if finding.role == nil, AmountRole.isOfAnybody(quantity.range, in: scalars) { finding.role = "adult" }
        return finding
    }

    /// The figure, or the two between which it lies with a dash between them.
    private static func figures(of quantity: Quantity) -> String {
        quantity.upper.map { "\(quantity.value)-\($0)" } ?? quantity.value.description
    }

    /// The quantity with other figures; nil when one of them cannot be held.
    private func changed(_ quantity: Quantity, _ change: (ExactDecimal) -> ExactDecimal?) -> Quantity? {
        guard let value = change(quantity.value) else { return nil }
        var changed = quantity
        changed.value = value
        if let upper = quantity.upper {
            guard let more = change(upper) else { return nil }
            changed.upper = more
        }
        return changed
    }

    /// The month that so many days reach into: a hundred days are in the fourth.
    private static func months(ofDays days: ExactDecimal) -> ExactDecimal? {
        days.whole.flatMap { ExactDecimal(($0 + 29) / 30) }
    }

    private static let pointing = WordList("这 那 中间 前面 前头 期间")
    private static let treated = WordList("看病 看的 看过 住院 住的院 的钱 的药 的费用 的医药费 花 期间 里看 里住 里花 买药 门诊 生病")

    /// 前面这三个月看病的钱: a stretch that is pointed to, with what happened in it, tells no length anew.
    private func isPointedTo(_ quantity: Quantity) -> Bool {
        !wants("duration") && Self.pointing.length(before: quantity.range.lowerBound, in: scalars) != nil
            && Self.treated.length(at: quantity.range.upperBound, in: scalars) != nil
    }

    /// Months are a lapse, unless years were asked for or several years lead them (交了十五年半).
    private mutating func months(_ quantity: Quantity) -> Reading.Finding? {
        let isLong =
            quantity.value.scaled >= 24 * ExactDecimal.scale
            && quantity.numeral.value.map { $0 < quantity.value } ?? false
        let isOfYears = wants("years") || isLong && !mentionsLapse()
        guard isOfYears, !wants("duration"), let years = changed(quantity, { $0.divided(by: 12) }) else {
            return make("duration", begun(quantity))
        }
        return make("years", years)
    }

    private static let beforeBaby = WordList(
        "他才 她才 它才 才 刚满 才满 宝宝 宝宝才 宝宝刚 娃 娃才 娃儿才 娃娃才 孩子才 孩子刚 生下来 出生 出生才 孙子才 孙女才 闺女才 儿子才 小孩才 小家伙才 生了才 刚 也就 只有")
    private static let behindBaby = WordList("了 大 啦 的 多 多了 呢 哩")

    /// 他才仨月, 宝宝三个月了: months of a life are no months without insurance.
    private mutating func isBaby(_ quantity: Quantity) -> Bool {
        let end = quantity.range.upperBound
        guard !wants("duration"), quantity.value.whole.map({ (0..<12).contains($0) }) == true,
            QuantityContext.beforeBaby.length(before: quantity.range.lowerBound, in: scalars) != nil,
            end == scalars.count || ScalarClass.isBreak(scalars[end])
                || QuantityContext.behindBaby.length(at: end, in: scalars) != nil
        else { return false }
        return !mentionsLapse()
    }

    private static let more = WordList("以上 开外 出头 还多 多了 多点 多些 多的 多吧 零 又 挂零")
    private static let moreThan = WordList("超过 不止 超 大于 多于")

    /// Who has lapsed for more than three months (超过3个月, 3个月以上, 三个多月) is in the fourth.
    private func begun(_ quantity: Quantity) -> Quantity {
        guard quantity.upper == nil, quantity.value.whole != nil else { return quantity }
        let isMore =
            scalars[quantity.range].contains(0x591A)  // 多
            || QuantityContext.more.length(at: quantity.range.upperBound, in: scalars) != nil
            // 仨月多, with nothing behind it.
            || scalars.last == 0x591A && quantity.range.upperBound == scalars.count - 1
            || QuantityContext.moreThan.length(before: quantity.range.lowerBound, in: scalars) != nil
                && !isDenied(before: quantity.range.lowerBound)
        return isMore ? changed(quantity) { ExactDecimal(($0.whole ?? 0) + 1) } ?? quantity : quantity
    }

    /// Whether 不, 没 or 未 stands before the 超过 of a figure.
    private func isDenied(before start: Int) -> Bool {
        scalars[max(start - 4, 0)..<start].contains { [0x4E0D, 0x6CA1, 0x672A].contains($0) }
    }

    /// A stretch of years is a lapse when the talk is of one, and a year when one was asked for.
    private mutating func years(_ quantity: Quantity) -> Reading.Finding? {
        let number = quantity.value.whole ?? 0
        if wants("year"), quantity.numeral.digits == 2, (10...40).contains(number) {
            return make("year", quantity, value: String(2000 + number))
        }
        let isLapse = wants("duration") || !wants("years") && mentionsLapse()
        guard isLapse, let months = changed(quantity, { $0.times(12) }) else {
            return make("years", quantity)
        }
        return make("duration", months)
    }

    /// How many months ago a named month was.
    private static let monthsAgo = ["上月": 1, "上上月": 2]
    /// What stands between a time and the word for what stopped then (上个月就断了).
    private static let since = WordList("就 才 起 开始 刚 我 我就 也 以来 都")

    /// A month since which nothing was paid (上上个月断的) says for how long, and so does one that is the answer to how long.
    private func time(_ quantity: Quantity, _ name: String) -> Reading.Finding {
        guard let months = QuantityContext.monthsAgo[name],
            wants("duration") && quantity.range == scalars.indices || isLapseBehind(quantity.range.upperBound)
        else { return make("time", quantity, value: name) }
        return make("duration", quantity, value: String(months))
    }

    private func isLapseBehind(_ end: Int) -> Bool {
        let start = end + (QuantityContext.since.length(at: end, in: scalars) ?? 0)
        return QuantityContext.lapse.length(at: start, in: scalars) != nil
    }

    private mutating func mentionsLapse() -> Bool {
        let found = speaksOfLapse ?? QuantityContext.lapse.occurs(in: scalars.indices, of: scalars)
        speaksOfLapse = found
        return found
    }

    private func year(_ quantity: Quantity) -> Reading.Finding? {
        let isShort = quantity.numeral.digits == 2
        if isShort, wants("years"), !wants("year") {
            return make("years", quantity, value: quantity.numeral.value?.description)
        }
        return make("year", quantity)
    }

    /// 三个, when months were asked for.
    private func isCountedByGe(_ quantity: Quantity) -> Bool {
        scalars[quantity.range.upperBound - 1] == 0x4E2A
    }

    /// 今年 of 今年68 says nothing of a year.
    private func isAgeBehind(_ quantity: Quantity) -> Bool {
        let end = quantity.range.upperBound
        guard end < scalars.count, NumeralSign.mayStart(scalars[end]) else { return false }
        return !scalars[end...].prefix(4).contains(0x5E74)  // 年
    }

    // MARK: Bare numbers

    private mutating func bare(_ quantity: Quantity) -> Reading.Finding? {
        let isAlone = quantity.range == scalars.indices
        if !isAlone, isYear(quantity) { return make("year", quantity) }
        if let expecting {
            if isAlone, expecting.choices > 0, let number = quantity.value.whole, number >= 1,
                number <= expecting.choices
            {
                return make("ordinal", quantity)
            }
            // “俺都六十八了” is no amount, whatever was worked out last.
            if wants("amount"), isAge(quantity), isSaidOfNow(quantity) { return make("age", quantity) }
            for type in expecting.types {
                if let finding = asked(type, quantity) { return finding }
            }
        }
        if isAge(quantity) || isAlone && isSpokenAge(quantity) { return make("age", quantity) }
        if isAmount(quantity) { return make("amount", quantity) }
        guard quantity.numeral.isArabic || quantity.numeral.isScaled || isAlone else { return nil }
        return quantity.numeral.digits > 9 ? nil : make("number", quantity)
    }

    /// The number as an answer to what was asked, when it can be one.
    private func asked(_ type: String, _ quantity: Quantity) -> Reading.Finding? {
        let number = quantity.value.whole
        switch type {
        case "amount": return quantity.numeral.digits > 14 ? nil : make(type, quantity)
        case "age": return number.map { (0...120).contains($0) } == true ? make(type, quantity) : nil
        case "duration": return quantity.value.scaled <= 600 * ExactDecimal.scale ? make(type, quantity) : nil
        case "years": return quantity.value.scaled <= 80 * ExactDecimal.scale ? make(type, quantity) : nil
        case "count": return number == nil ? nil : make(type, quantity)
        case "year":
            guard let number else { return nil }
            if (1949...2099).contains(number) { return make(type, quantity) }
            return (10...40).contains(number) ? make(type, quantity, value: String(2000 + number)) : nil
        default: return nil
        }
    }

    private static let paid = WordList(
        "花 花了 用了 付 付了 掏 掏了 垫 垫了 交 交了 缴 缴了 收 收了 报了 挣 拿 工资 基数 一共 总共 合计 共 费 费用 金额 账单 单子 押金 自费 自付 余额 剩 还剩 是 才 就 要 得 了 约 大概 差不多 有"
    )

    /// 住院报销标准2025: as the titles of pages have it, four figures that may be a year and stand behind no word of money are one.
    private func isYear(_ quantity: Quantity) -> Bool {
        let numeral = quantity.numeral
        guard numeral.isArabic, numeral.digits == 4, !numeral.isScaled, !quantity.isApproximate,
            quantity.upper == nil, let number = quantity.value.whole, (2010...2035).contains(number),
            [nil, AmountRole.threshold].contains(role(of: quantity))
        else { return false }
        return QuantityContext.paid.length(before: quantity.range.lowerBound, in: scalars) == nil
    }

    private func isAge(_ quantity: Quantity) -> Bool {
        guard let number = quantity.value.whole, (10...110).contains(number), !quantity.numeral.isScaled
        else { return false }
        let end = quantity.range.upperBound
        let isClosed =
            end == scalars.count || ScalarClass.isBreak(scalars[end])
            || QuantityContext.behindAge.length(at: end, in: scalars) != nil
        // 六十八了: nobody counts anything else this way.
        let start = quantity.range.lowerBound
        let isOpened = start == 0 || ScalarClass.isBreak(scalars[start - 1])
        if isOpened, end < scalars.count, scalars[end] == 0x4E86 { return true }
        return isClosed
            && QuantityContext.beforeAge.length(before: quantity.range.lowerBound, in: scalars) != nil
    }

    /// 六十九, with nothing beside it and in characters, counts nobody's money.
    private func isSpokenAge(_ quantity: Quantity) -> Bool {
        guard let number = quantity.value.whole, !quantity.numeral.isArabic, !quantity.numeral.isScaled else {
            return false
        }
        return (40...110).contains(number)
    }

    private static let now = WordList("了 啦 咯 喽 岁")

    /// 六十八了, not 花了六十八.
    private func isSaidOfNow(_ quantity: Quantity) -> Bool {
        QuantityContext.now.length(at: quantity.range.upperBound, in: scalars) != nil
    }

    private static let spent = WordList("花了 花 花费 花费了 花掉 花掉了 花了大概 花了大约 一共花了 总共花了")

    /// 花了80: two digits with no unit are money where they were spent.
    private func isSpent(_ quantity: Quantity) -> Bool {
        guard case .bare = quantity.kind, quantity.numeral.isArabic, quantity.numeral.digits == 2 else {
            return false
        }
        return QuantityContext.spent.length(before: quantity.range.lowerBound, in: scalars) != nil
    }

    private mutating func isAmount(_ quantity: Quantity) -> Bool {
        if isSpent(quantity) { return true }
        guard quantity.mayBeAmount else { return false }
        if role(of: quantity) != nil || quantity.numeral.isScaled && tellsCase {
            return true
        }
        if let known = speaksOfMoney { return known }
        let found = QuantityContext.money.occurs(in: scalars.indices, of: scalars)
        speaksOfMoney = found
        return found
    }
}

extension Quantity {
    /// Whether it is money, or may be when money is spoken of.
    var mayBeAmount: Bool {
        switch kind {
        case .money: true
        case .bare: numeral.isScaled || numeral.isArabic && (3...9).contains(numeral.digits)
        default: false
        }
    }
}
