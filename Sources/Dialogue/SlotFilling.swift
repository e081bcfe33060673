import Conversation

/// Which slots an utterance fills, of the flow that it is about. Immutable once it is made; a class, for its parts are asked
/// for all over a turn.
final class SlotFilling {
    /// At most once each.
    private(set) var assignments: [Command.Assignment] = []
    /// Where the words of the values stand that fill slots.
    private(set) var taken: Set<Range<Int>> = []
    /// A place that may be several divisions, with the slot that it would fill.
    private(set) var ambiguous: (slot: String, candidates: [String])?
    /// A value that several filled slots could have meant, with these slots.
    private(set) var undecided: (entity: Entity, slots: [SlotDefinition])?

    let result: NLUResult
    let tracker: Tracker
    let program: DialogueProgram
    private let world: any DialogueWorld
    let anatomy: Anatomy
    let askedSlot: SlotDefinition?
    let whose: Whose
    /// Whom the task is about: the slots of one person are theirs.
    private let person: String?
    let isTaskLikely: Bool
    /// Slots of the flow that is meant.
    let slots: [SlotDefinition]

    init(of reading: Reading) {
        result = reading.result
        tracker = reading.tracker
        program = reading.program
        world = reading.world
        anatomy = reading.anatomy
        askedSlot = reading.askedSlot
        whose = reading.whose
        person = reading.person
        isTaskLikely = reading.isTaskLikely
        slots = reading.targetFlow?.slots.compactMap(program.slot) ?? []
        assign()
        countPeople()
        comeHere()
        takeLikewise()
    }

    private func countPeople() {
        if let adults = adultsNamed() { assignments.append(adults) }
    }

    /// “我妈跟我一个城市，居民”: what holds of the one before, holds of whom it is about.
    private func takeLikewise() {
        for likewise in whose.likewise where likewise.person.name == person {
            for known in shared(by: likewise, beside: assignments.map(\.slot)) {
                var value = known.value
                value.origin = .derived
                value.turn = tracker.turn + 1
                assignments.append(.init(slot: known.slot, value: value))
            }
        }
    }

    /// What somebody has who is said to be like another, besides what is said of them: all that is known of the other that no figure
    /// tells; only the place, where something else is said of their insurance.
    func shared(by likewise: Whose.Likewise, beside own: [String]) -> [TodoItem.Value] {
        let source = likewise.source.map(\.name) ?? tracker.state.person
        var known: [TodoItem.Value] =
            source == tracker.state.person
            ? tracker.slots.entries.map { .init(slot: $0.name, value: $0.value) }
            : tracker.known(source)?.values ?? []
        for entity in result.entities
        where !entity.isNegated && entity.alternatives.isEmpty && whose.isOf(source, entity) {
            guard
                let slot = program.slots(filledBy: entity.type).first(where: {
                    $0.isOfOnePerson && $0.role == nil
                }),
                let value = value(of: entity, for: slot)
            else { continue }
            known.removeAll { $0.slot == slot.name }
            known.append(.init(slot: slot.name, value: value))
        }
        let tellsChoice = own.contains { name in
            program.slot(name).map { $0.isOfOnePerson && !$0.options.isEmpty } ?? false
        }
        return known.filter { value in
            guard let slot = program.slot(value.slot), slot.isOfOnePerson, !slot.isFigure else {
                return false
            }
            return !own.contains(value.slot) && (slot.kind == .place || !tellsChoice)
        }
    }

    /// “我老婆医保在赣州，过来看病怎么报”: whoever comes goes to where the one who writes is.
    private func comeHere() {
        guard person != nil, program.words[.here].occur(in: anatomy.scalars),
            let slot = slots.first(where: { $0.kind == .place && $0.role == "destination" }),
            !assignments.contains(where: { $0.slot == slot.name }),
            var place = placeOfWriter(for: slot)
        else { return }
        place.origin = .derived
        place.turn = tracker.turn + 1
        assignments.append(.init(slot: slot.name, value: place))
    }

    /// Where the one who writes is, as this utterance says (我在东莞，她过来看病), or as far as it is known.
    private func placeOfWriter(for slot: SlotDefinition) -> SlotValue? {
        let named = result.entities.last {
            $0.type == slot.entity && !$0.isNegated && $0.alternatives.isEmpty
                && whose.isOf(nil, $0)
        }
        return named.flatMap { value(of: $0, for: slot) } ?? tracker.placeOfWriter(program)
    }

    var intent: String? { result.intent }

