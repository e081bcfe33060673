import Conversation
import Dialogue
import Testing

/// Of several questions, the one that settles most; the outcome is that of the order in which they are written.
@Suite struct QuestionOrderTests {
    /// A world in which what is said hangs on the slots in a way of its own.
    struct Worded: EmptyWorld {
        var words: @Sendable (Slots) -> String
        func saysAlike(_ response: String, for cases: [Slots]) -> Bool { Set(cases.map(words)).count < 2 }
    }

    /// Whether 甲 matters hangs on 乙: with 一 all is said.
    private static let secondSettles = Worded { slots in
        slots["乙"]?.value == "一" ? "一" : [slots["甲"], slots["乙"]].map { $0?.value ?? "" }.joined()
    }
    private static let bothMatter = Worded { slots in
        [slots["甲"], slots["乙"]].map { $0?.value ?? "" }.joined(separator: "-")
    }

    private static func slot(
        _ name: String, _ values: [String] = ["一", "二"], dependsOn: [String] = [],
        unknown: SlotDefinition.Exhaustion? = nil
    ) -> SlotDefinition {
        .choice(
            name, values.map { .init(value: $0, key: $0, label: $0) }, dependsOn: dependsOn, unknown: unknown)
    }

    private static func collect(_ slot: String, if condition: Condition? = nil, fixed: Bool = false) -> Step {
        Step(id: slot, action: .collect(slot: slot, condition: condition), isFixed: fixed)
    }

    private static let answer = Step(id: "answer", action: .say(response: "answer", condition: nil))
    private static let twoQuestions = [collect("甲"), collect("乙")]

    private static func program(
        _ slots: [SlotDefinition] = [slot("甲"), slot("乙")], _ steps: [Step] = twoQuestions,
        reach: ResponseReach? = nil
    ) -> DialogueProgram {
        let consulted = NameSet(slots.filter { $0.kind != .place }.map(\.name))
        return DialogueProgram(
            slots: slots,
            flows: [
                Flow(name: "task", title: "事", intents: ["task"], steps: steps + [answer]),
                Flow(name: "other", title: "别的事", intents: ["other"], steps: [answer]),
            ], menu: ["task"],
            words: DialogueWords([.count: ["还要问"]]),
            outlook: Outlook(reaches: ["answer": reach ?? .init([.init(consulted: consulted)])]))
    }

