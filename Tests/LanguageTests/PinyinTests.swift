import Language
import Testing

@Suite struct PinyinTests {
    @Test(arguments: [
        ("济南", "jinan"), ("聊城", "liaocheng"), ("医保", "yibao"), ("绿", "lv"), ("重庆", "zhongqing"),
        ("参保", "canbao"),
    ])
    func `characters are spelt`(text: String, spelling: String) {
        #expect(Pinyin.spelling(text) == spelling)
    }

    @Test(arguments: [
        ("被案", "备案"), ("公计", "共济"), ("易地", "异地"), ("补脚", "补缴"), ("断教", "断交"), ("农医保", "龙医保"), ("辽城", "聊城"),
    ])
    func `what is confused by ear sounds alike`(left: String, right: String) {
        func sound(_ text: String) -> [Pinyin.Syllable] { text.unicodeScalars.map { Pinyin.fuzzy($0.value) } }
        #expect(sound(left) == sound(right))
        #expect(!sound(left).contains(0))
    }

    @Test func `letters and unknown characters have no reading`() {
        #expect(Pinyin.fuzzy(0x61) == 0)
        #expect(Pinyin.syllable(0x20000) == 0)
        #expect(Pinyin.spelling("a") == nil)
    }

    @Test(arguments: [
        ("zhang", "zan"), ("shi", "si"), ("neng", "len"), ("ming", "min"), ("hong", "hong"),
        ("chuang", "cuan"), ("an", "an"), ("n", "n"),
    ])
    func `confusable sounds are merged`(spelling: String, merged: String) {
        #expect(Pinyin.loosened(spelling) == merged)
    }
}
