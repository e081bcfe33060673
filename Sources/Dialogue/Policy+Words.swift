import Conversation

/// What is asked of words and figures themselves: what they mean, whether they are right, and that they be put more plainly.
extension Policy {
    /// “出生证明要带吗” sounds like nothing of ours, but the base names the thing; and what is asked in the middle of a task, and
    /// is not foreign beyond doubt, is said not to be written instead of not to be our business.
    func thingAsked(_ reading: Reading) -> Command? {
        guard reading.intent == "out_of_scope", reading.asksSomething else { return nil }
        let things = program.thingsAsked(in: reading.result)
        guard !things.isEmpty else { return nil }
        let isKnown =
            program.asksWhether(reading.result)
            && reading.world.speaks(of: things, place: reading.place)
        let isBeside =
            reading.result.score < Policy.certain
            && (reading.tracker.frame != nil || reading.tracker.state.lastFlow != nil)
        return isKnown || isBeside ? .lookUp(question: reading.text) : nil
    }

    /// Scalars of a question what an item of an answer means at most (那个第二条是啥意思).
    private static let longestOfItem = 10

    /// What a word means (啥是转诊) is told, and the open question put again: the word itself answers nothing.
    func meaningAsked(_ reading: Reading) -> Command? {
        // “那我该选哪个”: the choices are put in plainer words.
        if let asked = reading.askedSlot, !asked.options.isEmpty, reading.answers.isEmpty,
            program.words[.choosing].occur(in: reading.anatomy.scalars)
        {
            return .explainWords(slot: asked.name)
        }
        // “过冬半年，长期还是临时”: who puts the choices of the question back is told what they mean.
        if let asked = reading.askedSlot, !asked.options.isEmpty,
            reading.anatomy.weighs(
                reading.result.entities.filter(asked.accepts), with: program.words[.alternative])
        {
            return .explainWords(slot: asked.name)
        }
        guard program.words[.meaning].occur(in: reading.anatomy.scalars) else { return nil }
        let frame = reading.tracker.frame
        // “第二条啥意思” names no word, either.
        let isOfItem =
            reading.tracker.frame == nil && ListPick.ordinal(in: reading.anatomy.scalars) != nil
            && reading.anatomy.total <= Self.longestOfItem
        let isAlone = isOfItem || reading.anatomy.isExplained(with: program.words[.meaning])
        // “起付线系咩嚟㗎”: a term that is asked for with no value beside it begins no task.
        if frame == nil, reading.result.entities.allSatisfy({ !program.entityTypes.contains($0.type) }),
            reading.intent.flatMap(program.flow(startedBy:)) != nil,
            program.thingsAsked(in: reading.result).count == 1,
            reading.world.defines(reading.text, place: reading.place)
        {
            return .lookUp(question: reading.text)
        }
        // A few things to pick from mean what they say: they are put once more.
        if isAlone, reading.isPicking { return .resume }
        // No word is named: what was told is not understood.
        if isAlone, frame == nil, reading.assignments.isEmpty,
            reading.result.entities.allSatisfy({ isOfItem && !program.entityTypes.contains($0.type) }),
            reading.tracker.lastSpoken.contains(where: \.tells),
            !reading.world.defines(reading.text, place: reading.place)
        {
            return .tellBriefly
        }
        if frame != nil, reading.world.defines(reading.text, place: reading.place) {
            return .lookUp(question: reading.text)
        }
        let slots = [reading.askedSlot].compactMap { $0 } + program.slots
        if let named = slots.first(where: { $0.meaning != nil && $0.names.occur(in: reading.anatomy.scalars) }
        ) {
            return frame == nil && reading.world.defines(reading.text, place: reading.place)
                ? nil : .explainWords(slot: named.name)
        }
        // A word of the question or of what may be picked, or no word at all (啥意思).
        guard let asked = reading.askedSlot,
            reading.result.entities.contains(where: asked.accepts)
                || asked.names.occur(in: reading.anatomy.scalars)
                || isAlone
        else { return nil }
        return .explainWords(slot: asked.name)
    }

