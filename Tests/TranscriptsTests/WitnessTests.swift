import Assistant
import Authoring
import Conversation
import Diagnostics
import Dialogue
import Foundation
import Testing
import Transcripts

/// The conversation that comes with what the walk through the flows finds is held: it passes as a script, and in it the
/// thing happens.
@Suite struct WitnessTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    private static let day = CivilDate(year: 2026, month: 4, day: 1)

    private struct Found {
        var diagnostics: [Diagnostic]
        var assistant: Assistant
    }

    /// The shipped dialogs with one flow more, begun with 量子纠缠报名.
    private func found(
        _ steps: String, responses: String = "", more: [String: String] = [:],
        without: [String] = []
    ) throws -> Found {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("w-\(UUID().uuidString)")
            .path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.copyItem(atPath: "\(Self.root)/Dialogs", toPath: folder)
        var files = [
            "flows/x.yaml": "flow: x\ntitle: 量子纠缠\nintents: [x]\nsteps:\n\(steps)",
            "intents/x.yaml":
                "intent: x\nexamples:\n  - 量子纠缠报名\n  - 怎么报量子纠缠\n  - 量子纠缠咋弄\n  - 我要报名量子纠缠\n  - 量子纠缠在哪报名\n",
        ].merging(more) { $1 }
        if !responses.isEmpty { files["responses/x.yaml"] = "responses:\n\(responses)" }
        for (path, text) in files {
            try text.write(toFile: "\(folder)/\(path)", atomically: true, encoding: .utf8)
        }
        for path in without { try FileManager.default.removeItem(atPath: "\(folder)/\(path)") }
        let project = Project(dialogs: folder, data: "\(Self.root)/Data", cache: "\(folder)/cache")
        let assistant = try #require(project.load().assistant)
        return Found(diagnostics: project.load(checkedOn: Self.day).diagnostics, assistant: assistant)
    }

    /// What is seen of each turn of the conversation that comes with a finding.
    private func held(_ code: String, _ found: Found) throws -> (observations: [Observation], events: [Event])
    {
        let diagnostic = try #require(found.diagnostics.first { $0.code.id == code }, "\(code) is not found")
        let hint = try #require(diagnostic.hint)
        let script = hint.split(separator: "\n").dropFirst().joined(separator: "\n")
        let collector = DiagnosticCollector()
        let scripts = ScriptReader.read(
            SourceFile(path: "witness.yaml", bytes: Array(script.utf8)), into: collector)
        #expect(!collector.hasErrors)
        var driver = InProcessDriver(found.assistant)
        let result = ScriptPlayer.play(try #require(scripts.first), with: &driver)
        #expect(result.passed, "\(result.failures.map(\.message)) \(result.transcript)")
        return (result.observations, driver.events)
    }

    @Test func `a dead end is walked into`() throws {
        let found = try found(
            "  - collect: insurance\n  - if: insurance = 职工\n    then:\n      - say: city.contacts\n")
        let last = try #require(try held("dead-end", found).observations.last)
        #expect(last.completed == ["x"])
        #expect(!last.said.contains { !$0.hasPrefix("pattern.") })
    }

    @Test func `of two branches both are told`() throws {
        let found = try found(
            """
              - collect: stay_type
              - say: x.short
                if: stay_type in [临时, 急诊]
              - say: x.urgent
                if: stay_type in [急诊, 长期]

            """, responses: "  x.short:\n    - text: 临时的。\n  x.urgent:\n    - text: 急诊的。\n")
        let last = try #require(try held("overlapping-branches", found).observations.last)
        #expect(last.said.contains("x.short") && last.said.contains("x.urgent"))
    }

    @Test func `of two branches neither is told`() throws {
        let found = try found(
            """
              - say: x.first
              - collect: stay_type
              - say: x.short
                if: stay_type = 临时
              - say: x.urgent
                if: stay_type = 急诊

            """,
            responses:
                "  x.first:\n    - text: 先问一样。\n  x.short:\n    - text: 临时的。\n  x.urgent:\n    - text: 急诊的。\n"
        )
        let last = try #require(try held("incomplete-branches", found).observations.last)
        #expect(last.completed == ["x"])
        #expect(!last.said.contains("x.short") && !last.said.contains("x.urgent"))
    }

    @Test func `for a value nothing is told`() throws {
        let found = try found(
            "  - collect: city\n  - collect: stay_type\n  - say: x.facts\n  - say: x.end\n",
            responses: """
                  x.facts:
                    - text: 都是这样。
                      if: stay_type != 急诊
                    - facts: {topic: 转移, attribute: [材料], place: city, about: [没有这样的话]}
                      if: stay_type = 急诊
                  x.end:
                    - text: "打{fact:d-dh-13}。"

                """)
        let diagnostic = try #require(found.diagnostics.first { $0.code.id == "value-without-facts" })
        #expect(diagnostic.message.contains("急诊"), "\(diagnostic.message)")
        let last = try #require(try held("value-without-facts", found).observations.last)
        #expect(last.completed == ["x"])
        #expect(last.facts.allSatisfy { $0 == "d-dh-13" })
    }

    @Test func `a round without an end is cut, and is said to be none`() throws {
        let found = try found(
            "  - collect: city\n  - link: y\n",
            more: ["flows/y.yaml": "flow: y\ntitle: 另一事\nsteps:\n  - collect: insurance\n  - link: x\n"])
        let (observations, events) = try held("no-way-out", found)
        #expect(observations.last?.said.contains("pattern.internal_error") ?? false)
        #expect(
            events.contains(.flowEnded(flow: "x", outcome: .parked))
                || events.contains(.flowEnded(flow: "y", outcome: .parked)))
    }

    @Test func `where nothing means cancelling nobody gets out`() throws {
        #expect(!(try found("  - say: city.contacts\n").diagnostics.contains { $0.code.id == "no-way-out" }))
        let found = try found("  - say: city.contacts\n", without: ["intents/cancel.yaml"])
        let diagnostic = try #require(found.diagnostics.first { $0.code.id == "no-way-out" })
        #expect(diagnostic.message.contains("`cancel`"))
    }

    @Test func `the shipped dialogs show none of it`() throws {
        let project = Project(
            dialogs: "\(Self.root)/Dialogs", data: "\(Self.root)/Data", cache: nil)
        #expect(project.load(checkedOn: Self.day).diagnostics.isEmpty)
    }
}
