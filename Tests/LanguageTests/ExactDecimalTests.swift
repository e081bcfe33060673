import Language
import Testing

@Suite struct ExactDecimalTests {
    @Test(arguments: ["0", "1", "23000", "0.5", "0.0001", "-1.25", "900000000000000"])
    func `what is read is written back`(text: String) {
        #expect(ExactDecimal(text)?.description == text)
    }

    @Test(arguments: ["", "-", ".5", "5.", "1e3", "1.23456", "١", "99999999999999999999", "1 2", "+1"])
    func `anything else is no number`(text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test func `arithmetic is exact and reports overflow`() throws {
        let tenth = try #require(ExactDecimal("0.1"))
        let fifth = try #require(ExactDecimal("0.2"))
        #expect(tenth.plus(fifth) == ExactDecimal("0.3"))
        #expect(ExactDecimal("1")?.divided(by: 3) == nil)
        #expect(ExactDecimal("1")?.divided(by: 8) == ExactDecimal("0.125"))
        #expect(ExactDecimal(scaled: .max).plus(tenth) == nil)
        #expect(ExactDecimal(scaled: .max).times(2) == nil)
        #expect(tenth < fifth)
        #expect(ExactDecimal("1.50")?.description == "1.5")
    }
}
