import Assistant
import Conversation
import Dialogue
import Foundation
import Testing

/// Wherever a task stands, it can be given up, begun anew and handed to a person, and an emergency goes first.
@Suite struct EveryStepTests {
    /// Sentences that start a task each, by the task's name.
    private func openings(_ assistant: Assistant) throws -> [String: String] {
        let text = try String(contentsOf: Repository.folder("Tests/Understanding/dev.tsv"), encoding: .utf8)
        var openings: [String: String] = [:]
        for line in text.split(separator: "\n").dropFirst() {
            guard let sentence = line.split(separator: "\t").first.map(String.init) else { continue }
            var play = Play(assistant)
            play.act(sentence)
            guard let name = play.tracker.stackNames.last, openings[name] == nil else { continue }
            openings[name] = sentence
        }
        return openings
    }

    @Test
    func
        `STA-10 and KNO-08 at every step of every flow one can give up, begin anew, ask for a person or for help`()
        throws
    {
        let assistant = try #require(Repository.assistant)
        let openings = try openings(assistant)
        #expect(openings.count >= 20, "\(openings.keys.sorted())")
        var steps = 0
        for (flow, sentence) in openings.sorted(by: { $0.key < $1.key }) {
            // Several ways through the task: with the first choice each time, with the second, and so on.
            for way in 0..<4 {
                var play = Play(assistant)
                var acts = [sentence]
                play.act(sentence)
                for _ in 0..<12 where !play.tracker.state.stack.isEmpty {
                    leave(play, acts, flow)
                    steps += 1
                    let act = answer(play.tracker, way)
                    acts.append(act)
                    play.act(act)
                }
            }
        }
        #expect(steps > 100)
    }

    /// What is answered to the question that is open.
    private func answer(_ tracker: Tracker, _ way: Int) -> String {
        if let offer = tracker.offers.last, offer.turn == tracker.turn, !offer.choices.isEmpty {
            return "@" + offer.choices[way % offer.choices.count].id
        }
        return ["济南", "12000", "60", "北京"][(way + tracker.turn) % 4]
    }

    private func leave(_ play: Play, _ acts: [String], _ flow: String) {
        var cancelled = play
        for _ in 0..<4 where !cancelled.tracker.state.stack.isEmpty { cancelled.act("取消") }
        #expect(cancelled.tracker.state.stack.isEmpty, "\(flow) is not given up after \(acts)")
        var hurt = play
        let help = hurt.act("我胸口疼得厉害喘不上气了")
        #expect(
            help?.replies.first?.text.contains("120") == true,
            "\(flow) goes before an emergency after \(acts)")
        var anew = play
        let said = anew.act("重来")
        #expect(said?.replies.isEmpty == false, "\(flow) is not begun anew after \(acts)")
        #expect(said?.trace.said.contains("pattern.internal_error") == false)
        var handed = play
        #expect(
            handed.act("转人工")?.trace.said.contains("pattern.handoff") == true,
            "no person in \(flow) after \(acts)")
    }
}
