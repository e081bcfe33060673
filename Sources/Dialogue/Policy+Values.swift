import Conversation

/// Values without a task of their own: the last question with another value, values that speak for a task, and what is told
/// behind an answer that has no use for it.
extension Policy {
    /// “老家也交着居民医保”: a value that is had beside the one that is known is a question of its own, and takes the place of
    /// nothing. What somebody else has is theirs.
    func secondValue(_ reading: Reading) -> [Command]? {
        let entities = reading.result.entities.filter { !$0.isNegated }
        guard program.words[.also].occur(in: reading.anatomy.scalars),
            !entities.contains(where: { $0.type == program.personEntity })
        else { return nil }
        for slot in program.slots {
            guard let flow = slot.twice, reading.tracker.frame?.flow != flow else { continue }
            let values = entities.filter(slot.accepts)
            for second in values where isHadBesides(second, reading) {
                let first = values.first { $0.range.upperBound <= second.range.lowerBound }?.value
                if let known = first ?? reading.tracker.slots[slot.name]?.value, known != second.value {
                    return [.start(flow: flow)]
                }
            }
        }
        return nil
    }

    /// “我户口聊城的” where it is known where they are insured: that stays as it is, and it is said so.
    func placeBeside(_ reading: Reading) -> [Command]? {
        let places = reading.result.entities.filter { $0.type == "place" && !$0.isNegated }
        guard !reading.asksSomething, reading.askedSlot?.kind != .place, places.count == 1,
            program.words[.registered].end(at: places[0].range.lowerBound, in: reading.anatomy.scalars)
        else { return nil }
        for slot in program.slots where slot.kind == .place && slot.role != "destination" {
            guard let known = reading.tracker.slots[slot.name] else { continue }
            return known.value == places[0].value ? nil : [.confirm([.init(slot: slot.name, value: known)])]
        }
        return nil
    }

    /// “大连职工，住院的钱凭啥不给报”: a value that is told in protest begins the flow that hears it, and no figures are asked for first.
    func protest(_ reading: Reading) -> [Command]? {
        guard program.words[.protest].occur(in: reading.anatomy.scalars) else { return nil }
        guard let flow = flowBegunByValue(reading), reading.tracker.frame?.flow != flow.name else {
            return nil
        }
        return [.start(flow: flow.name)] + fillCommands(reading.meaning(flow))
    }

    /// The flow that a value begins where it is told in protest, or as what is wanted instead.
    func flowBegunByValue(_ reading: Reading) -> Flow? {
        let flows = reading.result.entities.lazy.filter { !$0.isNegated }.flatMap { entity in
            self.program.slots(filledBy: entity.type).compactMap { $0.option(entity.value)?.begins }
        }
        return flows.first.flatMap(program.flow(named:))
    }

    /// 老家也交着居民医保; 公司在杭州也交了, where something is done in a place and not there as well (杭州也交这么多吗).
    private func isHadBesides(_ second: Entity, _ reading: Reading) -> Bool {
        let scalars = reading.anatomy.scalars
        if program.words[.also].end(at: second.range.lowerBound, in: scalars) { return true }
        let end = second.range.upperBound
        guard second.type == "place", end < scalars.count,
            let length = program.words[.also].length(at: end, in: scalars)
        else { return false }
        return ["了", "着", "份"].contains(scalars[end + length - 1])
    }

    /// “俺都六十八了” after an answer that has no use for it asks for nothing: it is kept for what does.
    func figureOfPerson(_ reading: Reading) -> Command? {
        guard reading.opensWithValues, !reading.asksSomething, reading.tracker.state.lastFlow != nil,
            reading.someoneElse == nil, !reading.assignments.isEmpty,
            reading.assignments.allSatisfy({ assignment in
                program.slot(assignment.slot).map { $0.isFigure && $0.isPersonal } ?? false
            })
        else { return nil }
        return .note(reading.assignments)
    }

