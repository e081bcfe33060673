import Conversation
import Dialogue
import Testing

/// No question whose answer changes nothing.
@Suite struct ForesightTests {
    /// A world in which the response `rate` says the same for every level unless it is for residents.
    private struct Worded: EmptyWorld {
        func saysAlike(_ response: String, for cases: [Slots]) -> Bool {
            Set(cases.map { $0["insurance"]?.value == "居民" ? $0["level"]?.value ?? "" : "" }).count < 2
        }
    }

    private static let insurance = SlotDefinition.choice(
        "insurance", [.init(value: "职工", key: "e", label: "职工"), .init(value: "居民", key: "r", label: "居民")])
    private static let level = SlotDefinition.choice(
        "level", [.init(value: "一级", key: "one", label: "一级"), .init(value: "三级", key: "three", label: "三级")])

    private func made(_ steps: [Step], _ reaches: [String: ResponseReach]) -> (DialogueProgram, Flow) {
        let flow = Flow(name: "rates", title: "比例", intents: [], steps: steps)
        return (
            DialogueProgram(
                slots: [Self.insurance, Self.level, .place("city")], flows: [flow], menu: [],
                outlook: Outlook(reaches: reaches)), flow
        )
    }

    private func isIdle(
        _ slot: String, at position: Int = 0, _ steps: [Step], _ reaches: [String: ResponseReach],
        _ filled: [String: String] = [:]
    ) -> Bool {
        let (program, flow) = made(steps, reaches)
        var slots = Slots()
        for (name, value) in filled {
            slots[name] = SlotValue(value: value, text: value, raw: "", origin: .said, turn: 1)
        }
        return Foresight(program: program, world: Worded()).isIdle(slot, in: flow, at: position, given: slots)
    }

    private let collect = Step(id: "level", action: .collect(slot: "level", condition: nil))
    private let say = Step(id: "rate", action: .say(response: "rate", condition: nil))

    @Test func `a value that nothing looks at is not asked for`() {
        #expect(isIdle("level", [collect, say], ["rate": .init([.init(shown: ["city"])])]))
        #expect(!isIdle("level", [collect, say], ["rate": .init([.init(shown: ["level"])])]))
        #expect(!isIdle("level", [collect, say], ["other": .init([])]), "a sum may hang on anything")
    }

    @Test func `a value that is looked up is asked for where the answers differ`() {
        let reaches = ["rate": ResponseReach([.init(consulted: ["level", "insurance"])])]
        #expect(isIdle("level", [collect, say], reaches, ["insurance": "职工"]))
        #expect(!isIdle("level", [collect, say], reaches, ["insurance": "居民"]))
        let insuranceLater = [
            collect, Step(id: "insurance", action: .collect(slot: "insurance", condition: nil)), say,
        ]
        #expect(!isIdle("level", insuranceLater, reaches), "it may turn out to be 居民")
    }

    @Test func `a branch, a link and a further question count`() {
        let reaches = ["rate": ResponseReach([]), "more": ResponseReach([])]
        let high = Condition.equals(slot: "level", values: ["三级"])
        #expect(
            !isIdle("level", [collect, Step(id: "b", action: .branch(high, otherwise: 3)), say], reaches))
        #expect(
            !isIdle(
                "level", [collect, Step(id: "more", action: .say(response: "more", condition: high))], reaches
            ))
        let never = Condition.equals(slot: "level", values: ["九级"])
        #expect(
            isIdle("level", [collect, Step(id: "b", action: .branch(never, otherwise: 3)), say], reaches))
        #expect(!isIdle("level", [collect, Step(id: "l", action: .link(flow: "rates"))], reaches))
        let hangsOnIt = [
            collect, Step(id: "insurance", action: .collect(slot: "insurance", condition: high)), say,
        ]
        #expect(isIdle("level", hangsOnIt, reaches))
        #expect(!isIdle("level", hangsOnIt, ["rate": .init([.init(shown: ["insurance"])])]))
    }

    @Test func `a part that is never said makes no difference`() {
        let resident = Condition.equals(slot: "insurance", values: ["居民"])
        let reaches = ["rate": ResponseReach([.init(condition: resident, shown: ["level"])])]
        #expect(isIdle("level", [collect, say], reaches, ["insurance": "职工"]))
        #expect(!isIdle("level", [collect, say], reaches, ["insurance": "居民"]))
    }

    @Test func `places are always asked for`() {
        let city = Step(id: "city", action: .collect(slot: "city", condition: nil))
        #expect(!isIdle("city", [city, say], ["rate": .init([])]))
    }

    @Test func `the number of questions left is that of the longest way`() {
        let resident = Condition.equals(slot: "insurance", values: ["居民"])
        let steps = [
            Step(id: "city", action: .collect(slot: "city", condition: nil)),
            Step(id: "insurance", action: .collect(slot: "insurance", condition: nil)),
            Step(id: "level", action: .collect(slot: "level", condition: resident)), say,
        ]
        let (program, flow) = made(steps, ["rate": .init([.init(shown: ["level", "insurance"])])])
        let foresight = Foresight(program: program, world: Worded())
        var slots = Slots()
        #expect(foresight.mostQuestions(of: flow, from: 0, given: slots) == 3)
        slots["insurance"] = SlotValue(value: "职工", text: "职工", raw: "", origin: .said, turn: 1)
        #expect(foresight.mostQuestions(of: flow, from: 1, given: slots) == 0)
        slots["insurance"]?.value = "居民"
        #expect(foresight.mostQuestions(of: flow, from: 1, given: slots) == 1)
    }
}

