import Conversation
import Knowledge
import Testing

struct AnswerTests {
    private func ids(_ facts: [Fact]) -> [String] { facts.map(\.id) }

    // MARK: Places

    @Test func `the most specific place that has facts answers`() {
        let base = KnowledgeFixture.base([
            .make("n", place: "000000"), .make("p", place: "370000"), .make("c", place: "371500"),
            .make("j", place: "370100"),
        ])
        let answer = base.answer(.make(place: "371503"))
        #expect(ids(answer.facts) == ["c"])
        #expect(answer.scope == "371500" && answer.isWider && answer.askedPlace == "371503")
        #expect(!base.answer(.make(place: "371500")).isWider)
    }

    @Test func `KNO-03 a wider rule answers where the place has none, another city's never`() {
        let base = KnowledgeFixture.base([.make("n", place: "000000"), .make("j", place: "370100")])
        let answer = base.answer(.make(place: "371500"))
        #expect(ids(answer.facts) == ["n"])
        #expect(answer.isWider && answer.scope == "000000")
        let empty = KnowledgeFixture.base([.make("j", place: "370100")]).answer(.make(place: "371500"))
        #expect(empty.facts.isEmpty && empty.missing == .nothingKnown && !empty.isWider)
    }

    @Test func `levels are combined on demand, the narrowest first`() {
        let base = KnowledgeFixture.base([
            .make("n", place: "000000"), .make("c", place: "371500"), .make("p", place: "370000"),
            .make("j", place: "370100"),
        ])
        let answer = base.answer(.make { $0.combinesLevels = true })
        #expect(ids(answer.facts) == ["c", "p", "n"])
        #expect(answer.scope == "371500")
    }

    @Test func `without a place only what holds everywhere answers`() {
        let base = KnowledgeFixture.base([.make("n", place: "000000"), .make("c", place: "371500")])
        let answer = base.answer(.make(place: nil))
        #expect(ids(answer.facts) == ["n"])
        #expect(!answer.isWider && answer.scope == "000000")
    }

    // MARK: For whom and when

    @Test func `facts for another insurance do not answer, facts for all do`() {
        let base = KnowledgeFixture.base([
            .make("w", insurance: "职工"), .make("r", insurance: "居民", condition: "r"),
            .make("a", condition: "a"),
        ])
        #expect(ids(base.answer(.make { $0.insurance = "职工" }).facts) == ["w", "a"])
        #expect(ids(base.answer(.make { $0.insurance = "新农合" }).facts) == ["a"])
        #expect(ids(base.answer(.make()).facts) == ["w", "r", "a"])
    }

    @Test func `what holds whatever the insurance can be left out`() {
        let base = KnowledgeFixture.base([.make("w", insurance: "职工"), .make("a", condition: "a")])
        let query = FactQuery.make {
            $0.insurance = "职工"
            $0.ownInsuranceOnly = true
        }
        #expect(ids(base.answer(query).facts) == ["w"])
    }

