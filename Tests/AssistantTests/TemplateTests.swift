import Assistant
import Testing

@Suite struct TemplateTests {
    private func fill(_ text: String, _ gaps: [String: String] = [:]) throws -> String? {
        try Template(parsing: text).filled(gap: { gaps[$0] }, fact: { "‹\($0)›" })
    }

    @Test func `gaps are filled and facts quoted`() throws {
        #expect(try fill("{city}的热线{fact:x-1}。", ["city": "甲市"]) == "甲市的热线‹x-1›。")
    }

    @Test func `an optional part goes with its empty gap`() throws {
        #expect(try fill("看病[去{place}]要备案", [:]) == "看病要备案")
        #expect(try fill("看病[去{place}]要备案", ["place": "乙市"]) == "看病去乙市要备案")
    }

    @Test func `an empty gap outside leaves out the whole text`() throws {
        #expect(try fill("{city}的医保") == nil)
    }

    @Test(arguments: [("{a", 0), ("a}", 1), ("[a", 0), ("a]", 1), ("[a[b]]", 2)])
    func `unbalanced brackets are mistakes with their place`(text: String, offset: Int) {
        let mistake = #expect(throws: Template.Mistake.self) { try Template(parsing: text) }
        #expect(mistake?.offset == offset)
    }

    @Test func `what stands in a template can be told`() throws {
        let template = try Template(parsing: "a{x}b[c{y}{fact:f}]")
        #expect(template.gaps == ["x", "y"])
        #expect(template.facts == ["f"])
        #expect(template.literals == ["a", "b", "c"])
    }
}
