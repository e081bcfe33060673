import Diagnostics
import Testing

struct SourceFileTests {
    private let file = SourceFile(path: "a.yaml", text: "一二\r\n三,四\n\n五")

    @Test(arguments: [
        (0, 1, 1), (3, 1, 2), (6, 1, 3), (8, 2, 1), (11, 2, 2), (12, 2, 3), (16, 3, 1), (17, 4, 1),
        (99, 4, 2),
    ])
    func `an offset is found by line and by scalar`(offset: Int, line: Int, column: Int) {
        #expect(file.position(at: offset) == Position(line: line, column: column))
    }

    @Test func `lines come without their ends`() {
        #expect((1...5).map { String(decoding: file.line($0), as: UTF8.self) } == ["一二", "三,四", "", "五", ""])
    }

    @Test func `an empty file has one empty line`() {
        let empty = SourceFile(path: "a", bytes: [])
        #expect(empty.lineCount == 1)
        #expect(empty.position(at: 0) == .start)
        #expect(empty.line(1).isEmpty)
    }
}
