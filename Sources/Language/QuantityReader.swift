/// Reads what stands behind (and just before) a number, and the words that are quantities by themselves.
struct QuantityReader {
    let scalars: [UInt32]

    private func at(_ index: Int) -> UInt32 { index >= 0 && index < scalars.count ? scalars[index] : 0 }

    private func matches(_ word: String, at index: Int) -> Bool {
        var position = index
        for scalar in word.unicodeScalars {
            guard at(position) == scalar.value else { return false }
            position += 1
        }
        return true
    }

    private func matches(_ word: String, before index: Int) -> Bool {
        matches(word, at: index - word.unicodeScalars.count)
    }

    private func length(of words: [String], at index: Int) -> Int? {
        // None begins with a space, a digit or a mark, which stand behind most figures of a text that has many.
        if at(index) < 0x41 { return nil }
        for word in words where matches(word, at: index) { return word.unicodeScalars.count }
        return nil
    }

    private func isAny(_ words: [String], before index: Int) -> Bool {
        // None ends with one, either.
        if at(index - 1) < 0x41 { return false }
        return words.contains { matches($0, before: index) }
    }

    // MARK: Numbers

    /// - Returns: what the number counts; nil when it is no quantity, or fixes no figure.
    func read(_ numeral: Numeral) -> Quantity? {
        guard let bounds = numeral.bounds else { return readFigure(numeral) }
        // 二三年 is written of the year 2023; of a stretch people say 两三年.
        if at(numeral.range.lowerBound) == 0x4E8C, bounds.upperBound.whole == 3,
            at(numeral.range.upperBound) == 0x5E74,
            let year = ExactDecimal(2023)
        {
            let range = numeral.range.lowerBound..<numeral.range.upperBound + 1
            return Quantity(kind: .year, range: range, numeral: numeral, value: year, isApproximate: false)
        }
        return between(bounds.lowerBound, bounds.upperBound, numeral)
    }

    /// One figure and another of the same kind, as the same words would have them.
    private func between(_ lower: ExactDecimal, _ upper: ExactDecimal, _ numeral: Numeral) -> Quantity? {
        func read(_ value: ExactDecimal) -> Quantity? {
            var numeral = numeral
            numeral.value = value
            numeral.isApproximate = true
            numeral.isScaled = numeral.isScaled || value.scaled >= 100 * ExactDecimal.scale
            return readFigure(numeral)
        }
        guard var low = read(lower), let high = read(upper), low.kind == high.kind, low.value < high.value
        else {
            return nil
        }
        low.upper = high.value
        low.isApproximate = true
        return low
    }

    private static let joints = ["到", "至", "-", "~", "—"]

    /// 3到5万, 八百-一千块, 三百五百的, 十块八块: two figures with a joint or nothing between them are what it lies between.
    /// - Parameters:
    ///   - left: the number before `right`.
    ///   - previous: the quantity found last, which may be that number's.
    func join(_ left: Numeral, _ right: Quantity, before previous: Quantity?) -> Quantity? {
        let isSame = previous.map { $0.range.overlaps(left.range) && $0.upper == nil } ?? false
        let end = max(left.range.upperBound, isSame ? previous?.range.upperBound ?? 0 : 0)
        let gap = right.numeral.range.lowerBound - end
        let hasJoint = gap == 1 && QuantityReader.joints.contains { matches($0, at: end) }
        guard hasJoint || gap == 0, right.upper == nil, var lower = left.value,
            let upper = right.numeral.value,
            !isSame || previous?.kind == right.kind || previous?.kind == .bare, !isCode(left),
            isStretch(right),
            hasJoint || right.kind == .money || left.isScaled && right.numeral.isScaled
        else { return nil }
        // 3到5万: the unit is said once.
        if right.numeral.unit >= 100, left.unit == 1, let coefficient = upper.divided(by: right.numeral.unit),
            lower < coefficient
        {
            lower = lower.times(right.numeral.unit) ?? lower
        }
        let (least, most) = (min(lower, upper), max(lower, upper))
        guard least < most, hasJoint ? lower == least : most.scaled <= 2 * least.scaled,
            var joined = between(least, most, right.numeral)
        else { return nil }
        joined.range =
            (isSame ? previous?.range.lowerBound ?? 0 : left.range.lowerBound)..<right.range.upperBound
        return joined
    }

