import Conversation

/// What the words of a response hang on, part by part.
package struct ResponseReach: Equatable, Sendable {
    package struct Part: Equatable, Sendable {
        /// The part is said when this holds.
        package var condition: Condition?
        /// Slots that it shows: another value is another answer.
        package var shown: NameSet
        /// Slots that narrow what it looks up: another value may be another answer.
        package var consulted: NameSet

        package init(condition: Condition? = nil, shown: NameSet = [], consulted: NameSet = []) {
            self.condition = condition
            self.shown = shown
            self.consulted = consulted
        }
    }

    package var parts: [Part]

    package init(_ parts: [Part]) { self.parts = parts }

    /// All slots that it has to do with.
    var slots: Set<String> {
        parts.reduce(into: []) { slots, part in
            slots.formUnion(part.shown.names)
            slots.formUnion(part.consulted.names)
            slots.formUnion(part.condition?.slots ?? [])
        }
    }
}

/// What of the dialogs has to be known to see ahead; without it every question is asked.
package struct Outlook: Sendable {
    /// By the name of the response; one that is not among them may hang on anything.
    package var reaches: [String: ResponseReach]
    /// Slots that the rules for sums look at.
    package var sumSlots: NameSet
    /// Whether, of questions side by side, the one that settles most is asked first.
    package var choosesOrder = true

    /// The numbers with which responses compare slots.
    package var bounds: [Condition.Bound]

    package init(
        reaches: [String: ResponseReach] = [:], sumSlots: NameSet = [], bounds: [Condition.Bound] = []
    ) {
        self.reaches = reaches
        self.sumSlots = sumSlots
        self.bounds = bounds
    }
}

