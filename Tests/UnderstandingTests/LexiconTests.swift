import Conversation
import Understanding
import Testing

@Suite struct LexiconTests {
    private func found(_ text: String) -> [String] {
        Sample.entities(text).map { "\($0.type)=\($0.value)" + ($0.isNegated ? "!" : "") }
    }

    @Test func `of one type the longest phrase counts`() {
        #expect(found("学生医保") == ["insurance=居民", "population=学生儿童"])
        #expect(found("没退休") == ["population=在职"])
        #expect(found("急诊抢救") == ["stay_type=急诊", "scenario=急诊"])
    }

    @Test func `one phrase may serve several types`() {
        #expect(Set(found("急诊")) == ["scenario=急诊", "stay_type=急诊"])
    }

    @Test func `a phrase with several values has alternatives`() {
        let entity = Sample.entities("给老的交").first
        #expect(entity?.value == "")
        #expect(entity?.alternatives == ["父母", "配偶"])
    }

    @Test func `a phrase misspelt by ear is still made out`() {
        let entity = Sample.entities("居名医保怎么交").first
        #expect(entity?.value == "居民")
        #expect(entity?.certainty == .fuzzy)
        #expect(found("集诊") == [])
        let asked = Sample.entities("集诊", Expectation(types: ["scenario"])).first
        #expect(asked?.value == "急诊")
        #expect(asked?.certainty == .fuzzy)
    }

    @Test func `no phrase begins in the midst of a place's name`() {
        #expect(found("聊城职工") == ["place=371500", "insurance=职工"])
        #expect(found("城职") == ["insurance=居民"])
    }

    @Test func `a phrase may hold a place, whichever that is`() {
        #expect(found("我妈跟我在聊城住") == ["stay_type=长期", "place=371500"])
        let entities = Sample.entities("我妈跟我在聊城住")
        #expect(entities.map(\.text) == ["跟我在聊城住", "聊城"])
        #expect(found("跟我在家住") == [])
        #expect(found("跟我在{place}住") == [])
    }

    @Test func `a phrase with a place in it is the longer one`() {
        #expect(found("集镇看急诊").contains("stay_type=急诊"))
        #expect(
            found("从济南到聊城急诊").filter { $0.hasPrefix("stay_type") } == ["stay_type=转运"])
    }

    @Test func `letters count only as whole words`() {
        #expect(found("用app办") == ["channel=线上"])
        #expect(found("happy") == [])
        #expect(found("apple") == [])
    }

    @Test(arguments: [
        ("除了住院", "scenario=住院!"), ("不是门诊", "scenario=门诊!"), ("不要职工的", "insurance=职工!"),
        ("是不是住院", "scenario=住院"), ("特别住院", "scenario=住院"), ("有没有住院", "scenario=住院"), ("没住院", "scenario=住院!"),
        ("不要去住院", "scenario=住院!"), ("没做门诊", "scenario=门诊!"),
    ])
    func `what is ruled out is marked`(text: String, expected: String) {
        #expect(found(text) == [expected])
    }

    @Test(arguments: [
        ("没有", ["referral=没有"]), ("没有的", ["referral=没有"]), ("没有，就是想去", ["referral=没有"]),
        ("没有我自己去的", ["referral=没有"]),
        ("有", ["referral=有"]), ("没有转诊单", ["referral=没有"]), ("没有啥转诊单", ["referral=没有"]), ("没有啥手机", []),
        // 没有 and 有 that belong to another word.
        ("没有手机", []), ("还有呢", []), ("有八千多", []), ("没有住院", ["scenario=住院!"]),
    ])
    func `that there is none answers by itself only`(text: String, expected: [String]) {
        #expect(found(text).filter { !$0.hasPrefix("number") } == expected)
    }

    @Test func `the fingerprint changes with any entry`() {
        let changed = Sample.entries.dropLast() + [LexiconEntry(type: "relation", phrase: "老的", value: "子女")]
        #expect(Lexicon(Array(changed)).fingerprint != Sample.lexicon.fingerprint)
        #expect(Lexicon(Sample.entries).fingerprint == Sample.lexicon.fingerprint)
    }

    @Test func `an empty lexicon finds nothing`() {
        let model = UnderstandingModel(training: TrainingSet(examples: []), lexicon: Lexicon([]))
        let result = model.understand("去北京看病")
        #expect(result.entities.isEmpty && result.intent == nil && result.ranking.isEmpty)
    }
}
