import Conversation
import Dialogue
import Testing

/// Several values of a slot that takes one, and what is not known of another slot than the one asked for.
@Suite struct SeveralValuesTests {
    private func filing() -> Talk {
        var talk = Talk()
        talk.say(
            "甲市去丙市怎么备案", "filing",
            [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        return talk
    }

    private func supposed(_ effects: [Effect]) -> [String] {
        effects.compactMap { effect in
            if case .suppose(let label, _, _, _) = effect { label } else { nil }
        }
    }

    @Test func `of two values the first is taken, and the other told of behind the answer`() {
        var talk = filing()
        let effects = talk.say("临时和长期", nil, [.value("stay", "临时"), .value("stay", "长期")])
        #expect(
            effects == [
                .pattern("first_then", .init("value", "临时"), .init("others", "长期")),
                .ask(slot: "referral", attempt: 0),
            ])
        #expect(talk.tracker.slots["stay"]?.value == "临时")
        let answer = talk.say("没有", nil, [.value("referral", "没有")])
        #expect(answer.first == .say(response: "how", arguments: []))
        #expect(supposed(answer) == ["长期"])
        #expect(talk.tracker.state.todo.isEmpty)
        #expect(talk.tracker.slots["stay"]?.value == "临时")
        #expect(Tracker(folding: talk.events) == talk.tracker)
    }

    @Test func `a value behind another without a word that joins them is the one that counts`() {
        var talk = filing()
        talk.say("临时去旅游，长期", nil, [.value("stay", "临时"), .value("stay", "长期")])
        #expect(talk.tracker.slots["stay"]?.value == "长期")
    }

    @Test func `who gives the task up hears nothing of the other value`() {
        var talk = filing()
        talk.say("临时和长期", nil, [.value("stay", "临时"), .value("stay", "长期")])
        let effects = talk.say("算了", "cancel")
        #expect(effects.contains(.pattern("cancelled", .init("flow", "备案"))))
        #expect(supposed(effects).isEmpty)
        #expect(talk.tracker.state.todo.isEmpty)
    }

    @Test func `behind the answer with one of two values only the other is told of`() {
        var talk = filing()
        talk.say("长期", nil, [.value("stay", "长期")])
        let effects = talk.say("临时和长期呢", nil, [.value("stay", "临时"), .value("stay", "长期")])
        #expect(talk.last?.commands.map(\.label) == ["suppose(stay=临时)"])
        // What would be has to be known better first, and nothing is under way that would go on to ask.
        #expect(effects == [.pattern("what_if_needs", .init("value", "临时"), .init("slot", "referral"))])
        #expect(talk.tracker.slots["stay"]?.value == "长期")
    }

    @Test func `a figure of somebody else is worked out behind the one asked for`() {
        var talk = Talk()
        talk.say("算账", "sum")
        let effects = talk.say(
            "我300，我妈500", nil,
            [.value("amount", "300"), .value("relation", "父母", text: "我妈"), .value("amount", "500")])
        #expect(talk.tracker.slots["bill"]?.value == "300")
        #expect(effects.contains(.say(response: "total", arguments: [])))
        #expect(talk.tracker.state.todo.map(\.who) == ["我妈"])
        #expect(talk.tracker.state.todo.flatMap(\.values).map(\.value.value) == ["500"])
    }

    @Test func `what is not known of another slot is left out, and the question stays`() {
        var talk = filing()
        let effects = talk.say("referral不知道", "dont_know")
        #expect(talk.last?.commands == [.leaveOut(slot: "referral")])
        #expect(effects == [.pattern("left_out", .init("slot", "referral")), .ask(slot: "stay", attempt: 0)])
        talk.say("临时", nil, [.value("stay", "临时")])
        #expect(talk.tracker.frame == nil)
    }

    @Test func `what once was and may be no more is no value`() {
        var talk = Talk()
        talk.say("比例多少，甲市", "rates", [.place("甲市", "110000")])
        talk.say("以前职工现在不知道", "dont_know", [.value("insurance", "职工")])
        #expect(talk.tracker.slots["insurance"] == nil)
    }

    @Test func `a step back behind an answer tells the answer before again`() {
        var talk = filing()
        talk.say("长期", nil, [.value("stay", "长期")])
        talk.say("那乙市呢", nil, [.place("乙市", "120000", role: "home")])
        let effects = talk.say("改回来", "back", score: 0.95)
        #expect(effects.first == .pattern("back"))
        #expect(effects.contains(.say(response: "how", arguments: [])))
        #expect(talk.tracker.slots["home"]?.value == "110000")
    }

    @Test func `a sign alone nods, or does not follow`() {
        var talk = filing()
        talk.say("？", nil)
        #expect(talk.last?.commands == [.tellBriefly])
        talk.say("长期", nil, [.value("stay", "长期")])
        talk.say("👌", nil)
        #expect(talk.last?.commands == [.declineFollowUp])
        talk.say("🚌", nil)
        #expect(talk.last?.commands == [.chat(pattern: "silence")])
    }
}
