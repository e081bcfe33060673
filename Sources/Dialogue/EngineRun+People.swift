import Conversation

/// Whom a task is about. What the slots hold of a person is one person's (`SlotDefinition.isOfOnePerson`): it never goes over
/// into a task for somebody else, and is there again whenever the talk comes back to them.
struct Subject {
    /// As the person who writes calls them; nil for themselves.
    var name: String?
    /// What they are to whoever writes (父母).
    var kin: String?
    /// The part that they have only in this task (`holder`).
    var part: String?
    /// Whether it was said already for whom it is.
    var isAnnounced = false
}

extension EngineRun {
    /// Before a task begins: for whom it is, as far as anybody is named. A task that asks who is to have something is the
    /// writer's own.
    mutating func settlePerson(for flow: Flow) {
        guard let next = program.nextSubject(for: flow, named: subject, tracker) else { return }
        let isSame = flow.name == tracker.state.lastFlow
        change(to: next, in: tracker.frame != nil ? .interruption : isSame ? .sameTask : .newTask)
    }

    /// Whether what is known of the person would have to be forgotten for a task of the list. What was just said would be told
    /// without it.
    func changesPerson(_ item: TodoItem) -> Bool {
        guard let flow = program.flow(item.flow) else { return false }
        return program.nextSubject(for: flow, named: subject(of: item), tracker) != nil
            && !valuesOfPerson.isEmpty
    }

    /// What the talk turns to somebody else for.
    private enum Turning {
        /// Another task begins.
        case newTask
        /// It begins while one is under way, which is to have its person again.
        case interruption
        /// The same is wanted for them, wherever it is that they go for it.
        case sameTask
    }

    /// The one way in which the talk turns to somebody else: what is known of whom it was about is theirs and is kept, what is
    /// known of whom it is about now comes back, and nothing of the one is lent to the other but where they live, if nothing else is known.
    private mutating func change(to next: Subject, in turning: Turning) {
        let theirs = valuesOfPerson
        keepFacts()
        // What comes back is to have it, whatever was said of them since.
        let kept = turning == .interruption ? theirs.map(\.kept) : []
        emit(.personChanged(to: next.name, keeping: kept))
        for entry in theirs where turning != .sameTask || !isDestination(entry) {
            emit(.slotCleared(name: entry.name))
        }
        bringBackFacts(forSameTask: turning == .sameTask)
        turnsToAnother = true
        if !theirs.isEmpty || next.name == nil, !next.isAnnounced {
            say(pattern: "for_another", [.init("who", next.name ?? program.words.answers(.oneself).yes)])
        }
        if turning == .sameTask { presumePlace(among: theirs, of: next) }
    }

    /// Where the same is wanted for somebody of whom no place is known, it is presumed to be that of the one before: they are told
    /// so, and it holds for this matter alone.
    private mutating func presumePlace(among theirs: [Slots.Entry], of next: Subject) {
        let places = theirs.filter { isHome($0.name) }
        guard !saysPlace, !tracker.slots.entries.contains(where: { isHome($0.name) }),
            let latest = places.max(by: { $0.value.turn < $1.value.turn })
        else { return }
        for entry in places where entry.value.value == latest.value.value {
            var value = entry.value
            (value.origin, value.turn) = (.supposed, tracker.turn)
            emit(.slotSet(name: entry.name, value: value))
        }
        say(
            pattern: "same_place",
            [
                .init("who", next.name ?? program.words.answers(.oneself).yes),
                .init("value", latest.value.text),
            ])
    }

    /// Whether a slot holds where somebody is insured.
    func isHome(_ name: String) -> Bool {
        program.slot(name).map { $0.kind == .place && !["destination", "former"].contains($0.role) } ?? false
    }

    /// Keeps what the slots hold of the person whom the talk is about. With `before`, only what was said before that turn.
    mutating func keepFacts(before turn: Int = .max) {
        var facts = tracker.known(tracker.state.person) ?? PersonFacts(name: tracker.state.person)
        // What is only supposed leaves what was known as it is.
        let supposed = valuesOfPerson.filter { $0.value.origin == .supposed }.map(\.name)
        let values =
            valuesOfPerson.filter { $0.value.turn < turn && $0.value.origin != .supposed }.map(\.kept)
            + facts.values.filter { supposed.contains($0.slot) }
            + tracker.slots.entries.filter { entry in
                isSaidForTask(entry.name) && entry.value.turn < turn
                    && !valuesOfPerson.contains { $0.name == entry.name }
            }.map(\.kept)
        guard facts.values != values || !values.isEmpty else { return }
        facts.values = values
        facts.flow = tracker.frame?.flow ?? tracker.state.lastFlow
        emit(.personKnown(facts))
    }

