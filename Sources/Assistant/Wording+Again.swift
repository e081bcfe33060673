import Conversation
import Dialogue

/// An answer that is given again for another way of doing the same: what of it was told just before is not told twice.
extension Assistant {
    /// Lines of an answer at most that is given again in full.
    private static let shortAnswer = 6

    /// What an answer told: its bubbles, without the numbers of sources, and the blocks that were kept short.
    struct Told {
        var bubbles: [String] = []
        var shortened: [String] = []
    }

    /// What was told before, where this turn gives the last answer again with other values of slots whose change is all that is
    /// told, and of none besides; nothing otherwise.
    func toldBefore(_ tracker: Tracker, _ outcome: DialogueEngine.Outcome, on date: CivilDate) -> Told {
        let filled = outcome.commands.flatMap { command in
            if case .fill(let assignments) = command { assignments.map(\.slot) } else { [] as [String] }
        }
        guard !filled.isEmpty, filled.allSatisfy({ program.slot($0)?.tellsChange ?? false }),
            tracker.frame == nil, outcome.tracker.frame == nil,
            tracker.state.lastFlow == outcome.tracker.state.lastFlow,
            tracker.state.person == outcome.tracker.state.person
        else { return Told() }
        let again = outcome.effects.filter(\.isAnswer).map(\.responseName)
        let answer = tracker.lastSpoken.filter(\.isAnswer)
        guard answer.contains(where: { again.contains($0.responseName) }) else { return Told() }
        let scene = Scene(
            effects: answer, slots: tracker.slots.withoutHistory, date: date,
            phase: tracker.turn % phases(of: tracker.lastSpoken), question: ExactText(""),
            latestPlace: tracker.latestPlace, topic: ExactText(tracker.state.topic), isTopicOld: true,
            startsTask: false, isMasked: false)
        var wording = Wording(self, scene)
        for effect in answer { wording.put(effect) }
        // A short answer is as soon read again as looked for.
        guard wording.replies.reduce(0, { $0 + $1.lineCount }) > Self.shortAnswer else { return Told() }
        return Told(
            bubbles: wording.replies.map(\.text.withoutCitations).unique, shortened: wording.shortened)
    }
}

extension Wording {
    /// Takes back what was put since and told before; with all of it, what it cites.
    mutating func takeBackWhatWasTold(since before: Wording) {
        let new = replies.dropFirst(before.replies.count)
        let left = new.filter { !scene.told.contains($0.text.withoutCitations) }
        guard left.count < new.count else { return }
        let lines = new.reduce(linesLeftOut) { $0 + $1.lineCount } - left.reduce(0) { $0 + $1.lineCount }
        if left.isEmpty {
            let (scopes, kept) = (notedScopes, kept)
            self = before
            (notedScopes, self.kept) = (scopes, kept)
        } else {
            replaceReplies(from: before.replies.count, with: left)
        }
        linesLeftOut = lines
    }

    /// Says, behind an answer of which something was left out, that it is as it was.
    mutating func tellOfWhatWasLeftOut() {
        guard linesLeftOut > 0, tellsAnew else { return }
        linesLeftOut = 0
        say("pattern.rest_same", [])
    }
}

extension Effect {
    /// Whether it tells what a flow says.
    fileprivate var isAnswer: Bool {
        if case .say(let response, _) = self { !response.hasPrefix("pattern.") } else { false }
    }
}
