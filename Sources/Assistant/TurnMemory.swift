import Conversation
import Understanding

/// What one thread keeps from turn to turn so that it need not be worked out again: scratch memory, and what recent
/// utterances were found to mean and recent scenes to be worded as. It never changes what a turn comes to. Lent to one
/// turn at a time; one memory serves one assistant and forgets when it meets another.
package struct TurnMemory {
    var workspace = Workspace()
    let world = WorldMemory()
    private var readings = RecentValues<Heard, NLUResult>(limit: 512)
    private var wordings = RecentValues<Scene, Worded>(limit: 128)
    private var version = ""
    private var lastNumber = 0

    /// The number under which the replies of the last turn are kept. The same number always means the same replies.
    package private(set) var wordingNumber = 0

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
}
