import Foundation
import Testing

/// `Tests/FAULTS.md` says what is tried; whoever asks for a code with `--filter` finds a test.
@Suite struct FaultTableTests {
    /// What the table says of a code.
    private enum Standing { case tried, notThere, notYet }

    private static let folder = "\(ServerProcess.root)/Tests"

    private static func cells(_ line: Substring) -> [String]? {
        guard line.hasPrefix("|"), !line.hasPrefix("| ---") else { return nil }
        return line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private static func isFamily(_ word: some StringProtocol) -> Bool {
        (3...4).contains(word.count) && word.allSatisfy { $0.isASCII && $0.isUppercase }
    }

    /// `03–06, 08` as numbers.
    private static func numbers(_ text: some StringProtocol) -> [Int] {
        text.split(separator: ",").flatMap { piece -> [Int] in
            let ends = piece.split(separator: "–").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
            guard let first = ends.first, let last = ends.last else { return [] }
            return Array(first...last)
        }
    }

    private let standings: [String: Standing]
    private let summary: [[String]]

    init() throws {
        let text = try String(contentsOfFile: "\(Self.folder)/FAULTS.md", encoding: .utf8)
        let parts = text.components(separatedBy: "\n## With several loops")
        var family = ""
        var standings: [String: Standing] = [:]
        var summary: [[String]] = []
        for line in parts[0].split(separator: "\n") {
            if line.hasPrefix("## ") {
                family = line.dropFirst(3).split(separator: " ").first.map(String.init) ?? ""
            }
            guard let row = Self.cells(line), row.count >= 3 else { continue }
            if row.count == 5, Self.isFamily(row[0]) { summary.append(row) }
            guard row.count == 3 else { continue }
            let words = row[0].split(separator: " ", maxSplits: 1)
            let isNamed = words.count == 2 && Self.isFamily(words[0])
            let standing: Standing =
                row[1].hasPrefix("–") ? .notThere : row[2].hasPrefix("not yet") ? .notYet : .tried
            for number in Self.numbers(isNamed ? words[1] : row[0][...]) {
                let code = "\(isNamed ? String(words[0]) : family)-\(number < 10 ? "0" : "")\(number)"
                #expect(standings.updateValue(standing, forKey: code) == nil, "\(code) stands in two rows")
            }
        }
        self.standings = standings
        self.summary = summary
    }

    @Test func `the sums are those of the rows, and every code has one`() {
        #expect(summary.compactMap { Int($0[1]) }.reduce(0, +) == 186)
        for row in summary where !["WHK", "ADM"].contains(row[0]) {
            let mine = standings.filter { $0.key.hasPrefix("\(row[0])-") }.map(\.value)
            func count(_ standing: Standing) -> Int { mine.filter { $0 == standing }.count }
            let yet = row[4].split(separator: ";").filter {
                !$0.contains("in part") && $0.contains { $0.isNumber }
            }
            #expect(Int(row[1]) == mine.count, "\(row[0])")
            #expect((Int(row[2]) ?? 0) == count(.tried), "\(row[0])")
            #expect((Int(row[3]) ?? 0) == count(.notThere), "\(row[0])")
            #expect(Self.numbers(yet.joined(separator: ",")).count == count(.notYet), "\(row[0])")
        }
    }

    @Test func `every code that is said to be tried is in the title of a test`() throws {
        let titles = try Self.titles()
        #expect(titles.count > 500)
        let missing = standings.filter { code, standing in
            standing == .tried && !titles.contains { $0.contains(code) }
        }
        #expect(missing.keys.sorted() == [])
        // It would be found, were it missing.
        #expect(!titles.contains { $0.contains("PRO-13") } && standings["PRO-13"] == .notThere)
    }

    /// Tests of Swift by their names, checks of Python likewise, and what the scripts say that they begin.
    private static func titles() throws -> [String] {
        var titles: [String] = []
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        for name in files where name.hasSuffix(".swift") || name.hasSuffix(".py") {
            let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            if name.hasSuffix(".py") {
                titles += text.split(separator: "\n").filter { $0.hasPrefix("def ") }
                    .map { $0.uppercased().replacingOccurrences(of: "_", with: "-") }
                continue
            }
            let pieces = text.components(separatedBy: "`")
            for index in stride(from: 1, to: pieces.count, by: 1)
            where pieces[index - 1].trimmingCharacters(in: .whitespacesAndNewlines).hasSuffix("func") {
                titles.append(pieces[index])
            }
        }
        let full = try String(contentsOfFile: "\(folder)/full", encoding: .utf8)
        return titles
            + full.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { $0.hasPrefix("echo ") }
    }
}
