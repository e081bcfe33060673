import Conversation
import Knowledge
import Testing

struct ArticleTests {
    private static let sources = [
        Source(id: "use", title: "聊城市居民医保怎么用", date: "2025-03-01", authority: .web),
        Source(id: "hospital", title: "聊城住院报销比例一览表", date: nil, authority: .web),
        Source(id: "paper", title: "家庭共济怎么绑定", date: "2024", authority: .press),
        Source(id: "card", title: "社会保障卡丢了怎么补", date: nil, authority: .web),
        Source(id: "law", title: "医疗保障条例", date: "2021-05-01", authority: .official),
    ]

    private let base: KnowledgeBase = {
        var tables = KnowledgeTables()
        tables.places = KnowledgeFixture.places
        tables.sources = Self.sources
        tables.facts = [
            .make("u1", "步骤", "打开小程序", unit: "", topic: "缴费", source: "use"),
            .make("u2", "步骤", "按提示付款", unit: "", topic: "缴费", source: "use"),
            .make("u3", "起付线", "0", unit: "元", topic: "门诊", source: "use"),
            .make("u4", "封顶线", "300", unit: "元", topic: "门诊", source: "use", to: "2024-12-31"),
            .make("u5", "报销比例", "99", topic: "住院", source: "use"),
            .make("u6", "电话", "资料里没有写到", unit: "", topic: "电话", source: "use"),
            .make("u7", "报销比例", "50", topic: "报销", source: "use"),
            .make(
                "u8", "封顶线", "500", unit: "元", topic: "门诊", condition: "明年", source: "use", from: "2027-01-01"
            ),
            .make("j1", "地址", "一号楼", unit: "", topic: "地点", place: "371503", source: "use"),
            .make("b1", "地址", "二号楼", unit: "", topic: "地点", place: "110000", source: "use"),
            .make("l1", "报销比例", "70", topic: "报销", source: "law", supersedes: ["u7"]),
            .make("h1", "报销比例", "60", source: "hospital"),
            .make("p1", "步骤", "绑定家人", unit: "", topic: "共济", place: "000000", source: "paper"),
            .make("c1", "步骤", "先挂失", unit: "", topic: "用卡", place: "000000", source: "card"),
        ]
        tables.doubts = [
            Doubt(
                id: "X1", kind: .implausible, topic: "比例", facts: ["u5"], says: "有文章说聊城住院报99%",
                settles: "没有这样的比例", asked: "住院 99%")
        ]
        tables.synonyms = [["医保卡", "社会保障卡", "社保卡"], ["家人", "家里人"], ["绑定", "关联"]]
        return KnowledgeBase(tables)
    }()

    private func article(_ question: String, place: String? = "371500") -> Article? {
        base.articles(on: question, place: place, asOf: KnowledgeFixture.day, limit: 1).first
    }

    @Test func `a title that is the question is found, also in other words`() {
        #expect(article("聊城的居民医保怎么用啊？")?.source.id == "use")
        #expect(article("居民医保咋用")?.source.id == "use")
        #expect(article("我的社保卡丢了，怎么补呀")?.source.id == "card")
        #expect(article("家庭共济咋关联")?.source.id == "paper")
    }

    @Test(arguments: ["今天天气怎么样", "医保局几点下班", "住院要带什么", "？", "", "聊城"])
    func `another question is not`(question: String) {
        #expect(article(question) == nil, "\(article(question)?.source.title ?? "")")
    }

    @Test func `the likeness is that of the better covered, and never above one`() throws {
        let exact = try #require(article("聊城住院报销比例一览表"))
        let loose = try #require(article("聊城住院能报多少比例，给个一览表"))
        #expect(exact.likeness > loose.likeness && exact.likeness <= 1)
    }

    @Test func `each fact says how it stands`() throws {
        let facts = try #require(article("聊城居民医保怎么用")).facts
        func standing(_ id: String) -> ArticleFact.Standing? { facts.first { $0.fact.id == id }?.standing }
        #expect(standing("u1") == .holds)
        #expect(standing("u4") == .past)
        #expect(standing("u8") == .upcoming)
        #expect(standing("u6") == .brokenOff)
        #expect(standing("u5") == .ruledOut(base.doubts[0]))
        #expect(standing("u7") == base.fact("l1").map(ArticleFact.Standing.givesWay))
    }

