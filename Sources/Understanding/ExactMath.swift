/// Logarithm and exponential that give the same bits on every machine: only additions, multiplications and
/// divisions, in a fixed order. Good to about 1e-12, which is far more than scores need.
package enum ExactMath {
    private static let ln2 = 0.693147180559945309417

    /// Natural logarithm of a positive number.
    package static func log(_ x: Double) -> Double {
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

    package static func exp(_ x: Double) -> Double {
        guard x > -700 else { return 0 }
        guard x < 700 else { return .infinity }
        let power = (x / ln2).rounded()
        let rest = x - power * ln2
        var sum = 1.0
        for n in stride(from: 13.0, through: 1.0, by: -1.0) { sum = 1 + rest / n * sum }
        return Double(sign: .plus, exponent: Int(power), significand: sum)
    }

    /// As `exp(_:)` in single precision, good to about 1e-7, for the inner loops of training; 0 below -87.
    @inline(__always)
    package static func exp(_ x: Float) -> Float {
        let clamped = max(min(x, 87), -87)
        // Adding and taking off 1.5 · 2^23 rounds to the nearest integer.
        let magic: Float = 12_582_912
        let shifted = clamped * 1.442_695_04 + magic
        let power = Int32(bitPattern: shifted.bitPattern &- magic.bitPattern)
        let rest = clamped - (shifted - magic) * 0.693_359_375 + (shifted - magic) * 2.121_944_4e-4
        var sum: Float = 1.984_126_98e-4
        sum = sum * rest + 1.388_888_89e-3
        sum = sum * rest + 8.333_333_33e-3
        sum = sum * rest + 4.166_666_67e-2
        sum = sum * rest + 1.666_666_67e-1
        sum = sum * rest + 0.5
        sum = sum * rest + 1
        sum = sum * rest + 1
        return x < -87 ? 0 : sum * Float(bitPattern: UInt32(bitPattern: (power &+ 127) << 23))
    }

    /// `1 + ln(count)` for counts of a feature in one text.
    static let dampedCounts: [Float] = (0..<256).map { $0 < 1 ? 0 : Float(1 + log(Double($0))) }
}
