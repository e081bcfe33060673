package import Conversation

/// What belongs to the task that was just answered: behind an answer it is the first to be asked, with all that was said for it.
extension DialogueProgram {
    /// Whether an utterance right behind an answer asks for the same task in so many words, and brings nothing that was not said.
    package func asksOfLastAgain(_ result: NLUResult, _ tracker: Tracker) -> Bool {
        guard tracker.isRightBehindAnswer, let last = flow(named: tracker.state.lastFlow),
            result.score >= Policy.sure, result.intent.map(last.intents.contains) ?? false
        else { return false }
        return isAllKnown(result, to: last, tracker)
    }

    /// Whether every value of an utterance that a flow has a slot for is what this holds already, and nobody else is named.
    func isAllKnown(_ result: NLUResult, to flow: Flow, _ tracker: Tracker) -> Bool {
        let slots = flow.slots.compactMap(slot)
        let person = personEntity
        return result.entities.allSatisfy { entity in
            let taking = slots.filter { $0.accepts(entity) }
            if taking.isEmpty { return entity.type != person }
            if entity.isNegated || !entity.alternatives.isEmpty { return false }
            return taking.contains { tracker.slots[$0.name]?.value == entity.value }
        }
    }

    /// Whether what is told, and asks nothing, only says another value of slots that were filled for the answer (不是剖，是顺产双胞胎):
    /// each fits it, and one takes the place of what it held.
    func correctsLast(_ values: [Entity], _ last: Flow, _ tracker: Tracker) -> Bool {
        let slots = last.slots.compactMap(slot)
        func takes(_ value: Entity) -> [SlotDefinition] {
            slots.filter { $0.accepts(value) && $0.mayBecome(value) }
        }
        // Of what one span may mean, one thing is enough.
        let taken = values.filter { !takes($0).isEmpty }
        guard !taken.isEmpty,
            values.allSatisfy({ value in taken.contains { $0.range.overlaps(value.range) } })
        else { return false }
        return taken.contains { value in
            takes(value).contains { slot in tracker.slots[slot.name].map { $0.value != value.value } ?? false
            }
        }
    }
}

extension Tracker {
    /// Whether the turn before this one ended with an answer, and nothing is under way.
    var isRightBehindAnswer: Bool { frame == nil && state.lastFlow != nil && state.idleTurn == turn }
}
