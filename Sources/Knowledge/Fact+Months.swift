import Conversation

/// The months of a case for which a rule holds: up to a bound, or beyond it.
package struct MonthsBound: Equatable, Sendable {
    package var months: Int
    /// Beyond the bound, and not up to it.
    package var isBeyond: Bool

    /// Whether it holds for some of these months.
    package func admits(_ range: ClosedRange<Int>) -> Bool {
        isBeyond ? range.upperBound > months : range.lowerBound <= months
    }

    private static let month = Array("个月".utf8)
    /// What stands before the figure, the longer first, and behind the unit.
    private static let before: [(words: [UInt8], isBeyond: Bool)] = [
        (Array("不超过".utf8), false), (Array("超过".utf8), true),
    ]
    private static let behind: [(words: [UInt8], isBeyond: Bool)] = [
        (Array("以内".utf8), false), (Array("内".utf8), false), (Array("及以下".utf8), false),
        (Array("以上".utf8), true),
    ]

    /// The first bound that a condition names (断缴不超过3个月, 中断3个月以内).
    package init?(in condition: String) {
        let text = Array(condition.utf8)
        var position = 0
        while position < text.count {
            let digits = text[position...].prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty else {
                position += 1
                continue
            }
            let end = digits.endIndex
            if text[end...].starts(with: Self.month),
                let months = Int(String(decoding: digits, as: UTF8.self))
            {
                let opening = text[..<position], closing = text[(end + Self.month.count)...]
                let said =
                    Self.before.first {
                        opening.count >= $0.words.count
                            && opening.suffix($0.words.count).elementsEqual($0.words)
                    }
                    ?? Self.behind.first { closing.starts(with: $0.words) }
                if let said {
                    self.init(months: months, isBeyond: said.isBeyond)
                    return
                }
            }
            position = end
        }
        return nil
    }

    package init(months: Int, isBeyond: Bool) {
        self.months = months
        self.isBeyond = isBeyond
    }
}

extension Fact {
    /// Whether it is for a case of so many months, or says nothing of months.
    package func holds(for months: ClosedRange<Int>) -> Bool {
        MonthsBound(in: condition)?.admits(months) ?? true
    }
}
