import Conversation
import Diagnostics
import Testing
import Transcripts

/// The two forms of scripts, and what each key of Rasa's means.
@Suite struct ScriptFormTests {
    private func read(_ text: String) -> (script: Script?, mistakes: [String]) {
        let collector = DiagnosticCollector()
        let scripts = ScriptReader.read(
            SourceFile(path: "script.yaml", bytes: Array(text.utf8)), into: collector)
        return (scripts.first, collector.diagnostics.map(\.message))
    }

    private func kinds(_ steps: String) -> [Script.Kind] {
        let (script, mistakes) = read("test_cases:\n  - test_case: a\n    steps:\n      - user: 你好\n\(steps)")
        #expect(mistakes.isEmpty)
        return script?.turns.flatMap { $0.expectations.map(\.kind) } ?? []
    }

    private let seen = Observation(
        turn: 2,
        replies: [
            Reply(
                kind: .choices([Choice(id: "a", label: "长期"), Choice(id: "b", label: "临时")]),
                text: "长期住，还是临时去？\n1. 长期\n2. 临时")
        ], slots: [(name: "home_city", value: "371500", text: "聊城市")], started: ["remote_filing"])

    @Test func `our own keys stand beside Rasa's in either form`() throws {
        let (script, mistakes) = read(
            """
            test_cases:
              - test_case: a
                steps:
                  - user: 你好
                    now: 2026-05-01
                    intent: greet
                    stack: ["remote_filing:stay_type"]
                  - reconnect: true
                    says: 好
            """)
        #expect(mistakes.isEmpty)
        let turns = try #require(script?.turns)
        #expect(turns.map(\.action) == [.say("你好"), .reconnect])
        #expect(turns[0].time == Moment(text: "2026-05-01"))
        #expect(
            turns[0].expectations.map(\.kind) == [.intent("greet"), .stack(["remote_filing:stay_type"])])
    }

    @Test(arguments: [
        ("济南市", true), ("聊城市", false), ("聊城", false),
    ]) func `a slot that was not set to a value is empty or has another`(value: String, holds: Bool) {
        for step in [
            "      - slot_was_not_set: [{home_city: \(value)}]",
            "      - assertions: [{slot_was_not_set: [{name: home_city, value: \(value)}]}]",
        ] {
            let kinds = kinds(step)
            #expect(kinds == [.slotIsNot("home_city", value)])
            #expect(kinds.allSatisfy { (ScriptPlayer.mismatch($0, seen) == nil) == holds })
        }
        #expect(kinds("      - slot_was_not_set: [home_city]") == [.noSlot("home_city")])
    }

    @Test func `what the bot says is the text, with its choices listed or without`() {
        #expect(ScriptPlayer.mismatch(.bot("长期住，还是临时去？"), seen) == nil)
        #expect(ScriptPlayer.mismatch(.bot("长期住，还是临时去？\n1. 长期\n2. 临时"), seen) == nil)
        #expect(ScriptPlayer.mismatch(.bot("长期住，还是临时去？\n1. 长期"), seen) != nil)
    }

    @Test func `what must match is a regular expression`() {
        let kinds = kinds("      - assertions: [{bot_uttered: {text_matches: \"长期.*临时\"}}]")
        #expect(kinds == [.matches("长期.*临时")])
        #expect(ScriptPlayer.mismatch(.matches("长期.*临时"), seen) == nil)
        #expect(ScriptPlayer.mismatch(.matches("临时.*长期$"), seen) != nil)
        #expect(ScriptPlayer.mismatch(.matchesNot("长期.*临时"), seen) != nil)
    }

    @Test func `of several flows all must start, or any`() {
        let all = kinds("      - assertions: [{flow_started: {operator: all, flow_ids: [remote_filing, b]}}]")
        #expect(all == [.flowStarted("remote_filing"), .flowStarted("b")])
        let any = kinds("      - assertions: [{flow_started: {operator: any, flow_ids: [remote_filing, b]}}]")
        #expect(any == [.oneStarted(["remote_filing", "b"])])
        #expect(ScriptPlayer.mismatch(.oneStarted(["remote_filing", "b"]), seen) == nil)
        #expect(ScriptPlayer.mismatch(.oneStarted(["b"]), seen) != nil)
    }

    @Test(arguments: [
        ("turns:\n  - user: 你好\n    channel: nonsense", "`nonsense` is not played"),
        (
            "test_cases:\n  - test_case: a\n    fixtures: [g]\n    steps:\n      - user: 你好",
            "there is no fixture `g`"
        ),
        (
            "test_cases:\n  - test_case: a\n    steps:\n      - user: 你好\n        assertion_order_enabled: true",
            "the order of assertions is not looked at"
        ),
        (
            "test_cases:\n  - test_case: a\n    steps:\n      - user: 你好\n        assertions: [{bot_uttered: {text_matches: \"(\"}}]",
            "`(` is no regular expression"
        ),
    ]) func `what would be read and ignored is refused`(text: String, words: String) {
        #expect(read(text).mistakes == [words])
    }

    @Test func `the channel that is played may be named`() {
        #expect(read("turns:\n  - user: 你好\n    channel: daoban.v1").mistakes.isEmpty)
    }
}
