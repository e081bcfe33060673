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
    }

    private struct State {
        var position: Int
        var slots = Slots()
        /// Slots of which it is not told what they are.
        var open: Set<String> = []
        var answers: [Answer] = []
        var hasSpoken = false

        /// Two states of one key go on alike.
        var key: Key { Key(position: position, slots: slots, open: open, hasSpoken: hasSpoken) }
    }

    private struct Key: Hashable {
        var position: Int
        var slots: Slots
        var open: Set<String>
        var hasSpoken: Bool
    }

    /// What the ways through a flow came to.
    private struct Seen {
        /// By the index of a step: the ways on which its condition held, and on which it did not.
        var held: [Int: [Answer]] = [:]
        var failed: [Int: [Answer]] = [:]
        var reached: Set<Int> = []
        var silentEnd: (position: Int, answers: [Answer])?
        var isWhole = true
    }

    private let program: DialogueProgram

    package init(_ program: DialogueProgram) { self.program = program }

    package func findings() -> [Finding] { program.flows.flatMap { findings(in: $0) } + endlessLinks() }

    private func findings(in flow: Flow) -> [Finding] {
        let seen = explore(flow)
        guard seen.isWhole else { return [] }
        var findings: [Finding] = []
        func add(_ kind: Finding.Kind, _ position: Int, _ answers: [Answer]) {
            let step = flow.steps.indices.contains(position) ? flow.steps[position].id : ""
            findings.append(Finding(kind: kind, flow: flow.name, step: step, answers: answers))
        }
        if let end = seen.silentEnd { add(.deadEnd, end.position, end.answers) }
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

    // MARK: Walking

    /// Breadth first over what is answered, so that the first way to a place is a shortest one.
    private func explore(_ flow: Flow) -> Seen {
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
            states += walk(state, flow, &seen)
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
    private func walk(_ start: State, _ flow: Flow, _ seen: inout Seen) -> [State] {
        var state = start
        while state.position < flow.steps.count {
            let position = state.position
            seen.reached.insert(position)
            let step = flow.steps[position]
            let verdict = step.condition.map { decide($0, state) } ?? true
            if step.condition != nil { note(verdict, at: position, state, &seen) }
            state.position += 1
            switch step.action {
            case .collect(let slot, _):
                if verdict == false || state.slots[slot] != nil || state.open.contains(slot) { continue }
                return answers(to: slot, in: flow, from: state) + (verdict == nil ? [state] : [])
            case .say:
                // What may be said counts: whoever writes it for one case mostly writes another for the rest.
                if verdict != false { state.hasSpoken = true }
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
            case .handOff: state.hasSpoken = true
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
    }

    private func note(_ verdict: Bool?, at position: Int, _ state: State, _ seen: inout Seen) {
        if verdict != false, seen.held[position] == nil { seen.held[position] = state.answers }
        if verdict != true, seen.failed[position] == nil { seen.failed[position] = state.answers }
    }

    private func decide(_ condition: Condition, _ state: State) -> Bool? {
        // What hangs on the world may be either way; so may whatever looks at a slot that is open.
        condition.decided(in: state.slots, world: Anywhere(), open: state.open.union(["*"]), sums: ["*"])
    }

    /// The states after a question: one for each value that the flow tells apart, and one without when it may be left out.
    private func answers(to name: String, in flow: Flow, from state: State) -> [State] {
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
            for option in slot.options where told.contains(option.value) || !hasOther {
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

    /// Rounds of flows in which each leads to the next before it asks anything.
    private func endlessLinks() -> [Finding] {
        var links: [String: String] = [:]
        for flow in program.flows {
            steps: for step in flow.steps {
                switch step.action {
                case .collect: break steps
                case .link(let next):
                    links[flow.name] = next
                    break steps
                case .say, .set, .branch, .jump, .handOff, .end: break
                }
            }
        }
        return program.flows.filter { flow in
            var name: String? = links[flow.name]
            for _ in 0...links.count {
                if name == flow.name { return true }
                name = name.flatMap { links[$0] }
            }
            return false
        }.map { Finding(kind: .endlessLinks, flow: $0.name, step: "", answers: []) }
    }
}

/// A world of which nothing is known; conditions about it are not asked.
private struct Anywhere: DialogueWorld {
    func areInOneProvince(_ first: String, _ second: String) -> Bool { false }
    func isPlace(_ place: String, within container: String) -> Bool { false }
    func hasFacts(on topic: String, for place: String) -> Bool { false }
    func placeName(_ code: String) -> String { code }
    func placeLabel(_ code: String) -> String { code }
    func canAnswer(_ question: String, place: String?) -> Bool { false }
}

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
