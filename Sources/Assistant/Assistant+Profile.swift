package import Conversation
import Dialogue
import Knowledge
import Understanding

extension Assistant {
    /// What a client tells of the person when the conversation begins; slots that are not declared are passed over.
    package func profileEvents(_ profile: [(name: String, value: String)]) -> [Event] {
        profile.compactMap { name, value in
            guard let slot = program.slot(name) else { return nil }
            let text: String
            let resolved: String
            switch slot.kind {
            case .place:
                let named = understanding.understand(value, expecting: Expectation(types: ["place"])).entities
                guard let place = named.first(where: { $0.type == "place" && $0.alternatives.isEmpty }) else {
                    return nil
                }
                resolved = place.value
                text = knowledge.name(of: resolved)
            case .choice:
                guard let option = slot.option(value) else { return nil }
                resolved = option.value
                text = option.value
            case .amount, .number:
                resolved = value
                text = value
            }
            return .slotSet(
                name: name,
                value: SlotValue(value: resolved, text: text, raw: value, origin: .profile, turn: 0))
        }
    }
}
