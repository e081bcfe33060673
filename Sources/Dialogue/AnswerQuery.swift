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
    /// Whether it is one only where the answer names the thing: nothing else says that it is asked of the answer.
    package var mustBeNamed = false
}

extension DialogueProgram {
    /// Scalars that a thing has at least, and at most, which no slot knows; what is longer is a question of its own.
    private static let nameLength = 2...8
    /// Scalars of its own that a question about a value has at most.
    private static let mostBesideValue = 1

    /// What an utterance asks of the answer given last, when it asks nothing but whether something will do.
    package func answerQuery(in result: NLUResult, _ tracker: Tracker) -> AnswerQuery? {
        guard tracker.frame == nil, !tracker.isHandedOff, let last = flow(named: tracker.state.lastFlow)
        else { return nil }
        // Most utterances hold none of these words, and are not taken apart for them.
        let scalars = Array(result.text.unicodeScalars)
        guard result.withoutMereSuspicion.intent.map(Policy.urgent.contains) != true, !isAlarming(result)
        else { return nil }
        guard let asking = words[.whether].firstRange(in: scalars) else { return queryOfThing(result) }
        let anatomy = Anatomy(result, self)
        let values = result.entities.filter { entityTypes.contains($0.type) }
        guard !values.contains(where: { $0.isNegated || slot(filledBy: $0)?.kind == .place || isTold($0) })
        else { return nil }
        let slots = last.slots.compactMap(slot)
        if values.contains(where: { value in slots.contains { $0.accepts(value) } }) {
            // “掏现金可以吗”: a verb beside the value changes nothing.
            let isAlone = anatomy.rest - anatomy.rest(in: asking) <= Self.mostBesideValue
            return isAlone ? queryOfValue(result, slots, tracker) : nil
        }
        // What the answer has no slot for (现金 behind a filing) is a thing like any other.
        let before = anatomy.words(before: asking)
        let named = before.isEmpty ? anatomy.words(behind: asking) : before
        let name = Self.text(stripped(Array(named.unicodeScalars)[...]))
        guard Self.nameLength.contains(name.unicodeScalars.count) else { return nil }
        return AnswerQuery(name: name, words: [[name]], slot: nil, value: nil)
    }

    /// The one thing that a question is about which begins no task (工伤算不算): what the answer names may be asked in any words.
    private func queryOfThing(_ result: NLUResult) -> AnswerQuery? {
        let asksForTask = result.intent.flatMap { flow(startedBy: $0) } != nil
        let isAct = result.intent.map(Policy.acts.contains) ?? false
        guard !asksForTask || result.score < Policy.sure, !isAct || result.score < Policy.sure,
            !words[.meaning].occur(in: Array(result.text.unicodeScalars))
        else { return nil }
        let asked = thingsAsked(in: result)
        let things = asked.isEmpty ? [thingTakenUp(in: result)].compactMap { $0 } : asked
        guard things.count == 1, Self.nameLength.contains(things[0].unicodeScalars.count) else { return nil }
        return AnswerQuery(name: things[0], words: [things], slot: nil, value: nil, mustBeNamed: true)
    }

    /// “单位呢”, “那个人呢”: the one thing that is taken up, with no value beside it.
    private func thingTakenUp(in result: NLUResult) -> String? {
        let scalars = Array(result.text.unicodeScalars).filter(Anatomy.isWord)
        guard scalars.last == "呢", !result.entities.contains(where: { entityTypes.contains($0.type) }) else {
            return nil
        }
        let thing = Self.text(stripped(scalars.dropLast()))
        return thing.isEmpty ? nil : thing
    }

    /// Whether there is something to tell of it by itself (过期了还能办不).
    private func isTold(_ entity: Entity) -> Bool {
        slots(filledBy: entity.type).contains { $0.option(entity.value)?.told != nil }
    }

    private func slot(filledBy entity: Entity) -> SlotDefinition? { slots(filledBy: entity.type).first }

    /// A choice of the flow to which facts are tied by words.
    private func queryOfValue(_ result: NLUResult, _ slots: [SlotDefinition], _ tracker: Tracker)
        -> AnswerQuery?
    {
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
    /// Whether an utterance is about nothing that is known for certain. What hardly sounds like illness is asked of a doctor.
    package static func isVague(_ result: NLUResult) -> Bool {
        guard let intent = result.intent, !vagueChats.contains(intent) else { return true }
        let certainty = chats.contains(intent) ? bareTask : sure
        return intent != "medical_advice" && !urgent.contains(intent) && result.score < certainty
    }
}
