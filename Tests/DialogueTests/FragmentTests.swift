import Conversation
import Dialogue
import Testing

/// Values and small words and nothing else: what they mean hangs on what is open, not on what they sound like.
@Suite struct FragmentTests {
    /// The kind of stay is asked.
    private func asked() -> Talk {
        var talk = Talk()
        talk.say(
            "办备案", "filing",
            [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        return talk
    }

    /// The rates of 甲市 were told.
    private func answered() -> Talk {
        var talk = Talk()
        talk.say("问比例", "rates", [.place("甲市", "110000"), .value("insurance", "职工")])
        return talk
    }

    @Test func `a bare figure behind an answer that offers a sum is the bill`() {
        var talk = Talk()
        talk.say("讨说法", "appeal")
        talk.say("800", "filing", [.value("number", "800")])
        #expect(talk.tracker.slots["bill"]?.value == "800")
        #expect(talk.tracker.state.lastFlow == "sum")
    }

    @Test func `a bare figure is no bill where it may be a choice, nor where no sum is offered`() {
        var talk = Talk()
        talk.say("讨说法", "appeal")
        talk.say("12", "out_of_scope", [.value("number", "12")])
        #expect(talk.tracker.slots["bill"] == nil)
        talk = answered()
        talk.say("800", "out_of_scope", [.value("number", "800")])
        #expect(talk.tracker.slots["bill"] == nil)
    }

    @Test func `of places of one name the one in the greater place is picked`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        talk.say("丁区", nil, [.place("丁区", "", alternatives: ["110000", "210000"])])
        talk.say("南省那个", "out_of_scope", [.place("南省", "200000")])
        #expect(talk.tracker.slots["home"]?.value == "210000")
    }

    @Test func `of places of one name the one that is not ruled out is left`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        talk.say("丁区", nil, [.place("丁区", "", alternatives: ["110000", "210000"])])
        talk.say("不是南省的", "deny", [.place("南省", "200000", negated: true)])
        #expect(talk.tracker.slots["home"]?.value == "110000")
    }

