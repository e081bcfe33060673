import Conversation
import Language
import Understanding
import Testing

@Suite struct CorrectionTests {
    private func readAs(_ text: String) -> String? { Sample.model.explain(text).readAs }

    @Test(arguments: [
        ("异地就医被案怎么办理", "异地就医备案怎么办理"),  // the same sound
        ("醫保斷了三個閱怎么捕", "医保断了三个月怎么补"),  // traditional besides
        ("帮我蒜一下能豹销多少", "帮我算一下能报销多少"),
        ("zhuyuan要不要beian", "住院要不要备案"),  // letters
        ("跨省就医怎么记登", "跨省就医怎么登记"),  // the wrong way round
    ])
    func `a mistyped text is read as it was meant`(typed: String, meant: String) {
        let result = readAs(typed)?.replacing("[duration]", with: "三个月")
        #expect(result == meant)
        #expect(Sample.model.understand(typed).intent == Sample.model.understand(meant).intent)
    }

    @Test(arguments: Sample.training.examples.map(\.text) + ["去天津看病要不要备案", "医保断了两个月", "ok", "。", "魑魅魍魉"])
    func `what is written well stays as it is`(text: String) {
        #expect(readAs(text) == nil)
    }

    @Test func `a word that is put right is found where it was typed, and is only likely`() {
        let found = Sample.entities("我zhuyuan花了两万三").filter { $0.type == "scenario" }
        #expect(
            found == [
                Entity(type: "scenario", text: "zhuyuan", value: "住院", range: 1..<8, certainty: .fuzzy)
            ])
        #expect(Sample.entities("住院花了两万三").first { $0.type == "scenario" }?.certainty == .exact)
    }

    @Test func `entities keep their places in what is read`() {
        #expect(readAs("去济南看病怎么被案") == "去[place]看病怎么备案")
        #expect(Sample.places("去济南看病怎么被案") == ["370100@destination"])
    }

    @Test func `a character left out costs nothing where its neighbours tell it`() {
        for text in ["跨省就怎么登记", "帮我算下能报销多少钱", "断缴后怎么续上"] {
            let whole = Sample.model.understand(text)
            #expect(whole.ranking.first?.score ?? 0 > 0.5)
            #expect(!whole.isRejected)
        }
    }

    @Test func `a word that training holds in letters is read as characters where those fit better`() {
        let examples = [
            "社保卡在哪里办", "社保卡怎么办", "社保卡丢了怎么办", "shebao zenme jiao", "医保在哪里交", "医保怎么交", "这个医保怎么用",
        ]
        let model = UnderstandingModel(
            training: TrainingSet(examples: examples.map { .init(text: $0, intent: $0) }),
            lexicon: Lexicon([]))
        #expect(model.explain("shebao卡在哪里办").readAs == "社保卡在哪里办")
        #expect(model.explain("shebao zenme jiao").readAs == nil)
    }

    @Test func `nothing is put right without examples in Chinese`() {
        let english = UnderstandingModel(
            training: TrainingSet(examples: [
                .init(text: "where is my card", intent: "card"),
                .init(text: "send money home", intent: "money"),
            ]), lexicon: Lexicon([]))
        #expect(english.explain("wo yao beian").readAs == nil)
    }
}
