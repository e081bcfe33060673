import Assistant
import Conversation
import Foundation
import Knowledge
import Testing

/// Where the floors of likeness lie: everyday questions above, what is no business of the insurance far below.
struct TitleFloorTests {
    private static let day = CivilDate(year: 2026, month: 4, day: 10)

    private func articles(_ question: String, place: String? = nil, floor: Double = KnowledgeBase.titleFloor)
        throws
        -> [Article]
    {
        let knowledge = try #require(AuditTests.assistant).knowledge
        return knowledge.articles(on: question, place: place, asOf: Self.day, floor: floor, limit: 2)
    }

    @Test(arguments: [
        ("俺厦门的，灵活就业交着呢，多大岁数能领退休金", "350200", "a-xmtx"),
        ("合疗报多少跟年龄有没有关系", nil, "b-hlnl"), ("社保卡里的钱咋划拨给家里人", nil, "c-hbjr"),
        ("断交了再交多久可以报销呀", nil, "b-djzj"), ("无锡职工额度用完了咋办", "320200", "c-wx"),
        ("山东退休职工账户划入标准是啥", "370000", "e-tx"), ("城乡居民的缴费去哪交", nil, "d-qnjf"),
    ])
    func `a question finds the source that is about it`(question: String, place: String?, source: String)
        throws
    {
        let found = try articles(question, place: place)
        #expect(found.contains { $0.source.id == source }, "\(found.map(\.source.title))")
    }

    @Test func `what is out of scope is like no title`() throws {
        let lines = try String(
            contentsOfFile: "\(AuditTests.root)/Tests/Understanding/dev.tsv", encoding: .utf8)
        let foreign = lines.split(separator: "\n").map { $0.split(separator: "\t") }.filter {
            $0.count > 1 && $0[1] == "out_of_scope"
        }
        #expect(foreign.count > 50)
        for line in foreign {
            let found = try articles(String(line[0]))
            #expect(found.isEmpty, "\(line[0]): \(found.map(\.source.title))")
        }
    }
}
