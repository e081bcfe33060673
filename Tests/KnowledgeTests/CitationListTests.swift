import Conversation
import Knowledge
import Testing

struct CitationListTests {
    @Test func `sources are numbered in the order of first use, each place for itself`() {
        let base = KnowledgeFixture.base([])
        var list = CitationList()
        let facts: [Fact] = [
            .make("a", source: "paper"), .make("b", source: "law"), .make("c", source: "paper"),
            .make("d", place: "370000", source: "paper"), .make("a", source: "paper"),
        ]
        #expect(facts.map { list.cite($0, in: base) } == [1, 2, 1, 3, 1])
        #expect(
            list.citations == [
                Citation(number: 1, title: "晚报谈医保", date: "2025-03", region: "聊城市", facts: ["a", "c"]),
                Citation(
                    number: 2, title: "医疗保障条例", date: "2021-05-01", region: "聊城市", facts: ["b"],
                    publisher: "国务院"),
                Citation(number: 3, title: "晚报谈医保", date: "2025-03", region: "山东省", facts: ["d"]),
            ])
    }
}
