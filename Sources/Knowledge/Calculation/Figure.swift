package import Conversation
import Language

/// What the value of a fact amounts to, with its unit.
package enum Figure: Equatable, Sendable {
    case money(Money)
    case percent(Share)
    case months(Share)
    case days(Int)
    case years(Int)

    /// Nil when the value is words, a range, a bound (不低于50) or roughly said (约9334).
    package init?(_ fact: Fact) {
        guard let value = ExactDecimal(fact.value) else { return nil }
        switch fact.unit {
        case "元", "元/年", "元/月", "元/天": self.init(money: value)
        case "万元", "万元/年":
            guard let yuan = value.times(10_000) else { return nil }
            self.init(money: yuan)
        case "%": self = .percent(Share(percent: value))
        case "个月":
            guard let share = Share(times: value) else { return nil }
            self = .months(share)
        case "天":
            guard let days = value.whole else { return nil }
            self = .days(days)
        case "年":
            guard let years = value.whole else { return nil }
            self = .years(years)
        default: return nil
        }
    }

    private init?(money value: ExactDecimal) {
        guard let money = Money(yuan: value) else { return nil }
        self = .money(money)
    }

    package var money: Money? { if case .money(let money) = self { money } else { nil } }
    package var share: Share? {
        switch self {
        case .percent(let share), .months(let share): share
        case .money, .days, .years: nil
        }
    }
    package var days: Int? { if case .days(let days) = self { days } else { nil } }
    package var years: Int? { if case .years(let years) = self { years } else { nil } }
}

extension Fact {
    /// Whether the figure is a year's.
    package var isYearly: Bool { unit.utf8.suffix(4).elementsEqual("/年".utf8) }

    /// The number after “÷” (单位上年度职工月平均工资÷30×产假天数).
    package var divisor: Int? {
        guard let sign = value.unicodeScalars.firstIndex(of: "÷") else { return nil }
        let digits = value.unicodeScalars[value.unicodeScalars.index(after: sign)...].prefix {
            ("0"..."9").contains($0)
        }
        return Int(String(String.UnicodeScalarView(digits)))
    }

    /// Amounts that its condition, value and note name, in yuan: 1万到40万元 names 10000 and 400000.
    package var namedAmounts: Set<Money> {
        var found: Set<Money> = []
        for text in [condition, note, value + unit] {
            for numeral in Numerals.scan(Normalizer.normalize(text)) {
                if let value = numeral.value, let money = Money(yuan: value) { found.insert(money) }
            }
        }
        return found
    }
}