    /// 0531-8888: no figure that anything is counted with.
    private func isCode(_ numeral: Numeral) -> Bool {
        numeral.isArabic && numeral.digits > 1 && at(numeral.range.lowerBound) == 0x30
    }

    private func isStretch(_ right: Quantity) -> Bool {
        switch right.kind {
        case .money, .months, .years, .days, .age, .percent: true
        case .bare: right.numeral.isScaled || right.numeral.isArabic && (3...6).contains(right.numeral.digits)
        default: false
        }
    }

    private func readFigure(_ numeral: Numeral) -> Quantity? {
        guard let value = numeral.value else { return nil }
        let start = numeral.range.lowerBound
        let end = numeral.range.upperBound
        if matches("百分之", before: start) { return make(.percent, from: start - 3, to: end, numeral, value) }
        if let ordinal = readOrdinal(numeral, value) { return ordinal }
        if let money = readMoney(numeral, value) { return money }
        if let time = readTime(numeral, value) { return time }
        switch at(end) {
        case 0x25: return make(.percent, from: start, to: end + 1, numeral, value)
        case 0x6210 where !numeral.isScaled && !matches("成人", at: end) && !matches("成年", at: end):  // 七成
            guard let tenfold = value.times(10) else { return nil }
            return make(.percent, from: start, to: end + 1, numeral, tenfold)
        default: break
        }
        if let points = length(of: ["个百分点", "个点"], at: end) {
            return make(.percent, from: start, to: end + points, numeral, value)
        }
        if let counted = length(of: ["个人", "口人", "个", "次", "人", "位", "套", "张", "家", "名", "回", "趟"], at: end) {
            return make(.count, from: start, to: end + counted, numeral, value)
        }
        if length(of: QuantityReader.people, at: end) != nil, value.whole != nil, !numeral.isScaled {
            return make(.count, from: start, to: end, numeral, value)
        }
        return readBare(numeral, value)
    }

    /// Who is counted without a measure word: 两大人一学生.
    private static let people = ["大人", "成人", "成年人", "学生", "孩子", "小孩", "娃", "老人"]

    private func make(
        _ kind: Quantity.Kind, from start: Int, to end: Int, _ numeral: Numeral, _ value: ExactDecimal,
        rough: Bool = false
    ) -> Quantity {
        let isRough = rough || numeral.isApproximate || isAny(QuantityReader.roughBefore, before: start)
        let isOfSum = kind == .money || kind == .bare && numeral.isScaled
        let bound = isOfSum ? QuantityReader.boundBefore.first { matches($0, before: start) } : nil
        return Quantity(
            kind: kind, range: start - (bound?.unicodeScalars.count ?? 0)..<end, numeral: numeral,
            value: value,
            isApproximate: isRough || bound != nil)
    }

    private static let roughBefore = ["大约", "大概", "差不多", "将近", "约", "不到", "近", "快", "得有", "小", "奔", "不足"]
    /// Those that belong to a sum like a part of it: 小两万, 不到五千.
    private static let boundBefore = ["将近", "接近", "不到", "不足", "超过", "小", "近"]
    private static let roughAfter = ["出头", "左右", "上下", "多", "来", "不到", "以上", "往上"]

    private func readOrdinal(_ numeral: Numeral, _ value: ExactDecimal) -> Quantity? {
        let start = numeral.range.lowerBound
        let end = numeral.range.upperBound
        guard value.whole != nil, !numeral.isApproximate, numeral.digits <= 2, !numeral.isScaled else {
            return nil
        }
        if at(start - 1) == 0x7B2C {  // 第二个 第3项
            let unit = length(of: ["个", "项", "种", "条", "家", "行", "款", "类"], at: end) ?? 0
            return make(.ordinal, from: start - 1, to: end + unit, numeral, value)
        }
        if isAny(["我选", "选择", "选", "就要", "要第"], before: start), end == scalars.count || at(end) != 0x6863,
            length(of: ["个月", "年", "块", "元", "万", "岁", "级", "档"], at: end) == nil
        {
            return make(.ordinal, from: start, to: end, numeral, value)
        }
        if let unit = length(of: ["号", "楼"], at: end), unit == 1, at(end) == 0x53F7, start == 0,
            end + 1 == scalars.count
        {
            return make(.ordinal, from: start, to: end + 1, numeral, value)
        }
        return nil
    }

