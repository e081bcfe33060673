import Conversation

/// One utterance seen from the state of the conversation: what of it answers, fills or asks what. A class, for it is handed
/// about a great deal within one turn.
final class Reading {
    let result: NLUResult
    let tracker: Tracker
    let program: DialogueProgram
    let world: any DialogueWorld
    /// What of the utterance fills which slots.
    private(set) lazy var filling = SlotFilling(of: self)
    /// Whose the values are, and whom it is about.
    private(set) lazy var whose = Whose(result, anatomy, tracker, program, isCounted: isCounted)
    /// What of the utterance values and small words account for.
    let anatomy: Anatomy
    /// The slot that is asked for at the moment.
    let askedSlot: SlotDefinition?
    /// Whether it holds a word that asks.
    let asksSomething: Bool
    /// Whether the utterance asks for another task than the one under way: more than the open question accounts for.
    let isNewRequest: Bool
    /// The flow that was done last, when the utterance asks it once more with another value (那北京的呢).
    let variedFlow: Flow?
    /// The flow whose slots are meant, where that is known otherwise than by the intent.
    private let meantFlow: Flow?
    /// Whether it is read as if it were for no flow at all.
    private let isForNone: Bool

    init(
        _ result: NLUResult, tracker: Tracker, program: DialogueProgram, world: any DialogueWorld,
        meaning flow: Flow? = nil, forNone: Bool = false
    ) {
        meantFlow = flow
        isForNone = forNone
        let result = result.withoutFalseNegations(program.words[.retraction]).withContrasts(program)
            .withoutStrangers(program)
            .withoutPartsOfValues(program)
            .withoutMereSuspicion.withoutUnfounded(program).withoutMereAlarm(program)
            .withAlarm(program)
            .withTaskOfAmount(program).withoutMereCorrection(program)
            .withoutStayAtHome(program).withoutWhatOnceWas(program)
            .withFiguresOfKnown(tracker, program)
            .withBareAmount(tracker, program).withCorrectedAmount(tracker, program)
            .withoutGuessesAcrossValues(program)
            .withPlacesOfHome(tracker, program, world).withFormerPlaces(tracker, program)
            .withPlacesGoneTo(tracker, program)
            .withPartsOfWhole(tracker, program).withoutMereGoal(
                tracker, program)
        self.result = result
        self.tracker = tracker
        self.program = program
        self.world = world
        anatomy = Anatomy(result, program)
        if case .slot(let name, _)? = tracker.state.question?.kind {
            askedSlot = program.slot(name)
        } else {
            askedSlot = nil
        }
        asksSomething =
            program.words[.question].occur(in: anatomy.scalars)
            || anatomy.asksByForm(program.words[.ending])
        isNewRequest = Reading.isNewRequest(result, anatomy, askedSlot, asksSomething, tracker, program)
        variedFlow = Reading.variedFlow(result, anatomy, askedSlot, tracker, program)
    }

    var assignments: [Command.Assignment] { filling.assignments }
    var ambiguous: (slot: String, candidates: [String])? { filling.ambiguous }
    var undecided: (entity: Entity, slots: [SlotDefinition])? { filling.undecided }

    func value(of entity: Entity, for slot: SlotDefinition) -> SlotValue? {
        filling.value(of: entity, for: slot)
    }

    var text: String { result.text }
    var intent: String? { result.intent }
    var turn: Int { tracker.turn + 1 }
    /// Share of the utterance that the values which slots may take cover, 0…1.
    var coverage: Double { anatomy.coverage }

    /// Nothing that can be read: blanks and signs, or a picture that arrived as its name in brackets.
    var isBlank: Bool {
        anatomy.total == 0
            || program.words[.media].length(at: 0, in: anatomy.scalars) == anatomy.scalars.count
    }

    /// What of the assignments answers the open question.
    var answers: [Command.Assignment] {
        guard let asked = askedSlot else { return [] }
        return assignments.filter { $0.slot == asked.name }
    }

