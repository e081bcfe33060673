import Conversation
import Dialogue
import Knowledge

/// A detail that is asked while a task still asks: what holds whatever is answered is told at once; what does not is put off
/// once, and then told for each answer.
extension Wording {
    /// Tells it; false where nothing is to be told yet.
    @discardableResult
    mutating func tellAhead() -> Bool {
        let ways = scene.ahead.filter { !$0.responses.isEmpty }
        guard !ways.isEmpty, ways.count == scene.ahead.count || scene.isAskedAgain else { return false }
        let statements = ways.map { way in Set(worded(way).flatMap(\.statements).filter(\.isNoHeading)) }
        let common = statements.dropFirst().reduce(statements[0]) { $0.intersection($1) }
        if !common.isEmpty {
            shared = common
            defer { shared = [] }
            if ways[0].isAnywhere { say("pattern.detail_anywhere", []) }
            return tell(ways[0])
        }
        guard scene.isAskedAgain, ways.contains(where: { !worded($0).isEmpty }) else { return false }
        if ways[0].isAnywhere { say("pattern.detail_anywhere", []) }
        let labels = ways.map(\.label).unique
        var isTold = false
        for label in labels {
            guard let way = ways.first(where: { $0.label == label && !worded($0).isEmpty }) else { continue }
            say("pattern.detail_each", [.init("value", label)])
            if tell(way) { isTold = true }
        }
        return isTold
    }

    /// What is told of the detail on one way, worded apart.
    private func worded(_ way: Ahead) -> [Reply] {
        var wording = Wording(assistant, scene)
        wording.tell(way)
        return wording.replies.filter { !$0.cites.isEmpty }
    }

    @discardableResult
    private mutating func tell(_ way: Ahead) -> Bool {
        let before = citedFacts.count
        (supposed, focus) = (way.slots, scene.focus)
        for response in way.responses { say(response, []) }
        (supposed, focus) = (nil, [])
        return citedFacts.count > before
    }
}

extension String {
    fileprivate var isNoHeading: Bool { unicodeScalars.last != "：" }
}
