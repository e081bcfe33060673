import Conversation
import Dialogue
import Testing

/// What a question is about, in its own words.
@Suite struct AskedThingsTests {
    private let program = DialogueProgram.small

    private func things(_ text: String, _ entities: [Entity] = []) -> [String] {
        program.thingsAsked(
            in: NLUResult(
                text: text, intent: nil, score: 0, ranking: [],
                entities: entities.map { $0.placed(in: text) }))
    }

    @Test func `what is left between small words and those that ask is the thing`() {
        #expect(things("出生证明要带行吗") == ["出生证明"])
        #expect(things("那户口本多少") == ["户口本"])
    }

    @Test func `two things stand on both sides of a need`() {
        #expect(things("津贴要结婚证行吗") == ["津贴", "结婚证"])
    }

    @Test func `two things that are joined are two, and a part of a name joins none`() {
        #expect(things("户口本和身份证行吗") == ["户口本", "身份证"])
        #expect(things("协和医院行吗") == ["协和医院"])
    }

    @Test func `values of slots are no things`() {
        #expect(things("职工的病历本行吗", [.value("insurance", "职工")]) == ["病历本"])
        #expect(things("职工多少", [.value("insurance", "职工")]).isEmpty)
    }

    @Test func `who asks nothing asks for no thing`() {
        #expect(things("出生证明带上了").isEmpty)
    }

    @Test func `a sentence is the name of nothing`() {
        #expect(things("隔壁老王家的二小子昨天下午从镇上回来说行吗").isEmpty)
    }

    @Test func `a thing named twice is one`() {
        #expect(things("照片行吗，照片多少") == ["照片"])
    }

    @Test func `what names a detail is a value of no person, or a thing that the task is not called by`() {
        func named(_ text: String, _ entities: [Entity] = []) -> [String] {
            let result = NLUResult(
                text: text, intent: nil, score: 0, ranking: [],
                entities: entities.map { $0.placed(in: text) })
            return program.flow("bind").map { program.detailsNamed(in: result, of: $0) } ?? []
        }
        #expect(named("孩子行吗", [.value("relation", "子女", text: "孩子")]) == ["子女"])
        #expect(named("出生证明行吗") == ["出生证明"])
        #expect(named("职工行吗", [.value("insurance", "职工")]).isEmpty)
        #expect(named("照片行吗").isEmpty)
        #expect(named("出生证明多少").isEmpty)
    }

    @Test func `what is left beside the words of going back names the task`() {
        func name(_ text: String) -> String {
            program.nameBesideGoingBack(
                in: NLUResult(text: text, intent: "resume", score: 1, ranking: [], entities: []))
        }
        #expect(name("那个车祸的呢") == "车祸")
        #expect(name("那个呢") == "")
    }

    @Test func `whether something will do is told from how and how much`() {
        func asksWhether(_ text: String) -> Bool {
            program.asksWhether(NLUResult(text: text, intent: nil, score: 0, ranking: [], entities: []))
        }
        #expect(asksWhether("照片行吗"))
        #expect(!asksWhether("照片多少"))
        #expect(!asksWhether("照片"))
    }
}

/// The task just answered is the first to be asked.
@Suite struct LastAnswerTests {
    private func answered() -> Talk {
        var talk = Talk()
        talk.say("问比例", "rates", [.place("甲市", "110000"), .value("insurance", "职工")])
        return talk
    }

    private func asksAgain(_ talk: Talk, _ intent: String, score: Double = 0.9, _ entities: [Entity] = [])
        -> Bool
    {
        let text = "比例多少" + entities.map(\.text).joined()
        return DialogueProgram.small.asksOfLastAgain(
            NLUResult(
                text: text, intent: intent, score: score,
                ranking: [IntentScore(intent: intent, score: score)],
                entities: entities.map { $0.placed(in: text) }), talk.tracker)
    }

    @Test func `the same task, with nothing that was not said`() {
        let talk = answered()
        #expect(asksAgain(talk, "rates"))
        #expect(asksAgain(talk, "rates", [.value("insurance", "职工")]))
    }

    @Test func `another task, another value, somebody else or a resemblance is not the same`() {
        let talk = answered()
        #expect(!asksAgain(talk, "filing"))
        #expect(!asksAgain(talk, "rates", [.value("insurance", "居民")]))
        #expect(!asksAgain(talk, "rates", [.value("relation", "父母", text: "我妈")]))
        #expect(!asksAgain(talk, "rates", score: 0.3))
    }

    @Test func `only right behind the answer`() {
        var talk = answered()
        talk.say("办备案", "filing")
        #expect(!asksAgain(talk, "rates"))
        #expect(!asksAgain(Talk(), "rates"))
    }
}

/// What a task would tell for each answer to its open question.
@Suite struct AheadTests {
    private func ahead(_ talk: Talk) -> [Ahead] { talk.engine.ahead(of: talk.tracker, world: talk.world) }

    @Test func `each answer is one way, with the questions behind it`() {
        var talk = Talk()
        talk.say(
            "办备案", "filing",
            [.place("甲市", "110000", role: "home"), .place("丙市", "210000", role: "destination")])
        let ways = ahead(talk)
        // 长期 asks no more; 临时 asks for a referral, which is had or not.
        #expect(ways.map(\.label) == ["长期", "临时", "临时"])
        #expect(ways.allSatisfy { $0.responses == ["how"] })
        #expect(ways.map { $0.slots["referral"]?.value } == [nil, "有", "没有"])
        #expect(ways.allSatisfy { $0.slots["destination"]?.value == "210000" })
    }

    @Test func `where a place is asked there is the way without one`() {
        var talk = Talk()
        talk.say("问比例", "rates")
        let ways = ahead(talk)
        #expect(ways.allSatisfy { $0.isAnywhere && $0.slots["city"] == nil })
        #expect(ways.map(\.label) == ["职工", "居民"])
        #expect(ways.map { $0.slots["insurance"]?.value } == ["职工", "居民"])
    }

    @Test func `the conversation stays where it is`() {
        var talk = Talk()
        talk.say("问比例", "rates", [.place("甲市", "110000")])
        let before = talk.tracker
        _ = ahead(talk)
        #expect(talk.tracker == before)
        #expect(talk.say("职工", nil, [.value("insurance", "职工")]) == [.say(response: "rate", arguments: [])])
    }

    @Test func `nothing is ahead where nothing is asked, or what is asked has no choices`() {
        #expect(ahead(Talk()).isEmpty)
        var talk = Talk()
        talk.say("算账", "sum")
        #expect(ahead(talk).isEmpty)
    }
}
