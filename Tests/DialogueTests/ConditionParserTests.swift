import Conversation
import Dialogue
import Testing

@Suite struct ConditionParserTests {
    private func parse(_ text: String) throws -> Condition {
        try ConditionParser.parse(text) { $0 == "甲省" ? "100000" : nil }
    }

    @Test func `and binds tighter than or`() throws {
        let a = Condition.equals(slot: "a", values: ["1"])
        let b = Condition.isSet(slot: "b")
        let c = Condition.not(.equals(slot: "c", values: ["x", "y"]))
        #expect(try parse("a = 1 or b is set and not c in [x, y]") == .any([a, .all([b, c])]))
        #expect(try parse("(a = 1 or b is set) and not c in [x, y]") == .all([.any([a, b]), c]))
    }

    @Test func `slots may be named with their prefix and values quoted`() throws {
        #expect(try parse("slots.stay_type = \"临 时\"") == .equals(slot: "stay_type", values: ["临 时"]))
        #expect(try parse("stay_type!=临时") == .not(.equals(slot: "stay_type", values: ["临时"])))
        #expect(try parse("x is not set") == .not(.isSet(slot: "x")))
    }

    @Test func `numbers compare and places resolve`() throws {
        #expect(try parse("age>=70") == .compares(slot: "age", .atLeast, 70))
        #expect(try parse("within(city, 甲省)") == .holds(.within(slot: "city", place: "100000")))
        #expect(try parse("same_province(a, b)") == .holds(.sameProvince("a", "b")))
    }

    @Test func `rules are asked about for some people or for everybody`() throws {
        let some = Condition.Predicate.hasRule(topic: "异地", attribute: "免备案", slot: "home", people: "临时外出")
        let all = Condition.Predicate.hasRule(topic: "异地", attribute: "免备案", slot: "home", people: nil)
        #expect(try parse("has_rule(异地, 免备案, home, 临时外出)") == .holds(some))
        #expect(try parse("has_rule(异地, 免备案, home)") == .holds(all))
        #expect(try parse("has_rule(异地, 免备案, home)").slots == ["home"])
        #expect(throws: ConditionParser.Mistake.self) { try parse("has_rule(异地, 免备案)") }
    }

    @Test func `sums are asked about by name`() throws {
        let needs = try parse("calculation_needs(报销, age)")
        #expect(needs == .holds(.calculationNeeds(sum: "报销", slot: "age")))
        #expect(needs.slots == ["age"] && needs.sums == ["报销"])
        #expect(try parse("can_calculate(大病)") == .holds(.canCalculate(sum: "大病", byReference: false)))
        #expect(
            try parse("not can_estimate(大病) and a = 1").sums == ["大病"])
    }

    @Test(arguments: [
        ("a =", "a value is expected here", 3),
        ("a ~ b", "`=`, `!=`, `in`, `is set` or a comparison is expected here", 2),
        ("a = 1 b", "`b` is not expected here", 6), ("(a = 1", "`)` is expected here", 6),
        ("age > 七", "`七` is not a whole number", 6), ("within(city, 乙省)", "no division is called `乙省`", 13),
        ("a = \"x", "the quoted value has no end", 4), ("", "a slot or a test is expected here", 0),
    ]) func `mistakes say what is expected and where`(text: String, message: String, offset: Int) {
        let mistake = #expect(throws: ConditionParser.Mistake.self) { try parse(text) }
        #expect(mistake?.message == message)
        #expect(mistake?.offset == offset)
    }

    @Test func `deep nesting is refused`() {
        let text = String(repeating: "(", count: 500) + "a = 1" + String(repeating: ")", count: 500)
        #expect(throws: ConditionParser.Mistake.self) { try parse(text) }
    }

    @Test func `an empty slot fails every comparison`() throws {
        let slots = Slots()
        #expect(try !parse("a = 1").holds(in: slots, world: SmallWorld()))
        #expect(try parse("a != 1").holds(in: slots, world: SmallWorld()))
        #expect(try !parse("a > 1").holds(in: slots, world: SmallWorld()))
        #expect(try !parse("same_city(a, b)").holds(in: slots, world: SmallWorld()))
    }
}
