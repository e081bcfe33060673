import Conversation
import Understanding
import Testing

@Suite struct QuantityEntityTests {
    private func found(_ text: String, _ types: [String] = [], choices: Int = 0) -> [String] {
        let expecting = types.isEmpty && choices == 0 ? nil : Expectation(types: types, choices: choices)
        return Sample.entities(text, expecting).filter { $0.type != "place" && $0.type != "scenario" }
            .map { "\($0.type)=\($0.value)" + ($0.certainty == .approximate ? "~" : "") }
    }

    @Test(arguments: [
        ("住院花了两万三", ["amount=23000"]), ("2w3能报多少", ["amount=23000"]), ("一共23,000块", ["amount=23000"]),
        ("花了一万出头", ["amount=10000~"]), ("住院报销标准2025", ["year=2025"]), ("大病保险起付线2026", ["year=2026"]),
        ("2024住院花了3000报多少", ["year=2024", "amount=3000"]), ("花了2025能报多少", ["amount=2025"]),
        ("医药费一共2030", ["amount=2030"]), ("门诊报销2600", ["amount=2600"]),
        ("花了好几千", []), ("断了三个月", ["duration=3"]), ("断了一年", ["duration=12"]), ("断了一年半", ["duration=18"]),
        ("停了半年", ["duration=6"]),
        ("交了15年", ["years=15"]), ("25年的标准", ["year=2025"]), ("今年多少钱", ["year=今年"]), ("六十八了", ["age=68"]),
        ("我妈刚满70", ["age=70"]),
        ("我今年68", ["age=68"]), ("68岁", ["age=68"]), ("报百分之七十", ["percent=70"]), ("住了12天", ["days=12"]),
        ("第二个", ["ordinal=2"]),
        ("两万三", ["number=23000"]), ("13800138000", []), ("证号370102********1234", []),
        ("花了万把块", ["amount=10000~"]), ("花了小两万", ["amount=20000~"]), ("一共两三万", ["amount=20000-30000~"]),
        ("花了3到5万", ["amount=30000-50000~"]), ("总共5000-8000", ["amount=5000-8000~"]),
        ("花了百十块", ["amount=100~"]),
        ("断了两三个月", ["duration=2-3~"]), ("停了一两年", ["duration=12-24~"]), ("断了个把月", ["duration=1~"]),
        ("停了大半年", ["duration=6~"]), ("断了一年零三个月", ["duration=15"]), ("交了十五年半", ["years=15.5"]),
        ("交了二十年零三个月", ["years=20.25"]), ("交了十七八年", ["years=17-18~"]), ("我妈六十好几", ["age=60~"]),
        ("我爸奔七十了", ["age=70~"]), ("我爹八十整", ["age=80"]), ("五六十岁", ["age=50-60~"]), ("娃六个月大", ["age=0"]),
        ("住了俩礼拜", ["days=14"]), ("躺了十天半个月", ["days=10-15~"]), ("去年下半年断的", ["year=去年"]),
        ("大前年交的", ["year=大前年"]), ("上半年没交", ["time=上半年"]), ("下礼拜去办", ["time=下周"]), ("上个月断的", ["duration=1"]),
        ("上上个月就没交", ["duration=2"]), ("上个月交的，断不了", ["time=上月"]), ("上个月", ["time=上月"]),
        ("报七八成", ["percent=70-80~"]), ("报70个点", ["percent=70"]),
        ("网上百度一下", []), ("晚上万一发烧", []), ("千万别断", []), ("早上月饼吃多了", []),
    ])
    func `numbers mean what their surroundings say`(text: String, expected: [String]) {
        #expect(found(text) == expected)
    }

    @Test(arguments: [
        ("68", ["age"], ["age=68"]), ("六十八", ["age"], ["age=68"]), ("两万三", ["amount"], ["amount=23000"]),
        ("8000", ["amount"], ["amount=8000"]),
        ("3", ["duration"], ["duration=3"]), ("三个", ["duration"], ["duration=3"]),
        ("一年", ["duration"], ["duration=12"]), ("25", ["year"], ["year=2025"]),
        ("25年", ["year"], ["year=2025"]), ("20", ["years"], ["years=20"]), ("25年", ["years"], ["years=25"]),
        ("300", ["age"], ["number=300"]), ("上个月", ["duration"], ["duration=1"]),
        ("仨月多", ["duration"], ["duration=4"]), ("三个月多点", ["duration"], ["duration=4"]),
        ("四个月零几天", ["duration"], ["duration=5"]), ("一个季度", ["duration"], ["duration=3"]),
        ("一百天", ["duration"], ["duration=4"]), ("90天", ["duration"], ["duration=3"]),
        ("90天", [], ["days=90"]),
        ("上个月交了", ["duration"], ["time=上月"]), ("下个月", ["duration"], ["time=下月"]),
    ])
    func `a bare number is what was asked for`(text: String, types: [String], expected: [String]) {
        #expect(found(text, types) == expected)
    }

    @Test func `a bare number points at a choice on display`() {
        #expect(found("2", [], choices: 3) == ["ordinal=2"])
        #expect(found("二", [], choices: 3) == ["ordinal=2"])
        #expect(found("②", [], choices: 3) == ["ordinal=2"])
        #expect(found("5", ["age"], choices: 3) == ["age=5"])
    }

