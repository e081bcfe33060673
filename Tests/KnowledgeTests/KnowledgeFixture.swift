import Conversation
import Knowledge

/// A small country: 山东 with 济南, 聊城 and 茌平 (of 聊城), 北京 with 朝阳, and a second 朝阳 in 辽宁.
enum KnowledgeFixture {
    static let day = CivilDate(year: 2026, month: 4, day: 10)

    static let places = [
        Place(code: "000000", name: "全国", level: .nation, parent: ""),
        Place(code: "110000", name: "北京市", level: .province, parent: "000000"),
        Place(code: "110105", name: "朝阳区", level: .county, parent: "110000"),
        Place(code: "210000", name: "辽宁省", level: .province, parent: "000000"),
        Place(code: "211300", name: "朝阳市", level: .prefecture, parent: "210000"),
        Place(code: "370000", name: "山东省", level: .province, parent: "000000"),
        Place(code: "370100", name: "济南市", level: .prefecture, parent: "370000"),
        Place(code: "371500", name: "聊城市", level: .prefecture, parent: "370000"),
        Place(code: "371503", name: "茌平区", level: .county, parent: "371500"),
    ]

    static let sources = [
        Source(id: "law", title: "医疗保障条例", date: "2021-05-01", authority: .official, publisher: "国务院"),
        Source(id: "paper", title: "晚报谈医保", date: "2025-03", authority: .press),
        Source(id: "copy", title: "本地生活转载", date: "2026-01-01", authority: .reprint),
        Source(id: "web", title: "聊城医保怎么用", date: nil, authority: .web),
    ]

    static func base(
        _ facts: [Fact], doubts: [Doubt] = [], settledBy: [String: [String]] = [:],
        synonyms: [[String]] = []
    ) -> KnowledgeBase {
        var tables = KnowledgeTables()
        tables.places = places
        tables.sources = sources
        tables.facts = facts
        tables.doubts = doubts
        tables.settledBy = settledBy
        tables.synonyms = synonyms
        return KnowledgeBase(tables)
    }
}

extension Fact {
    static func make(
        _ id: String, _ attribute: String = "报销比例", _ value: String = "60", unit: String = "%",
        topic: String = "住院", place: String = "371500", insurance: String = "", population: String = "",
        condition: String = "", step: Int = 0, source: String = "law", from: String? = nil, to: String? = nil,
        flags: [String] = [], supersedes: [String] = []
    ) -> Fact {
        Fact(
            id: id, table: "rates", topic: topic, attribute: attribute, place: place, insurance: insurance,
            population: population, condition: condition, value: value, unit: unit, step: step, note: "",
            source: source,
            hint: "", validFrom: from.flatMap { CivilDate($0) }, validTo: to.flatMap { CivilDate($0) },
            flags: flags,
            supersedes: supersedes)
    }
}

extension FactQuery {
    static func make(
        _ topic: String = "住院", place: String? = "371500", _ change: (inout FactQuery) -> Void = { _ in }
    ) -> FactQuery {
        var query = FactQuery(topics: [topic], place: place, asOf: KnowledgeFixture.day)
        change(&query)
        return query
    }
}
