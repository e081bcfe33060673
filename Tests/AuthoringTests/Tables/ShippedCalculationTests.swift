import Authoring
import Conversation
import Diagnostics
import Knowledge
import Language
import Testing

/// The rules that ship, by what they come to.
struct ShippedCalculationTests {
    private static let folder =
        #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined() + "/Data"
    private static let base = TableLoader.load(folder: folder, into: DiagnosticCollector())
    private let day = CivilDate(year: 2026, month: 4, day: 10)

    /// A bill, and what is paid of it by each rule that holds: the answer first, then the other readings.
    struct Example: CustomTestStringConvertible, Sendable {
        var sum = CalculationRule.Sum.reimbursement
        var place: String
        var given: [CalculationRule.Dimension: String]
        var amount: String
        var used = "0"
        var pays: [String]

        var testDescription: String { "\(place) \(given.values.sorted()) \(amount)" }

        init(
            _ place: String, _ given: [CalculationRule.Dimension: String], _ amount: String,
            _ pays: String...,
            used: String = "0", sum: CalculationRule.Sum = .reimbursement
        ) {
            (self.place, self.given, self.amount, self.pays) = (place, given, amount, pays)
            (self.used, self.sum) = (used, sum)
        }
    }

    private static func stay(_ level: String, _ population: String) -> [CalculationRule.Dimension: String] {
        [.insurance: "职工", .scenario: "住院", .level: level, .population: population]
    }

    private static func chronic(_ disease: String, _ level: String = "三级") -> [CalculationRule.Dimension:
        String]
    {
        [.insurance: "居民", .scenario: "门诊慢特病", .level: level, .disease: disease]
    }

    private static func visit(
        _ insurance: String, _ level: String = "三级", _ population: String = "在职", age: String? = nil
    ) -> [CalculationRule.Dimension: String] {
        var given: [CalculationRule.Dimension: String] = [
            .insurance: insurance, .scenario: "门诊", .level: level, .population: population,
        ]
        given[.age] = age
        return given
    }

