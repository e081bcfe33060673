import Conversation

/// Whom an utterance is about.
extension Policy {
    /// The commands with what is said of others, and the person for whom a task is begun or of whom something is said, before them.
    func naming(_ commands: [Command], _ reading: Reading) -> [Command] {
        reading.learned(with: about(commands, reading)).map { .learn($0) } + about(commands, reading)
    }

    private func about(_ commands: [Command], _ reading: Reading) -> [Command] {
        for (index, command) in commands.enumerated() {
            switch command {
            case .start(let name):
                guard let flow = program.flow(name), let subject = reading.subject(for: flow) else {
                    return commands
                }
                return commands[..<index] + [.about(person: subject.name)] + commands[index...]
            case .fill(let assignments):
                let frame = reading.tracker.frame?.flow ?? reading.tracker.state.lastFlow
                let flow = program.flow(named: frame)
                guard !(flow.map(reading.takesPerson) ?? false),
                    let subject = flow.map(reading.subject)
                        ?? reading.whose.matter.map({ Subject(name: $0.name) }),
                    subject.name != reading.tracker.state.person,
                    assignments.contains(where: { program.slot($0.slot)?.isOfOnePerson ?? false })
                        || reading.asksOfAnother,
                    !assignments.contains(where: reading.isSomebody)
                        || reading.tracker.known(subject.name)?.values.isEmpty == false
                else { return commands }
                // What was said otherwise for the task is another's.
                let isAnew =
                    reading.asksOfAnother || flow.map(reading.isAskedAnew) ?? false
                    || assignments.contains { assignment in
                        (program.slot(assignment.slot)?.isOfOnePerson ?? false)
                            && reading.tracker.slots[assignment.slot].map {
                                $0.value != assignment.value.value
                            } ?? false
                    }
                return commands[..<index] + [.about(person: subject.name, anew: isAnew)] + commands[index...]
            default: continue
            }
        }
        return commands
    }
}

extension Policy {
    /// “不是我妈，是我爸”: the same for whom was meant.
    func personMeant(_ reading: Reading) -> [Command]? {
        reading.personMeant.map { [.meant($0.name ?? program.words.answers(.oneself).yes)] }
    }

    /// “我在深圳职工” while a task for somebody else asks: it is kept, and the task goes on.
    func factsOfOthers(_ reading: Reading) -> Command? {
        guard !reading.asksSomething, reading.ambiguous == nil, reading.exclusion == nil else { return nil }
        if reading.tracker.frame == nil { return factsOfLikewise(reading) ?? factsBehindAnswer(reading) }
        guard !reading.isNewRequest, reading.assignments.isEmpty else { return nil }
        let facts = reading.factsOfOthers
        return facts.isEmpty ? nil : .noteOfOthers(facts)
    }
}

extension Policy {
    /// “老婆也是” where nothing was answered yet: what is known of the one before is known of her.
    private func factsOfLikewise(_ reading: Reading) -> Command? {
        guard reading.tracker.state.lastFlow == nil, reading.tracker.state.question != nil,
            !reading.whose.likewise.isEmpty, reading.anatomy.rest <= Self.mostBesideTold
        else { return nil }
        let own = reading.assignments.map { TodoItem.Value(slot: $0.slot, value: $0.value) }
        let facts =
            reading.factsOfOthers + (own.isEmpty ? [] : [PersonFacts(name: reading.person, values: own)])
        return facts.isEmpty ? nil : .noteOfOthers(facts)
    }

    /// “我妈也是” behind an answer for somebody else: the same is asked for her, of whom the same holds.
    func likewise(_ reading: Reading) -> [Command]? {
        guard reading.tracker.frame == nil, let last = program.flow(named: reading.tracker.state.lastFlow),
            !reading.takesPerson(last), !reading.isPicking, reading.whose.likewise.count == 1,
            let person = reading.whose.likewise.first?.person, person.name != reading.tracker.state.person,
            reading.anatomy.rest <= Self.mostBesideTold
        else { return nil }
        let meant = reading.meaning(last).assignments
        guard meant.allSatisfy({ $0.value.origin == .derived }) else { return nil }
        let values = meant.map { TodoItem.Value(slot: $0.slot, value: $0.value) }
        return [
            .learn(PersonFacts(name: person.name, kin: person.kin, values: values)),
            .forSomeoneElse(person.name ?? program.words.answers(.oneself).yes),
        ]
    }
}

