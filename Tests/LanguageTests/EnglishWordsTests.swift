import Language
import Testing

struct EnglishWordsTests {
    private static func read(_ text: String) -> NormalizedText {
        var result = Normalizer.normalize(text)
        EnglishWords.read(&result)
        return result
    }

    @Test(arguments: [
        ("我想apply一下异地就医", "我想申请一下异地就医"), ("医保card丢了怎么办", "医保卡丢了怎么办"), ("那个premium要交多少", "那个保费要交多少"),
        ("我 dad 的医保", "我爸爸的医保"), ("boss不给交", "老板不给交"), ("Reimbursement是 how much？", "报销是多少钱?"),
        ("能不能online办", "能不能网上办"),
    ])
    func `a word is read as the Chinese one`(text: String, read: String) {
        #expect(Self.read(text).string == read)
    }

    @Test(arguments: [
        ("hi，那个保费要交多少", "那个保费要交多少"), ("please帮我查下", "帮我查下"), ("ok 那门诊呢", "那门诊呢"),
        ("保费要交多少，by the way", "保费要交多少,"),
        ("医保，actually，能报多少", "医保,能报多少"), ("the保费of医保", "保费医保"),
    ])
    func `what says nothing is left out`(text: String, read: String) {
        #expect(Self.read(text).string == read)
    }

    @Test(arguments: [("hi", "你好"), ("thanks!", "谢谢!"), ("OK可以", "好的可以"), ("thank you very much", "谢谢")])
    func `by itself it is what it says`(text: String, read: String) {
        #expect(Self.read(text).string == read)
    }

    @Test(arguments: [
        ("how do I register for treatment in Beijing", "我怎么备案看病在beijing"), ("I lost my card", "我丢了我卡"),
        ("my爸的insurance", "我爸的医保"),
        ("can he take it", "能不能拿"), ("help us", "帮忙我们"),
    ])
    func `whole sentences are read word by word`(text: String, read: String) {
        #expect(Self.read(text).string == read)
    }

    @Test(arguments: [
        ("cards", "卡"), ("stopped", "停止"), ("applies", "申请"), ("cancelling", "取消"), ("doctor's", "医生"),
        ("using", "用"),
    ])
    func `endings make no difference`(word: String, read: String) {
        #expect(Self.read("这个\(word)那个").string == "这个\(read)那个")
    }

    @Test(arguments: [
        "nali you zhe ge", "zen me ban", "wo he ta", "可以you几个", "IT行业", "去US看病", "做CT多少", "h5页面",
        "photoshop怎么装", "医保",
    ])
    func `pinyin and what is not known stay`(text: String) {
        #expect(Self.read(text) == Normalizer.normalize(text))
    }

    @Test func `a word of several that is found stands for them all`() throws {
        let text = Self.read("查my dad的卡")
        #expect(text.string == "查我爸的卡")
        #expect(text.originalRange(1..<3) == 1..<7)
        #expect(text.originalRange(2..<3) == 1..<7)
        #expect(text.originalRange(3..<5) == 7..<9)
    }
}
