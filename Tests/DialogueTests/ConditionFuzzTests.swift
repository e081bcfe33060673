import Dialogue
import Testing

/// Conditions broken at random: a mistake or a condition, never a trap.
@Suite struct ConditionFuzzTests {
    private static let pieces = [
        "a", "stay_type", "slots.", "=", "!=", "<", ">", "<=", ">=", "in", "not", "and", "or", "is", "set",
        "empty",
        "within", "(", ")", "[", "]", ",", "\"", "'", " ", "\t", "\n", "1", "-1.5", "99999999999999999999",
        "甲省", "临时",
        "\u{301}", "\u{0}", "\\", "#", "🙂", ".",
    ]

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `any text is a condition or a mistake`(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        func below(_ limit: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(limit))
        }
        var understood = 0
        for _ in 0..<20_000 {
            let count = below(12)
            let text = (0..<count).map { _ in
                Self.pieces[below(Self.pieces.count)] + (below(2) == 0 ? " " : "")
            }.joined()
            if (try? ConditionParser.parse(text) { $0 == "甲省" ? "100000" : nil }) != nil { understood += 1 }
        }
        #expect(understood > 0)
        for text in [String(repeating: "(", count: 100_000), String(repeating: "not ", count: 100_000)] {
            #expect((try? ConditionParser.parse(text) { _ in nil }) == nil)
        }
    }
}
