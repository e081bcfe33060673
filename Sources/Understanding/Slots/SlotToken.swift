package import Language

/// A unit of text that a slot's label is put on: one character of Chinese, one word of other scripts.
package struct SlotToken: Equatable, Sendable {
    package enum Kind: UInt8, Sendable {
        case han, letters, digits, mixed, mark
    }

    /// Where it stands in the normalised text.
    package var range: Range<Int>
    /// The character, or a hash of the word with every digit as 0, so that numbers of a length look alike.
    package var unit: UInt32
    /// As `unit`, its digits as they are.
    package var exact: UInt32
    package var kind: Kind
}

extension SlotToken {
    /// Text beyond is not looked at.
    static let longestText = 512

    /// Splits a normalised text. A mark between two parts of a word belongs to it (4.5, r&b), any other stands alone.
    package static func split(_ text: NormalizedText, into tokens: inout [SlotToken]) {
        tokens.removeAll(keepingCapacity: true)
        let scalars = text.scalars
        let count = min(scalars.count, longestText)
        var index = 0
        while index < count {
            let value = scalars[index]
            guard ScalarClass.isWord(value) else {
                if value != 0x20 {
                    tokens.append(
                        SlotToken(
                            range: index..<index + 1, unit: value, exact: value,
                            kind: value > 0x2E80 && !ScalarClass.isBreak(value) ? .han : .mark))
                }
                index += 1
                continue
            }
            var end = index + 1
            while end < count {
                if text.hasGap(before: end) { break }
                if ScalarClass.isWord(scalars[end]) {
                    end += 1
                } else if end + 1 < count, isConnector(scalars[end]), ScalarClass.isWord(scalars[end + 1]),
                    !text.hasGap(before: end + 1)
                {
                    end += 2
                } else {
                    break
                }
            }
            tokens.append(word(index..<end, scalars))
            index = end
        }
    }

    /// ' - . & / : _ @ + *
    private static func isConnector(_ value: UInt32) -> Bool {
        switch value {
        case 0x27, 0x2D, 0x2E, 0x26, 0x2F, 0x3A, 0x5F, 0x40, 0x2B, 0x2A: true
        default: false
        }
    }

    private static func word(_ range: Range<Int>, _ scalars: [UInt32]) -> SlotToken {
        var unit: UInt32 = 0x5000_0000
        var exact = unit
        var digits = 0
        for index in range {
            let isDigit = ScalarClass.isDigit(scalars[index])
            digits += isDigit ? 1 : 0
            unit = FeatureHash.mix(unit, isDigit ? 0x30 : scalars[index])
            exact = FeatureHash.mix(exact, scalars[index])
        }
        let kind: Kind = digits == 0 ? .letters : digits == range.count ? .digits : .mixed
        return SlotToken(range: range, unit: unit | 0x8000_0000, exact: exact | 0x8000_0000, kind: kind)
    }
}

/// How features are hashed, everywhere alike.
enum FeatureHash {
    @inline(__always)
    static func mix(_ hash: UInt32, _ value: UInt32) -> UInt32 {
        var mixed = (hash ^ value) &* 0x85EB_CA6B
        mixed ^= mixed >> 15
        return mixed &* 0xC2B2_AE35
    }
}
