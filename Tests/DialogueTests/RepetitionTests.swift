import Conversation
import Dialogue
import Testing

/// What is said again, taken back in the same breath, doubted, or asked about in words of the question.
@Suite struct RepetitionTests {
    private func filed() -> Talk {
        var talk = Talk()
        talk.say(
            "办备案", "filing",
            [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        talk.say("长期", nil, [.value("stay", "长期")])
        return talk
    }

    @Test func `a value that is known and asks nothing is confirmed, and what is offered stays`() {
        var talk = filed()
        let effects = talk.say("就是长期", nil, [.value("stay", "长期")])
        #expect(
            effects == [
                .pattern("unchanged", .init("slot", "stay"), .init("value", "长期")),
                .offerFlows(["rates"], response: "pattern.follow_up"),
            ])
        #expect(talk.tracker.frame == nil)
        // Another value still runs the task again.
        #expect(talk.say("临时", nil, [.value("stay", "临时")]).last == .ask(slot: "referral", attempt: 0))
    }

    @Test func `what is said beside the open question is acknowledged once`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        let effects = talk.say("去丙市", nil, [.place("丙市", "210000", role: "destination")])
        #expect(effects == [.pattern("noted", .init("value", "丙市")), .ask(slot: "home", attempt: 0)])
        let again = talk.say("去丙市", nil, [.place("丙市", "210000", role: "destination")])
        #expect(
            again == [
                .pattern("unchanged", .init("slot", "destination"), .init("value", "丙市")),
                .ask(slot: "home", attempt: 0),
            ])
    }

    @Test func `of values taken back in one breath the last counts`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        talk.say("甲市不不乙市", nil, [.place("甲市", "110000"), .place("乙市", "120000")])
        #expect(talk.tracker.slots["home"]?.value == "120000")
        // What stands before the value that is taken back stays.
        talk = Talk()
        talk.say(
            "甲市去乙市不不去丙市", "filing",
            [
                .place("甲市", "110000"), .place("乙市", "120000", role: "destination"),
                .place("丙市", "210000", role: "destination"),
            ])
        #expect(talk.tracker.slots["home"]?.value == "110000")
        #expect(talk.tracker.slots["destination"]?.value == "210000")
        // Without such a word the first one keeps its slot.
        talk = Talk()
        talk.say("办备案", "filing")
        talk.say("甲市和乙市", nil, [.place("甲市", "110000"), .place("乙市", "120000")])
        #expect(talk.tracker.slots["home"]?.value == "110000")
    }

    @Test func `a word of the question is explained and fills nothing`() {
        var talk = Talk()
        talk.say(
            "办备案", "filing",
            [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        let effects = talk.say("啥是长期", "dont_know", [.value("stay", "长期")])
        #expect(effects == [.ask(slot: "stay", attempt: 1)])
        #expect(talk.tracker.slots["stay"] == nil)
        // What the knowledge base defines is told by it.
        talk.world.defined = ["啥是门槛费"]
        #expect(
            talk.say("啥是门槛费", "out_of_scope") == [
                .lookUp(question: "啥是门槛费"), .ask(slot: "stay", attempt: 0),
            ])
    }

    @Test func `what was taken back makes way for the value behind it, and nothing is given up`() {
        var talk = Talk()
        talk.say(
            "办备案", "filing",
            [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        let effects = talk.say(
            "不不去乙市", "cancel", [.place("乙市", "120000", role: "destination")])
        #expect(talk.tracker.slots["destination"]?.value == "120000")
        #expect(talk.tracker.frame?.flow == "filing")
        #expect(
            effects.first == .pattern("corrected", .init("slot", "destination"), .init("value", "乙市")))
        // “不不” right before a value rules nothing out.
        talk.say(
            "丙市不不乙市", "cancel",
            [
                .place("丙市", "210000", role: "destination"),
                .place("乙市", "120000", role: "destination", negated: true),
            ])
        #expect(talk.tracker.slots["destination"]?.value == "120000")
    }

    @Test func `one character picks the option that alone begins with it`() {
        var talk = Talk()
        talk.say(
            "办备案", "filing",
            [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        talk.say("临", "abuse")
        #expect(talk.tracker.slots["stay"]?.value == "临时")
        // No task is guessed from so little.
        talk = Talk()
        talk.say("备", "abuse")
        #expect(talk.tracker.frame == nil)
    }

    @Test func `a figure that is doubted is asked about and fills nothing`() {
        var talk = Talk()
        talk.say("算账", "sum")
        let effects = talk.say("真的要三百多少", "sum", [.value("amount", "300", text: "三百")])
        #expect(effects == [.pattern("detail_later"), .ask(slot: "bill", attempt: 0)])
        #expect(talk.tracker.slots["bill"] == nil)
        talk.world.answerable = ["真的要三百多少"]
        #expect(
            talk.say("真的要三百多少", "sum", [.value("amount", "300", text: "三百")]) == [
                .lookUp(question: "真的要三百多少"), .ask(slot: "bill", attempt: 0),
            ])
    }
}