    /// “已经交了8年” behind how insurance is moved sounds like a task of its own, and asks for nothing: a figure alone is kept for what has
    /// a use for it, unless the answer offers that.
    func figureOfOtherTask(_ reading: Reading) -> Command? {
        guard reading.tracker.isRightBehindAnswer, !reading.asksSomething, !reading.isPicking,
            let last = program.flow(named: reading.tracker.state.lastFlow),
            let other = reading.intent.flatMap(program.flow(startedBy:)), other.name != last.name,
            !last.followUps.contains(other.name),
            reading.anatomy.rest <= Self.mostBesideTold
        else { return nil }
        let told = reading.meaning(other).assignments
        let areFigures = told.allSatisfy { program.slot($0.slot)?.isFigure ?? false }
        let values = reading.result.entities.filter { program.entityTypes.contains($0.type) }
        let isOfLast = values.contains { value in
            last.slots.contains { program.slot($0)?.accepts(value) ?? false }
        }
        return !told.isEmpty && areFigures && !isOfLast && values.count == told.count ? .note(told) : nil
    }

    /// “三甲” while something else is asked: the task has no use for it, but one that may follow has. It is kept for that, and
    /// is no answer that did not fit.
    func valueForLater(_ reading: Reading) -> Command? {
        guard let frame = program.flow(named: reading.tracker.frame?.flow), let asked = reading.askedSlot,
            reading.anatomy.isFragment, !reading.asksSomething, reading.assignments.isEmpty,
            reading.ambiguous == nil, reading.undecided == nil,
            !reading.result.entities.contains(where: { $0.isNegated || asked.accepts($0) })
        else { return nil }
        let others = (frame.followUps + program.menu).compactMap(program.flow(named:))
        let told = others.map { reading.meaning($0).assignments }
        return told.first { !$0.isEmpty }.map { .note($0) }
    }

    /// Of a line that is not understood, and answers nothing, where somebody is and what insurance they have is kept all the same.
    func lastingValues(_ reading: Reading) -> [Command] {
        guard reading.tracker.frame == nil, reading.ambiguous == nil, !reading.isPicking else { return [] }
        let lasting = reading.assignments.filter { assignment in
            program.slot(assignment.slot).map {
                $0.lifetime == .conversation && !$0.isFigure
                    && reading.tracker.slots[assignment.slot] == nil
            } ?? false
        }
        return lasting.isEmpty ? [] : [.note(lasting)]
    }

    /// Scalars of its own that an utterance has at most which only tells a value.
    static let mostBesideTold = 4

    /// “异地的” behind telephone numbers: a bare value that the task just answered looks at is said for it, whatever task it sounds like.
    func valueOfAnswer(_ reading: Reading) -> [Command]? {
        guard reading.tracker.isRightBehindAnswer, !reading.isPicking, reading.anatomy.isFragment,
            !reading.asksSomething, reading.anatomy.scalars.last(where: Anatomy.isWord) == "的",
            let last = program.flow(named: reading.tracker.state.lastFlow)
        else { return nil }
        let meant = reading.meaning(last).assignments
        let isLookedAt = meant.allSatisfy { assignment in
            last.collectPosition(of: assignment.slot) == nil && last.uses(assignment.slot)
                && program.hangs(last.steps[...], on: assignment.slot)
                && !(program.slot(assignment.slot)?.options.isEmpty ?? true)
        }
        return !meant.isEmpty && isLookedAt ? [.fill(meant)] : nil
    }

    /// “自付了十一万” behind what the insurance of serious illness pays: a value of a kind that the task just answered takes, and the
    /// one that it sounds like does not, stays with it.
    func valueOfLastTask(_ reading: Reading) -> [Command]? {
        guard reading.tracker.frame == nil, !reading.isPicking, !reading.asksSomething,
            let last = program.flow(named: reading.tracker.state.lastFlow),
            let named = reading.intent.flatMap(program.flow(startedBy:)), named.name != last.name
        else { return nil }
        let meant = reading.meaning(last)
        let isOfLast = meant.assignments.contains { assignment in
            program.slot(assignment.slot)?.role != nil && last.uses(assignment.slot)
                && !named.uses(assignment.slot)
        }
        return isOfLast ? fillCommands(meant) : nil
    }

    /// “住院押金要先交五万吗”: figures of a part that no task has a use for are asked about, and worked out is nothing of them.
    func figureOfNoTask(_ reading: Reading) -> Command? {
        guard reading.asksSomething else { return nil }
        let figures = reading.result.entities.filter { entity in
            !entity.isNegated && program.slots(filledBy: entity.type).contains(where: \.isFigure)
        }
        let areOfNone = figures.allSatisfy { figure in
            figure.role != nil
                && !program.slots(filledBy: figure.type).contains { $0.role == figure.role }
        }
        return !figures.isEmpty && areOfNone ? .lookUp(question: reading.text) : nil
    }

