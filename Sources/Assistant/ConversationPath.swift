import Conversation

/// The way that a conversation has gone since it began: what was given for it, what the person did and on which days. Two
/// conversations on one path have the same tracker but for the times of day, and the same next step takes them to the
/// same place, so that what comes of it need be worked out only once. A name among those of one `TurnMemory`.
package struct ConversationPath: Hashable, Sendable {
    let number: Int

    /// A way that is not known, or that no other conversation may be on.
    package static let unknown = ConversationPath(number: 0)

    /// Nothing has happened yet.
    static let beginning = ConversationPath(number: 1)
}

/// A step from one path to the next.
struct PathStep: Hashable {
    var from: ConversationPath
    var act: Act
    var date: CivilDate?

    enum Act: Hashable {
        case given(slot: ExactText, value: ExactText)
        case opening
        case text(ExactText)
        case choice(turn: Int, id: ExactText)
        case person(owner: ExactText, text: ExactText)
        case handBack(ExactText)

        init(_ input: Utterance.Input) {
            switch input {
            case .opening: self = .opening
            case .text(let text): self = .text(ExactText(text))
            case .choice(let turn, let id): self = .choice(turn: turn, id: ExactText(id))
            case .person(let owner, let text):
                self = .person(owner: ExactText(owner), text: ExactText(text))
            case .handBack(let text): self = .handBack(ExactText(text))
            }
        }

        /// UTF-8.
        var length: Int {
            switch self {
            case .given(let slot, let value): slot.text.utf8.count + value.text.utf8.count
            case .opening: 0
            case .text(let text), .choice(_, let text), .handBack(let text): text.text.utf8.count
            case .person(let owner, let text): owner.text.utf8.count + text.text.utf8.count
            }
        }
    }
}
