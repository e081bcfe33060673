import Conversation

/// Which task is meant by an utterance that is nothing but values (济南职工住院三甲), or by values that were said before any.
///
/// Each value speaks for the tasks that take it, the more the fewer do, and against those that do not; what the classifier
/// makes of the words weighs as likely as it says. No task and no value is named here.
struct TaskEvidence {
    /// A value as far as slots are concerned.
    struct Value: Hashable {
        var type: String
        var value: String
        var role: String?
    }

    /// What a task may be at least, by the words alone.
    private static let leastLikely = 0.01
    /// By so much a value that a task has no use for makes it less likely.
    private static let uselessValue = 0.25
    /// A value that more tasks take says next to nothing of which is meant, and brings none of them into question.
    private static let commonValue = 64
    /// Values that are weighed at most: nobody has more to say of one thing.
    private static let mostValues = 16
    /// Tasks so much less likely than the first are not asked for.
    private static let closeEnough = 0.125
    /// Tasks that are asked apart at most.
    private static let mostAsked = 5
    /// From so likely on a task needs no question.
    private static let clear = 0.6

    /// Tasks by likelihood, the first the likeliest; never empty unless there is no flow.
    let ranking: [(flow: Flow, probability: Double)]

    /// `values`: one group for each span of the text, with everything that it may mean.
    init(_ values: [[Value]], intents: [IntentScore], _ program: DialogueProgram) {
        let scores = Self.candidates(values, intents, program).map { index in
            let flow = program.flows[index]
            let words = flow.intents.compactMap { name in intents.first { $0.intent == name }?.score }.max()
            return (flow, max(words ?? 0, Self.leastLikely) * Self.fit(of: flow, to: values, program))
        }
        let sum = scores.reduce(0) { $0 + $1.1 }
        let order = Dictionary(
            program.menu.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        func place(_ flow: Flow) -> Int { order[flow.name] ?? program.menu.count }
        ranking = scores.enumerated().sorted { left, right in
            if left.element.1 != right.element.1 { return left.element.1 > right.element.1 }
            let places = (place(left.element.0), place(right.element.0))
            return places.0 != places.1 ? places.0 < places.1 : left.offset < right.offset
        }.map { ($0.element.0, $0.element.1 / sum) }
    }

    /// The task that is meant beyond reasonable doubt.
    var clear: Flow? { ranking.first.flatMap { $0.probability >= Self.clear ? $0.flow : nil } }

    /// As many tasks as are asked apart at most, the likeliest first.
    var likeliest: [String] { ranking.prefix(Self.mostAsked).map(\.flow.name) }

    /// The tasks that may be meant, the likeliest first.
    var closest: [String] {
        let least = (ranking.first?.probability ?? 0) * Self.closeEnough
        return ranking.prefix(Self.mostAsked).filter { $0.probability >= least }.map(\.flow.name)
    }

    /// Flows that the words or one of the values suggest, by index; those of the menu when nothing suggests any.
    private static func candidates(
        _ values: [[Value]], _ intents: [IntentScore], _ program: DialogueProgram
    ) -> [Int] {
        var indices: Set<Int> = Set(
            intents.compactMap { $0.score >= leastLikely ? program.flowIndex(startedBy: $0.intent) : nil })
        for value in values.joined() {
            let takers = program.takers(of: value)
            if takers.count <= commonValue { indices.formUnion(takers) }
        }
        return indices.isEmpty ? program.menu.compactMap { program.flowIndex($0) } : indices.sorted()
    }

    /// How much better the values fit the flow than any: each fills one slot.
    private static func fit(of flow: Flow, to values: [[Value]], _ program: DialogueProgram) -> Double {
        var free = flow.slots
        return values.reduce(1) { fit, group in
            var best = uselessValue
            var taken: Int?
            for value in group {
                guard let index = free.firstIndex(where: { program.takes($0, value) }) else { continue }
                let weight = Double(program.flows.count) / Double(max(program.takers(of: value).count, 1))
                if weight > best { (best, taken) = (weight, index) }
            }
            if let taken { free.remove(at: taken) }
            return fit * best
        }
    }

    /// The values of an utterance, those of one span together. What is said again says no more.
    static func values(in result: NLUResult, _ program: DialogueProgram) -> [[Value]] {
        let entities = result.entities.enumerated().filter {
            !$1.isNegated && program.entityTypes.contains($1.type)
        }.sorted { ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset) }
        var groups: [[Value]] = []
        var end = 0
        for (_, entity) in entities {
            let value = Value(type: entity.type, value: entity.value, role: entity.role)
            if entity.range.lowerBound < end {
                groups[groups.count - 1].append(value)
            } else if groups.count < mostValues {
                groups.append([value])
            } else {
                break
            }
            end = max(end, entity.range.upperBound)
        }
        var known: Set<[Value]> = []
        return groups.filter { known.insert($0).inserted }
    }

