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
        var wanted: [[AskedText]] = []
        var unwanted: [AskedText] = []
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
                    AskedText(String($0))
                }
                guard alternatives.allSatisfy({ !$0.scalars.isEmpty }) else { return nil }
                if isUnwanted { way.unwanted += alternatives } else { way.wanted.append(alternatives) }
            }
            guard !way.wanted.isEmpty else { return nil }
            ways.append(way)
        }
    }

    /// Whether a question is about the claim; `isNear` tells whether it holds where the person is.
    package func fit(_ question: AskedText, isNear: @autoclosure () -> Bool) -> Bool {
        ways.contains { way in
            way.wanted.allSatisfy { $0.contains { question.says($0, isExact: false) } }
                && !way.unwanted.contains { question.says($0, isExact: true) }
                && (way.isForAnywhere || isNear())
        }
    }
}

/// A question, or a word of one, with its figures written in one way.
package struct AskedText: Sendable {
    private(set) var scalars: [UInt32] = []
    /// What each sounds like: the syllable with confusable sounds merged, else the scalar itself.
    private var sounds: [UInt32] = []
    /// A bit for every sound that occurs, by its remainder: most words are ruled out by it.
    private var occurring = SIMD8<UInt64>()

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
        sounds = scalars.map(Self.sound)
        for sound in sounds { occurring[Self.place(of: sound)] |= Self.bit(of: sound) }
    }

    private static func sound(of scalar: UInt32) -> UInt32 {
        let syllable = ScalarClass.isHan(scalar) ? Pinyin.fuzzy(scalar) : 0
        // Scalars begin beyond all syllables, whose numbers take sixteen bits.
        return syllable == 0 ? scalar | 1 << 24 : UInt32(syllable)
    }

    private static func place(of sound: UInt32) -> Int { Int(sound >> 6 & 7) }
    private static func bit(of sound: UInt32) -> UInt64 { 1 << UInt64(sound & 63) }

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
    func says(_ word: AskedText, isExact: Bool) -> Bool {
        let count = word.scalars.count
        guard count > 0, count <= scalars.count,
            word.sounds.allSatisfy({ occurring[Self.place(of: $0)] & Self.bit(of: $0) != 0 })
        else { return false }
        let isLoose = !isExact && word.scalars.count(where: ScalarClass.isHan) > 1
        let (wanted, here) = isLoose ? (word.sounds, sounds) : (word.scalars, scalars)
        return (0...scalars.count - count).contains { start in
            guard here[start] == wanted[0] else { return false }
            let end = start + count
            if Self.isDigit(word.scalars[0]), start > 0, Self.isDigit(scalars[start - 1]) { return false }
            if Self.isDigit(word.scalars[count - 1]), end < scalars.count, Self.isDigit(scalars[end]) {
                return false
            }
            return (1..<count).allSatisfy { here[start + $0] == wanted[$0] }
        }
    }

    /// A digit or the point within a number.
    private static func isDigit(_ scalar: UInt32) -> Bool { (0x30...0x39).contains(scalar) || scalar == 0x2E }
}
