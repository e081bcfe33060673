import Conversation
import Dialogue

/// A world of two provinces: 北 (1…) with 甲市 110000 and 乙市 120000, and 南 (2…) with 丙市 210000.
struct SmallWorld: DialogueWorld {
    var answerable: Set<String> = []
    var defined: Set<String> = []

    func areInOneProvince(_ first: String, _ second: String) -> Bool { first.first == second.first }
    func isPlace(_ place: String, within container: String) -> Bool {
        place == container || container.hasSuffix("00000") && place.first == container.first
    }
    func hasFacts(on topic: String, for place: String) -> Bool { topic == "备案" && place == "110000" }
    func placeName(_ code: String) -> String {
        ["110000": "甲市", "120000": "乙市", "210000": "丙市", "200000": "南省"][code] ?? code
    }
    func placeLabel(_ code: String) -> String { placeName(code) }
    func defines(_ question: String, place: String?) -> Bool { defined.contains(question) }
    func canAnswer(_ question: String, place: String?) -> Bool { answerable.contains(question) }
}

extension SlotDefinition {
    static func place(_ name: String, role: String? = nil, inherits: [String] = []) -> SlotDefinition {
        SlotDefinition(
            name: name, label: name, kind: .place, entity: "place", role: role, inherits: inherits,
            asks: ["one", "two", "three"], why: "why", exhaustion: .person, vague: ["外地"])
    }

