import Assistant
import Conversation
import Dialogue
import Testing

/// The ways in which people take back what they said: twenty wordings of each form.
@Suite struct CorrectionTests {
    private static let start = "聊城的医保，去北京看病怎么备案"

    @Test func `each wording changes the place that is meant, and no other`() throws {
        let assistant = try #require(Repository.assistant)
        for row in try InterruptionTable.rows(of: "corrections") {
            let (form, words) = (row[0], row[1])
            var play = Play(assistant)
            play.act(Self.start)
            guard let turn = play.act(words) else { continue }
            let slots = turn.tracker.slots
            let expected = form == "kept" ? "110000" : "120000"
            #expect(slots["dest_city"]?.value == expected, "\(form): \(words)")
            #expect(slots["home_city"]?.value == "371500", "\(form): \(words)")
            #expect(turn.tracker.frame?.flow == "remote_filing", "\(form): \(words)")
            #expect(turn.tracker.state.question?.failures ?? 0 == 0, "\(form): \(words)")
        }
    }

    @Test func `a correction that removes the branch asks for what the other branch needs`() throws {
        var play = Play(try #require(Repository.assistant))
        play.act(Self.start)
        play.act("临时去一趟")
        let turn = play.act("不是临时，是长期住")
        #expect(turn?.tracker.state.lastFlow == "remote_filing")
        let said = turn?.trace.said ?? []
        #expect(said.contains("remote_filing.long_term"))
    }

    @Test func `a correction of the same value is no correction`() throws {
        var play = Play(try #require(Repository.assistant))
        play.act(Self.start)
        let said = play.act("是去北京")?.trace.said ?? []
        #expect(!said.contains("pattern.corrected"))
    }

    @Test func `a correction is taken back by a step back`() throws {
        var play = Play(try #require(Repository.assistant))
        play.act(Self.start)
        play.act("不是北京，是天津")
        play.act("上一步")
        #expect(play.tracker.slots["dest_city"]?.value == "110000")
    }

    @Test func `a correction inside another task comes back to the first`() throws {
        var play = Play(try #require(Repository.assistant))
        play.act(Self.start)
        play.act("先问问居民医保怎么交")
        play.act("不是去北京，是去天津")
        #expect(play.tracker.slots["dest_city"]?.value == "120000")
        #expect(play.tracker.frame?.flow == "remote_filing")
    }
}
