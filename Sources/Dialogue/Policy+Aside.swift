import Conversation

/// What is said to the talk itself: of what is on display two things or none, whether what was said is still known, and that
/// nothing is the matter.
extension Policy {
    func aside(_ reading: Reading) -> [Command]? {
        if let commands = severalPicked(reading) ?? nonePicked(reading) { return commands }
        // “第一个” without a list that it could be of begins nothing that it resembles.
        if reading.assignments.isEmpty, ListPick.isOrdinal(reading.text) { return [.cannotHandle] }
        let scalars = reading.anatomy.scalars
        let begins = reading.intent.flatMap(program.flow(startedBy:)) != nil
        // “我的备案还在吗” asks for a task, “我交的啥医保你没忘吧” hardly.
        if !begins || reading.result.score < Policy.certain, program.words[.recall].occur(in: scalars),
            program.words[.own].occur(in: scalars)
        {
            return [.tellKnown]
        }
        if !begins || !reading.isTaskLikely, program.words[.recommending].occur(in: scalars) {
            return [.chat(pattern: "recommending")]
        }
        if reading.anatomy.isExplained(with: program.words[.easing]), reading.assignments.isEmpty,
            reading.askedSlot.map({ !$0.isYesOrNo }) ?? true
        {
            return [.chat(pattern: "easing")]
        }
        if reading.assignments.isEmpty, reading.tracker.frame == nil, reading.tracker.state.lastFlow != nil,
            reading.anatomy.isAllOf(program.words[.more])
        {
            return [readingOn(reading) ?? .chat(pattern: "nothing_more")]
        }
        if reading.anatomy.isExplained(with: program.words[.writing]), reading.assignments.isEmpty {
            return [.chat(pattern: "writing")]
        }
        return nil
    }

    /// Scalars of an utterance that picks at most (第一个和第三个都给我说说).
    private static let mostPicking = 16

    /// “1和2”, “都要”: of what is on display several are wanted, one after the other.
    private func severalPicked(_ reading: Reading) -> [Command]? {
        guard let question = reading.tracker.state.question, reading.anatomy.total <= Self.mostPicking else {
            return nil
        }
        let offered = program.choices(
            answering: question, given: reading.tracker.slots, world: reading.world)
        var picked = ListPick.several(in: reading.text, among: offered)
        if picked.isEmpty, offered.count > 1, reading.anatomy.isAllOf(program.words[.all]) {
            picked = offered
        }
        guard picked.count > 1 else { return nil }
        let parts = picked.map { $0.id.split(separator: "=", maxSplits: 1).map(String.init) }
        guard parts.allSatisfy({ $0.count == 2 }) else { return nil }
        if case .slot(let name, let candidates) = question.kind {
            guard candidates.isEmpty, program.slot(name)?.takesSeveral ?? false else { return nil }
            let values = picked.flatMap {
                commands(forChoice: $0, tracker: reading.tracker, world: reading.world)
            }.compactMap { command -> SlotValue? in
                if case .fill(let assignments) = command { assignments.first?.value } else { nil }
            }
            guard let first = values.first else { return nil }
            let joined = values.dropFirst().reduce(first) { SlotValue($0, and: $1) }
            return [.fill([.init(slot: name, value: joined)])]
        }
        // What is read is told at once, and the tasks behind it have their turn.
        let read = parts.filter { $0[0] == "read" }.map { Command.lookUp(question: $0[1]) }
        let items = parts.filter { $0[0] == "flow" && program.flow($0[1]) != nil }.map {
            TodoItem(flow: $0[1], values: [], who: nil)
        }
        guard read.count + items.count == parts.count else { return nil }
        return read + (items.isEmpty ? [] : [.list(items)])
    }

    /// “以上都不是”: nothing on display is what is wanted, so that is asked for.
    private func nonePicked(_ reading: Reading) -> [Command]? {
        switch reading.tracker.state.question?.kind {
        case .flow, .followUp:
            return reading.anatomy.isAllOf(program.words[.neither]) ? [.chat(pattern: "neither")] : nil
        case .slot, .pick, nil: return nil
        }
    }
}
