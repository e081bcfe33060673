import Conversation
import Dialogue
import Understanding

/// What one thread keeps from turn to turn so that it need not be worked out again: scratch memory, what recent utterances
/// were found to mean and recent scenes to be worded as, and whole turns that several conversations took alike. It never
/// changes what a turn comes to. Lent to one turn at a time; one memory serves one assistant and forgets when it meets
/// another.
package struct TurnMemory {
    var workspace = Workspace()
    let world = WorldMemory()
    private var readings = RecentValues<Heard, NLUResult>(limit: 512)
    private var wordings = RecentValues<Scene, Worded>(limit: 512)
    /// Where steps lead that were taken lately, and what came of the latest of them.
    private var steps = RecentValues<PathStep, ConversationPath>(limit: 2048)
    private var turns = RecentValues<ConversationPath, SharedTurn>(limit: 256)
    private var version = ""
    private var lastNumber = 0
    private var lastPath = ConversationPath.beginning

    /// The number under which the replies of the last turn are kept. The same number always means the same replies.
    package private(set) var wordingNumber = 0

    /// The path that the last turn led to. The same path, unless it is unknown, always means the same turn but for its time.
    package private(set) var path = ConversationPath.unknown

    /// Whether the last turn was not worked out but remembered whole.
    package private(set) var isRemembered = false

    package init() {}

    /// An utterance with what makes a difference to how it is understood.
    private struct Heard: Hashable {
        var text: ExactText
        var expectation: Expectation?
    }

    mutating func serve(_ version: String) {
        guard version != self.version else { return }
        readings.removeAll()
        wordings.removeAll()
        steps.removeAll()
        turns.removeAll()
        world.removeAll()
        self.version = version
    }

    mutating func reading(
        of text: String, expecting expectation: Expectation?, by model: UnderstandingModel
    ) -> NLUResult {
        let heard = Heard(text: ExactText(text), expectation: expectation)
        if let known = readings[heard] { return known }
        let result = model.understand(text, expecting: expectation, &workspace)
        // A long text is not said twice.
        if text.utf8.count <= Self.commonLength { readings[heard] = result }
        return result
    }

    /// Bytes; what is longer is told once.
    private static let commonLength = 192

    mutating func wording(of scene: Scene, by word: (Scene) -> Worded) -> Worded {
        if let known = wordings[scene] {
            wordingNumber = known.number
            return known
        }
        lastNumber += 1
        wordingNumber = lastNumber
        var worded = word(scene)
        worded.number = lastNumber
        if scene.question.text.utf8.count <= Self.commonLength { wordings[scene] = worded }
        return worded
    }

    // MARK: Paths

    private struct SharedTurn {
        var turn: Assistant.Turn
        var wordingNumber: Int
    }

    /// The path of a new conversation for which so much is known already.
    mutating func path(given profile: [(name: String, value: String)]) -> ConversationPath {
        profile.reduce(.beginning) { path, item in
            let act = PathStep.Act.given(slot: ExactText(item.name), value: ExactText(item.value))
            return follow(PathStep(from: path, act: act))
        }
    }

    /// The turn to which a step leads, as it was worked out for another conversation; otherwise works it out.
    ///
    /// A conversation leaves the known paths with a step that nobody else will take or whose words are not to be kept,
    /// after an hour’s pause, and when a person takes over: then time counts for more than the day.
    mutating func turn(
        _ tracker: Tracker, along path: ConversationPath, on utterance: Utterance,
        work: (inout TurnMemory) -> (turn: Assistant.Turn, isMasked: Bool)
    ) -> Assistant.Turn {
        isRemembered = false
        let pause = utterance.time.seconds - tracker.lastTime.seconds
        guard path != .unknown, !tracker.isHandedOff, tracker.turn == 0 || (0..<3600).contains(pause) else {
            self.path = .unknown
            return work(&self).turn
        }
        let step = PathStep(from: path, act: .init(utterance.input), date: utterance.time.date)
        if let known = steps[step], let shared = turns[known] {
            self.path = known
            isRemembered = true
            wordingNumber = shared.wordingNumber
            return shared.turn.moved(to: utterance.time)
        }
        let (turn, isMasked) = work(&self)
        self.path = isMasked ? .unknown : follow(step)
        if self.path != .unknown {
            turns[self.path] = SharedTurn(turn: turn, wordingNumber: wordingNumber)
        }
        return turn
    }

    /// Where a step leads; notes it when it is new and worth noting.
    private mutating func follow(_ step: PathStep) -> ConversationPath {
        if let known = steps[step] { return known }
        guard step.from != .unknown, step.act.length <= Self.commonLength else { return .unknown }
        lastPath = ConversationPath(number: lastPath.number + 1)
        steps[step] = lastPath
        return lastPath
    }
}
