package import Conversation
package import Dialogue
package import Knowledge
import Language
package import Understanding

/// One whole turn: understand, decide, look up, word the reply. Immutable; shared by all conversations.
package final class Assistant: Sendable {
    package let understanding: UnderstandingModel
    package let knowledge: KnowledgeBase
    package let engine: DialogueEngine
    /// What the assistant calls itself.
    package let name: String
    /// A digest of everything it was built from; conversations remember which one they were held with.
    package let version: String
    private let responses: [String: Response]
    let details: [Detail]

    package init(
        name: String, version: String, understanding: UnderstandingModel, knowledge: KnowledgeBase,
        dialogue: DialogueProgram, responses: [Response], details: [Detail] = []
    ) {
        self.name = name
        self.version = version
        self.understanding = understanding
        self.knowledge = knowledge
        engine = DialogueEngine(program: dialogue)
        self.details = details
        self.responses = Dictionary(responses.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package var program: DialogueProgram { engine.program }

    /// Names of all that can be said, sorted.
    package var responseNames: [String] { responses.keys.sorted() }

    /// Whether a condition holds as a conversation stands, on the day of its latest turn.
    package func holds(_ condition: Condition, for tracker: Tracker) -> Bool {
        let world = World(knowledge: knowledge, date: tracker.lastTime.date, assistant: self)
        return condition.holds(in: tracker.slots, world: world)
    }

    package func response(_ name: String) -> Response? { responses[name] }

    /// The next turn of a conversation. Numbers that identify a person are masked before anything looks at the text, and the
    /// person is told.
    package func turn(_ tracker: Tracker, on utterance: Utterance) -> Turn {
        var memory = TurnMemory()
        return turn(tracker, on: utterance, &memory)
    }

    /// As above, with what is kept from turn to turn. `path`: the way that the conversation has gone so far.
    package func turn(
        _ tracker: Tracker, along path: ConversationPath = .unknown, on utterance: Utterance,
        _ memory: inout TurnMemory
    ) -> Turn {
        memory.serve(version)
        return memory.turn(tracker, along: path, on: utterance) { memory in
            work(tracker, on: utterance, &memory)
        }
    }

    /// The path of a new conversation for which so much is known already.
    package func path(
        given profile: [(name: String, value: String)], _ memory: inout TurnMemory
    ) -> ConversationPath {
        memory.serve(version)
        return memory.path(given: profile)
    }

    private func work(
        _ tracker: Tracker, on utterance: Utterance, _ memory: inout TurnMemory
    ) -> (turn: Turn, isMasked: Bool) {
        var utterance = utterance
        var result: NLUResult?
        var parts: [NLUResult] = []
        var isMasked = false
        utterance.input = utterance.input.withoutNumbersOfDesk
        if case .text(let text) = utterance.input {
            let redacted = Redactor.redact(text)
            utterance.input = .text(redacted.text)
            isMasked = !redacted.kinds.isEmpty
            let read = settledReading(of: redacted.text, tracker, &memory)
            result = asOffered(read, tracker) ?? goingBackTo(read, tracker, &memory) ?? read
            parts = self.parts(of: read.text, tracker, &memory)
        }
        let world = World(
            knowledge: knowledge, date: utterance.time.date, memory: memory.world, assistant: self)
        let detail = result.flatMap { detailAsked(in: $0, tracker) }
        let query = result.flatMap { queryOfAnswer(in: $0, tracker, on: utterance.time.date) }
        var outcome = engine.advance(
            tracker, on: utterance, result: result, parts: parts,
            asksDetail: detail != nil || query != nil, world: world)
        let before = toldBefore(tracker, outcome, result, on: utterance.time.date)
        let isPutOff = detail != nil && outcome.commands == [.chat(pattern: "detail_later")]
        let starts = outcome.commands.contains { if case .start = $0 { true } else { false } }
        let opening = starts ? result.map { openingDetails(in: $0, outcome.tracker) } ?? [] : []
        let opened = detail == nil ? opening.first { !$0.isOnlyBehind } : nil
        let ahead =
            isPutOff
            ? engine.ahead(of: tracker, world: world)
            : opened == nil ? [] : engine.ahead(of: outcome.tracker, world: world)
        let isUntold =
            isPutOff
            && !(tracker.frame.flatMap { program.flow($0.flow) }.map { tells($0, detail?.attributes ?? []) }
                ?? true)
        let things = result.map(program.thingsAsked) ?? []
        let begun = starts ? outcome.tracker.frame.flatMap { program.flow($0.flow) } : nil
        let named = begun.flatMap { flow in result.map { program.detailsNamed(in: $0, of: flow) } } ?? []
        let scene = Scene(
            effects: outcome.effects, slots: outcome.tracker.slots.withoutHistory,
            date: utterance.time.date, phase: outcome.tracker.turn % phases(of: outcome.effects),
            question: ExactText(result?.text ?? ""),
            mentionedPlace: result?.entities.first {
                $0.type == "place" && !$0.isNegated && !$0.isAside && $0.alternatives.isEmpty
            }?.value, latestPlace: outcome.tracker.latestPlace, topic: ExactText(outcome.tracker.state.topic),
            isTopicOld: outcome.tracker.state.topicTurn < outcome.tracker.turn,
            person: outcome.tracker.state.person, startsTask: starts,
            isMasked: isMasked,
            focus: isPutOff || tracker.frame == nil && outcome.commands == [.again]
                ? detail?.attributes ?? [] : ahead.isEmpty ? [] : opened?.attributes ?? [],
            told: before.lines, awaited: before.awaited,
            named: before.lines.isEmpty ? [] : result.map(program.wordsNaming) ?? [], changed: before.changed,
            query: query, things: things, detailsNamed: named,
            ahead: ahead, untold: isUntold ? detail?.name : nil,
            isAskedAgain: tracker.hasPutOff || opened != nil,
            wanted: opening.flatMap(\.attributes),
            thingTopics: things.isEmpty && named.isEmpty && query == nil
                ? [] : topics(of: starts ? outcome.tracker : tracker),
            asksMeaning: result.map(program.asksMeaning) ?? false,
            answered: outcome.effects.contains(where: \.looksBack) ? tracker.lastSpoken.filter(\.tells) : [],
            shortened: before.shortened)
        let worded = memory.wording(of: scene, by: word)
        if let offered = worded.offered {
            outcome = engine.offering(offered, in: outcome, from: tracker, world: world)
        }
        let trace = Trace(
            result: result, commands: outcome.commands.map(\.label), facts: worded.citedFacts,
            said: worded.said, gaps: worded.gaps, toldAsPast: worded.toldAsPast)
        let turn = Turn(
            tracker: outcome.tracker, events: outcome.events, replies: worded.replies, input: utterance.input,
            trace: trace)
        return (turn, isMasked)
    }

    /// What an utterance was found to mean, without what its writer takes back in the same breath,
    /// and with what is mistyped put right.
    private func settledReading(
        of text: String, _ tracker: Tracker, _ memory: inout TurnMemory
    ) -> NLUResult {
        let expectation = expectation(of: tracker)
        let bare = Dressing.removed(from: text) ?? text
        let text = program.behindCourtesy(bare) ?? bare
        var result = memory.reading(of: text, expecting: expectation, by: understanding)
        if let rest = program.behindAbandoning(result) {
            let other = memory.reading(of: rest, expecting: expectation, by: understanding)
            result = program.asking(other, in: result)
        }
        // Each time a value less is said, so that it comes to an end.
        while let settled = program.withoutRetracted(result) {
            result = memory.reading(of: settled, expecting: expectation, by: understanding)
        }
        // Words that the dialogue looks for are looked for as they were meant.
        if let meant = result.meant { result.text = meant }
        return result
    }

    /// What the requests of an utterance that may hold several were found to mean; empty when it is in one piece.
    private func parts(of text: String, _ tracker: Tracker, _ memory: inout TurnMemory) -> [NLUResult] {
        let expectation = expectation(of: tracker)
        func read(_ texts: [String]) -> [NLUResult] {
            texts.map { memory.reading(of: $0, expecting: expectation, by: understanding) }
        }
        let parts = program.parts(of: text, answering: tracker.state.question)
        let requests = (parts.isEmpty ? [text] : parts).flatMap { part -> [String] in
            let clauses = program.clauses(of: part, isOneOfSeveral: !parts.isEmpty)
            return clauses.isEmpty ? [part] : program.requests(among: clauses, understoodAs: read(clauses))
        }.flatMap { request -> [String] in
            let joined = program.joined(in: request) {
                memory.reading(of: $0, expecting: expectation, by: understanding)
            }
            return joined.isEmpty ? [request] : joined
        }
        return requests.count < 2 ? [] : read(requests)
    }

    /// How many questions a task asks on average when each place and each choice is equally likely; `Rehearsal`.
    package func meanQuestions(
        of flow: Flow, on date: CivilDate, places: [String], asking plan: QuestionPlan
    ) -> Double {
        let world = World(knowledge: knowledge, date: date, memory: WorldMemory(), assistant: self)
        return Rehearsal(program, world: world, places: places, asking: plan).meanQuestions(of: flow)
    }

    /// Answers to a flow's questions in the order in which they are asked; `Rehearsal`.
    package func asAsked(
        _ answers: [ModelCheck.Answer], in flow: Flow, on date: CivilDate, place: String
    ) -> [ModelCheck.Answer] {
        let world = World(knowledge: knowledge, date: date, memory: WorldMemory(), assistant: self)
        return Rehearsal(program, world: world, places: [place]).asAsked(answers, in: flow)
    }

    /// What a response says by itself.
    func wordingAlone(_ response: String, slots: Slots, on date: CivilDate) -> [Reply] {
        var wording = wordedAlone(response, slots: slots, on: date)
        return wording.finish()
    }

    /// The same without what others say against it, its sources, and what is only remarked on its figures.
    func toldAlone(_ response: String, slots: Slots, on date: CivilDate) -> [Reply] {
        let wording = wordedAlone(response, slots: slots, on: date)
        return wording.replies.filter { !wording.remarks.contains($0.text.withoutCitations) }
    }

    /// The facts that a response tells by itself, and what it says not to be known.
    func citedAlone(_ response: String, slots: Slots, on date: CivilDate) -> (facts: [String], gaps: [String])
    {
        var wording = wordedAlone(response, slots: slots, on: date)
        _ = wording.finish()
        return (wording.citedFacts, wording.gaps)
    }

    private func wordedAlone(_ response: String, slots: Slots, on date: CivilDate) -> Wording {
        let effects = [Effect.say(response: response, arguments: [])]
        var wording = Wording(
            self,
            Scene(
                effects: effects, slots: slots.withoutHistory, date: date, phase: 0, question: ExactText(""),
                latestPlace: slots.latestPlace, topic: ExactText(""), isTopicOld: true, startsTask: false,
                isMasked: false))
        wording.tellsAll = true
        wording.put(effects[0])
        return wording
    }

    /// What is said when personal numbers were masked.
    private static let masked = "pattern.masked"

    /// What is said where a detail is told once the open question is answered.
    private static let putOff = "pattern.detail_later"

    /// What is said where an answer would be the same with a value that was said behind it.
    private static let nothingNew = "pattern.nothing_new"

    /// After so many turns the wordings of what is said come round.
    func phases(of effects: [Effect]) -> Int {
        effects.reduce(1) { leastCommonMultiple($0, response($1.responseName)?.phases ?? 1) }
    }

    private func word(_ scene: Scene) -> Worded {
        var wording = Wording(self, scene)
        // What is put off is no answer that could be kept to the detail.
        let isPutOff = scene.effects.contains { $0.responseName == Self.putOff } && scene.untold == nil
        if scene.ahead.isEmpty, !isPutOff { wording.focus = scene.focus }
        put(scene, into: &wording)
        if !scene.told.isEmpty, !wording.tellsAnew {
            let answer = scene.effects.filter(\.isAnswer).compactMap { response($0.responseName) }
            if answer.contains(where: { $0.hangs(on: scene.changed) }) {
                // Better the answer once more than none.
                var whole = scene
                (whole.told, whole.shortened) = ([], [])
                return word(whole)
            }
            // Nothing in it hangs on what was said.
            wording = Wording(self, scene)
            for effect in scene.effects where !effect.isAnswer && !effect.asks { wording.put(effect) }
            // “孩子也一样吗”: a line of the answer that names them is what is asked for.
            if !wording.tellNamed(scene.named) {
                wording.say(Self.nothingNew, [.init("value", scene.question.text)])
            }
            for effect in scene.effects where effect.asks { wording.put(effect) }
        }
        if !scene.focus.isEmpty, scene.ahead.isEmpty, !isPutOff, wording.citedFacts.isEmpty,
            wording.gaps.isEmpty
        {
            // Nothing there is of that kind. The answer was just given; it would tell nothing new.
            wording = Wording(self, scene)
            let detail = details.first { $0.attributes == scene.focus }
            var beside = wording
            beside.focus = scene.focus
            for response in responses(telling: scene.focus, beside: scene.effects) {
                beside.put(.say(response: response, arguments: []))
            }
            if beside.replies.contains(where: { $0.isStatement && !$0.cites.isEmpty }) {
                // What else the task tells says so (封顶线 behind a sum).
                wording = beside
            } else if let detail, wording.tellLines(of: detail) {
                // The answer told of it under another kind (不受等待期限制).
            } else if scene.things.isEmpty || detail?.namesPeople ?? false, let kind = detail?.name {
                wording.sayNothingWritten(of: [kind])
            } else {
                wording.tellThingsOrNone()
            }
            for effect in scene.effects where effect.asks { wording.put(effect) }
        }
        let replies = wording.finish()
        return Worded(
            replies: replies, citedFacts: wording.citedFacts, gaps: wording.gaps,
            toldAsPast: wording.toldAsPast, offered: wording.offered, said: wording.said, number: 0)
    }

    private func put(_ scene: Scene, into wording: inout Wording) {
        if scene.isMasked { wording.put(.say(response: Self.masked, arguments: [])) }
        for effect in scene.effects {
            if effect.isAnswer, let query = scene.query {
                if effect == scene.effects.first(where: \.isAnswer) { wording.seek(query) }
                continue
            }
            if effect.responseName == Self.putOff {
                if let untold = scene.untold {
                    wording.sayNothingWritten(of: [untold])
                    continue
                }
                if !scene.ahead.isEmpty, wording.tellAhead() { continue }
            }
            if effect.looksBack {
                wording.lookBack(effect)
                continue
            }
            if effect.isAnswer, effect == scene.effects.first(where: \.isAnswer) { wording.sayAskedFirst() }
            if effect.asks { wording.tellOfWhatWasLeftOut() }
            // What is asked stands last; a source that answers the very question comes before it.
            if scene.startsTask || effect.closesTask, effect.asks, scene.query == nil,
                scene.focus.isEmpty || scene.startsTask
            {
                if !scene.focus.isEmpty { wording.tellAhead() }
                wording.quoteArticle(on: scene.topic.text)
                if scene.startsTask, case .ask(let slot, _) = effect, program.slot(slot)?.kind == .place {
                    wording.tellNationwide()
                }
            }
            wording.put(effect)
        }
        wording.tellOfWhatWasLeftOut()
    }

    /// Topics that the task under way, or the one done last, looks up.
    private func topics(of tracker: Tracker) -> [String] {
        guard let name = tracker.frame?.flow ?? tracker.state.lastFlow, let flow = program.flow(name) else {
            return []
        }
        return flow.steps.flatMap { step -> [String] in
            guard case .say(let name, _) = step.action, let response = response(name) else { return [] }
            return response.blocks.flatMap { block -> [String] in
                guard case .facts(let look) = block.content else { return [] }
                return look.topics.compactMap { topic in
                    topic.filled(gap: { tracker.slots[$0]?.value }, fact: { _ in nil })
                }
            }
        }.unique
    }

    /// What the open question wants to hear; makes the recognisers more willing, never less.
    private func expectation(of tracker: Tracker) -> Expectation? {
        guard case .slot(let name, _)? = tracker.state.question?.kind, let slot = program.slot(name) else {
            return expectation(after: tracker)
        }
        return Expectation(types: [slot.entity], choices: slot.options.count)
    }

    /// A figure that follows an answer which works with amounts (那五万呢), or with years that were told (男的25年呢), is one.
    private func expectation(after tracker: Tracker) -> Expectation? {
        guard tracker.frame == nil, let flow = tracker.state.lastFlow.flatMap({ program.flow($0) }) else {
            return nil
        }
        let slots = flow.slots.compactMap { program.slot($0) }
        let amount = slots.first { $0.kind == .amount }
        let told = slots.filter { $0.kind == .number && $0.role == nil && tracker.slots[$0.name] != nil }
        let types = ([amount].compactMap { $0 } + told.filter { $0.entity == "years" }).map(\.entity)
        return types.isEmpty ? nil : Expectation(types: types)
    }
}

extension Effect {
    /// Whether the person is to answer it.
    var asks: Bool {
        switch self {
        case .ask, .askWhich, .offerFlows, .pick: true
        case .say, .explain, .lookUp, .suppose: false
        }
    }

    /// Whether it stands at the end of a task.
    var closesTask: Bool {
        if case .offerFlows(_, response: "pattern.follow_up") = self { true } else { false }
    }

    /// The response by which the effect is worded.
    var responseName: String {
        switch self {
        case .say(let response, _), .offerFlows(_, let response), .pick(let response, _, _): response
        case .ask(let slot, let attempt): "ask.\(slot).\(attempt)"
        case .askWhich: "pattern.which"
        case .explain(let slot): "why.\(slot)"
        case .lookUp: "pattern.looked_up"
        case .suppose: "pattern.what_if"
        }
    }
}

extension Utterance.Input {
    /// What the desk says, with personal numbers masked, for it is stored like anything else; the person is not told.
    fileprivate var withoutNumbersOfDesk: Utterance.Input {
        switch self {
        case .person(let owner, let text):
            .person(owner: Redactor.redact(owner).text, text: Redactor.redact(text).text)
        case .handBack(let text): .handBack(text: Redactor.redact(text).text)
        case .opening, .text, .choice: self
        }
    }
}

extension Tracker {
    /// The flows under way with their steps, the topmost last (`remote_filing:stay_type`).
    package var stackNames: [String] { state.stack.map { "\($0.flow):\($0.step)" } }
}
