import Language
import Testing

@Suite struct EditDistanceTests {
    @Test(arguments: [
        ("city", "city", 0), ("city", "citi", 1), ("city", "ctiy", 1), ("城市", "市城", 1), ("居住地址", "居住地趾", 1),
        ("abc", "", 3), ("home_city", "home_ctiy", 1),
    ])
    func `edits are counted`(left: String, right: String, expected: Int) {
        #expect(EditDistance.between(left, right, limit: 3) == expected)
        #expect(EditDistance.between(right, left, limit: 3) == expected)
    }

    @Test func `beyond the limit there is no distance`() {
        #expect(EditDistance.between("kitten", "sitting", limit: 2) == nil)
        #expect(EditDistance.between("a", "abcd", limit: 2) == nil)
    }

    @Test func `the nearest name is offered only when it is near`() {
        #expect(
            EditDistance.nearest(to: "stay_tpye", among: ["city", "stay_type", "stay_types"]) == "stay_type")
        #expect(EditDistance.nearest(to: "年纪", among: ["年龄", "年份"]) == "年龄")
        #expect(EditDistance.nearest(to: "ab", among: ["xy"]) == nil)
        #expect(EditDistance.nearest(to: "zzzzzz", among: ["city"]) == nil)
    }
}
