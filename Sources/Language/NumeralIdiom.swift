/// Rough figures that begin with their unit: 万把, 百十来, 千儿八百, 上万.
enum NumeralIdiom {
    /// What is said, and the figures between which it lies.
    private static let idioms: [(words: [UInt32], low: Int, high: Int)] = [
        ("万儿八千", 8000, 10_000), ("万八千", 8000, 10_000), ("千儿八百", 800, 1000), ("千八百", 800, 1000),
        ("百儿八十", 80, 100), ("百八十", 80, 100), ("百十来", 100, 100), ("百十", 100, 100), ("万把", 10_000, 10_000),
        ("千把", 1000, 1000), ("百把", 100, 100),
    ].map { (Array($0.0.unicodeScalars.map(\.value)), $0.1, $0.2) }

    /// The figure that begins at `start`, where no number does.
    static func read(_ scalars: [UInt32], at start: Int) -> Numeral? {
        switch scalars[start] {
        case 0x767E, 0x5343, 0x4E07: break  // 百 千 万
        case 0x4E0A: return readUpwards(scalars, at: start)  // 上
        default: return nil
        }
        guard start == 0 || NumeralSign.of(scalars[start - 1]) == .other else { return nil }
        for idiom in idioms where scalars[start...].starts(with: idiom.words) {
            var end = start + idiom.words.count
            // 万把来块 says no more than 万把块.
            if idiom.low == idiom.high, end < scalars.count, scalars[end] == 0x6765 { end += 1 }
            return make(start..<end, low: idiom.low, high: idiom.high)
        }
        return nil
    }

    /// 上万块; but 网上百度, 晚上千万, 马上万一.
    private static func readUpwards(_ scalars: [UInt32], at start: Int) -> Numeral? {
        guard start + 2 < scalars.count, isMeasure(scalars[start + 2]),
            start == 0 || NumeralSign.of(scalars[start - 1]) == .other,
            case .unit(let unit) = NumeralSign.of(scalars[start + 1]), unit >= 100, unit <= 10_000
        else { return nil }
        return make(start..<start + 2, low: Int(unit), high: Int(unit))
    }

    private static func isMeasure(_ value: UInt32) -> Bool {
        switch value {
        case 0x5757, 0x5143, 0x94B1, 0x5929, 0x4EBA, 0x6B21: true  // 块 元 钱 天 人 次
        default: false
        }
    }

    private static func make(_ range: Range<Int>, low: Int, high: Int) -> Numeral? {
        guard let lower = ExactDecimal(low), let upper = ExactDecimal(high) else { return nil }
        var numeral = Numeral(
            range: range, value: low == high ? lower : nil, isApproximate: true, isScaled: true)
        if low < high { numeral.bounds = lower...upper }
        return numeral
    }
}
