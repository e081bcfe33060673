/// Reads one number from a place where one may start.
///
/// A number is a row of figures and units. Figures pile up until a unit takes them (两千); units below 万 add up
/// to a section, 万 and 亿 close it; a lone figure after a unit counts in tenths of that unit (一百二, 2w3).
struct NumeralReader {
    let scalars: [UInt32]
    let start: Int
    private let isBehindNumber: Bool
    var position: Int

    private var total = ExactDecimal.zero
    private var section = ExactDecimal.zero
    private var current: ExactDecimal?
    /// Figures read since the last unit.
    private var figures = 0
    private var lastFigure: Int64 = -1
    private var lastUnit: Int64 = 0
    private var sawZero = false
    private var sawArabic = false
    private var sawHan = false
    private var isScaled = false
    private var isRough = false
    /// How far the upper figure of 两三万 lies above the lower one; nil when there is only one.
    private var spread: ExactDecimal?
    /// Whether the pair of figures is still without its unit.
    private var isPairOpen = false
    private var hasFailed = false
    private var digits = 0

    /// - Parameter isBehindNumber: whether a number that was read ends at `start`.
    init(scalars: [UInt32], start: Int, isBehindNumber: Bool = false) {
        self.scalars = scalars
        self.start = start
        self.isBehindNumber = isBehindNumber
        position = start
    }

    private func peek(_ offset: Int = 0) -> UInt32 {
        position + offset < scalars.count ? scalars[position + offset] : 0
    }

    mutating func read() -> Numeral? {
        let before = start > 0 ? scalars[start - 1] : 0
        // 万一, 千万, a1: what follows a unit or a letter is not the beginning of a number.
        if case .unit = NumeralSign.of(before), !isBehindNumber { return skip() }
        if ScalarClass.isDigit(peek()), ScalarClass.isLatin(before) || before == 0x2E { return skip() }
        readBody()
        guard position > start, !hasFailed else { return nil }
        guard !ScalarClass.isLatin(peek()) || !endsInDigit || isCurrency else { return skip() }
        let value = finish()
        var numeral = Numeral(
            range: start..<position, value: value, isApproximate: isRough, isScaled: isScaled,
            isArabic: sawArabic && !sawHan, digits: digits, unit: current == nil ? max(lastUnit, 1) : 1)
        if isRough, let lower = numeral.value, let spread, let upper = lower.plus(spread) {
            numeral.bounds = lower...upper
        }
        if isRough { numeral.value = nil }
        guard numeral.value != nil || isRough else { return nil }
        readTail(into: &numeral)
        return numeral
    }

    /// 3000rmb, 500yuan.
    private var isCurrency: Bool {
        NumeralReader.currencies.contains { scalars[position...].starts(with: $0) }
    }

    private static let currencies = ["rmb", "yuan", "kuai", "cny"].map { $0.unicodeScalars.map(\.value) }

    private var endsInDigit: Bool { position > 0 && ScalarClass.isDigit(scalars[position - 1]) }

    private mutating func skip() -> Numeral? {
        while ScalarClass.isDigit(peek()) { position += 1 }
        return nil
    }

    private mutating func readBody() {
        while position < scalars.count, !hasFailed {
            let value = peek()
            if ScalarClass.isDigit(value) {
                guard figures == 0, !(sawHan && startsNext) else { return }
                readArabic()
            } else if value == 0x51E0 || value == 0x6570 {  // 几千 十几 数万
                guard readRoughFigure() else { return }
            } else {
                switch NumeralSign.of(value) {
                case .digit(let digit):
                    // 2w3三甲, 5一: Chinese figures do not go on where Arabic ones stand.
                    if figures > 0, sawArabic { return }
                    // 两万三 三甲: behind a unit one figure stands alone.
                    if figures > 0, lastUnit >= 100, !isNeighbour(digit) || startsNext { return }
                    if figures == 0, startsNext { return }
                    takeFigure(digit)
                case .unit(let unit):
                    guard take(unit: unit) else { return }
                case .other:
                    if isMiswrittenHundred(value) {
                        guard take(unit: 100) else { return }
                        continue
                    }
                    guard readLetterUnit(value) || readPoint(value) else { return }
                }
            }
        }
    }

    /// 四白多, 三白块: 白 for 百, between a Chinese figure and what stands behind an amount.
    private func isMiswrittenHundred(_ value: UInt32) -> Bool {
        // 多 块 元 来 几
        value == 0x767D && figures == 1 && sawHan && !sawArabic
            && [0x591A, 0x5757, 0x5143, 0x6765, 0x51E0].contains(peek(1))
    }

    /// 几 and 数 are figures only beside a unit.
    private mutating func readRoughFigure() -> Bool {
        let isBeforeUnit = { if case .unit = NumeralSign.of(peek(1)) { true } else { false } }()
        guard isBeforeUnit || (lastUnit == 10 && current == nil && peek() == 0x51E0) else { return false }
        guard current == nil else { return false }
        isRough = true
        current = ExactDecimal(1)
        figures = 1
        position += 1
        sawHan = true
        return true
    }