/// A question whose answers only pick lines out of few.
@Suite struct WholeTableTests {
    /// Without a level the response tells the rates of all levels of an insurance that has few of them.
    private struct Tables: EmptyWorld {
        func saysAll(_ response: String, for cases: [Slots]) -> Bool {
            cases.first?["level"] == nil && cases.allSatisfy { $0["insurance"]?.value == "职工" }
        }
    }

    private static let level = SlotDefinition.choice(
        "level",
        [
            .init(value: "一级", key: "one", label: "一级"), .init(value: "三级", key: "three", label: "三级"),
            .init(value: "乡里", key: "rural", label: "乡里"),
        ])
    private static let insurance = SlotDefinition.choice(
        "insurance", [.init(value: "职工", key: "e", label: "职工"), .init(value: "居民", key: "r", label: "居民")])
    private static let reach = ResponseReach([
        .init(shown: ["level"]), .init(consulted: ["level", "insurance"]),
    ])

    private func program(_ steps: [Step]) -> DialogueProgram {
        DialogueProgram(
            slots: [Self.insurance, Self.level],
            flows: [Flow(name: "rates", title: "", intents: [], steps: steps)], menu: [],
            outlook: Outlook(reaches: ["rate": Self.reach]),
            exclusions: [
                "level": [.init(value: "乡里", condition: .equals(slot: "insurance", values: ["职工"]))]
            ])
    }

    private static func filled(_ insurance: String) -> Slots {
        var slots = Slots()
        slots["insurance"] = SlotValue(
            value: insurance, text: insurance, raw: "", origin: .said, turn: 1)
        return slots
    }

    private static let collect = Step(id: "level", action: .collect(slot: "level", condition: nil))
    private static let say = Step(id: "rate", action: .say(response: "rate", condition: nil))

    private func isIdle(_ steps: [Step], _ slots: Slots) -> Bool {
        let program = program(steps)
        return Foresight(program: program, world: Tables()).isIdle(
            "level", in: program.flows[0], at: 0, given: slots)
    }

    @Test func `it is not asked where all that it could pick from is told`() {
        #expect(isIdle([Self.collect, Self.say], Self.filled("职工")))
        #expect(!isIdle([Self.collect, Self.say], Self.filled("居民")))
    }

    @Test func `it is asked where something else hangs on it`() {
        let high = Condition.equals(slot: "level", values: ["三级"])
        let branch = Step(id: "b", action: .branch(high, otherwise: 2))
        #expect(!isIdle([Self.collect, branch, Self.say], Self.filled("职工")))
    }

    @Test func `what is still open counts with each of its values`() {
        let later = Step(id: "insurance", action: .collect(slot: "insurance", condition: nil))
        #expect(!isIdle([Self.collect, later, Self.say], Slots()), "it may turn out to be 居民")
    }

    @Test func `a value that what is known rules out is not offered`() {
        let program = program([Self.collect, Self.say])
        let ask = Effect.ask(slot: "level", attempt: 0)
        #expect(
            program.choices(of: ask, given: Self.filled("职工"), world: Tables()).map(\.label) == ["一级", "三级"])
        #expect(program.choices(of: ask, given: Self.filled("居民"), world: Tables()).count == 3)
        #expect(program.choices(of: ask, given: Slots(), world: Tables()).count == 3)
    }
}