    @Test func `a place elsewhere is no pick but another answer`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        talk.say("丁区", nil, [.place("丁区", "", alternatives: ["110000", "210000"])])
        talk.say("乙市", nil, [.place("乙市", "120000")])
        #expect(talk.tracker.slots["home"]?.value == "120000")
    }

    @Test func `after an answer another value asks the same again`() {
        for intent in ["out_of_scope", "resume", "filing"] {
            var talk = answered()
            let effects = talk.say("那乙市的呢", intent, [.place("乙市", "120000")])
            #expect(effects.last == .say(response: "rate", arguments: []))
            #expect(talk.tracker.slots["city"]?.value == "120000")
        }
    }

    @Test func `the same value said once more is answered once more`() {
        var talk = answered()
        #expect(
            talk.say("那甲市呢", "resume", [.place("甲市", "110000")]) == [.say(response: "rate", arguments: [])])
    }

    @Test func `for somebody else what is personal is asked anew, and the place presumed`() {
        var talk = answered()
        let effects = talk.say("我妈的呢", "abuse", [.value("relation", "父母", text: "我妈")])
        #expect(
            effects == [
                .pattern("for_another", .init("who", "我妈")),
                .say(
                    response: "pattern.same_place",
                    arguments: [.init("who", "我妈"), .init("value", "甲市")]),
                .ask(slot: "insurance", attempt: 0),
            ])
        #expect(talk.tracker.slots["city"]?.origin == .supposed)
    }

    @Test func `the same as before takes the value from before`() {
        var talk = answered()
        talk.say("办备案", "filing")
        talk.say("重来", "restart")
        let effects = talk.say("跟刚才一样", "resume")
        #expect(effects.first == .pattern("assumed", .init("slot", "home"), .init("value", "甲市")))
        #expect(talk.tracker.slots["home"]?.value == "110000")
    }

    @Test func `an answer wins over the command that it sounds like`() {
        for intent in ["human_handoff", "back", "cancel", "restart"] {
            var talk = asked()
            talk.say("就去临时的", intent, [.value("stay", "临时")])
            #expect(talk.tracker.slots["stay"]?.value == "临时", "\(intent)")
        }
    }

    @Test func `a command beside a value stays a command`() {
        var talk = asked()
        #expect(
            talk.say("取消临时", "cancel", [.value("stay", "临时")]).first
                == .pattern("cancelled", .init("flow", "备案")))
    }

    @Test func `an answer that names nothing is asked again and starts no other task`() {
        var talk = Talk()
        talk.say("问比例", "rates")
        #expect(talk.say("在外地", "filing") == [.ask(slot: "city", attempt: 1)])
        #expect(talk.tracker.frame?.flow == "rates")
    }

    @Test func `an uncertain task does not take an answer's place`() {
        var talk = Talk()
        talk.say("问比例", "rates")
        talk.say("那边那个", "filing", score: 0.4)
        #expect(talk.tracker.frame?.flow == "rates")
        talk.say("备案怎么办", "filing", score: 0.4)
        #expect(talk.tracker.frame?.flow == "filing")
    }

    @Test func `what is ruled out leaves one answer or fewer choices`() {
        var talk = asked()
        talk.say("不是长期", "deny", [.value("stay", "长期", negated: true)])
        #expect(talk.tracker.slots["stay"]?.value == "临时")
        talk = Talk()
        talk.say("绑定", "bind")
        let effects = talk.say("除了父母", "accident", [.value("relation", "父母", negated: true)])
        #expect(
            effects == [
                .pick(
                    response: "pattern.among", arguments: [.init("slot", "relation")],
                    choices: [
                        Choice(id: "relation=child", label: "孩子"), Choice(id: "relation=spouse", label: "爱人"),
                    ])
            ])
        talk.say("第二个", nil)
        #expect(talk.tracker.slots["relation"]?.value == "配偶")
    }

    @Test func `several relatives are all taken`() {
        var talk = Talk()
        let effects = talk.say(
            "给我爸和孩子绑", "bind",
            [.value("relation", "父母", text: "我爸"), .value("relation", "子女", text: "孩子")])
        #expect(talk.tracker.slots["relation"]?.value == "父母、子女")
        #expect(
            effects.prefix(2) == [
                .say(response: "children", arguments: []), .say(response: "bound", arguments: []),
            ])
        talk.say("还有配偶呢", "out_of_scope", [.value("relation", "配偶")])
        #expect(talk.tracker.slots["relation"]?.values == ["父母", "子女", "配偶"])
    }

    @Test func `a value that two slots could mean is asked about`() {
        var talk = asked()
        talk.say("长期", nil, [.value("stay", "长期")])
        let effects = talk.say("那乙市呢", "out_of_scope", [.place("乙市", "120000")])
        #expect(
            effects == [
                .pick(
                    response: "pattern.which_slot", arguments: [.init("value", "乙市")],
                    choices: [
                        Choice(id: "home=120000", label: "home 乙市"),
                        Choice(id: "destination=120000", label: "destination 乙市"),
                    ])
            ])
        talk.say("第二个", nil)
        #expect(talk.tracker.slots["destination"]?.value == "120000")
        #expect(talk.tracker.slots["home"]?.value == "110000")
    }

    @Test func `a picture is nothing to read`() {
        var talk = asked()
        #expect(talk.say("[图片]", "greet") == [.pattern("silence"), .ask(slot: "stay", attempt: 0)])
        #expect(talk.tracker.state.question?.failures == 0)
    }

    @Test func `an item of a list is picked in many words`() {
        for (words, value) in [
            ("第二个吧", "120000"), ("我选2", "120000"), ("就最后一个", "120000"), ("头一个", "110000"), ("后面那个", "120000"),
        ] {
            var talk = Talk()
            talk.say("办备案", "filing")
            talk.say("丁区", nil, [.place("丁区", "", alternatives: ["110000", "120000"])])
            talk.say(words, "out_of_scope")
            #expect(talk.tracker.slots["home"]?.value == value, "\(words)")
        }
    }
}
