import Language
import Testing

@Suite struct NumeralTests {
    /// What is written, its value, and whether it is a rough figure.
    static let forms: [(String, String, Bool)] = [
        ("0", "0", false), ("5", "5", false), ("23000", "23000", false), ("23,000", "23000", false),
        ("1,234,567", "1234567", false),
        ("１２３", "123", false), ("2.3万", "23000", false), ("1.5w", "15000", false), ("2w3", "23000", false),
        ("2W3", "23000", false),
        ("8k", "8000", false), ("1.2k", "1200", false), ("2w", "20000", false), ("1万2", "12000", false),
        ("1万2千", "12000", false),
        ("1万2千5", "12500", false), ("3千", "3000", false), ("3千5", "3500", false), ("5百", "500", false),
        ("0.5", "0.5", false), ("12.75", "12.75", false), ("0.3万", "3000", false), ("1万零500", "10500", false),
        ("1万0500", "10500", false),
        ("一", "1", false), ("两", "2", false), ("俩", "2", false), ("仨", "3", false), ("十", "10", false),
        ("十五", "15", false),
        ("二十", "20", false), ("二十三", "23", false), ("六十八", "68", false), ("九十九", "99", false),
        ("一百", "100", false),
        ("一百二", "120", false), ("一百二十", "120", false), ("一百零二", "102", false), ("一百〇二", "102", false),
        ("一百一十一", "111", false),
        ("二百五", "250", false), ("两百", "200", false), ("三百六十五", "365", false), ("一千", "1000", false),
        ("一千二", "1200", false),
        ("两千五", "2500", false), ("两千零五", "2005", false), ("两千零五十", "2050", false), ("两千零五十五", "2055", false),
        ("三千八百", "3800", false), ("三千八百六", "3860", false), ("三千八百六十", "3860", false), ("一万", "10000", false),
        ("两万三", "23000", false), ("两万三千", "23000", false), ("两万三千五", "23500", false),
        ("三万零五百", "30500", false),
        ("三万零五", "30005", false), ("十万", "100000", false), ("十二万", "120000", false),
        ("十二万五", "125000", false),
        ("二十万", "200000", false), ("一百万", "1000000", false), ("三百五十万", "3500000", false),
        ("一千万", "10000000", false),
        ("一亿", "100000000", false), ("一亿两千万", "120000000", false), ("贰万", "20000", false),
        ("贰万叁仟", "23000", false),
        ("壹佰贰拾叁", "123", false), ("伍仟", "5000", false), ("萬", "", false), ("兩萬三", "23000", false),
        ("陸佰", "600", false),
        ("一点五", "1.5", false), ("一点五万", "15000", false), ("两点三万", "23000", false), ("零点五", "0.5", false),
        ("二零二五", "2025", false), ("二〇二五", "2025", false), ("一九九八", "1998", false), ("一二三", "123", false),
        ("二五", "25", false),
        ("一万出头", "10000", true), ("三千多", "3000", true), ("两万左右", "20000", true), ("5000上下", "5000", true),
        ("一百来", "100", true),
        ("三十多万", "300000", true), ("五千余", "5000", true), ("三千几", "3000", true), ("2万多", "20000", true),
        ("8k多", "8000", true),
        ("十来", "10", true), ("二十几", "", true), ("一万二千多", "12000", true), ("1.5万左右", "15000", true),
        ("三十来万", "300000", true),
        ("万把", "10000", true), ("千把", "1000", true), ("百十来", "100", true), ("六十好几", "60", true),
        ("五千不到", "5000", true), ("1w+", "10000", true), ("1,2345", "12345", false), ("千儿八百", "", true),
        ("一万五六", "", true), ("十七八", "", true),
        ("好几千", "", true), ("几千", "", true), ("几万", "", true), ("十几万", "", true), ("十几", "", true),
        ("数千", "", true),
        ("两三千", "", true), ("两三万", "", true), ("七八百", "", true), ("七八十", "", true), ("三四", "", true),
        ("万一", "", false), ("千万", "", false), ("百", "", false), ("几", "", false), ("数", "", false),
    ]

    @Test(arguments: forms) func `TXT-06 a number is read however it is written`(
        text: String, value: String, isRough: Bool
    ) {
        let found = Numerals.scan(Normalizer.normalize(text))
        if value.isEmpty, isRough {
            #expect(found.count == 1 && found[0].value == nil)
        } else if value.isEmpty {
            #expect(found.isEmpty)
        } else {
            #expect(found.count == 1)
            #expect(found.first?.value?.description == value)
            #expect(found.first?.isApproximate == isRough)
            #expect(Numerals.parse(text)?.value?.description == value)
        }
    }

    @Test(arguments: ["b12", "covid19", "3d打印", "v2ex", "١٢", "①", "x1y2"])
    func `figures inside words of letters are no numbers`(text: String) {
        #expect(Numerals.scan(Normalizer.normalize(text)).isEmpty)
    }

    @Test func `numbers too long to hold are passed over`() {
        #expect(Numerals.scan(Normalizer.normalize(String(repeating: "1", count: 4096))).isEmpty)
        #expect(
            Numerals.scan(Normalizer.normalize(String(repeating: "九", count: 4096))).allSatisfy {
                $0.value == nil || $0.digits < 14
            })
    }

    @Test func `several numbers of a text are found in order`() {
        let text = Normalizer.normalize("住了12天,花了两万三,报了8k")
        #expect(Numerals.scan(text).map { $0.value?.description } == ["12", "23000", "8000"])
    }

    @Test(arguments: [
        ("工资六千 98天", ["6000", "98"]), ("花了两万三 三甲", ["23000", "3"]), ("两万三", ["23000"]),
        ("一个月六千，98天", ["1", "6000", "98"]), ("八万三级医院", ["80000", "3"]), ("一万二三级医院", ["12000", "3"]),
        ("5千二甲", ["5000", "2"]), ("花了两万一级医院", ["20000", "1"]), ("三千二个孩子", ["3000", "2"]),
        ("六千三天", ["6000", "3"]),
        ("八万三天津的医院", ["83000"]), ("三万五个人掏多少", ["35000"]), ("三千五百个", ["3500"]), ("一万三年薪", ["13000"]),
    ]) func `a number ends where another begins`(text: String, values: [String]) {
        #expect(Numerals.scan(Normalizer.normalize(text)).compactMap { $0.value?.description } == values)
    }
}
