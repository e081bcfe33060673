import Conversation
import Dialogue
import Testing

/// What ends in a canned reply needs a word of its own, or to be very likely.
@Suite struct IntentBarTests {
    private func said(_ effects: [Effect]) -> [String] {
        effects.compactMap { if case .say(let response, _) = $0 { response } else { nil } }
    }

    @Test(arguments: [
        ("那我走了", 0.5, true), ("再见", 0.4, true), ("遛狗去", 0.98, true), ("等得了", 0.96, false),
        ("没啥", 0.41, false),
    ])
    func `leave is taken in words of parting or beyond doubt`(text: String, score: Double, isHeard: Bool) {
        var talk = Talk()
        #expect(said(talk.say(text, "bye", score: score)).contains("pattern.bye") == isHeard)
    }

    @Test func `a word inside of a longer value is none, and speaks against it`() {
        var talk = Talk()
        talk.say("人工耳蜗", "human_handoff", [.value("stay", "长期", text: "人工耳蜗")], score: 0.99)
        #expect(talk.last?.commands.contains(.handOff) == false)
        talk.say("换人工耳蜗要找谁", "human_handoff", [.value("stay", "长期", text: "人工耳蜗")], score: 0.85)
        #expect(talk.last?.commands.contains(.handOff) == false)
        talk.say("转人工", "human_handoff", score: 0.99)
        #expect(talk.last?.commands == [.handOff])
    }

    @Test func `where an answer is awaited, what is not heard leaves its question open`() {
        var talk = Talk()
        talk.say(
            "办备案", "filing",
            [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        #expect(talk.say("等得了", "bye", score: 0.96).last == .ask(slot: "stay", attempt: 1))
    }

    @Test func `what is told and asks nothing is hardly none of our business`() {
        var talk = Talk()
        #expect(!said(talk.say("骑车上班", "out_of_scope", score: 0.8)).contains("pattern.out_of_scope"))
        #expect(said(talk.say("骑车上班要多少钱", "out_of_scope", score: 0.8)).contains("pattern.out_of_scope"))
        #expect(said(talk.say("骑车上班", "out_of_scope", score: 0.97)).contains("pattern.out_of_scope"))
        #expect(said(talk.say("公积金取出来", "out_of_scope", score: 0.6)).contains("pattern.out_of_scope"))
    }
}

/// An amount whose part only one of two likely tasks takes.
@Suite struct TaskOfAmountTests {
    private func begun(_ role: String?, _ first: Double, _ second: Double) -> String? {
        var talk = Talk()
        let result = NLUResult(
            text: "问多少，用了300", intent: "rates", score: first,
            ranking: [.init(intent: "rates", score: first), .init(intent: "sum", score: second)],
            entities: [Entity(type: "amount", text: "300", value: "300", range: 6..<9, role: role)])
        talk.hear(result)
        return talk.tracker.frame?.flow
    }

    @Test func `it speaks for the task that takes it, where that is about as likely`() {
        #expect(begun("used", 0.34, 0.31) == "sum")
        #expect(begun("used", 0.5, 0.2) == "rates")
        #expect(begun("used", 0.6, 0.55) == "rates")
    }
}

/// Figures of a part that the open or the last task takes, or none.
@Suite struct PartOfTaskTests {
    private func amount(_ text: String, _ value: String, _ role: String?) -> Entity {
        Entity(type: "amount", text: text, value: value, range: 0..<1, role: role)
    }

    @Test func `of a line that is not understood, what the last task takes is told for it`() {
        var talk = Talk()
        talk.say("算账花了900", "sum", [amount("900", "900", nil)])
        talk.say("已经用了300，剩下的那些咋说", nil, [amount("300", "300", "used")], score: 0.2)
        #expect(talk.tracker.slots["paid"]?.value == "300")
        #expect(talk.tracker.slots["bill"]?.value == "900")
    }

    @Test func `a figure that no task has a use for is looked up, and takes the place of none`() {
        var talk = Talk()
        talk.say("算账花了900", "sum", [amount("900", "900", nil)])
        talk.say("押金要交500多少天退", "sum", [amount("500", "500", "deposit")], score: 0.5)
        #expect(talk.last?.commands == [.lookUp(question: "押金要交500多少天退")])
        #expect(talk.tracker.slots["bill"]?.value == "900")
    }
}
