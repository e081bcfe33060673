import Conversation
import Dialogue
import Testing

/// Figures behind a sum, and places behind an answer: what they are of.
@Suite struct AmountTests {
    private func amount(_ value: String, role: String? = nil) -> Entity {
        Entity(type: "amount", text: value, value: value, range: 0..<1, role: role)
    }

    @Test func `a figure beside words that take back corrects the bill`() {
        var talk = Talk()
        talk.say("算算300", "sum", [amount("300")])
        talk.say("不对 是800", "back", [.value("number", "800")])
        #expect(talk.tracker.slots["bill"]?.value == "800")
        talk.say("不对吧我要找900号", nil, [.value("number", "900")])
        #expect(talk.tracker.slots["bill"]?.value == "800")
    }

    @Test func `what was spent before is a bill only where none is known or it is asked about`() {
        var talk = Talk()
        talk.say("前头花了400", "sum", [amount("400", role: "earlier")])
        #expect(talk.tracker.slots["bill"]?.value == "400")
        talk.say("前头花了500", nil, [amount("500", role: "earlier")])
        #expect(talk.tracker.slots["bill"]?.value == "400")
        talk.say("前头花了600报多少", "sum", [amount("600", role: "earlier")])
        #expect(talk.tracker.slots["bill"]?.value == "600")
    }

    @Test func `whoever is of a place is insured there and does not go there`() {
        var talk = Talk()
        talk.say(
            "甲市去丙市", "filing",
            [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        talk.say("长期", nil, [.value("stay", "长期")])
        talk.say("那乙市的呢", "correct", [.place("乙市", "120000")])
        #expect(talk.tracker.slots["home"]?.value == "120000")
        #expect(talk.tracker.slots["destination"]?.value == "210000")
    }
}