    @Test func `a rough figure keeps its words`() {
        func words(_ text: String) -> [String] {
            Sample.entities(text, nil).filter { $0.type == "amount" }.map(\.text)
        }
        #expect(words("住院花了小两万") == ["小两万"])
        #expect(words("总共不到五千块") == ["不到五千块"])
        #expect(words("花了三万到五万吧") == ["三万到五万"])
        #expect(words("药费万把来块钱") == ["万把来块钱"])
        let between = Sample.entities("花了两三万", nil).filter(\.isBetween)
        #expect(between.map(\.value) == ["20000-30000"])
        #expect(Sample.entities("欠了-500元", nil).allSatisfy { !$0.isBetween })
    }

    private func roles(_ text: String, _ types: [String] = []) -> [String] {
        let expecting = types.isEmpty ? nil : Expectation(types: types)
        return Sample.entities(text, expecting).filter {
            ["amount", "count", "days", "years"].contains($0.type)
        }
        .map { "\($0.value) \($0.role ?? "")" }
    }

    @Test(arguments: [
        ("住院花了两万三", ["23000 "]), ("今年已经报了400元", ["400 used"]), ("报过大概两千块", ["2000 used"]),
        ("花了三万，已报销1万", ["30000 ", "10000 used"]), ("能报2000元吗", ["2000 "]),
        ("单位月平均工资6000", ["6000 wage"]), ("缴费基数是5182元", ["5182 wage"]), ("平均养老金3500元", ["3500 pension"]),
        ("我养老金4200", ["4200 own_pension"]), ("退休工资一个月三千六", ["3600 own_pension"]),
        ("花了8万，其中自费药2万", ["80000 ", "20000 outside"]), ("花了8万，2万自费", ["80000 ", "20000 outside"]),
        ("自费花了2万", ["20000 part"]), ("3万是医保范围外的", ["30000 outside"]),
        ("一共五万，有八千是目录外的", ["50000 ", "8000 outside"]), ("丙类药三千", ["3000 outside"]),
        ("花了8万，医保内的6万5", ["80000 ", "65000 inside"]), ("总共10万块，8万5块是可报销的", ["100000 ", "85000 inside"]),
        ("总费用12万，政策范围内费用是九万", ["120000 ", "90000 inside"]), ("押金交了3000花了8000", ["3000 deposit", "8000 "]),
        ("住院花了4万，对方赔了2万", ["40000 ", "20000 others"]), ("学平险报了三千", ["3000 others"]),
        ("车主垫了5000", ["5000 others"]), ("5000是对方给的", ["5000 others"]), ("住院押金要先交五万吗", ["50000 deposit"]),
        ("医保已经报了3000", ["3000 used"]), ("住院花了20万，自己掏了8万", ["200000 ", "80000 own"]),
        ("自己掏了8万", ["80000 borne"]),
        ("前头已经花了1500", ["1500 earlier"]), ("上个月还花了700", ["700 earlier"]),
        ("我前面住过一次花了9000", ["1 ", "9000 earlier"]),
        ("听人说是1300起付", ["1300 threshold"]), ("住院花了3wan", ["30000 "]), ("一天花八百，住了十天", ["1 ", "8000 ", "10 "]),
        ("前面花过1200，这次又花了900", ["1200 earlier", "900 latest"]),
        ("今年花了700，这回花了2600", ["700 ", "2600 latest"]), ("已经花了3万能报多少", ["30000 "]),
        ("花了600，医保已经用了200", ["600 ", "200 drawn"]), ("花了600，用掉200额度了", ["600 ", "200 used"]),
        ("看牙花了65能报吗", ["65 "]), ("2万到30万报几成", ["20000-300000 threshold"]),
        ("超过30万的部分报多少", ["300000 threshold"]), ("花了超过3万能报吗", ["30000 "]),
        ("5万以内报几成", ["50000 threshold"]), ("花了5万报几成", ["50000 "]),
        ("两大人一学生", ["2 adult", "1 child"]), ("家里3个大人2个孩子", ["3 adult", "2 child"]),
        ("大人2个孩子1个", ["2 adult", "1 child"]), ("孩子0个", ["0 child"]), ("老人有两个，一个学生", ["2 elder", "1 child"]),
        ("两个孩子，老人1个", ["2 child", "1 elder"]),
        ("一个老人要交", ["1 elder"]), ("两个人一共交多少", ["2 adult"]), ("两个人怎么交", ["2 "]),
        ("累计25年实缴14年", ["25 ", "14 actual"]), ("实际缴费只有十二年", ["12 actual"]),
        ("交了十八年，十五年是实缴", ["18 ", "15 actual"]),
        ("产假批了158天", ["158 leave"]), ("住了12天院", ["12 "]), ("98天产假", ["98 leave"]),
    ])
    func `words beside an amount say what it is`(text: String, expected: [String]) {
        #expect(roles(text) == expected)
    }

    @Test(arguments: [
        ("-500元", ["-500 "]), ("负五百块", ["-500 "]), ("5000-8000块", ["5000-8000 "]), ("花了－300块", ["-300 "]),
    ])
    func `a sign belongs to the amount, a dash between two figures does not`(text: String, expected: [String])
    {
        #expect(roles(text, ["amount"]).suffix(1) == expected.suffix(1))
    }
}
