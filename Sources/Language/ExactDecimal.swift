/// A decimal number with up to four places, exact: what amounts and durations are reckoned in.
package struct ExactDecimal: Hashable, Comparable, Sendable {
    /// Ten-thousandths.
    package var scaled: Int64

    package static let scale: Int64 = 10_000
    package static let zero = ExactDecimal(scaled: 0)

    package init(scaled: Int64) { self.scaled = scaled }

    /// Nil when the number is too large to hold.
    package init?(_ whole: Int) {
        let (product, overflow) = Int64(whole).multipliedReportingOverflow(by: ExactDecimal.scale)
        guard !overflow else { return nil }
        scaled = product
    }

    /// Digits with an optional sign and point (`23000`, `-0.5`); nil for anything else and beyond four
    /// places.
    package init?(_ text: some StringProtocol) {
        var value: Int64 = 0
        var places = -1
        var digits = 0
        var isNegative = false
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case 0x2D where index == 0: isNegative = true
            case 0x2E where places < 0 && digits > 0: places = 0
            case 0x30...0x39:
                guard places < 4, let next = ExactDecimal.push(byte, onto: value) else { return nil }
                value = next
                digits += 1
                if places >= 0 { places += 1 }
            default: return nil
            }
        }
        guard digits > 0, places != 0 else { return nil }
        for _ in max(places, 0)..<4 {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            value = product
        }
        scaled = isNegative ? -value : value
    }

    private static func push(_ byte: UInt8, onto value: Int64) -> Int64? {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(Int64(byte &- 0x30))
        return overflow || carry ? nil : sum
    }

    package static func < (left: ExactDecimal, right: ExactDecimal) -> Bool { left.scaled < right.scaled }

    /// Nil on overflow.
    package func plus(_ other: ExactDecimal) -> ExactDecimal? {
        let (sum, overflow) = scaled.addingReportingOverflow(other.scaled)
        return overflow ? nil : ExactDecimal(scaled: sum)
    }

    /// Nil on overflow.
    package func times(_ factor: Int64) -> ExactDecimal? {
        let (product, overflow) = scaled.multipliedReportingOverflow(by: factor)
        return overflow ? nil : ExactDecimal(scaled: product)
    }

    /// Nil when the quotient needs more than four places.
    package func divided(by divisor: Int64) -> ExactDecimal? {
        guard divisor != 0, scaled % divisor == 0 else { return nil }
        return ExactDecimal(scaled: scaled / divisor)
    }

    /// The whole number it is, if it is one.
    package var whole: Int? { scaled % ExactDecimal.scale == 0 ? Int(scaled / ExactDecimal.scale) : nil }
}

extension ExactDecimal: CustomStringConvertible {
    /// Without grouping and without trailing zeros: `23000`, `0.5`.
    package var description: String {
        let magnitude = scaled.magnitude
        let unit = UInt64(ExactDecimal.scale)
        var text = (scaled < 0 ? "-" : "") + String(magnitude / unit)
        var fraction = magnitude % unit
        guard fraction != 0 else { return text }
        var places = 4
        while fraction % 10 == 0 {
            fraction /= 10
            places -= 1
        }
        let digits = String(fraction)
        text += "." + String(repeating: "0", count: places - digits.utf8.count) + digits
        return text
    }
}
