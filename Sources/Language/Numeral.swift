/// A number as people write it: `23000`, `2w3`, `两万三`, `贰万`, `一万出头`.
package struct Numeral: Equatable, Sendable {
    /// Where it stands, in normalised scalars, with the words that make it rough (`出头`, `多`).
    package var range: Range<Int>
    /// Nil when the words fix no figure (`好几千`) or only two that it lies between (`两三万`).
    package var value: ExactDecimal?
    /// The two figures between which it lies, when the words name both.
    package var bounds: ClosedRange<ExactDecimal>?
    package var isApproximate = false
    /// Written with 百, 千, 万, k or w.
    package var isScaled = false
    /// Written in Arabic digits alone.
    package var isArabic = false
    /// How many digits an Arabic number has before its point.
    package var digits = 0
    /// The unit that the last figure was said in (10,000 of 三万); 1 when it has none.
    package var unit: Int64 = 1
}

/// Finds the numbers of a text. Reads each scalar a bounded number of times.
package enum Numerals {
    package static func scan(_ text: NormalizedText) -> [Numeral] {
        var found: [Numeral] = []
        scan(text.scalars, into: &found)
        return found
    }

    package static func scan(_ scalars: [UInt32], into found: inout [Numeral]) {
        found.removeAll(keepingCapacity: true)
        var position = 0
        while position < scalars.count {
            guard NumeralSign.mayStart(scalars[position]) else {
                if let idiom = NumeralIdiom.read(scalars, at: position) {
                    found.append(idiom)
                    position = idiom.range.upperBound
                } else {
                    position += 1
                }
                continue
            }
            // 五百 of 三百五百 begins behind a number, not inside one.
            let isBehindNumber = found.last?.range.upperBound == position
            var reader = NumeralReader(scalars: scalars, start: position, isBehindNumber: isBehindNumber)
            if let numeral = reader.read() {
                found.append(numeral)
                position = numeral.range.upperBound
            } else {
                position = max(position + 1, reader.position)
            }
        }
    }

    /// The number a whole text is, if it is nothing else.
    package static func parse(_ text: String) -> Numeral? {
        let normalized = Normalizer.normalize(text)
        let found = scan(normalized)
        guard found.count == 1, found[0].range == 0..<normalized.count else { return nil }
        return found[0]
    }
}

/// What one scalar means inside a number.
package enum NumeralSign: Equatable {
    case digit(Int64)
    /// 十 … 亿, k, w.
    case unit(Int64)
    case other

    package static func mayStart(_ value: UInt32) -> Bool {
        if ScalarClass.isDigit(value) { return true }
        guard value >= 0x3007 else { return false }
        switch of(value) {
        case .digit: return true
        case .unit(let unit): return unit == 10
        case .other: return value == 0x51E0 || value == 0x6570  // 几 数
        }
    }

    package static func of(_ value: UInt32) -> NumeralSign {
        switch value {
        case 0x30...0x39: .digit(Int64(value) - 0x30)
        case 0x96F6, 0x3007: .digit(0)  // 零 〇
        case 0x4E00, 0x58F9: .digit(1)  // 一 壹
        case 0x4E8C, 0x4E24, 0x8D30, 0x4FE9: .digit(2)  // 二 两 贰 俩
        case 0x4E09, 0x53C1, 0x4EE8: .digit(3)  // 三 叁 仨
        case 0x56DB, 0x8086: .digit(4)  // 四 肆
        case 0x4E94, 0x4F0D: .digit(5)  // 五 伍
        case 0x516D, 0x9646: .digit(6)  // 六 陆
        case 0x4E03, 0x67D2: .digit(7)  // 七 柒
        case 0x516B, 0x634C: .digit(8)  // 八 捌
        case 0x4E5D, 0x7396: .digit(9)  // 九 玖
        case 0x5341, 0x62FE: .unit(10)  // 十 拾
        case 0x767E, 0x4F70: .unit(100)  // 百 佰
        case 0x5343, 0x4EDF: .unit(1000)  // 千 仟
        case 0x4E07: .unit(10_000)  // 万
        case 0x4EBF: .unit(100_000_000)  // 亿
        default: .other
        }
    }
}
