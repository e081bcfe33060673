import Language
import Testing

@Suite struct RedactorTests {
    // MARK: What is masked

    @Test(arguments: [
        ("身份证11010519491231002X。", "身份证110105********002X。"),
        ("我的手机是13812345678", "我的手机是138****5678"), ("+86 138 1234 5678", "+86 138 **** 5678"),
        ("一三八一二三四五六七八", "一三八****五六七八"), ("卡号6222020200112233444", "卡号***************3444"),
        ("医保号 37150012345", "医保号 *********45"), ("１３８１２３４５６７８", "１３８****５６７８"),
        ("138\u{200B}1234\u{200B}5678", "138\u{200B}****\u{200B}5678"),
    ]) func `PRI-05, TXT-05, TXT-06 and TXT-07 a number is masked in every spelling, its ends left readable`(
        text: String, expected: String
    ) {
        #expect(Redactor.redact(text).text == expected)
    }

    /// Of the old form, with a wrong check character or one that looks like it, of a birth to come, in groups; with the country in
    /// front, of a virtual operator.
    @Test(arguments: [
        ("身份证371501900101123", "身份证371501******123"), ("身份证110105194912310021", "身份证110105********0021"),
        ("身份证11010520991231002X", "身份证110105********002X"),
        ("身份证11010519491231002x", "身份证110105********002x"),
        ("身份证11010519491231002Χ", "身份证110105********002Χ"),
        ("身份证110105 19491231 002X", "身份证110105 ******** 002X"),
        ("身份证110105-19491231-002X", "身份证110105-********-002X"), ("电话+8613812345678", "电话+86138****5678"),
        ("电话008613812345678", "电话0086138****5678"), ("电话17012345678", "电话170****5678"),
        ("电话138-1234-5678", "电话138-****-5678"),
    ]) func `TXT-12 and TXT-13 identity and telephone numbers of every form are masked, right or wrong`(
        text: String, expected: String
    ) {
        #expect(Redactor.redact(text).text == expected)
    }

    @Test(arguments: [
        "12393", "400-123-4567", "0635-8288000", "2025年1月1日起", "国办发〔2021〕14号", "起付线1200元，封顶300000元", "第一二三条",
        "2026-01-01 08:30", "邮编252000", "报销比例85.5%", "医保发〔2022〕22号第3条第2款",
    ]) func `PRI-06 public numbers, dates and amounts stay as they are`(text: String) {
        #expect(Redactor.redact(text).kinds.isEmpty)
        #expect(Redactor.redact(text).text == text)
    }

    @Test(arguments: [
        ("社会保障卡号 C12345678", "社会保障卡号 C******78"), ("社会保障卡号C12345678", "社会保障卡号C******78"),
        ("医疗保险号 12345678", "医疗保险号 ******78"), ("社保编号1234567890", "社保编号********90"),
        ("保险号12345678", "保险号******78"), ("医保电脑号 612345678", "医保电脑号 *******78"),
        ("银行卡 6222 0212 3456 7890", "银行卡 **** **** **** 7890"),
        ("卡号6222 0212 3456 7890 123", "卡号**** **** **** ***0 123"),
        ("卡号6222-0212-3456-7890", "卡号****-****-****-7890"),
    ]) func `insurance numbers by every official name and cards in groups are masked`(
        text: String, expected: String
    ) {
        #expect(Redactor.redact(text).text == expected)
    }

    @Test(arguments: [
        ("(138)12345678", "(138)****5678"), ("（138）1234 5678", "（138）**** 5678"),
        ("138/1234/5678", "138/****/5678"), ("一三八，一二三四，五六七八", "一三八，****，五六七八"),
        ("138壹贰叁肆5678", "138****5678"), ("壹叁捌壹贰叁肆伍陆柒捌", "壹叁捌****伍陆柒捌"),
        ("叁柒壹伍零贰壹玖玖零零壹零壹壹贰叁肆", "叁柒壹伍零贰********壹贰叁肆"),
    ]) func `brackets, strokes, pauses and formal numerals hide no number`(text: String, expected: String) {
        #expect(Redactor.redact(text).text == expected)
    }

    @Test(arguments: [
        ("密码是123456", "密码是******"), ("验证码 884213", "验证码 ******"), ("验证码：8842，快点", "验证码：****，快点"),
        ("支付密码就是 Abc_123!", "支付密码就是 ********"), ("密码一二三四五六", "密码******"), ("我的密码是qwerty呀", "我的密码是******呀"),
        ("password is 123456", "password is ******"),
        ("Verification code: 884213", "Verification code: ******"),
        ("密码13812345678", "密码***********"),
    ]) func `passwords and codes named as such are masked to the last character`(
        text: String, expected: String
    ) {
        let result = Redactor.redact(text)
        #expect(result.text == expected)
        #expect(result.kinds.contains(.secret))
    }

    @Test(arguments: [
        "密码忘了怎么办", "密码是多少", "密码6位数", "密码错了3次，打12393吗", "验证码60秒没收到", "验证码1200秒有效", "密码在app里改", "密码2024年改的",
        "医保码怎么用", "邮政编码252000", "忘了密码打0635-8288000", "(0635)8288000", "工资3000 4000 5000 6000",
        "2025/01/01至2025/12/31", "报了130，1500，2000", "壹万贰仟叁佰肆拾伍元陆角", "2021 2022 2023 2024年", "保险号是啥",
    ]) func `words about them, office phones, dates, postcodes and amounts stay as they are`(text: String) {
        #expect(Redactor.redact(text).text == text)
        #expect(Redactor.redact(text).kinds.isEmpty)
    }

