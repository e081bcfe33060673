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
        was.isSupposing = true
        for name in present { was.say(name, []) }
        var now = Wording(assistant, scene(with: values))
        now.citations = citations
        now.citedFacts = citedFacts
        now.tellsAll = true
        now.isSupposing = true
        for name in supposed { now.say(name, []) }
        let known = Set(was.replies.flatMap { $0.text.lines }.map(\.withoutCitations))
        var changed: [Reply] = []
        var same: [String] = []
        for reply in now.replies {
            if let kept = difference(reply, from: known, &same) { changed.append(kept) }
        }
        let isDifferent = !changed.isEmpty
        if changed.isEmpty { changed = now.replies.filter { isNarrower($0, than: was.replies) } }
        guard !changed.isEmpty else {
            return tellOfSupposed(label, values, supposed, isKnown: now.gaps.isEmpty)
        }
        citations = now.citations
        citedFacts = now.citedFacts
        givesWay += now.givesWay
        say(isDifferent ? "pattern.what_if" : "pattern.what_if_found", [.init("value", label)])
        for reply in changed { append(reply) }
        if isDifferent { tellSame(same) }
    }

    /// Whether a reply tells some of the lines that stood under its heading, and no longer all: the answer told of every case, and
    /// these are of the one that is supposed.
    private func isNarrower(_ reply: Reply, than known: [Reply]) -> Bool {
        let statements = Set(reply.statements)
        guard let heading = reply.text.lines.first, heading.unicodeScalars.last == "：", !statements.isEmpty
        else { return false }
        let before = known.filter { $0.text.lines.first?.withoutCitations == heading.withoutCitations }
        return before.contains { statements.isStrictSubset(of: Set($0.statements)) }
    }

    /// Where the answer is the same: what is written of the value itself. That nothing changes is said only where the answer looks at
    /// the value and has one (`isKnown`): what is not written of either is no more alike than different.
    private mutating func tellOfSupposed(
        _ label: String, _ values: [Effect.Supposed], _ supposed: [String], isKnown: Bool
    ) {
        // What has to be known yet may make the difference: the words that follow say so, and nothing is alike for certain.
        let isOpen = scene.effects.contains { effect in
            if case .say("pattern.what_if_needs", _) = effect { true } else { false }
        }
        let before = self
        say("pattern.what_if_found", [.init("value", label)])
        let start = replies.count
        self.supposed = scene(with: values).slots
        for words in values.compactMap(words) where replies.count == start {
            for name in supposed { seek(words, in: .say(response: name, arguments: [])) }
        }
        self.supposed = nil
        if replies.count > start { return }
        self = before
        if tellRows(naming: values, beside: supposed, label) || isOpen { return }
        let looksAtIt =
            isKnown
            && supposed.compactMap(assistant.response).contains {
                $0.isLookedUp(by: values.map(\.slot))
            }
        say(looksAtIt ? "pattern.what_if_nothing" : "pattern.what_if_unknown", [.init("value", label)])
    }

    /// Tells facts that name the values, of the kinds that the answer tells and for its place; false when there are none.
    private mutating func tellRows(
        naming values: [Effect.Supposed], beside supposed: [String], _ label: String
    ) -> Bool {
        let looks = supposed.compactMap(assistant.response).flatMap(\.looks)
        let place = looks.compactMap(\.place).compactMap { slots[$0]?.value }.first
        let insurance = (slots["insurance"] ?? slots["holder_insurance"])?.value
        let kinds = looks.map { look in
            (
                topics: look.topics.compactMap { $0.filled(gap: { slots[$0]?.value }, fact: { _ in nil }) },
                attributes: look.attributes
            )
        }
        for word in values.compactMap(words).flatMap({ $0 }) {
            let named = knowledge.facts(naming: [word], place: place, insurance: insurance, asOf: date)
            let found = named.filter { fact in
                !isHearsay(fact)
                    && kinds.contains {
                        $0.topics.contains(fact.topic) && $0.attributes.contains(fact.attribute)
                    }
            }
            guard !found.isEmpty else { continue }
            say("pattern.what_if_found", [.init("value", label)])
            list(found, title: "", asked: place, limit: Self.staying)
            return true
        }
        return false
    }

    /// Words by which facts name a choice; none for places and figures, which are in lines about something else.
    private func words(for value: Effect.Supposed) -> [String]? {
        guard let option = assistant.program.slot(value.slot)?.option(value.value) else { return nil }
        return (option.factWords + [option.value]).unique
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

extension Response {
    fileprivate var looks: [FactBlock] {
        blocks.compactMap { if case .facts(let look) = $0.content { look } else { nil } }
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