extension Policy {
    /// “我儿子北京职工” behind an answer for somebody else is kept, and the answer is given for nobody anew, unless it turns on who they are
    /// (我老公在北京交的 behind what is paid for a birth).
    private func factsBehindAnswer(_ reading: Reading) -> Command? {
        guard let last = program.flow(named: reading.tracker.state.lastFlow),
            reading.tracker.isRightBehindAnswer, !reading.takesPerson(last),
            reading.result.entities.allSatisfy({ !$0.isNegated }),
            !program.words[.ellipsis].occur(in: reading.anatomy.scalars), reading.anatomy.isFragment,
            let person = reading.whose.onlyPerson, person.name != reading.tracker.state.person,
            !last.slots.compactMap(program.slot).contains(where: { slot in
                slot.options.contains { $0.persons.contains { person.name?.contains($0) ?? false } }
            }),
            !reading.assignments.isEmpty,
            reading.assignments.allSatisfy({ program.slot($0.slot)?.isOfOnePerson ?? false })
        else { return nil }
        let values = reading.assignments.map { TodoItem.Value(slot: $0.slot, value: $0.value) }
        return .noteOfOthers([PersonFacts(name: person.name, kin: person.kin, values: values)])
    }
}

extension Reading {
    /// What is to be kept of the people whom it names: what is said of others than the person whom it is about, and who that is.
    fileprivate func learned(with commands: [Command]) -> [PersonFacts] {
        var facts = factsOfOthers
        for command in commands {
            let name: String?
            switch command {
            case .about(let person, _): name = person
            case .forSomeoneElse(let person), .meant(let person): name = person
            default: continue
            }
            guard let mention = whose.mentions.first(where: { $0.person.name == name && name != nil }) else {
                continue
            }
            let holds = targetFlow.map(takesPerson) ?? false
            let said = facts.first { $0.name == name }?.values ?? []
            facts.removeAll { $0.name == name }
            facts.append(
                PersonFacts(
                    name: name, kin: mention.person.kin, part: holds ? PersonFacts.holder : nil, values: said)
            )
        }
        return facts
    }

    /// Whether a flow asks for whom it is, so that somebody who is named is its answer.
    func takesPerson(_ flow: Flow) -> Bool { program.personSlot.map(flow.uses) ?? false }

    /// Whom the utterance is about, if a flow is meant. One that asks for whom it is, is about whoever holds what it is about:
    /// a relative only where their card is spoken of. Nil when nobody is named.
    func subject(for flow: Flow) -> Subject? {
        if answersForPresent { return nil }
        if takesPerson(flow) {
            return whose.holder.map { Subject(name: $0.name, kin: $0.kin, part: PersonFacts.holder) }
        }
        return whose.matter.map { Subject(name: $0.name, kin: $0.kin) }
    }

    /// Whose the values are that slots of one person may take: of whom the task under way is about, or else of whom the
    /// utterance is about.
    var person: String? {
        let frame = program.flow(named: tracker.frame?.flow)
        if let frame, !isNewRequest, targetFlow === frame, !isAskedAnew(frame) {
            return tracker.state.person ?? (answersForPresent ? nil : subject(for: frame)?.name)
        }
        guard let flow = targetFlow else { return whose.matter.map(\.name) ?? tracker.state.person }
        return program.nextSubject(for: flow, named: subject(for: flow), tracker).map(\.name)
            ?? tracker.state.person
    }

