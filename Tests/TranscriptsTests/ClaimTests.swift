import Assistant
import Conversation
import Dialogue
import Foundation
import Knowledge
import Testing

/// People ask about what they have read, in any words: `Tests/Claims/asked.tsv` asks about each claim that cannot be right,
/// `near.tsv` about what lies beside it and must not be called wrong.
struct ClaimTests {
    private struct Line {
        var doubt: String
        var text: String
    }

    private static func lines(_ name: String) throws -> [Line] {
        let table = try String(contentsOfFile: "\(AuditTests.root)/Tests/Claims/\(name)", encoding: .utf8)
        return table.split(separator: "\n").dropFirst().map { line in
            let cells = line.split(separator: "\t")
            return Line(doubt: String(cells[0]), text: String(cells[1]))
        }
    }

    /// What the assistant says to this as the first utterance.
    private func answer(_ text: String) throws -> String {
        let assistant = try #require(AuditTests.assistant)
        let opening = assistant.turn(Tracker(), on: Utterance(.opening, at: AuditTests.time))
        let turn = assistant.turn(opening.tracker, on: Utterance(.text(text), at: AuditTests.time))
        return turn.replies.map(\.text).joined(separator: "\n")
    }

    private func doubt(_ id: String) throws -> Doubt {
        try #require(AuditTests.assistant?.knowledge.doubts.first { $0.id == id })
    }

    @Test func `a claim that cannot be right is called so in whatever words it is asked about`() throws {
        let lines = try Self.lines("asked.tsv")
        #expect(lines.count >= 150)
        var missed: [String] = []
        for line in lines {
            let doubt = try doubt(line.doubt)
            let said = try answer(line.text)
            if !said.contains(doubt.says) || !said.contains(doubt.settles) {
                missed.append("\(line.doubt) \(line.text)")
            }
        }
        #expect(missed == [])
    }

    @Test func `what lies beside such a claim is not called wrong`() throws {
        let lines = try Self.lines("near.tsv")
        #expect(lines.count >= 100)
        var refuted: [String] = []
        for line in lines {
            let doubt = try doubt(line.doubt)
            // What is merely unclear is told with its facts, asked about or not.
            let knowledge = try #require(AuditTests.assistant).knowledge
            let isWrong =
                doubt.kind == .implausible
                ? try answer(line.text).contains(doubt.says)
                : knowledge.questioned(on: line.text, place: doubt.place(in: knowledge, ifNamedIn: line.text))
                    .contains(doubt)
            if isWrong { refuted.append("\(line.doubt) \(line.text)") }
        }
        #expect(refuted == [])
    }

    @Test func `every claim that cannot be right has words by which it is asked about, and lines that do so`()
        throws
    {
        let assistant = try #require(AuditTests.assistant)
        let asked = Set(try Self.lines("asked.tsv").map(\.doubt)),
            near = Set(try Self.lines("near.tsv").map(\.doubt))
        let doubts = assistant.knowledge.doubts.filter { !$0.asked.isEmpty }
        let told = doubts.filter { doubt in
            doubt.facts.compactMap(assistant.knowledge.fact).contains { $0.table != "general" }
        }
        #expect(doubts.count == 26)
        #expect(Set(told.map(\.id)) == asked)
        #expect(Set(told.map(\.id)) == near)
    }

    @Test(arguments: ["恩施是不是2个县级市3个县2个自治县", "宜昌以前是四川的，后来当过三峡省的省会吗"])
    func `of what has nothing to do with the insurance nothing is told, right or wrong`(text: String) throws {
        let said = try answer(text)
        #expect(!said.contains("《") && !said.contains("自治县") && !said.contains("三峡省"))
    }
}

extension Doubt {
    /// Where its facts hold, when a text names that city.
    fileprivate func place(in knowledge: KnowledgeBase, ifNamedIn text: String) -> String? {
        facts.compactMap(knowledge.fact).first.flatMap { fact in
            text.contains(knowledge.name(of: fact.place).prefix(2)) ? fact.place : nil
        }
    }
}