    /// Fills the slots with what is known of the person whom the talk is about now: it is the latest of its kind. What was said for
    /// a task (花了2万) comes back where the same is wanted for them.
    private mutating func bringBackFacts(forSameTask isSame: Bool = false) {
        guard let facts = tracker.known(tracker.state.person) else { return takeImplied() }
        let isTask = isSame && facts.flow == tracker.frame?.flow ?? tracker.state.lastFlow
        for known in facts.values where program.slot(known.slot) != nil {
            if isSaidForTask(known.slot), !isTask { continue }
            var value = known.value
            value.turn = tracker.turn
            emit(.slotSet(name: known.slot, value: value))
        }
        takeImplied()
    }

    /// Whether a slot holds what somebody says for one task, and neither who they are nor for whom it is.
    private func isSaidForTask(_ name: String) -> Bool {
        guard let slot = program.slot(name) else { return false }
        return slot.isOfTask && !slot.isOfOnePerson && !slot.namesPerson
    }

    /// What is known of the person whom the talk is about.
    private var valuesOfPerson: [Slots.Entry] {
        tracker.slots.entries.filter { entry in
            guard let slot = program.slot(entry.name) else { return false }
            return slot.isOfOnePerson || outlivesTask(entry.value, of: slot) || isDestination(entry)
        }
    }

    /// Where somebody goes.
    private func isDestination(_ entry: Slots.Entry) -> Bool {
        program.slot(entry.name).map { $0.kind == .place && $0.role == "destination" } ?? false
    }

    /// What is told by how somebody is called (老公: the father's side), as far as nothing else was said.
    mutating func takeImplied() {
        guard let person = tracker.state.person else { return }
        for slot in program.slots where tracker.slots[slot.name] == nil {
            guard let option = slot.options.first(where: { $0.persons.contains(where: person.contains) })
            else { continue }
            let value = SlotValue(
                value: option.value, text: option.value, raw: "", origin: .derived, turn: tracker.turn)
            emit(.slotSet(name: slot.name, value: value))
        }
    }

    /// A value about which it was only asked whether it may be holds for that task and what it offers; then what was known holds again.
    mutating func dropSuppositions(for flow: Flow) {
        let last = program.flow(named: tracker.state.lastFlow)
        if last.map({ $0 === flow || $0.followUps.contains(flow.name) }) ?? false { return }
        dropSuppositions(upTo: .max)
    }

    /// A task under way that was interrupted by such a question goes on with what is known.
    mutating func dropSuppositionsOfInterruption() {
        if tracker.frame != nil { dropSuppositions(upTo: tracker.state.idleTurn) }
    }

    private mutating func dropSuppositions(upTo turn: Int) {
        for entry in tracker.slots.entries where entry.value.origin == .supposed && entry.value.turn <= turn {
            if let known = tracker.known(tracker.state.person)?.values.first(where: { $0.slot == entry.name })
            {
                emit(.slotSet(name: entry.name, value: known.value))
            } else {
                emit(.slotCleared(name: entry.name))
            }
        }
    }

    /// What was said of somebody whom the talk is not about is theirs.
    mutating func learn(_ facts: PersonFacts) {
        if facts.name == tracker.state.person {
            for value in facts.values { emit(.slotSet(name: value.slot, value: value.value)) }
        }
        var known = tracker.known(facts.name) ?? PersonFacts(name: facts.name)
        known.kin = facts.kin ?? known.kin
        known.part = facts.part
        for value in facts.values {
            known.values.removeAll { $0.slot == value.slot }
            known.values.append(value)
        }
        guard known != tracker.known(facts.name) else { return }
        emit(.personKnown(known))
    }

    /// What was said of others is kept for when the talk is about them; the task under way goes on.
    mutating func noteOfOthers(_ people: [PersonFacts]) {
        for facts in people {
            learn(facts)
            let values = facts.values.map { Command.Assignment(slot: $0.slot, value: $0.value) }
            say(
                pattern: "noted_of",
                [
                    .init("who", facts.name ?? program.words.answers(.oneself).yes),
                    .init("value", words(of: values)),
                ])
        }
        mustAskAgain = tracker.state.question != nil
    }

