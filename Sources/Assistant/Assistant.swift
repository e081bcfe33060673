package import Conversation
package import Dialogue
package import Knowledge
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

    package init(name: String, version: String, understanding: UnderstandingModel, knowledge: KnowledgeBase,
                 dialogue: DialogueProgram, responses: [Response]) {
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
        package var trace: Trace
    }

    /// How a turn came about; for whoever is allowed to look.
    package struct Trace: Equatable, Sendable {
        package var result: NLUResult?
        package var commands: [String]
        package var facts: [String]
    }

    /// The next turn of a conversation. `notice` names patterns to be said before anything else (personal numbers were
    /// masked).
    package func turn(_ tracker: Tracker, on utterance: Utterance, notice: [String] = []) -> Turn {
        var result: NLUResult?
        if case .text(let text) = utterance.input {
            result = understanding.understand(text, expecting: expectation(of: tracker))
        }
        let world = World(knowledge: knowledge, date: utterance.time.date)
        let outcome = engine.advance(tracker, on: utterance, result: result, world: world)
        var wording = Wording(self, tracker: outcome.tracker, date: utterance.time.date)
        wording.question = result?.text
        for pattern in notice { wording.put(.say(response: "pattern.\(pattern)", arguments: [])) }
        for effect in outcome.effects { wording.put(effect) }
        let replies = wording.finish()
        return Turn(tracker: outcome.tracker, events: outcome.events, replies: replies,
                    trace: Trace(result: result, commands: outcome.commands.map(\.label), facts: wording.citedFacts))
    }

    /// What the open question wants to hear; makes the recognisers more willing, never less.
    private func expectation(of tracker: Tracker) -> Expectation? {
        guard case .slot(let name, _)? = tracker.state.question?.kind, let slot = program.slot(name) else { return nil }
        return Expectation(entityTypes: [slot.entity])
    }
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
        !knowledge.search(question, place: place, insurance: nil, asOf: date, limit: 1).isEmpty
    }
}
