import Conversation
import Dialogue
import Testing

/// What somebody puts right in the same breath.
@Suite struct SelfCorrectionTests {
    private func settled(_ text: String, _ entities: [Entity]) -> String? {
        DialogueProgram.small.withoutRetracted(
            NLUResult(
                text: text, intent: nil, score: 0, ranking: [],
                entities: entities.map { $0.range.lowerBound > 1 ? $0 : $0.placed(in: text) }
            ))
    }

    private func bills(_ words: (String, String)...) -> [Entity] {
        words.map { Entity(type: "amount", text: $0.0, value: $0.1, range: 0..<0) }
    }

    @Test func `the value said last counts, of every kind`() {
        #expect(
            settled(
                "甲市，不，乙市的，职工", [.place("甲市", "110000"), .place("乙市", "120000"), .value("insurance", "职工")])
                == "乙市的，职工")
        #expect(settled("花了一万，不是，两万，报多少", bills(("一万", "10000"), ("两万", "20000"))) == "花了两万，报多少")
        #expect(settled("花了2万，不对，花了3万", bills(("2万", "20000"), ("3万", "30000"))) == "花了3万")
        #expect(settled("长期，不对临时", [.value("stay", "长期"), .value("stay", "临时")]) == "临时")
    }

    @Test func `what is said again beside it is said once`() {
        #expect(
            settled(
                "甲市长期，不是，甲市临时",
                [
                    .place("甲市", "110000"), .value("stay", "长期"),
                    Entity(type: "place", text: "甲市", value: "110000", range: 8..<10), .value("stay", "临时"),
                ]) == "甲市临时")
    }

    @Test func `what only resembles it stays`() {
        // A value that is ruled out, and one that is told beside another.
        #expect(settled("甲市，不是乙市", [.place("甲市", "110000"), .place("乙市", "120000")]) == nil)
        #expect(settled("甲市不，乙市", [.place("甲市", "110000"), .place("乙市", "120000")]) == nil)
        #expect(settled("在甲市交，去乙市看病", [.place("甲市", "110000"), .place("乙市", "120000")]) == nil)
        // Another part.
        #expect(
            settled(
                "甲市的，不对，去乙市看病",
                [.place("甲市", "110000", role: "home"), .place("乙市", "120000", role: "destination")]) == nil)
        // More than a retraction stands between.
        #expect(settled("花了一万，不对啊单子上还写着药费，两万", bills(("一万", "10000"), ("两万", "20000"))) == nil)
        // A bare yes or no means nothing by itself.
        #expect(
            settled("有转诊，不对，没有", [.value("referral", "有"), .value("referral", "没有")]) == nil)
    }
}
