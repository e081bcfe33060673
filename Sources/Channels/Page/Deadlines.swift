package import Conversation

/// The days that an answer names and that are still to come, for the calendar.
///
/// Only days that are written out and have a source count. "Within 90 days of the birth" has no day until somebody knows the birth, and
/// a day worked out wrongly costs money, so such periods stay words.
package struct Deadlines: Equatable, Sendable {
    package struct Deadline: Equatable, Sendable {
        package var day: CivilDate
        /// The sentence that names it.
        package var text: String
        /// Whether the sentence says which year; otherwise it says that the day comes every year, and the next is meant.
        package var namesYear: Bool

        package init(day: CivilDate, text: String, namesYear: Bool) {
            self.day = day
            self.text = text
            self.namesYear = namesYear
        }
    }

    package let deadlines: [Deadline]

    /// Days from `today` on, each sentence and day once, in the order of the answer.
    package init(in replies: [Reply], today: CivilDate) {
        var found: [Deadline] = []
        for reply in replies {
            guard !reply.cites.isEmpty else { continue }
            var isSteps = false
            if case .steps = reply.kind { isSteps = true }
            for line in reply.text.split(separator: "\n") {
                let text = Self.plain(line)
                // Without a source a line is a comment, such as a doubt about last year. Steps have theirs in the heading.
                guard
                    isSteps
                        || text.unicodeScalars.count
                            < line.drop(while: { $0 == "·" || $0 == " " }).unicodeScalars.count
                else { continue }
                for deadline in Self.days(in: text, today: today) where !found.contains(deadline) {
                    found.append(deadline)
                }
            }
        }
        deadlines = found
    }

    /// Without the dot in front and the numbers of sources.
    private static func plain(_ line: Substring) -> String {
        var text = ""
        var rest = line.drop { $0 == "·" || $0 == " " }
        while let open = rest.firstIndex(of: "[") {
            let digits = rest[rest.index(after: open)...].prefix(while: \.isNumber)
            let after = rest[digits.endIndex...]
            text += rest[..<open]
            if digits.isEmpty || after.first != "]" { text += "[" + digits }
            rest = digits.isEmpty || after.first != "]" ? after : after.dropFirst()
        }
        return text + rest
    }

    /// `2026年3月31日`, `3月31日`: a year holds for the days after it in the same sentence, unless they would go back.
    private static func days(in text: String, today: CivilDate) -> [Deadline] {
        var result: [Deadline] = []
        var year: Int?
        var month = 0
        var previous: CivilDate?
        var number: Int?
        for character in text {
            if let digit = character.wholeNumberValue, character.isASCII {
                number = min((number ?? 0) * 10 + digit, 10_000)
                continue
            }
            defer { number = nil }
            guard let value = number else { continue }
            switch character {
            case "年" where (2000..<2100).contains(value): year = value
            case "月" where (1...12).contains(value): month = value
            case "日" where month > 0 && (1...Self.lastDay[month - 1]).contains(value):
                guard year != nil || text.contains("每年") else { break }
                var day = CivilDate(year: year ?? today.year, month: month, day: value)
                if let previous, year != nil, day < previous { day.year += 1 }
                if year == nil, day < today { day.year += 1 }
                previous = day
                month = 0
                if day >= today { result.append(Deadline(day: day, text: text, namesYear: year != nil)) }
            default: break
            }
        }
        return result
    }

    private static let lastDay = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    /// An iCalendar file (RFC 5545): whole days, with a reminder a week before and one on the day before.
    package func calendar(name: String, stamp: CivilDate) -> [UInt8] {
        var lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//daoban//checklist//ZH", "CALSCALE:GREGORIAN",
        ]
        for (index, deadline) in deadlines.enumerated() {
            let day = Self.digits(deadline.day)
            var words = deadline.text + "（以参保地医保部门的答复为准）"
            if !deadline.namesYear { words += "（每年都有，这里记的是最近的一次）" }
            lines += [
                "BEGIN:VEVENT", "UID:\(name)-\(index)-\(day)@daoban", "DTSTAMP:\(Self.digits(stamp))T000000Z",
                "DTSTART;VALUE=DATE:\(day)", "SUMMARY:\(Self.escaped("医保：" + deadline.text))",
                "DESCRIPTION:\(Self.escaped(words))", "TRANSP:TRANSPARENT",
            ]
            for days in [7, 1] {
                lines += [
                    "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P\(days)D",
                    "DESCRIPTION:\(Self.escaped(deadline.text))", "END:VALARM",
                ]
            }
            lines.append("END:VEVENT")
        }
        lines.append("END:VCALENDAR")
        return Array(lines.map { Self.folded($0) + "\r\n" }.joined().utf8)
    }

    private static func digits(_ day: CivilDate) -> String {
        String(day.year * 10_000 + day.month * 100 + day.day)
    }

    /// RFC 5545, section 3.3.11.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\", ";", ",": result += "\\\(character)"
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
        return result
    }

    /// Lines of 75 octets at most, never cut within a character (RFC 5545, section 3.1).
    private static func folded(_ line: String) -> String {
        var result = ""
        var length = 0
        for scalar in line.unicodeScalars {
            let size = scalar.utf8.count
            if length + size > 75 {
                result += "\r\n "
                length = 1
            }
            result.unicodeScalars.append(scalar)
            length += size
        }
        return result
    }
}
