import Assistant
import Authoring
import Conversation
import Diagnostics
import Dialogue
import Foundation
import Testing

/// The project's own dialogs and data.
@Suite struct ProjectTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().path
    private static let loaded = Project(dialogs: "\(root)/Dialogs", data: "\(root)/Data", cache: nil).load()

    @Test func `the project has no mistakes`() {
        #expect(Self.loaded.diagnostics.filter { $0.severity == .error }.map(\.message) == [])
        #expect(Self.loaded.assistant != nil)
    }

    @Test func `every task can be left, stepped back in, asked about and repeated at its first question`()
        throws
    {
        let assistant = try #require(Self.loaded.assistant)
        for flow in assistant.program.flows {
            for (word, pattern) in [
                ("取消", "cancelled"), ("为什么要问这个", "why"), ("转人工", "handoff"), ("重来", "restarted"),
            ] {
                var tracker = assistant.turn(
                    Tracker(), on: Utterance(.opening, at: Moment(seconds: 1_775_005_200))
                ).tracker
                tracker.apply(.flowStarted(flow: flow.name))
                guard let slot = flow.slots.first, flow.collectPosition(of: slot) != nil else { continue }
                tracker.apply(.flowMoved(step: slot))
                tracker.apply(.questionAsked(Question(.slot(slot, candidates: []))))
                let turn = assistant.turn(
                    tracker, on: Utterance(.text(word), at: Moment(seconds: 1_775_005_200)))
                #expect(
                    turn.trace.said.contains {
                        $0.hasPrefix("pattern.\(pattern)") || $0.hasPrefix("\(pattern).")
                    },
                    "\(flow.name): \(word) was answered with \(turn.trace.said)")
                #expect(!turn.replies.isEmpty)
            }
        }
    }

    @Test func `the same words give the same bytes`() throws {
        let assistant = try #require(Self.loaded.assistant)
        func talk() -> [[Reply]] {
            var tracker = Tracker()
            return [.opening, .text("济南职工医保住院能报多少"), .text("三甲"), .text("退休"), .text("再说一遍")].map {
                (input: Utterance.Input) in
                let turn = assistant.turn(tracker, on: Utterance(input, at: Moment(seconds: 1_775_005_200)))
                tracker = turn.tracker
                return turn.replies
            }
        }
        #expect(talk() == talk())
    }

    @Test func `every reply says something in plain text and each citation has its source`() throws {
        let assistant = try #require(Self.loaded.assistant)
        for flow in assistant.program.flows {
            var tracker = assistant.turn(
                Tracker(), on: Utterance(.opening, at: Moment(seconds: 1_775_005_200))
            ).tracker
            var input = Utterance.Input.choice(turn: 0, id: "")
            tracker.apply(.choicesOffered([Choice(id: "flow=\(flow.name)", label: flow.title)]))
            input = .choice(turn: tracker.turn, id: "flow=\(flow.name)")
            for answer in ["济南", "职工", "住院", "退休", "三甲", "北京", "临时", "没有", "老伴", "不知道"] {
                let turn = assistant.turn(tracker, on: Utterance(input, at: Moment(seconds: 1_775_005_200)))
                tracker = turn.tracker
                #expect(!turn.replies.isEmpty)
                let numbers = turn.replies.flatMap { reply -> [Int] in
                    if case .sources(let list) = reply.kind { list.map(\.number) } else { [] }
                }
                for reply in turn.replies {
                    #expect(!reply.text.isEmpty)
                    #expect(reply.cites.allSatisfy(numbers.contains))
                }
                input = .text(answer)
            }
        }
    }

    @Test func `what is kept from turn to turn never changes an answer`() throws {
        let assistant = try #require(Self.loaded.assistant)
        var memory = TurnMemory()
        // Thrice over, so that turns are new, then remembered whole; then months later, when other facts may hold.
        var remembered = 0
        for start in [1_775_005_200, 1_775_005_223, 1_775_005_940, 1_790_005_200] {
            for flow in assistant.program.flows {
                var tracker = Tracker()
                var path = assistant.path(given: [], &memory)
                var inputs: [Utterance.Input] = [.opening, .text(flow.title)]
                inputs += ["聊城的职工", "住院", "退休了", "三甲", "北京", "不对，是济南", "再说一遍", "那居民呢", "什么是起付线"].map {
                    .text($0)
                }
                for (index, input) in inputs.enumerated() {
                    let utterance = Utterance(input, at: Moment(seconds: start + index))
                    let turn = assistant.turn(tracker, along: path, on: utterance, &memory)
                    #expect(turn == assistant.turn(tracker, on: utterance))
                    #expect(
                        EncodedTurnEvents(turn.events)?.bytes(at: utterance.time) == Event.encode(turn.events)
                    )
                    tracker = turn.tracker
                    path = memory.path
                    if memory.isRemembered { remembered += 1 }
                }
            }
        }
        #expect(remembered > assistant.program.flows.count * 10)
    }

    @Test func `a step is not shared when time may count or when its words are not to be kept`() throws {
        let assistant = try #require(Self.loaded.assistant)
        var memory = TurnMemory()
        func paths(_ texts: [String], pause: Int) -> [ConversationPath] {
            var tracker = Tracker()
            var path = assistant.path(given: [("home_city", "济南")], &memory)
            var time = Moment(seconds: 1_775_005_200)
            return ([.opening] + texts.map { .text($0) }).map { (input: Utterance.Input) in
                let utterance = Utterance(input, at: time)
                tracker = assistant.turn(tracker, along: path, on: utterance, &memory).tracker
                path = memory.path
                time.seconds += pause
                return path
            }
        }
        let first = paths(["家庭共济怎么绑定", "给我妈绑"], pause: 10)
        #expect(Set(first).count == 3 && !first.contains(.unknown))
        #expect(paths(["家庭共济怎么绑定", "给我妈绑"], pause: 20) == first)
        #expect(paths(["家庭共济怎么绑定", "给我妈绑"], pause: 3600)[1...].allSatisfy { $0 == .unknown })
        #expect(paths(["家庭共济怎么绑定", "给我儿子绑"], pause: 10)[2] != first[2])
        #expect(paths(["我身份证11010519491231002X", "家庭共济怎么绑定"], pause: 10)[1...].allSatisfy { $0 == .unknown })
        let elsewhere = assistant.path(given: [("home_city", "青岛")], &memory)
        #expect(elsewhere != assistant.path(given: [("home_city", "济南")], &memory))
    }
}
