import Conversation
import Dialogue
import Testing

/// Several tasks at once, what would be if, and steps back and forth.
@Suite struct TodoTests {
    private func part(_ text: String, _ intent: String, _ entities: [Entity] = []) -> NLUResult {
        NLUResult(
            text: text, intent: intent, score: 0.9, ranking: [.init(intent: intent, score: 0.9)],
            entities: entities.map { $0.placed(in: text) })
    }

    private func twoTasks() -> Talk {
        var talk = Talk()
        talk.say(
            "备案怎么办，另外给孩子绑共济", "filing",
            parts: [
                part("备案怎么办", "filing"), part("另外给孩子绑共济", "bind", [.value("relation", "子女", text: "孩子")]),
            ])
        return talk
    }

    @Test func `two tasks are listed and worked in turn`() {
        var talk = twoTasks()
        #expect(
            talk.last?.effects == [
                .pattern("todo", .init("items", "1. 备案（在办）\n2. 共济（等着）")), .ask(slot: "home", attempt: 0),
            ])
        talk.say(
            "甲市去丙市", nil, [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        let effects = talk.say("长期", nil, [.value("stay", "长期")])
        #expect(
            effects == [
                .say(response: "how", arguments: []), .pattern("todo_next", .init("flow", "共济")),
                .say(response: "children", arguments: []), .say(response: "bound", arguments: []),
            ])
        #expect(talk.tracker.state.todo.isEmpty)
        #expect(Tracker(folding: talk.events) == talk.tracker)
        #expect(Event.decode(Event.encode(talk.events)) == talk.events)
    }

    @Test func `what is wanted no more is put off the list, and not first`() {
        var talk = twoTasks()
        talk.say("不想先办备案了", "filing")
        #expect(talk.last?.commands == [.dropFromList(0)])
        #expect(talk.tracker.state.todo.map(\.flow) == ["bind"] && talk.tracker.frame == nil)
    }

