import Language

/// The words by which people ask about a claim, as `asked` in the table of doubts has them.
///
/// Ways of asking stand between ` / `. Of one way every word must occur in the question: `补缴|补交 15年 !养老` asks for
/// 补缴 or 补交, and for 15年, and wants no 养老. A way that begins with `*` is one for people anywhere, not only where the
/// facts hold. Figures are compared as figures (十五年 is 15年, 四成 is 40%), and a word of two characters or more also
/// where it is written with others that sound alike.
package struct ClaimWords: Sendable {
    private struct Way: Sendable {
        var isForAnywhere = false
        var wanted: [[[UInt32]]] = []
        var unwanted: [[UInt32]] = []
    }

    private var ways: [Way] = []

    /// Nil when a way wants nothing, or an alternative is empty.
    package init?(_ text: String) {
        for part in text.split(separator: "/", omittingEmptySubsequences: false) {
            var way = Way()
            for word in part.split(separator: " ") {
                var word = word
                if word == "*" {
                    way.isForAnywhere = true
                    continue
                }
                let isUnwanted = word.hasPrefix("!")
                if isUnwanted { word = word.dropFirst() }
                let alternatives = word.split(separator: "|", omittingEmptySubsequences: false).map {
                    AskedText(String($0)).scalars
                }
                guard alternatives.allSatisfy({ !$0.isEmpty }) else { return nil }
                if isUnwanted { way.unwanted += alternatives } else { way.wanted.append(alternatives) }
            }
            guard !way.wanted.isEmpty else { return nil }
            ways.append(way)
        }
    }

    /// Whether a question is about the claim; `isNear` tells whether it holds where the person is.
    package func fit(_ question: AskedText, isNear: Bool) -> Bool {
        ways.contains { way in
            (isNear || way.isForAnywhere)
                && way.wanted.allSatisfy { $0.contains { question.says($0, isExact: false) } }
                && !way.unwanted.contains { question.says($0, isExact: true) }
        }
    }
}

/// A question with its figures written in one way.
package struct AskedText {
    private(set) var scalars: [UInt32] = []

    package init(_ text: String) {
        let normalized = Normalizer.normalize(text)
        var position = 0
        for quantity in Quantities.scan(normalized) {
            guard quantity.range.lowerBound >= position, let written = Self.written(quantity) else {
                continue
            }
            scalars += normalized.scalars[position..<quantity.range.lowerBound]
            scalars += written.unicodeScalars.map(\.value)
            position = quantity.range.upperBound
        }
        scalars += normalized.scalars[position...]
        scalars.removeAll { $0 == 0x20 }
    }

    /// Nil for what is left as it is said: 今年, 三个人, 第二个.
    private static func written(_ quantity: Quantity) -> String? {
        let unit: String
        switch quantity.kind {
        case .money: unit = "元"
        case .months: unit = "个月"
        case .years:
            // 半年 is half a year.
            if quantity.value.description == "0.5" { return "6个月" }
            unit = "年"
        case .year:
            // 15年 may be a year of the calendar or a stretch of time: it is compared as it is said.
            return quantity.numeral.value.map { "\($0.description)年" }
        case .age: unit = "岁"
        case .percent: unit = "%"
        case .days: unit = "天"
        case .bare: unit = ""
        case .namedYear, .namedTime, .count, .ordinal: return nil
        }
        let upper = quantity.upper.map { "到\($0.description)\(unit)" } ?? ""
        return "\(quantity.value.description)\(unit)\(upper)"
    }

    /// Whether a word stands somewhere; a figure only as a whole. Unless exactly, also in characters that sound alike.
    func says(_ word: [UInt32], isExact: Bool) -> Bool {
        guard let first = word.first, let last = word.last, word.count <= scalars.count else { return false }
        let isLoose = !isExact && word.count(where: ScalarClass.isHan) > 1
        return (0...scalars.count - word.count).contains { start in
            let end = start + word.count
            if Self.isDigit(first), start > 0, Self.isDigit(scalars[start - 1]) { return false }
            if Self.isDigit(last), end < scalars.count, Self.isDigit(scalars[end]) { return false }
            return word.indices.allSatisfy {
                Self.isSame(scalars[start + $0], word[$0], isLoose: isLoose)
            }
        }
    }

    private static func isSame(_ scalar: UInt32, _ other: UInt32, isLoose: Bool) -> Bool {
        if scalar == other { return true }
        guard isLoose, ScalarClass.isHan(scalar), ScalarClass.isHan(other) else { return false }
        let syllable = Pinyin.fuzzy(scalar)
        return syllable != 0 && syllable == Pinyin.fuzzy(other)
    }

    /// A digit or the point within a number.
    private static func isDigit(_ scalar: UInt32) -> Bool { (0x30...0x39).contains(scalar) || scalar == 0x2E }
}
