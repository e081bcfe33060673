import Conversation

/// The ages for which a rule holds, as its condition names them (70周岁以下, 60到69周岁, 75岁以上).
package struct AgeBound: Equatable, Sendable {
    package var ages: ClosedRange<Int>

    /// From which age on the tables speak of old people.
    package static let old = 60
    private static let highest = 150

    package init(ages: ClosedRange<Int>) { self.ages = ages }

    /// The first bound that a condition names.
    package init?(in condition: String) {
        let text = Array(condition.unicodeScalars)
        var position = 0
        while position < text.count {
            guard let figure = AgeBound.figure(at: position, in: text) else {
                position += 1
                continue
            }
            position = figure.end
            let isUnder = ["未满", "不满", "不到"].contains { AgeBound.stands($0, before: figure.start, in: text) }
            var (low, high, end) = (figure.value, figure.value, figure.end)
            let isSpan = AgeBound.stands("到", at: end, in: text) || AgeBound.stands("-", at: end, in: text)
            if isSpan, let upper = AgeBound.figure(at: end + 1, in: text) {
                (high, end, position) = (upper.value, upper.end, upper.end)
            }
            guard let unit = ["周岁", "岁"].first(where: { AgeBound.stands($0, at: end, in: text) }) else {
                continue
            }
            end += unit.unicodeScalars.count
            if high == low {
                if ["以下", "及以下"].contains(where: { AgeBound.stands($0, at: end, in: text) }) {
                    low = 0
                } else if ["以上", "及以上"].contains(where: { AgeBound.stands($0, at: end, in: text) }) {
                    high = AgeBound.highest
                } else if isUnder {
                    (low, high) = (0, high - 1)
                } else {
                    continue
                }
            }
            guard low <= high else { continue }
            self.init(ages: low...high)
            return
        }
        return nil
    }

    private static func figure(at start: Int, in text: [Unicode.Scalar]) -> (
        value: Int, start: Int, end: Int
    )? {
        var end = start
        while end < text.count, ("0"..."9").contains(text[end]), end < start + 4 { end += 1 }
        guard end > start, let value = Int(String(String.UnicodeScalarView(text[start..<end]))) else {
            return nil
        }
        return (value, start, end)
    }

    private static func stands(_ word: String, at start: Int, in text: [Unicode.Scalar]) -> Bool {
        text.dropFirst(start).starts(with: word.unicodeScalars)
    }

    private static func stands(_ word: String, before end: Int, in text: [Unicode.Scalar]) -> Bool {
        let start = end - word.unicodeScalars.count
        return start >= 0 && stands(word, at: start, in: text)
    }
}

extension Fact {
    /// Whether it is for somebody of that age, or says nothing of ages.
    package func holds(atAge age: Int) -> Bool {
        AgeBound(in: condition)?.ages.contains(age) ?? true
    }
}