    private static func filled(_ values: [String: String]) -> Slots {
        var slots = Slots()
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            slots[name] = SlotValue(value: value, text: value, raw: "", origin: .said, turn: 1)
        }
        return slots
    }

    /// What is asked first when nothing is known but this.
    private func first(
        _ program: DialogueProgram, _ world: Worded, known: [String: String] = [:]
    ) throws -> String {
        let flow = try #require(program.flow("task"))
        let index = Foresight(program: program, world: world).firstQuestion(
            in: flow, at: 0, given: Self.filled(known))
        return flow.steps[index].id
    }

    // MARK: What is chosen

    @Test func `the question that settles the task is asked first`() throws {
        #expect(try first(Self.program(), Self.secondSettles) == "乙")
        let firstSettles = Worded { $0["甲"]?.value == "一" ? "一" : $0["乙"]?.value ?? "" }
        #expect(try first(Self.program(), firstSettles) == "甲")
    }

    @Test func `questions that settle alike are asked as they are written`() throws {
        #expect(try first(Self.program(), Self.bothMatter) == "甲")
        let swapped = Self.program([Self.slot("甲"), Self.slot("乙")], [Self.collect("乙"), Self.collect("甲")])
        #expect(try first(swapped, Self.bothMatter) == "乙")
    }

    @Test func `the value that settles more ways counts, not the number of values`() throws {
        // 甲 has one value of four that settles, 乙 two of three.
        let world = Worded { slots in
            if ["一", "二"].contains(slots["乙"]?.value) { return slots["乙"]?.value ?? "" }
            if slots["甲"]?.value == "一" { return "settled" }
            return [slots["甲"], slots["乙"]].map { $0?.value ?? "" }.joined()
        }
        let slots = [Self.slot("甲", ["一", "二", "三", "四"]), Self.slot("乙", ["一", "二", "三"])]
        #expect(try first(Self.program(slots), world) == "乙")
    }

    @Test func `a pinned question stays where it is, and nothing is put before it`() throws {
        let pins = [
            [Self.collect("甲", fixed: true), Self.collect("乙")],
            [Self.collect("甲"), Self.collect("乙", fixed: true)],
        ]
        for steps in pins {
            #expect(
                try first(Self.program([Self.slot("甲"), Self.slot("乙")], steps), Self.secondSettles) == "甲")
        }
    }

    @Test func `a place is asked where it is written`() throws {
        let slots = [SlotDefinition.place("地"), Self.slot("甲"), Self.slot("乙")]
        let program = Self.program(slots, [Self.collect("地")] + Self.twoQuestions)
        #expect(try first(program, Self.secondSettles) == "地")
    }

    @Test func `conditions keep the order that they need`() throws {
        let slots = [Self.slot("甲"), Self.slot("乙")]
        let onlyThen = [Self.collect("甲"), Self.collect("乙", if: .equals(slot: "甲", values: ["一"]))]
        #expect(try first(Self.program(slots, onlyThen), Self.secondSettles) == "甲")
        let onlyWithout = [Self.collect("甲", if: .not(.isSet(slot: "乙"))), Self.collect("乙")]
        #expect(try first(Self.program(slots, onlyWithout), Self.secondSettles) == "甲")
        let never = [Self.collect("甲", if: .equals(slot: "丙", values: ["一"])), Self.collect("乙")]
        #expect(
            try first(Self.program(slots, never), Self.secondSettles) == "甲", "it was not to be asked at all")
        let always = [Self.collect("甲"), Self.collect("乙", if: .not(.equals(slot: "丙", values: ["一"])))]
        #expect(try first(Self.program(slots, always), Self.secondSettles) == "乙")
    }

    @Test func `what hangs on a slot is not asked before it`() throws {
        let slots = [Self.slot("甲"), Self.slot("乙", dependsOn: ["甲"])]
        #expect(try first(Self.program(slots), Self.secondSettles) == "甲")
    }

    @Test func `a figure may be passed, and is never put forward`() throws {
        let bill = SlotDefinition(
            name: "钱", label: "钱", kind: .amount, entity: "amount", lifetime: .task, asks: ["one"],
            why: "why",
            exhaustion: .skip)
        let reach = ResponseReach([
            .init(consulted: ["乙"]), .init(condition: .equals(slot: "乙", values: ["二"]), shown: ["钱"]),
        ])
        let words = Worded { $0["乙"]?.value ?? "" }
        let slots = [bill, Self.slot("乙")]
        let billFirst = Self.program(slots, [Self.collect("钱"), Self.collect("乙")], reach: reach)
        #expect(try first(billFirst, words) == "乙")
        let settling = ResponseReach([
            .init(shown: ["钱"]), .init(condition: .not(.isSet(slot: "钱")), shown: ["乙"]),
        ])
        let choiceFirst = Self.program(slots, [Self.collect("乙"), Self.collect("钱")], reach: settling)
        #expect(try first(choiceFirst, words) == "乙")
    }

    @Test func `too much to weigh is asked as it is written`() throws {
        let names = ["甲", "丙", "丁", "戊", "乙"]
        let values = (1...6).map(String.init)
        let world = Worded { slots in
            slots["乙"]?.value != "6" ? "settled" : names.map { slots[$0]?.value ?? "" }.joined(separator: "-")
        }
        let many = Self.program(
            names.map { Self.slot($0, values) }, names.map { Self.collect($0) })
        #expect(try first(many, world) == "甲")
        let few = Self.program([Self.slot("甲", values), Self.slot("乙", values)])
        #expect(try first(few, world) == "乙")
    }

    @Test func `without an outlook nothing changes places`() throws {
        let blind = DialogueProgram(
            slots: [Self.slot("甲"), Self.slot("乙")],
            flows: [Flow(name: "task", title: "事", intents: [], steps: Self.twoQuestions + [Self.answer])],
            menu: [])
        #expect(try first(blind, Self.secondSettles) == "甲")
    }

    // MARK: Whatever the words

    /// What is said at the end to somebody who would answer this, and the number of questions.
    private func talk(
        _ program: DialogueProgram, _ world: Worded, _ answers: [String: String]
    ) -> (words: String, questions: Int) {
        var talk = Asking(program, world)
        talk.say("task")
        var questions = 0
        while let asked = talk.asked, questions < 10 {
            questions += 1
            talk.choose("\(asked)=\(answers[asked] ?? "")")
        }
        return (world.words(talk.tracker.slots), questions)
    }

    @Test(arguments: 1...60)
    func `the words at the end are those of the written order, and no more is asked on average`(
        seed: UInt64
    ) throws {
        var random = seed &* 0x9E37_79B9_7F4A_7C15
        func next(_ bound: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % bound
        }
        let slots = [Self.slot("甲", ["一", "二", "三"]), Self.slot("乙"), Self.slot("丙", ["一", "二", "三"])]
        // Few words for many values, so that much is settled early.
        var table: [String: String] = [:]
        for a in ["", "一", "二", "三"] {
            for b in ["", "一", "二"] {
                for c in ["", "一", "二", "三"] { table["\(a)/\(b)/\(c)"] = String(next(10) / 8) }
            }
        }
        let fixed = table
        let world = Worded { slots in
            fixed[["甲", "乙", "丙"].map { slots[$0]?.value ?? "" }.joined(separator: "/")] ?? ""
        }
        let best = Self.program(slots, ["甲", "乙", "丙"].map { Self.collect($0) })
        let written = Self.program(slots, ["甲", "乙", "丙"].map { Self.collect($0, fixed: true) })
        var (questions, asWritten) = (0, 0)
        for a in ["一", "二", "三"] {
            for b in ["一", "二"] {
                for c in ["一", "二", "三"] {
                    let answers = ["甲": a, "乙": b, "丙": c]
                    let (mine, theirs) = (talk(best, world, answers), talk(written, world, answers))
                    #expect(mine.words == theirs.words && mine.words == fixed["\(a)/\(b)/\(c)"], "\(answers)")
                    questions += mine.questions
                    asWritten += theirs.questions
                }
            }
        }
        #expect(questions <= asWritten)
    }

    @Test func `a rehearsal tells the three plans apart`() throws {
        let program = Self.program()
        let flow = try #require(program.flow("task"))
        let means = QuestionPlan.allCases.map { plan in
            Rehearsal(program, world: Self.secondSettles, places: [], asking: plan).meanQuestions(of: flow)
        }
        #expect(means == [2, 2, 1.5])
    }

    @Test func `answers are put in the order in which they are asked for`() throws {
        let program = Self.program()
        let flow = try #require(program.flow("task"))
        let rehearsal = Rehearsal(program, world: Self.secondSettles, places: [])
        typealias Answer = ModelCheck.Answer
        let both = [Answer(slot: "甲", value: "二"), Answer(slot: "乙", value: "二")]
        #expect(rehearsal.asAsked(both, in: flow) == both.reversed())
        #expect(
            rehearsal.asAsked([both[0]], in: flow) == [Answer(slot: "乙", value: "一")], "with 一 甲 is not asked"
        )
        #expect(rehearsal.asAsked([both[1]], in: flow) == [both[1]])
    }

    // MARK: In a conversation

    @Test func `an answer that settles the task ends it, another asks what is left`() {
        var settled = Asking(Self.program(), Self.secondSettles)
        settled.say("task")
        #expect(settled.asked == "乙" && settled.tracker.frame?.step == "乙")
        settled.choose("乙=一")
        #expect(settled.asked == nil && settled.responses == ["answer"])

        var open = Asking(Self.program(), Self.secondSettles)
        open.say("task")
        open.choose("乙=二")
        #expect(open.asked == "甲")
        open.choose("甲=一")
        #expect(open.responses == ["answer"] && open.tracker.slots["甲"]?.value == "一")
    }

    @Test func `going back puts the question again that came first`() {
        var talk = Asking(Self.program(), Self.secondSettles)
        talk.say("task")
        talk.choose("乙=二")
        talk.say("back")
        #expect(talk.asked == "乙" && talk.tracker.slots["乙"] == nil)
        talk.choose("乙=一")
        #expect(talk.responses == ["answer"])
    }

    @Test func `a question that is skipped is not put again, and the others have their turn`() {
        let slots = [Self.slot("甲"), Self.slot("乙", unknown: .skip)]
        var talk = Asking(Self.program(slots), Self.secondSettles)
        talk.say("task")
        #expect(talk.asked == "乙")
        talk.say("skip")
        #expect(talk.asked == "甲")
        talk.choose("甲=一")
        #expect(talk.asked == nil && talk.responses == ["answer"])
    }

    @Test func `a correction asks what was needless before, and nothing that was left open`() {
        var talk = Asking(Self.program(), Self.secondSettles)
        talk.say("task")
        let offered = talk.tracker.turn
        talk.choose("乙=一")
        talk.choose("乙=二", of: offered)
        #expect(talk.asked == "甲")

        let slots = [Self.slot("甲", unknown: .skip), Self.slot("乙")]
        var open = Asking(Self.program(slots), Self.secondSettles)
        open.say("task")
        let before = open.tracker.turn
        open.choose("乙=二")
        open.say("skip")
        #expect(open.responses.last == "answer")
        open.choose("乙=一", of: before)
        #expect(open.asked == nil && open.responses == ["pattern.corrected", "answer"])
    }

    @Test func `a correction of the first answer while the second is asked for weighs anew`() {
        var talk = Asking(Self.program(), Self.secondSettles)
        talk.say("task")
        let offered = talk.tracker.turn
        talk.choose("乙=二")
        talk.choose("乙=一", of: offered)
        #expect(talk.asked == nil && talk.responses == ["pattern.corrected", "answer"])
    }

    @Test func `an interruption comes back to the same question, and why is about it`() {
        var talk = Asking(Self.program(), Self.secondSettles)
        talk.say("task")
        talk.say("other")
        #expect(talk.asked == "乙" && talk.responses == ["answer", "pattern.return"])
        talk.say("why")
        #expect(talk.effects.first == .explain(slot: "乙") && talk.asked == "乙")
        talk.say("repeat")
        #expect(talk.asked == "乙")
    }

    @Test func `how many are left counts those that were passed`() {
        var talk = Asking(Self.program(), Self.secondSettles)
        talk.say("task")
        let (program, flow) = (talk.engine.program, talk.engine.program.flow("task"))
        let foresight = Foresight(program: program, world: Self.secondSettles, leftOut: ["乙"])
        #expect(flow.map { foresight.mostQuestions(of: $0, from: 0, given: Self.filled(["乙": "二"])) } == 1)
        #expect(flow.map { foresight.mostQuestions(of: $0, from: 0, given: Self.filled(["乙": "一"])) } == 0)
        #expect(flow.map { foresight.mostQuestions(of: $0, from: 0, given: Slots()) } == 1)
    }

    @Test func `how many are left counts for the answer after which most is asked`() {
        let steps = [Self.collect("甲"), Self.collect("乙", if: .equals(slot: "甲", values: ["二"]))]
        var talk = Asking(Self.program([Self.slot("甲"), Self.slot("乙")], steps), Self.bothMatter)
        talk.say("task")
        talk.say("还要问")
        #expect(talk.effects.first == .pattern("count", .init("count", "一")) && talk.asked == "甲")
        talk.choose("甲=二")
        talk.say("还要问")
        #expect(talk.responses == ["pattern.count_none"] && talk.asked == "乙")
    }

    @Test func `a stored conversation goes on where it stood, also when its question is gone`() throws {
        var talk = Asking(Self.program(), Self.secondSettles)
        talk.say("task")
        talk.choose("乙=二")
        let stored = try #require(Tracker(decoding: talk.tracker.encoded()))
        #expect(stored.frame == talk.tracker.frame && stored.state == talk.tracker.state)
        var resumed = Asking(Self.program(), Self.secondSettles, stored)
        resumed.choose("甲=一")
        #expect(resumed.responses == ["answer"])

        var before = Asking(Self.program(), Self.secondSettles)
        before.say("task")
        let shorter = Self.program([Self.slot("甲"), Self.slot("乙")], [Self.collect("甲")])
        var changed = Asking(shorter, Self.secondSettles, before.tracker)
        changed.say("resume")
        #expect(changed.asked == "甲")
    }

    @Test func `words that another step has said are not said again`() {
        let steps = [
            Step(id: "early", action: .say(response: "answer", condition: nil)), Self.collect("甲"),
            Step(id: "late", action: .say(response: "answer", condition: nil)),
        ]
        let program = DialogueProgram(
            slots: [Self.slot("甲")], flows: [Flow(name: "task", title: "事", intents: ["task"], steps: steps)],
            menu: ["task"])
        var talk = Asking(program, Self.bothMatter)
        talk.say("task")
        #expect(talk.responses == ["answer"])
        talk.choose("甲=一")
        #expect(talk.responses == [])
    }

    // MARK: Pins

    @Test func `a pin is needed where something could change places`() {
        func isNeeded(_ slots: [SlotDefinition], _ steps: [Step], at position: Int) -> Bool {
            let program = Self.program(slots, steps)
            return program.flow("task").map { program.isPinNeeded(position, in: $0) } ?? false
        }
        let figure = SlotDefinition(
            name: "钱", label: "钱", kind: .amount, entity: "amount", asks: ["one"], why: "why",
            exhaustion: .skip)
        let slots = [SlotDefinition.place("地"), Self.slot("甲"), Self.slot("乙"), figure]
        let pinned = Self.collect("甲", fixed: true)
        #expect(isNeeded(slots, [pinned, Self.collect("乙")], at: 0))
        #expect(isNeeded(slots, [Self.collect("乙"), pinned], at: 1))
        #expect(isNeeded(slots, [Self.collect("钱"), pinned], at: 1))
        #expect(isNeeded(slots, [pinned, Self.collect("钱"), Self.collect("乙")], at: 0))
        #expect(!isNeeded(slots, [pinned, Self.collect("钱")], at: 0))
        #expect(!isNeeded(slots, [Self.collect("地"), pinned], at: 1))
        #expect(!isNeeded(slots, [pinned, Self.answer, Self.collect("乙")], at: 0))
        #expect(!isNeeded(slots, [Self.collect("地", fixed: true), Self.collect("甲")], at: 0))
    }
}

