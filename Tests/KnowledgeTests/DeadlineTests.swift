import Conversation
import Knowledge
import Testing

@Suite struct DeadlineTests {
    private func lastDay(_ value: String, of attribute: String = "时限") -> CivilDate? {
        Fact.make("a", attribute, value, unit: "").lastDay
    }

    @Test func `the last day with a year is the deadline, and a range has its year once`() {
        #expect(lastDay("2025年12月31日") == CivilDate(year: 2025, month: 12, day: 31))
        #expect(lastDay("2025年10月22日到12月26日") == CivilDate(year: 2025, month: 12, day: 26))
        #expect(lastDay("2025年11月30日到2026年2月28日") == CivilDate(year: 2026, month: 2, day: 28))
        #expect(lastDay("2026年3月31日前缴清") == CivilDate(year: 2026, month: 3, day: 31))
    }

    @Test func `what comes back each year, begins then, or has no year or day is none`() {
        for value in ["每年9月到12月，2026年度截至2025年12月31日", "2025年1月1日起施行", "截至12月31日", "2024年6月", "15个工作日", ""] {
            #expect(lastDay(value) == nil)
        }
        #expect(lastDay("2025年13月40日") == nil)
        #expect(lastDay("2025年12月31日", of: "缴费标准") == nil)
    }
}
