import Assistant
import Conversation
import Dialogue
import Foundation
import Testing

@Suite struct InterruptionTests {
    @Test func `each of 264 cells comes out as the table says`() throws {
        let assistant = try #require(Repository.assistant)
        var table = try InterruptionTable.read()
        let isRecording = ProcessInfo.processInfo.environment["INTERRUPTIONS"] == "record"
        let plays = try starts(assistant)
        for index in table.cells.indices {
            let cell = table.cells[index]
            var play = try #require(plays[cell.state], "no state is called \(cell.state)")
            let outcome = play.outcome(of: cell.words)
            #expect(Tracker(folding: play.events) == play.tracker, "\(cell.name) does not fold")
            if isRecording {
                table.cells[index].outcome = outcome
            } else {
                expect(cell, outcome)
            }
        }
        if isRecording {
            try table.write()
            Issue.record("the table was written anew; read it before it is kept")
        }
    }

    @Test func `no cell is missing, none stands twice, none is empty`() throws {
        let table = try InterruptionTable.read()
        let states = try InterruptionTable.rows(of: "states").map { $0[0] }
        let acts = try InterruptionTable.rows(of: "acts").map { $0[0] }
        #expect(states.count == 12)
        #expect(acts.count == 22)
        #expect(table.cells.map(\.name) == states.flatMap { state in acts.map { "\(state) × \($0)" } })
        for cell in table.cells {
            #expect(cell.outcome.count == InterruptionTable.columns.count - 3, "\(cell.name)")
            // Whoever talks with a person is not talked into.
            #expect(
                cell.state == "with_person" || !(cell.outcome.dropFirst().first ?? "").isEmpty, "\(cell.name)"
            )
        }
    }

    /// The conversation in each state, played once.
    private func starts(_ assistant: Assistant) throws -> [String: Play] {
        var plays: [String: Play] = [:]
        for row in try InterruptionTable.rows(of: "states") {
            var play = Play(assistant)
            for words in row[2].split(separator: "|") {
                play.act(words.trimmingCharacters(in: .whitespaces))
            }
            plays[row[0]] = play
        }
        return plays
    }

    /// Only what differs is shown.
    private func expect(_ cell: InterruptionTable.Cell, _ outcome: [String]) {
        guard cell.outcome != outcome else { return }
        let differences = zip(InterruptionTable.columns.dropFirst(3), zip(cell.outcome, outcome)).filter {
            $0.1.0 != $0.1.1
        }.map { "\($0.0): expected `\($0.1.0)`, is `\($0.1.1)`" }
        Issue.record("\(cell.name) (\(cell.words)): \(differences.joined(separator: "; "))")
    }
}