    /// Whether the better part of the utterance answers the open question.
    var isAnswer: Bool { !answers.isEmpty && coverage >= Policy.answerCoverage }

    /// Whether the utterance answers the open question and holds nothing that could mean anything else.
    var isPlainAnswer: Bool { anatomy.isFragment && !answers.isEmpty && !isNewRequest }

    /// Whether the utterance is a value and nothing more (居民, 济南的).
    var isBareValue: Bool {
        (coverage >= Policy.bareCoverage || anatomy.isFragment)
            && (!assignments.isEmpty || ambiguous != nil || undecided != nil)
    }

    /// Whether it is a value of what is under way or was done last, and no mere yes or no.
    var isMereValue: Bool {
        anatomy.isFragment
            && assignments.contains { assignment in
                guard let slot = program.slot(assignment.slot) else { return false }
                return !slot.isYesOrNo || assignment.value.raw != assignment.value.value
            }
    }

    /// Whether it is made of values that are no mere yes or no, and nothing is under way or was done that could have asked for them.
    var tellsByDenying: Bool {
        anatomy.isFragment && tracker.frame == nil && tracker.state.lastFlow == nil
            && result.entities.contains { entity in
                !entity.isNegated
                    && program.slots(filledBy: entity.type).contains {
                        $0.option(entity.value) != nil && entity.text != entity.value
                    }
            }
    }

    /// Whether a question is open that yes or no answers.
    var isYesOrNoAsked: Bool {
        switch tracker.state.question?.kind {
        case .slot, .pick: true
        case .flow(let flows), .followUp(let flows): flows.count == 1
        case nil: false
        }
    }

    /// Whether it says nothing but what a choice of what was done last is not to be (不要线上的).
    var isMereExclusion: Bool { anatomy.isFragment && assignments.isEmpty && exclusion != nil }

    /// Whether nothing is under way, and the utterance asks for a task beyond doubt: it names more than it fills in (备案).
    var isTaskOfItsOwn: Bool {
        guard tracker.frame == nil, variedFlow == nil, isTaskLikely,
            intent.flatMap({ program.flow(startedBy: $0) }) != nil
        else { return false }
        let slots = assignments.compactMap { program.slot($0.slot) }
        let taken = result.entities.filter { entity in slots.contains { $0.accepts(entity) } }
        return result.entities.contains { entity in
            // What a value is called is nothing besides it (职工医保, also a word to explain).
            program.entityTypes.contains(entity.type) && !entity.isAside
                && !taken.contains { $0.range.contains(entity.range) }
                && !isOwnerOfValue(entity) && !isOfAnother(entity)
                && ambiguous.flatMap { program.slot($0.slot) }?.accepts(entity) != true
        }
    }

    /// Whether it asks what no task but the base answers, beyond doubt (齐鲁医院是三甲吗), whatever values it holds.
    var asksOfBase: Bool {
        guard let intent, isTaskLikely, asksSomething, tracker.frame == nil else { return false }
        return program.flow(startedBy: intent) == nil && !Policy.chats.contains(intent)
            && !Policy.acts.contains(intent)
    }

    /// The flow that takes the place of another. “我在济南参保，在北京住院能报多少” asks for what is paid away: it says what
    /// the other has no use for, and what must hold. “那能报多少” after filing for treatment away does, too: what is under
    /// way, or was done last, is the flow or offers it, or nothing was yet and all that was said makes it hold; not when a place is named that has no part in it.
    func standIn(for flow: Flow) -> Flow? {
        if let told = program.flows.first(where: { other in
            other.standsInFor.contains(flow.name)
                && other.standsInIf.map { meaning(other).tells($0, beyond: flow) } ?? false
        }) {
            return told
        }
        let present = program.flow(named: tracker.frame?.flow ?? tracker.state.lastFlow)
        return program.flows.first { other in
            guard other.standsInFor.contains(flow.name) else { return false }
            let holds = other.standsInIf?.holds(in: tracker.slots, world: world)
            if let present {
                guard other.name == present.name || present.followUps.contains(other.name), holds ?? true
                else { return false }
            } else {
                // What was said before there was any task says it as well.
                guard holds ?? false else { return false }
            }
            return result.entities.allSatisfy { entity in
                entity.type != "place"
                    || other.slots.contains { tracker.slots[$0]?.value == entity.value }
            }
        }
    }

