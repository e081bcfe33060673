import Conversation
import Knowledge
import Testing

/// Rules that hold for journeys of one kind alone, and for cases of some length alone.
struct JourneyTests {
    private let base = KnowledgeFixture.base([
        .make("across", place: "370000", condition: "跨省临时外出"),
        .make("beyond", place: "370000", condition: "省外临时外出"),
        .make("within", place: "370000", condition: "省内临时外出"),
        .make("said", place: "370000", condition: "备案之后"),
        .make("both", place: "370000", condition: "省内和跨省备案"),
        .make("value", "说明", "查跨省联网的医院", unit: "", place: "370000"),
    ])

    private func ids(from home: String, to other: String?) -> [String] {
        base.answer(
            .make(place: home) { query in
                query.journey = other.map { base.journey(from: home, to: $0) }
            }
        ).facts.map(\.id)
    }

    @Test func `in one province what is said of 跨省 alone is left out`() {
        #expect(ids(from: "371503", to: "370100") == ["within", "said", "both"])
    }

    @Test func `between provinces what is said of 省内 alone is left out`() {
        #expect(ids(from: "371503", to: "110105") == ["across", "beyond", "said", "both", "value"])
        #expect(ids(from: "110105", to: "211300").isEmpty)
    }

    @Test func `while one of the places is unknown all is told`() {
        #expect(ids(from: "371503", to: nil).count == 6)
    }

    @Test(arguments: [
        ("断缴不超过3个月", 3, false), ("中断3个月以内（含）", 3, false), ("断缴3个月内续缴", 3, false),
        ("断缴超过3个月，重新参保", 3, true), ("断缴12个月以上再缴", 12, true), ("连续断缴6个月及以下", 6, false),
    ]) func `a condition bounds the months of a case`(condition: String, months: Int, isBeyond: Bool) {
        #expect(MonthsBound(in: condition) == MonthsBound(months: months, isBeyond: isBeyond))
    }

    @Test(arguments: ["断缴6个月后补缴", "断缴", "3年以上", "个月"]) func `other figures bound nothing`(condition: String) {
        #expect(MonthsBound(in: condition) == nil)
    }

    @Test func `a case of so many months is told its own rules`() {
        let base = KnowledgeFixture.base([
            .make("few", condition: "断缴不超过3个月"), .make("many", condition: "断缴超过3个月"), .make("any"),
        ])
        func ids(_ months: ClosedRange<Int>?) -> [String] {
            base.answer(.make { $0.months = months }).facts.map(\.id)
        }
        #expect(ids(3...3) == ["few", "any"])
        #expect(ids(7...7) == ["many", "any"])
        #expect(ids(3...4) == ["few", "many", "any"] && ids(nil) == ["few", "many", "any"])
    }

    @Test(arguments: [
        ("70周岁以下", 0, 70), ("2023医保年度，75岁以上", 75, 150), ("2026年度60到69周岁", 60, 69),
        ("70周岁及以上，按平均养老金", 70, 150),
        ("2025年度未满18周岁", 0, 17), ("35到45周岁，按缴费工资", 35, 45),
    ]) func `a condition bounds an age`(condition: String, from: Int, to: Int) {
        #expect(AgeBound(in: condition) == AgeBound(ages: from...to))
    }

    @Test(arguments: ["累计（含视同）且年满60周岁", "2026年度一档", "满3岁", "岁", "100元以上"]) func `other figures bound no age`(
        condition: String
    ) {
        #expect(AgeBound(in: condition) == nil)
    }
}
