import Conversation
import Dialogue
import Testing

/// Conversations under way meet changed dialogs, too many interruptions, and a person who goes silent.
@Suite struct ReloadTests {
    private func program(slots: [SlotDefinition]? = nil, flows: [Flow]) -> DialogueProgram {
        DialogueProgram(slots: slots ?? DialogueProgram.small.slots, flows: flows, menu: [])
    }

    /// What the next turn comes to with these dialogs when somebody says a few words that mean nothing.
    private func next(_ talk: Talk, _ program: DialogueProgram, hours: Int = 0) -> DialogueEngine.Outcome {
        let result = NLUResult(text: "嗯嗯", intent: nil, score: 0, ranking: [], entities: [])
        return DialogueEngine(program: program).advance(
            talk.tracker, on: Utterance(.text("嗯嗯"), at: Moment(seconds: hours * 3600)), result: result,
            world: SmallWorld())
    }

    private func small(without name: String) -> [Flow] {
        DialogueProgram.small.flows.filter { $0.name != name }
    }

    @Test func `a task that is gone is set aside and its question closed`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        let outcome = next(talk, program(flows: small(without: "filing")))
        #expect(outcome.events.contains(.questionClosed))
        #expect(outcome.events.contains(.flowEnded(flow: "filing", outcome: .parked)))
        #expect(outcome.tracker.frame == nil)
        #expect(!outcome.effects.isEmpty)
        #expect(outcome.events.reduce(into: talk.tracker) { $0.apply($1) } == outcome.tracker)
    }

    @Test func `a step that is gone begins the task again with what was said`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        talk.say("甲市", nil, [.place("甲市", "110000")])
        let steps = [
            Step(id: "from", action: .collect(slot: "home", condition: nil)),
            Step(id: "to", action: .collect(slot: "destination", condition: nil)),
        ]
        let flow = Flow(name: "filing", title: "备案", intents: ["filing"], steps: steps)
        let outcome = next(talk, program(flows: [flow]))
        #expect(outcome.tracker.slots["home"]?.value == "110000")
        #expect(outcome.tracker.frame?.flow == "filing")
        #expect(outcome.events.contains(.flowRewound(step: "from", unsaying: [])))
    }

    @Test func `a slot that is gone is forgotten, and nobody asks for it`() {
        var talk = Talk()
        talk.say("问比例", "rates")
        talk.say("甲市", nil, [.place("甲市", "110000")])
        let flow = Flow(
            name: "rates", title: "比例", intents: ["rates"],
            steps: [Step(id: "rate", action: .say(response: "rate", condition: nil))])
        let slots = DialogueProgram.small.slots.filter { !["city", "insurance"].contains($0.name) }
        let outcome = next(talk, program(slots: slots, flows: [flow]))
        #expect(outcome.tracker.slots["city"] == nil)
        #expect(!outcome.effects.contains { if case .ask = $0 { true } else { false } })
        #expect(!outcome.effects.isEmpty)
    }

    @Test func `dialogs that did not change leave no trace`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        let outcome = next(talk, .small)
        #expect(!outcome.events.contains(.questionClosed))
    }

    @Test func `a person who is silent for long does not have the conversation any more`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        talk.note(.handedOff(owner: "三号窗口"))
        #expect(talk.tracker.owner == "三号窗口")
        #expect(Event.decode(Event.encode(talk.events)) == talk.events)
        #expect(Tracker(decoding: talk.tracker.encoded()) == talk.tracker)
        #expect(next(talk, .small, hours: 11).effects.isEmpty)
        let outcome = next(talk, .small, hours: 12)
        #expect(outcome.effects.first == .pattern("given_back"))
        #expect(outcome.tracker.owner == nil)
    }

    @Test func `a task interrupted too often waits for a word`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        for _ in 0..<2 {
            talk.say("绑共济", "bind")
            #expect(
                talk.say("孩子", nil, [.value("relation", "子女", text: "孩子")]).contains(
                    .pattern("return", .init("flow", "备案"))))
        }
        talk.say("绑共济", "bind")
        let effects = talk.say("孩子", nil, [.value("relation", "子女", text: "孩子")])
        #expect(effects.contains(.pattern("put_aside", .init("flow", "备案"))))
        #expect(talk.tracker.frame == nil)
        #expect(Tracker(folding: talk.events) == talk.tracker)
        #expect(Event.decode(Event.encode(talk.events)) == talk.events)
        #expect(Tracker(decoding: talk.tracker.encoded()) == talk.tracker)
        let taken = talk.say("继续", "resume")
        #expect(taken == [.pattern("return", .init("flow", "备案")), .ask(slot: "home", attempt: 0)])
    }
}
