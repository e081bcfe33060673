import Authoring
import Conversation
import Diagnostics
import Knowledge
import Testing

/// The tables that ship, as they are.
struct ShippedDataTests {
    private static let folder =
        #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined() + "/Data"

    private func load() throws -> KnowledgeBase {
        let collector = DiagnosticCollector()
        let base = TableLoader.load(folder: Self.folder, into: collector)
        #expect(
            DiagnosticRenderer.report(
                collector.diagnostics.filter { $0.severity == .error }, as: .human, version: "")
                == "no mistakes\n")
        return try #require(base)
    }

    @Test func `the shipped tables have no mistake`() throws {
        let base = try load()
        #expect(base.facts.count > 1000 && base.placesWithAliases.count > 3000)
    }

    @Test func `KNO-09 every shipped fact can be told and cited`() throws {
        let base = try load()
        for fact in base.facts {
            #expect(base.source(fact.source) != nil && base.places.place(fact.place) != nil, "\(fact.id)")
            let words = base.render(fact)
            #expect(words.utf8.count >= fact.value.utf8.count && !words.contains("{"), "\(fact.id): \(words)")
        }
    }

    @Test func `KNO-03 no place is answered with another place's facts`() throws {
        let base = try load()
        let topics = Set(base.facts.map(\.topic)).sorted()
        for place in ["371500", "371503", "110000", "350200", "659001", "000000"] {
            for topic in topics {
                var query = FactQuery(
                    topics: [topic], place: place, asOf: CivilDate(year: 2026, month: 4, day: 10))
                query.combinesLevels = true
                for fact in base.answer(query).facts {
                    #expect(base.isWithin(place, fact.place), "\(place) \(topic) \(fact.id)")
                }
            }
        }
    }

    /// Where the relevance floor stands: questions about this business are found, others hardly ever.
    @Test func `questions about the business find sources, others do not`() throws {
        let base = try load()
        let day = CivilDate(year: 2026, month: 4, day: 10)
        func found(_ questions: [String]) -> [String] {
            questions.filter { !base.search($0, place: nil, insurance: nil, asOf: day, limit: 1).isEmpty }
        }
        let ours = [
            "异地就医怎么备案", "家庭共济怎么绑定家人", "居民医保一年交多少钱", "断缴三个月还能报销吗", "生育津贴怎么领", "退休人员个人账户划入多少",
            "门诊慢特病怎么认定", "灵活就业医保怎么缴费", "医保电话是多少", "怎么举报骗保", "大病保险怎么报销", "医保关系转移要带什么材料",
        ]
        let others = [
            "今天天气怎么样", "帮我写一首诗", "量子力学是什么", "怎么做红烧肉", "房贷利率是多少", "世界杯谁赢了", "给我讲个笑话", "电费怎么交",
            "怎么学英语", "公积金怎么提取", "快递到哪里了", "苹果手机多少钱",
        ]
        #expect(found(ours).count >= 10, "\(found(ours))")
        #expect(found(others).isEmpty)
    }
}