    private func assign() {
        let excluded = result.entities.filter { $0.isNegated || isReplaced($0) }
        let weighed = typesWeighed
        for (index, entity) in result.entities.enumerated() where !entity.isNegated {
            if isReplaced(entity) || isTakenBack(at: index) || isMisheard(entity) || isGiver(entity)
                || isAskedAbout(entity) || isPerUnit(entity) || isComingBack(to: entity) || isCompared(entity)
                || weighed.contains(entity.type)
            {
                continue
            }
            guard let slot = slot(for: entity, excluded: excluded) else {
                if undecided == nil { takeTogether(entity) }
                continue
            }
            if entity.alternatives.count > 1 {
                if ambiguous == nil { ambiguous = (slot.name, entity.alternatives) }
                continue
            }
            guard var value = value(of: entity, for: slot) else { continue }
            if isWondered(entity, slot) { value.origin = .supposed }
            assignments.append(.init(slot: slot.name, value: added(value, of: entity, to: slot)))
            taken.insert(entity.range)
        }
    }

    /// Of two values for one choice the one said last counts (在天津旅游…住进急诊抢救了), unless the slot takes several
    /// (我爸和孩子).
    private func takeTogether(_ entity: Entity) {
        guard
            let index = assignments.lastIndex(where: {
                program.slot($0.slot).map { accepts(entity, $0) } ?? false
            }),
            let slot = program.slot(assignments[index].slot), !slot.options.isEmpty,
            let value = value(of: entity, for: slot)
        else { return }
        assignments[index].value =
            slot.takesSeveral ? SlotValue(assignments[index].value, and: value) : value
    }

    /// “还有我婆婆”, “再加5000”: a value that is said in addition joins the ones before.
    private func added(_ value: SlotValue, of entity: Entity, to slot: SlotDefinition) -> SlotValue {
        if entity.role == "added", let old = tracker.slots[slot.name].flatMap({ Int($0.value) }),
            let more = Int(value.value)
        {
            var sum = value
            (sum.value, sum.text) = (String(old + more), "\(old + more)元")
            return sum
        }
        guard slot.takesSeveral, let old = tracker.slots[slot.name],
            program.words[.addition].occur(in: anatomy.scalars)
        else { return value }
        return SlotValue(old, and: value)
    }

    func accepts(_ entity: Entity, _ slot: SlotDefinition) -> Bool {
        slot.accepts(entity) && plays(entity, slot) && belongs(entity, to: slot)
            && (slot.name == askedSlot?.name || !slot.isOnlyAnswer(entity.value))
    }

    /// Whether a value is of whom the task is about, where the slot is one person's, or hangs on where they go: what is said of somebody else
    /// (我闺女在济南上班，能让她给俺弄不) fills nothing of theirs. Who answers a question may say 我 for them.
    private func belongs(_ entity: Entity, to slot: SlotDefinition) -> Bool {
        if isFigureOfAnother(entity, slot) { return false }
        let isMerelyThere = slot.kind == .place && entity.role == nil
        guard slot.isOfOnePerson || isMerelyThere || program.hangsOnDestination(entity),
            let owner = whose.owners(of: entity).last, !whose.isOf(person, entity)
        else { return true }
        if !slot.isOfOnePerson, !isMerelyThere { return !whose.isServing(owner.person) }
        return slot.name == askedSlot?.name && owner.person.name == nil
            && program.words[.oneself].length(at: owner.range.lowerBound, in: anatomy.scalars) == nil
    }

    /// “我花了2万，我爸花了3万”: beside a figure of whom the task is about, one of somebody else is none of theirs.
    private func isFigureOfAnother(_ entity: Entity, _ slot: SlotDefinition) -> Bool {
        guard slot.isFigure, !whose.owners(of: entity).isEmpty, !whose.isOf(person, entity) else {
            return false
        }
        return result.entities.contains { other in
            other.type == entity.type && !other.isNegated && other.range != entity.range
                && whose.isOf(person, other)
        }
    }

    /// A slot for amounts of one kind (what was paid already, a wage) takes others only when it is asked for, and what is plainly
    /// of one kind is of no other.
    private func plays(_ entity: Entity, _ slot: SlotDefinition) -> Bool {
        guard slot.isFigure else { return true }
        if entity.role == "added" { return slot.role == nil && tracker.slots[slot.name] != nil }
        return entity.role == slot.role || entity.role == nil && slot.name == askedSlot?.name
    }

