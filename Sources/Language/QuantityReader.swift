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
        for word in words where matches(word, at: index) { return word.unicodeScalars.count }
        return nil
    }

    private func isAny(_ words: [String], before index: Int) -> Bool {
        words.contains { matches($0, before: index) }
    }

    // MARK: Numbers

    func read(_ numeral: Numeral) -> Quantity? {
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
        return Quantity(
            kind: kind, range: start..<end, numeral: numeral, value: value, isApproximate: isRough)
    }

    private static let roughBefore = ["大约", "大概", "差不多", "将近", "约", "不到", "近", "快", "得有", "小"]
    private static let roughAfter = ["出头", "左右", "上下", "多", "来", "不到"]

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

    private static let currency = ["块钱", "元钱", "块", "元", "圆", "rmb", "塊"]

    private func readMoney(_ numeral: Numeral, _ value: ExactDecimal) -> Quantity? {
        let start =
            at(numeral.range.lowerBound - 1) == 0xA5 ? numeral.range.lowerBound - 1 : numeral.range.lowerBound
        let end = numeral.range.upperBound
        if let unit = length(of: ["毛钱", "角钱", "毛", "角"], at: end), !numeral.isScaled,
            value < ExactDecimal(scaled: 100_0000)
        {
            guard let yuan = value.divided(by: 10) else { return nil }
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
        if let unit = length(of: ["周岁", "岁"], at: end) {
            return make(.age, from: start, to: end + unit, numeral, value)
        }
        if matches("个半月", at: end) {
            return make(.months, from: start, to: end + 3, numeral, half(after: value))
        }
        if let unit = length(of: ["个多月", "个来月"], at: end) {
            return make(.months, from: start, to: end + unit, numeral, value, rough: true)
        }
        if let unit = length(of: ["个月", "個月"], at: end) {
            return make(.months, from: start, to: end + unit, numeral, value)
        }
        if at(end) == 0x6708 { return readMonth(numeral, value) }
        if at(end) == 0x5E74 { return readYear(numeral, value) }
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
        if matches("半", at: end + 1), !matches("半年", at: end + 1) {
            return makeMonths(from: start, to: end + 2, numeral, years: half(after: value))
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

    private static let namedYears = ["今年", "明年", "去年", "前年", "后年", "本年", "当年", "来年"]

    func readWord(at position: Int) -> Quantity? {
        switch at(position) {
        case 0x534A: return readHalf(at: position)  // 半
        case 0x4ECA, 0x660E, 0x53BB, 0x524D, 0x540E, 0x672C, 0x6765:
            for year in QuantityReader.namedYears where matches(year, at: position) {
                let name = year == "本年" ? "今年" : year == "来年" ? "明年" : year
                return word(.namedYear(name), at: position, count: 2, value: .zero)
            }
            return nil
        case 0x4E2A where matches("个半月", at: position) && NumeralSign.of(at(position - 1)) == .other:
            return word(.months, at: position, count: 3, value: ExactDecimal(scaled: 15_000))
        case 0x2460...0x2473:  // ①
            guard let value = ExactDecimal(Int(at(position)) - 0x245F) else { return nil }
            return word(.ordinal, at: position, count: 1, value: value)
        default: return nil
        }
    }

    private func readHalf(at position: Int) -> Quantity? {
        if let count = length(of: ["半年多", "半年左右", "半年"], at: position) {
            return word(
                .months, at: position, count: count, value: ExactDecimal(scaled: 60_000), rough: count > 2)
        }
        if matches("半个月", at: position) || matches("半月", at: position) {
            let count = matches("半月", at: position) ? 2 : 3
            return word(.months, at: position, count: count, value: ExactDecimal(scaled: 5000))
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