    private static let currency = [
        "块大洋", "块钱", "元钱", "大洋", "人民币", "块", "元", "圆", "rmb", "cny", "yuan", "kuai", "塊",
    ]

    private func readMoney(_ numeral: Numeral, _ value: ExactDecimal) -> Quantity? {
        let start =
            at(numeral.range.lowerBound - 1) == 0xA5 ? numeral.range.lowerBound - 1 : numeral.range.lowerBound
        let end = numeral.range.upperBound
        if let unit = length(of: ["毛钱", "角钱", "毛", "角"], at: end), !numeral.isScaled,
            value < ExactDecimal(scaled: 100_0000)
        {
            guard let yuan = value.divided(by: 10) else { return nil }
            if unit == 1, case .digit(let hundredths) = NumeralSign.of(at(end + 1)),
                !ScalarClass.isHan(at(end + 2)),
                let more = yuan.plus(ExactDecimal(scaled: hundredths * 100))
            {
                return make(.money, from: start, to: end + 2, numeral, more)
            }
            return make(.money, from: start, to: end + unit, numeral, yuan)
        }
        guard let unit = length(of: QuantityReader.currency, at: end) else {
            if start < numeral.range.lowerBound { return make(.money, from: start, to: end, numeral, value) }
            if matches("钱", at: end) { return make(.money, from: start, to: end + 1, numeral, value) }
            return nil
        }
        let (fraction, after) = readFraction(at: end + unit)
        let rough = length(of: QuantityReader.roughAfter, at: after)
        guard let sum = value.plus(fraction) else { return nil }
        return make(.money, from: start, to: after + (rough ?? 0), numeral, sum, rough: rough != nil)
    }

    /// 五 (of 三块五), 五毛二.
    private func readFraction(at start: Int) -> (ExactDecimal, Int) {
        guard case .digit(let tenths) = NumeralSign.of(at(start)), at(start + 1) != 0x4E2A,
            !ScalarClass.isDigit(at(start + 1))
        else { return (.zero, start) }
        // 三块五险: what follows belongs to another word.
        let next = at(start + 1)
        let hasUnit = next == 0x6BDB || next == 0x89D2
        if !hasUnit {
            let isEnd =
                next == 0 || !ScalarClass.isHan(next)
                || [0x94B1, 0x7684, 0x5427, 0x80FD, 0x62A5].contains(next)
            guard isEnd else { return (.zero, start) }
            return (ExactDecimal(scaled: tenths * 1000), start + 1 + (next == 0x94B1 ? 1 : 0))
        }
        if case .digit(let hundredths) = NumeralSign.of(at(start + 2)) {
            let end = at(start + 3) == 0x5206 ? start + 4 : start + 3
            return (ExactDecimal(scaled: tenths * 1000 + hundredths * 100), end)
        }
        return (ExactDecimal(scaled: tenths * 1000), start + 2)
    }

