import Conversation
import Dialogue

/// A world of two provinces: 北 (1…) with 甲市 110000 and 乙市 120000, and 南 (2…) with 丙市 210000.
struct SmallWorld: DialogueWorld {
    var answerable: Set<String> = []

    func areInOneProvince(_ first: String, _ second: String) -> Bool { first.first == second.first }
    func isPlace(_ place: String, within container: String) -> Bool { place == container }
    func hasFacts(on topic: String, for place: String) -> Bool { topic == "备案" && place == "110000" }
    func placeName(_ code: String) -> String {
        ["110000": "甲市", "120000": "乙市", "210000": "丙市"][code] ?? code
    }
    func placeLabel(_ code: String) -> String { placeName(code) }
    func canAnswer(_ question: String, place: String?) -> Bool { answerable.contains(question) }
}

extension SlotDefinition {
    static func place(_ name: String, role: String? = nil, inherits: [String] = []) -> SlotDefinition {
        SlotDefinition(
            name: name, label: name, kind: .place, entity: "place", role: role, inherits: inherits,
            asks: ["one", "two", "three"], why: "why", exhaustion: .person)
    }

    static func choice(
        _ name: String, _ options: [Option], dependsOn: [String] = [],
        unknown: Exhaustion? = nil
    ) -> SlotDefinition {
        SlotDefinition(
            name: name, label: name, kind: .choice(options), entity: name, dependsOn: dependsOn,
            lifetime: .task, asks: ["one", "two"], why: "why", exhaustion: .take(value: options[0].value),
            unknown: unknown)
    }
}

extension DialogueProgram {
    /// Filing: home, destination, stay, and a referral when the stay is short. Rates: home and insurance.
    static let small = DialogueProgram(
        slots: [
            .place("home", role: "home"), .place("destination", role: "destination"),
            .choice(
                "stay",
                [
                    .init(value: "长期", key: "long", label: "长期住"),
                    .init(value: "临时", key: "short", label: "临时去"),
                ],
                dependsOn: ["destination"]),
            .choice(
                "referral",
                [
                    .init(value: "有", key: "yes", label: "有", meansYes: true),
                    .init(value: "没有", key: "no", label: "没有", meansYes: false),
                ],
                dependsOn: ["stay"], unknown: .skip),
            .place("city", inherits: ["home"]),
            .choice(
                "insurance",
                [
                    .init(value: "职工", key: "employee", label: "职工医保"),
                    .init(value: "居民", key: "resident", label: "居民医保"),
                ]),
            SlotDefinition(
                name: "bill", label: "bill", kind: .amount, entity: "amount", lifetime: .task,
                asks: ["one", "two"], why: "why", exhaustion: .skip,
                limits: .init(above: 0, upTo: 1000, tooSmall: "small", tooLarge: "large")),
            SlotDefinition(
                name: "paid", label: "paid", kind: .amount, entity: "amount", role: "used", lifetime: .task,
                asks: ["one"], why: "why", exhaustion: .skip),
        ],
        flows: [
            Flow(
                name: "filing", title: "备案", intents: ["filing"],
                steps: [
                    Step(id: "home", action: .collect(slot: "home", condition: nil)),
                    Step(id: "destination", action: .collect(slot: "destination", condition: nil)),
                    Step(id: "stay", action: .collect(slot: "stay", condition: nil)),
                    Step(
                        id: "referral",
                        action: .collect(slot: "referral", condition: .equals(slot: "stay", values: ["临时"]))),
                    Step(id: "how", action: .say(response: "how", condition: nil)),
                ], followUps: ["rates"]),
            Flow(
                name: "rates", title: "比例", intents: ["rates"],
                steps: [
                    Step(id: "city", action: .collect(slot: "city", condition: nil)),
                    Step(id: "insurance", action: .collect(slot: "insurance", condition: nil)),
                    Step(id: "rate", action: .say(response: "rate", condition: nil)),
                ]),
            Flow(
                name: "sum", title: "算账", intents: ["sum"],
                steps: [
                    Step(id: "bill", action: .collect(slot: "bill", condition: nil)),
                    Step(id: "total", action: .say(response: "total", condition: nil)),
                ], optional: ["paid"], keeps: true),
        ],
        menu: ["filing", "rates"])
}

/// Plays utterances against the engine; each is an intent with entities, or a choice.
struct Talk {
    var tracker = Tracker()
    var events: [Event] = []
    let engine = DialogueEngine(program: .small)
    var world = SmallWorld()
    private(set) var last: DialogueEngine.Outcome?

    init() { advance(.opening, nil) }

    @discardableResult
    mutating func say(_ text: String, _ intent: String?, _ entities: [Entity] = [], score: Double = 0.9)
        -> [Effect]
    {
        let ranking = intent.map { [IntentScore(intent: $0, score: score)] } ?? []
        advance(
            .text(text),
            NLUResult(text: text, intent: intent, score: score, ranking: ranking, entities: entities))
        return last?.effects ?? []
    }

    @discardableResult
    mutating func choose(_ id: String, of turn: Int) -> [Effect] {
        advance(.choice(turn: turn, id: id), nil)
        return last?.effects ?? []
    }

    private mutating func advance(_ input: Utterance.Input, _ result: NLUResult?) {
        let outcome = engine.advance(
            tracker, on: Utterance(input, at: Moment(seconds: 0)), result: result, world: world)
        tracker = outcome.tracker
        events += outcome.events
        last = outcome
    }
}

extension Entity {
    static func place(
        _ text: String, _ code: String, role: String? = nil, negated: Bool = false,
        alternatives: [String] = []
    ) -> Entity {
        Entity(
            type: "place", text: text, value: code, range: 0..<1, role: role,
            alternatives: alternatives, isNegated: negated)
    }

    static func value(_ type: String, _ value: String) -> Entity {
        Entity(type: type, text: value, value: value, range: 0..<1)
    }
}

extension Effect {
    static func pattern(_ name: String, _ arguments: Argument...) -> Effect {
        .say(response: "pattern.\(name)", arguments: arguments)
    }
}