    /// “我爸退休我在职” while a task asks says it of whom that is about, and tells of the other as well; “我花了2万，我爸花了3万” does behind
    /// an answer, too.
    private var answersForPresent: Bool {
        guard whose.mentions.count > 1, !asksSomething else { return false }
        let frame = program.flow(named: tracker.frame?.flow)
        if frame != nil, askedSlot == nil || isNewRequest { return false }
        guard let flow = frame ?? flowOfFigures else { return false }
        let present = tracker.state.person
        return flow.slots.compactMap(program.slot).contains { slot in
            guard slot.isOfOnePerson && frame != nil || slot.isFigure else { return false }
            let values = result.entities.filter { !$0.isNegated && slot.accepts($0) }
            return values.contains { whose.isOf(present, $0) }
                && values.contains { !whose.owners(of: $0).isEmpty && !whose.isOf(present, $0) }
        }
    }

    /// The task that figures behind an answer are for: the one done last, or one that it offers.
    var flowOfFigures: Flow? {
        guard tracker.frame == nil, let last = program.flow(named: tracker.state.lastFlow) else { return nil }
        return ([last] + last.followUps.compactMap(program.flow(named:))).first { flow in
            flow.slots.compactMap(program.slot).contains { slot in
                slot.isFigure && result.entities.contains { !$0.isNegated && slot.accepts($0) }
            }
        }
    }

    /// Whether the task under way is asked for in so many words once more.
    func isAskedAnew(_ flow: Flow) -> Bool {
        isTaskLikely && asksSomething && intent.flatMap(program.flow(startedBy:))?.name == flow.name
    }

    /// Whether what was just answered is asked of whoever is named (我爸门诊呢), or a case of theirs is told (我妈也住院了，花了1万), and not
    /// only who they are. A task under way for somebody takes it where it is asked in so many words (婆婆住院能报多少).
    var asksOfAnother: Bool {
        guard whose.mentions.count == 1 else { return false }
        if tracker.frame != nil { return asksSomething && tracker.state.person != nil }
        return asksSomething || program.words[.ellipsis].occur(in: anatomy.scalars)
            || assignments.contains(where: tellsCase)
    }

    /// Whether a value of the task is who is named (给孙女交的): nobody else is spoken of, as long as nothing else is known of them.
    func isSomebody(_ assignment: Command.Assignment) -> Bool {
        guard let slot = program.slot(assignment.slot), slot.isOfTask, !slot.isOfOnePerson else {
            return false
        }
        return result.entities.contains { entity in
            slot.accepts(entity) && whose.mentions.contains { $0.range.overlaps(entity.range) }
        }
    }

    /// Whether a value is of one case, and none that says who somebody is (给孙女交的).
    private func tellsCase(_ assignment: Command.Assignment) -> Bool {
        guard let slot = program.slot(assignment.slot), slot.isOfTask, !slot.isOfOnePerson else {
            return false
        }
        return result.entities.contains { entity in
            slot.accepts(entity) && !whose.mentions.contains { $0.range.overlaps(entity.range) }
        }
    }

    /// Scalars of its own that an utterance has at most which puts right who was meant (刚才说的是我岳母).
    private static let mostBesideMeant = 4

    /// Who was meant instead of whom it is about (不是我妈，是我爸; 是我妈的); nil where nobody is named in the place of another.
    var personMeant: Whose.Person? {
        guard let flow = program.flow(named: tracker.frame?.flow ?? tracker.state.lastFlow),
            !takesPerson(flow), !asksSomething, let type = program.personEntity,
            result.entities.contains(where: { $0.isNegated && $0.type == type })
                || intent == "correct" && anatomy.rest <= Self.mostBesideMeant && saysWhoItIs(type),
            result.entities.allSatisfy({ $0.type == type || !program.entityTypes.contains($0.type) }),
            let person = whose.onlyPerson ?? whose.onlyRelative, person.name != tracker.state.person
        else { return nil }
        return person
    }

