import Conversation

/// What of an utterance is not taken as it was understood.
extension NLUResult {
    /// A bare yes or no inside of a longer value of another kind says neither (没有 of 没有智能手机).
    func withoutPartsOfValues(_ program: DialogueProgram) -> NLUResult {
        func isPart(_ entity: Entity) -> Bool {
            guard program.isMereYesOrNo(entity) else { return false }
            return entities.contains { other in
                other.type != entity.type && other.range.count > entity.range.count
                    && other.range.lowerBound <= entity.range.lowerBound
                    && other.range.upperBound >= entity.range.upperBound
                    && program.entityTypes.contains(other.type)
            }
        }
        guard entities.contains(where: isPart) else { return self }
        var result = self
        result.entities.removeAll(where: isPart)
        return result
    }

    /// Words that take back what was said before rule out nothing that follows (有转诊单，啊不没有).
    func withoutFalseNegations(_ retractions: Phrases) -> NLUResult {
        guard entities.contains(where: \.isNegated) else { return self }
        var result = self
        let scalars = Array(text.unicodeScalars)
        for index in entities.indices where entities[index].isNegated {
            let start = entities[index].range.lowerBound
            if retractions.end(at: start, in: scalars) { result.entities[index].isNegated = false }
        }
        return result
    }

    /// Nobody is suspected on a guess: where something else is about as likely as fraud, it was the other.
    var withoutMereSuspicion: NLUResult {
        guard intent == Policy.fraud, ranking.count > 1, ranking[0].intent == Policy.fraud,
            ranking[0].score < Policy.sure, ranking[0].score - ranking[1].score < Policy.closeMargin
        else { return self }
        var result = self
        result.ranking.removeFirst()
        result.intent = ranking[1].intent
        result.score = ranking[1].score
        return result
    }
}
