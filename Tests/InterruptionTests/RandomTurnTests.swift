import Assistant
import Conversation
import Dialogue
import Foundation
import Synchronization
import Testing

/// Whatever is typed in whatever order: there is an answer, what is stored is sound, and nobody is caught. Each play has dice of its
/// own, thrown by its number, so that a failure comes again however many are played at once; `DAOBAN_TURNS` sets how many turns
/// are played.
@Suite struct RandomTurnTests {
    private static let seed: UInt64 = 20_260_302
    private static let length = 24

    private var turns: Int {
        ProcessInfo.processInfo.environment["DAOBAN_TURNS"].flatMap(Int.init) ?? 4_000
    }

    @Test func `random turns over all flows never trap, say nothing, fill wrongly or replay differently`()
        async throws
    {
        let assistant = try #require(Repository.assistant)
        let words = try Words(assistant)
        let progress = Progress()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<ProcessInfo.processInfo.activeProcessorCount {
                group.addTask {
                    while progress.played.load(ordering: .relaxed) < turns {
                        let number = progress.begun.add(1, ordering: .relaxed).newValue
                        let played = play(number, words, assistant)
                        progress.played.add(played ?? turns, ordering: .relaxed)
                    }
                }
            }
        }
    }

    private final class Progress: Sendable {
        let begun = Atomic(0), played = Atomic(0)
    }

    /// Returns how many turns were played; nil after a fault.
    private func play(_ number: Int, _ words: Words, _ assistant: Assistant) -> Int? {
        var dice = Dice(state: Self.seed &+ UInt64(number))
        // Streams that begin beside each other would be the same but for a few throws.
        dice.state = dice.next()
        var play = Play(assistant)
        var acts: [String] = []
        var said: [[Reply]] = []
        for _ in 0..<Self.length {
            let act = words.pick(&dice, play.tracker)
            guard let turn = play.act(act) else { continue }
            acts.append(act)
            said.append(turn.replies)
            let found = fault(in: turn, assistant)
            #expect(found == nil, "\(found ?? "") after \(acts) (play \(number))")
            if found != nil { return nil }
        }
        #expect(Tracker(folding: play.events) == play.tracker, "\(acts) does not fold (play \(number))")
        #expect(
            Tracker(decoding: play.tracker.encoded()) == play.tracker, "\(acts) is not kept (play \(number))")
        let decoded = Event.decode(Event.encode(play.events))
        #expect(decoded == play.events, "\(acts) is not stored (play \(number))")
        replay(acts, said, assistant, number)
        leave(play, acts, number)
        return acts.count
    }

    private func fault(in turn: Assistant.Turn, _ assistant: Assistant) -> String? {
        if turn.replies.isEmpty { return "no reply" }
        if turn.replies.contains(where: { $0.text.isEmpty }) { return "an empty reply" }
        if turn.tracker.state.stack.count > 6 { return "a stack of \(turn.tracker.state.stack.count)" }
        if turn.trace.said.contains("pattern.internal_error") { return "a flow that does not end" }
        for entry in turn.tracker.slots.entries {
            let (name, value) = (entry.name, entry.value)
            guard let slot = assistant.program.slot(name) else { return "an unknown slot \(name)" }
            switch slot.kind {
            case .choice:
                if !value.values.allSatisfy({ slot.option($0)?.value == $0 }) {
                    return "\(name) is \(value.value)"
                }
            case .place:
                if value.value.count != 6 || value.text.isEmpty { return "\(name) is \(value.value)" }
            case .amount, .number:
                if value.value.isEmpty || value.text.isEmpty { return "\(name) is empty" }
            }
        }
        if case .slot(let name, _)? = turn.tracker.state.question?.kind, assistant.program.slot(name) == nil {
            return "a question for an unknown slot \(name)"
        }
        return nil
    }

    private func replay(_ acts: [String], _ said: [[Reply]], _ assistant: Assistant, _ number: Int) {
        var again = Play(assistant)
        for (act, replies) in zip(acts, said) {
            guard let turn = again.act(act) else { continue }
            #expect(turn.replies == replies, "\(acts) replays differently (play \(number))")
            if turn.replies != replies { return }
        }
    }

    /// From wherever it led, giving up ends every task, and a person is told of.
    private func leave(_ play: Play, _ acts: [String], _ number: Int) {
        var leaving = play
        for _ in 0..<16 where !leaving.tracker.state.stack.isEmpty { leaving.act("取消") }
        #expect(leaving.tracker.state.stack.isEmpty, "no way out after \(acts) (play \(number))")
        let said = leaving.act("转人工")?.trace.said ?? []
        #expect(
            said.contains("pattern.handoff"), "no person after \(acts) (play \(number))")
    }

    /// SplitMix64 (Steele, Lea and Flood 2014).
    struct Dice {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }

        mutating func next(below count: Int) -> Int { Int(next() % UInt64(count)) }
    }

    /// What people say: sentences with their intents, answers, commands, and buttons that are or were there.
    struct Words {
        private var sentences: [String]
        private let commands: [String]
        private var answers: [String] = []

        init(_ assistant: Assistant) throws {
            let text = try String(
                contentsOf: Repository.folder("Tests/Understanding/dev.tsv"), encoding: .utf8)
            sentences = text.split(separator: "\n").dropFirst().compactMap {
                $0.split(separator: "\t").first.map(String.init)
            }
            commands = try InterruptionTable.read().cells.map(\.words).filter { !$0.hasPrefix("@") }
            for slot in assistant.program.slots {
                for option in slot.options { answers += [option.value, option.label, "不是\(option.value)"] }
            }
            answers += ["济南", "朝阳", "鼓楼区", "那北京的呢", "福州的", "要是退休了呢", "跟刚才一样", "两万三", "68", "三个月"]
            answers += ["1", "2", "第三个", "最后一个", "不是北京，是天津", "先办第二个", "第一个不用了", "清单", "不退了", "我妈的呢"]
        }

        func pick(_ dice: inout Dice, _ tracker: Tracker) -> String {
            switch dice.next(below: 10) {
            case 0...2: return sentences[dice.next(below: sentences.count)]
            case 3, 4: return commands[dice.next(below: commands.count)]
            case 5, 6:
                let offers = tracker.offers.suffix(3)
                guard let offer = offers.dropFirst(dice.next(below: max(offers.count, 1))).first,
                    !offer.choices.isEmpty
                else { return "好" }
                return "@" + offer.choices[dice.next(below: offer.choices.count)].id
            case 7:
                let first = sentences[dice.next(below: sentences.count)]
                return first + "，另外" + sentences[dice.next(below: sentences.count)]
            default: return answers[dice.next(below: answers.count)]
            }
        }
    }
}
