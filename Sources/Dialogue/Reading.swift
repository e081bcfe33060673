import Conversation

/// One utterance seen from the state of the conversation: what of it answers, fills or asks what.
struct Reading {
    let result: NLUResult
    let tracker: Tracker
    let program: DialogueProgram
    let world: any DialogueWorld
    /// Slots that the utterance fills, at most once each.
    private(set) var assignments: [Command.Assignment] = []
    /// A place that may be several divisions, with the slot that it would fill.
    private(set) var ambiguous: (slot: String, candidates: [String])?
    /// Share of the utterance that the values which slots may take cover, 0…1.
    let coverage: Double

    init(_ result: NLUResult, tracker: Tracker, program: DialogueProgram, world: any DialogueWorld) {
        self.result = result
        self.tracker = tracker
        self.program = program
        self.world = world
        coverage = Reading.coverage(of: result, program.entityTypes)
        assign()
    }

    var text: String { result.text }
    var intent: String? { result.intent }
    var turn: Int { tracker.turn + 1 }

    var isBlank: Bool {
        !result.text.unicodeScalars.contains(where: Reading.isWord)
    }

    /// The slot that is asked for at the moment.
    var askedSlot: SlotDefinition? {
        guard case .slot(let name, _)? = tracker.state.question?.kind else { return nil }
        return program.slot(name)
    }

    /// What of the assignments answers the open question.
    var answers: [Command.Assignment] {
        guard let asked = askedSlot else { return [] }
        return assignments.filter { $0.slot == asked.name }
    }

    /// Whether the better part of the utterance answers the open question.
    var isAnswer: Bool { !answers.isEmpty && coverage >= Policy.answerCoverage }

    /// Whether the utterance is a value and nothing more (居民, 济南的).
    var isBareValue: Bool { coverage >= Policy.bareCoverage && (!assignments.isEmpty || ambiguous != nil) }

    var isTaskLikely: Bool { result.score >= Policy.sure }

    /// Whether the utterance, though it names a fitting value, asks for another task.
    var isNewRequest: Bool {
        guard let intent, let flow = program.flow(startedBy: intent), flow.name != tracker.frame?.flow else {
            return false
        }
        return coverage < Policy.answerCoverage && isTaskLikely && (answers.isEmpty || asksSomething)
    }

    /// Whether it holds a word that asks.
    private var asksSomething: Bool {
        let scalars = Array(text.unicodeScalars)
        return program.questionWords.contains { word in
            guard let first = word.first, word.count <= scalars.count else { return false }
            return (0...(scalars.count - word.count)).contains { start in
                scalars[start] == first && scalars[start..<start + word.count].elementsEqual(word)
            }
        }
    }

    /// Two tasks that are too close to choose between.
    var closePair: [String]? {
        guard result.ranking.count > 1, result.ranking[0].score < Policy.sure else { return nil }
        let flows = result.ranking.prefix(2).compactMap { program.flow(startedBy: $0.intent)?.name }
        guard flows.count == 2, flows[0] != flows[1],
            result.ranking[0].score - result.ranking[1].score < Policy.closeMargin
        else { return nil }
        return flows
    }

    /// A bare name or a grunt is no question; asking the knowledge base for it would answer what nobody asked.
    var isQuestionLike: Bool { text.unicodeScalars.count >= 5 }

    /// The place the person speaks of.
    var place: String? {
        result.entities.first { $0.type == "place" && !$0.isNegated && $0.alternatives.isEmpty }?.value
            ?? tracker.slots["city"]?.value ?? tracker.slots["home_city"]?.value
    }

