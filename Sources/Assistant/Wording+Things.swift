import Conversation
import Dialogue
import Knowledge

/// What is known of the very things that a question names, looked for before it is said that nothing is written.
extension Wording {
    /// Lines of them that are told at most.
    private static var thingLines: Int { 4 }
    /// Scalars that what is said not to be written has at most; what is longer is no name of anything.
    private static var longestName: Int { 12 }

    /// Tells what facts for the place say that name the things of the question, those of what was just talked of before others;
    /// false when there are none.
    @discardableResult
    mutating func tellThings(_ things: [String]) -> Bool {
        let place = mentionedPlace ?? scene.latestPlace
        let insurance = (slots["insurance"] ?? slots["holder_insurance"])?.value
        let found = knowledge.facts(naming: things, place: place, insurance: insurance, asOf: date).filter {
            !isHearsay($0)
        }
        guard !found.isEmpty else { return false }
        let near = found.filter { scene.thingTopics.contains($0.topic) }
        // What every task has some of (材料) is asked of this one; another's would answer something else.
        if near.isEmpty, things.allSatisfy(isCommon) { return false }
        say("pattern.detail_found", [.init("value", Self.name(of: things))])
        list(near.isEmpty ? found : near, title: "", asked: place, limit: Self.thingLines)
        return true
    }

    /// Whether it is a kind of detail that every task has some of (材料).
    private func isCommon(_ thing: String) -> Bool {
        let scalars = Array(thing.unicodeScalars)
        return assistant.details.contains { $0.words.occur(in: scalars) }
    }

    /// Tells what is said of terms themselves, where no meaning of them is written; or that there is nothing.
    mutating func tellTerms(_ terms: [String]) {
        let place = mentionedPlace ?? scene.latestPlace
        let found = knowledge.facts(naming: terms, place: place, insurance: nil, asOf: date).filter { fact in
            !isHearsay(fact) && terms.contains { fact.condition.holds($0) }
        }
        guard !found.isEmpty else { return sayNothingWritten(of: terms) }
        say("pattern.looked_up", [])
        list(found, title: "", asked: place, limit: Self.thingLines)
    }

    /// Facts that name a thing at most, for it to be what the question turns on.
    private static var mostNaming: Int { 6 }

    /// What is asked of somebody or something by itself is whether it is allowed; steps and papers that merely name it are no answer.
    private static let allowing: Set = ["对象", "条件", "限制", "结论", "用途"]

    /// Tells, before the place is asked, what holds in the whole country of the very things that a task begins with (医疗救助能报多少): of all
    /// of them, or else of one of which it is asked whether it will do (弟弟能不能加到共济).
    mutating func tellNationwide() {
        guard citedFacts.isEmpty else { return }
        let found = nationwide(scene.things)
        if !found.isEmpty { return tellAnywhere(found) }
        for name in scene.detailsNamed where !isCommon(name) {
            let found = nationwide([name]).filter { Self.allowing.contains($0.attribute) }
            if !found.isEmpty { return tellAnywhere(found) }
        }
    }

    private mutating func tellAnywhere(_ found: [Fact]) {
        say("pattern.detail_anywhere", [])
        list(found, title: "", asked: nil, limit: Self.thingLines)
    }

    /// Facts of the task's topics that hold in the whole country and name some things; none where too many do.
    private func nationwide(_ things: [String]) -> [Fact] {
        let found = knowledge.facts(naming: things, place: nil, insurance: nil, asOf: date).filter {
            !isHearsay($0) && $0.place == Place.nationCode && scene.thingTopics.contains($0.topic)
        }
        return found.count > Self.mostNaming ? [] : found
    }

    /// Tells what is known of the things that the question names, or that nothing is written of them.
    mutating func tellThingsOrNone() {
        let things = scene.things
        if !things.isEmpty, tellThings(things) { return }
        sayNothingWritten(of: things)
    }

    /// Says that nothing is written, and of what.
    mutating func sayNothingWritten(of things: [String]) {
        let name = Self.name(of: things)
        guard !things.isEmpty, name.unicodeScalars.count <= Self.longestName else {
            return say("pattern.not_found", [])
        }
        say("pattern.detail_unknown", [.init("value", name)])
    }

    private static func name(of things: [String]) -> String { things.joined(separator: "、") }
}
