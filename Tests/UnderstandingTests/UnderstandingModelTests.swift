import Conversation
import Language
import Understanding
import Testing

@Suite struct UnderstandingModelTests {
    @Test(arguments: [
        ("去济南看病怎么备案", "filing"), ("我要异地备案", "filing"), ("医保断了五个月怎么续上", "lapse"), ("断教了怎么补脚", "lapse"),
        ("花了4万能报多少", "calc"),
        ("住院花了12000报多少", "calc"), ("你好啊", "greet"), ("異地就醫備案怎麼辦理", "filing"), ("异地就医被案怎么办理", "filing"),
    ])
    func `an utterance near the examples gets their intent`(text: String, intent: String) {
        #expect(Sample.model.understand(text).intent == intent)
    }

    @Test func `an example itself is certain`() {
        let result = Sample.model.understand("异地就医 备案，怎么办理？")
        #expect(result.intent == "filing")
        #expect(result.score == 1)
        #expect(result.ranking.first == IntentScore(intent: "filing", score: 1))
    }

    @Test(arguments: ["plumbus xyzzy", "゙ほげほげ", "魑魅魍魉", "qwertyuiop asdfgh"])
    func `what is like no example is rejected, and the candidates are still shown`(text: String) {
        let result = Sample.model.understand(text)
        #expect(result.intent == nil && result.isRejected)
        #expect(!result.ranking.isEmpty)
        #expect(result.score == result.ranking.first?.score)
    }

    @Test(arguments: ["", "  ", "　", "🙂", "？？？", "\u{200B}", "。"])
    func `text that says nothing gets no guess`(text: String) {
        let result = Sample.model.understand(text)
        #expect(result == NLUResult(text: text, intent: nil, score: 0, ranking: [], entities: []))
    }

    @Test func `scores are probabilities, best first`() {
        for text in ["怎么备案", "报多少", "断了", "你好", "医保"] {
            let ranking = Sample.model.understand(text).ranking
            #expect(ranking.allSatisfy { (0...1).contains($0.score) })
            #expect(zip(ranking, ranking.dropFirst()).allSatisfy { $0.score >= $1.score })
            #expect(ranking.reduce(0) { $0 + $1.score } < 1.0001)
        }
    }

    @Test func `training twice gives the same bytes`() {
        let again = UnderstandingModel(training: Sample.training, lexicon: Lexicon(Sample.entries))
        #expect(again.encoded() == Sample.model.encoded())
    }

    /// Does the last piece first.
    private struct BackwardRunner: WorkRunner {
        func map<Value: Sendable>(_ count: Int, _ work: @Sendable (Int) -> Value) -> [Value] {
            (0..<count).reversed().map(work).reversed()
        }
    }

    @Test func `the order in which the work is done leaves no trace`() {
        let again = UnderstandingModel(
            training: Sample.training, lexicon: Sample.lexicon, runner: BackwardRunner())
        #expect(again.encoded() == Sample.model.encoded())
    }

    @Test func `classes trained apart make the same model`() {
        let trainer = UnderstandingModel.trainer(for: Sample.training, lexicon: Sample.lexicon)
        let parts = (0..<trainer.pieceCount).reversed().map { trainer.train(piece: $0) }
        #expect(trainer.model(from: parts.reversed()) == Sample.model.intents)
    }

    @Test(arguments: [
        ("咋整", "怎么办"), ("医保卡丢了咋弄", "医保卡丢了怎么办"), ("这要好多钱", "这要多少钱"), ("俺娘没得社保卡", "我妈没有社保卡"),
        ("喂，我想办转移", "我想办转移"), ("娃儿的卡在哪嘎达领噻", "孩子的卡在哪里领"), ("恁晓得不", "你知道不"),
        ("喂，", "喂，"), ("撒", "撒"), ("card lost", "card lost"),
        // Announcing a question, colour, laughter and tags are no part of it.
        ("麻烦问一哈，娃儿的卡在哪领", "孩子的卡在哪领"), ("我想跟您打听一下子 转移咋办", "转移怎么办"),
        ("哎，师傅，我问个事，这要啥", "这要什么"), ("要交好多钱伐噻", "要交多少钱"), ("太逗了哈哈", "太逗了"), ("卡丢了能不能补办，中不中", "卡丢了能不能补办,"),
        // But they are when nothing else is there, or when they belong to a question.
        ("我想问一下", "我想问一下"), ("我想问医保转移", "我想问医保转移"), ("这么办，中不中", "这么办,行不行"), ("问一下他", "问一下他"),
        ("咋恁少嘞", "怎么这么少"), ("恁家在哪", "你家在哪"), ("恁多大了", "你多大了"),
    ])
    func `TXT-11 words of dialects stand for the common ones`(said: String, plain: String) {
        let result = SpokenWords.plain(Normalizer.normalize(said).scalars)
        #expect(result == Normalizer.normalize(plain).scalars)
        #expect(SpokenWords.plain(result) == result)
    }

    @Test func `what was learnt of a common word serves for its dialects`() {
        let common = Sample.model.understand("异地看病怎么备案").ranking.first
        let dialect = Sample.model.understand("异地看病咋备案").ranking.first
        #expect(common?.intent == dialect?.intent && common?.score == dialect?.score)
    }