    /// Signs without a word: “？” does not follow what was asked or told, 👌 nods; whatever else it is cannot be read.
    func signAlone(_ reading: Reading) -> Command {
        let scalars = reading.anatomy.scalars
        let tells = reading.tracker.lastSpoken.contains(where: \.tells)
        if !scalars.isEmpty, scalars.allSatisfy({ "?？!！ ".unicodeScalars.contains($0) }),
            scalars.contains(where: { "?？".unicodeScalars.contains($0) }), reading.askedSlot != nil || tells
        {
            return .tellBriefly
        }
        if program.words[.nodding].occur(in: scalars), reading.askedSlot == nil, tells {
            return .declineFollowUp
        }
        return .chat(pattern: "silence")
    }

    /// “太长了看不懂”: who does not follow what was asked or told does not leave it unanswered, whatever that sounds like. It
    /// is put in plainer words.
    func plainWordsAsked(_ reading: Reading) -> Command? {
        guard program.words[.plain].occur(in: reading.anatomy.scalars), reading.assignments.isEmpty,
            reading.ambiguous == nil, !reading.isNewRequest || !reading.isTaskLikely,
            !Policy.waysOut.contains(reading.intent ?? ""),
            reading.askedSlot != nil || reading.tracker.lastSpoken.contains(where: \.tells)
        else { return nil }
        return .tellBriefly
    }

    /// “真的要等仨月吗”: whether a figure is right is a question, and no answer to the one that is open.
    func doubtedFigure(_ reading: Reading) -> Command? {
        guard reading.tracker.frame != nil, !reading.isNewRequest, reading.asksSomething,
            reading.assignments.contains(where: isFigure),
            program.words[.doubting].occur(in: reading.anatomy.scalars)
        else { return nil }
        return reading.world.canAnswer(reading.text, place: reading.place)
            ? .lookUp(question: reading.text) : .chat(pattern: "detail_later")
    }

    /// “16620对吗”, “不是1300起付吗”, “为啥这么少”: who checks or doubts the answer right above asks how it is known. No figure that is
    /// named so is one to work with.
    func doubtedAnswer(_ reading: Reading) -> Command? {
        guard reading.tracker.frame == nil, reading.tracker.state.lastFlow != nil,
            reading.ambiguous == nil,
            reading.assignments.allSatisfy({ assignment in
                isFigure(assignment)
                    || reading.tracker.slots[assignment.slot]?.value == assignment.value.value
            })
        else { return nil }
        let scalars = reading.anatomy.scalars
        // “网上看到不一样” sounds like talk of anything, and doubts what was told.
        let begins = reading.isTaskLikely && reading.intent.flatMap(program.flow(startedBy:)) != nil
        if reading.tracker.isRightBehindAnswer, !begins, program.words[.source].occur(in: scalars) {
            return .showSources
        }
        let figures = reading.result.entities.filter { Double($0.value) != nil && $0.type != "place" }
        if namesFigure(reading),
            program.words[.checking].occur(in: scalars) || reading.intent == "deny" && reading.asksSomething
                || reading.anatomy.weighs(figures, with: program.words[.alternative])
        {
            return .showSources
        }
        return reading.tracker.isRightBehindAnswer && reading.result.entities.isEmpty
            && reading.intent.map(Self.grumbles.contains) ?? true
            && program.words[.protest].occur(in: scalars)
            ? .showSources : nil
    }

    /// Intents that a classifier hears in words of protest, and that ask for no task.
    private static let grumbles = acts.union(courtesies).union(vagueChats)

    private func isFigure(_ assignment: Command.Assignment) -> Bool {
        program.slot(assignment.slot)?.isFigure ?? false
    }

    /// “为什么是3.5个月” asks of a figure.
    func namesFigure(_ reading: Reading) -> Bool {
        reading.result.entities.contains { !$0.isNegated && Double($0.value) != nil && $0.type != "place" }
    }

    /// Somebody read something strange: whether that is so is a question of its own, whatever it resembles. A task that is
    /// begun with it tells it as well.
    func doubt(_ reading: Reading) -> Command? {
        let begins = reading.intent.flatMap(program.flow(startedBy:)) != nil
        guard !begins || reading.tracker.frame != nil,
            reading.world.isDoubtAsked(about: reading.text, place: reading.place)
        else { return nil }
        return .lookUp(question: reading.text)
    }
}