    static let examples: [Example] = [
        // A resident's outpatient visits in Jinan.
        Example("370100", visit("居民"), "300", "195"), Example("370100", visit("居民"), "1000", "500"),
        Example("370100", visit("居民"), "300", "100", used: "400"), Example("370100", visit("居民"), "0", "0"),
        // An employee's stays in Jinan.
        Example("370100", stay("三级", "在职"), "20000", "16620"),
        Example("370100", stay("三级", "退休"), "20000", "17196"),
        Example("370100", stay("三级", "在职"), "30000", "25420"),
        Example("370100", stay("三级", "退休"), "30000", "26296"),
        Example("370100", stay("三级", "退休"), "50000", "44496"),
        Example("370100", stay("三级", "退休"), "500000", "452996"),
        Example("370100", stay("二级", "在职"), "5000", "4140"),
        Example("370100", stay("二级", "在职"), "20000", "17940"),
        Example("370100", stay("二级", "在职"), "30000", "27240"),
        Example("370100", stay("二级", "在职"), "450000", "416340"),
        Example("370100", stay("一级及以下", "在职"), "8000", "7020"),
        Example("370100", stay("一级及以下", "退休"), "5000", "4464"),
        Example("370100", stay("二级", "退休"), "12000", "10848"),
        Example("370100", stay("二级", "退休"), "30000", "28128"),
        Example("370100", stay("三级", "在职"), "10000", "7820"),
        Example("370100", stay("三级", "在职"), "400000", "351020"),
        Example("370100", stay("三级", "在职"), "500000", "441020"),
        Example("370100", stay("三级", "在职"), "600000", "531020"),
        Example("370100", stay("三级", "在职"), "700000", "531020"),
        Example("370100", stay("三级", "在职"), "700", "0"), Example("370100", stay("三级", "在职"), "800", "0"),
        Example("370100", stay("三级", "在职"), "801", "0.85"),
        // Bayannur: by level alone, and two articles that disagree on outpatient visits.
        Example("150800", stay("三级", "在职"), "10000", "6650"),
        Example("150800", stay("二级", "退休"), "8000", "5700"),
        Example("150800", stay("一级及以下", "在职"), "200", "0"),
        Example("150800", stay("一级及以下", "在职"), "5000", "3995"),
        Example("150800", visit("职工", "一级及以下"), "1000", "700", "500"),
        Example("150800", visit("职工", "一级及以下"), "10000", "4000", "5000"),
        // Beijing: the official bands, then what used to be written.
        Example("110000", visit("职工"), "5000", "2240", "2240", "2240"),
        Example("110000", visit("职工", "一级及以下"), "5000", "2880", "2880", "2880"),
        Example("110000", visit("职工"), "40000", "24740", "20000", "26740"),
        Example("110000", visit("职工", "一级及以下"), "40000", "28380", "20000", "34380"),
        Example("110000", visit("职工"), "1500", "0", "0", "0"),
        Example("110000", visit("职工"), "1800", "0", "0", "0"),
        Example("110000", visit("职工", "三级", "退休", age: "65"), "5000", "3145"),
        Example("110000", visit("职工", "三级", "退休", age: "70"), "5000", "3330"),
        Example("110000", [.insurance: "职工"], "40404", "6000", sum: .seriousIllness),
        Example("110000", [.insurance: "职工"], "100404", "44000", sum: .seriousIllness),
        // Others.
        Example("152200", [.scenario: "生育"], "6000", "5700"),
        Example("610200", visit("职工"), "1000", "440", "440"), Example("610200", visit("职工"), "150", "0", "0"),
        Example("610200", visit("职工"), "10000", "5390", "2400"),
        Example("610200", visit("居民"), "5000", "2400"), Example("610200", visit("居民"), "1000", "600"),
        Example("310000", visit("职工"), "2500", "1400"),
        Example("310000", stay("三级", "在职"), "11500", "8500"),
        Example("610100", visit("职工", "二级"), "1200", "600"),
        Example("610100", visit("职工", "一级及以下", "退休"), "5200", "2500"),
        Example("510100", visit("职工"), "1200", "500"), Example("510100", visit("职工", "二级"), "1200", "600"),
        Example("440300", stay("三级", "在职"), "10600", "9000", "9000"),
        Example("440300", stay("二级", "在职"), "10400", "9200", "9100"),
        Example("360100", stay("三级", "在职"), "10800", "8500"),
        Example("360100", visit("职工", "二级", "退休"), "1300", "600"),
        Example("210200", visit("职工"), "2400", "1100"),
        Example("370200", visit("职工"), "1000", "600"),
        Example("150100", chronic("高血压"), "500", "250"), Example("150100", chronic("高血压"), "700", "300"),
        Example("150100", chronic("糖尿病"), "1300", "600"),
        Example("630100", chronic("高血压", "一级及以下"), "500", "300"),
        Example("630100", chronic("高血压", "二级"), "500", "250"),
        Example("320800", chronic("糖尿病"), "1300", "500"),
        // Of earlier years.
        Example("371502", [.insurance: "居民", .scenario: "住院", .level: "三级"], "20900", "12000"),
        Example("371502", [.insurance: "居民", .scenario: "住院", .level: "二级"], "10500", "7000"),
        // Of a source that names no place.
        Example("620100", chronic("糖尿病", "二级"), "500", "250", "300"),
        Example("620100", [:], "8000", "0", sum: .seriousIllness),
        Example("620100", [:], "50000", "30000", sum: .seriousIllness),
        Example("620100", [:], "100000", "67500", sum: .seriousIllness),
        Example("620100", [:], "150000", "110000", sum: .seriousIllness),
        Example("620100", [:], "200000", "152500", sum: .seriousIllness),
        Example("620100", [:], "250000", "200000", sum: .seriousIllness),
        Example("620100", [:], "90", "0", sum: .accident),
        Example("620100", [:], "600", "450", sum: .accident),
        Example("620100", [:], "3000", "2000", sum: .accident),
        Example("620100", visit("居民"), "200", "75"), Example("620100", visit("居民"), "500", "150"),
    ]

    @Test(arguments: examples)
    func `worked examples come out to the fen`(example: Example) throws {
        let base = try #require(Self.base)
        let choice = base.rules(for: example.sum, place: example.place, asOf: day) { example.given[$0] }
        let amount = try #require(ExactDecimal(example.amount).flatMap(Money.init(yuan:)))
        let used = try #require(ExactDecimal(example.used).flatMap(Money.init(yuan:)))
        let pays = choice.rules.compactMap { base.brackets(of: $0, asOf: day) }.map {
            "\($0.outcome(for: amount, used: used).pays)"
        }
        #expect(pays == example.pays)
    }

    @Test func `every rule that ships can be worked out or says what is missing`() throws {
        let base = try #require(Self.base)
        #expect(base.calculations.count > 150)
        for rule in base.calculations where rule.sum.isReimbursement {
            let brackets = base.brackets(of: rule, asOf: day)
            #expect(brackets != nil || !rule.missing.isEmpty, "\(rule.id)")
            var last = Money.zero
            for fen in stride(from: Int64(0), to: 80_000_000, by: 333_333) {
                guard let outcome = brackets?.outcome(for: Money(fen: fen)) else { continue }
                let parts = outcome.lines.reduce(outcome.below + outcome.beyond) { $0 + $1.part }
                #expect(parts == outcome.amount && outcome.pays >= last && outcome.own >= .zero, "\(rule.id)")
                last = outcome.pays
            }
        }
    }