    private func slot(for entity: Entity, excluded: [Entity]) -> SlotDefinition? {
        func isTaken(_ name: String) -> Bool {
            ambiguous?.slot == name || assignments.contains { $0.slot == name }
        }
        let fitting = slots.filter {
            accepts(entity, $0) && !isTaken($0.name) && !isKept($0, from: entity)
        }
        // The slot whose present value the person rules out in the same breath (不是济南是聊城).
        if let corrected = fitting.first(where: { slot in
            excluded.contains { $0.type == entity.type && $0.value == tracker.slots[slot.name]?.value }
        }) {
            return corrected
        }
        if let named = named(among: fitting) { return named }
        if let latest = takenBack(among: fitting, by: entity) { return latest }
        if entity.role == nil || fitting.allSatisfy({ $0.role == nil }),
            let asked = askedSlot, asked.accepts(entity), belongs(entity, to: asked), !isTaken(asked.name)
        {
            return asked
        }
        // “15万呢” stands for the figure that was told, whatever it is of, and is none of what was not spoken of.
        if let figure = figureSaidLast(for: entity), tracker.slots[figure.name] != nil,
            fitting.allSatisfy({ tracker.slots[$0.name] == nil }),
            program.words[.ellipsis].occur(in: anatomy.scalars)
        {
            return figure
        }
        if let destination = destinationAtHome(entity) { return destination }
        if let home = homeOfSomebody(entity, among: fitting) { return home }
        if let role = entity.role, let exact = fitting.first(where: { $0.role == role }) { return exact }
        if let empty = fitting.first(where: { tracker.slots[$0.name] == nil && $0.role != "destination" }) {
            return empty
        }
        if let empty = fitting.first(where: { tracker.slots[$0.name] == nil }) { return empty }
        if fitting.isEmpty, let figure = figureSaidLast(for: entity) { return figure }
        let changeable = fitting.filter { $0.mayBecome(entity) }
        if changeable.isEmpty, !fitting.isEmpty { return nil }
        if let latest = latest(of: changeable, entity) { return latest }
        if undecided != nil { return nil }
        // A place that is named twice, or beside one that was taken, is not volunteered.
        let places = assignments.compactMap { program.slot($0.slot) }.filter { $0.kind == .place }
        if places.contains(where: { $0.entity == entity.type }) { return nil }
        // Volunteered ahead of any task that asks for it.
        return program.slots(filledBy: entity.type).first {
            accepts(entity, $0) && !isTaken($0.name) && !isKept($0, from: entity)
                && $0.lifetime == .conversation && $0.role == nil
        }
    }

    /// “期间回临沂看病” of somebody who is insured there is no other place to go to, where the task takes that they come back.
    private func isComingBack(to entity: Entity) -> Bool {
        guard entity.role == "destination" else { return false }
        let isHome = slots.contains { slot in
            slot.role == "home" && slot.entity == entity.type
                && tracker.slots[slot.name]?.value == entity.value
        }
        return isHome
            && result.entities.contains { other in
                other.type != entity.type && other.range.count > entity.range.count
                    && other.range.clamped(to: entity.range) == entity.range
                    && !program.hangsOnDestination(other) && slots.contains { $0.accepts(other) }
            }
    }

    /// “老家临沂”, said alone to a task that knows where somebody is insured and not yet where they go: they go home.
    private func destinationAtHome(_ entity: Entity) -> SlotDefinition? {
        guard let destination = slots.first(where: { $0.role == "destination" && $0.entity == entity.type }),
            tracker.slots[destination.name] == nil,
            let home = slots.first(where: { $0.role == entity.role && $0.entity == entity.type }),
            let known = tracker.slots[home.name], known.origin != .profile, known.value != entity.value,
            let origin = program.words[.origin].firstRange(in: anatomy.scalars),
            origin.upperBound <= entity.range.lowerBound, anatomy.rest <= origin.count
        else { return nil }
        return destination
    }

    /// “那聊城的呢”, “赣州的”: whoever is of a place is insured there, and does not go there, where no place is asked for.
    private func homeOfSomebody(_ entity: Entity, among fitting: [SlotDefinition]) -> SlotDefinition? {
        guard entity.role == nil, entity.alternatives.isEmpty, askedSlot?.kind != .place,
            anatomy.endsAsOwner(entity.range)
        else { return nil }
        let places = fitting.filter { $0.kind == .place && $0.role != "destination" }
        return places.first { $0.role == "home" } ?? places.first
    }

    /// Whether a slot is another entity’s, whose role is the slot’s own (我妈在烟台，要来北京); where somebody is insured, if that is
    /// said or known, is meant rather than a place of which something else is said, or nothing.
    private func isKept(_ slot: SlotDefinition, from entity: Entity) -> Bool {
        let role = slot.role ?? (slot.kind == .place ? "home" : entity.role)
        guard let role, entity.role != role else { return false }
        let isSaid = result.entities.contains {
            $0.role == role && !$0.isNegated && $0.value != entity.value && slot.accepts($0)
                && belongs($0, to: slot)
        }
        return isSaid || isKnownToBeElsewhere(slot, than: entity)
    }

