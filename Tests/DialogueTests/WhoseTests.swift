import Conversation
import Dialogue
import Testing

/// Whose the values of an utterance are, and whom it is about.
@Suite struct WhoseTests {
    private let mother = Entity.value("relation", "父母", text: "我妈")

    /// Two people, each with what was said of them; the one who writes was spoken of last.
    private func bothKnown() -> Talk {
        var talk = Talk()
        talk.say(
            "我妈在甲市居民，我在乙市职工，能报多少", "rates",
            [
                mother, .place("甲市", "110000"), .value("insurance", "居民"), .place("乙市", "120000"),
                .value("insurance", "职工"),
            ])
        return talk
    }

    @Test func `of two people in one line each has what is said of them`() {
        var talk = bothKnown()
        #expect(talk.tracker.state.person == nil)
        #expect(talk.tracker.slots["city"]?.value == "120000")
        #expect(talk.tracker.slots["insurance"]?.value == "职工")
        #expect(talk.last?.effects == [.say(response: "rate", arguments: [])])
        talk.say("那我妈呢", "correct", [mother])
        #expect(talk.tracker.state.person == "我妈")
        #expect(talk.tracker.slots["city"]?.value == "110000")
        #expect(talk.tracker.slots["insurance"]?.value == "居民")
        talk.say("那我呢", "correct")
        #expect(talk.tracker.state.person == nil)
        #expect(talk.tracker.slots["city"]?.value == "120000")
        #expect(
            talk.last?.effects == [
                .pattern("for_another", .init("who", "我自己")), .say(response: "rate", arguments: []),
            ])
    }

    @Test func `all of it is in the snapshot and in the log`() {
        var talk = bothKnown()
        talk.say("那我妈呢", "correct", [mother])
        #expect(Tracker(decoding: talk.tracker.encoded()) == talk.tracker)
        #expect(Tracker(folding: talk.events) == talk.tracker)
        #expect(Event.decode(Event.encode(talk.events)) == talk.events)
        #expect(talk.tracker.state.people.map(\.name) == ["我妈", nil])
    }

    @Test func `another name and a pronoun mean the same person`() {
        var talk = bothKnown()
        talk.say("俺娘能报多少", "rates", [.value("relation", "父母", text: "俺娘")])
        #expect(talk.tracker.state.person == "我妈")
        talk.say("我自己能报多少", "rates")
        talk.say("她能报多少", "rates")
        #expect(talk.tracker.state.person == "我妈")
        #expect(talk.tracker.slots["city"]?.value == "110000")
    }

    @Test(arguments: [
        ("我妈", "俺娘", true), ("我爸", "我妈", false), ("俺闺女", "孩子", true), ("我大儿子", "我小儿子", false),
        ("我大儿子", "儿子", true), ("邻居", "邻居", true), ("邻居", "同学", false),
    ])
    func `names are of one person or of two`(_ first: String, _ second: String, _ isSame: Bool) {
        #expect(DialogueProgram.small.isSamePerson(first, second) == isSame)
        #expect(DialogueProgram.small.isSamePerson(second, first) == isSame)
    }

    @Test(arguments: ["让我妈去办，甲市", "我妈帮我弄，甲市", "用我妈的卡，甲市"])
    func `who only helps is not whom it is about`(_ words: String) {
        var talk = Talk()
        talk.say(words + "职工能报多少", "rates", [mother, .place("甲市", "110000"), .value("insurance", "职工")])
        #expect(talk.tracker.state.person == nil)
        #expect(talk.tracker.slots["city"]?.value == "110000")
        #expect(talk.tracker.slots["insurance"]?.value == "职工")
    }

    @Test func `what is said of a helper fills nothing`() {
        var talk = Talk()
        talk.say("职工能报多少", "rates", [.value("insurance", "职工")])
        talk.say("我妈在甲市，让她给我弄", nil, [mother, .place("甲市", "110000")])
        #expect(talk.tracker.slots["city"] == nil)
        #expect(
            talk.last?.effects == [
                .pattern("noted_of", .init("who", "我妈"), .init("value", "甲市")),
                .ask(slot: "city", attempt: 0),
            ])
        talk.say("她能报多少", "rates")
        #expect(talk.tracker.slots["city"]?.value == "110000")
    }

    @Test func `facts of the one who writes beside a task for somebody else are kept`() {
        var talk = Talk()
        talk.say("我妈在甲市能报多少", "rates", [mother, .place("甲市", "110000")])
        talk.say("我自己在乙市", nil, [.place("乙市", "120000")])
        #expect(talk.tracker.state.person == "我妈")
        #expect(talk.tracker.slots["city"]?.value == "110000")
        talk.say("居民", nil, [.value("insurance", "居民")])
        talk.say("那我呢", "correct")
        #expect(talk.tracker.slots["city"]?.value == "120000")
        #expect(talk.tracker.slots["insurance"] == nil)
        #expect(talk.last?.effects.last == .ask(slot: "insurance", attempt: 0))
    }

    @Test func `an answer for somebody says whose it is where others are known`() {
        var talk = bothKnown()
        talk.say("那我妈呢", "correct", [mother])
        let effects = talk.say("那甲市呢", "resume", [.place("甲市", "110000")])
        #expect(
            effects == [.pattern("answer_for", .init("who", "我妈")), .say(response: "rate", arguments: [])])
    }

    @Test func `a value that is only asked about is nobody's`() {
        var talk = Talk()
        talk.say("甲市职工怎么备案", "filing", [.place("甲市", "110000"), .value("insurance", "职工")])
        talk.say("能不能交居民的，能报多少", "rates", [.value("insurance", "居民")])
        #expect(talk.tracker.slots["insurance"]?.value == "居民")
        talk.say("丙市", nil, [.place("丙市", "210000")])
        #expect(talk.tracker.slots["insurance"] == nil)
    }

    @Test func `values that are weighed against each other fill nothing`() {
        var talk = Talk()
        talk.say(
            "甲市居民好还是职工好，能报多少", "rates",
            [.place("甲市", "110000"), .value("insurance", "居民"), .value("insurance", "职工")])
        #expect(talk.tracker.slots["insurance"] == nil)
        #expect(talk.last?.effects == [.ask(slot: "insurance", attempt: 0)])
    }

    @Test func `a snapshot without people is read`() throws {
        let old = """
            {"turn":1,"time":1790000000,"text":"","lost":0,"handed_off":false,"state":{"slots":{"home":["110000","甲市",\
            "甲市","said",1]},"person":"我妈"},"back":[],"offers":[],"spoken":[]}
            """
        let tracker = try #require(Tracker(decoding: Array(old.utf8)))
        #expect(tracker.state.people.isEmpty)
        #expect(tracker.state.person == "我妈")
        #expect(tracker.slots["home"]?.value == "110000")
    }
}