    @Test func `parts of the place belong to it, other places are only named`() throws {
        let found = try #require(article("聊城居民医保怎么用"))
        #expect(found.facts.contains { $0.fact.id == "j1" })
        #expect(!found.facts.contains { $0.fact.id == "b1" })
        #expect(found.elsewhere == ["北京市"])
    }

    @Test func `what it speaks of most comes last`() throws {
        let found = try #require(base.article("use", place: "371500", asOf: KnowledgeFixture.day))
        #expect(found.topics.last == "门诊")
        #expect(found.topics.count == 6)
    }

    @Test func `without facts for the place there is no article`() {
        #expect(article("居民医保怎么用", place: "211300") == nil)
        #expect(base.article("nobody", place: "371500", asOf: KnowledgeFixture.day) == nil)
    }

    @Test func `a claim that cannot be right is recognised when it is asked about`() {
        #expect(base.impossible(on: "聊城住院真的能报99%吗", place: "371500").map(\.fact.id) == ["u5"])
        #expect(base.impossible(on: "住院押金要交多少", place: "371500").isEmpty)
        #expect(base.impossible(on: "聊城住院真的能报99%吗", place: "110000").isEmpty)
    }
}

struct MeaningTests {
    private let base = KnowledgeFixture.base(
        [
            .term("t1", "定义", "报销的起点", condition: "起付线"),
            .term("t2", "例子", "比如500元", condition: "起付线"),
            .term("t3", "定义", "最多报到的数", condition: "封顶线"),
            .term("t4", "定义", "大家共用的钱", condition: "统筹"),
            .term("t5", "定义", "门诊用的那份", condition: "门诊统筹"),
            .term("t6", "定义", "医院药店两头能买", condition: "双通道", place: "371500"),
            .term("t7", "定义", "满3万元的部分", condition: "大额", place: "371500"),
            .term("t8", "结论", "并入居民医保了", condition: "新农合还有没有"),
        ], synonyms: [["起付线", "门槛费"]])

    private func meanings(_ question: String) -> [String] {
        base.definitions(for: question, place: nil, asOf: KnowledgeFixture.day).map(\.id)
    }

    @Test func `a question for a meaning gets definition and example`() {
        #expect(meanings("什么是起付线") == ["t1", "t2"])
        #expect(meanings("门槛费啥意思呀") == ["t1", "t2"])
    }

    @Test func `the longest term is meant`() { #expect(meanings("门诊统筹是啥") == ["t5"]) }

    @Test func `a part of a term finds it`() { #expect(meanings("啥是起付") == ["t1", "t2"]) }

    @Test func `what holds for one place alone is no meaning elsewhere when it is a figure`() {
        #expect(meanings("什么是双通道") == ["t6"])
        #expect(meanings("什么是大额") == [])
    }

    @Test func `a row on the very question answers it`() {
        #expect(meanings("新农合现在还有没有啊") == ["t8"])
        #expect(meanings("新农合能报多少") == [])
    }

    @Test func `a question for a figure asks for no meaning`() {
        #expect(meanings("济南起付线多少") == [])
        #expect(meanings("什么是异地") == [])
    }
}

extension Fact {
    fileprivate static func term(
        _ id: String, _ attribute: String, _ value: String, condition: String, place: String = "000000"
    ) -> Fact {
        var fact = Fact.make(
            id, attribute, value, unit: "", topic: "概念", place: place, condition: condition)
        fact.table = "terms"
        return fact
    }
}

struct BestSayingTests {
    @Test func `the same words of a better source are told from it`() throws {
        let base = KnowledgeFixture.base([
            .make("w", "电话", "12393", unit: "", topic: "电话", place: "000000", source: "web"),
            .make("p", "电话", "12393", unit: "", topic: "电话", place: "371500", source: "paper"),
            .make("o", "电话", "12345", unit: "", topic: "电话", place: "371500", source: "law"),
        ])
        let web = try #require(base.fact("w"))
        #expect(base.bestSaying(web, place: "371503", asOf: KnowledgeFixture.day).id == "p")
        #expect(base.bestSaying(web, place: "110000", asOf: KnowledgeFixture.day).id == "w")
        #expect(base.bestSaying(web, place: nil, asOf: KnowledgeFixture.day).id == "w")
    }
}
