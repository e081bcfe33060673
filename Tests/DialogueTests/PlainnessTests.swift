import Conversation
import Dialogue
import Testing

/// Who does not follow what is asked or was told.
@Suite struct PlainnessTests {
    /// The kind of stay is asked.
    private func asked() -> Talk {
        var talk = Talk()
        talk.say(
            "办备案", "filing",
            [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        return talk
    }

    @Test func `a question that is not understood stays open in plainer words`() {
        for intent in ["dont_know", "skip", "abuse", "help", "repeat", "out_of_scope", nil] {
            var talk = asked()
            #expect(talk.say("太长了看不懂", intent) == [.ask(slot: "stay", attempt: 1)])
            #expect(talk.tracker.slots["stay"] == nil)
            // It is no answer that did not fit.
            #expect(talk.tracker.state.question?.failures == 0)
        }
    }

    @Test func `an answer beside plain words is taken`() {
        var talk = asked()
        talk.say("说人话，临时的", "dont_know", [.value("stay", "临时")])
        #expect(talk.tracker.slots["stay"]?.value == "临时")
    }

    @Test func `who gives up does so in any words`() {
        var talk = asked()
        talk.say("看不懂，不办了", "cancel")
        #expect(talk.tracker.frame == nil)
    }

    @Test func `behind an answer its gist is told`() {
        var talk = Talk()
        talk.say("问比例", "rates", [.place("甲市", "110000"), .value("insurance", "职工")])
        #expect(talk.say("看不懂", "dont_know") == [.say(response: "pattern.briefly", arguments: [])])
    }

    // MARK: Protest

    @Test func `a refusal that is protested against is heard, whatever it sounds like`() {
        for intent in ["rates", "why", "sum", nil] {
            var talk = Talk()
            let effects = talk.say(
                "凭啥不给报", intent, [.value("grievance", "不给报"), .value("insurance", "职工")])
            #expect(effects.first == .say(response: "redress", arguments: []))
        }
    }

    @Test func `it interrupts the task under way, which is come back to`() {
        var talk = asked()
        let effects = talk.say("凭啥不给报", "rates", [.value("grievance", "不给报")])
        #expect(effects.first == .say(response: "redress", arguments: []))
        #expect(effects.last == .ask(slot: "stay", attempt: 0))
    }

    @Test func `a refusal that is only asked about is no protest`() {
        var talk = Talk()
        talk.say("哪些不给报", "rates", [.value("grievance", "不给报")])
        #expect(talk.tracker.frame?.flow == "rates")
    }
}
