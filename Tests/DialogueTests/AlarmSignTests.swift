import Conversation
import Dialogue
import Testing

/// What tells of danger to life without a word for it.
@Suite struct AlarmSignTests {
    private let program = DialogueProgram(
        slots: [], flows: [], menu: [],
        words: DialogueWords(
            [.calm: ["报"], .over: ["好了"], .supposition: ["要是"]],
            alarms: [
                AlarmSign(words: ["血压"], threshold: 180),
                AlarmSign(words: ["摔", "跌"], beside: ["动不了"]),
            ]))

    private func isAlarm(_ text: String, _ figure: String? = nil) -> Bool {
        let entities = [figure].compactMap { $0 }.map {
            Entity(type: "number", text: $0, value: $0, range: 0..<0).placed(in: text)
        }
        return program.isAlarming(
            NLUResult(text: text, intent: nil, score: 0, ranking: [], entities: entities))
    }

    @Test func `a reading is one from its figure on, and only of what is measured`() {
        #expect(isAlarm("血压都到了200", "200"))
        #expect(isAlarm("180的血压", "180"))
        #expect(!isAlarm("血压150", "150"))
        #expect(!isAlarm("血压不高，床位号是200", "200"))
    }

    @Test func `two things make one when both are said`() {
        #expect(isAlarm("跌了一跤动不了"))
        #expect(!isAlarm("跌了一跤"))
        #expect(!isAlarm("手机动不了"))
    }

    @Test(arguments: ["摔得动不了，能报吗", "摔得动不了，好了", "要是摔得动不了"])
    func `what it costs, what is over and what is supposed is none`(text: String) {
        #expect(!isAlarm(text))
    }
}
