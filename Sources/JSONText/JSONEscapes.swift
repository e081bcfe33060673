/// Which characters of a string are escaped when it is written, and how: those that JSON demands, and U+2028
/// and U+2029, which older JavaScript takes for the end of a line.
///
/// Plain text is passed over eight bytes at a time. For a word `x` of eight bytes, `(x - k·ones) & ~x &
/// highs` has a high bit set when some byte is below `k` (Bit Twiddling Hacks, "Determine if a word has a
/// byte less than n"); a byte equal to `c` is a zero byte of `x ^ c·ones`.
enum JSONEscapes {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080
    /// First byte of U+2028 and U+2029, and of much punctuation.
    private static let general: UInt8 = 0xE2

    /// The first place from `position` on where something may have to be escaped.
    static func plainEnd(_ start: UnsafePointer<UInt8>, from position: Int, count: Int) -> Int {
        var position = position
        while position + 8 <= count {
            let word = UnsafeRawPointer(start + position).loadUnaligned(as: UInt64.self)
            if mayNeedEscape(word) { break }
            position += 8
        }
        while position < count, !mayNeedEscape(start[position]) { position += 1 }
        return position
    }

    private static func mayNeedEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == ASCII.quote || byte == ASCII.backslash || byte == general
    }

    private static func mayNeedEscape(_ word: UInt64) -> Bool {
        let control = (word &- ones &* 0x20) & ~word
        let quote = word ^ (ones &* UInt64(ASCII.quote))
        let backslash = word ^ (ones &* UInt64(ASCII.backslash))
        let general = word ^ (ones &* UInt64(Self.general))
        let found =
            control | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
            | ((general &- ones) & ~general)
        return found & highs != 0
    }

    /// What is written for the character at `start`, and how many bytes it has; nil when it stays as it is.
    static func escape(_ start: UnsafePointer<UInt8>, count: Int) -> (escape: StaticString, length: Int)? {
        switch start[0] {
        case ASCII.quote: return ("\\\"", 1)
        case ASCII.backslash: return ("\\\\", 1)
        case general:
            guard count >= 3, start[1] == 0x80, start[2] & 0xFE == 0xA8 else { return nil }
            return (start[2] == 0xA8 ? "\\u2028" : "\\u2029", 3)
        case 0..<0x20: return (controls[Int(start[0])], 1)
        default: return nil
        }
    }

    private static let controls: [StaticString] = [
        "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006", "\\u0007",
        "\\b", "\\t", "\\n", "\\u000b", "\\f", "\\r", "\\u000e", "\\u000f",
        "\\u0010", "\\u0011", "\\u0012", "\\u0013", "\\u0014", "\\u0015", "\\u0016", "\\u0017",
        "\\u0018", "\\u0019", "\\u001a", "\\u001b", "\\u001c", "\\u001d", "\\u001e", "\\u001f",
    ]
}
