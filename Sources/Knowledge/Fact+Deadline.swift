package import Conversation

extension Fact {
    /// The last day that a deadline names with its year (2025年10月22日到12月26日); nil for what is no deadline, names none, begins
    /// then, or comes back every year.
    package var lastDay: CivilDate? {
        guard attribute == "时限", !["每年", "起"].contains(where: value.contains) else { return nil }
        var latest: CivilDate?
        var (year, month, number): (Int?, Int?, Int) = (nil, nil, 0)
        for scalar in value.unicodeScalars {
            if let digit = scalar.properties.numericType == .decimal ? scalar.properties.numericValue : nil {
                number = min(number * 10 + Int(digit), 9999)
                continue
            }
            switch scalar {
            case "年" where number > 1000: (year, month) = (number, nil)
            case "月" where (1...12).contains(number): month = number
            case "日" where (1...31).contains(number):
                if let year, let month {
                    latest = max(
                        latest ?? .init(year: 0, month: 1, day: 1),
                        .init(year: year, month: month, day: number))
                }
            default: break
            }
            number = 0
        }
        return latest
    }
}
