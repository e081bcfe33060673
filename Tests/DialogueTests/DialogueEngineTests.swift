import Conversation
import Dialogue
import Testing

@Suite struct DialogueEngineTests {
    @Test func `a task asks for its slots one by one and says what it is for`() {
        var talk = Talk()
        #expect(talk.say("办备案", "filing") == [.ask(slot: "home", attempt: 0)])
        #expect(talk.say("甲市", nil, [.place("甲市", "110000")]) == [.ask(slot: "destination", attempt: 0)])
        #expect(talk.say("丙市", nil, [.place("丙市", "210000")]) == [.ask(slot: "stay", attempt: 0)])
        #expect(
            talk.say("长期", nil, [.value("stay", "长期")]) == [
                .say(response: "how", arguments: []), .offerFlows(["rates"], response: "pattern.follow_up"),
            ])
        #expect(talk.tracker.state.lastFlow == "filing")
        #expect(talk.tracker.frame == nil)
    }

    @Test func `one utterance fills several slots by their roles`() {
        var talk = Talk()
        let effects = talk.say(
            "甲市的医保去丙市怎么备案", "filing",
            [
                .place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination"),
            ])
        #expect(effects == [.ask(slot: "stay", attempt: 0)])
        #expect(talk.tracker.slots["home"]?.text == "甲市")
        #expect(talk.tracker.slots["destination"]?.text == "丙市")
    }

    @Test func `a corrected slot re-asks only what depends on it`() {
        var talk = Talk()
        talk.say(
            "办备案", "filing",
            [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        talk.say("临时", nil, [.value("stay", "临时")])
        let effects = talk.say("不对,是去乙市", "correct", [.place("乙市", "120000", role: "destination")])
        #expect(
            effects == [
                .pattern("corrected", .init("slot", "destination"), .init("value", "乙市")),
                .pattern("dropped", .init("slots", "stay")),
                .ask(slot: "stay", attempt: 0),
            ])
        #expect(talk.tracker.slots["home"]?.value == "110000")
    }

    @Test func `the value that is ruled out shows which slot is corrected`() {
        var talk = Talk()
        talk.say(
            "办备案", "filing",
            [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        talk.say("不是甲市是乙市", "correct", [.place("甲市", "110000", negated: true), .place("乙市", "120000")])
        #expect(talk.tracker.slots["home"]?.value == "120000")
        #expect(talk.tracker.slots["destination"]?.value == "210000")
    }

    @Test func `a correction after completion runs the task again from there`() {
        var talk = Talk()
        talk.say("问比例", "rates", [.place("甲市", "110000"), .value("insurance", "职工")])
        let effects = talk.say("换成居民呢", "correct", [.value("insurance", "居民")])
        #expect(
            effects == [
                .pattern("corrected", .init("slot", "insurance"), .init("value", "居民")),
                .say(response: "rate", arguments: []),
            ])
    }

    @Test func `a question in the middle is answered and the task goes on`() {
        var talk = Talk()
        talk.say(
            "办备案", "filing",
            [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        let effects = talk.say("那职工能报多少啊", "rates", [.value("insurance", "职工")])
        #expect(
            effects == [
                .say(response: "rate", arguments: []), .pattern("return", .init("flow", "备案")),
                .ask(slot: "stay", attempt: 0),
            ])
        #expect(talk.tracker.slots["city"]?.origin == .derived)
    }

    @Test func `small talk keeps the question and its attempts`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        #expect(talk.say("你好", "greet") == [.pattern("greet"), .ask(slot: "home", attempt: 0)])
        #expect(talk.tracker.state.question?.failures == 0)
    }

    @Test func `the ladder goes up with each answer that does not fit and ends as declared`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        #expect(talk.say("嗯嗯那个", nil) == [.ask(slot: "home", attempt: 1)])
        #expect(talk.say("哎呀", nil) == [.ask(slot: "home", attempt: 2)])
        #expect(talk.say("哦", nil) == [.pattern("parked", .init("flow", "备案")), .pattern("handoff")])
        #expect(talk.tracker.frame == nil)
    }

    @Test func `an unanswered choice takes its usual value and says so`() {
        var talk = Talk()
        talk.say(
            "办备案", "filing",
            [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        talk.say("嗯", nil)
        let effects = talk.say("哦", nil)
        #expect(effects.first == .pattern("assumed", .init("slot", "stay"), .init("value", "长期")))
        #expect(talk.tracker.slots["stay"]?.origin == .derived)
    }

    @Test func `back takes the last answer away and asks for it again`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        talk.say("甲市", nil, [.place("甲市", "110000")])
        #expect(talk.say("上一步", "back") == [.pattern("back"), .ask(slot: "home", attempt: 0)])
        #expect(talk.tracker.slots["home"] == nil)
    }

    @Test func `back at the beginning says that there is nothing before`() {
        var talk = Talk()
        #expect(talk.say("上一步", "back").first == .pattern("nothing_before"))
    }

    @Test func `cancel ends the task and an interrupted one goes on`() {
        var talk = Talk()
        talk.say("办备案", "filing", [.place("甲市", "110000", role: "home")])
        talk.say("先问比例", "rates", [])
        let effects = talk.say("算了", "cancel")
        #expect(
            effects == [
                .pattern("cancelled", .init("flow", "比例")), .pattern("return", .init("flow", "备案")),
                .ask(slot: "destination", attempt: 0),
            ])
    }

    @Test func `why is answered and the question stays`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        #expect(talk.say("问这个干啥", "why") == [.explain(slot: "home"), .ask(slot: "home", attempt: 0)])
    }

    @Test func `repeat says the same again`() {
        var talk = Talk()
        let effects = talk.say("办备案", "filing")
        #expect(talk.say("再说一遍", "repeat") == effects)
    }

    @Test func `restart forgets the task's slots and begins it again`() {
        var talk = Talk()
        talk.say("办备案", "filing", [.place("甲市", "110000", role: "home")])
        #expect(
            talk.say("重来", "restart") == [
                .pattern("restarted", .init("flow", "备案")), .ask(slot: "home", attempt: 0),
            ])
    }

    @Test func `yes and no answer a yes-or-no slot`() {
        var talk = Talk()
        talk.say(
            "办备案", "filing",
            [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        talk.say("临时", nil, [.value("stay", "临时")])
        talk.say("没有", "deny")
        #expect(talk.tracker.slots["referral"]?.value == "没有")
        #expect(talk.tracker.state.lastFlow == "filing")
    }

    @Test func `not knowing leaves a slot out where the author allows it`() {
        var talk = Talk()
        talk.say(
            "办备案", "filing",
            [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        talk.say("临时", nil, [.value("stay", "临时")])
        #expect(talk.say("不知道", "dont_know").first == .pattern("skipped", .init("slot", "referral")))
        #expect(talk.tracker.state.lastFlow == "filing")
    }

    @Test func `a slot that can't be left out is asked again with the reason`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        #expect(
            talk.say("不知道", "dont_know") == [
                .pattern("needed", .init("slot", "home")), .ask(slot: "home", attempt: 0),
            ])
    }

    @Test func `places of one name are asked apart and picked by number`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        let effects = talk.say("丁区", nil, [.place("丁区", "", alternatives: ["110000", "210000"])])
        #expect(effects == [.askWhich(slot: "home", candidates: ["110000", "210000"])])
        #expect(talk.say("第二个", nil) == [.ask(slot: "destination", attempt: 0)])
        #expect(talk.tracker.slots["home"]?.value == "210000")
    }

    @Test func `a choice of an earlier turn corrects what it stands for`() {
        var talk = Talk()
        talk.say(
            "办备案", "filing",
            [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        let asked = talk.tracker.turn
        talk.choose("stay=short", of: asked)
        #expect(talk.tracker.slots["stay"]?.origin == .chosen)
        let effects = talk.choose("stay=long", of: asked)
        #expect(effects.first == .pattern("corrected", .init("slot", "stay"), .init("value", "长期")))
    }

    @Test func `danger is answered first and puts no question behind it`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        #expect(talk.say("我爸昏过去了", "emergency") == [.pattern("emergency")])
    }

    @Test func `what nobody understands climbs to a person`() {
        var talk = Talk()
        #expect(talk.say("呃", nil).first == .pattern("cannot_handle"))
        #expect(talk.say("呃呃", nil).first == .pattern("cannot_handle_again"))
        #expect(talk.say("呃呃呃", nil) == [.pattern("handoff")])
        talk.say("办备案", "filing")
        #expect(talk.tracker.misunderstandings == 0)
    }

    @Test func `a question that no task owns is looked up`() {
        var talk = Talk()
        talk.world.answerable = ["两定机构是什么意思"]
        #expect(talk.say("两定机构是什么意思", nil) == [.lookUp(question: "两定机构是什么意思")])
    }

    @Test func `the log folds to the live tracker`() {
        var talk = Talk()
        talk.say("办备案", "filing", [.place("甲市", "110000", role: "home")])
        talk.say("职工能报多少", "rates", [.value("insurance", "职工")])
        talk.say("算了", "cancel")
        talk.say("上一步", "back")
        #expect(Tracker(folding: talk.events) == talk.tracker)
    }

    private func amount(_ value: String, role: String? = nil) -> Entity {
        Entity(type: "amount", text: value, value: value, range: 0..<1, role: role)
    }

    @Test func `a value beyond its limits is refused, asked for again and left out in the end`() {
        var talk = Talk()
        #expect(talk.say("算", "sum") == [.ask(slot: "bill", attempt: 0)])
        #expect(
            talk.say("0", nil, [amount("0")]) == [
                .say(response: "small", arguments: []), .ask(slot: "bill", attempt: 1),
            ])
        let effects = talk.say("9999", nil, [amount("9999")])
        #expect(effects.first == .say(response: "large", arguments: []))
        #expect(effects.contains(.say(response: "total", arguments: [])))
        #expect(talk.tracker.slots["bill"] == nil && talk.tracker.frame == nil)
    }

    @Test func `an amount of a role fills only the slot of that role`() {
        var talk = Talk()
        talk.say("算算300", "sum", [amount("300")])
        #expect(talk.tracker.slots["bill"]?.value == "300")
        talk.say("500", nil, [amount("500")])
        #expect(talk.tracker.slots["bill"]?.value == "500" && talk.tracker.slots["paid"] == nil)
        talk.say("报过40", nil, [amount("40", role: "used")])
        #expect(talk.tracker.slots["bill"]?.value == "500" && talk.tracker.slots["paid"]?.value == "40")
    }

    @Test func `a task that keeps what was said goes on with it when it is started again`() {
        var talk = Talk()
        talk.say("算算300", "sum", [amount("300"), amount("40", role: "used")])
        talk.say("那500呢", "sum", [amount("500")])
        #expect(talk.tracker.slots["bill"]?.value == "500" && talk.tracker.slots["paid"]?.value == "40")
    }
}