    @Test func `counts speak only where they help, and make the same model every time`() {
        // Three words an intent, told apart by rare words alone.
        let examples = (0..<6).flatMap { number in
            ["red", "blue", "green", "grey"].map { colour in
                TrainingSet.Example(text: "\(colour) thing number\(number) please", intent: "intent\(number)")
            }
        }
        let training = TrainingSet(examples: examples)
        let model = UnderstandingModel(training: training, lexicon: Lexicon([]))
        #expect(model.encoded() == UnderstandingModel(training: training, lexicon: Lexicon([])).encoded())
        #expect(
            (0..<6).allSatisfy {
                model.understand("white thing number\($0)").ranking.first?.intent == "intent\($0)"
            })
    }

    @Test func `a rare pair of words does not hide the features behind it`() {
        // Hundreds of pairs that occur once are left out; every word learnt must still be found.
        let examples = (0..<400).map {
            TrainingSet.Example(
                text: "alpha\($0) beta\($0 / 2) gamma\($0 % 7)", intent: $0 % 2 == 0 ? "even" : "odd")
        }
        let model = UnderstandingModel(training: TrainingSet(examples: examples), lexicon: Lexicon([]))
        for number in examples.indices {
            #expect(model.understand("alpha\(number)").ranking.first?.intent == examples[number].intent)
        }
    }

    @Test func `one class alone, or no examples, still make a model`() {
        let single = UnderstandingModel(
            training: TrainingSet(examples: [.init(text: "你好", intent: "greet")]), lexicon: Lexicon([]))
        #expect(single.understand("你好").intent == "greet")
        let none = UnderstandingModel(training: TrainingSet(examples: []), lexicon: Sample.lexicon)
        #expect(none.understand("济南医保").intent == nil)
        #expect(none.understand("济南医保").entities.count == 1)
    }

    @Test func `scratch memory carries nothing over`() {
        var workspace = Workspace()
        _ = Sample.model.understand("聊城的医保去北京看病,花了两万三", expecting: nil, &workspace)
        #expect(
            Sample.model.understand("断了三个月", expecting: nil, &workspace) == Sample.model.understand("断了三个月"))
    }

    @Test func `TXT-11 a long rant is understood by its beginning`() {
        let text = "异地就医怎么备案" + String(repeating: "啊", count: 3000)
        #expect(Sample.model.understand(text).entities.isEmpty)
    }

    @Test func `the nearest examples come first`() {
        let nearest = NearestExamples(Sample.training, model: Sample.model).nearest(to: "异地备案怎么办", count: 3)
        #expect(nearest.count == 3)
        #expect(nearest[0].example.intent == "filing")
        #expect(nearest[0].similarity >= nearest[1].similarity)
    }

    @Test func `an intent with few examples is learnt from its title too`() {
        let examples = [
            TrainingSet.Example(text: "my parcel is late", intent: "delivery_times"),
            .init(text: "the box has not come", intent: "delivery_times"),
            .init(text: "it was stolen", intent: "LostCard"),
            .init(text: "i cannot find mine", intent: "LostCard"),
        ]
        let model = UnderstandingModel(training: TrainingSet(examples: examples), lexicon: Lexicon([]))
        #expect(model.understand("card").ranking.first?.intent == "LostCard")
        #expect(model.understand("delivery").ranking.first?.intent == "delivery_times")
        let titled = UnderstandingModel(
            training: TrainingSet(examples: examples, titles: ["LostCard": "wallet"]), lexicon: Lexicon([]))
        #expect(titled.understand("wallet").ranking.first?.intent == "LostCard")
        #expect(titled.fingerprint != model.fingerprint)
    }

    @Test(arguments: [("yidi jiuyi beian", "filing"), ("zenme bujiao", "lapse"), ("duanlesangeyue", "lapse")])
    func `words typed in pinyin are read by their sound`(text: String, intent: String) {
        #expect(Sample.model.understand(text).ranking.first?.intent == intent)
    }

    @Test func `an explanation names the words that carried the decision`() {
        let explanation = Sample.model.explain("我想问备案的事")
        #expect(explanation.result == Sample.model.understand("我想问备案的事"))
        #expect(explanation.result.intent == "filing")
        #expect(Set(explanation.parts.prefix(2).map(\.text)) == ["备", "案"])
        #expect(
            explanation.parts.map(\.range).sorted { $0.lowerBound < $1.lowerBound }.map(\.count).allSatisfy {
                $0 == 1
            })
        #expect(explanation.margin > explanation.runnerUp)
        #expect(!explanation.isExample)
        #expect((0.1..<1).contains(explanation.knownCharacters))
        #expect(Sample.model.explain("备案要什么材料").isExample)
    }

    @Test func `TXT-11 a misspelt text is known by its sound and not rejected`() {
        let explanation = Sample.model.explain("异第旧医贝案怎么办里")
        #expect(explanation.result.intent == "filing")
        #expect(explanation.knownSounds > explanation.knownCharacters + 0.3)
    }

    @Test func `evidence ranks what belongs above what does not`() {
        let inside = Sample.model.understand("断了半年怎么补缴").evidence
        let outside = Sample.model.understand("帮我写一首关于月亮的诗").evidence
        #expect(inside > outside)
    }
}