    /// Whether it says itself what makes the condition hold, and something of it that a flow has no slot for.
    private func tells(_ condition: Condition, beyond flow: Flow) -> Bool {
        let said = assignments.filter { condition.mentions([$0.slot], sums: program.outlook.sumSlots) }
        guard said.count > 1, said.contains(where: { !flow.uses($0.slot) }) else { return false }
        var slots = Slots()
        for assignment in said { slots[assignment.slot] = assignment.value }
        return condition.holds(in: slots, world: world)
    }

    /// Whether one of a few choices is asked for.
    var isPicking: Bool {
        if case .pick? = tracker.state.question?.kind { true } else { false }
    }

    /// Whether it opens a task with nothing but values: nothing is under way, and the last task, if there was any, has not
    /// asked for all of them.
    var opensWithValues: Bool {
        guard tracker.frame == nil, askedSlot == nil, variedFlow == nil, anatomy.isFragment, !isPicking,
            !result.entities.contains(where: \.isNegated)
        else { return false }
        guard let last = program.flow(named: tracker.state.lastFlow) else { return true }
        // A mere figure that stands for another of that task is its own, too; whoever says “我自己” beside a value means no payer.
        return !valuesBesideOneself.allSatisfy { program.takes(last, $0) }
            && !(values.count == assignments.count && assignments.allSatisfy { last.uses($0.slot) })
    }

    /// The tasks between which it was asked; nil when that is not the question.
    var tasksAsked: [String]? {
        guard case .flow(let flows)? = tracker.state.question?.kind else { return nil }
        return flows
    }

    /// The same utterance as the slots of a flow take it, also in another state of the conversation.
    func meaning(_ flow: Flow, as tracker: Tracker? = nil) -> Reading {
        Reading(result, tracker: tracker ?? self.tracker, program: program, world: world, meaning: flow)
    }

    /// The same utterance as it tells who somebody is, whatever task it sounds like.
    var forNoTask: Reading {
        Reading(result, tracker: tracker, program: program, world: world, forNone: true)
    }

    var isTaskLikely: Bool { result.score >= Policy.sure }

    /// Whether it answers the open question without giving a value that could be used (在外地).
    var isVagueAnswer: Bool {
        askedSlot.map { Reading.isVague(anatomy, $0) } ?? false
    }

    static func isVague(_ anatomy: Anatomy, _ asked: SlotDefinition) -> Bool {
        guard !asked.vague.isEmpty else { return false }
        return anatomy.isExplained(with: asked.vague) || anatomy.isAllOf(asked.vague)
    }

    /// The last flow, when the utterance is nothing but a value that this flow has a use for, put as going on (呢, 那, 换成).
    private static func variedFlow(
        _ result: NLUResult, _ anatomy: Anatomy, _ asked: SlotDefinition?, _ tracker: Tracker,
        _ program: DialogueProgram
    ) -> Flow? {
        guard tracker.frame == nil, asked == nil, anatomy.isFragment,
            let last = program.flow(named: tracker.state.lastFlow),
            program.words[.ellipsis].occur(in: anatomy.scalars)
        else { return nil }
        let slots = last.slots.compactMap(program.slot)
        let values = result.entities.filter { program.entityTypes.contains($0.type) }
        let isFitting = values.contains { value in
            slots.contains { slot in
                guard slot.accepts(value), slot.mayBecome(value) else { return false }
                // A place to go to, of which nothing was said yet, is another case of the same question (那她去北京看病呢).
                return tracker.slots[slot.name] != nil || slot.kind == .place && slot.role == value.role
                    || slot.kind != .place && program.hangs(last.steps[...], on: slot.name)
            }
        }
        return isFitting ? last : nil
    }