    /// What stands before and after, and between the digits.
    private static let frames = ["", "我的", "号码：", "打这个：", "（", "，", "麻烦记一下 "]
    private static let spellings: [@Sendable (String) -> String] = [
        { $0 }, { wide($0) }, { grouped($0, [3, 4, 4, 4, 4], " ") }, { grouped($0, [6, 8, 4], "-") },
        { grouped($0, [3, 4, 4, 4, 4], "\u{3000}") }, { $0.map { "\($0)\u{200B}" }.joined() },
        { grouped($0, [4, 4, 4, 4, 4], " ") }, { $0.replacingOccurrences("X", "x") },
    ]

    @Test func `PRI-06 of three thousand numbers in many spellings at least 995 in a thousand are masked`() {
        var random = Seeded(state: 7)
        var missed: [String] = []
        for round in 0..<3000 {
            let number: String
            switch round % 3 {
            case 0: number = identity(&random)
            case 1: number = "1\(3 + random.below(7))" + digits(9, &random)
            default: number = bankCard(&random)
            }
            let text =
                Self.frames[random.below(Self.frames.count)]
                + Self.spellings[round % Self.spellings.count](number)
                + Self.frames[random.below(Self.frames.count)]
            if Redactor.redact(text).kinds.isEmpty { missed.append(text) }
        }
        #expect(missed.count <= 15, "\(missed.prefix(20))")
    }

    @Test func `PRI-06 of two thousand policy numbers, dates and amounts at most one in a hundred is masked`()
    {
        var random = Seeded(state: 11)
        var hit: [String] = []
        for round in 0..<2000 {
            let year = 1990 + random.below(40), month = 1 + random.below(12), day = 1 + random.below(28)
            let text =
                switch round % 5 {
                case 0: "医保发〔\(year)〕\(1 + random.below(99))号"
                case 1: "\(year)年\(month)月\(day)日至\(year + 1)年\(month)月\(day)日"
                case 2:
                    "起付线\(random.below(3000))元，封顶\(random.below(900_000))元，报\(random.below(100)).\(random.below(10))%"
                case 3: "电话0\(310 + random.below(600))-\(2_000_000 + random.below(7_000_000))"
                default: "统筹区编码\(110_000 + random.below(500_000))，\(year)-\(month)-\(day)"
                }
            if !Redactor.redact(text).kinds.isEmpty { hit.append(text) }
        }
        #expect(hit.count <= 20, "\(hit.prefix(20))")
    }

    // MARK: Anything

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `TXT-09 any text keeps its length and everything but what is masked`(seed: UInt64) {
        let pieces = [
            "1", "3", "8", "0", "9", "５", "٣", "𝟖", "零", "一", "幺", "X", "x", "Х", " ", "-", "\u{200B}",
            "\u{FEFF}", ".",
            "身份证", "医保号", "密码", "验证码是", "(", "，", "/", "壹", "捌", "a", "\u{301}", "🙂", "\u{E0041}", "138",
            "110105", "19491231", "6222", "\u{FDFA}",
        ]
        var random = Seeded(state: seed)
        for _ in 0..<5000 {
            let text = (0..<random.below(60)).map { _ in pieces[random.below(pieces.count)] }.joined()
            let once = Redactor.redact(text)
            let before = Array(text.unicodeScalars), after = Array(once.text.unicodeScalars)
            #expect(before.count == after.count)
            for (old, new) in zip(before, after) where old != new { #expect(new == "*") }
            #expect(once.kinds.isEmpty == (once.text == text))
        }
    }

    // MARK: Numbers of nobody

    private func digits(_ count: Int, _ random: inout Seeded) -> String {
        String((0..<count).map { _ in Character("\(random.below(10))") })
    }

    private func identity(_ random: inout Seeded) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let body =
            "3715\(two(random.below(30)))\(1930 + random.below(90))\(two(1 + random.below(12)))\(two(1 + random.below(28)))"
            + digits(3, &random)
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(body, weights).reduce(0) { $0 + ($1.0.wholeNumberValue ?? 0) * $1.1 }
        return body + String(Array("10X98765432")[sum % 11])
    }

    private func bankCard(_ random: inout Seeded) -> String {
        let body = "62" + digits(random.below(2) == 0 ? 13 : 16, &random)
        var sum = 0
        for (index, digit) in body.reversed().enumerated() {
            let value = (digit.wholeNumberValue ?? 0) * (index % 2 == 0 ? 2 : 1)
            sum += value > 9 ? value - 9 : value
        }
        return body + "\((10 - sum % 10) % 10)"
    }
}

private func wide(_ text: String) -> String {
    var view = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        view.append(
            (33...126).contains(scalar.value) ? Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar : scalar)
    }
    return String(view)
}

private func grouped(_ text: String, _ lengths: [Int], _ separator: String) -> String {
    var rest = text[...]
    var groups: [String] = []
    for length in lengths where !rest.isEmpty {
        groups.append(String(rest.prefix(length)))
        rest = rest.dropFirst(length)
    }
    if !rest.isEmpty { groups.append(String(rest)) }
    return groups.joined(separator: separator)
}

extension String {
    fileprivate func replacingOccurrences(_ old: Character, _ new: Character) -> String {
        String(map { $0 == old ? new : $0 })
    }
}

/// Numbers that look random and are the same each time (SplitMix64).
private struct Seeded {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ mixed >> 31) % UInt64(limit))
    }
}