/// Looks along what is left of a flow before it asks: whether the answer can make a difference, and how much there is to
/// ask. Whatever cannot be told is taken to make one. An answer that only picks some lines out of few makes none: the few are
/// told, each with whom it is for.
package struct Foresight<World: DialogueWorld> {
    /// Steps that are looked at for one question.
    private static var stepBudget: Int { 400 }
    /// Cases of slots that are still open for which a response is compared; beyond them it is taken to differ.
    private static var caseLimit: Int { 64 }

    let program: DialogueProgram
    let world: World
    /// Steps whose question stays unanswered and is not put again.
    let leftOut: [String]

    package init(program: DialogueProgram, world: World, leftOut: [String] = []) {
        self.program = program
        self.world = world
        self.leftOut = leftOut
    }

    /// A way through the flow as far as it is looked along.
    private struct Way {
        var position: Int
        var slots: Slots
        /// Slots that will have been asked for, whatever comes of it.
        var open: NameSet = []
        /// The slot in question, and those that are asked for or not because of it.
        var tainted: NameSet
    }

    private struct Comparison {
        var response: String
        var way: Way
        /// Slots that its words hang on here.
        var consulted: NameSet
        /// Whether it names the value itself, so that it is never worded alike.
        var showsIt: Bool
    }

    /// Whether the outcome is the same whatever the person would answer, and when nothing is answered at all. A place is
    /// never idle: what is looked up besides hangs on it.
    package func isIdle(_ slot: String, in flow: Flow, at position: Int, given slots: Slots) -> Bool {
        guard mayBeIdle(slot) else { return false }
        return remembered(.idle, flow, position, slots) { slots in
            looksIdle(slot, in: flow, at: position, given: slots, open: []) ? 1 : 0
        } == 1
    }

    private func mayBeIdle(_ slot: String) -> Bool {
        program.slot(slot).map { $0.kind != .place } ?? false && !program.outlook.reaches.isEmpty
    }

    /// What is found with the slots that the flow has to do with, or was found lately. Nothing else is there to be looked at,
    /// so it never hangs on anything else.
    func remembered(
        _ kind: ForwardLook.Kind, _ flow: Flow, _ position: Int, _ slots: Slots, _ find: (Slots) -> Int
    ) -> Int {
        let slots = slots.plain(program.concerns(of: flow))
        let leftOut = leftOut.filter { flow.asksAt($0) }
        let look = ForwardLook(
            kind: kind, flow: flow.name, position: position, slots: slots, leftOut: leftOut)
        return world.remembered(look) { find(slots) }
    }

    /// The same, worked out. `open` are slots that will have been asked for before.
    func looksIdle(
        _ slot: String, in flow: Flow, at position: Int, given slots: Slots, open: NameSet
    ) -> Bool {
        guard mayBeIdle(slot) else { return false }
        var comparisons: [Comparison] = []
        var ways = [Way(position: position + 1, slots: slots, open: open, tainted: [slot])]
        var budget = Self.stepBudget
        while var way = ways.popLast() {
            while way.position < flow.steps.count {
                budget -= 1
                guard budget > 0 else { return false }
                switch look(at: flow.steps[way.position], &way, slot, &comparisons, &ways) {
                case .differs: return false
                case .ends: way.position = flow.steps.count
                case .goesOn: break
                }
            }
        }
        return comparisons.allSatisfy { isAlike($0, about: slot) }
    }

    private enum Look { case goesOn, ends, differs }

    private func look(
        at step: Step, _ way: inout Way, _ slot: String, _ comparisons: inout [Comparison],
        _ ways: inout [Way]
    ) -> Look {
        switch step.action {
        case .collect(let name, let condition):
            way.position += 1
            if name == slot || way.slots.isFilled(name) || leftOut.contains(step.id) { return .goesOn }
            let verdict = condition.map { self.verdict($0, way, slot) } ?? .holds
            if verdict == .fails { return .goesOn }
            if verdict == .differs { way.tainted.insert(name) }
            way.open.insert(name)
        case .say(let response, let condition):
            way.position += 1
            let verdict = condition.map { self.verdict($0, way, slot) } ?? .holds
            if verdict == .fails { return .goesOn }
            if verdict == .differs { return .differs }
            guard let reach = program.outlook.reaches[response] else { return .differs }
            var (consulted, shown): (NameSet, NameSet) = ([], [])
            for part in reach.parts {
                let verdict = part.condition.map { self.verdict($0, way, slot) } ?? .holds
                if verdict == .fails { continue }
                shown.formUnion(part.shown)
                consulted.formUnion(part.consulted)
                if verdict != .holds { consulted.formUnion(part.condition?.slots ?? []) }
            }
            let showsIt = !shown.isDisjoint(with: way.tainted)
            // What is only named, and looked up by nothing, is no choice among lines.
            if showsIt, consulted.isDisjoint(with: way.tainted) { return .differs }
            if !consulted.isDisjoint(with: way.tainted) {
                comparisons.append(
                    Comparison(response: response, way: way, consulted: consulted, showsIt: showsIt))
            }
        case .set(let name, let value):
            way.position += 1
            way.slots[name] = SlotValue(value: value, text: value, raw: "", origin: .derived, turn: 0)
            way.open.remove(name)
            if name != slot { way.tainted.remove(name) }
        case .branch(let condition, let otherwise):
            switch verdict(condition, way, slot) {
            case .holds: way.position += 1
            case .fails: way.position = otherwise
            case .differs: return .differs
            case .unknown:
                var other = way
                other.position = otherwise
                ways.append(other)
                way.position += 1
            }
        case .jump(let target): way.position = target
        // The other flow begins with what it needs of its own; what it hears of this slot counts.
        case .link(let name):
            return way.tainted.isDisjoint(with: program.mentions(in: name)) ? .ends : .differs
        case .handOff: way.position += 1
        case .end: return .ends
        }
        return .goesOn
    }

    // MARK: Conditions

    private enum Verdict {
        case holds, fails
        /// It hangs on what will be asked later.
        case unknown
        /// It hangs on the slot in question.
        case differs

        init(_ holds: Bool) { self = holds ? .holds : .fails }
    }

    private func verdict(_ condition: Condition, _ way: Way, _ slot: String) -> Verdict {
        if let holds = decide(condition, way.slots, open: way.open.union(way.tainted)) {
            return Verdict(holds)
        }
        guard condition.mentions(way.tainted, sums: program.outlook.sumSlots) else { return .unknown }
        // What nobody would answer differently is decided all the same.
        guard way.tainted == [slot], let cases = cases(of: slot, in: way.slots) else { return .differs }
        guard let first = cases.first, let holds = decide(condition, first, open: way.open),
            cases.dropFirst().allSatisfy({ decide(condition, $0, open: way.open) == holds })
        else { return .differs }
        return Verdict(holds)
    }

    /// Whether it holds whatever the open slots come to be; nil when it hangs on them.
    func decide(_ condition: Condition, _ slots: Slots, open: NameSet) -> Bool? {
        condition.decided(in: slots, world: world, open: open, sums: program.outlook.sumSlots)
    }

    /// The slots with each value that this one may have, without one first; nil when it may have any.
    private func cases(of name: String, in slots: Slots) -> [Slots]? {
        guard let definition = program.slot(name), !definition.options.isEmpty else { return nil }
        var empty = slots
        empty[name] = nil
        return [empty]
            + program.options(of: definition, given: slots, world: world).map { option in
                var filled = slots
                filled[name] = SlotValue(
                    value: option.value, text: option.value, raw: "", origin: .said, turn: 0)
                return filled
            }
    }

    // MARK: Responses

    /// Whether a response is worded alike for all values of the slot, whatever is still open; or without any says all that it
    /// says with one, once what is open is known.
    private func isAlike(_ comparison: Comparison, about slot: String) -> Bool {
        let (way, consulted) = (comparison.way, comparison.consulted)
        var others = [way.slots]
        var count = program.slot(slot)?.options.count ?? 0
        let open = way.open.names.filter { consulted.contains($0) && !way.tainted.contains($0) }.sorted()
        for name in open {
            guard let options = program.slot(name)?.options, !options.isEmpty else { return false }
            count *= options.count + 1
            guard count <= Self.caseLimit else { return false }
            others = others.flatMap { self.cases(of: name, in: $0) ?? [] }
        }
        let cases = others.map { self.cases(of: way.tainted, consulted, in: $0) }
        if !comparison.showsIt,
            cases.allSatisfy({ $0.map { world.saysAlike(comparison.response, for: $0) } ?? false })
        {
            return true
        }
        return zip(others, cases).allSatisfy { slots, cases in
            !open.allSatisfy(slots.isFilled)
                || cases.map { world.saysAll(comparison.response, for: $0) } ?? false
        }
    }

    /// The slots with all values of those in question, without any first; nil when they may have any, or too many.
    private func cases(of tainted: NameSet, _ consulted: NameSet, in slots: Slots) -> [Slots]? {
        var cases = [slots]
        for name in tainted.names.sorted() {
            guard let definition = program.slot(name), !definition.options.isEmpty else {
                if consulted.contains(name) { return nil }
                continue
            }
            cases = cases.flatMap { self.cases(of: name, in: $0) ?? [] }
            guard cases.count <= Self.caseLimit else { return nil }
        }
        return cases
    }

    // MARK: How many

    /// How many questions the flow asks at most from a step on.
    package func mostQuestions(of flow: Flow, from start: Int, given slots: Slots) -> Int {
        remembered(.mostQuestions, flow, start, slots) { most(of: flow, from: start, given: $0) }
    }

    private func most(of flow: Flow, from start: Int, given slots: Slots) -> Int {
        var most = 0
        var ways = [(Way(position: start, slots: slots, tainted: []), 0)]
        var budget = Self.stepBudget
        while var (way, count) = ways.popLast() {
            while way.position < flow.steps.count, budget > 0 {
                budget -= 1
                let step = flow.steps[way.position]
                switch step.action {
                case .collect(let name, let condition):
                    way.position += 1
                    guard !way.slots.isFilled(name), !way.open.contains(name), !isInherited(name, way.slots),
                        !leftOut.contains(step.id),
                        condition.map({ decide($0, way.slots, open: way.open) ?? true }) ?? true,
                        !looksIdle(name, in: flow, at: way.position - 1, given: way.slots, open: way.open)
                    else { continue }
                    count += 1
                    way.open.insert(name)
                case .branch(let condition, let otherwise):
                    let holds = decide(condition, way.slots, open: way.open)
                    if holds == nil {
                        var other = way
                        other.position = otherwise
                        ways.append((other, count))
                    }
                    way.position = holds ?? true ? way.position + 1 : otherwise
                case .set(let name, let value):
                    way.position += 1
                    way.slots[name] = SlotValue(value: value, text: value, raw: "", origin: .derived, turn: 0)
                    way.open.remove(name)
                case .jump(let target): way.position = target
                case .say, .handOff: way.position += 1
                case .link, .end: way.position = flow.steps.count
                }
            }
            most = max(most, count)
        }
        return most
    }

    /// The slots without an answer to a question, and with each that the flow's conditions tell apart, one for all others.
    /// Without an answer the rules for a sum are all those that any answer leaves.
    func answers(to name: String, in flow: Flow, given slots: Slots) -> [Slots] {
        guard let all = cases(of: name, in: slots) else { return [slots] }
        let named = Set(flow.steps.flatMap { $0.condition?.values(of: name) ?? [] })
        var hasOther = false
        return all.filter { slots in
            guard let value = slots.value(of: name), !named.contains(value) else { return true }
            defer { hasOther = true }
            return !hasOther
        }
    }

    /// Whether a value may be taken over from another slot.
    func isInherited(_ name: String, _ slots: Slots) -> Bool {
        program.slot(name)?.inherits.contains(where: slots.isFilled) ?? false
    }
}

