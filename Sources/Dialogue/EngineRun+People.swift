import Conversation

/// Whom a task is about. What the slots hold of a person is one person's (`SlotDefinition.isOfOnePerson`): it never goes over
/// into a task for somebody else, and is there again when their own task goes on.
struct Subject {
    /// As the person who writes calls them; nil for themselves.
    var name: String?
    /// Whether it was said already for whom it is.
    var isAnnounced = false
}

extension EngineRun {
    /// Before a task begins: for whom it is, as far as anybody is named. A task that asks who is to have something is the
    /// writer's own.
    mutating func settlePerson(for flow: Flow) {
        guard let next = nextSubject(for: flow, named: subject) else { return }
        change(to: next, keeping: tracker.frame != nil)
    }

    /// For whom a flow would be; nil when that is whom the talk is about.
    private func nextSubject(for flow: Flow, named: Subject?) -> Subject? {
        let isOwn = program.personSlot.map(flow.uses) ?? false
        guard let next = named ?? (isOwn ? Subject(name: nil) : nil), next.name != tracker.state.person
        else { return nil }
        return next
    }

    /// Whether what is known of the person would have to be forgotten for a task of the list. What was just said would be told
    /// without it.
    func changesPerson(_ item: TodoItem) -> Bool {
        guard let flow = program.flow(item.flow) else { return false }
        return nextSubject(for: flow, named: subject(of: item)) != nil && !valuesOfPerson.isEmpty
    }

    /// Forgets what is known of the person whom the talk was about, unless the flow under way is to have it again.
    private mutating func change(to next: Subject, keeping: Bool) {
        let theirs = valuesOfPerson
        // Where they are insured is only a guess for others; what comes back is to have it, whatever was said of those since.
        let kept = tracker.slots.entries.filter { entry in
            theirs.contains { $0.name == entry.name } || program.slot(entry.name)?.isOfOnePerson ?? false
        }.map { TodoItem.Value(slot: $0.name, value: $0.value) }
        emit(.personChanged(to: next.name, keeping: keeping ? kept : []))
        for entry in theirs { emit(.slotCleared(name: entry.name)) }
        guard let person = next.name, !theirs.isEmpty, !next.isAnnounced else { return }
        say(pattern: "for_another", [.init("who", person)])
    }

    /// What is known of the person whom the talk is about. Where the one who writes is insured is the best guess for others,
    /// too: nobody was named with it.
    private var valuesOfPerson: [Slots.Entry] {
        tracker.slots.entries.filter { entry in
            guard let slot = program.slot(entry.name) else { return false }
            return slot.isPersonal || outlivesTask(entry.value, of: slot)
                || tracker.state.person != nil && slot.isOfOnePerson
        }
    }

    /// Somebody is named with what is said of them, and no task begins. What a task under way has heard so far was theirs;
    /// what an answer was given for was not. `anew`: nor what was said before the task was asked for once more.
    mutating func turn(to person: String?, anew: Bool) {
        guard person != tracker.state.person else { return }
        if let frame = tracker.frame, anew, let first = program.flow(frame.flow)?.steps.first {
            if tracker.state.question != nil { emit(.questionClosed) }
            change(to: Subject(name: person), keeping: false)
            emit(.flowRewound(step: first.id, unsaying: frame.said))
        } else if tracker.frame != nil {
            guard tracker.state.person == nil else { return }
            emit(.personChanged(to: person, keeping: []))
        } else {
            forgetPerson(for: person)
        }
    }

    /// The answer that was given is wanted for somebody else: what is known of the person does not count. Where they are
    /// insured is told with the answer, and stays until they say otherwise.
    mutating func forgetPerson(for person: String?) {
        emit(.personChanged(to: person, keeping: []))
        for entry in tracker.slots.entries where program.slot(entry.name)?.isPersonal ?? false {
            emit(.slotCleared(name: entry.name))
        }
    }

    /// When a flow that lay interrupted goes on: what was known of its person is known again, and is the latest.
    mutating func bringBackPerson() {
        guard let kept = tracker.frame?.kept else { return }
        let others = tracker.slots.entries.filter { program.slot($0.name)?.isOfOnePerson ?? false }
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
            item.values += valuesOfPerson.map { TodoItem.Value(slot: $0.name, value: $0.value) }
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
            guard let slot = slot(name), slot.lifetime == .task || isOfAnother && slot.isOfOnePerson else {
                continue
            }
            next.state.slots[name] = nil
        }
        for value in item.values { next.state.slots[value.slot] = value.value }
        return next
    }
}
