import Conversation
import Knowledge
import Testing

struct FactWordingTests {
    @Test func `brackets fall away when their column is empty`() throws {
        let wording = try FactWording(parsing: "[{condition}：]报{value}{unit}[（{population}）]")
        #expect(wording.filled(with: .make("a", condition: "三级医院")) == "三级医院：报60%")
        #expect(wording.filled(with: .make("a", population: "退休")) == "报60%（退休）")
    }

    @Test func `a value in words has a wording of its own`() throws {
        let wording = try FactWording(parsing: "报{value}{unit}", forWords: "{value}")
        #expect(wording.filled(with: .make("a", "报销比例", "按比例报", unit: "")) == "按比例报")
        #expect(wording.filled(with: .make("a")) == "报60%")
    }

    @Test(arguments: [
        ("{vale}", 0, "vale"), ("a{value", 1, nil), ("a}", 1, nil), ("[[{value}]]", 1, nil),
        ("[{value}", 0, nil), ("]", 0, nil),
    ])
    func `a mistake is told with its place`(text: String, offset: Int, field: String?) {
        #expect {
            try FactWording(parsing: text)
        } throws: { error in
            (error as? FactWording.Mistake).map { $0.offset == offset && $0.unknownField == field } ?? false
        }
    }

    @Test func `people and insurance are named where the question left them open`() {
        let base = KnowledgeFixture.base([])
        let fact = Fact.make("a", insurance: "职工", population: "退休", condition: "三级医院")
        #expect(base.render(fact) == "三级医院：60%")
        #expect(base.render(fact, naming: .population) == "退休：三级医院：60%")
        #expect(base.render(fact, naming: .all) == "职工，退休：三级医院：60%")
        #expect(base.render(.make("b"), naming: .all) == "60%")
    }

    @Test func `what the wording says itself is not said twice`() throws {
        var tables = KnowledgeTables()
        tables.wordings[KnowledgeTables.WordingKey(table: "rates", attribute: "报销比例")] = try FactWording(
            parsing: "报{value}{unit}[（{population}）]")
        #expect(KnowledgeBase(tables).render(.make("a", population: "退休"), naming: .all) == "报60%（退休）")
    }
}
