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
        ("花了一万出头", ["amount=10000~"]),
        ("花了好几千", []), ("断了三个月", ["duration=3"]), ("断了一年", ["duration=12"]), ("断了一年半", ["duration=18"]),
        ("停了半年", ["duration=6"]),
        ("交了15年", ["years=15"]), ("25年的标准", ["year=2025"]), ("今年多少钱", ["year=今年"]), ("六十八了", ["age=68"]),
        ("我妈刚满70", ["age=70"]),
        ("我今年68", ["age=68"]), ("68岁", ["age=68"]), ("报百分之七十", ["percent=70"]), ("住了12天", ["days=12"]),
        ("第二个", ["ordinal=2"]),
        ("两万三", ["number=23000"]), ("13800138000", []),
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
        ("300", ["age"], ["number=300"]),
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
}