    private mutating func readArabic() {
        var text = ""
        var count = 0
        while ScalarClass.isDigit(peek()) || isGroup {
            if peek() == 0x2C {
                position += 1
                continue
            }
            text.unicodeScalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: peek())))
            position += 1
            count += 1
        }
        digits = max(digits, count)
        if peek() == 0x2E, ScalarClass.isDigit(peek(1)) {
            text += "."
            position += 1
            while ScalarClass.isDigit(peek()) {
                text.unicodeScalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: peek())))
                position += 1
            }
        }
        sawArabic = true
        figures = count
        guard count <= 13, let value = ExactDecimal(text) else {
            hasFailed = true
            return
        }
        current = value
    }

    /// `23,000`: a comma with exactly three digits behind it, or four (1,2345).
    private var isGroup: Bool {
        guard peek() == 0x2C, position > start, endsInDigit else { return false }
        var count = 0
        while count < 5, ScalarClass.isDigit(peek(1 + count)) { count += 1 }
        return count == 3 || count == 4
    }

    /// 工资六千 98天, 八万三级医院, 五千二个孩子: a figure behind 百, 千 or 万 that has something of its own to count is the next number's.
    private var startsNext: Bool {
        guard lastUnit >= 100, !sawZero else { return false }
        var end = position + 1
        while end < scalars.count, ScalarClass.isDigit(scalars[end]) { end += 1 }
        guard end < scalars.count else { return false }
        let next = end + 1 < scalars.count ? scalars[end + 1] : 0
        switch scalars[end] {
        // 级 甲 乙 档 胎 孩 岁
        case 0x7EA7, 0x7532, 0x4E59, 0x6863, 0x80CE, 0x5B69, 0x5C81: return true
        // 年 月: 一万三年薪 is no stretch of years.
        case 0x5E74, 0x6708: return ScalarClass.isDigit(peek())
        // 天, but not 天津 天水 天门 天台 天长.
        case 0x5929: return ![0x6D25, 0x6C34, 0x95E8, 0x53F0, 0x957F].contains(next)
        // 个月 个孩子 个小孩 个娃, but not 个人.
        case 0x4E2A: return [0x6708, 0x5B69, 0x5C0F, 0x5A03].contains(next)
        default: return false
        }
    }

    /// Whether a figure makes a range with the one before it (三四, 三五).
    private func isNeighbour(_ digit: Int64) -> Bool {
        digit == lastFigure + 1 && lastFigure > 0 || lastFigure == 3 && digit == 5
    }

    private mutating func takeFigure(_ digit: Int64) {
        defer {
            position += 1
            sawHan = true
            lastFigure = digit
        }
        guard figures > 0 else {
            if digit == 0, lastUnit > 0 {
                sawZero = true
                return
            }
            current = ExactDecimal(Int(digit))
            figures = 1
            digits = max(digits, 1)
            return
        }
        // 两三千, 七八十: neighbours before a unit are a range, and so are 三五 before what they count.
        let isPair = isNeighbour(digit) && (digit != lastFigure + 2 || isCounted(peek(1)))
        if figures == 1, isPair, !sawArabic, !isFigure(peek(1)) {
            isRough = true
            isPairOpen = true
            spread = ExactDecimal(Int(digit - lastFigure))
            return
        }
        guard !sawArabic, let value = current?.times(10), let more = ExactDecimal(Int(digit)), figures < 13
        else {
            hasFailed = true
            return
        }
        current = value.plus(more)
        figures += 1
        digits = max(digits, figures)
    }

    /// 百 千 万 块 个 天 年 月 次 岁 周: what stands behind 三五 when it is three to five.
    private func isCounted(_ value: UInt32) -> Bool {
        switch value {
        case 0x767E, 0x5343, 0x4E07, 0x5757, 0x4E2A, 0x5929, 0x5E74, 0x6708, 0x6B21, 0x5C81, 0x5468: true
        default: false
        }
    }

    private func isFigure(_ value: UInt32) -> Bool {
        if case .digit = NumeralSign.of(value) { return true }
        return false
    }

    private mutating func take(unit: Int64) -> Bool {
        if figures == 0, lastUnit == 0, unit != 10 { return false }
        // 一万千: a unit with nothing before it closes only smaller ones (三百万).
        if figures == 0, lastUnit > 0, !(unit >= 10_000 && lastUnit < unit), unit != 10 { return false }
        if figures > 1, !sawArabic, !isRough, unit < 10_000 { return false }
        // 三百五百, 三万五万: the figure is the next number's.
        if lastUnit > 0, unit < 10_000 ? lastUnit <= unit : lastUnit == unit {
            if figures == 1, !sawArabic, !isPairOpen {
                position -= 1
                current = nil
                figures = 0
            }
            return false
        }
        let factor =
            current ?? (figures == 0 && lastUnit == 0 ? ExactDecimal(scaled: ExactDecimal.scale) : .zero)
        guard apply(unit: unit, factor: factor) else {
            hasFailed = true
            return true
        }
        if isPairOpen || unit >= 10_000 { spread = spread?.times(unit) }
        isPairOpen = false
        isScaled = isScaled || unit >= 100
        current = nil
        figures = 0
        lastUnit = unit
        sawZero = false
        sawHan = sawHan || scalars[position] > 0x7F
        position += 1
        return true
    }

    private mutating func apply(unit: Int64, factor: ExactDecimal) -> Bool {
        if unit >= 10_000 {
            guard let sum = section.plus(factor), let product = sum.times(unit) else { return false }
            section = .zero
            // 一万亿 multiplies what came before as well.
            let carried = unit > 10_000 && lastUnit == 10_000 && figures == 0 ? total.times(unit) : total
            guard let base = carried,
                let result = (lastUnit == 10_000 && figures == 0 && unit > 10_000)
                    ? base : base.plus(product)
            else { return false }
            total = result
            return true
        }
        let product = factor == .zero && figures == 0 ? ExactDecimal(Int(unit)) : factor.times(unit)
        guard let product, let sum = section.plus(product) else { return false }
        section = sum
        return true
    }

    /// `2w3`, `8k`.
    private mutating func readLetterUnit(_ value: UInt32) -> Bool {
        // 5wan
        if value == 0x77, peek(1) == 0x61, peek(2) == 0x6E, !ScalarClass.isLatin(peek(3)), sawArabic,
            figures > 0,
            lastUnit == 0, take(unit: 10_000)
        {
            position += 2
            return true
        }
        guard sawArabic, figures > 0, lastUnit == 0, value == 0x77 || value == 0x6B,
            !ScalarClass.isLatin(peek(1))
        else { return false }
        return take(unit: value == 0x77 ? 10_000 : 1000)
    }

    /// 一点五万.
    private mutating func readPoint(_ value: UInt32) -> Bool {
        guard value == 0x70B9, figures > 0, lastUnit == 0 || lastUnit == 10, isFigure(peek(1)),
            peek(1) > 0x7F || sawArabic, let base = current
        else { return false }
        var end = position + 1
        var fraction = ExactDecimal.zero
        var place: Int64 = 1000
        while end < scalars.count, place > 0, case .digit(let digit) = NumeralSign.of(scalars[end]) {
            fraction = ExactDecimal(scaled: fraction.scaled + digit * place)
            place /= 10
            end += 1
        }
        // 三点二十: a time of day.
        if end < scalars.count, scalars[end] == 0x5341 || scalars[end] == 0x5206 { return false }
        current = base.plus(fraction)
        position = end
        sawHan = true
        return true
    }

    private mutating func finish() -> ExactDecimal? {
        guard let tail = current else { return total.plus(section) }
        var last = tail
        if lastUnit > 10, !sawZero, figures == 1, tail.whole != nil, let scaled = tail.times(lastUnit / 10) {
            last = scaled
            if isPairOpen { spread = spread?.times(lastUnit / 10) }
        }
        return section.plus(last).flatMap { total.plus($0) }
    }

    /// 出头, 多, 左右, 来.
    private mutating func readTail(into numeral: inout Numeral) {
        let next = peek()
        var length = 0
        switch next {
        case 0x591A, 0x4F59: length = 1  // 多 余
        case 0x51FA where peek(1) == 0x5934: length = 2  // 出头
        case 0x5DE6 where peek(1) == 0x53F3: length = 2  // 左右
        case 0x4E0A where peek(1) == 0x4E0B: length = 2  // 上下
        case 0x6765 where isScaled || lastUnit == 10: length = 1  // 来
        case 0x51E0 where isScaled || lastUnit == 10: length = 1  // 几
        case 0x597D where peek(1) == 0x51E0 && (isScaled || lastUnit == 10): length = 2  // 六十好几
        case 0x4E0D where peek(1) == 0x5230: length = 2  // 五千不到
        case 0x2B: length = 1  // 500+
        default: break
        }
        // 余额, 多久, 多少: not said of the number.
        if length == 1, [0x989D, 0x4E45, 0x5C11, 0x957F, 0x4E2A].contains(peek(1)), next != 0x6765 {
            length = 0
        }
        guard length > 0 else { return }
        numeral.isApproximate = true
        position += length
        numeral.range = start..<position
        readLateUnit(into: &numeral)
    }

    /// 三十多万, 十来万: the unit stands behind the rough word.
    private mutating func readLateUnit(into numeral: inout Numeral) {
        guard case .unit(let unit) = NumeralSign.of(peek()), unit >= 10_000, lastUnit < unit,
            let value = numeral.value?.times(unit)
        else { return }
        numeral.value = value
        numeral.isScaled = true
        position += 1
        numeral.range = start..<position
    }
}
