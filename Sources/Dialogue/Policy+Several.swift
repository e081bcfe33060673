import Conversation

/// One question for several people, places or choices: each has its turn on the list.
extension Policy {
    /// One task for several people, of whom different things were said (我爸在济南，我妈在青岛，都想去北京看病).
    func forSeveral(_ reading: Reading) -> [Command]? {
        guard let flow = reading.targetFlow,
            reading.tracker.frame?.flow == flow.name
                || reading.isTaskLikely && reading.intent.flatMap(program.flow(startedBy:))?.name == flow.name
        else { return nil }
        let people = reading.people(for: flow)
        guard people.count > 1 else { return nil }
        let apart = Set(people.flatMap(\.assignments).map(\.slot))
        let shared = reading.assignments.filter { !apart.contains($0.slot) && $0.slot != program.personSlot }
        let items = people.map { person in
            item(flow, person.assignments + shared, who: person.name)
        }
        guard reading.tracker.frame?.flow == flow.name else { return [.list(items)] }
        return [.fill(people[0].assignments + shared), .list(Array(items.dropFirst()))]
    }

    /// “他俩谁报得多”, “我俩门诊分别报多少”: what is asked, or was answered last, for the two of whom was spoken.
    func forCouple(_ reading: Reading) -> [Command]? {
        let scalars = reading.anatomy.scalars
        let isOurs = program.words[.ours].occur(in: scalars)
        guard reading.tracker.frame == nil, isOurs || program.words[.couple].occur(in: scalars),
            let flow = reading.isTaskLikely
                ? reading.intent.flatMap(program.flow(startedBy:))
                : program.flow(named: reading.tracker.state.lastFlow),
            !reading.takesPerson(flow)
        else { return nil }
        let known = reading.tracker.people.filter { !$0.values.isEmpty }
        let others = known.filter { $0.name != nil }
        let couple = isOurs ? others.suffix(1) + known.filter { $0.name == nil } : Array(others.suffix(2))
        guard couple.count == 2 else { return nil }
        let shared = reading.meaning(flow).assignments.filter { assignment in
            !(program.slot(assignment.slot)?.isOfOnePerson ?? false)
        }
        return [.list(couple.map { item(flow, shared, who: $0.name) })]
    }

    /// “青岛和济南居民一年各交多少”, “退休跟在职住院报的一样不”: the same for either of two places or choices.
    func forBoth(_ reading: Reading) -> [Command]? {
        guard reading.tracker.frame == nil, reading.isTaskLikely, reading.asksSomething,
            reading.holdsTwoOfAType, let flow = reading.intent.flatMap(program.flow(startedBy:))
        else { return nil }
        let meant = reading.meaning(flow)
        let goes = flow.slots.compactMap(program.slot).contains { $0.kind == .place && $0.role != nil }
        for slot in flow.slots.compactMap(program.slot) where !slot.takesSeveral && !slot.isFigure {
            if slot.kind == .place, goes || slot.twice == flow.name { continue }
            let entities = reading.result.entities.filter {
                !$0.isNegated && $0.alternatives.isEmpty && slot.accepts($0)
            }
            let values = entities.compactMap { meant.value(of: $0, for: slot) }
            guard entities.count == 2, values.count == 2, values[0].value != values[1].value,
                reading.isJoined(entities[0], entities[1])
            else { continue }
            let shared = meant.assignments.filter { $0.slot != slot.name }
            return [
                .list(
                    values.map { value in
                        item(
                            flow, [.init(slot: slot.name, value: value)] + shared,
                            who: who(reading, flow) ?? reading.tracker.state.person)
                    })
            ]
        }
        return nil
    }

    private func item(_ flow: Flow, _ values: [Command.Assignment], who: String?) -> TodoItem {
        TodoItem(
            flow: flow.name, values: values.map { .init(slot: $0.slot, value: $0.value) },
            who: who ?? program.words.answers(.oneself).yes)
    }
}

extension Reading {
    /// Whether nothing but a word that joins stands between two values, and it is asked of each of them.
    fileprivate func isJoined(_ first: Entity, _ second: Entity) -> Bool {
        guard first.range.upperBound <= second.range.lowerBound else { return false }
        let between = anatomy.scalars[first.range.upperBound..<second.range.lowerBound].filter {
            Anatomy.isWord($0) || $0 == "、"
        }
        let joins =
            between.isEmpty || program.words[.joining].length(at: 0, in: Array(between)) == between.count
        return joins
            && program.words[.each].occur(in: anatomy.scalars)
    }

    /// The people named with what is said of each, when of two or more different things are. Only what says something of a person
    /// counts, which where they go does not. Whoever writes is one of them only where it is asked of each.
    func people(for flow: Flow) -> [(name: String?, assignments: [Command.Assignment])] {
        // A task that asks for whom it is takes several people at once.
        guard !takesPerson(flow), whose.mentions.count > 1 else { return [] }
        let isEach =
            program.words[.each].occur(in: anatomy.scalars)
            || program.words[.jointly].occur(in: anatomy.scalars)
        let slots = flow.slots.compactMap(program.slot).filter(\.isOfOnePerson)
        var people: [(name: String?, assignments: [Command.Assignment])] = []
        for entity in result.entities
        where !entity.isNegated && entity.alternatives.isEmpty && entity.role != "destination" {
            guard let slot = slots.first(where: { $0.accepts(entity) }),
                let value = value(of: entity, for: slot)
            else { continue }
            for owner in whose.owners(of: entity).map(\.person) {
                let index = people.firstIndex { $0.name == owner.name } ?? people.endIndex
                if index == people.endIndex { people.append((owner.name, [])) }
                if people[index].assignments.contains(where: { $0.slot == slot.name }) { continue }
                people[index].assignments.append(.init(slot: slot.name, value: value))
            }
        }
        guard let first = people.first, isEach || !people.contains(where: { $0.name == nil }) else {
            return []
        }
        let differ = people.dropFirst().contains { other in
            other.assignments.contains { assignment in
                first.assignments.contains {
                    $0.slot == assignment.slot && $0.value.value != assignment.value.value
                }
            }
        }
        return differ ? people : []
    }
}

extension Tracker {
    /// Everybody of whom something is known, whom the talk is about last.
    fileprivate var people: [PersonFacts] {
        let present = PersonFacts(
            name: state.person, values: slots.entries.map { .init(slot: $0.name, value: $0.value) })
        return state.people.filter { $0.name != state.person } + [present]
    }
}
