package import Conversation

/// What somebody wants to hear of the answer that was just given, when they ask whether one thing of it will do (用微信行不,
/// 信用卡能用吗).
package struct AnswerQuery: Hashable, Sendable {
    /// The thing in the person's own words.
    package let name: String
    /// Words of which a line must hold one to speak of it, the closest first; those of a later group count only where no line
    /// holds one of an earlier.
    package let words: [[String]]
    /// The slot of which it is a value; asking about it fills nothing.
    package let slot: String?
    package let value: SlotValue?
}

extension DialogueProgram {
    /// Scalars that a thing has at least, and at most, which no slot knows; what is longer is a question of its own.
    private static let nameLength = 2...8

    /// What an utterance asks of the answer given last, when it asks nothing but whether something will do.
    package func answerQuery(in result: NLUResult, _ tracker: Tracker) -> AnswerQuery? {
        guard tracker.frame == nil, !tracker.isHandedOff, let last = flow(named: tracker.state.lastFlow),
            result.intent.map(Policy.urgent.contains) != true
        else { return nil }
        // Most utterances hold none of these words, and are not taken apart for them.
        let scalars = Array(result.text.unicodeScalars)
        guard let asking = words[.whether].firstRange(in: scalars) else { return nil }
        let anatomy = Anatomy(result, self)
        if anatomy.covered > 0 {
            return anatomy.isExplained(with: words[.whether]) ? queryOfValue(result, last, tracker) : nil
        }
        let before = anatomy.words(before: asking)
        let name = before.isEmpty ? anatomy.words(behind: asking) : before
        guard Self.nameLength.contains(name.unicodeScalars.count) else { return nil }
        return AnswerQuery(name: name, words: [[name]], slot: nil, value: nil)
    }

    /// A choice of the flow to which facts are tied by words.
    private func queryOfValue(_ result: NLUResult, _ flow: Flow, _ tracker: Tracker) -> AnswerQuery? {
        let slots = flow.slots.compactMap(slot)
        for entity in result.entities where !entity.isNegated && entityTypes.contains(entity.type) {
            for slot in slots where slot.accepts(entity) {
                guard let option = slot.option(entity.value), !option.factWords.isEmpty else { continue }
                let said = Array(entity.text.unicodeScalars)
                let named = option.factWords.filter { Phrases([$0]).occur(in: said) }
                return AnswerQuery(
                    name: named.first ?? entity.text,
                    words: [named.isEmpty ? [entity.text] : named, option.factWords], slot: slot.name,
                    value: SlotValue(
                        value: option.value, text: option.value, raw: entity.text, origin: .said,
                        turn: tracker.turn + 1))
            }
        }
        return nil
    }

    /// Words of a question that are neither values nor small words, as far as they may name something; who tells something waits
    /// for no word of their own (工资 of 工资八千).
    package func ownWords(of result: NLUResult) -> [String] {
        let anatomy = Anatomy(result, self)
        guard words[.question].occur(in: anatomy.scalars) || anatomy.asksByForm(words[.ending]) else {
            return []
        }
        return anatomy.ownWords.filter { $0.unicodeScalars.count >= Self.nameLength.lowerBound }
    }
}

extension Policy {
    /// Whether an utterance is about nothing that is known for certain.
    package static func isVague(_ result: NLUResult) -> Bool {
        result.intent.map { vagueChats.contains($0) || !chats.contains($0) && result.score < sure } ?? true
    }
}
