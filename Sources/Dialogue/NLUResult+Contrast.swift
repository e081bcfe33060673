import Conversation

/// “不是断了仨月，是五个月”: what is said not to be so rules out the value in it, though words stand between.
extension NLUResult {
    /// Scalars between the word that rules out and the value at most (断了).
    private static let mostBetween = 4

    func withContrasts(_ program: DialogueProgram) -> NLUResult {
        guard entities.count > 1, program.words[.exclusion].occur(in: Array(text.unicodeScalars)) else {
            return self
        }
        let scalars = Array(text.unicodeScalars)
        var result = self
        for (index, old) in entities.enumerated() where !old.isNegated {
            guard
                let next = entities[(index + 1)...].first(where: {
                    $0.type == old.type && $0.range.lowerBound >= old.range.upperBound
                }), next.value != old.value, next.range.upperBound <= scalars.count,
                Self.saysInstead(scalars[old.range.upperBound..<next.range.lowerBound]),
                Self.isRuledOut(old, in: scalars, program)
            else { continue }
            result.entities[index].isNegated = true
        }
        return result
    }

    /// Whether a pause and 是 lead from the one to the other.
    private static func saysInstead(_ gap: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let pause = gap.firstIndex(where: { !Anatomy.isWord($0) }) else { return false }
        return gap[pause...].contains("是")
    }

    /// Whether the clause of a value rules something out a few words before it.
    private static func isRuledOut(
        _ value: Entity, in scalars: [Unicode.Scalar], _ program: DialogueProgram
    ) -> Bool {
        let start = value.range.lowerBound
        return (max(0, start - mostBetween - 3)..<start).contains { place in
            guard let length = program.words[.exclusion].length(at: place, in: scalars), length > 1,
                place + length <= start, start - place - length <= mostBetween
            else { return false }
            return scalars[place..<start].allSatisfy(Anatomy.isWord)
        }
    }
}

/// “另一个孩子推的”: somebody of another family is nobody of whom anything is asked.
extension NLUResult {
    func withoutStrangers(_ program: DialogueProgram) -> NLUResult {
        let scalars = Array(text.unicodeScalars)
        guard let type = program.personEntity, program.words[.stranger].occur(in: scalars) else {
            return self
        }
        let strangers = entities.filter {
            $0.type == type
                && (program.words[.stranger].end(at: $0.range.lowerBound, in: scalars)
                    || program.words[.stranger].length(at: $0.range.upperBound, in: scalars) != nil)
        }
        guard !strangers.isEmpty else { return self }
        var result = self
        result.entities.removeAll { entity in strangers.contains { $0.range.overlaps(entity.range) } }
        return result
    }
}