    /// “那我在杭州看门诊怎么报” of somebody who is insured in 济南: the task has no use for where they go, and asks for no other place.
    private func isKnownToBeElsewhere(_ slot: SlotDefinition, than entity: Entity) -> Bool {
        guard slot.kind == .place, slot.role == nil, entity.role == "destination" else { return false }
        return slot.inherits.contains { name in
            guard let known = tracker.slots[name], known.origin != .profile else { return false }
            return program.slot(name)?.role == "home" && known.value != entity.value
        }
    }

    /// “不对，是青岛” right behind an answer takes that back, whatever is asked next.
    private func takenBack(among fitting: [SlotDefinition], by entity: Entity) -> SlotDefinition? {
        guard let start = anatomy.firstWord, isTakingBack(from: start),
            // “算了不改了，还是北京” takes back that it was to be changed.
            !fitting.contains(where: { tracker.slots[$0.name]?.value == entity.value })
        else { return nil }
        let answered = fitting.filter { slot in
            guard let value = tracker.slots[slot.name] else { return false }
            return value.turn == tracker.turn && value.value != entity.value && slot.mayBecome(entity)
                && (entity.role == nil || slot.role == nil || entity.role == slot.role)
        }
        // Of those said in one breath none is the likelier.
        return answered.count == 1 ? answered[0] : nil
    }

    /// “不对，…”, and “不是，…” with a pause behind it.
    private func isTakingBack(from start: Int) -> Bool {
        let scalars = anatomy.scalars
        if program.words[.retraction].length(at: start, in: scalars) != nil { return true }
        return program.words[.halting].lengths(at: start, in: scalars).contains { length in
            start + length < scalars.count && DialogueProgram.isPause(scalars[start + length])
        }
    }

    /// The slot that the utterance calls by its name (就医地改成天津).
    private func named(among fitting: [SlotDefinition]) -> SlotDefinition? {
        guard fitting.count > 1 else { return nil }
        let lengths = fitting.map { $0.names.longest(in: anatomy.scalars) }
        guard let longest = lengths.max(), longest > 0, lengths.filter({ $0 == longest }).count == 1 else {
            return nil
        }
        return zip(fitting, lengths).first { $0.1 == longest }?.0
    }

    /// “八千” behind a sum of a wage: a mere figure, where nothing is asked, is another for the one of its kind that was said last,
    /// or the only one of its kind that there is.
    private func figureSaidLast(for entity: Entity) -> SlotDefinition? {
        guard tracker.frame == nil, askedSlot == nil, entity.role == nil, anatomy.isFragment else {
            return nil
        }
        let figures = slots.filter { $0.isFigure && $0.accepts(entity) }
        let said = figures.filter { tracker.slots[$0.name] != nil }
        return figures.count == 1
            ? figures[0]
            : said.max { (tracker.slots[$0.name]?.turn ?? 0) < (tracker.slots[$1.name]?.turn ?? 0) }
    }

    /// Of several filled slots the one that was said last is meant; of those said in one breath none is the likelier, and
    /// a short remark is asked about.
    private func latest(of fitting: [SlotDefinition], _ entity: Entity) -> SlotDefinition? {
        guard
            let latest = fitting.max(by: {
                (tracker.slots[$0.name]?.turn ?? 0) < (tracker.slots[$1.name]?.turn ?? 0)
            })
        else { return nil }
        if let same = fitting.first(where: { tracker.slots[$0.name]?.value == entity.value }) { return same }
        let turn = tracker.slots[latest.name]?.turn
        let equal = fitting.filter { tracker.slots[$0.name]?.turn == turn }
        guard equal.count > 1, entity.role == nil, entity.alternatives.isEmpty,
            anatomy.isFragment || intent == "correct"
        else { return latest }
        if undecided == nil { undecided = (entity, equal) }
        return nil
    }

    func value(of entity: Entity, for slot: SlotDefinition) -> SlotValue? {
        var value = entity.value
        var text = entity.value
        switch slot.kind {
        case .place: text = world.placeName(entity.value)
        case .choice:
            guard let option = slot.option(entity.value) else { return nil }
            value = option.value
            text = option.value
        // “一万出头” stays to be seen: what is worked out with it is only near.
        case .amount: text = entity.certainty == .approximate ? entity.text : entity.value + "元"
        case .number: if entity.certainty == .approximate { text = entity.text }
        }
        let raw = entity.type == program.personEntity ? program.name(in: entity.text) : entity.text
        return SlotValue(value: value, text: text, raw: raw, origin: .said, turn: tracker.turn + 1)
    }
}

extension SlotValue {
    /// Two values of a slot that takes several, in the order of mention.
    init(_ first: SlotValue, and second: SlotValue) {
        self = second
        guard !first.values.contains(second.value) else {
            value = first.value
            text = first.text
            return
        }
        value = first.value + SlotValue.separator + second.value
        text = first.text + SlotValue.separator + second.text
    }
}
