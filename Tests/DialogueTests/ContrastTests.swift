import Conversation
import Dialogue
import Testing

/// What is said not to be so, who it really is, and what goes on behind words that take back.
@Suite struct ContrastTests {
    private func answered() -> Talk {
        var talk = Talk()
        talk.say("问比例", "rates", [.place("甲市", "110000"), .value("insurance", "职工")])
        return talk
    }

    private func bill(_ text: String, _ value: String) -> Entity {
        Entity(type: "amount", text: text, value: value, range: 0..<1)
    }

    @Test func `what is denied with words between is not taken`() {
        var talk = Talk()
        talk.say("算账", "sum")
        talk.say("不是花了三百，是五百", "sum", [bill("三百", "300"), bill("五百", "500")])
        #expect(talk.tracker.slots["bill"]?.value == "500")
    }

    @Test func `what is told beside another value is not denied`() {
        var talk = Talk()
        talk.say("算账", "sum")
        talk.say("是花了三百，不是五百", "sum", [bill("三百", "300"), bill("五百", "500")])
        #expect(talk.tracker.slots["bill"]?.value != "500")
    }

    @Test func `whose it is takes the answer`() {
        var talk = answered()
        talk.say("是我妈的", "correct", [.value("relation", "父母", text: "我妈")])
        #expect(talk.tracker.state.person == "我妈")
    }

    @Test func `behind words that take back the same is asked with another value or for oneself`() {
        var talk = answered()
        talk.say("不对，算居民的", "bind", [.value("insurance", "居民")])
        #expect(talk.tracker.slots["insurance"]?.value == "居民")
        #expect(talk.tracker.state.lastFlow == "rates")
        talk = answered()
        talk.say("是我妈的", "correct", [.value("relation", "父母", text: "我妈")])
        talk.say("不对，算我自己", "bind")
        #expect(talk.tracker.state.person == nil)
    }

    @Test func `somebody of another family is nobody of whom anything is asked`() {
        var talk = answered()
        talk.say("另一个孩子推的", "bind", [.value("relation", "子女", text: "孩子")])
        #expect(talk.tracker.slots["relation"] == nil)
        #expect(talk.tracker.state.people.isEmpty)
    }
}
