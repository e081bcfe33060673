import Diagnostics
import Testing

struct NameSuggestionTests {
    @Test(arguments: [
        ("intnet", ["intent", "examples"], "intent"), ("居住地趾", ["居住地址"], "居住地址"), ("ab", ["ax"], "ax"),
        ("home_ctiy", ["dest_city", "home_city"], "home_city"),
    ])
    func `the nearest name is offered`(name: String, names: [String], expected: String) {
        #expect(NameSuggestion.nearest(to: name, among: names) == expected)
    }

    @Test(arguments: [("ab", ["xy"]), ("abcdef", ["abxxxf"]), ("一", ["二三"])])
    func `what is too far away is not offered`(name: String, names: [String]) {
        #expect(NameSuggestion.nearest(to: name, among: names) == nil)
    }

    @Test func `without a near name the hint lists what there is`() {
        #expect(
            NameSuggestion.hint(for: "zzz", among: ["one", "three"], kind: "known key")
                == "the known keys are `one`, `three`")
        #expect(
            NameSuggestion.hint(for: "zzz", among: ["three"], kind: "known key")
                == "the only known key is `three`")
        #expect(NameSuggestion.hint(for: "zzz", among: [], kind: "known key") == nil)
        #expect(
            NameSuggestion.hint(for: "thre", among: ["three"], kind: "known key")
                == "the nearest known key is `three`")
    }

    @Test func `a long list is cut`() {
        let names = (1...20).map { "name-number-\($0)" }
        #expect(
            NameSuggestion.hint(for: "z", among: names, kind: "code")?.hasSuffix(
                "`name-number-8` and 12 more") == true)
    }
}
