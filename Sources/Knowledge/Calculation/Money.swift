package import Language

/// An amount of money, exact to the fen.
package struct Money: Hashable, Comparable, Sendable {
    package var fen: Int64

    package static let zero = Money(fen: 0)

    package init(fen: Int64) { self.fen = fen }

    package init(yuan: Int) { fen = Int64(yuan) * 100 }

    /// Yuan with up to four places, half a fen and more rounded up; nil below nothing.
    package init?(yuan: ExactDecimal) {
        guard yuan.scaled >= 0 else { return nil }
        fen = yuan.scaled / 100 + (yuan.scaled % 100 >= 50 ? 1 : 0)
    }

    package static func < (left: Money, right: Money) -> Bool { left.fen < right.fen }
    package static func + (left: Money, right: Money) -> Money { Money(fen: left.fen + right.fen) }
    package static func - (left: Money, right: Money) -> Money { Money(fen: left.fen - right.fen) }

    /// Several times the amount.
    package func times(_ count: Int) -> Money { Money(fen: fen * Int64(count)) }

    /// A part of the amount for some of a number of days, half a fen and more rounded up.
    package func share(of days: Int, outOf whole: Int) -> Money {
        precondition(whole > 0 && days >= 0, "a part is taken of a number of days")
        return Money(fen: Money.rounded(Int128(fen) * Int128(days), by: Int128(whole)))
    }

    static func rounded(_ product: Int128, by divisor: Int128) -> Int64 {
        Int64(clamping: (product + divisor / 2) / divisor)
    }
}

extension Money: CustomStringConvertible {
    /// Yuan without grouping and without idle zeros: `16620`, `103.64`, `0.5`.
    package var description: String {
        let cents = fen.magnitude % 100
        let whole = (fen < 0 ? "-" : "") + String(fen.magnitude / 100)
        guard cents > 0 else { return whole }
        return whole + "." + (cents < 10 ? "0" : "") + String(cents % 10 == 0 ? cents / 10 : cents)
    }
}

/// What of an amount is paid: a percentage, or a number of times (3.5 months). Exact to a millionth.
package struct Share: Hashable, Comparable, Sendable {
    /// Millionths of the amount.
    package var millionths: Int64

    package init(millionths: Int64) { self.millionths = millionths }

    /// A percentage with up to four places.
    package init(percent: ExactDecimal) { millionths = percent.scaled }

    /// A number of times with up to four places; nil when it is too large.
    package init?(times: ExactDecimal) {
        guard let scaled = times.times(100) else { return nil }
        millionths = scaled.scaled
    }

    package static func < (left: Share, right: Share) -> Bool { left.millionths < right.millionths }
    package static func + (left: Share, right: Share) -> Share {
        Share(millionths: left.millionths + right.millionths)
    }

    /// The share of an amount, half a fen and more rounded up.
    package func of(_ money: Money) -> Money {
        Money(fen: Money.rounded(Int128(money.fen) * Int128(millionths), by: 1_000_000))
    }

    /// How often the whole goes into it, without idle zeros: `3.5`.
    package var times: String { ExactDecimal(scaled: millionths / 100).description }
}
