/// A number together with what it counts.
package struct Quantity: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// Yuan.
        case money
        case months
        case years
        case days
        case age
        /// A year of the calendar.
        case year
        /// 今年, 明年: which one it is depends on the day, so the word stands for it.
        case namedYear(String)
        /// 明天, 下周, 上月, 年底: so does this one.
        case namedTime(String)
        case percent
        /// 三个人, 两次.
        case count
        /// 第二个, 选2.
        case ordinal
        /// A number with nothing beside it that says what it is.
        case bare
    }

    package var kind: Kind
    /// In normalised scalars, unit and approximating words included.
    package var range: Range<Int>
    /// The number itself, without its unit.
    package var numeral: Numeral
    package var value: ExactDecimal
    /// The upper of two figures between which it lies (两三万, 3到5万); `value` is the lower one.
    package var upper: ExactDecimal?
    package var isApproximate: Bool

    package init(kind: Kind, range: Range<Int>, numeral: Numeral, value: ExactDecimal, isApproximate: Bool) {
        self.kind = kind
        self.range = range
        self.numeral = numeral
        self.value = value
        self.isApproximate = isApproximate
    }
}

/// Finds what a text counts.
package enum Quantities {
    package static func scan(_ text: NormalizedText) -> [Quantity] {
        var numerals: [Numeral] = []
        Numerals.scan(text.scalars, into: &numerals)
        var found: [Quantity] = []
        scan(text.scalars, numerals: numerals, into: &found)
        return found
    }

    /// As `scan(_:)`, for numbers that were found before. Quantities come in the order of the text.
    package static func scan(_ scalars: [UInt32], numerals: [Numeral], into found: inout [Quantity]) {
        found.removeAll(keepingCapacity: true)
        var next = 0
        var position = 0
        while position < scalars.count {
            while next < numerals.count, numerals[next].range.lowerBound < position { next += 1 }
            let reader = QuantityReader(scalars: scalars)
            var quantity: Quantity?
            if next < numerals.count, numerals[next].range.lowerBound == position {
                quantity = reader.read(numerals[next])
                if let right = quantity, next > 0,
                    let joined = reader.join(numerals[next - 1], right, before: found.last)
                {
                    if let last = found.last, last.range.upperBound > joined.range.lowerBound {
                        found.removeLast()
                    }
                    quantity = joined
                }
            } else {
                quantity = reader.readWord(at: position)
            }
            if let quantity {
                found.append(quantity)
                position = max(position + 1, quantity.range.upperBound)
            } else {
                position += 1
            }
        }
    }
}