    @Test(arguments: [
        (["退休"], ["r", "o", "f", "e", "s"]), (["在职"], ["w", "f", "e", "s"]),
        (["学生儿童"], ["b", "f", "e", "s"]),
        (["急诊"], ["r", "w", "o", "b", "f", "e"]), (["临时外出", "转诊"], ["r", "w", "o", "b", "f", "s"]),
    ])
    func `groups shut each other out only where they are alternatives`(asked: [String], expected: [String]) {
        let groups = [
            ("r", "退休"), ("w", "在职"), ("o", "老年"), ("b", "新生儿"), ("f", "女"), ("e", "急诊"), ("s", "转诊"),
        ]
        let base = KnowledgeFixture.base(groups.map { .make($0, population: $1, condition: $0) })
        let expected = expected.filter { $0 != "e" || !asked.contains("临时外出") }.filter {
            $0 != "s" || !asked.contains("急诊")
        }
        #expect(
            ids(base.answer(.make { $0.populations = asked }).facts)
                == groups.map(\.0).filter(expected.contains))
    }

    @Test func `KNO-01 what has ended, is outdated or has not begun is not current`() {
        let base = KnowledgeFixture.base([
            .make("old", to: "2026-04-09"), .make("last", condition: "今天", to: "2026-04-10"),
            .make("first", condition: "起", from: "2026-04-10"),
            .make("next", condition: "明", from: "2026-04-11"),
            .make("flagged", condition: "旧", flags: ["outdated"]),
        ])
        let answer = base.answer(.make())
        #expect(Set(ids(answer.facts)) == ["last", "first"])
        #expect(ids(answer.past) == ["old", "flagged"])
        #expect(ids(answer.upcoming) == ["next"])
        #expect(
            Set(ids(base.answer(.make { $0.includesPast = true }).facts)) == [
                "old", "last", "first", "flagged",
            ])
    }

    @Test func `the reason for silence is told`() {
        #expect(KnowledgeFixture.base([.make("a", to: "2020")]).answer(.make()).missing == .onlyPast)
        #expect(KnowledgeFixture.base([.make("a", from: "2030")]).answer(.make()).missing == .onlyUpcoming)
        #expect(KnowledgeFixture.base([.make("a")]).answer(.make()).missing == nil)
    }

    @Test func `what is off topic or was not read never answers`() {
        let base = KnowledgeFixture.base([
            .make("off", flags: ["off_topic"]),
            .make("cut", "报销比例", "资料里没有写到", unit: "", flags: ["truncated"]),
        ])
        #expect(base.answer(.make()).missing == .nothingKnown)
        #expect(base.fact("off") != nil)
    }

    // MARK: Narrowing

    @Test func `topic, attribute and words of the condition narrow`() {
        let base = KnowledgeFixture.base([
            .make("a", "步骤", topic: "异地", condition: "线上备案"),
            .make("b", "步骤", topic: "异地", condition: "线下备案"),
            .make("c", "材料", topic: "异地", condition: "线上备案"), .make("d", "步骤", topic: "住院"),
        ])
        #expect(ids(base.answer(.make("异地") { $0.attributes = ["步骤"] }).facts) == ["a", "b"])
        #expect(ids(base.answer(.make("异地") { $0.about = ["线上", "电话"] }).facts) == ["a", "c"])
        #expect(ids(base.answer(.make("异地") { $0.notAbout = ["线上"] }).facts) == ["b"])
        #expect(
            ids(
                base.answer(
                    .make("异地") {
                        $0.topics = ["异地", "住院"]; $0.attributes = ["步骤"]
                    }
                ).facts) == ["a", "b", "d"])
        #expect(base.answer(.make("没有的")).facts.isEmpty)
        #expect(ids(base.answer(.make("异地") { $0.limit = 1 }).facts) == ["a"])
    }

    @Test func `facts can be asked for by name`() {
        let base = KnowledgeFixture.base([
            .make("a", place: "370100"), .make("b", place: "371500", condition: "b"),
        ])
        #expect(
            ids(base.answer(.make(place: nil) { $0.identifiers = ["b", "a", "none"] }).facts) == ["b", "a"])
        #expect(ids(base.answer(.make(place: "371503") { $0.identifiers = ["b", "a"] }).facts) == ["b"])
    }

    // MARK: Disagreement

    @Test func `a superseded fact gives way and is named with its successor`() throws {
        let base = KnowledgeFixture.base([
            .make("old", source: "web"),
            .make("new", "报销比例", "65", condition: "新", source: "law", supersedes: ["old"]),
        ])
        let answer = base.answer(.make())
        #expect(ids(answer.facts) == ["new"])
        let pair = try #require(answer.givesWay.first)
        #expect(pair.fact.id == "old" && pair.by.id == "new" && answer.givesWay.count == 1)
    }

    @Test func `of several successors one that holds in the case is named`() {
        let base = KnowledgeFixture.base([
            .make("old", source: "web"), .make("short", condition: "断缴不超过3个月", supersedes: ["old"]),
            .make("long", condition: "断缴超过3个月", supersedes: ["old"]),
        ])
        for (months, id) in [(2, "short"), (5, "long")] {
            let answer = base.answer(.make { $0.months = months...months })
            #expect(ids(answer.facts) == [id] && answer.givesWay.map(\.by.id) == [id])
        }
    }

    @Test func `a figure that a better source gives as that of one place is none of another`() {
        let web = Fact.make("web", "缴费标准", "775", place: "000000", source: "web")
        let base = KnowledgeFixture.base([
            web, .make("own", "缴费标准", "775", place: "370100", supersedes: ["web"]),
            .make("other", "缴费标准", "400", place: "000000", source: "web"),
        ])
        #expect(base.isOfAnotherPlace(web, than: "371500") && base.isOfAnotherPlace(web, than: "000000"))
        #expect(!base.isOfAnotherPlace(web, than: "370100"))
        #expect(!base.isOfAnotherPlace(.make("other", place: "000000"), than: "371500"))
    }

    @Test func `a successor of another place, or one that has not begun, takes nothing`() {
        let base = KnowledgeFixture.base([
            .make("old"), .make("elsewhere", place: "370100", supersedes: ["old"]),
            .make("later", place: "000000", from: "2027-01-01", supersedes: ["old"]),
        ])
        #expect(ids(base.answer(.make()).facts) == ["old"])
    }

    @Test func `where all of a place is superseded the wider rule is told`() {
        let base = KnowledgeFixture.base([
            .make("city"), .make("nation", place: "000000", supersedes: ["city"]),
        ])
        let answer = base.answer(.make())
        #expect(ids(answer.facts) == ["nation"])
        #expect(answer.isWider && answer.givesWay.map(\.fact.id) == ["city"])
    }

    @Test func `KNO-02 of two figures for one thing the one to be believed stays`() {
        let base = KnowledgeFixture.base([
            .make("w", "报销比例", "50", source: "web"), .make("c", "报销比例", "70", source: "copy"),
            .make("p", "报销比例", "60", source: "paper"), .make("l", "报销比例", "65", source: "law"),
        ])
        // The paper reports later than the law, and neither is second hand.
        let answer = base.answer(.make())
        #expect(ids(answer.facts) == ["p"])
        #expect(answer.givesWay.map(\.fact.id) == ["w", "c", "l"])
        #expect(Set(answer.givesWay.map(\.by.id)) == ["p"])
    }

    @Test func `figures of one source, lists of words and other conditions stand side by side`() {
        let base = KnowledgeFixture.base([
            .make("a", "报销比例", "50"), .make("b", "报销比例", "60"), .make("c", "报销比例", "70", condition: "三级医院"),
            .make("d", "材料", "身份证", unit: "", source: "web"),
            .make("e", "材料", "医保卡", unit: "", source: "copy"),
        ])
        #expect(base.answer(.make()).facts.count == 5)
    }

    @Test func `a doubt that is settled leaves what settles it`() {
        let doubt = Doubt(
            id: "X1", kind: .contradiction, topic: "", facts: ["a", "b"], says: "s", settles: "t")
        let facts: [Fact] = [
            .make("a", condition: "甲", source: "web"), .make("b", condition: "乙", source: "web"),
            .make("c", condition: "丙"),
        ]
        let settled = KnowledgeFixture.base(facts, doubts: [doubt], settledBy: ["X1": ["c"]]).answer(.make())
        #expect(ids(settled.facts) == ["c"])
        #expect(settled.givesWay.map(\.by.id) == ["c", "c"])
        let open = KnowledgeFixture.base(facts, doubts: [doubt]).answer(.make())
        #expect(open.facts.count == 3)
        #expect(open.doubts.map(\.id) == ["X1"])
    }

    @Test func `what cannot be right is never told, and its doubt says so`() {
        let doubt = Doubt(id: "X2", kind: .implausible, topic: "", facts: ["a"], says: "s", settles: "t")
        let base = KnowledgeFixture.base([.make("a"), .make("n", place: "000000")], doubts: [doubt])
        let answer = base.answer(.make())
        #expect(ids(answer.facts) == ["n"])
        #expect(answer.ruledOut.map(\.id) == ["X2"] && answer.doubts.isEmpty)
        #expect(answer.implausible.map(\.fact.id) == ["a"] && answer.implausible.map(\.doubt.id) == ["X2"])
        #expect(base.isImplausible("a") && !base.isImplausible("n"))
        #expect(base.doubts(touching: ["a"]).isEmpty)
        let alone = KnowledgeFixture.base([.make("a")], doubts: [doubt]).answer(.make())
        #expect(alone.missing == .onlyImplausible)
    }

    @Test func `a doubt knows what decides it`() {
        let doubt = Doubt(id: "X3", kind: .contradiction, topic: "", facts: ["a"], says: "s", settles: "t")
        let base = KnowledgeFixture.base(
            [.make("a"), .make("n", place: "000000")], doubts: [doubt], settledBy: ["X3": ["n"]])
        #expect(ids(base.deciding(doubt)) == ["n"])
    }

    // MARK: Order

    @Test func `sources come by how far they are believed, facts of one as it has them`() {
        let base = KnowledgeFixture.base([
            .make("w1", "步骤", "一", unit: "", step: 1, source: "web"),
            .make("l1", "步骤", "二", unit: "", step: 1, source: "law"),
            .make("c1", "步骤", "三", unit: "", source: "copy"),
            .make("w2", "步骤", "四", unit: "", step: 2, source: "web"),
            .make("l2", "步骤", "五", unit: "", step: 2, source: "law"),
        ])
        #expect(ids(base.answer(.make()).facts) == ["l1", "l2", "c1", "w1", "w2"])
    }

    @Test func `an answer is the same every time`() {
        let facts = (0..<200).map {
            Fact.make(
                "f\($0)", "报销比例", "\($0 % 7)", condition: "c\($0 % 40)",
                source: ["law", "web", "copy"][$0 % 3])
        }
        let answers = (0..<5).map { _ in KnowledgeFixture.base(facts).answer(.make()) }
        for answer in answers {
            #expect(answer.facts == answers[0].facts)
            #expect(answer.givesWay.map(\.fact) == answers[0].givesWay.map(\.fact))
        }
    }
}