    /// “保险赔了3000，剩下的呢” behind a sum: of a line that is not understood, a figure of a part that the task just answered takes is
    /// told for that.
    func partForLastTask(_ reading: Reading) -> [Command]? {
        guard reading.intent == nil, reading.tracker.frame == nil, !reading.isPicking,
            let last = program.flow(named: reading.tracker.state.lastFlow)
        else { return nil }
        let meant = reading.meaning(last)
        let tellsPart = meant.assignments.contains { assignment in
            program.slot(assignment.slot).map { $0.isFigure && $0.role != nil && last.uses($0.name) } ?? false
        }
        return tellsPart ? fillCommands(meant) : nil
    }

    /// “用不了手机咋弄” while a task asks, or behind an answer that has no use for it: what there is to tell of that is told at once.
    /// An answer that turns on it is given anew instead.
    func valueTold(_ reading: Reading) -> [Command]? {
        guard !reading.isPicking, reading.ambiguous == nil,
            let flow = program.flow(named: reading.tracker.frame?.flow ?? reading.tracker.state.lastFlow),
            !reading.isNewRequest || !reading.isTaskLikely
                || reading.intent.map(flow.intents.contains) ?? false
                || reading.coverage >= Policy.answerCoverage && reading.result.score < Policy.certain,
            reading.intent == "help" || reading.anatomy.rest <= Self.mostBesideTold
        else { return nil }
        let options = reading.result.entities.lazy.filter { !$0.isNegated }.flatMap { entity in
            self.program.slots(filledBy: entity.type).compactMap { $0.option(entity.value) }
        }
        guard let option = options.first(where: { $0.told != nil }),
            let told = flow.told[option.key] ?? option.told
        else { return nil }
        let fill = fillCommands(reading)
        if reading.tracker.frame == nil, !fill.isEmpty { return nil }
        // What is filled asks on by itself; what is told comes before that.
        return [.tell(response: told)] + fill
    }

    /// “户口在哈尔滨，人在大连上班，大连职工” sounds like nothing of ours, or like a transfer, and says where somebody is insured. Behind an
    /// answer it is told for that.
    func whoOneIs(_ reading: Reading) -> [Command]? {
        guard reading.tracker.frame == nil, !reading.isPicking else { return nil }
        if let last = program.flow(named: reading.tracker.state.lastFlow) {
            let meant = reading.meaning(last)
            guard meant.statesWhoOneIs, reading.intent.flatMap(program.flow(startedBy:)) != nil,
                meant.assignments.contains(where: { last.uses($0.slot) })
            else { return nil }
            return fillCommands(meant)
        }
        guard reading.statesWhoOneIs else { return nil }
        let evidence = TaskEvidence(reading.values, intents: reading.result.ranking, program)
        return fillCommands(reading.forNoTask) + [.clarify(evidence.likeliest)]
    }

    /// The task that the values speak for, or else a choice between the closest.
    func valueCommands(_ reading: Reading) -> [Command] {
        let evidence = TaskEvidence(reading.values, intents: reading.result.ranking, program)
        guard let likeliest = evidence.ranking.first?.flow else { return [.cannotHandle] }
        let meant = reading.meaning(likeliest)
        // “我妈在济南居民医保”: who somebody is asks for nothing, whatever it sounds like.
        if reading.saysOnlyWhoOneIs {
            return fillCommands(reading) + [.clarify(evidence.likeliest)]
        }
        let isClear = evidence.clear != nil || evidence.closest.count == 1
        if isClear {
            // One value is little to go by: it is said what it is taken for.
            let guess = reading.values.count == 1 ? [Command.takeAs(flow: likeliest.name)] : []
            return guess + [.start(flow: likeliest.name)] + fillCommands(meant)
        }
        return closest(evidence, meant.assignments.count > reading.assignments.count ? meant : reading)
    }

