import Conversation
import Dialogue
import Knowledge

/// What would be different: the answer with other values beside the answer as it is, line by line.
extension Wording {
    /// Lines at most that are told to stay the same; a list of everything that does not change helps nobody.
    private static var staying: Int { 4 }

    mutating func suppose(
        _ label: String, _ values: [Effect.Supposed], present: [String], supposed: [String]
    ) {
        var was = Wording(assistant, scene)
        was.tellsAll = true
        for name in present { was.say(name, []) }
        var now = Wording(assistant, scene(with: values))
        now.citations = citations
        now.citedFacts = citedFacts
        now.tellsAll = true
        for name in supposed { now.say(name, []) }
        let known = Set(was.replies.flatMap { $0.text.lines }.map(\.withoutCitations))
        var changed: [Reply] = []
        var same: [String] = []
        for reply in now.replies {
            if let kept = difference(reply, from: known, &same) { changed.append(kept) }
        }
        citations = now.citations
        citedFacts = now.citedFacts
        givesWay += now.givesWay
        guard !changed.isEmpty else {
            // What has to be known yet may make the difference: the words that follow say so, and nothing is alike for certain.
            let isOpen = scene.effects.contains { effect in
                if case .say("pattern.what_if_needs", _) = effect { true } else { false }
            }
            if !isOpen { say("pattern.what_if_nothing", [.init("value", label)]) }
            return
        }
        say("pattern.what_if", [.init("value", label)])
        for reply in changed { append(reply) }
        tellSame(same)
    }

    private func scene(with values: [Effect.Supposed]) -> Scene {
        var other = scene
        for value in values {
            other.slots[value.slot] =
                value.value.isEmpty
                ? nil
                : SlotValue(value: value.value, text: value.text, raw: "", origin: .said, turn: 0)
            if assistant.program.slot(value.slot)?.kind == .place, value.slot != "dest_city",
                !value.value.isEmpty
            {
                other.latestPlace = value.value
            }
        }
        return other
    }

    /// What of a reply was not said before, under its heading; nil when all of it was.
    private func difference(_ reply: Reply, from known: Set<String>, _ same: inout [String]) -> Reply? {
        var kept: [String] = []
        var heading: String?
        for line in reply.text.lines {
            let isHeading = line.unicodeScalars.last == "："
            if isHeading {
                heading = line
            } else if known.contains(line.withoutCitations) {
                if !same.contains(line) { same.append(line) }
            } else {
                if let title = heading { kept.append(title) }
                heading = nil
                kept.append(line)
            }
        }
        guard !kept.isEmpty else { return nil }
        let text = kept.joined(separator: "\n")
        return Reply(text: text, cites: reply.cites.filter { text.contains("[\($0)]") })
    }

    private mutating func tellSame(_ same: [String]) {
        guard !same.isEmpty else { return }
        let lines = same.prefix(Self.staying).joined(separator: "\n")
        let start = replies.count
        say("pattern.what_if_same", [.init("items", lines)])
        guard replies.count > start, let last = replies.popLast() else { return }
        let numbers = citations.citations.map(\.number).filter { lines.contains("[\($0)]") }
        append(Reply(text: last.text, cites: numbers))
    }
}

extension String {
    fileprivate var lines: [String] { split(separator: "\n").map(String.init) }
}

extension String {
    /// Without the numbers of sources (`[3]`).
    var withoutCitations: String {
        var view = String.UnicodeScalarView()
        var inside = false
        for scalar in unicodeScalars {
            if scalar == "[" { inside = true }
            if !inside { view.append(scalar) }
            if scalar == "]" { inside = false }
        }
        return String(view)
    }
}
