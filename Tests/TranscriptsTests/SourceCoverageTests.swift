import Assistant
import Conversation
import Foundation
import Knowledge
import Testing
import Transcripts

/// Whether people come to hear what every article says: `Tests/Sources/questions.tsv` asks, `told.tsv` holds what came of it.
struct SourceCoverageTests {
    private static let folder = "\(AuditTests.root)/Tests/Sources"

    private static func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }

    @Test func `each fact of the articles that people read is told, or the reason is known`() throws {
        let assistant = try #require(AuditTests.assistant)
        let coverage = SourceCoverage(assistant, at: AuditTests.time)
        let (requests, mistake) = coverage.requests(in: try Self.text("questions.tsv"))
        #expect(mistake == nil)
        let articles = assistant.knowledge.sources.filter { $0.authority == .web }.map(\.id)
        #expect(Set(articles).isSubset(of: requests.map(\.source)))
        let rows = coverage.rows(for: requests)
        #expect(rows.filter { $0.how == nil }.map(\.fact) == [])
        let written = try Self.text("told.tsv").split(separator: "\n")
        let found = SourceCoverage.text(rows).split(separator: "\n")
        let differences = found.difference(from: written).map { "\($0)" }
        #expect(
            differences.isEmpty, "daoban audit --date 2026-04-01 --sources Tests/Sources/questions.tsv")
    }

    @Test func `a fact that nobody comes to hear is found`() throws {
        let assistant = try #require(AuditTests.assistant)
        let coverage = SourceCoverage(assistant, at: AuditTests.time)
        let (requests, _) = coverage.requests(
            in: "source\tplace\tquestion\tfollow_ups\nd-dh\t兰州\t全国的医保热线是多少\t大连医保电话是多少\n")
        let rows = coverage.rows(for: requests)
        let how = Dictionary(uniqueKeysWithValues: rows.map { ($0.fact, $0.how) })
        #expect(how["d-dh-13"] == "answer")
        #expect(how["d-dh-01"] == "follow-up: 大连医保电话是多少")
        #expect(how["d-dh-09"] == .some(nil))
    }

    @Test func `a line that asks for no source is named`() throws {
        let coverage = SourceCoverage(try #require(AuditTests.assistant), at: AuditTests.time)
        #expect(
            coverage.requests(in: "source\tplace\tquestion\tfollow_ups\nx-none\t\t\t\n").mistake
                == "x-none\t\t\t")
    }
}