    static func choice(
        _ name: String, _ options: [Option], dependsOn: [String] = [],
        unknown: Exhaustion? = nil, several: Bool = false, personal: Bool = false, person: Bool = false
    ) -> SlotDefinition {
        SlotDefinition(
            name: name, label: name, kind: .choice(options), entity: name, dependsOn: dependsOn,
            lifetime: .task, asks: ["one", "two"], why: "why", exhaustion: .take(value: options[0].value),
            unknown: unknown, takesSeveral: several, isPersonal: personal, namesPerson: person)
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
                ], personal: true),
            .choice(
                "relation",
                [
                    .init(value: "父母", key: "parent", label: "爸妈"),
                    .init(value: "子女", key: "child", label: "孩子"),
                    .init(value: "配偶", key: "spouse", label: "爱人"),
                ], several: true, person: true),
            SlotDefinition(
                name: "bill", label: "bill", kind: .amount, entity: "amount", lifetime: .task,
                asks: ["one", "two"], why: "why", exhaustion: .skip,
                limits: .init(above: 0, upTo: 1000, tooSmall: "small", tooLarge: "large")),
            SlotDefinition(
                name: "paid", label: "paid", kind: .amount, entity: "amount", role: "used", lifetime: .task,
                asks: ["one"], why: "why", exhaustion: .skip),
            .choice("grievance", [.init(value: "不给报", key: "refused", label: "不给报", begins: "appeal")]),
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
                ], followUps: ["rates"], refusal: Refusal(.tells(response: "unfiled"), words: ["备案"])),
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
            Flow(
                name: "bind", title: "共济", intents: ["bind"],
                steps: [
                    Step(id: "relation", action: .collect(slot: "relation", condition: nil)),
                    Step(
                        id: "children",
                        action: .say(
                            response: "children",
                            condition: .equals(slot: "relation", values: ["子女"]))),
                    Step(id: "bound", action: .say(response: "bound", condition: nil)),
                ], refusal: Refusal(.begins(flow: "sum"))),
            Flow(
                name: "appeal", title: "讨说法", intents: ["appeal"],
                steps: [Step(id: "redress", action: .say(response: "redress", condition: nil))],
                optional: ["grievance"], followUps: ["sum"]),
        ],
        menu: ["filing", "rates"],
        words: DialogueWords(
            [
                .question: ["多少", "怎"],
                .filler: ["那", "呢", "的", "是", "就", "个", "在", "去", "我", "还有", "要是", "和"],
                .ellipsis: ["那", "呢", "还有"], .exclusion: ["不是", "不要", "除了"], .same: ["跟刚才一样"], .keep: ["不改了"],
                .addition: ["还有", "也要"], .connection: ["另外"], .supposition: ["要是"], .first: ["先办"],
                .drop: ["不用了"], .list: ["清单"], .redo: ["不退了"], .media: ["[图片]"],
                .person: ["找人", "不用"], .todo: ["（在办）", "（等着）"], .next: ["接着", "先不"],
                .meaning: ["啥是"], .doubting: ["真的"], .retraction: ["不不", "不对"], .correcting: ["不对", "说错"],
                .oneself: ["我自己"], .pronoun: ["她"], .beside: ["跟"], .joining: ["和", "、"],
                .doing: ["都想办", "想办"], .visiting: ["去她那"], .giving: ["给"], .origin: ["老家"],
                .own: ["我", "俺"], .asker: ["想问"], .owning: ["的", "呢"], .modal: ["能", "一年"],
                .deed: ["报", "拿"],
                .sending: ["让"], .errand: ["办", "弄"], .helping: ["帮"], .holding: ["用"], .card: ["的卡"],
                .wondering: ["能不能"], .becoming: ["交"], .comparing: ["还是"], .here: ["过来"],
                .whether: ["行吗"], .verb: ["带", "要", "的", "那"], .need: ["要"], .open: ["怎", "多少"],
                .plain: ["说人话", "看不懂"], .protest: ["凭啥"], .halting: ["不", "不是"],
                .recall: ["还记得", "还在吗"], .easing: ["没事没事", "就是问问"], .writing: ["只打字"],
                .recommending: ["哪个医院好"], .neither: ["都不是"], .all: ["都要"],
                .refusing: ["不想", "不备案"], .refused: ["了"], .stating: ["公司"],
                .reckoning: ["算"], .stranger: ["另一个"], .then: ["再"], .having: ["都有"],
                .former: ["以前"], .nodding: ["👌"],
            ],
            people: [
                PersonWords(words: ["妈", "娘"], pronoun: "她"), PersonWords(words: ["爸", "爹"], pronoun: "他"),
                PersonWords(words: ["儿子", "孩子"], pronoun: "他"),
                PersonWords(words: ["闺女", "孩子"], pronoun: "她"),
            ]),
        bars: [
            "bye": IntentBar(words: ["再见", "走了"], withoutWords: 0.97),
            "human_handoff": IntentBar(words: ["人工"], withoutWords: 0.9),
            "out_of_scope": IntentBar(words: ["公积金"], withoutQuestion: 0.95),
        ])
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
    mutating func say(
        _ text: String, _ intent: String?, _ entities: [Entity] = [], score: Double = 0.9,
        parts: [NLUResult] = []
    ) -> [Effect] {
        let ranking = intent.map { [IntentScore(intent: $0, score: score)] } ?? []
        let placed = entities.map { $0.placed(in: text) }
        advance(
            .text(text),
            NLUResult(text: text, intent: intent, score: score, ranking: ranking, entities: placed), parts)
        return last?.effects ?? []
    }

    /// What is said, with all that understanding made of it.
    mutating func hear(_ result: NLUResult) { advance(.text(result.text), result) }

    @discardableResult
    mutating func choose(_ id: String, of turn: Int) -> [Effect] {
        advance(.choice(turn: turn, id: id), nil)
        return last?.effects ?? []
    }

    /// What the desk does.
    mutating func desk(_ input: Utterance.Input) -> [Effect] {
        advance(input, nil)
        return last?.effects ?? []
    }

    /// Something that happens from without.
    mutating func note(_ event: Event) {
        tracker.apply(event)
        events.append(event)
    }

    private mutating func advance(
        _ input: Utterance.Input, _ result: NLUResult?, _ parts: [NLUResult] = []
    ) {
        let outcome = engine.advance(
            tracker, on: Utterance(input, at: Moment(seconds: 0)), result: result, parts: parts, world: world)
        tracker = outcome.tracker
        events += outcome.events
        last = outcome
    }
}

extension Entity {
    /// Where its words stand in the utterance; at the beginning when they do not.
    func placed(in utterance: String) -> Entity {
        let scalars = Array(utterance.unicodeScalars), words = Array(text.unicodeScalars)
        guard words.count <= scalars.count,
            let start = (0...(scalars.count - words.count)).first(where: {
                scalars[$0..<$0 + words.count].elementsEqual(words)
            })
        else { return self }
        var placed = self
        placed.range = start..<start + words.count
        return placed
    }

    static func place(
        _ text: String, _ code: String, role: String? = nil, negated: Bool = false,
        alternatives: [String] = []
    ) -> Entity {
        Entity(
            type: "place", text: text, value: code, range: 0..<1, role: role,
            alternatives: alternatives, isNegated: negated)
    }

    static func value(
        _ type: String, _ value: String, text: String? = nil, negated: Bool = false
    ) -> Entity {
        Entity(type: type, text: text ?? value, value: value, range: 0..<1, isNegated: negated)
    }
}

extension Effect {
    static func pattern(_ name: String, _ arguments: Argument...) -> Effect {
        .say(response: "pattern.\(name)", arguments: arguments)
    }
}
