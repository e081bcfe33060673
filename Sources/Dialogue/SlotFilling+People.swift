import Conversation

/// People who are counted by being named.
extension SlotFilling {
    /// “我和两个孩子一共多少”, “我跟老公带一个娃”: who is named right before those who are counted is one of them.
    func adultsNamed() -> Command.Assignment? {
        guard let adults = slots.first(where: { $0.kind == .number && $0.role == "adult" }),
            !assignments.contains(where: { $0.slot == adults.name }),
            let counted = result.entities.first(where: { entity in
                entity.role != nil && entity.role != adults.role
                    && assignments.contains { assignment in
                        program.slot(assignment.slot).map { $0.entity == adults.entity && $0.accepts(entity) }
                            ?? false
                    }
            })
        else { return nil }
        let named = whose.mentions.filter { $0.range.upperBound <= counted.range.lowerBound }
        guard let first = named.first(where: { $0.person.name == nil }) ?? named.first,
            isJoined(first.range.upperBound..<counted.range.lowerBound, named.map(\.range))
        else { return nil }
        let people = named.filter { $0.range.lowerBound >= first.range.lowerBound }.map(\.person.name)
        let count = String(Set(people).count)
        return .init(
            slot: adults.name,
            value: SlotValue(value: count, text: count, raw: "", origin: .said, turn: tracker.turn + 1))
    }

    /// Whether nothing stands there but people, what joins them and pauses.
    private func isJoined(_ range: Range<Int>, _ people: [Range<Int>]) -> Bool {
        let scalars = anatomy.scalars
        var index = range.lowerBound
        while index < range.upperBound {
            if let person = people.first(where: { $0.contains(index) }) {
                index = person.upperBound
            } else if let length = program.words[.joining].length(at: index, in: scalars)
                ?? program.words[.addition].length(at: index, in: scalars)
            {
                index += length
            } else if DialogueProgram.isPause(scalars[index]) {
                index += 1
            } else {
                return false
            }
        }
        return !range.isEmpty
    }
}
