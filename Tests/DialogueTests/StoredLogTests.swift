import Conversation
import Dialogue
import Testing

/// Logs are kept for years: what was stored before folds to what it meant then.
@Suite struct StoredLogTests {
    /// As it was written before lists, choices in questions and steps forth were known.
    private static let first = """
        [["turn",1,1790000000,"opening"],["ask",[0,"next","filing","rates"]],["offer","flow=filing","备案"],\
        ["spoke",["say","pattern.opening"],["offer","pattern.menu","filing","rates"]],\
        ["turn",2,1790000060,"text","办备案"],["checkpoint"],["close"],["start","filing"],["move","home"],\
        ["ask",[0,"slot","home"]],["spoke",["ask","home",0]],\
        ["turn",3,1790000120,"text","甲市"],["checkpoint"],["close"],["set","home",["110000","甲市","甲市","said",3]],\
        ["move","destination"],["ask",[1,"slot","destination","120000","210000"]],["turn",4,1790000180,"text","上一步"],\
        ["restore"],["hand_off"],["hand_back"],["feedback","up",3,""]]
        """

    @Test func `a log of the first form still folds`() throws {
        let events = try #require(Event.decode(Array(Self.first.utf8)))
        let tracker = Tracker(folding: events)
        #expect(tracker.turn == 4)
        #expect(tracker.frame?.flow == "filing")
        #expect(tracker.slots["home"] == nil)
        #expect(tracker.state.question == Question(.slot("home", candidates: [])))
        #expect(tracker.state.todo.isEmpty)
        #expect(Event.decode(Event.encode(events)) == events)
    }

    /// As it was written when each step back held the whole state.
    private static let wholeStates = """
        {"turn":3,"time":1790000120,"text":"甲市","lost":0,"handed_off":false,\
        "state":{"slots":{"home":["110000","甲市","甲市","said",3]},"stack":[["filing","destination"]],\
        "question":[0,"slot","destination"],"topic":"办备案","topic_turn":2},\
        "checkpoints":[{"slots":{},"stack":[],"question":[0,"next","filing"]},\
        {"slots":{},"stack":[["filing","home"]],"question":[0,"slot","home"],"topic":"办备案","topic_turn":2},\
        {"slots":{},"stack":[["filing","home"]],"topic":"办备案","topic_turn":2}],\
        "undone":[{"slots":{"home":["120000","乙市","乙市","said",2]},"stack":[]}],"offers":[],"spoken":[]}
        """

    @Test func `a snapshot with whole states is read, and written as what changed`() throws {
        let tracker = try #require(Tracker(decoding: Array(Self.wholeStates.utf8)))
        let states = tracker.checkpoints.map(\.state)
        #expect(states.map { $0.stack.map(\.step) } == [[], ["home"], ["home"]])
        #expect(
            states.map(\.question)
                == [Question(.followUp(["filing"])), Question(.slot("home", candidates: [])), nil])
        #expect(states.map(\.topicTurn) == [0, 2, 2])
        #expect(tracker.undone.map { $0.state.slots.value(of: "home") } == ["120000"])
        #expect(tracker.slots.value(of: "home") == "110000")
        let again = tracker.encoded()
        #expect(Tracker(decoding: again) == tracker)
        #expect(again.count < Self.wholeStates.utf8.count)
    }

    @Test func `each new form is read as it is written`() {
        let value = SlotValue(value: "父母、子女", text: "父母、子女", raw: "爸和孩子", origin: .said, turn: 2)
        let choices = [Choice(id: "home=120000", label: "home 乙市"), Choice(id: "act=decline", label: "不用")]
        let events: [Event] = [
            .todoChanged([TodoItem(flow: "bind", values: [.init(slot: "relation", value: value)])]),
            .todoChanged([]), .checkpointRedone,
            .personChanged(to: "我妈", keeping: [.init(slot: "home", value: value)]),
            .personChanged(to: nil, keeping: []),
            .personKnown(PersonFacts(name: "我妈", kin: "父母", values: [.init(slot: "home", value: value)])),
            .personKnown(PersonFacts(name: nil)),
            .personKnown(PersonFacts(name: "闺女", part: "holder", flow: "bind")),
            .questionAsked(
                Question(.pick(response: "pattern.which_slot", arguments: [], choices: choices), failures: 1)),
            .spoke([
                .pick(response: "pattern.which_slot", arguments: [.init("value", "乙市")], choices: choices),
                .suppose(
                    "乙市", values: [.init(slot: "city", value: "", text: "")], present: ["a", "b"],
                    supposed: []),
            ]),
        ]
        #expect(Event.decode(Event.encode(events)) == events)
    }
}
