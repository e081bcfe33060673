import Conversation
import Dialogue
import Testing

/// Values and nothing else, before any task: each speaks for the tasks that take it.
@Suite struct TaskEvidenceTests {
    @Test func `a value that one task alone takes begins that task, whatever it sounds like`() {
        var talk = Talk()
        let effects = talk.say("甲市长期", "out_of_scope", [.place("甲市", "110000"), .value("stay", "长期")])
        #expect(effects == [.ask(slot: "destination", attempt: 0)])
        #expect(talk.tracker.slots["home"]?.value == "110000")
        #expect(talk.tracker.slots["stay"]?.value == "长期")
    }

    @Test func `two places are for the task that takes two`() {
        var talk = Talk()
        let effects = talk.say(
            "甲市丙市", nil,
            [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        #expect(effects == [.ask(slot: "stay", attempt: 0)])
    }

    @Test func `where somebody is insured begins no task, and what the words sound like is offered first`() {
        var talk = Talk()
        #expect(
            talk.say("甲市", "rates", [.place("甲市", "110000")]) == [
                .pattern("noted", .init("value", "甲市")),
                .offerFlows(["rates", "filing"], response: "pattern.clarify"),
            ])
        talk = Talk()
        let effects = talk.say("甲市", "out_of_scope", [.place("甲市", "110000")])
        #expect(
            effects == [
                .pattern("noted", .init("value", "甲市")),
                .offerFlows(["filing", "rates"], response: "pattern.clarify"),
            ])
        #expect(talk.choose("flow=rates", of: talk.tracker.turn) == [.ask(slot: "insurance", attempt: 0)])
    }

    @Test func `what was said before a task is not asked in it again, and is of no other`() {
        var talk = Talk()
        talk.say("临时 父母", nil, [.value("stay", "临时"), .value("relation", "父母", text: "父母")])
        #expect(talk.tracker.frame == nil)
        talk.choose("flow=filing", of: talk.tracker.turn)
        talk.say("甲市", nil, [.place("甲市", "110000")])
        #expect(talk.say("丙市", nil, [.place("丙市", "210000")]) == [.ask(slot: "referral", attempt: 0)])
        talk.say("没有", "deny")
        // The task is over: another time the kind of stay is asked.
        talk.say("问比例", "rates", [.value("insurance", "职工")])
        talk.say("办备案", "filing")
        #expect(talk.tracker.slots["stay"] == nil)
        #expect(Tracker(folding: talk.events) == talk.tracker)
        #expect(Tracker(decoding: talk.tracker.encoded()) == talk.tracker)
    }

    @Test func `after a task a value that it has no use for is for another`() {
        var talk = Talk()
        talk.say("问比例", "rates", [.place("甲市", "110000"), .value("insurance", "职工")])
        #expect(talk.tracker.frame == nil)
        #expect(
            talk.say("父母", nil, [.value("relation", "父母", text: "父母")])
                == [.pattern("taken_as", .init("flow", "共济")), .say(response: "bound", arguments: [])])
        #expect(talk.tracker.state.lastFlow == "bind")
    }

    @Test func `a place of several comes first`() {
        var talk = Talk()
        let effects = talk.say("丁区", nil, [.place("丁区", "", alternatives: ["110000", "210000"])])
        #expect(effects == [.askWhich(slot: "city", candidates: ["110000", "210000"])])
        #expect(
            talk.say("甲市", nil, [.place("甲市", "110000")]).last
                == .offerFlows(["filing", "rates"], response: "pattern.clarify"))
    }
}
