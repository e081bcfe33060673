import Conversation
import Knowledge
import Testing

struct PlaceTreeTests {
    private let base = KnowledgeFixture.base([])

    @Test func `a place belongs to a chain up to the country`() {
        #expect(base.places.chain("371503").map(\.name) == ["茌平区", "聊城市", "山东省", "全国"])
        #expect(base.places.chain("999999").isEmpty)
    }

    @Test(arguments: [
        ("371503", "371500", true), ("371503", "370000", true), ("371503", "371503", true),
        ("371503", "370100", false),
        ("370000", "371503", false), ("110105", "000000", true),
    ])
    func `a place is within what it belongs to`(place: String, container: String, expected: Bool) {
        #expect(base.isWithin(place, container) == expected)
    }

    @Test(arguments: [
        ("371503", "370100", true), ("370000", "371500", true), ("110105", "371500", false),
        ("000000", "000000", false),
        ("999999", "999999", false),
    ])
    func `places share a province or not`(first: String, second: String, expected: Bool) {
        #expect(base.sameProvince(first, second) == expected)
    }

    @Test func `a label tells namesakes apart`() {
        #expect(base.label(of: "110105") == "北京市朝阳区")
        #expect(base.label(of: "371503") == "山东省聊城市茌平区")
        #expect(base.label(of: "000000") == "全国")
        #expect(base.name(of: "999999") == "999999")
    }

    @Test func `a full name is looked up when only one place has it`() {
        #expect(base.placeCode(named: "茌平区") == "371503")
        #expect(base.placeCode(named: "茌平") == nil)
    }
}
