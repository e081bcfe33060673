import Conversation
import Knowledge
import Testing

struct SearchTests {
    private let base = KnowledgeFixture.base(
        [
            .make(
                "s1", "步骤", "打开国家医保服务平台", unit: "", topic: "异地", place: "000000", condition: "线上备案", step: 1,
                source: "law"),
            .make(
                "s2", "步骤", "提交备案", unit: "", topic: "异地", place: "000000", condition: "线上备案", step: 2,
                source: "law"),
            .make(
                "g1", "步骤", "绑定家人", unit: "", topic: "共济", place: "370000", insurance: "职工", source: "paper"),
            .make("c1", "报销比例", "60", topic: "住院", place: "371500", condition: "三级医院", source: "web"),
            .make(
                "c2", "起付线", "800", unit: "元", topic: "住院", place: "371500", condition: "三级医院", source: "web"),
            .make("j1", "报销比例", "88", topic: "住院", place: "370100", condition: "三级医院", source: "copy"),
        ], synonyms: [["家人", "亲属"]])

    private func search(_ text: String, place: String? = nil, insurance: String? = nil, limit: Int = 5)
        -> [SearchHit]
    {
        base.search(text, place: place, insurance: insurance, asOf: KnowledgeFixture.day, limit: limit)
    }

    @Test func `two characters are enough to find`() {
        #expect(search("备案").map(\.source.id) == ["law"])
        #expect(search("备案").first?.facts.map(\.id) == ["s1", "s2"])
    }

    @Test func `words that only ask do not count`() throws {
        let hit = try #require(search("请问备案要怎么办呢？").first)
        #expect(hit.source.id == "law")
        #expect(hit.relevance > 0.9)
    }

    @Test func `a question about anything else finds nothing`() {
        #expect(search("今天天气怎么样").isEmpty)
        #expect(search("帮我写一首诗").isEmpty)
        #expect(search("").isEmpty)
        #expect(search("？？？").isEmpty)
    }

    @Test func `a place shuts out other places, its name is no word to be found`() {
        #expect(search("住院三级医院报销", place: "371503").map(\.place) == ["371500"])
        #expect(Set(search("住院三级医院报销").map(\.place)) == ["371500", "370100"])
        #expect(
            search("聊城住院三级医院", place: "371500").first?.relevance
                == search("住院三级医院", place: "371500").first?.relevance)
    }

    @Test func `facts for another insurance are left out`() {
        #expect(search("共济绑定", insurance: "居民").isEmpty)
        #expect(search("共济绑定", insurance: "职工").map(\.source.id) == ["paper"])
    }

    @Test func `another word for the same thing finds too`() {
        #expect(search("绑定亲属").map(\.source.id) == ["paper"])
    }

    @Test func `a title says where the facts hold unless it does itself`() {
        #expect(search("三级医院住院", place: "371500").first?.title == "聊城医保怎么用")
        #expect(search("三级医院住院", place: "370100").first?.title == "本地生活转载（济南市）")
        #expect(search("备案").first?.title == "医疗保障条例")
    }

    @Test func `what has ended is not found`() {
        let base = KnowledgeFixture.base([.make("a", "步骤", "备案", unit: "", to: "2025-01-01")])
        #expect(base.search("备案", place: nil, insurance: nil, asOf: KnowledgeFixture.day, limit: 3).isEmpty)
    }

    @Test func `the best comes first and the limit holds`() {
        #expect(search("三级医院报销比例", limit: 1).count == 1)
        let scores = search("三级医院报销比例").map(\.score)
        #expect(scores == scores.sorted(by: >))
    }
}
