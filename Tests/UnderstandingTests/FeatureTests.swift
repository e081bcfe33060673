import Conversation
import Testing
import Understanding

/// Which features two texts have in common, seen from outside: by how alike they are to an example.
@Suite struct FeatureTests {
    private func likeness(_ text: String, to example: String) -> Double {
        let training = TrainingSet(
            examples: [.init(text: example, intent: "stop"), .init(text: "缴费", intent: "pay")])
        let model = UnderstandingModel(training: training, lexicon: Lexicon([]))
        let nearest = NearestExamples(training, model: model).nearest(to: text, count: 2)
        return nearest.first { $0.example.text == example }?.similarity ?? 0
    }

    @Test func `two characters count together whichever comes first`() {
        let same = likeness("云停天保河", to: "停了保")
        #expect(same > 0)
        #expect(abs(likeness("云保天停河", to: "停了保") - same) < 1e-6)
    }

    @Test func `two characters count together up to eight apart`() {
        let training = TrainingSet(
            examples: [.init(text: "停保", intent: "stop"), .init(text: "缴费", intent: "pay")])
        let model = UnderstandingModel(training: training, lexicon: Lexicon([]))
        let near = model.explain("停天地人和风雨山保河云")
        let far = model.explain("停天地人和风雨山河保云")
        #expect(near.result.ranking.first?.intent == "stop")
        #expect(near.margin > far.margin + 1e-3)
    }

    @Test func `each of more classes than a vector has lanes gets its own weights`() {
        let words = "停保 缴费 报销 住院 门诊 买药 备案 转移 退休 补缴 绑定 解绑 津贴 产检 电话 地址 投诉 余额 密码 年限".split(separator: " ")
        let training = TrainingSet(
            examples: words.flatMap { word in
                ["\(word)", "问\(word)", "\(word)呢"].map { .init(text: $0, intent: String(word)) }
            })
        let model = UnderstandingModel(training: training, lexicon: Lexicon([]))
        for word in words {
            #expect(model.understand("那个\(word)的事").ranking.first?.intent == String(word))
        }
    }
}
