import Assistant
import Authoring
import Conversation
import Foundation
import Testing
import Understanding

/// What the shipped assistant makes of utterances that are no examples.
struct UnderstandingFloorTests {
    struct Row: Sendable {
        var text: String
        var intent: String
    }

    private static func rows(_ name: String) throws -> [Row] {
        let lines = try String(
            contentsOfFile: "\(AuditTests.root)/Tests/Understanding/\(name).tsv", encoding: .utf8)
        return lines.split(separator: "\n").dropFirst().map { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
            return Row(text: String(cells[0]), intent: String(cells[1]))
        }
    }

    /// The share that is taken for what it is.
    private static func accuracy(_ rows: [Row], _ model: UnderstandingModel, _ noise: TextNoise? = nil)
        -> Double
    {
        var workspace = Workspace()
        let hits = rows.count { row in
            let text = noise?.spoiled(row.text) ?? row.text
            return model.understand(text, expecting: nil, &workspace).ranking.first?.intent == row.intent
        }
        return Double(hits) / Double(rows.count)
    }

    @Test(arguments: [("dev", 0.95), ("held", 0.905), ("strangers", 0.94), ("english", 0.88)])
    func `utterances are taken for what they are`(name: String, floor: Double) throws {
        let model = try #require(AuditTests.assistant).understanding
        let share = Self.accuracy(try Self.rows(name), model)
        #expect(share >= floor)
    }

    @Test(arguments: [
        (TextNoise.Kind.spaces, 1, 0.001), (.traditional, 1, 0.001), (.emoji, 1, 0.001),
        (.homophones, 0.3, 0.03),
        (.shapes, 0.1, 0.03), (.pinyin, 0.2, 0.03), (.dialect, 1, 0.03), (.swaps, 0.1, 0.03),
        (.omissions, 0.05, 0.03), (.english, 1, 0.03),
    ])
    func `spoilt texts lose less than three points`(kind: TextNoise.Kind, share: Double, most: Double) throws
    {
        let model = try #require(AuditTests.assistant).understanding
        let rows = try Self.rows("dev") + Self.rows("held")
        let clean = Self.accuracy(rows, model)
        let spoilt = (1...2).map { Self.accuracy(rows, model, TextNoise(kind, share: share, seed: $0)) }
        #expect(clean - spoilt.reduce(0, +) / 2 <= most)
    }

    @Test func `no utterance of strangers is an example`() throws {
        let loaded = Project(
            dialogs: "\(AuditTests.root)/Dialogs", data: "\(AuditTests.root)/Data", cache: nil
        ).load()
        let examples = Set(try #require(loaded.training).examples.map(\.text))
        #expect(try Self.rows("strangers").filter { examples.contains($0.text) }.map(\.text) == [])
    }
}
