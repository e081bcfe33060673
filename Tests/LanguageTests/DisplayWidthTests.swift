import Language
import Testing

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("医保", 4), ("，", 2), ("a医b", 4), ("e\u{301}", 1), ("a\u{200B}b", 2), ("１", 2),
        ("한", 2), ("—", 1),
    ])
    func `cells are counted`(text: String, cells: Int) {
        #expect(DisplayWidth.of(text) == cells)
    }
}
