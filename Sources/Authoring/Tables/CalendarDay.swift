import Conversation

/// A date as it is written in a table: `2025`, `2025-03` or `2025-03-17`, and in the calendar.
struct CalendarDay: Equatable {
    let first: CivilDate
    /// The last day that the words cover: of the month, or of the year.
    let last: CivilDate

    /// Nil for anything else; `2025-3-17` too, which would sort wrongly as text.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard [4, 7, 10].contains(bytes.count), let year = Self.number(bytes[0..<4]) else { return nil }
        var month: Int?
        var day: Int?
        if bytes.count >= 7 {
            guard bytes[4] == UInt8(ascii: "-"), let number = Self.number(bytes[5..<7]),
                (1...12).contains(number)
            else {
                return nil
            }
            month = number
        }
        if bytes.count == 10 {
            guard bytes[7] == UInt8(ascii: "-"), let number = Self.number(bytes[8..<10]), number >= 1,
                number <= Self.days(year, month ?? 12)
            else { return nil }
            day = number
        }
        first = CivilDate(year: year, month: month ?? 1, day: day ?? 1)
        last = CivilDate(year: year, month: month ?? 12, day: day ?? Self.days(year, month ?? 12))
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var number = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + Int(digit - 0x30)
        }
        return number
    }

    private static func days(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