    private func readTime(_ numeral: Numeral, _ value: ExactDecimal) -> Quantity? {
        let start = numeral.range.lowerBound
        let end = numeral.range.upperBound
        if let unit = length(of: ["周岁半", "岁半", "周岁", "岁"], at: end) {
            return make(.age, from: start, to: end + unit, numeral, value)
        }
        if let unit = length(of: ["个月大", "月大"], at: end), value.whole.map({ (0...36).contains($0) }) == true {
            return make(
                .age, from: start, to: end + unit, numeral, ExactDecimal((value.whole ?? 0) / 12) ?? .zero)
        }
        if let unit = length(of: ["个星期", "个礼拜", "星期", "礼拜", "周"], at: end), let days = value.times(7),
            unit > 1 || NumeralSign.of(at(end + 1)) == .other && !matches("周岁", at: end)
        {
            return make(.days, from: start, to: end + unit, numeral, days)
        }
        if matches("个半月", at: end) {
            return make(.months, from: start, to: end + 3, numeral, half(after: value))
        }
        if let unit = length(of: ["个多月", "个来月"], at: end) {
            return make(.months, from: start, to: end + unit, numeral, value, rough: true)
        }
        if let unit = length(of: ["个季度", "个季", "季度"], at: end), let months = value.times(3) {
            return make(.months, from: start, to: end + unit, numeral, months)
        }
        if let unit = length(of: ["个月", "個月"], at: end) {
            return make(.months, from: start, to: end + unit, numeral, value)
        }
        if at(end) == 0x6708 { return readMonth(numeral, value) }
        if at(end) == 0x5E74 { return readYear(numeral, value) }
        if let unit = length(of: ["天半个月", "天半月"], at: end), value.whole == 10 {
            var stretch = make(.days, from: start, to: end + unit, numeral, value, rough: true)
            stretch.upper = ExactDecimal(15)
            return stretch
        }
        if let unit = length(of: ["天", "日内"], at: end) {
            return make(.days, from: start, to: end + unit, numeral, value)
        }
        if matches("个半年", at: end) || matches("个年头", at: end) { return nil }
        return nil
    }

    private func half(after value: ExactDecimal) -> ExactDecimal { ExactDecimal(scaled: value.scaled + 5000) }

    /// 俩月 and 断了3月 are durations; 3月, 3月份 and 3月5号 are dates.
    private func readMonth(_ numeral: Numeral, _ value: ExactDecimal) -> Quantity? {
        let start = numeral.range.lowerBound
        let end = numeral.range.upperBound
        let isSpoken = [0x4FE9, 0x4E24, 0x4EE8].contains(at(start)) && numeral.range.count == 1
        let isAfterLapse = isAny(["断了", "断", "停了", "停", "欠了", "差", "晚了", "等", "满", "够", "交了"], before: start)
        let isDate = matches("份", at: end + 1) || NumeralSign.of(at(end + 1)) != .other
        guard !isDate, isSpoken || isAfterLapse else { return nil }
        return make(.months, from: start, to: end + 1, numeral, value)
    }

    private static let spentBefore = [
        "交了", "缴了", "交满", "缴满", "交够", "缴够", "满", "够", "干了", "断了", "断", "停了", "缴费",
        "交", "缴", "买了", "工龄", "还差", "差", "最少", "至少", "累计", "连续", "一共", "每", "过",
    ]

    private func readYear(_ numeral: Numeral, _ value: ExactDecimal) -> Quantity? {
        let start = numeral.range.lowerBound
        let end = numeral.range.upperBound
        guard let number = value.whole else { return make(.years, from: start, to: end + 1, numeral, value) }
        if numeral.digits == 4, (1949...2099).contains(number), !numeral.isScaled {
            return make(.year, from: start, to: end + 1 + (matches("度", at: end + 1) ? 1 : 0), numeral, value)
        }
        if let whole = readMonths(behind: end + 1, of: number), let months = ExactDecimal(whole.months) {
            return make(.months, from: start, to: whole.end, numeral, months)
        }
        if matches("半", at: end + 1), !matches("半年", at: end + 1) {
            return makeMonths(from: start, to: end + 2, numeral, years: half(after: value))
        }
        if let full = saidInFigures(numeral, number).flatMap({ ExactDecimal($0) }) {
            return make(.year, from: start, to: end + 1, numeral, full)
        }
        if let rough = length(of: ["多", "来", "出头", "左右"], at: end + 1), !matches("多少", at: end + 1) {
            return make(.years, from: start, to: end + 1 + rough, numeral, value, rough: true)
        }
        // 25年 is a year of the calendar unless the words are about a stretch of time.
        let isTwoDigits =
            numeral.digits == 2 && !numeral.isApproximate
            && (numeral.isArabic || !scalars[numeral.range].contains(0x5341))
        if isTwoDigits, (10...40).contains(number), !isAny(QuantityReader.spentBefore, before: start),
            length(of: ["以上", "以下", "以内", "才", "了", "工龄", "后", "就", "吗", "能", "可以"], at: end + 1) == nil,
            let full = ExactDecimal(2000 + number)
        {
            return make(.year, from: start, to: end + 1, numeral, full)
        }
        return make(.years, from: start, to: end + 1, numeral, value)
    }

