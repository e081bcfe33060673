import Conversation
import Dialogue
import Testing

/// What is said to the talk itself, and to a list on display.
@Suite struct AsideTests {
    /// Some tasks are on display.
    private func offered() -> Talk {
        var talk = Talk()
        talk.say("问比例", "rates", [.place("甲市", "110000"), .value("insurance", "职工")])
        talk.note(.questionAsked(Question(.followUp(["filing", "bind", "sum"]))))
        return talk
    }

    @Test(arguments: [
        ("1和2", ["filing", "bind"]), ("第一个和第三个", ["filing", "sum"]), ("一、三都要", ["filing", "sum"]),
        ("2 3", ["bind", "sum"]), ("都要", ["filing", "bind", "sum"]),
    ])
    func `several of a list have their turn one after the other`(text: String, flows: [String]) {
        var talk = offered()
        talk.say(text, "rates", score: 0.4)
        #expect(talk.tracker.frame?.flow == flows[0])
        #expect(talk.tracker.state.todo.map(\.flow) == Array(flows.dropFirst()))
    }

    @Test(arguments: ["1和9", "12", "1和1", "1和爸爸"])
    func `what picks no two of them picks none`(text: String) {
        var talk = offered()
        talk.say(text, nil)
        #expect(talk.tracker.state.todo.isEmpty)
    }

    @Test func `several values of a slot that takes them`() {
        var talk = Talk()
        talk.say("绑共济", "bind")
        talk.say("1和2", nil)
        #expect(talk.tracker.slots["relation"]?.value == "父母、子女")
    }

    @Test func `none of a list is asked on, and what is denied elsewhere is not`() {
        var talk = offered()
        #expect(talk.say("都不是", "deny") == [.say(response: "pattern.neither", arguments: [])])
        #expect(talk.tracker.state.question != nil)
    }

    @Test func `an ordinal without a list begins no task`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        talk.say("第一个", "rates", score: 0.6)
        #expect(talk.tracker.frame?.flow == "filing")
        #expect(talk.last?.commands == [.cannotHandle])
    }

    @Test func `what was said in one breath is not taken back at a word, but asked for`() {
        var talk = Talk()
        talk.say("问比例", "rates", [.place("甲市", "110000"), .value("insurance", "职工")])
        #expect(
            talk.say("说错了", "correct") == [
                .say(response: "pattern.what_is_wrong", arguments: [.init("value", "甲市、职工")])
            ])
        talk.say("居民", "correct", [.value("insurance", "居民")])
        #expect(talk.tracker.slots["city"]?.value == "110000")
        #expect(talk.tracker.slots["insurance"]?.value == "居民")
    }

    @Test func `the one value of the last answer is taken back`() {
        var talk = Talk()
        talk.say("问比例", "rates", [.place("甲市", "110000")])
        talk.say("职工", nil, [.value("insurance", "职工")])
        talk.say("说错了", "correct")
        #expect(talk.last?.commands == [.back])
        #expect(talk.tracker.slots["city"]?.value == "110000" && talk.tracker.slots["insurance"] == nil)
    }

    @Test func `what the insurance paid is told from the bill beside it, and by itself is the bill`() {
        func sum(_ text: String, _ amounts: [(text: String, role: String?)]) -> Slots {
            var talk = Talk()
            talk.say(
                text, "sum",
                amounts.map {
                    Entity(type: "amount", text: $0.text, value: $0.text, range: 0..<1, role: $0.role)
                })
            return talk.tracker.slots
        }
        let both = sum("花了300，医保已经用了450", [("300", nil), ("450", "drawn")])
        #expect(both["bill"]?.value == "300" && both["paid"]?.value == "450")
        let one = sum("已经用了450", [("450", "drawn")])
        #expect(one["bill"]?.value == "450" && one["paid"] == nil)
        let last = sum("今年花了100，这次花了200", [("100", nil), ("200", "latest")])
        #expect(last["bill"]?.value == "200" && last["paid"] == nil)
    }

    @Test func `what is known is told on request, in the words in which it was said`() {
        var talk = Talk()
        #expect(talk.say("我还记得吗还在吗", "privacy") == [.say(response: "pattern.known_nothing", arguments: [])])
        talk.say("问比例", "rates", [.place("甲市", "110000"), .value("insurance", "职工")])
        #expect(
            talk.say("还记得我是哪的吗", "privacy") == [
                .say(response: "pattern.known", arguments: [.init("value", "甲市、职工")])
            ])
        // A task that is asked for is none of it.
        #expect(talk.say("我的备案还在吗", "filing", score: 0.95).last == .ask(slot: "home", attempt: 0))
    }

    @Test func `who merely asks, can only write or wants a hospital recommended is told so`() {
        var talk = Talk()
        for (text, pattern) in [("没事没事，就是问问", "easing"), ("只打字", "writing"), ("哪个医院好", "recommending")] {
            #expect(
                talk.say(text, "bye", score: 0.98) == [.say(response: "pattern.\(pattern)", arguments: [])])
        }
    }
}
