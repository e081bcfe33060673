import Conversation

/// What of an utterance is a value and yet fills nothing: it is taken back, asked about, weighed against another, or merely thought of.
extension SlotFilling {
    /// Types of which two values are put as an alternative (长期还是临时): none of them is said.
    var typesWeighed: Set<String> {
        let alternative = program.words[.alternative]
        guard alternative.occur(in: anatomy.scalars) else { return [] }
        return Set(result.entities.map(\.type)).filter { type in
            anatomy.weighs(result.entities.filter { $0.type == type }, with: alternative)
        }
    }

    /// “别弄北京，弄天津”: in a correction the value that a slot has makes way for the other of its kind.
    func isReplaced(_ entity: Entity) -> Bool {
        guard intent == "correct", !entity.isNegated, entity.alternatives.isEmpty else { return false }
        let present = slots.first { slot in
            tracker.slots[slot.name]?.value == entity.value && slot.accepts(entity)
        }
        guard let present else { return false }
        return result.entities.contains {
            !$0.isNegated && $0.value != entity.value && present.accepts($0)
        }
    }

    /// “不对是济南，不不还是青岛”: a value right behind which it is taken back, with another of its kind to follow.
    func isTakenBack(at index: Int) -> Bool {
        let entity = result.entities[index]
        let next = result.entities[(index + 1)...].first {
            $0.type == entity.type && $0.range.lowerBound >= entity.range.upperBound
        }
        guard let next, !next.isNegated, next.value != entity.value,
            next.role == nil || entity.role == nil || next.role == entity.role
        else { return false }
        let between = anatomy.scalars[entity.range.upperBound..<next.range.lowerBound]
        return program.words[.retraction].occur(in: Array(between))
    }

    /// A place that was only guessed by its sound, in an utterance that is plainly something else (你是…).
    func isMisheard(_ entity: Entity) -> Bool {
        entity.certainty == .fuzzy && isTaskLikely && Policy.unmistakable.contains(intent ?? "")
    }

    /// “用我自己的卡给他们交钱”: who writes gives, and others are spoken of who get it.
    func isGiver(_ entity: Entity) -> Bool {
        guard entity.range.upperBound <= anatomy.scalars.count,
            program.words[.oneself].occur(in: Array(entity.value.unicodeScalars))
        else { return false }
        return program.words[.pronoun].occur(in: Array(anatomy.scalars[entity.range.upperBound...]))
    }

    /// “够25年吗，我交了三十一年”: a figure that is asked about makes way for one of the same part that is told.
    func isAskedAbout(_ entity: Entity) -> Bool {
        guard slots.contains(where: { $0.isFigure && $0.accepts(entity) }) else { return false }
        let others = result.entities.filter {
            $0.type == entity.type && !$0.isNegated && $0.value != entity.value && $0.role == entity.role
        }
        return !others.isEmpty && asks(in: clause(around: entity))
            && others.contains { !asks(in: clause(around: $0)) }
    }

    /// “居民医保好还是职工好”: of two values of one kind that are weighed against each other neither is so.
    func isCompared(_ entity: Entity) -> Bool {
        program.slots(filledBy: entity.type).contains(where: \.isPersonal)
            && program.words[.comparing].occur(in: anatomy.scalars)
            && result.entities.contains {
                $0.type == entity.type && $0.value != entity.value && !$0.isNegated
                    && whose.owners(of: $0).map(\.person) == whose.owners(of: entity).map(\.person)
            }
    }

    /// “能不能交居民的”: whether it may become so is asked, and it is not so.
    func isWondered(_ entity: Entity, _ slot: SlotDefinition) -> Bool {
        guard slot.isPersonal, !slot.options.isEmpty, slot.name != askedSlot?.name else { return false }
        let scalars = anatomy.scalars
        let clause = clause(around: entity)
        guard program.words[.becoming].end(at: entity.range.lowerBound, in: scalars) else { return false }
        let before = Array(scalars[clause.startIndex..<entity.range.lowerBound])
        return program.words[.wondering].occur(in: before)
            && (program.words[.question].occur(in: Array(clause))
                || program.words[.question].occur(in: scalars)
                || anatomy.asksByForm(program.words[.ending]))
    }

    /// “灵活就业一个月多少钱”: a unit for which it is asked how much is no stretch of time.
    func isPerUnit(_ entity: Entity) -> Bool {
        guard ["1", "12"].contains(entity.value),
            slots.contains(where: { $0.kind == .number && $0.accepts(entity) })
        else { return false }
        return program.words[.price].length(at: entity.range.upperBound, in: anatomy.scalars) != nil
    }

    private func asks(in clause: ArraySlice<Unicode.Scalar>) -> Bool {
        program.words[.question].occur(in: Array(clause))
    }

    private func clause(around entity: Entity) -> ArraySlice<Unicode.Scalar> {
        let scalars = anatomy.scalars
        func ends(_ index: Int) -> Bool {
            DialogueProgram.isPause(scalars[index]) || DialogueProgram.endsSentence(scalars[index])
        }
        var (start, end) = (entity.range.lowerBound, min(entity.range.upperBound, scalars.count))
        while start > 0, !ends(start - 1) { start -= 1 }
        while end < scalars.count, !ends(end) { end += 1 }
        return scalars[start..<end]
    }
}