    /// Whether 是 stands before somebody (是我妈的).
    private func saysWhoItIs(_ type: String) -> Bool {
        result.entities.contains { entity in
            entity.type == type
                && anatomy.scalars[..<entity.range.lowerBound].last { $0 != " " && $0 != "，" } == "是"
        }
    }

    /// What is said of others than the person whom the task is about.
    var factsOfOthers: [PersonFacts] {
        let person = person
        var facts: [PersonFacts] = []
        for entity in result.entities
        where !entity.isNegated && entity.alternatives.isEmpty && entity.role != "destination" {
            let owners = whose.owners(of: entity).map(\.person).filter { $0.name != person }
            guard !owners.isEmpty,
                owners.count < whose.owners(of: entity).count || !filling.taken.contains(entity.range),
                let slot = program.slots(filledBy: entity.type).first(where: {
                    $0.isOfOnePerson && $0.role == nil && $0.accepts(entity)
                }),
                let value = value(of: entity, for: slot)
            else { continue }
            for owner in owners { facts.add([.init(slot: slot.name, value: value)], of: owner) }
        }
        for likewise in whose.likewise where likewise.person.name != person {
            let own = facts.first { $0.name == likewise.person.name }?.values ?? []
            facts.add(filling.shared(by: likewise, beside: own.map(\.slot)), of: likewise.person)
        }
        return facts.filter { !$0.values.isEmpty }
    }

    /// Whether somebody is named only as who is counted (两个孩子, 孩子2个), and the task under way or done last counts them.
    func isCounted(_ person: Entity) -> Bool {
        let flow = program.flow(named: tracker.frame?.flow ?? tracker.state.lastFlow)
        let counts = (flow?.slots ?? []).compactMap(program.slot).filter { $0.isFigure && $0.role != nil }
        return !counts.isEmpty
            && result.entities.contains { count in
                (count.range.upperBound == person.range.lowerBound
                    || count.range.lowerBound == person.range.upperBound)
                    && counts.contains { $0.role == count.role && $0.entity == count.type }
            }
    }
}

extension [PersonFacts] {
    /// Values of somebody; the last of its slot counts.
    fileprivate mutating func add(_ values: [TodoItem.Value], of person: Whose.Person) {
        let index = firstIndex { $0.name == person.name } ?? endIndex
        if index == endIndex { append(PersonFacts(name: person.name, kin: person.kin)) }
        for value in values {
            self[index].values.removeAll { $0.slot == value.slot }
            self[index].values.append(value)
        }
    }
}

extension DialogueProgram {
    /// For whom a flow would be; nil when that is whom the talk is about. One that asks for whom it is, is the writer's own as long as no
    /// other holds what it is about; who only holds something is not whom the next task is about.
    func nextSubject(for flow: Flow, named: Subject?, _ tracker: Tracker) -> Subject? {
        var next = named
        if next == nil {
            let isOwn = personSlot.map(flow.uses) ?? false
            let isHolder = tracker.known(tracker.state.person)?.part == PersonFacts.holder
            let present = self.flow(named: tracker.frame?.flow ?? tracker.state.lastFlow)
            let goesOn = present.map { $0 === flow || $0.followUps.contains(flow.name) } ?? false
            if isHolder ? !goesOn : isOwn { next = Subject(name: nil) }
        }
        guard let next, next.name != tracker.state.person else { return nil }
        return next
    }
}

extension PersonFacts {
    /// The part of whoever lends what a task is about.
    static let holder = "holder"
}

extension Tracker {
    /// Where the one who writes is insured, as far as that is known.
    func placeOfWriter(_ program: DialogueProgram) -> SlotValue? {
        let values =
            state.person == nil
            ? slots.entries.map { TodoItem.Value(slot: $0.name, value: $0.value) } : known(nil)?.values ?? []
        return values.filter { value in
            program.slot(value.slot).map { $0.kind == .place && $0.role != "destination" } ?? false
        }.max { $0.value.turn < $1.value.turn }?.value
    }
}
