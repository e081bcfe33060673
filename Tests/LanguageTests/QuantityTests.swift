import Language
import Testing

@Suite struct QuantityTests {
    private func read(_ text: String) -> [String] {
        let normalized = Normalizer.normalize(text)
        return Quantities.scan(normalized).map { quantity in
            let kind =
                switch quantity.kind {
                case .namedYear(let name): "year \(name)"
                case .namedTime(let name): "time \(name)"
                default: "\(quantity.kind) \(quantity.value)" + (quantity.upper.map { "-\($0)" } ?? "")
                }
            return kind + (quantity.isApproximate ? "~" : "")
        }
    }

    @Test(arguments: [
        ("23000块", ["money 23000"]), ("二十三块五", ["money 23.5"]), ("三块五毛二", ["money 3.52"]),
        ("两毛五", ["money 0.25"]), ("5毛", ["money 0.5"]),
        ("三千多块", ["money 3000~"]), ("5千多元", ["money 5000~"]), ("￥500", ["money 500"]),
        ("380元一年", ["money 380", "years 1"]), ("一万块钱", ["money 10000"]),
        ("一百块左右", ["money 100~"]), ("大概两万块", ["money 20000~"]),
        ("半年", ["months 6"]), ("半年多", ["months 6~"]), ("半个月", ["months 0.5"]), ("俩月", ["months 2"]),
        ("两个月", ["months 2"]), ("3个月", ["months 3"]),
        ("三个半月", ["months 3.5"]), ("一个多月", ["months 1~"]), ("一年半", ["months 18"]), ("断了3月", ["months 3"]),
        ("3月份", []), ("3月5号", []),
        ("一年", ["years 1"]), ("交了25年", ["years 25"]), ("25年", ["year 2025"]), ("25年的标准", ["year 2025"]),
        ("2025年", ["year 2025"]),
        ("2024年度", ["year 2024"]), ("二零二四年", ["year 2024"]), ("十五年", ["years 15"]), ("满20年", ["years 20"]),
        ("10多年", ["years 10~"]),
        ("九八年参加工作", ["year 1998"]), ("零三年入的职", ["year 2003"]), ("08年", ["year 2008"]),
        ("85年进厂", ["year 1985"]),
        ("七八年", ["years 7-8~"]), ("交了71年", ["years 71"]), ("五十年", ["years 50"]), ("55年", ["years 55"]),
        ("今年", ["year 今年"]), ("明年的", ["year 明年"]), ("去年", ["year 去年"]),
        ("68岁", ["age 68"]), ("六十八周岁", ["age 68"]), ("快70岁", ["age 70~"]), ("12天", ["days 12"]),
        ("70%", ["percent 70"]), ("百分之七十", ["percent 70"]), ("七成", ["percent 70"]),
        ("三个人", ["count 3"]), ("两次", ["count 2"]), ("第二个", ["ordinal 2"]), ("选2", ["ordinal 2"]),
        ("第3项", ["ordinal 3"]), ("②", ["ordinal 2"]),
        ("2", ["bare 2"]), ("二级医院", []), ("三甲", []), ("一下", []), ("一样", []), ("好几千", []),
        ("两三万块", ["money 20000-30000~"]), ("一万五六", ["bare 15000-16000~"]), ("十七八年", ["years 17-18~"]),
        ("二三十万", ["bare 200000-300000~"]), ("一百五六十块", ["money 150-160~"]), ("三五天", ["days 3-5~"]),
        ("两到三百块", ["money 200-300~"]), ("八百到一千块", ["money 800-1000~"]), ("2至3个月", ["months 2-3~"]),
        ("18到60岁", ["age 18-60~"]), ("十块八块", ["money 8-10~"]), ("三百五百", ["bare 300-500~"]),
        ("千儿八百块", ["money 800-1000~"]), ("百十来块", ["money 100~"]), ("上万块", ["money 10000~"]),
        ("万把块钱", ["money 10000~"]), ("百八十块", ["money 80-100~"]), ("3000rmb", ["money 3000"]),
        ("五百大洋", ["money 500"]), ("1,2345元", ["money 12345"]), ("500+", ["bare 500~"]),
        ("五千不到", ["bare 5000~"]), ("2w3三甲", ["bare 23000"]), ("一年零三个月", ["months 15"]),
        ("半个来月", ["months 0.5~"]), ("个把礼拜", ["days 7~"]), ("两周", ["days 14"]), ("一周岁", ["age 1"]),
        ("二三年的标准", ["year 2023"]), ("三四年", ["years 3-4~"]), ("大前年", ["year 大前年"]),
        ("去年底", ["year 去年"]), ("明儿", ["time 明天"]), ("这个月底", ["time 本月"]), ("下下周", ["time 下下周"]),
        ("0531-12393", ["bare 531", "bare 12393"]), ("2023到2025年", ["bare 2023", "year 2025"]),
        ("三万一万", ["bare 30000", "bare 10000"]),
    ])
    func `a quantity is what its unit says`(text: String, expected: [String]) {
        #expect(read(text) == expected)
    }
}