    /// Letters, characters and digits; the common ones without a look at Unicode's tables.
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case ..<0x80, 0x3000...0x303F, 0xFF00...0xFF0F: false
        default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }

    private static func coverage(of result: NLUResult, _ types: Set<String>) -> Double {
        let total = result.text.unicodeScalars.reduce(0) { Reading.isWord($1) ? $0 + 1 : $0 }
        guard total > 0 else { return 0 }
        // Entities stand in the order of the text and may overlap; each character counts once.
        var covered = 0
        var end = 0
        for entity in result.entities where types.contains(entity.type) {
            covered += max(0, entity.range.upperBound - max(end, entity.range.lowerBound))
            end = max(end, entity.range.upperBound)
        }
        return min(1, Double(covered) / Double(total))
    }

    // MARK: Which slot an entity fills

    /// The flow whose slots are meant: the one that the utterance starts, else the one under way, else the last one.
    private var targetFlow: Flow? {
        if let intent, let flow = program.flow(startedBy: intent), isTaskLikely || tracker.frame == nil {
            return flow
        }
        if let frame = tracker.frame { return program.flow(frame.flow) }
        return tracker.state.lastFlow.flatMap { program.flow($0) }
    }

    private mutating func assign() {
        let excluded = result.entities.filter(\.isNegated)
        for entity in result.entities where !entity.isNegated {
            guard let slot = slot(for: entity, excluded: excluded) else {
                replaceEarlier(by: entity)
                continue
            }
            if entity.alternatives.count > 1 {
                if ambiguous == nil { ambiguous = (slot.name, entity.alternatives) }
                continue
            }
            guard let value = value(of: entity, for: slot) else { continue }
            assignments.append(.init(slot: slot.name, value: value))
        }
    }

    /// Of two values for one choice the one said last counts (在天津旅游…住进急诊抢救了).
    private mutating func replaceEarlier(by entity: Entity) {
        guard
            let index = assignments.lastIndex(where: {
                program.slot($0.slot).map { accepts(entity, $0) } ?? false
            }),
            let slot = program.slot(assignments[index].slot), !slot.options.isEmpty,
            let value = value(of: entity, for: slot)
        else { return }
        assignments[index].value = value
    }

    private func accepts(_ entity: Entity, _ slot: SlotDefinition) -> Bool {
        slot.accepts(entity) && plays(entity, slot)
            && (slot.name == askedSlot?.name || !(slot.option(entity.value)?.isOnlyAnswer ?? false))
    }

    /// A slot for amounts of one kind (what was paid already, a wage) takes others only when it is asked for.
    private func plays(_ entity: Entity, _ slot: SlotDefinition) -> Bool {
        guard let role = slot.role, slot.kind == .amount || slot.kind == .number else { return true }
        return entity.role == role || slot.name == askedSlot?.name
    }

    private func slot(for entity: Entity, excluded: [Entity]) -> SlotDefinition? {
        func isTaken(_ name: String) -> Bool {
            ambiguous?.slot == name || assignments.contains { $0.slot == name }
        }
        let fitting = (targetFlow?.slots ?? []).compactMap { program.slot($0) }.filter {
            accepts(entity, $0) && !isTaken($0.name)
        }
        // The slot whose present value the person rules out in the same breath (不是济南是聊城).
        if let corrected = fitting.first(where: { slot in
            excluded.contains { $0.type == entity.type && $0.value == tracker.slots[slot.name]?.value }
        }) {
            return corrected
        }
        if entity.role == nil || fitting.allSatisfy({ $0.role == nil }),
            let asked = askedSlot, asked.accepts(entity), !isTaken(asked.name)
        {
            return asked
        }
        if let role = entity.role, let exact = fitting.first(where: { $0.role == role }) { return exact }
        if let empty = fitting.first(where: { tracker.slots[$0.name] == nil && $0.role != "destination" }) {
            return empty
        }
        if let empty = fitting.first(where: { tracker.slots[$0.name] == nil }) { return empty }
        if let latest = fitting.max(by: {
            (tracker.slots[$0.name]?.turn ?? 0) < (tracker.slots[$1.name]?.turn ?? 0)
        }) {
            return latest
        }
        // Volunteered ahead of any task that asks for it.
        return program.slots.first {
            accepts(entity, $0) && !isTaken($0.name) && $0.lifetime == .conversation && $0.role == nil
        }
    }

    private func value(of entity: Entity, for slot: SlotDefinition) -> SlotValue? {
        var value = entity.value
        var text = entity.value
        switch slot.kind {
        case .place: text = world.placeName(entity.value)
        case .choice:
            guard let option = slot.option(entity.value) else { return nil }
            value = option.value
            text = option.value
        // “一万出头” stays to be seen: what is worked out with it is only near.
        case .amount, .number: if entity.certainty == .approximate { text = entity.text }
        }
        return SlotValue(value: value, text: text, raw: entity.text, origin: .said, turn: turn)
    }
}

extension SlotDefinition {
    /// Whether an entity may fill the slot by its type, role and value.
    func accepts(_ entity: Entity) -> Bool {
        guard entity.type == self.entity else { return false }
        if let role, let given = entity.role, role != given { return false }
        if case .choice = kind { return option(entity.value) != nil }
        return true
    }
}

/// Picking from a list by its number or by its words.
enum ListPick {
    /// The choice that the text picks: “2”, “第二个”, “选2”, or the label itself. Nil when it does neither.
    static func choice(in text: String, among choices: [Choice]) -> Choice? {
        if choices.isEmpty { return nil }
        let plain = text.unicodeScalars.filter(counts)
        if let number = number(Array(plain.prefix(numberLength))), choices.indices.contains(number - 1),
            plain.count <= numberLength
        {
            return choices[number - 1]
        }
        guard plain.count >= 2 else { return nil }
        return choices.first { $0.label.unicodeScalars.lazy.filter(counts).elementsEqual(plain) }
    }

    /// Scalars that a number with its words has at most (我选第二个吧).
    private static var numberLength: Int { 8 }

    /// Whether a scalar is more than space and punctuation, which nobody types; the common ones without a look at
    /// Unicode's tables.
    private static func counts(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return true
        default: break
        }
        switch scalar.properties.generalCategory {
        case .otherPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation: return false
        default: return !scalar.properties.isWhitespace
        }
    }

    private static func number(_ scalars: [Unicode.Scalar]) -> Int? {
        var rest = scalars[...]
        for prefix in ["我选", "选", "要", "第"] where rest.starts(with: prefix.unicodeScalars) {
            rest = rest.dropFirst(prefix.unicodeScalars.count)
        }
        for suffix in ["个", "项", "条", "种", "吧", "号"]
        where rest.count > 1 && rest.last == suffix.unicodeScalars.first {
            rest = rest.dropLast()
        }
        guard rest.count == 1, let digit = rest.first else { return nil }
        if let index = Array("一二三四五六七八九".unicodeScalars).firstIndex(of: digit) { return index + 1 }
        guard !(0x3400...0x9FFF).contains(digit.value), let value = digit.properties.numericValue,
            value >= 1, value <= 9
        else { return nil }
        return Int(value)
    }
}
