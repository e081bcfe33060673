import Conversation
import Dialogue
import Testing

/// What is wanted no more is given up where it is under way, and not begun where it is not.
struct RefusalTests {
    private static let unfiled = Effect.say(response: "unfiled", arguments: [])

    @Test(arguments: ["不想备案了", "我不想备案了", "不备案了", "备案我不想弄了", "那个备案的事不想弄了"])
    func `what holds then is said, and nothing is begun`(text: String) {
        var talk = Talk()
        #expect(talk.say(text, "filing") == [Self.unfiled])
        #expect(talk.tracker.frame == nil)
    }

    @Test func `the task under way is given up`() {
        var talk = Talk()
        talk.say("怎么备案", "filing")
        let effects = talk.say("我不想备案了", "filing")
        #expect(effects.first == .pattern("cancelled", .init("flow", "备案")))
        #expect(talk.tracker.frame == nil)
    }

    @Test func `another task under way is left alone`() {
        var talk = Talk()
        talk.say("算账", "sum")
        #expect(talk.say("不想备案了", "filing") == [Self.unfiled, .ask(slot: "bill", attempt: 0)])
        #expect(talk.tracker.frame?.flow == "sum")
    }

    @Test func `what has nothing to say of that is declined`() {
        var talk = Talk()
        #expect(talk.say("不想问比例了", "rates") == [.pattern("declined")])
    }

    @Test(arguments: ["不让她用了", "不想绑了", "不想绑了怎么弄"])
    func `another flow may be meant`(text: String) {
        var talk = Talk()
        talk.say(text, "bind")
        #expect(talk.tracker.state.stack.map(\.flow) == ["sum"])
    }

    @Test func `it takes the place of what is under way`() {
        var talk = Talk()
        talk.say("怎么绑", "bind")
        talk.say("不让她用了", "bind")
        #expect(talk.tracker.state.stack.map(\.flow) == ["sum"])
    }

    @Test(arguments: ["不想备案行吗", "公司不备案了", "想备案了", "不想，怎么备案"])
    func `what asks, is of a company or wants it is no refusal`(text: String) {
        var talk = Talk()
        talk.say(text, "filing")
        #expect(talk.tracker.frame?.flow == "filing")
    }
}
