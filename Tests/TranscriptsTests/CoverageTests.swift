import Assistant
import Authoring
import Conversation
import Diagnostics
import Testing
import Transcripts

/// The scripts reach all that a conversation may come to: each step and both sides of each branch, each pattern, each wording of
/// each question.
struct CoverageTests {
    /// The scripts under `Tests/Conversations`.
    private static func scripts() -> [Script] {
        let collector = DiagnosticCollector()
        let files = FileTree.files(
            under: "\(AuditTests.root)/Tests/Conversations", ending: ".yaml", into: collector)
        let scripts = files.flatMap { ScriptReader.read($0, into: collector) }
        return collector.hasErrors ? [] : scripts
    }

    private func coverage(of scripts: some Sequence<Script>) throws -> Coverage {
        let assistant = try #require(AuditTests.assistant)
        var coverage = Coverage(assistant)
        for script in scripts {
            var driver = InProcessDriver(assistant)
            let result = ScriptPlayer.play(script, with: &driver)
            coverage.note(driver.events)
            coverage.note(said: result.observations.flatMap(\.said))
        }
        return coverage
    }

    @Test func `no step, branch, pattern or wording of a question is without a script`() throws {
        let scripts = Self.scripts()
        #expect(scripts.count > 600)
        let coverage = try coverage(of: scripts)
        #expect(coverage.missing == [])
        #expect(coverage.shares.allSatisfy { $0.total > 0 })
    }

    @Test func `no turn of a script says the same twice`() throws {
        let assistant = try #require(AuditTests.assistant)
        for script in Self.scripts() {
            var driver = InProcessDriver(assistant)
            for observation in ScriptPlayer.play(script, with: &driver).observations {
                let texts = observation.replies.map(\.text)
                #expect(
                    Set(texts).count == texts.count,
                    "\(script.name), turn \(observation.turn): \(texts.joined(separator: " | "))")
            }
        }
    }

    @Test func `what is not reached is named`() throws {
        let all = try coverage(of: [])
        let one = try coverage(of: Self.scripts().prefix(1))
        #expect(all.missing.count == all.shares.reduce(0) { $0 + $1.total })
        #expect(one.missing.count < all.missing.count)
        #expect(one.text.contains("missing: "))
        #expect(all.missing.contains("questions: ask.stay_type.2"))
        #expect(all.missing.contains("patterns: pattern.cancelled"))
        #expect(all.missing.contains("remote_filing: stay_type"))
    }
}