    /// “那她去北京看病呢” sounds like a correction, but the task that is done asked for no such thing: one that was offered with
    /// the answer takes it, or else the task that the values speak for.
    func otherTask(_ reading: Reading) -> [Command]? {
        guard reading.intent == "correct", reading.tracker.frame == nil, reading.assignments.isEmpty,
            reading.ambiguous == nil, reading.undecided == nil, !reading.values.isEmpty,
            reading.variedFlow == nil, reading.someoneElse == nil
        else { return nil }
        let last = program.flow(named: reading.tracker.state.lastFlow)
        let beyond = reading.values.filter { value in !(last.map { program.takes($0, value) } ?? false) }
        return offered(taking: { flow in beyond.contains { program.takes(flow, $0) } }, reading)
            ?? valueCommands(reading)
    }

    /// “养老金5200” behind an answer that has no use for it is said for a task offered with the answer that has.
    func offeredTask(_ reading: Reading) -> [Command]? {
        guard let intent = reading.intent, Policy.vagueChats.contains(intent), !reading.asksSomething,
            reading.tracker.frame == nil, !tellsOfTask(reading)
        else { return nil }
        let marked = reading.values.joined().filter { $0.role != nil && $0.type != "place" }
        return marked.isEmpty ? nil : offered(taking: { program.takes($0, Array(marked)) }, reading)
    }

    /// The task offered with the answer that takes what is said. Of several, what is offered first is the likeliest, and it is
    /// said which it is taken for. Nil where none does.
    private func offered(taking takes: (Flow) -> Bool, _ reading: Reading) -> [Command]? {
        guard case .followUp(let names)? = reading.tracker.state.question?.kind else { return nil }
        let fitting = names.compactMap(program.flow(named:)).filter(takes)
        guard let likeliest = fitting.first else { return nil }
        let guess = fitting.count > 1 ? [Command.takeAs(flow: likeliest.name)] : []
        return guess + [.start(flow: likeliest.name)] + fillCommands(reading.meaning(likeliest))
    }

    /// Asks which of the closest tasks is meant; where a place may be several, that is asked first.
    func closest(_ evidence: TaskEvidence, _ reading: Reading) -> [Command] {
        let told = fillCommands(reading)
        guard reading.ambiguous == nil else { return told }
        // A list of one is no question.
        if evidence.closest.count == 1, let flow = program.flow(named: evidence.closest.first) {
            return [.takeAs(flow: flow.name), .start(flow: flow.name)] + fillCommands(reading.meaning(flow))
        }
        return told + [.clarify(evidence.closest)]
    }

    /// The last question once more with another value (那北京的呢), or for somebody else (我妈的呢).
    func variation(_ reading: Reading) -> [Command]? {
        if reading.variedFlow != nil { return fragmentCommands(reading) }
        return reading.someoneElse.map { [.forSomeoneElse($0)] }
    }

    func isSameAgain(_ reading: Reading) -> Bool {
        // “武汉的也一样吗” asks of another place.
        let asksOfValue = reading.asksSomething && reading.anatomy.covered > 0
        return !asksOfValue && program.words[.same].occur(in: reading.anatomy.scalars)
            && reading.anatomy.isExplained(with: program.words[.same])
    }

    func fragmentCommands(_ reading: Reading) -> [Command]? {
        if let (entity, slots) = reading.undecided {
            let assignments = slots.compactMap { slot in
                reading.value(of: entity, for: slot).map { Command.Assignment(slot: slot.name, value: $0) }
            }
            return rest(of: reading) + [.askWhichSlot(assignments)]
        }
        let commands = fillCommands(reading)
        guard !commands.isEmpty else {
            return reading.exclusion.map { [.exclude(slot: $0.slot.name, left: $0.left.map(\.value))] }
        }
        if saysKnown(reading), commands.count == 1 { return [.confirm(reading.assignments)] }
        if let commands = soundsOffered(reading) ?? sister(reading) { return commands }
        // What the task that was done last has no use for (不是三个月，是俩月) is said of an earlier one.
        if reading.tracker.frame == nil, let last = program.flow(named: reading.tracker.state.lastFlow),
            !reading.isPicking, !reading.assignments.isEmpty,
            reading.assignments.allSatisfy({ !last.uses($0.slot) })
        {
            return valueCommands(reading)
        }
        let isUnderWay = reading.tracker.frame != nil || reading.tracker.state.lastFlow != nil
        if isUnderWay {
            return reading.coverage >= 0.3 || reading.anatomy.isFragment || reading.intent == "correct"
                ? commands : nil
        }
        // A whole case told without a question (济南退休职工，三级医院住院花了两万) is the task that it sounds like.
        if reading.isTaskLikely, reading.assignments.count >= Policy.wholeCase, let intent = reading.intent,
            let flow = program.flow(startedBy: intent)
        {
            return [.start(flow: flow.name)] + commands
        }
        guard reading.coverage >= Policy.answerCoverage || reading.anatomy.isFragment else { return nil }
        let evidence = TaskEvidence(reading.values, intents: reading.result.ranking, program)
        return closest(evidence, reading)
    }