    /// The year that two figures one by one are short for (九八年, 零三年, 08年, 98年), where they are no stretch as well.
    private func saidInFigures(_ numeral: Numeral, _ number: Int) -> Int? {
        let start = numeral.range.lowerBound
        guard numeral.range.count == 2, !numeral.isScaled, !numeral.isApproximate,
            !scalars[numeral.range].contains(0x5341)  // 十
        else { return nil }
        if number < 10 { return 2000 + number }
        let isYear = number >= 70 && !isAny(QuantityReader.spentBefore, before: start)
        guard number > 40, !numeral.isArabic || isYear else { return nil }
        return 1900 + number
    }

    /// The months of 一年零三个月, with the years' own.
    private func readMonths(behind position: Int, of years: Int) -> (months: Int, end: Int)? {
        let begin = position + (length(of: ["零", "又", "加"], at: position) ?? 0)
        guard NumeralSign.mayStart(at(begin)), years < 100 else { return nil }
        var reader = NumeralReader(scalars: scalars, start: begin)
        guard let months = reader.read(), let count = months.value?.whole, (1...11).contains(count),
            let unit = length(of: ["个月"], at: months.range.upperBound)
        else { return nil }
        return (years * 12 + count, months.range.upperBound + unit)
    }

    private func makeMonths(from start: Int, to end: Int, _ numeral: Numeral, years: ExactDecimal)
        -> Quantity?
    {
        guard let months = years.times(12) else { return nil }
        return make(.months, from: start, to: end, numeral, months)
    }

    private func readBare(_ numeral: Numeral, _ value: ExactDecimal) -> Quantity? {
        let start = numeral.range.lowerBound
        let end = numeral.range.upperBound
        // 二级, 三甲, 一档: part of a name. 一下, 一样, 三明: figures that are only syllables.
        if length(of: ["级", "甲", "乙", "档", "等", "型", "院", "期", "号", "楼", "月", "点"], at: end) != nil,
            !numeral.isScaled
        {
            return nil
        }
        guard numeral.isArabic || numeral.isScaled || numeral.range.count > 1 || scalars.count == 1 else {
            return nil
        }
        return make(.bare, from: start, to: end, numeral, value)
    }

    // MARK: Words

    private static let namedYears = [
        ("大前年", "大前年"), ("今年", "今年"), ("明年", "明年"), ("去年", "去年"), ("前年", "前年"), ("后年", "后年"), ("本年", "今年"),
        ("当年", "当年"), ("来年", "明年"), ("上年", "去年"), ("上一年", "去年"), ("头年", "去年"),
    ]

    private static let namedTimes: [(String, String)] = [
        ("大后天", "大后天"), ("大前天", "大前天"), ("后天", "后天"), ("前天", "前天"), ("今天", "今天"), ("今儿个", "今天"), ("今儿", "今天"),
        ("今日", "今天"), ("明天", "明天"), ("明儿个", "明天"), ("明儿", "明天"), ("明日", "明天"), ("昨天", "昨天"), ("昨儿个", "昨天"),
        ("昨儿", "昨天"), ("后儿", "后天"), ("前儿", "前天"), ("下下个月", "下下月"), ("下下月", "下下月"), ("上上个月", "上上月"),
        ("上上月", "上上月"), ("下个月", "下月"), ("下月", "下月"), ("上个月", "上月"), ("上月", "上月"), ("这个月", "本月"),
        ("这月", "本月"), ("本月", "本月"), ("当月", "本月"), ("下下周", "下下周"), ("下个礼拜", "下周"), ("下个星期", "下周"),
        ("下礼拜", "下周"), ("下星期", "下周"), ("下周", "下周"), ("上个礼拜", "上周"), ("上个星期", "上周"), ("上礼拜", "上周"),
        ("上星期", "上周"), ("上周", "上周"), ("这个礼拜", "本周"), ("这个星期", "本周"), ("这礼拜", "本周"), ("这星期", "本周"),
        ("这周", "本周"), ("本周", "本周"), ("上半年", "上半年"), ("下半年", "下半年"), ("年底", "年底"), ("年末", "年底"),
        ("年初", "年初"), ("年中", "年中"), ("月底", "月底"), ("月末", "月底"), ("月初", "月初"),
    ]

