import Conversation
import Dialogue
import Knowledge

/// A stay behind the first of the year: it may begin to be paid at another figure.
extension Wording {
    /// The slot that says which stay of the year it is.
    private static var slot: String { "stay_number" }

    /// Where the stay begins to be paid, by facts that name which of the year it is: one that holds, or else one that held.
    func laterStay(_ rule: CalculationRule) -> (fact: Fact, holds: Bool)? {
        guard rule.sum == .reimbursement, let place = slots["city"]?.value,
            let scenario = slots["scenario"]?.value,
            let value = slots[Self.slot]?.value,
            let definition = assistant.program.slot(Self.slot), value != definition.options.first?.value,
            let words = definition.option(value)?.factWords, !words.isEmpty
        else { return nil }
        var query = FactQuery(topics: [scenario], place: place, asOf: date)
        query.attributes = ["起付线"]
        query.insurance = slots["insurance"]?.value
        query.about = words
        let answer = knowledge.answer(query)
        if let fact = narrowed(answer.facts, by: ["hospital_level"]).first { return (fact, true) }
        return narrowed(answer.past, by: ["hospital_level"]).first.map { ($0, false) }
    }
}
