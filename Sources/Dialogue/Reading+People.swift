import Conversation

/// Who is named in an utterance, as far as that decides what it asks: whose the values are, and whether somebody else is meant.
extension Reading {
    /// Whether it says nothing but who somebody is: where insured, how, in which group, and nothing that a task is about.
    var saysOnlyWhoOneIs: Bool {
        tellsOnlyOfPeople && valuesBesideOneself.count <= assignments.count
    }

    /// Whether it is made of nothing but who somebody is and words that tell it, whatever it sounds like (老家毕节，在苏州上班，厂里交的社保).
    var statesWhoOneIs: Bool {
        tellsOnlyOfPeople && (anatomy.isFragment || anatomy.isExplained(with: program.words[.stating]))
    }

    /// Whether what it fills is all who somebody is, and no value of it is anything else.
    var tellsOnlyOfPeople: Bool {
        !asksSomething && ambiguous == nil && undecided == nil && !assignments.isEmpty
            && assignments.allSatisfy { program.slot($0.slot)?.isOfOnePerson ?? false }
            && result.entities.allSatisfy { entity in
                !program.entityTypes.contains(entity.type) || isBesideMatter(entity)
                    || program.words[.stating].length(at: entity.range.lowerBound, in: anatomy.scalars)
                        ?? 0 >= entity.range.count
                    || program.slots(filledBy: entity.type).contains(where: \.isOfOnePerson)
            }
    }

    /// The values that it holds; whoever is only counted is none.
    var values: [[TaskEvidence.Value]] {
        var told = result
        told.entities.removeAll(where: isBesideMatter)
        return TaskEvidence.values(in: told, program)
    }

    /// Whether it is no value of whom it is about: somebody who is only counted or named as an owner, what is another's, or a place that is
    /// only spoken of.
    private func isBesideMatter(_ entity: Entity) -> Bool {
        entity.isAside || isCounted(entity) || isOwnerOfValue(entity) || isOfAnother(entity)
    }

    /// Whether a value says something of somebody else than whom it is about.
    func isOfAnother(_ entity: Entity) -> Bool {
        guard program.slots(filledBy: entity.type).contains(where: \.isOfOnePerson),
            let matter = whose.matter
        else { return false }
        let owners = whose.owners(of: entity)
        return !owners.isEmpty && !owners.contains { $0.person == matter }
    }

    /// Whether somebody is named as the one whose the values are, and not as who is to have something (我妈在济南居民医保).
    func isOwnerOfValue(_ person: Entity) -> Bool {
        guard let mention = whose.mentions.first(where: { $0.range == person.range }), mention.part == .owner
        else {
            return false
        }
        return result.entities.contains { entity in
            !entity.isNegated && entity.range.lowerBound >= person.range.upperBound
                && program.slots(filledBy: entity.type).contains(where: \.isOfOnePerson)
                && whose.owners(of: entity).contains { $0.person == mention.person }
        }
    }

    /// The values without those that only say that somebody speaks of themselves, where there are others.
    var valuesBesideOneself: [[TaskEvidence.Value]] {
        var told = result
        told.entities.removeAll { entity in
            isBesideMatter(entity)
                || program.words[.oneself].occur(in: Array(entity.text.unicodeScalars))
        }
        let others = TaskEvidence.values(in: told, program)
        return others.isEmpty ? values : others
    }

    /// Somebody else for whom the last answer, or the task under way, is wanted (我妈的呢, 我自己的呢), when it does not ask for whom.
    /// Under way, who it is for is enough (我妈的).
    var someoneElse: String? {
        if let other = otherAlone { return other.name ?? program.words.answers(.oneself).yes }
        guard let flow = program.flow(named: tracker.frame?.flow ?? tracker.state.lastFlow),
            !takesPerson(flow) || tracker.frame == nil, variedFlow == nil, !isPicking,
            let type = program.personEntity,
            program.words[.ellipsis].occur(in: anatomy.scalars) || namesPersonAlone(flow)
        else { return nil }
        if tracker.state.person != nil, anatomy.isAllOf(program.words[.oneself]) {
            return program.words.answers(.oneself).yes
        }
        guard anatomy.isFragment else { return nil }
        let values = result.entities.filter { program.entityTypes.contains($0.type) && !$0.isNegated }
        return values.allSatisfy { $0.type == type } ? values.last?.text : nil
    }

    /// Whether it is asked if the next of the list is to be gone on with.
    private var isNextAsked: Bool {
        guard case .pick(_, _, let choices)? = tracker.state.question?.kind else { return false }
        return choices.first?.id == Choice.next
    }

    /// Scalars of its own that it has at most beside somebody for whom the same is wanted (如果我老公来报呢).
    private static let mostBesidePerson = 3

    /// Somebody else than whom the talk is about, named with words that take up what was asked and no value (那我呢, 她呢).
    private var otherAlone: Whose.Person? {
        guard let flow = program.flow(named: tracker.frame?.flow ?? tracker.state.lastFlow),
            !takesPerson(flow), !isPicking || isNextAsked,
            !isTaskLikely
                || intent.map({ program.flow(startedBy: $0) == nil || flow.intents.contains($0) }) ?? true,
            tracker.frame != nil && isAskedAnew(flow)
                || anatomy.rest <= Self.mostBesidePerson
                    && program.words[.ellipsis].occur(in: anatomy.scalars),
            let person = whose.onlyPerson, person.name != tracker.state.person
        else { return nil }
        let isAlone = result.entities.allSatisfy { entity in
            entity.isNegated || !program.entityTypes.contains(entity.type)
                || whose.mentions.contains { $0.range.overlaps(entity.range) }
                || isSaidOfOther(entity, person)
        }
        return isAlone ? person : nil
    }

    /// Whether a value beside somebody else for whom the task under way is wanted is theirs, or is known (我是济南职工，我住院呢).
    private func isSaidOfOther(_ entity: Entity, _ person: Whose.Person) -> Bool {
        guard tracker.frame != nil else { return false }
        let slots = program.slots(filledBy: entity.type)
        if slots.contains(where: { tracker.slots[$0.name]?.value == entity.value && !$0.isOfOnePerson }) {
            return true
        }
        return slots.contains(where: \.isOfOnePerson) && whose.isOf(person.name, entity)
    }

    /// Whether a task under way is told whom it is for, and nothing more; nobody who is only company (跟我儿子), and nobody of whom
    /// it is known.
    private func namesPersonAlone(_ flow: Flow) -> Bool {
        guard tracker.frame != nil, anatomy.isFragment, assignments.isEmpty,
            let name = subject(for: flow)?.name
        else { return false }
        return name != tracker.state.person
    }
}
