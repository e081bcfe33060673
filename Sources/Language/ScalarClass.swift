/// What kind of scalar stands somewhere, as far as matching cares.
package enum ScalarClass {
    /// Han characters, including the iteration mark and the zero `〇`.
    @inline(__always)
    package static func isHan(_ value: UInt32) -> Bool {
        (0x4E00...0x9FFF).contains(value) || (0x3400...0x4DBF).contains(value) || value == 0x3007
            || value == 0x3005
            || (0x20000...0x323AF).contains(value) || (0xF900...0xFAFF).contains(value)
    }

    /// `0`–`9`.
    @inline(__always)
    package static func isDigit(_ value: UInt32) -> Bool { value &- 0x30 < 10 }

    /// `a`–`z`.
    @inline(__always)
    package static func isLatin(_ value: UInt32) -> Bool { value &- 0x61 < 26 }

    /// A letter or digit of a script that is written with spaces.
    @inline(__always)
    package static func isWord(_ value: UInt32) -> Bool {
        if value < 0x80 { return isDigit(value) || isLatin(value) }
        return (0xC0...0x2FF).contains(value)
            || (0x370...0x1FFF).contains(value) && !(0x1100...0x11FF).contains(value)
    }

    /// Marks that end or divide a sentence, after normalising.
    @inline(__always)
    package static func isBreak(_ value: UInt32) -> Bool {
        switch value {
        case 0x21, 0x2C, 0x3A, 0x3B, 0x3F, 0x3002: true  // ! , : ; ? 。
        default: false
        }
    }
}

extension ScalarClass {
    /// A letter, figure or character: something that says something.
    @inline(__always)
    package static func isMeaningful(_ value: UInt32) -> Bool {
        if value < 0x80 { return isDigit(value) || isLatin(value) }
        if value < 0x250 { return value >= 0xC0 && value != 0xD7 && value != 0xF7 }
        if value < 0x2000 { return true }
        if value < 0x2E80 { return (0x2460...0x2473).contains(value) }
        if value < 0x3100 { return value == 0x3005 || value == 0x3007 || value >= 0x3041 || value < 0x3000 }
        return value < 0xFE10 || value >= 0xFF66
    }
}
