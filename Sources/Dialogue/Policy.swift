package import Conversation

/// Turns what was understood into commands, given the state of the conversation.
///
/// The order is fixed: danger first, then a pick from the list on display, then what answers the open question and can mean
/// nothing else, then what the person wants of the conversation itself (cancel, back, why …), then other answers to the
/// open question, then the last question with another value, then values alone, then a task, then values that correct earlier ones, and last
/// a question to the knowledge base. An open question weighs, but it never swallows a command: a command's words are no
/// answer to anything.
package struct Policy: Sendable {
    /// Intents that stop everything else whatever is asked at the moment.
    static let urgent: Set<String> = ["emergency", fraud]
    static let fraud = "fraud_request"
    static let despair = "despair"
    /// Somebody does not want to live and has done something already: the ambulance comes before every word.
    static let despairNow = "despair_now"
    /// Intents answered by the pattern of their name.
    static let chats: Set<String> = [
        "greet", "thanks", "bye", "chitchat", "abuse", "emergency", "medical_advice", fraud, "privacy",
        "out_of_scope", "help",
    ]
    /// Chats that a classifier hears in whatever it does not know.
    static let vagueChats: Set<String> = ["out_of_scope", "chitchat"]
    /// Small talk that says nothing of anybody.
    static let courtesies: Set<String> = ["greet", "thanks", "bye"]
    /// Intents about the conversation itself; none of them is a task.
    static let acts: Set<String> = [
        "affirm", "deny", "correct", "cancel", "repeat", "why", "resume", "back", "restart", "skip",
        "dont_know",
        "human_handoff",
    ]
    /// Intents beside which a name that was guessed by its sound is none.
    static let unmistakable: Set<String> = [
        "greet", "thanks", "bye", "abuse", "help", "cancel", "repeat", "why", "back", "restart",
        "human_handoff",
        "dont_know", "skip",
    ]
    /// Acts that a partial answer never outweighs.
    static let waysOut: Set<String> = ["cancel", "back", "restart", "human_handoff"]
    /// Share of the utterance that its entities must cover to be an answer rather than a new request.
    static let answerCoverage = 0.5
    /// Share above which it is nothing but a value, whatever task it sounds like.
    static let bareCoverage = 0.85
    /// Values that make a whole case of an utterance which asks nothing.
    static let wholeCase = 3
    /// Two tasks whose probabilities are this close are asked apart, unless the first is likelier than `sure`.
    static let closeMargin = 0.12
    package static let sure = 0.55
    /// A task so likely that values, however many, are part of it when the utterance has that many words of its own.
    static let certain = 0.9
    static let ownWords = 4
    /// What makes a task of values that the one under way has no use for.
    static let bareTask = 0.8
    /// What takes the person away from an open question with a word that asks.
    static let digression = 0.3

    package let program: DialogueProgram

    package init(program: DialogueProgram) { self.program = program }

    package func commands(
        for result: NLUResult, parts: [NLUResult] = [], tracker: Tracker, world: some DialogueWorld
    ) -> [Command] {
        var reading = Reading(result, tracker: tracker, program: program, world: world)
        // A no that asks something is none, unless yes or no was asked (不用微信行不行): it is heard as what it is next to that.
        if reading.intent == "deny", result.ranking.count > 1, reading.asksSomething, !reading.isYesOrNoAsked,
            doubtedAnswer(reading) == nil
        {
            reading = Reading(result.second, tracker: tracker, program: program, world: world)
        }
        return naming(commands(for: reading, parts, tracker, world), reading)
    }

    private func commands(
        for reading: Reading, _ parts: [NLUResult], _ tracker: Tracker, _ world: some DialogueWorld
    ) -> [Command] {
        if let command = urgentCommand(reading) { return [command] }
        if tracker.isHandedOff { return [withPerson(reading)] }
        guard !reading.isBlank else { return [signAlone(reading)] }
        if wantsAfterAll(reading) { return [.resume] }
        if let commands = listCommands(reading) { return commands }
        if let commands = pickCommands(reading) ?? nextCommands(reading) { return commands }
        if let commands = aside(reading) { return commands }
        if let command = meaningAsked(reading) ?? plainWordsAsked(reading) ?? doubtedFigure(reading)
            ?? doubtedAnswer(reading)
        {
            return [command]
        }
        if let commands = protest(reading) ?? secondValue(reading) ?? placeBeside(reading) { return commands }
        if let commands = hasBothOfAsked(reading) ?? figuresOfSeveral(reading) ?? severalValues(reading) {
            return commands
        }
        if let commands = forSeveral(reading) ?? forCouple(reading) ?? forBoth(reading) ?? personMeant(
            reading) ?? likewise(reading)
            ?? sameForAnother(reading)
        {
            return commands
        }
        if let command = factsOfOthers(reading) { return [command] }
        if let commands = narrowedChoice(reading) ?? plainAnswer(reading) { return commands }
        if let commands = refusal(reading) { return commands }
        if let commands = supposition(reading) { return commands }
        if let commands = answerAndTask(parts, tracker, world)
            ?? requests(
                parts, of: reading, tracker, world)
        {
            return commands
        }
        if tracker.frame != nil, program.words[.count].occur(in: reading.anatomy.scalars) {
            return [.countQuestions]
        }
        // “多少” alone, while a task asks, names no other task: it is what that task will tell.
        if reading.askedSlot != nil, reading.isNewRequest,
            reading.anatomy.isAbout(program.words[.question], beside: [])
        {
            return [.chat(pattern: "detail_later")]
        }
        if isSameAgain(reading) { return [.sameAgain] }
        if let commands = replacement(reading) ?? otherTask(reading) { return commands }
        if let commands = leftForLater(reading) { return commands }
        if let command = sessionCommand(reading) { return [command] }
        if let command = doubt(reading) ?? figureOfNoTask(reading) { return [command] }
        if let commands = answerCommands(reading) { return commands }
        if let commands = valueTold(reading) { return commands }
        if let commands = variation(reading) { return commands }
        if let command = figureOfPerson(reading) ?? figureOfOtherTask(reading) { return [command] }
        if let commands = valueOfAnswer(reading) { return commands }
        if reading.tracker.state.lastFlow != nil, let commands = whoOneIs(reading) { return commands }
        if let commands = journeyOffered(reading) { return commands }
        if reading.opensWithValues, !reading.isTaskOfItsOwn, !reading.asksOfBase {
            return valueCommands(reading)
        }
        if let commands = valueOfLastTask(reading) { return commands }
        // Behind an answer it was looked for already.
        if reading.tracker.state.lastFlow == nil, let commands = whoOneIs(reading) { return commands }
        if let commands = taskCommands(reading) { return commands }
        if reading.isBareValue, let commands = fragmentCommands(reading) { return commands }
        if reading.intent == "out_of_scope", reading.isQuestionLike,
            world.isAskedBySource(reading.text, place: reading.place)
        {
            return [.lookUp(question: reading.text)]
        }
        if let commands = offeredTask(reading) { return commands }
        if let command = thingAsked(reading) { return [command] }
        if let pattern = chat(reading) { return [.chat(pattern: pattern)] }
        if let commands = fragmentCommands(reading) { return commands }
        if let commands = partForLastTask(reading) { return commands }
        if let command = valueForLater(reading) { return [command] }
        let command = lastResort(reading)
        guard command == .cannotHandle else { return [command] }
        return journey(reading) ?? lastingValues(reading) + [command]
    }

    private func urgentCommand(_ reading: Reading) -> Command? {
        // Who despairs needs another word than who bleeds, and before any other, unless they plainly want something done.
        let wantsTask = reading.isTaskLikely && reading.intent.flatMap(program.flow(startedBy:)) != nil
        if !wantsTask, program.words[.despair].occur(in: reading.anatomy.scalars) {
            let isActUnderWay = program.isActOfDespair(reading.result)
            return .chat(pattern: isActUnderWay ? Policy.despairNow : Policy.despair)
        }
        // Whoever has called for help is not told to, again.
        if program.words[.called].occur(in: reading.anatomy.scalars),
            !program.words[.calm].occur(in: reading.anatomy.scalars)
        {
            return .chat(pattern: "help_called")
        }
        // “我孩子没了”: who tells of a death and asks for nothing is met with no form.
        let end = reading.anatomy.scalars.lastIndex(where: Anatomy.isWord).map { $0 + 1 } ?? 0
        if !reading.asksSomething, reading.askedSlot == nil, reading.anatomy.isInOneClause,
            program.words[.mourning].end(at: end, in: reading.anatomy.scalars)
        {
            return .chat(pattern: "condolence")
        }
        guard let intent = reading.intent, Policy.urgent.contains(intent) else { return nil }
        // “急诊” alone, asked for the kind of stay, is an answer and no alarm.
        if reading.coverage >= Policy.answerCoverage, !reading.answers.isEmpty { return nil }
        // Values and small words ask for no fraud, whatever they resemble (我有转诊单, 除了住院).
        if intent == Policy.fraud, reading.anatomy.isFragment { return nil }
        return .chat(pattern: intent)
    }

    /// Whoever talks with a person is not talked into; what ends or goes on brings the assistant back.
    private func withPerson(_ reading: Reading) -> Command {
        switch reading.intent {
        case "cancel", "resume", "restart", "back": .takeBack
        case "human_handoff", "repeat", "why", "help": .chat(pattern: "with_person")
        default: .leaveToPerson
        }
    }

    private func sessionCommand(_ reading: Reading) -> Command? {
        // “还上班呢” sounds like going on, but it says what was asked.
        if reading.isAnswer || !reading.answers.isEmpty && !reading.asksSomething,
            let intent = reading.intent, !Policy.waysOut.contains(intent)
        {
            return nil
        }
        // Without a step back before it, it takes nothing but these words to mean one (恢复刚才), and no refusal.
        if program.words[.redo].occur(in: reading.anatomy.scalars),
            !reading.tracker.undone.isEmpty
                || reading.anatomy.isAllOf(program.words[.redo])
                    && !["cancel", "deny"].contains(reading.intent)
        {
            return .redo
        }
        // “那大连呢” sounds like going on, too, but it names a value of the last question.
        if reading.variedFlow != nil || reading.someoneElse != nil { return nil }
        switch reading.intent {
        case "cancel":
            // “算了还是长期吧” gives nothing up.
            if reading.result.score < Policy.sure, !reading.assignments.isEmpty { return nil }
            return .cancel
        // “长期回去” says for how long, and goes nowhere.
        case "back": return reading.assignments.isEmpty && goes(.stepping, reading) ? .back : nil
        case "repeat": return answerCounted(reading) ?? .repeatLast
        case "why":
            // What was read elsewhere is doubted, and not what was answered.
            if reading.world.isDoubtAsked(about: reading.text, place: reading.place) { return nil }
            if program.words[.source].occur(in: reading.anatomy.scalars)
                || reading.tracker.isRightBehindAnswer && namesFigure(reading)
            {
                return .showSources
            }
            if reading.tracker.state.question == nil && reading.isTaskLikely { return nil }
            return .why
        // “从头算，三万” behind a sum works it out anew with another figure.
        case "restart": return goes(.restarting, reading) && !reckonsAnew(reading) ? .restart : nil
        case "resume":
            if case .pick(_, _, let choices)? = reading.tracker.state.question?.kind,
                choices.first?.id == Choice.next
            {
                return .takeFirst(0)
            }
            // “算了，接着算刚才的”: the task under way is given up, and the one beneath comes back by itself.
            if reading.tracker.state.stack.count > 1, let start = reading.anatomy.firstWord,
                program.words[.abandoning].length(at: start, in: reading.anatomy.scalars) != nil
            {
                return .cancel
            }
            if let command = taskNamed(reading) ?? readingOn(reading) { return command }
            // “继续” behind a step back that left nothing under way goes on with what was left.
            let isStepBack = reading.tracker.frame == nil && !reading.tracker.undone.isEmpty
            return isStepBack && reading.tracker.state.todo.isEmpty ? .redo : .resume
        // “能让别人替我去吗” hardly asks for a person to talk to.
        case "human_handoff": return reading.result.score < Policy.digression ? nil : .handOff
        case "skip", "dont_know":
            guard reading.answers.isEmpty else { return nil }
            if reading.askedSlot != nil { return slotNotKnown(reading).map { .leaveOut(slot: $0) } ?? .skip }
            if reading.asksSomething { return nil }
            // Nothing has to be said: who does not want to is let be, who does not know is helped.
            return reading.intent == "dont_know" && !reading.isPicking
                ? .chat(pattern: "help") : .declineFollowUp
        // “很远的大城市” names no slot: it answers what is asked, if not well.
        case "correct": return reading.isVagueAnswer ? nil : correction(reading)
        default: return nil
        }
    }

    /// What is left to be read of a source that was begun, when somebody wants to hear more (还有呢).
    func readingOn(_ reading: Reading) -> Command? {
        guard reading.tracker.frame == nil, !reading.tracker.state.todo.contains(where: \.isAside),
            case .followUp(let names)? = reading.tracker.state.question?.kind
        else { return nil }
        let open = names.first { FurtherReading.isReading($0) && reading.world.readingLabel($0) != nil }
        return open.map { .lookUp(question: $0) }
    }

    // MARK: Tasks

    private func taskCommands(_ reading: Reading) -> [Command]? {
        guard let intent = reading.intent, !Policy.chats.contains(intent), !Policy.acts.contains(intent),
            !reading.isBareValue || reading.isTaskOfItsOwn || reading.asksOfBase
        else { return nil }
        guard let named = program.flow(startedBy: intent) else {
            if reading.asksOfBase { return [.lookUp(question: reading.text)] }
            // A mere value (三级) that nothing asked for is no question.
            let isMere = reading.tracker.frame != nil && reading.anatomy.isFragment && !reading.asksSomething
            // “旗里的医院，二级” behind an answer that turns on it asks nothing of a hospital.
            if !reading.asksSomething, tellsOfTask(reading) { return fillCommands(reading) }
            return reading.isTaskLikely && !isMere ? [.lookUp(question: reading.text)] : nil
        }
        if let commands = besideTasksAsked(reading, named) { return commands }
        let flow = reading.standIn(for: named) ?? named
        let reading = flow.name == named.name ? reading : reading.meaning(flow)
        if reading.tracker.frame?.flow == flow.name {
            let commands = fillCommands(reading)
            if !commands.isEmpty { return commands }
            // “大概两三万” is no figure, “就断了今年的” no stretch of time; the next rung says what is wanted.
            if reading.askedSlot?.isFigure == true { return [.cannotHandle] }
            return reading.tracker.state.question == nil ? [.start(flow: flow.name)] : [.resume]
        }
        // What is open explains it as well as a new task would: no reason to leave.
        guard reading.isNewRequest else {
            let told = reading.asksSomething ? [] : fillCommands(reading)
            return told.isEmpty ? nil : told
        }
        if let ending = endingOfTask(reading) {
            return [ending, .start(flow: flow.name)] + fillCommands(reading)
        }
        if let commands = addition(reading, flow) { return commands }
        if reading.tracker.state.question == nil, let pair = reading.closePair { return [.clarify(pair)] }
        // “真的能绑吗” behind the answer asks nothing anew: whom it is for is known.
        if flow.name == reading.tracker.state.lastFlow, reading.takesPerson(flow),
            reading.asksSomething, program.asksOfLastAgain(reading.result, reading.tracker)
        {
            return [.again]
        }
        return [.start(flow: flow.name)] + fillCommands(reading)
    }

    /// What becomes of the task under way when another is asked for in words that end it; nil when it only is interrupted.
    private func endingOfTask(_ reading: Reading) -> Command? {
        if reading.replacesTask { return .leave }
        guard reading.tracker.frame != nil, let start = reading.anatomy.firstWord else { return nil }
        func begins(_ kind: DialogueWords.Kind) -> Bool {
            program.words[kind].length(at: start, in: reading.anatomy.scalars) != nil
        }
        return begins(.abandoning) ? .abandon : begins(.postponing) ? .postpone : nil
    }

    /// “等会儿，我先问下交费”: who leaves the task under way for another in words that name none beyond doubt gets the likeliest.
    private func leftForLater(_ reading: Reading) -> [Command]? {
        guard let frame = reading.tracker.frame, !reading.isTaskLikely, reading.assignments.isEmpty,
            let start = reading.anatomy.firstWord,
            let length = program.words[.postponing].length(at: start, in: reading.anatomy.scalars),
            program.words[.asker].occur(in: Array(reading.anatomy.scalars[(start + length)...]))
        else { return nil }
        let likely = reading.result.ranking.lazy.compactMap { self.program.flow(startedBy: $0.intent) }
        return likely.first { $0.name != frame.flow }.map {
            [.postpone, .takeAs(flow: $0.name), .start(flow: $0.name)]
        }
    }

    /// Whether the task that was just given up is wanted after all (还是办吧), and no other.
    private func wantsAfterAll(_ reading: Reading) -> Bool {
        guard reading.tracker.frame == nil, reading.tracker.hasJustGivenUp,
            program.words[.retaking].occur(in: reading.anatomy.scalars)
        else { return false }
        let given = reading.tracker.checkpoints.last?.state.stack.last?.flow
        return reading.intent.flatMap(program.flow(startedBy:)).map { $0.name == given } ?? true
    }

    /// What is told beside the question which of some tasks is meant (急诊进来的) is taken for them, and begins no other that it
    /// merely resembles.
    private func besideTasksAsked(_ reading: Reading, _ named: Flow) -> [Command]? {
        guard let asked = reading.tasksAsked, !asked.contains(named.name), !reading.asksSomething,
            reading.result.score < Policy.certain
        else { return nil }
        let told = asked.compactMap(program.flow(named:)).map { fillCommands(reading.meaning($0)) }
        return told.first { !$0.isEmpty }.map { $0 + [.clarify(asked)] }
    }

    func fillCommands(_ reading: Reading) -> [Command] {
        var commands = rest(of: reading)
        if let ambiguous = reading.ambiguous {
            commands.append(.disambiguate(slot: ambiguous.slot, candidates: ambiguous.candidates))
        }
        return commands
    }

    func rest(of reading: Reading) -> [Command] {
        reading.assignments.isEmpty ? [] : [.fill(reading.assignments)]
    }

    /// Small talk. What merely is unknown, where an answer is awaited, is an answer that was not understood.
    private func chat(_ reading: Reading) -> String? {
        guard let intent = reading.intent, Policy.chats.contains(intent) else { return nil }
        // “咋办” alone is about no illness.
        if intent == "medical_advice", reading.anatomy.isAbout(program.words[.question], beside: []) {
            return "help"
        }
        // “听不懂，说人话”: who does not understand is told in fewer words, however they say it.
        if ["abuse", "help"].contains(intent), program.words[.plain].occur(in: reading.anatomy.scalars) {
            return nil
        }
        if intent == "help", program.words[.language].occur(in: reading.anatomy.scalars) { return "language" }
        // “我不会用手机，能去窗口办吗” asks for help, but it says how: the task takes that.
        if intent == "help", tellsOfTask(reading) { return nil }
        // “爸70了” takes leave of nobody.
        if Policy.courtesies.contains(intent), !reading.assignments.isEmpty, !reading.isTaskLikely {
            return nil
        }
        // “工资6500” behind an answer that has a use for it is no small talk.
        if Policy.vagueChats.contains(intent), reading.tracker.frame == nil, !reading.asksSomething,
            tellsOfTask(reading)
        {
            return nil
        }
        // Where an answer is awaited, what hardly sounds like small talk is none.
        if reading.result.score < Policy.digression,
            reading.askedSlot != nil && !reading.asksSomething || intent == "medical_advice"
        {
            return nil
        }
        // “只打字” is told, and none of anybody's business is asked for.
        if !reading.asksSomething, let bar = program.bars[intent],
            reading.result.score < bar.withoutQuestion, !bar.words.occur(in: reading.anatomy.scalars)
        {
            return nil
        }
        if Policy.vagueChats.contains(intent), reading.askedSlot != nil, !reading.asksSomething,
            reading.isVagueAnswer || reading.anatomy.rest <= 3 || reading.result.score < Policy.sure
        {
            return nil
        }
        return intent
    }

    /// Whether what is told is of use to the task under way, or to the one done last.
    func tellsOfTask(_ reading: Reading) -> Bool {
        guard let flow = program.flow(named: reading.tracker.frame?.flow ?? reading.tracker.state.lastFlow)
        else { return false }
        return reading.assignments.contains { flow.uses($0.slot) }
    }

    private func lastResort(_ reading: Reading) -> Command {
        if reading.isQuestionLike, reading.world.canAnswer(reading.text, place: reading.place) {
            return .lookUp(question: reading.text)
        }
        if reading.intent == "why" { return .why }
        return .cannotHandle
    }
}
