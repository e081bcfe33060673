import Language
import Testing

@Suite struct NormalizerTests {
    static let samples = [
        "", " ", "　　", "\u{200B}\u{200D}", "🙂👍🏽👨‍👩‍👧", "，。！？", "聊城的医保，去北京 看病怎么备案？？？", "２ｗ３　塊",
        "醫療保險 異地就醫", "Hello,  World APP", "jǐnán 濟南", "e\u{301}cole ÉCOLE", "㎡①②㋿ﷺﷺ", "医 保\u{200B}局",
        "a\u{202E}b\u{2066}c",
        "𠮷㐂·阿凡提", "한국어 ไทย العربية हिन्दी", "⼈⽤⾦", "\u{E0041}\u{E0042}医保\u{FE0F}\u{E000}\u{FFFE}", "３.５万；５，０００",
        "…… —— ～",
        "Straße ŁÓDŹ ǅ İ", "ΑΒΓ ΧΧ", "Москва", "12 34 5", "a , b", "e\u{20DD}\u{20DD}x",
        "ༀ\u{0F71}\u{0F72}\u{0F71}\u{0F72}",
    ]

    @Test(arguments: samples) func `normalising twice changes nothing`(text: String) {
        let once = Normalizer.normalize(text).string
        #expect(Normalizer.normalize(once).string == once)
    }

    @Test(arguments: samples) func `every normalised scalar points into the original, in order`(text: String)
    {
        let normalized = Normalizer.normalize(text)
        #expect(normalized.originalCount == text.unicodeScalars.count)
        var last = 0
        for index in 0..<normalized.count {
            let range = normalized.originalRange(index..<index + 1)
            #expect(range.lowerBound >= 0 && range.upperBound <= normalized.originalCount)
            #expect(range.lowerBound < range.upperBound)
            #expect(range.lowerBound >= last)
            last = range.lowerBound
        }
    }

    @Test(arguments: [
        ("２ｗ３ 塊", "2w3块"), ("醫療保險", "医疗保险"), ("濟南 槐蔭區", "济南槐荫区"), ("Hello   World", "hello world"),
        ("医保 APP 怎么用", "医保app怎么用"),
        ("jǐnán", "jinan"), ("ÉCOLE", "ecole"), ("e\u{301}", "e"), ("身\u{200B}份\u{FEFF}证", "身份证"),
        ("a\u{202E}b", "ab"),
        ("去北京？？？", "去北京?"), ("好的🙂谢谢", "好的谢谢"), ("ok🙂bye", "ok bye"), ("“备案”", "\"备案\""), ("５，０００", "5,000"),
        ("50㎡", "50m2"),
        ("①备案", "①备案"), ("٣个月", "٣个月"), ("⽤医保", "用医保"), ("𠮷野家", "𠮷野家"), ("Ａ\u{3000}Ｂ", "a b"),
        ("北京\n看病", "北京看病"),
        ("\u{E0041}医保\u{E0100}", "医保"), ("Москва", "москва"),
    ])
    func `TXT-04, TXT-06 and TXT-09 what is written differently reads the same`(raw: String, expected: String)
    {
        #expect(Normalizer.normalize(raw).string == expected)
    }

    @Test(arguments: ["", "   ", "　", "\u{200B}\u{2060}", "🙂🎉", "\u{202A}\u{202C}", "\u{E0001}"])
    func `TXT-01 and TXT-04 text without anything to read is empty`(text: String) {
        #expect(Normalizer.normalize(text).isEmpty)
    }

    @Test func `a range is reported as it was written`() {
        let raw = "我在 濟　南🙂看病"
        let normalized = Normalizer.normalize(raw)
        #expect(normalized.string == "我在济南看病")
        let range = normalized.originalRange(2..<4)
        #expect(range == 3..<6)
        #expect(raw.scalars(in: range) == "濟　南")
        #expect(normalized.hasGap(before: 3))
        #expect(normalized.hasGap(before: 4))
        #expect(normalized.hasGap(before: 2))
        #expect(!normalized.hasGap(before: 1))
    }

    @Test func `TXT-03 a letter under sixty thousand marks stays one letter`() {
        let text = "e" + String(repeating: "\u{301}", count: 60_000) + "保"
        let normalized = Normalizer.normalize(text)
        #expect(normalized.string == "e保")
        #expect(normalized.originalCount == 60_002)
    }

    @Test func `marks of other scripts are capped`() {
        let text = "ก" + String(repeating: "\u{0E34}", count: 1000)
        #expect(Normalizer.normalize(text).count <= 9)
    }

    @Test(arguments: ["\u{FDFA}", "㎡", "是", "（", "ᄀ", "㋿", "🙂", "\u{301}"])
    func `no input grows more than threefold`(unit: String) {
        for count in [1000, 2000, 4000] {
            let normalized = Normalizer.normalize(String(repeating: unit, count: count))
            #expect(normalized.count <= 3 * count)
        }
    }

    @Test func `what lies beyond the limit is not looked at`() {
        let normalized = Normalizer.normalize(String(repeating: "保", count: 40_000))
        #expect(normalized.count == Normalizer.limit)
        #expect(normalized.originalCount == 40_000)
    }

    @Test func `random scalars never trap and stay stable`() {
        var state: UInt64 = 20_250_317
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        for _ in 0..<2000 {
            var view = String.UnicodeScalarView()
            for _ in 0..<12 {
                let pick = next() % 4
                let value = UInt32(
                    truncatingIfNeeded: pick == 0
                        ? next() % 0x11_0000 : pick == 1 ? next() % 0x3100 : 0x4E00 + next() % 0x5200)
                if let scalar = Unicode.Scalar(value) { view.append(scalar) }
            }
            let once = Normalizer.normalize(String(view)).string
            #expect(Normalizer.normalize(once).string == once, "\(Array(view.map(\.value)))")
        }
    }
}
