import Language
import Testing

@Suite struct QuantityTests {
    private func read(_ text: String) -> [String] {
        let normalized = Normalizer.normalize(text)
        return Quantities.scan(normalized).map { quantity in
            let kind =
                if case .namedYear(let name) = quantity.kind { "year \(name)" } else {
                    "\(quantity.kind) \(quantity.value)"
                }
            return kind + (quantity.isApproximate ? "~" : "")
        }
    }

    @Test(arguments: [
        ("23000块", ["money 23000"]), ("二十三块五", ["money 23.5"]), ("三块五毛二", ["money 3.52"]),
        ("两毛五", ["money 0.2"]), ("5毛", ["money 0.5"]),
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
        ("今年", ["year 今年"]), ("明年的", ["year 明年"]), ("去年", ["year 去年"]),
        ("68岁", ["age 68"]), ("六十八周岁", ["age 68"]), ("快70岁", ["age 70~"]), ("12天", ["days 12"]),
        ("70%", ["percent 70"]), ("百分之七十", ["percent 70"]), ("七成", ["percent 70"]),
        ("三个人", ["count 3"]), ("两次", ["count 2"]), ("第二个", ["ordinal 2"]), ("选2", ["ordinal 2"]),
        ("第3项", ["ordinal 3"]), ("②", ["ordinal 2"]),
        ("2", ["bare 2"]), ("二级医院", []), ("三甲", []), ("一下", []), ("一样", []), ("好几千", []),
    ])
    func `a quantity is what its unit says`(text: String, expected: [String]) {
        #expect(read(text) == expected)
    }
}