    /// Whether the task under way was not meant at all: it is ruled out, another is named, and nothing is asked
    /// (不是备案，是查电话).
    var replacesTask: Bool {
        guard tracker.frame != nil, isNewRequest, !asksSomething, let start = anatomy.firstWord,
            program.words[.exclusion].length(at: start, in: anatomy.scalars) != nil
        else { return false }
        return result.entities.contains(where: \.isNegated)
    }

    /// Two tasks that are too close to choose between.
    var closePair: [String]? {
        guard result.ranking.count > 1, result.ranking[0].score < Policy.sure else { return nil }
        let flows = result.ranking.prefix(2).compactMap { program.flow(startedBy: $0.intent)?.name }
        guard flows.count == 2, flows[0] != flows[1],
            result.ranking[0].score - result.ranking[1].score < Policy.closeMargin
        else { return nil }
        return flows
    }

    /// A bare name or a grunt is no question; asking the knowledge base for it would answer what nobody asked. Where
    /// something is asked already, it takes a word that asks.
    var isQuestionLike: Bool {
        text.unicodeScalars.count >= 5 && (askedSlot == nil || asksSomething)
    }

    /// The place the person speaks of.
    var place: String? {
        result.entities.first {
            $0.type == "place" && !$0.isNegated && !$0.isAside && $0.alternatives.isEmpty
        }?.value
            ?? tracker.slots["city"]?.value ?? tracker.slots["home_city"]?.value
    }

    /// The flow whose slots are meant: the one that the utterance starts, else the one under way, else the last one.
    var targetFlow: Flow? {
        if meantFlow != nil || isForNone { return meantFlow }
        if let variedFlow { return variedFlow }
        if askedSlot != nil, !isNewRequest, let frame = tracker.frame { return program.flow(frame.flow) }
        if let intent, let flow = program.flow(startedBy: intent),
            isNewRequest || isTaskLikely && tracker.frame != nil
        {
            return flow
        }
        if let frame = tracker.frame { return program.flow(frame.flow) }
        return program.flow(named: tracker.state.lastFlow)
    }

    // MARK: What is ruled out

    /// A choice of the flow of which the person only says what it is not (除了住院), with the options that are left.
    var exclusion: (slot: SlotDefinition, left: [SlotDefinition.Option])? {
        for entity in result.entities where entity.isNegated {
            let candidates =
                [askedSlot].compactMap { $0 } + (targetFlow?.slots ?? []).compactMap(program.slot)
            guard let slot = candidates.first(where: { !$0.options.isEmpty && $0.accepts(entity) }),
                !assignments.contains(where: { $0.slot == slot.name })
            else { continue }
            let out = result.entities.filter { $0.isNegated && slot.accepts($0) }.compactMap {
                slot.option($0.value)?.value
            }
            let left = slot.options.filter { !out.contains($0.value) }
            if left.isEmpty { continue }
            return (slot, left)
        }
        return nil
    }

    // MARK: One of several places of a name

    /// What is left of the places that are asked apart when the utterance names one of them, or the greater place that
    /// one lies in (福州的, 辽宁那个); nil when it does neither.
    func narrowed(_ candidates: [String]) -> [String]? {
        let places = result.entities.filter { $0.type == "place" }
        let named = places.filter { !$0.isNegated }.flatMap {
            $0.alternatives.isEmpty ? [$0.value] : $0.alternatives
        }
        let out = places.filter(\.isNegated).flatMap {
            $0.alternatives.isEmpty ? [$0.value] : $0.alternatives
        }
        if !named.isEmpty || !out.isEmpty {
            let kept = candidates.filter { candidate in
                (named.isEmpty || named.contains { world.isPlace(candidate, within: $0) })
                    && !out.contains { world.isPlace(candidate, within: $0) }
            }
            return kept.isEmpty ? nil : kept
        }
        let words = anatomy.content
        guard !words.isEmpty else { return nil }
        let kept = candidates.filter { world.placeLabel($0).contains(words) }
        return kept.isEmpty || kept.count == candidates.count ? nil : kept
    }
}
