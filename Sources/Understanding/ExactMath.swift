/// Logarithm and exponential that give the same bits on every machine: only additions, multiplications and
/// divisions, in a fixed order. Good to about 1e-12, which is far more than scores need.
enum ExactMath {
    private static let ln2 = 0.693147180559945309417

    /// Natural logarithm of a positive number.
    static func log(_ x: Double) -> Double {
        guard x > 0, x.isFinite else { return x > 0 ? .infinity : -.infinity }
        var mantissa = x.significand
        var exponent = Double(x.exponent)
        if mantissa > 1.4142135623730951 {
            mantissa /= 2
            exponent += 1
        }
        // ln m = 2 artanh((m - 1) / (m + 1)), |t| < 0.172.
        let t = (mantissa - 1) / (mantissa + 1)
        let square = t * t
        var sum = 0.0
        for odd in stride(from: 15.0, through: 1.0, by: -2.0) { sum = sum * square + 1 / odd }
        return exponent * ln2 + 2 * t * sum
    }

    static func exp(_ x: Double) -> Double {
        guard x > -700 else { return 0 }
        guard x < 700 else { return .infinity }
        let power = (x / ln2).rounded()
        let rest = x - power * ln2
        var sum = 1.0
        for n in stride(from: 13.0, through: 1.0, by: -1.0) { sum = 1 + rest / n * sum }
        return Double(sign: .plus, exponent: Int(power), significand: sum)
    }

    /// `1 + ln(count)` for counts of a feature in one text.
    static let dampedCounts: [Float] = (0..<256).map { $0 < 1 ? 0 : Float(1 + log(Double($0))) }
}