    @Test func `at each bound of a rule a fen more or less is a fen more or less`() throws {
        let base = try #require(Self.base)
        let absurd: Int64 = 10_000_000_000_000_000
        for rule in base.calculations where rule.sum.isReimbursement {
            guard let brackets = base.brackets(of: rule, asOf: day) else { continue }
            func pays(_ fen: Int64) -> Int64 { brackets.outcome(for: Money(fen: max(0, fen))).pays.fen }
            let start = brackets.deductible.fen
            #expect(
                pays(0) == 0 && pays(start - 1) == 0 && pays(start) == 0 && pays(start + 1) <= 1, "\(rule.id)"
            )
            #expect(pays(start + 100) == (brackets.bands[0].share.millionths + 5_000) / 10_000, "\(rule.id)")
            var sum: Int64 = 0, from = start
            for band in brackets.bands {
                let end = band.upTo?.fen ?? from + 100_000_000
                sum += Int64((Double(end - from) * Double(band.share.millionths) / 1_000_000).rounded())
                let expected = min(sum, brackets.cap?.fen ?? sum)
                #expect(pays(end) == expected, "\(rule.id) at \(end)")
                #expect((0...1).contains(pays(end + 1) - pays(end)), "\(rule.id) over \(end)")
                #expect((0...1).contains(pays(end) - pays(end - 1)), "\(rule.id) under \(end)")
                from = end
            }
            let most = brackets.outcome(for: Money(fen: absurd))
            #expect(
                most.pays.fen >= 0 && most.own.fen >= 0 && most.pays + most.own == Money(fen: absurd),
                "\(rule.id)")
            if let cap = brackets.cap {
                #expect(most.pays <= cap, "\(rule.id)")
                #expect(brackets.outcome(for: Money(fen: absurd), used: cap).pays == .zero, "\(rule.id)")
                let used = brackets.outcome(for: Money(fen: absurd), used: cap - Money(fen: 1))
                #expect(used.pays.fen == min(1, most.sum.fen), "\(rule.id)")
            } else if brackets.bands.last?.upTo != nil {
                #expect(most.pays.fen == sum, "\(rule.id)")
            }
        }
    }

    @Test func `no place is worked out by another place's rule`() throws {
        let base = try #require(Self.base)
        for place in base.placesWithAliases.map(\.place.code) {
            for sum in CalculationRule.Sum.allCases {
                for rule in base.rules(for: sum, place: place, asOf: day, given: { _ in nil }).rules {
                    #expect(base.isWithin(place, rule.place), "\(place) \(rule.id)")
                }
            }
        }
    }

    @Test func `men and women have years of their own`() throws {
        let base = try #require(Self.base)
        func rules(_ sex: String?) -> [String] {
            base.rules(for: .years, place: "652300", asOf: day) { $0 == .sex ? sex : nil }.main.map(\.id)
        }
        #expect(rules(nil) == ["cj-nian-nan", "cj-nian-nv"])
        #expect(rules("女") == ["cj-nian-nv"])
        #expect(rules("男") == ["cj-nian-nan"])
    }

    @Test func `what is asked is what the rules turn on`() throws {
        let base = try #require(Self.base)
        func needs(_ place: String, _ given: [CalculationRule.Dimension: String]) -> [String] {
            let choice = base.rules(for: .reimbursement, place: place, asOf: day) { given[$0] }
            return CalculationRule.Dimension.allCases.map(\.rawValue).filter {
                choice.needs($0) && given[CalculationRule.Dimension(rawValue: $0) ?? .birth] == nil
            }
        }
        #expect(
            needs("370100", [.insurance: "职工", .scenario: "住院"]) == ["population", "hospital_level"])
        #expect(needs("150800", [.insurance: "职工", .scenario: "住院"]) == ["hospital_level"])
        #expect(needs("370100", [.insurance: "居民", .scenario: "门诊"]) == [])
        #expect(needs("152200", [.insurance: "居民", .scenario: "生育"]) == [])
        #expect(
            needs("110000", [.insurance: "职工", .scenario: "门诊", .population: "在职"]) == ["hospital_level"])
        #expect(
            needs("110000", [.insurance: "职工", .scenario: "门诊", .population: "退休"]) == [
                "hospital_level", "age",
            ])
    }
}
