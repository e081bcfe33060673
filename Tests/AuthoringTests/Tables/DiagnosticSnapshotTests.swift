import Authoring
import Diagnostics
import Foundation
import Testing

/// What an author reads for each mistake: `<code>.yaml` or `<code>.csv` beside the report in `<code>.txt`. A
/// report that is not there yet is recorded, and the test fails, so that recording is never silent.
struct DiagnosticSnapshotTests {
    private static let folder =
        #filePath.split(separator: "/").dropLast(2).map { "/\($0)" }.joined() + "/Snapshots"

    private static func codes(_ area: String, _ ending: String) -> [String] {
        (FileStore.names(in: "\(folder)/\(area)") ?? []).filter { $0.hasSuffix(ending) }.map {
            String($0.dropLast(ending.utf8.count))
        }
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        try #require(FileStore.read("\(Self.folder)/\(path)", as: path, into: DiagnosticCollector())).bytes
    }

    private func compare(_ diagnostics: [Diagnostic], with path: String, code: String) throws {
        #expect(diagnostics.contains { $0.code.id == code })
        let report = DiagnosticRenderer.report(diagnostics, as: .human, version: "")
        guard let expected = FileManager.default.contents(atPath: "\(Self.folder)/\(path)") else {
            try report.write(toFile: "\(Self.folder)/\(path)", atomically: true, encoding: .utf8)
            Issue.record("recorded \(path); read it, then run the tests again")
            return
        }
        #expect(report == String(decoding: expected, as: UTF8.self))
    }

    @Test func `the snapshots are where they are looked for`() {
        #expect(Self.codes("files", ".yaml").count > 10 && Self.codes("tables", ".csv").count > 10)
    }

    @Test(arguments: codes("files", ".yaml"))
    func `mistakes in the writing of a file read as recorded`(code: String) throws {
        let collector = DiagnosticCollector()
        let file = SourceFile(path: "Dialogs/\(code).yaml", bytes: try bytes("files/\(code).yaml"))
        #expect(YAMLReader.read(file, into: collector) == nil)
        try compare(collector.diagnostics, with: "files/\(code).txt", code: code)
    }

    @Test(arguments: codes("tables", ".csv"))
    func `mistakes in a table read as recorded`(code: String) throws {
        var fixture = TableFixture()
        fixture.rates += "\n" + String(decoding: try bytes("tables/\(code).csv"), as: UTF8.self)
        try compare(fixture.load().diagnostics, with: "tables/\(code).txt", code: code)
    }
}
