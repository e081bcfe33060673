package import Conversation
package import Dialogue
package import Knowledge
import Language
package import Understanding

/// One whole turn: understand, decide, look up, word the reply. Immutable; shared by all conversations.
package struct Assistant: Sendable {
    package let understanding: UnderstandingModel
    package let knowledge: KnowledgeBase
    package let engine: DialogueEngine
    /// What the assistant calls itself.
    package let name: String
    /// A digest of everything it was built from; conversations remember which one they were held with.
    package let version: String
    private let responses: [String: Response]

    package init(
        name: String, version: String, understanding: UnderstandingModel, knowledge: KnowledgeBase,
        dialogue: DialogueProgram, responses: [Response]
    ) {
        self.name = name
        self.version = version
        self.understanding = understanding
        self.knowledge = knowledge
        engine = DialogueEngine(program: dialogue)
        self.responses = Dictionary(responses.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package var program: DialogueProgram { engine.program }

    package func response(_ name: String) -> Response? { responses[name] }

    /// What came of a turn: what happened, what is said, and how it came about.
    package struct Turn: Equatable, Sendable {
        package var tracker: Tracker
        package var events: [Event]
        package var replies: [Reply]
        /// What the person did, as it may be stored.
        package var input: Utterance.Input
        package var trace: Trace
    }

    /// How a turn came about; for whoever is allowed to look.
    package struct Trace: Equatable, Sendable {
        package var result: NLUResult?
        package var commands: [String]
        package var facts: [String]
        /// Names of the responses said, in order.
        package var said: [String]
    }

    /// The next turn of a conversation. Numbers that identify a person are masked before anything looks at the text, and the
    /// person is told.
    package func turn(_ tracker: Tracker, on utterance: Utterance) -> Turn {
        var workspace = Workspace()
        return turn(tracker, on: utterance, &workspace)
    }

    /// As above, reusing scratch memory from turn to turn.
    package func turn(_ tracker: Tracker, on utterance: Utterance, _ workspace: inout Workspace) -> Turn {
        var utterance = utterance
        var result: NLUResult?
        var said: [String] = []
        if case .text(let text) = utterance.input {
            let redacted = Redactor.redact(text)
            utterance.input = .text(redacted.text)
            if !redacted.kinds.isEmpty { said.append("pattern.masked") }
            result = understanding.understand(redacted.text, expecting: expectation(of: tracker), &workspace)
        }
        let world = World(knowledge: knowledge, date: utterance.time.date)
        let outcome = engine.advance(tracker, on: utterance, result: result, world: world)
        var wording = Wording(self, tracker: outcome.tracker, date: utterance.time.date)
        wording.question = result?.text ?? ""
        wording.mentionedPlace =
            result?.entities.first { $0.type == "place" && !$0.isNegated && $0.alternatives.isEmpty }?.value
        for name in said { wording.put(.say(response: name, arguments: [])) }
        let startsTask = outcome.commands.contains { if case .start = $0 { true } else { false } }
        for effect in outcome.effects {
            // What is asked stands last; a source that answers the very question comes before it.
            if startsTask || effect.closesTask, effect.asks {
                wording.quoteArticle(on: outcome.tracker.state.topic)
            }
            wording.put(effect)
        }
        let replies = wording.finish()
        said += outcome.effects.map(\.responseName)
        let trace = Trace(
            result: result, commands: outcome.commands.map(\.label), facts: wording.citedFacts, said: said)
        return Turn(
            tracker: outcome.tracker, events: outcome.events, replies: replies, input: utterance.input,
            trace: trace)
    }

    /// What the open question wants to hear; makes the recognisers more willing, never less.
    private func expectation(of tracker: Tracker) -> Expectation? {
        guard case .slot(let name, _)? = tracker.state.question?.kind, let slot = program.slot(name) else {
            return nil
        }
        return Expectation(types: [slot.entity], choices: slot.options.count)
    }
}

extension Assistant {
    /// What a client tells of the person when the conversation begins; slots that are not declared are passed over.
    package func profileEvents(_ profile: [(name: String, value: String)]) -> [Event] {
        profile.compactMap { name, value in
            guard let slot = program.slot(name) else { return nil }
            let text: String
            let resolved: String
            switch slot.kind {
            case .place:
                let named = understanding.understand(value, expecting: Expectation(types: ["place"])).entities
                guard let place = named.first(where: { $0.type == "place" && $0.alternatives.isEmpty }) else {
                    return nil
                }
                resolved = place.value
                text = knowledge.name(of: resolved)
            case .choice:
                guard let option = slot.option(value) else { return nil }
                resolved = option.value
                text = option.value
            case .amount, .number:
                resolved = value
                text = value
            }
            return .slotSet(
                name: name,
                value: SlotValue(value: resolved, text: text, raw: value, origin: .profile, turn: 0))
        }
    }
}

extension Effect {
    /// Whether the person is to answer it.
    var asks: Bool {
        switch self {
        case .ask, .askWhich, .offerFlows: true
        case .say, .explain, .lookUp: false
        }
    }

    /// Whether it stands at the end of a task.
    var closesTask: Bool {
        if case .offerFlows(_, response: "pattern.follow_up") = self { true } else { false }
    }

    /// The response by which the effect is worded.
    var responseName: String {
        switch self {
        case .say(let response, _), .offerFlows(_, let response): response
        case .ask(let slot, let attempt): "ask.\(slot).\(attempt)"
        case .askWhich: "pattern.which"
        case .explain(let slot): "why.\(slot)"
        case .lookUp: "pattern.looked_up"
        }
    }
}

extension Tracker {
    /// The flows under way with their steps, the topmost last (`remote_filing:stay_type`).
    package var stackNames: [String] { state.stack.map { "\($0.flow):\($0.step)" } }
}

/// The dialogue's questions about the world, answered from the knowledge base as it stands on a day.
struct World: DialogueWorld {
    let knowledge: KnowledgeBase
    let date: CivilDate

    func areInOneProvince(_ first: String, _ second: String) -> Bool { knowledge.sameProvince(first, second) }
    func isPlace(_ place: String, within container: String) -> Bool { knowledge.isWithin(place, container) }

    func hasFacts(on topic: String, for place: String) -> Bool {
        let answer = knowledge.answer(FactQuery(topics: [topic], place: place, asOf: date))
        return !answer.facts.isEmpty && !answer.isWider
    }

    func placeName(_ code: String) -> String { knowledge.name(of: code) }
    func placeLabel(_ code: String) -> String { knowledge.label(of: code) }

    func canAnswer(_ question: String, place: String?) -> Bool {
        !knowledge.search(
            question, place: place ?? Place.nationCode, insurance: nil, asOf: date, limit: 1
        ).isEmpty || !knowledge.definitions(for: question, asOf: date).isEmpty
            || !knowledge.articles(on: question, place: place, asOf: date, limit: 1).isEmpty
    }

    func furtherReading(on question: String, place: String?) -> [String] {
        guard !question.isEmpty else { return [] }
        let articles = knowledge.articles(on: question, place: place, asOf: date)
        // A second one only when it is the same question, too.
        return articles.enumerated().filter {
            $0.offset == 0 || $0.element.likeness >= KnowledgeBase.sameTitleFloor
        }.map(\.element).map {
            ReadingPlace(source: $0.source.id, place: place ?? Place.nationCode, position: 0).identifier
        }
    }

    func readingLabel(_ identifier: String) -> String? {
        guard let reading = ReadingPlace(identifier),
            let article = knowledge.article(reading.source, place: reading.place, asOf: date),
            article.facts.count > reading.position
        else { return nil }
        if reading.position > 0 { return "《\(article.source.title)》接着往下看" }
        return "《\(article.source.title)》里写的\(article.topics.prefix(3).joined(separator: "、"))"
    }

    func reading(after identifier: String) -> String? {
        guard var reading = ReadingPlace(identifier),
            let article = knowledge.article(reading.source, place: reading.place, asOf: date)
        else { return nil }
        reading.position += ReadingPlace.length
        return reading.position < article.facts.count ? reading.identifier : nil
    }
}