    /// What slots hold. In which of several a place was put before anybody asked for it says nothing.
    static func values(in slots: [Slots.Entry], _ program: DialogueProgram) -> [[Value]] {
        slots.compactMap { slot in
            program.slot(slot.name).map {
                [Value(type: $0.entity, value: slot.value.value, role: $0.isFigure ? $0.role : nil)]
            }
        }
    }
}

/// Which flows take which values; made when the dialogs are loaded, so that nobody has to go through all flows.
struct ValueTakers: Sendable {
    private struct Key: Hashable {
        var type: String
        /// The value of a choice.
        var value = ""
        var role: String?
    }

    private var flows: [Key: [Int]] = [:]
    /// Roles whose values go to slots of that role alone.
    private var marked: Set<Key> = []

    init(_ flows: [Flow], _ slot: (String) -> SlotDefinition?) {
        let slots = flows.map { $0.slots.compactMap(slot) }
        findMarkedRoles(slots)
        var values: Set<Key> = []
        for slot in Set(flows.flatMap(\.slots)).compactMap(slot) {
            let options = slot.options.flatMap { [$0.value, $0.key] }
            values.formUnion(options.map { Key(type: slot.entity, value: $0) })
            if !options.isEmpty { continue }
            values.formUnion([slot.role, nil].map { Key(type: slot.entity, role: $0) })
        }
        let byType = Dictionary(grouping: values, by: \.type)
        for (index, slots) in slots.enumerated() {
            for type in Set(slots.map(\.entity)) {
                for key in byType[type] ?? [] {
                    let value = TaskEvidence.Value(type: type, value: key.value, role: key.role)
                    guard slots.contains(where: { takes($0, value) }) else { continue }
                    self.flows[key, default: []].append(index)
                }
            }
        }
    }

    /// A role that no flow asks for alone tells a second thing from a first (where to, beside where from). What amounts and
    /// numbers are for is always told apart.
    private mutating func findMarkedRoles(_ slots: [[SlotDefinition]]) {
        var alone: Set<Key> = []
        for slots in slots {
            for slot in slots {
                guard let role = slot.role else { continue }
                let key = Key(type: slot.entity, role: role)
                marked.insert(key)
                if slot.isFigure { continue }
                if !slots.contains(where: { $0.entity == slot.entity && $0.role != role }) {
                    alone.insert(key)
                }
            }
        }
        marked.subtract(alone)
    }

    /// Flows, by index, that take the value.
    func takers(of value: TaskEvidence.Value) -> [Int] {
        flows[Key(type: value.type, value: value.value)] ?? flows[Key(type: value.type, role: value.role)]
            ?? flows[Key(type: value.type)] ?? []
    }

    /// Whether a slot takes the value where nothing is asked.
    func takes(_ slot: SlotDefinition, _ value: TaskEvidence.Value) -> Bool {
        guard slot.entity == value.type else { return false }
        if !slot.options.isEmpty { return slot.option(value.value).map { !$0.isOnlyAnswer } ?? false }
        if slot.role == value.role { return true }
        guard let role = value.role else { return !slot.isFigure }
        // What nobody asks for in that role is taken as if it had none.
        return slot.role == nil && !marked.contains(Key(type: value.type, role: role))
    }
}

extension SlotDefinition {
    /// Whether it holds an amount or a number.
    var isFigure: Bool { kind == .amount || kind == .number }
}
