package import Conversation

/// What tells of danger to life without a word for it: two things that are said together (摔, 动不了), or a reading that is too high
/// (血压200).
package struct AlarmSign: Sendable {
    /// Scalars of the words and of what stands between them and their figure at most (血压都到了200).
    private static let reach = 6

    let words: Phrases
    /// Words of which one must be said, too; nil where the sign needs none.
    let beside: Phrases?
    /// The reading from which on it is one.
    let threshold: Double?
    /// Words beside which it is none; nil for the calm words of all signs.
    let calm: Phrases?
    /// Whether somebody who does not want to live has done something already.
    let isActOfDespair: Bool

    package init(
        words: [String], beside: [String] = [], threshold: Int? = nil, calm: [String]? = nil,
        isActOfDespair: Bool = false
    ) {
        self.words = Phrases(words)
        self.beside = beside.isEmpty ? nil : Phrases(beside)
        self.threshold = threshold.map(Double.init)
        self.calm = calm.map(Phrases.init)
        self.isActOfDespair = isActOfDespair
    }

    fileprivate func isSeen(in scalars: [Unicode.Scalar], _ entities: [Entity]) -> Bool {
        if let beside, !beside.occur(in: scalars) { return false }
        guard words.occur(in: scalars) else { return false }
        guard let threshold else { return true }
        return entities.contains { entity in
            // The code of a place is no figure.
            guard entity.type != "place", let figure = Double(entity.value), figure >= threshold else {
                return false
            }
            let before = scalars[max(0, entity.range.lowerBound - Self.reach)..<entity.range.lowerBound]
            let end = entity.range.upperBound
            let behind = scalars[end..<min(scalars.count, end + Self.reach)]
            return words.occur(in: Array(before)) || words.occur(in: Array(behind))
        }
    }
}

extension DialogueProgram {
    /// Whether something is told as happening now that needs an ambulance, and nothing else is asked: not what it costs, nor what
    /// was, comes and goes, or is merely supposed.
    package func isAlarming(_ result: NLUResult) -> Bool { shows(result) { !$0.isActOfDespair } }

    /// Whether somebody who does not want to live has done something already.
    func isActOfDespair(_ result: NLUResult) -> Bool { shows(result, \.isActOfDespair) }

    private func shows(_ result: NLUResult, _ isMeant: (AlarmSign) -> Bool) -> Bool {
        let scalars = Array(result.text.unicodeScalars)
        let seen = words.alarms.filter { isMeant($0) && $0.isSeen(in: scalars, result.entities) }
        guard !seen.isEmpty, !words[.over].occur(in: scalars), !words[.supposition].occur(in: scalars) else {
            return false
        }
        return seen.contains { !($0.calm ?? words[.calm]).occur(in: scalars) }
    }
}

extension NLUResult {
    /// What sounds like an illness, an accident or nothing at all, and is an alarm.
    func withAlarm(_ program: DialogueProgram) -> NLUResult {
        guard intent != "emergency", program.isAlarming(self) else { return self }
        var result = self
        result.intent = "emergency"
        result.score = 1
        result.ranking.removeAll { $0.intent == "emergency" }
        result.ranking.insert(IntentScore(intent: "emergency", score: 1), at: 0)
        return result
    }
}