    /// “还是住院” behind an answer on which it has no bearing, and which offers the task that it sounds like: that is begun.
    private func soundsOffered(_ reading: Reading) -> [Command]? {
        guard reading.tracker.frame == nil, !reading.isPicking, !reading.assignments.isEmpty,
            let last = program.flow(named: reading.tracker.state.lastFlow),
            let flow = reading.intent.flatMap(program.flow(startedBy:)), last.followUps.contains(flow.name),
            reading.result.score >= Policy.digression
        else { return nil }
        guard !reading.assignments.contains(where: { program.hangs(last.steps[...], on: $0.slot) }) else {
            return nil
        }
        return [.start(flow: flow.name)] + fillCommands(reading.meaning(flow))
    }

    /// “去的沈阳盛京，没转诊” behind what is paid at home sounds like the task on offer that is asked in its place for who goes away.
    func journeyOffered(_ reading: Reading) -> [Command]? {
        guard reading.tracker.frame == nil, !reading.isPicking, reading.isTaskLikely,
            let last = program.flow(named: reading.tracker.state.lastFlow),
            let flow = reading.intent.flatMap(program.flow(startedBy:)), last.followUps.contains(flow.name),
            flow.standsInFor.contains(last.name)
        else { return nil }
        let meant = reading.meaning(flow)
        let tellsWhere = meant.assignments.contains { assignment in
            program.slot(assignment.slot)?.role == "destination"
                && reading.tracker.slots[assignment.slot] == nil
        }
        return tellsWhere ? [.start(flow: flow.name)] + fillCommands(meant) : nil
    }

    /// “那住院呢” behind what is paid of a visit: a value that changes nothing of the answer is asked of a task offered with it whose answer
    /// turns on that, the likeliest by the words.
    private func sister(_ reading: Reading) -> [Command]? {
        guard reading.variedFlow != nil, !reading.assignments.isEmpty,
            let last = program.flow(named: reading.tracker.state.lastFlow),
            reading.assignments.allSatisfy({ !program.hangs(last.steps[...], on: $0.slot) })
        else { return nil }
        let offered = last.followUps.compactMap(program.flow(named:)).filter { flow in
            reading.assignments.allSatisfy { program.hangs(flow.steps[...], on: $0.slot) }
        }
        func likelihood(_ flow: Flow) -> Double {
            reading.result.ranking.filter { flow.intents.contains($0.intent) }.map(\.score).max() ?? 0
        }
        let likeliest = offered.max { likelihood($0) < likelihood($1) }
        return likeliest.map { [.start(flow: $0.name)] + fillCommands(reading.meaning($0)) }
    }

    /// “枣庄退休职工，去西安交大一附院看心脏，要怎么办” is not understood, but says where somebody is insured and where they go: it is asked of what
    /// is done for that.
    func journey(_ reading: Reading) -> [Command]? {
        func has(_ role: String) -> Bool {
            reading.result.entities.contains {
                $0.type == "place" && $0.role == role && !$0.isNegated && $0.alternatives.isEmpty
            }
        }
        guard reading.tracker.frame == nil, !reading.isPicking, has("home"), has("destination") else {
            return nil
        }
        return valueCommands(reading)
    }

    /// Whether it says once more, and asks nothing, what the task that is done was told (长期呗): no reason to give the answer again.
    private func saysKnown(_ reading: Reading) -> Bool {
        guard reading.tracker.frame == nil, !reading.isPicking, reading.variedFlow == nil,
            !reading.asksSomething,
            let flow = program.flow(named: reading.tracker.state.lastFlow),
            reading.assignments.contains(where: { flow.uses($0.slot) })
        else { return false }
        return reading.assignments.allSatisfy { reading.tracker.slots[$0.slot]?.value == $0.value.value }
    }
}