    @Test func `of two people two things were said, and the second waits for a word`() {
        var talk = Talk()
        let effects = talk.say(
            "爸在甲市妈在乙市去丙市怎么备案", "filing",
            [
                .value("relation", "父母", text: "爸"), .place("甲市", "110000"),
                .value("relation", "父母", text: "妈"), .place("乙市", "120000"),
                .place("丙市", "210000", role: "destination"),
            ])
        #expect(
            effects == [
                .pattern("todo", .init("items", "1. 备案（爸，甲市）（在办）\n2. 备案（妈，乙市）（等着）")),
                .ask(slot: "stay", attempt: 0),
            ])
        // The answer for the first is told with what is known of the first.
        let answer = talk.say("长期", nil, [.value("stay", "长期")])
        #expect(
            answer == [
                .pattern("answer_for", .init("who", "爸")), .say(response: "how", arguments: []),
                .pick(
                    response: "pattern.todo_waits", arguments: [.init("flow", "备案（妈，乙市）")],
                    choices: [
                        Choice(id: "act=next", label: "接着"), Choice(id: "act=decline", label: "先不"),
                    ]),
            ])
        #expect(talk.tracker.slots["home"]?.value == "110000")
        #expect(Event.decode(Event.encode(talk.events)) == talk.events)
        talk.say("好", "affirm")
        #expect(talk.tracker.slots["home"]?.value == "120000")
        #expect(talk.tracker.slots["destination"]?.value == "210000")
        #expect(talk.last?.effects.last == .ask(slot: "stay", attempt: 0))
        #expect(talk.tracker.state.todo.isEmpty)
    }

    @Test func `two people of whom the same was said are one task`() {
        var talk = Talk()
        talk.say(
            "爸在甲市妈在甲市怎么备案", "filing",
            [
                .value("relation", "父母", text: "爸"), .place("甲市", "110000"),
                .value("relation", "父母", text: "妈"), .place("甲市", "110000"),
            ])
        #expect(talk.tracker.state.todo.isEmpty)
        #expect(talk.tracker.slots["home"]?.value == "110000")
    }

    @Test func `the list is shown, turned round and shortened by speaking`() {
        var talk = twoTasks()
        #expect(talk.say("看看清单", "help").first == .pattern("todo", .init("items", "1. 备案（在办）\n2. 共济（等着）")))
        let effects = talk.say("先办第二个", "resume")
        #expect(effects.contains(.say(response: "bound", arguments: [])))
        #expect(talk.tracker.frame?.flow == "filing")
        talk = twoTasks()
        talk.say("第二个不用了", "deny")
        #expect(talk.tracker.state.todo.isEmpty)
        #expect(talk.tracker.frame?.flow == "filing")
        talk = twoTasks()
        let last = talk.say("第一个不用了", "deny")
        #expect(!last.contains(.pattern("todo_next", .init("flow", "共济"))))
        #expect(talk.tracker.state.todo.map(\.flow).count == 1)
    }

    @Test func `what is added while something is open waits`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        let effects = talk.say("另外问比例", "rates")
        #expect(
            effects == [
                .pattern("todo", .init("items", "1. 备案（在办）\n2. 比例（等着）")), .ask(slot: "home", attempt: 0),
            ])
    }

    @Test func `giving one up asks before the next begins`() {
        var talk = twoTasks()
        let effects = talk.say("算了", "cancel")
        #expect(effects.first == .pattern("cancelled", .init("flow", "备案")))
        #expect(talk.tracker.frame == nil)
        #expect(talk.tracker.state.todo.map(\.flow).count == 1)
    }

    @Test func `an utterance is cut where a sentence ends or something else is taken up`() {
        let program = DialogueProgram.small
        #expect(program.parts(of: "备案怎么办，另外共济也要绑") == ["备案怎么办，", "另外共济也要绑"])
        #expect(program.parts(of: "备案怎么办？共济怎么绑？") == ["备案怎么办？", "共济怎么绑？"])
        #expect(program.parts(of: "备案怎么办，也要绑共济").count == 2)
        #expect(program.parts(of: "聊城的医保，去北京怎么备案").isEmpty)
        #expect(program.parts(of: "另外怎么办").isEmpty)
    }

    @Test func `a clause that joins two tasks and wants them done is two requests`() {
        let program = DialogueProgram.small
        func joined(_ text: String) -> [String] {
            program.joined(in: text) { part in
                let intents = [("备案", "filing"), ("共济", "bind"), ("比例", "rates")]
                let intent = intents.first { part.contains($0.0) }?.1
                return NLUResult(
                    text: part, intent: intent, score: 0.95,
                    ranking: intent.map { [.init(intent: $0, score: 0.95)] } ?? [], entities: [])
            }
        }
        #expect(joined("备案和共济都想办") == ["备案", "、共济都想办"])
        #expect(joined("我想办备案、共济和比例") == ["我想办备案", "、共济", "、比例"])
        #expect(joined("备案和共济一样吗").isEmpty)
        #expect(joined("备案和备案都想办").isEmpty)
        #expect(joined("老家和共济都想办").isEmpty)
    }

    @Test func `two joined tasks are listed`() {
        var talk = Talk()
        let effects = talk.say(
            "备案和共济都想办", "filing", parts: [part("备案", "filing"), part("、共济都想办", "bind")])
        #expect(effects.first == .pattern("todo", .init("items", "1. 备案（在办）\n2. 共济（等着）")))
    }

    @Test func `what would be if changes nothing`() {
        var talk = Talk()
        talk.say("问比例", "rates", [.place("甲市", "110000"), .value("insurance", "职工")])
        let before = talk.tracker.state
        let effects = talk.say("要是乙市呢", "out_of_scope", [.place("乙市", "120000")])
        #expect(
            effects == [
                .suppose(
                    "乙市", values: [.init(slot: "city", value: "120000", text: "乙市")], present: ["rate"],
                    supposed: ["rate"])
            ])
        #expect(talk.tracker.state == before)
        #expect(Event.decode(Event.encode(talk.events)) == talk.events)
    }

    @Test func `what would be if is put off until there is an answer`() {
        var talk = Talk()
        talk.say("问比例", "rates", [.place("甲市", "110000")])
        let effects = talk.say("要是乙市呢", "out_of_scope", [.place("乙市", "120000")])
        #expect(
            effects == [.pattern("what_if_later", .init("value", "乙市")), .ask(slot: "insurance", attempt: 0)])
        #expect(talk.tracker.slots["city"]?.value == "110000")
    }

    @Test func `steps back are taken to any depth and taken back`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        talk.say("甲市", nil, [.place("甲市", "110000")])
        talk.say("丙市", nil, [.place("丙市", "210000")])
        let full = talk.tracker.state
        for _ in 0..<3 { talk.say("上一步", "back") }
        #expect(talk.tracker.frame == nil)
        for _ in 0..<3 { talk.say("不退了", "deny") }
        #expect(talk.tracker.state == full)
        #expect(talk.say("不退了", "cancel").first == .pattern("cancelled", .init("flow", "备案")))
        #expect(Tracker(folding: talk.events) == talk.tracker)
        #expect(Tracker(decoding: talk.tracker.encoded()) == talk.tracker)
    }

    @Test func `a person has the conversation until it is given back`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        talk.note(.handedOff(owner: "窗口"))
        #expect(talk.say("甲市", nil, [.place("甲市", "110000")]).isEmpty)
        #expect(talk.say("我爸昏过去了", "emergency") == [.pattern("emergency")])
        #expect(talk.say("继续", "resume") == [.pattern("given_back"), .ask(slot: "home", attempt: 0)])
    }

    @Test func `the desk takes over, goes on and gives back, and the log remembers it`() {
        var talk = Talk()
        talk.say("办备案", "filing")
        #expect(
            talk.desk(.person(owner: "窗口", text: "您好")) == [
                .pattern("taken_over", .init("owner", "窗口")),
                .pattern("person_says", .init("owner", "窗口"), .init("words", "您好")),
            ])
        #expect(talk.desk(.person(owner: "窗口", text: "")).isEmpty)
        #expect(talk.say("转人工", "human_handoff") == [.pattern("with_person", .init("owner", "窗口"))])
        #expect(talk.say("甲市", nil, [.place("甲市", "110000")]).isEmpty)
        #expect(talk.desk(.person(owner: "科长", text: "")) == [.pattern("taken_over", .init("owner", "科长"))])
        #expect(
            talk.desk(.handBack(text: "好了")) == [
                .pattern("person_says", .init("owner", "科长"), .init("words", "好了")),
                .pattern("given_back"), .ask(slot: "home", attempt: 0),
            ])
        #expect(talk.desk(.handBack(text: "好了")).isEmpty)
        #expect(talk.tracker.owner == nil)
        #expect(Tracker(folding: talk.events) == talk.tracker)
        #expect(Event.decode(Event.encode(talk.events)) == talk.events)
        #expect(Tracker(decoding: talk.tracker.encoded()) == talk.tracker)
    }

    @Test func `an insult without a task offers a person`() {
        var talk = Talk()
        talk.say("笨蛋", "abuse")
        #expect(talk.say("好", "affirm").first == .pattern("handoff"))
        talk.say("笨蛋", "abuse")
        #expect(talk.say("不", "deny") == [.pattern("declined")])
    }
}
