import Conversation
import Dialogue
import Testing

/// What is known of one person holds for nobody else.
@Suite struct PersonTests {
    /// The father's filing, up to the question for the kind of stay.
    private func fathersFiling() -> Talk {
        var talk = Talk()
        talk.say(
            "我爸在甲市去丙市怎么备案", "filing",
            [
                .value("relation", "父母", text: "我爸"), .place("甲市", "110000", role: "home"),
                .place("丙市", "210000", role: "destination"),
            ])
        return talk
    }

    @Test func `a task of one's own does not know where the father is insured, and his goes on with it`() {
        var talk = fathersFiling()
        #expect(talk.tracker.state.person == "我爸")
        let asked = talk.say("我自己能报多少", "rates")
        #expect(asked == [.pattern("for_another", .init("who", "我自己")), .ask(slot: "city", attempt: 0)])
        #expect(talk.tracker.state.person == nil)
        #expect(talk.tracker.slots["home"] == nil)
        #expect(Tracker(decoding: talk.tracker.encoded()) == talk.tracker)
        talk.say("乙市", nil, [.place("乙市", "120000")])
        let answer = talk.say("职工", nil, [.value("insurance", "职工")])
        #expect(
            answer == [
                .say(response: "rate", arguments: []),
                .pick(
                    response: "pattern.todo_waits", arguments: [.init("flow", "备案（我爸，甲市）")],
                    choices: [
                        Choice(id: "act=next", label: "接着"), Choice(id: "act=decline", label: "先不"),
                    ]),
            ])
        // The answer is worded with what is known of the one who writes.
        #expect(talk.tracker.slots["city"]?.value == "120000")
        talk.say("好", "affirm")
        #expect(talk.last?.effects.last == .ask(slot: "stay", attempt: 0))
        #expect(talk.tracker.state.person == "我爸")
        #expect(talk.tracker.slots["home"]?.value == "110000")
        #expect(talk.tracker.slots["insurance"] == nil)
        #expect(Tracker(folding: talk.events) == talk.tracker)
        #expect(Event.decode(Event.encode(talk.events)) == talk.events)
    }

    @Test func `a question about whom was spoken of before keeps what is known`() {
        var talk = fathersFiling()
        talk.say("长期", nil, [.value("stay", "长期")])
        talk.say("他能报多少", "rates")
        #expect(talk.tracker.slots["city"]?.value == "110000")
        #expect(talk.last?.effects == [.ask(slot: "insurance", attempt: 0)])
    }

    /// What is said where the place of the one who was spoken of before is presumed.
    private static func samePlace(_ who: String) -> Effect {
        .say(response: "pattern.same_place", arguments: [.init("who", who), .init("value", "甲市")])
    }

    @Test func `nothing of the one who writes is taken for somebody else but the place, aloud`() {
        var talk = Talk()
        talk.say("甲市职工能报多少", "rates", [.place("甲市", "110000"), .value("insurance", "职工")])
        let effects = talk.say("我妈能报多少", "rates", [.value("relation", "父母", text: "我妈")])
        #expect(
            effects == [
                .pattern("for_another", .init("who", "我妈")), Self.samePlace("我妈"),
                .ask(slot: "insurance", attempt: 0),
            ])
        #expect(talk.tracker.slots["city"]?.origin == .supposed)
        #expect(talk.tracker.slots["insurance"] == nil)
        #expect(Tracker(folding: talk.events) == talk.tracker)
    }

    @Test func `a place that is said with them is not presumed to be another`() {
        var talk = Talk()
        talk.say("甲市职工能报多少", "rates", [.place("甲市", "110000"), .value("insurance", "职工")])
        let effects = talk.say(
            "我妈在乙市能报多少", "rates", [.value("relation", "父母", text: "我妈"), .place("乙市", "120000")])
        let said = effects.compactMap { if case .say(let response, _) = $0 { response } else { nil } }
        #expect(!said.contains("pattern.same_place") && !said.contains("pattern.corrected"))
        #expect(talk.tracker.slots["city"]?.value == "120000")
    }

    @Test func `what is presumed of somebody is no fact of theirs, and what they confirm is one`() {
        for (confirms, isKnown) in [(false, false), (true, true)] {
            var talk = Talk()
            talk.say("甲市职工能报多少", "rates", [.place("甲市", "110000"), .value("insurance", "职工")])
            talk.say("我妈能报多少", "rates", [.value("relation", "父母", text: "我妈")])
            if confirms { talk.say("她在甲市", nil, [.place("甲市", "110000")]) }
            talk.say("居民", nil, [.value("insurance", "居民")])
            talk.say("我自己怎么备案", "filing")
            let mother = talk.tracker.state.people.first { $0.name == "我妈" }
            #expect(
                mother?.values.contains { $0.value.value == "110000" } == isKnown, "confirmed: \(confirms)")
        }
    }

    @Test func `who is named as company is not meant`() {
        var talk = Talk()
        talk.say(
            "跟孩子去丙市住怎么备案", "filing",
            [.value("relation", "子女", text: "孩子"), .place("丙市", "210000", role: "destination")])
        #expect(talk.tracker.state.person == nil)
    }

    @Test func `what is said of somebody in a task is theirs`() {
        var talk = Talk()
        talk.say("能报多少", "rates")
        talk.say("我妈在甲市", nil, [.value("relation", "父母", text: "我妈"), .place("甲市", "110000")])
        #expect(talk.tracker.state.person == "我妈")
        #expect(talk.tracker.slots["city"]?.value == "110000")
        talk.say("职工", nil, [.value("insurance", "职工")])
        talk.say("我自己怎么备案", "filing")
        #expect(
            talk.last?.effects == [
                .pattern("for_another", .init("who", "我自己")), .ask(slot: "home", attempt: 0),
            ])
    }

    @Test func `the task under way is asked for somebody else`() {
        var talk = Talk()
        talk.say("甲市职工能报多少", "rates", [.place("甲市", "110000")])
        let effects = talk.say("那我妈的呢", "correct", [.value("relation", "父母", text: "我妈")])
        #expect(
            effects == [
                .pattern("for_another", .init("who", "我妈")), Self.samePlace("我妈"),
                .ask(slot: "insurance", attempt: 0),
            ])
        #expect(talk.tracker.state.person == "我妈")
    }

    @Test func `a task that waits on the list keeps whom it is for`() {
        var talk = fathersFiling()
        talk.say("另外我自己还要看能报几成", "rates")
        #expect(talk.tracker.state.todo.map(\.who) == ["我自己"])
        talk.say("先办第二个", nil)
        #expect(talk.last?.effects.last == .ask(slot: "city", attempt: 0))
        #expect(talk.tracker.state.todo.map(\.who) == ["我爸"])
        talk.say("乙市职工", nil, [.place("乙市", "120000"), .value("insurance", "职工")])
        #expect(talk.tracker.slots["city"]?.value == "120000")
        talk.say("好", "affirm")
        #expect(talk.tracker.state.person == "我爸")
        #expect(talk.tracker.slots["home"]?.value == "110000")
        #expect(talk.last?.effects.last == .ask(slot: "stay", attempt: 0))
    }

    @Test func `the task under way is asked for once more, for somebody else`() {
        var talk = Talk()
        talk.say("甲市职工能报多少", "rates", [.value("insurance", "职工")])
        let effects = talk.say(
            "我爸在乙市能报多少", "rates", [.value("relation", "父母", text: "我爸"), .place("乙市", "120000")])
        #expect(
            effects == [.pattern("for_another", .init("who", "我爸")), .ask(slot: "insurance", attempt: 0)])
        #expect(talk.tracker.slots["city"]?.value == "120000")
    }

    @Test func `the task under way is wanted for somebody else, too`() {
        var talk = fathersFiling()
        talk.say(
            "我妈在乙市，也要备案", "filing", [.value("relation", "父母", text: "我妈"), .place("乙市", "120000")])
        #expect(talk.tracker.slots["home"]?.value == "110000")
        #expect(talk.tracker.state.todo.map(\.who) == ["我妈"])
        #expect(talk.last?.effects.last == .ask(slot: "stay", attempt: 0))
    }

    @Test func `a correction behind the answer begins no other task`() {
        var talk = fathersFiling()
        talk.say("长期", nil, [.value("stay", "长期")])
        let effects = talk.say("不对，是临时", "rates", [.value("stay", "临时")])
        #expect(
            effects == [
                .pattern("corrected", .init("slot", "stay"), .init("value", "临时")),
                .ask(slot: "referral", attempt: 0),
            ])
    }
}