/// A conversation with a program of its own; utterances are acts, answers are choices.
private struct Asking {
    var tracker: Tracker
    let engine: DialogueEngine
    let world: QuestionOrderTests.Worded
    private(set) var effects: [Effect] = []

    init(_ program: DialogueProgram, _ world: QuestionOrderTests.Worded, _ tracker: Tracker = Tracker()) {
        engine = DialogueEngine(program: program)
        self.world = world
        self.tracker = tracker
    }

    /// The slot of the open question of the task.
    var asked: String? {
        if case .slot(let name, _)? = tracker.state.question?.kind { name } else { nil }
    }

    /// What was said, without questions.
    var responses: [String] {
        effects.compactMap { if case .say(let response, _) = $0 { response } else { nil } }
    }

    mutating func say(_ intent: String) {
        let result = NLUResult(
            text: intent, intent: intent, score: 0.9, ranking: [.init(intent: intent, score: 0.9)],
            entities: [])
        advance(.text(intent), result)
    }

    mutating func choose(_ id: String, of turn: Int? = nil) {
        advance(.choice(turn: turn ?? tracker.turn, id: id), nil)
    }

    private mutating func advance(_ input: Utterance.Input, _ result: NLUResult?) {
        let outcome = engine.advance(
            tracker, on: Utterance(input, at: Moment(seconds: 0)), result: result, world: world)
        tracker = outcome.tracker
        effects = outcome.effects
    }
}