    /// Somebody is named with what is said of them, and no task begins. What a task under way has heard so far was theirs;
    /// what was said before it, or what an answer was given for, was not. `anew`: nor what was said before the task was asked for
    /// once more.
    mutating func turn(to person: String?, anew: Bool) {
        guard person != tracker.state.person else { return }
        if let frame = tracker.frame, anew, let first = program.flow(frame.flow)?.steps.first {
            if tracker.state.question != nil { emit(.questionClosed) }
            change(to: Subject(name: person), in: .sameTask)
            emit(.flowRewound(step: first.id, unsaying: frame.said))
        } else if tracker.frame != nil {
            guard tracker.state.person == nil else { return }
            let earlier = valuesOfPerson.filter {
                $0.value.turn < tracker.state.topicTurn && !isDestination($0)
            }
            keepFacts(before: tracker.state.topicTurn)
            emit(.personChanged(to: person, keeping: []))
            for entry in earlier { emit(.slotCleared(name: entry.name)) }
            bringBackFacts()
        } else {
            change(to: Subject(name: person, isAnnounced: true), in: .sameTask)
        }
    }

    /// What was told, or is under way, is wanted for somebody else.
    mutating func turnSameTask(to person: String?) {
        change(to: Subject(name: person, isAnnounced: true), in: .sameTask)
    }

    /// It was somebody else of whom it was said: with facts of their own they come back with these, else what was said is theirs.
    mutating func rename(to person: String?) {
        let isKnown = tracker.known(person)?.values.isEmpty == false
        if isKnown { return turnSameTask(to: person) }
        emit(.personChanged(to: person, keeping: []))
        takeImplied()
    }

    /// When a flow that lay interrupted goes on: what was known of its person is known again, and is the latest.
    mutating func bringBackPerson() {
        guard let kept = tracker.frame?.kept else { return }
        let others = valuesOfPerson
        keepFacts()
        emit(.personChanged(to: kept.person, keeping: []))
        for entry in others { emit(.slotCleared(name: entry.name)) }
        for entry in kept.values where program.slot(entry.slot) != nil {
            var value = entry.value
            value.turn = tracker.turn
            emit(.slotSet(name: entry.slot, value: value))
        }
    }

    /// Behind an answer for one person the tasks that lie interrupted for another wait for a word: the answer is put into
    /// words with what is known of the one. False when there are none.
    mutating func waitForOtherPerson() -> Bool {
        guard tracker.state.stack.contains(where: { $0.kept != nil }) else { return false }
        var kept: Frame.Kept?
        while let frame = tracker.frame, let flow = program.flow(frame.flow) {
            // What lies beneath an interrupted flow was for the same person.
            kept = frame.kept ?? kept
            let item = waiting(frame, flow, keeping: kept)
            emit(.flowEnded(flow: flow.name, outcome: .parked))
            emit(.todoChanged([item] + tracker.state.todo))
        }
        return true
    }

    /// A flow under way as it waits on the list: with what was said for it, and what is known of whom it is for.
    func waiting(
        _ frame: Frame, _ flow: Flow, keeping kept: Frame.Kept? = nil, isAside: Bool = false
    ) -> TodoItem {
        var item = TodoItem(flow: flow.name, values: taskValues(of: flow), isAside: isAside)
        if let kept = frame.kept ?? kept {
            item.who = kept.person ?? program.words.answers(.oneself).yes
            item.values += kept.values
        } else if let person = tracker.state.person {
            item.who = person
            item.values += valuesOfPerson.map(\.kept)
        }
        return item
    }

    func subject(of item: TodoItem) -> Subject? { program.subject(of: item) }
}

extension DialogueProgram {
    /// Whom a task of the list is for.
    func subject(of item: TodoItem) -> Subject? {
        item.who.map { who in
            let isOneself = words[.oneself].occur(in: Array(who.unicodeScalars))
            return Subject(name: isOneself ? nil : who, isAnnounced: true)
        }
    }

    /// The conversation as it will be when the task of the list has its turn, as far as what is said for it now counts.
    func tracker(_ tracker: Tracker, for item: TodoItem) -> Tracker {
        var next = tracker
        next.state.question = nil
        let isOfAnother = subject(of: item).map { $0.name != tracker.state.person } ?? false
        for name in flow(item.flow)?.slots ?? [] {
            guard let slot = slot(name), slot.isOfTask || isOfAnother && slot.isOfOnePerson else {
                continue
            }
            next.state.slots[name] = nil
        }
        for value in item.values { next.state.slots[value.slot] = value.value }
        return next
    }
}

extension Slots.Entry {
    fileprivate var kept: TodoItem.Value { .init(slot: name, value: value) }
}
