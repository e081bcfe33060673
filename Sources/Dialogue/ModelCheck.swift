import Conversation

/// Walks all ways through the flows, with what a slot may be cut down to what the flow tells apart, and finds what no reading
/// of a single step shows. The shortest way to a finding comes with it.
package struct ModelCheck {
    /// States of one flow that are looked at; what lies beyond them is not judged.
    private static let stateLimit = 4000

    package struct Finding: Equatable, Sendable {
        package enum Kind: String, Sendable, CaseIterable {
            /// A way ends without anything said.
            case deadEnd
            /// A condition is true, or false, on every way that comes to it.
            case alwaysTrue, neverTrue
            /// No way comes to the step.
            case unreachable
            /// Flows lead into one another and nothing is asked on the way round.
            case endlessLinks
            /// Flows lead round in a circle, and the second time everything that they ask is known.
            case noWayOut
            /// A way ends with words, but with neither a fact nor that there is none, whatever the place.
            case valueWithoutFacts
            /// Of branches that turn on one choice and stand side by side, two are taken.
            case overlappingBranches
            /// None of them is.
            case incompleteBranches
        }

        package var kind: Kind
        package var flow: String
        package var step: String
        /// What is answered on the way there, in order.
        package var answers: [Answer]
    }

    package struct Answer: Hashable, Sendable {
        package var slot: String
        /// Nil when the question is left out.
        package var value: String?

        package init(slot: String, value: String?) {
            self.slot = slot
            self.value = value
        }
    }

    private struct State {
        var position: Int
        var slots = Slots()
        /// Slots of which it is not told what they are.
        var open: Set<String> = []
        var answers: [Answer] = []
        var hasSpoken = false
        /// Whether it told something that is known, or that it is not.
        var hasTold = false

        /// Two states of one key go on alike.
        var key: Key {
            Key(position: position, slots: slots, open: open, hasSpoken: hasSpoken, hasTold: hasTold)
        }
    }

    private struct Key: Hashable {
        var position: Int
        var slots: Slots
        var open: Set<String>
        var hasSpoken: Bool
        var hasTold: Bool
    }

    /// What the ways through a flow came to.
    private struct Seen {
        /// By the index of a step: the ways on which its condition held, and on which it did not.
        var held: [Int: [Answer]] = [:]
        var failed: [Int: [Answer]] = [:]
        var reached: Set<Int> = []
        var silentEnd: (position: Int, answers: [Answer])?
        /// Ways that told nothing, one for each last answer.
        var untold: [(position: Int, answers: [Answer])] = []
        /// By the first step of alternatives: a way on which two of them are taken, and one on which none is.
        var overlaps: [Int: [Answer]] = [:]
        var gaps: [Int: [Answer]] = [:]
        var isWhole = true
    }

    private let program: DialogueProgram
    /// Whether a response tells something that is known, or that it is not, to somebody with these slots wherever they are.
    private let tells: (String, Slots) -> Bool

    package init(_ program: DialogueProgram, tells: @escaping (String, Slots) -> Bool = { _, _ in true }) {
        self.program = program
        self.tells = tells
    }

    /// What the ways through one flow show.
    package func findings(in flow: Flow) -> [Finding] {
        let seen = explore(flow)
        var findings: [Finding] = []
        func add(_ kind: Finding.Kind, _ position: Int, _ answers: [Answer]) {
            let step = flow.steps.indices.contains(position) ? flow.steps[position].id : ""
            findings.append(Finding(kind: kind, flow: flow.name, step: step, answers: answers))
        }
        for end in explore(flow, tellingApart: consulted(in: flow)).untold {
            add(.valueWithoutFacts, end.position, end.answers)
        }
        guard seen.isWhole else { return findings }
        if let end = seen.silentEnd { add(.deadEnd, end.position, end.answers) }
        for (position, way) in seen.overlaps.sorted(by: { $0.key < $1.key }) {
            add(.overlappingBranches, position, way)
        }
        for (position, way) in seen.gaps.sorted(by: { $0.key < $1.key }) {
            add(.incompleteBranches, position, way)
        }
        for (index, step) in flow.steps.enumerated() {
            if !seen.reached.contains(index) {
                // A jump stands for nothing that was written, and one finding for a stretch is enough.
                if case .jump = step.action { continue }
                if index == 0 || seen.reached.contains(index - 1) { add(.unreachable, index, []) }
                continue
            }
            guard step.condition != nil else { continue }
            if seen.failed[index] == nil, let way = seen.held[index] { add(.alwaysTrue, index, way) }
            if seen.held[index] == nil, let way = seen.failed[index] { add(.neverTrue, index, way) }
        }
        return findings
    }

    /// Slots on whose value hangs what the flow's responses say.
    private func consulted(in flow: Flow) -> Set<String> {
        flow.steps.reduce(into: []) { slots, step in
            if case .say(let response, _) = step.action, let reach = program.outlook.reaches[response] {
                slots.formUnion(reach.slots)
            }
        }
    }

    // MARK: Walking

    /// Breadth first over what is answered, so that the first way to a place is a shortest one.
    /// `tellingApart`: choices of which every value counts, not only those that the flow names.
    private func explore(_ flow: Flow, tellingApart choices: Set<String> = []) -> Seen {
        var seen = Seen()
        var known: Set<Key> = []
        var states = [initial(of: flow), volunteered(in: flow)]
        var next = 0
        while next < states.count {
            guard states.count < Self.stateLimit else {
                seen.isWhole = false
                return seen
            }
            let state = states[next]
            next += 1
            guard known.insert(state.key).inserted else { continue }
            states += walk(state, flow, choices, &seen)
        }
        return seen
    }

    /// What people may have said before, or volunteer, is open.
    private func initial(of flow: Flow) -> State {
        var state = State(position: 0)
        state.open = Set(flow.slots.filter { flow.collectPosition(of: $0) == nil })
        for step in flow.steps {
            for name in step.condition?.slots ?? [] where flow.collectPosition(of: name) == nil {
                state.open.insert(name)
            }
        }
        return state
    }

    /// The same where what a condition looks at before it is asked for may have been said.
    private func volunteered(in flow: Flow) -> State {
        var state = initial(of: flow)
        for (index, step) in flow.steps.enumerated() {
            state.open.formUnion(
                (step.condition?.slots ?? []).filter { flow.collectPosition(of: $0) ?? 0 > index })
        }
        return state
    }

    /// Goes on to where the ways part, and gives the states there.
    private func walk(
        _ start: State, _ flow: Flow, _ choices: Set<String>, _ seen: inout Seen
    ) -> [State] {
        var state = start
        while state.position < flow.steps.count {
            let position = state.position
            seen.reached.insert(position)
            let step = flow.steps[position]
            let verdict = step.condition.map { decide($0, state) } ?? true
            if step.condition != nil { note(verdict, at: position, state, &seen) }
            compareAlternatives(flow, state, &seen)
            state.position += 1
            switch step.action {
            case .collect(let slot, _):
                if verdict == false || state.slots[slot] != nil || state.open.contains(slot) { continue }
                return answers(to: slot, in: flow, from: state, whole: choices.contains(slot))
                    + (verdict == nil ? [state] : [])
            case .say(let response, _):
                // What may be said counts: whoever writes it for one case mostly writes another for the rest.
                if verdict == false { continue }
                state.hasSpoken = true
                state.hasTold = state.hasTold || tells(response, state.slots)
            case .set(let slot, let value): state.slots[slot] = Self.filled(value)
            case .branch(_, let otherwise):
                if verdict == false { state.position = otherwise }
                if verdict == nil {
                    var other = state
                    other.position = otherwise
                    return [state, other]
                }
            case .jump(let target): state.position = target
            case .link: return []
            case .handOff: (state.hasSpoken, state.hasTold) = (true, true)
            case .end:
                end(state, at: position, &seen)
                return []
            }
        }
        end(state, at: flow.steps.count - 1, &seen)
        return []
    }

    private func end(_ state: State, at position: Int, _ seen: inout Seen) {
        if !state.hasSpoken, seen.silentEnd == nil { seen.silentEnd = (position, state.answers) }
        guard state.hasSpoken, !state.hasTold else { return }
        // Breadth first: the first way to a last answer is the shortest.
        if !seen.untold.contains(where: { $0.answers.last == state.answers.last }) {
            seen.untold.append((position, state.answers))
        }
    }

    // MARK: Alternatives

    /// Steps side by side that are done or not by what one choice is.
    private struct Alternative {
        var condition: Condition
        /// Whether the flow ends in it.
        var leaves: Bool
    }

    /// The alternatives that begin with a step, and the slot on which they turn; nil when there are not two. An `if` with
    /// an `else` is whole by itself.
    private func alternatives(in flow: Flow, at start: Int) -> (slot: String, list: [Alternative])? {
        var position = start
        var list: [Alternative] = []
        var slot: String?
        while position < flow.steps.count, let condition = flow.steps[position].condition,
            let turnsOn = condition.onlyChoice, slot == nil || slot == turnsOn
        {
            var leaves = false
            switch flow.steps[position].action {
            case .say: position += 1
            case .branch(_, let otherwise):
                switch flow.steps[otherwise - 1].action {
                case .jump: return nil
                case .end, .link: leaves = true
                case .collect, .say, .set, .branch, .handOff: break
                }
                position = otherwise
            case .collect, .set, .jump, .link, .handOff, .end: return nil
            }
            slot = turnsOn
            list.append(Alternative(condition: condition, leaves: leaves))
        }
        return slot.flatMap { list.count > 1 ? ($0, list) : nil }
    }

    /// Whether the step belongs to alternatives that began before it.
    private func isFurtherAlternative(_ flow: Flow, _ position: Int) -> Bool {
        guard let slot = flow.steps[position].condition?.onlyChoice else { return true }
        return flow.steps[..<position].indices.contains { start in
            flow.steps[start].condition?.onlyChoice == slot && ends(flow, start).contains(position)
        }
    }

    /// The positions at which the alternatives that begin with a step go on.
    private func ends(_ flow: Flow, _ start: Int) -> [Int] {
        switch flow.steps[start].action {
        case .say: [start + 1]
        case .branch(_, let otherwise): [otherwise]
        case .collect, .set, .jump, .link, .handOff, .end: []
        }
    }

    private func compareAlternatives(_ flow: Flow, _ state: State, _ seen: inout Seen) {
        let position = state.position
        guard !isFurtherAlternative(flow, position),
            seen.overlaps[position] == nil || seen.gaps[position] == nil,
            let (slot, list) = alternatives(in: flow, at: position), state.slots[slot] != nil
        else { return }
        var taken = 0
        for alternative in list where decide(alternative.condition, state) == true {
            taken += 1
            if alternative.leaves { break }
        }
        if taken > 1, seen.overlaps[position] == nil { seen.overlaps[position] = state.answers }
        // One that ends the flow is a guard for what follows, which is for the rest.
        if taken == 0, !list.contains(where: \.leaves), seen.gaps[position] == nil {
            seen.gaps[position] = state.answers
        }
    }

    private func note(_ verdict: Bool?, at position: Int, _ state: State, _ seen: inout Seen) {
        if verdict != false, seen.held[position] == nil { seen.held[position] = state.answers }
        if verdict != true, seen.failed[position] == nil { seen.failed[position] = state.answers }
    }

    private func decide(_ condition: Condition, _ state: State) -> Bool? {
        // What hangs on the world may be either way; so may whatever looks at a slot that is open.
        condition.decided(
            in: state.slots, world: Anywhere(), open: NameSet(state.open.union(["*"])), sums: ["*"])
    }

    /// The states after a question: one for each value that the flow tells apart, and one without when it may be left out.
    private func answers(
        to name: String, in flow: Flow, from state: State, whole: Bool
    ) -> [State] {
        guard let slot = program.slot(name) else { return [state] }
        var states: [State] = []
        func add(_ value: String?, isOpen: Bool = false) {
            var next = state
            if isOpen { next.open.insert(name) } else { next.slots[name] = value.map(Self.filled) }
            next.answers.append(Answer(slot: name, value: value))
            states.append(next)
        }
        if slot.options.isEmpty {
            // A place or a figure: which, the flow asks the world or compares.
            add("", isOpen: true)
        } else {
            let told = Set(flow.steps.flatMap { $0.condition?.values(of: name) ?? [] })
            var hasOther = false
            for option in slot.options where whole || told.contains(option.value) || !hasOther {
                if !told.contains(option.value) { hasOther = true }
                add(option.value)
            }
        }
        if slot.exhaustion == .skip || slot.unknown == .skip { add(nil) }
        return states
    }

    private static func filled(_ value: String) -> SlotValue {
        SlotValue(value: value, text: value, raw: "", origin: .said, turn: 0)
    }

    // MARK: Links

    /// Rounds of flows in which each leads to the next before it asks anything, or asks only what is known the second time.
    package func circles() -> [Finding] {
        var links: [String: (next: String, asked: [String])] = [:]
        for flow in program.flows {
            var asked: [String] = []
            steps: for step in flow.steps {
                switch step.action {
                case .collect(let slot, nil): asked.append(slot)
                // What may be asked may be not: the way round may be left there.
                case .collect, .end, .branch: break steps
                case .link(let next):
                    links[flow.name] = (next, asked)
                    break steps
                case .say, .set, .jump, .handOff: break
                }
            }
        }
        return program.flows.compactMap { flow in
            guard let asked = round(from: flow.name, links) else { return nil }
            // What belongs to one task is asked again in the next; what lasts is not.
            let lasting = asked.filter { program.slot($0)?.lifetime == .conversation }
            guard lasting.count == asked.count else { return nil }
            return Finding(
                kind: asked.isEmpty ? .endlessLinks : .noWayOut, flow: flow.name, step: "",
                answers: asked.map { Answer(slot: $0, value: program.slot($0)?.options.first?.value ?? "") })
        }
    }

    /// What is asked on the way round back to a flow; nil when there is no way round.
    private func round(from start: String, _ links: [String: (next: String, asked: [String])]) -> [String]? {
        var asked: [String] = []
        var name = start
        for _ in 0...links.count {
            guard let link = links[name] else { return nil }
            asked += link.asked.filter { !asked.contains($0) }
            name = link.next
            if name == start { return asked }
        }
        return nil
    }
}

/// Conditions about it are not asked.
private struct Anywhere: EmptyWorld {}

extension Step {
    /// What decides whether it is done, or which way it goes.
    package var condition: Condition? {
        switch action {
        case .collect(_, let condition), .say(_, let condition): condition
        case .branch(let condition, _): condition
        case .set, .jump, .link, .handOff, .end: nil
        }
    }
}

extension Condition {
    /// The choice on which alone it turns; nil when it looks at anything else.
    fileprivate var onlyChoice: String? {
        switch self {
        case .equals(let slot, _): slot
        case .not(let part): part.onlyChoice
        case .all, .any, .isSet, .compares, .holds: nil
        }
    }

    /// Values with which a slot is compared.
    func values(of slot: String) -> [String] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap { $0.values(of: slot) }
        case .not(let part): part.values(of: slot)
        case .equals(slot, let values): values
        case .equals, .isSet, .compares, .holds: []
        }
    }
}
