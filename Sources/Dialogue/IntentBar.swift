import Conversation

/// What it takes for an intent that ends in a canned reply (再见, 看病用药我不能替医生说) to be heard.
///
/// Such an intent has no neighbours that say the same of another thing, so that a classifier hears it in whatever it does not know
/// (等得了 as leave taken, 聋人 as a curse). It needs a word of its own, or else to be very likely.
package struct IntentBar: Sendable {
    /// Words of its own; without any, only likelihood counts.
    let words: Phrases
    /// Probability from which it is heard without one of them.
    let withoutWords: Double
    /// Probability that it needs where nothing is asked in a word of its own.
    let withoutQuestion: Double

    package init(words: [String] = [], withoutWords: Double = 0, withoutQuestion: Double = 0) {
        self.words = Phrases(words)
        self.withoutWords = withoutWords
        self.withoutQuestion = withoutQuestion
    }

    /// Whether an utterance may be it. A word inside of a longer value (人工 of 人工耳蜗) is a part of that, and what is nothing but values
    /// is not it.
    fileprivate func admits(_ result: NLUResult, _ score: Double, _ program: DialogueProgram) -> Bool {
        if score >= 1 { return true }
        let scalars = Array(result.text.unicodeScalars)
        let values = result.entities.filter { program.entityTypes.contains($0.type) }.map(\.range)
        var isPartOfValue = false
        for start in scalars.indices {
            guard let length = words.length(at: start, in: scalars) else { continue }
            let word = start..<start + length
            let isPart = values.contains { $0.count > length && $0.clamped(to: word) == word }
            guard isPart else { return true }
            isPartOfValue = true
        }
        return score >= withoutWords && !(isPartOfValue && Anatomy(result, program).isFragment)
    }
}

extension NLUResult {
    /// What ends in a canned reply makes way for what it is taken for next, where that is likely, or else for nothing.
    func withoutUnfounded(_ program: DialogueProgram) -> NLUResult {
        guard let first = ranking.first, first.intent == intent, let bar = program.bars[first.intent],
            !bar.admits(self, first.score, program)
        else { return self }
        var result = self
        result.ranking.removeAll { candidate in
            program.bars[candidate.intent].map { !$0.admits(self, candidate.score, program) } ?? false
        }
        let next = result.ranking.first.flatMap { $0.score >= Policy.digression ? $0 : nil }
        result.intent = next?.intent
        result.score = result.ranking.first?.score ?? 0
        return result
    }
}
