import Conversation
import Dialogue
import Testing

/// What somebody gives as lying between two figures (两三个月) counts where both ends come to the same.
@Suite struct RangeTests {
    private static func program(limitIn response: Bool) -> DialogueProgram {
        let months = SlotDefinition(
            name: "months", label: "months", kind: .number, entity: "duration",
            asks: ["one", "two", "three"],
            why: "why", exhaustion: .skip,
            limits: .init(above: 0, upTo: 600, tooSmall: "small", tooLarge: "large"), takesRange: true)
        let years = SlotDefinition(
            name: "years", label: "years", kind: .number, entity: "years", asks: ["one"], why: "why",
            exhaustion: .skip)
        let isShort = Condition.compares(slot: "months", .atMost, 3)
        let outlook = Outlook(bounds: response ? isShort.comparisons : [])
        return DialogueProgram(
            slots: [months, years],
            flows: [
                Flow(
                    name: "gap", title: "断缴", intents: ["gap"],
                    steps: [
                        Step(id: "months", action: .collect(slot: "months", condition: nil)),
                        Step(
                            id: "short",
                            action: .say(response: "short", condition: response ? nil : isShort)),
                        Step(id: "answer", action: .say(response: "answer", condition: nil)),
                    ])
            ], menu: [], outlook: outlook)
    }

    private func said(
        _ words: String, _ value: String, type: String = "duration", limitIn response: Bool = false
    )
        -> (slots: Slots, responses: [String])
    {
        let engine = DialogueEngine(program: Self.program(limitIn: response))
        let certainty: Entity.Certainty = value.contains("-") ? .approximate : .exact
        let entity = Entity(
            type: type, text: words, value: value, range: 2..<2 + words.unicodeScalars.count,
            certainty: certainty)
        let result = NLUResult(
            text: "断了" + words, intent: "gap", score: 0.99,
            ranking: [IntentScore(intent: "gap", score: 0.99)], entities: [entity])
        let outcome = engine.advance(
            Tracker(), on: Utterance(.text(result.text), at: Moment(seconds: 0)), result: result, parts: [],
            world: SmallWorld())
        let responses = outcome.effects.compactMap { effect -> String? in
            switch effect {
            case .say(let response, _): response
            case .ask(let slot, _): "ask \(slot)"
            default: nil
            }
        }
        return (outcome.tracker.slots, responses)
    }

    @Test(arguments: [("两三个月", "2-3", true), ("五六个月", "5-6", false)])
    func `a range on one side of a limit fills the slot`(words: String, value: String, isShort: Bool) {
        for response in [false, true] {
            let (slots, responses) = said(words, value, limitIn: response)
            #expect(slots["months"]?.value == value)
            #expect(slots["months"]?.text == words)
            #expect(responses.contains("short") == (isShort || response))
            #expect(responses.contains("answer"))
        }
    }

    @Test(arguments: [false, true])
    func `a range across a limit is asked about`(response: Bool) {
        let (slots, responses) = said("三四个月", "3-4", limitIn: response)
        #expect(slots["months"] == nil)
        #expect(responses.contains("pattern.between"))
        #expect(responses.contains("ask months"))
        #expect(!responses.contains("answer"))
    }

    @Test(arguments: [("0-2", "small"), ("500-700", "large")])
    func `both ends keep to what can be`(value: String, objection: String) {
        let (slots, responses) = said("那么久", value)
        #expect(slots["months"] == nil)
        #expect(responses.contains(objection))
    }

    @Test func `a slot that takes no range stays empty`() {
        #expect(said("两三年", "2-3", type: "years").slots["years"] == nil)
    }

    @Test(arguments: [
        ("20000-30000", ["20000", "30000"]), ("1.5-2", ["1.5", "2"]), ("-5", ["-5"]), ("20000", ["20000"]),
        ("临时", ["临时"]), ("a-b", ["a-b"]), ("2-", ["2-"]), ("", [""]),
    ])
    func `ends are figures`(value: String, ends: [String]) {
        let slot = SlotValue(value: value, text: value, raw: value, origin: .said, turn: 1)
        #expect(slot.ends == ends)
    }
}