extension Condition {
    /// Whether it looks at one of these slots; a question about a sum looks at all that sums do.
    package func mentions(_ names: NameSet, sums: NameSet) -> Bool {
        if names.isEmpty { return false }
        switch self {
        case .all(let parts), .any(let parts): return parts.contains { $0.mentions(names, sums: sums) }
        case .not(let part): return part.mentions(names, sums: sums)
        case .equals(let slot, _), .isSet(let slot), .compares(let slot, _, _), .holds(.within(let slot, _)),
            .holds(.hasLocalFacts(_, let slot)), .holds(.hasRule(_, _, let slot, _)):
            return names.contains(slot)
        case .holds(.sameProvince(let first, let second)), .holds(.sameCity(let first, let second)):
            return names.contains(first) || names.contains(second)
        case .holds(.calculationNeeds(_, let slot)):
            return names.contains(slot) || !sums.isDisjoint(with: names)
        case .holds(.canCalculate): return !sums.isDisjoint(with: names)
        }
    }

    /// Whether it holds whatever the open slots come to be; nil when it hangs on them.
    func decided(in slots: Slots, world: some DialogueWorld, open: NameSet, sums: NameSet) -> Bool? {
        /// Of several: as soon as one is so, all is decided.
        func decided(_ parts: [Condition], by first: Bool) -> Bool? {
            var isOpen = false
            for part in parts {
                let result = part.decided(in: slots, world: world, open: open, sums: sums)
                if result == first { return first }
                isOpen = isOpen || result == nil
            }
            return isOpen ? nil : !first
        }
        switch self {
        case .all(let parts): return decided(parts, by: false)
        case .any(let parts): return decided(parts, by: true)
        case .not(let part):
            return part.decided(in: slots, world: world, open: open, sums: sums).map { !$0 }
        case .equals, .isSet, .compares, .holds:
            return mentions(open, sums: sums) ? nil : holds(in: slots, world: world)
        }
    }
}