    func readWord(at position: Int) -> Quantity? {
        switch at(position) {
        case 0x534A: return readHalf(at: position)  // 半
        case 0x5C0F where matches("小半年", at: position), 0x5927 where matches("大半年", at: position):
            return word(.months, at: position, count: 3, value: ExactDecimal(scaled: 60_000), rough: true)
        case 0x4E2A: return readSomeMonth(at: position)  // 个
        case 0x2460...0x2473:  // ①
            guard let value = ExactDecimal(Int(at(position)) - 0x245F) else { return nil }
            return word(.ordinal, at: position, count: 1, value: value)
        case 0x4E0A, 0x4E0B, 0x4ECA, 0x524D, 0x53BB, 0x540E, 0x5927, 0x5934, 0x5E74, 0x5F53, 0x660E, 0x6628,
            0x6708,
            0x672C, 0x6765, 0x8FD9:
            return readNamed(at: position)
        default: return nil
        }
    }

    private func readNamed(at position: Int) -> Quantity? {
        for (spelling, name) in QuantityReader.namedYears where matches(spelling, at: position) {
            let end = position + spelling.unicodeScalars.count
            // 去年下半年 is of last year, however much of it.
            let part = length(of: ["上半年", "下半年", "年底", "底", "年初", "初"], at: end) ?? 0
            return word(.namedYear(name), at: position, count: end + part - position, value: .zero)
        }
        // 三年底 and 五月底 are parts of other words.
        guard NumeralSign.of(at(position - 1)) == .other else { return nil }
        for (spelling, name) in QuantityReader.namedTimes where matches(spelling, at: position) {
            // 以上周边, 晚上月底: 上 belongs to the word before.
            if at(position) == 0x4E0A, [0x4EE5, 0x665A, 0x65E9, 0x7F51, 0x9A6C].contains(at(position - 1)) {
                return nil
            }
            return word(.namedTime(name), at: position, count: spelling.unicodeScalars.count, value: .zero)
        }
        return nil
    }

    /// 个半月, 个把月, 个把礼拜.
    private func readSomeMonth(at position: Int) -> Quantity? {
        guard NumeralSign.of(at(position - 1)) == .other else { return nil }
        if matches("个半月", at: position) {
            return word(.months, at: position, count: 3, value: ExactDecimal(scaled: 15_000))
        }
        if let count = length(of: ["个把月", "个来月", "个多月"], at: position) {
            return word(.months, at: position, count: count, value: ExactDecimal(scaled: 10_000), rough: true)
        }
        if let count = length(of: ["个把星期", "个把礼拜", "个来星期", "个来礼拜"], at: position) {
            return word(.days, at: position, count: count, value: ExactDecimal(scaled: 70_000), rough: true)
        }
        return nil
    }

    private func readHalf(at position: Int) -> Quantity? {
        if let count = length(of: ["半年多", "半年左右", "半年来", "半年"], at: position) {
            return word(
                .months, at: position, count: count, value: ExactDecimal(scaled: 60_000), rough: count > 2)
        }
        if let count = length(of: ["半个来月", "半个多月", "半个月", "半拉月", "半月"], at: position) {
            return word(
                .months, at: position, count: count, value: ExactDecimal(scaled: 5000), rough: count > 3)
        }
        return nil
    }

    private func word(
        _ kind: Quantity.Kind, at position: Int, count: Int, value: ExactDecimal,
        rough: Bool = false
    ) -> Quantity {
        let range = position..<position + count
        let numeral = Numeral(range: range, value: value, isApproximate: rough)
        return Quantity(kind: kind, range: range, numeral: numeral, value: value, isApproximate: rough)
    }
}
