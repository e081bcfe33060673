/// One thing the person did, with the moment at which it reached the assistant.
package struct Utterance: Equatable, Sendable {
    package enum Input: Equatable, Sendable {
        /// The conversation begins; the assistant speaks first.
        case opening
        case text(String)
        /// A choice that was offered in an earlier turn.
        case choice(turn: Int, id: String)
        /// Somebody at the desk takes the conversation over, or goes on with it, and says something; empty when nothing.
        case person(owner: String, text: String)
        /// The desk gives the conversation back, with something said before; empty when nothing.
        case handBack(text: String)
    }

    package var input: Input
    package var time: Moment

    package init(_ input: Input, at time: Moment) {
        self.input = input
        self.time = time
    }
}

/// A moment on the wall clock, whole seconds since 1970-01-01T00:00:00Z. The core never asks for the time; it is given.
package struct Moment: Equatable, Comparable, Sendable {
    package var seconds: Int

    package init(seconds: Int) { self.seconds = seconds }

    package static func < (left: Moment, right: Moment) -> Bool { left.seconds < right.seconds }

    /// The civil date in China (UTC+8, no daylight saving), proleptic Gregorian.
    ///
    /// The algorithm is Howard Hinnant's `civil_from_days` (chrono-Compatible Low-Level Date Algorithms).
    package var date: CivilDate {
        let shifted = seconds + 8 * 3600
        let days = (shifted >= 0 ? shifted : shifted - 86_399) / 86_400
        let z = days + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return CivilDate(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

/// A day of the calendar.
package struct CivilDate: Hashable, Comparable, Sendable {
    package var year: Int
    package var month: Int
    package var day: Int

    package init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// `2025`, `2025-03` or `2025-03-17`; nil for anything else. A missing month or day reads as the first.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in part.allSatisfy(\.isASCII) ? Int(part) : nil }
        guard (1...3).contains(parts.count), numbers.count == parts.count, parts[0].count == 4 else {
            return nil
        }
        let month = numbers.count > 1 ? numbers[1] : 1
        let day = numbers.count > 2 ? numbers[2] : 1
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        self.init(year: numbers[0], month: month, day: day)
    }

    package static func < (left: CivilDate, right: CivilDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}
