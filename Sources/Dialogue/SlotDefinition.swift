package import Conversation

/// A value that the dialogue wants to know, and how it is asked for. Immutable.
package final class SlotDefinition: Sendable {
    package enum Kind: Equatable, Sendable {
        /// An administrative division.
        case place
        /// One of a few values.
        case choice([Option])
        /// Money, yuan.
        case amount
        /// A whole number: an age, a year, a count of months.
        case number
    }

    /// One value of a choice slot.
    package struct Option: Equatable, Sendable {
        /// The resolved value (临时).
        package var value: String
        /// The name used in choice identifiers (`stay_type=temporary`).
        package var key: String
        /// What the person reads.
        package var label: String
        /// A plain yes or no means this value when it is `true` or `false`.
        package var meansYes: Bool?
        /// Words in a fact's condition that tie it to this value (三级, 三甲).
        package var factWords: [String]
        /// Taken only in answer to the slot's own question: said elsewhere, the words mean something else
        /// (替孩子交居民医保 says nothing of the payer's insurance).
        package var isOnlyAnswer: Bool
        /// A slot as long as whose value stays this one holds: it outlives the task in which it was said, and is forgotten when
        /// that slot changes (who lives in Beijing for good lives nowhere else). Other values of the choice do not hang on it.
        package var lastsWith: String?
        /// What is told of it at once, while a task still asks or behind an answer that has no use for it.
        package var told: String?
        /// The flow that it begins, whatever else is under way or it sounds like, when it is said in protest (凭啥不给报).
        package var begins: String?
        /// What people are called of whom it holds (老公: the father's side).
        package var persons: [String]

        package init(
            value: String, key: String, label: String, meansYes: Bool? = nil, factWords: [String] = [],
            isOnlyAnswer: Bool = false, lastsWith: String? = nil, told: String? = nil, begins: String? = nil,
            persons: [String] = []
        ) {
            self.persons = persons
            self.factWords = factWords
            self.isOnlyAnswer = isOnlyAnswer
            self.lastsWith = lastsWith
            self.told = told
            self.begins = begins
            self.value = value
            self.key = key
            self.label = label
            self.meansYes = meansYes
        }
    }

    /// What happens when the ladder of attempts is used up.
    package enum Exhaustion: Equatable, Sendable {
        case take(value: String)
        /// Go on without it.
        case skip
        /// Set the flow aside.
        case park
        /// Tell whom to call.
        case person
    }

    package enum Lifetime: String, Sendable {
        /// Kept from task to task.
        case conversation
        /// Forgotten when another task begins.
        case task
        /// Forgotten once it was answered: with the next line, unless a task still asks.
        case answer
    }

    /// Between what a value must lie, and the responses that say so when it does not.
    package struct Limits: Equatable, Sendable {
        package var above: Int
        package var upTo: Int
        package var tooSmall: String
        package var tooLarge: String

        package init(above: Int, upTo: Int, tooSmall: String, tooLarge: String) {
            self.above = above
            self.upTo = upTo
            self.tooSmall = tooSmall
            self.tooLarge = tooLarge
        }
    }

    /// What a value cannot be beside the values of other slots, and the response that says so.
    package struct Refusal: Equatable, Sendable {
        package var condition: Condition
        package var response: String

        package init(condition: Condition, response: String) {
            self.condition = condition
            self.response = response
        }
    }

    /// A value that nobody has while a condition holds: it is not offered then, though it is taken when it is said.
    package struct Exclusion: Equatable, Sendable {
        package var value: String
        package var condition: Condition

        package init(value: String, condition: Condition) {
            self.value = value
            self.condition = condition
        }
    }

    package let name: String
    /// What it is called towards the person (参保地).
    package let label: String
    package let kind: Kind
    /// Type of the entities that fill it.
    package let entity: String
    /// Role that an entity must have, or have none, to fill it.
    package let role: String?
    /// Slots whose value may be taken instead of asking, first that is filled.
    package let inherits: [String]
    /// Those of them whose value is taken only where none of its own, nor of the others, is known: it may be somebody else's.
    package let fallsBack: [String]
    /// Slots that this one, or one of its values, hangs on: when they change it is forgotten.
    package let dependsOn: [String]
    package let lifetime: Lifetime
    /// Responses that ask for it, by attempt.
    package let asks: [String]
    /// Response that says why it is asked.
    package let why: String
    /// Response that says what the words of its question mean; nil when the wordings of the question do.
    package let meaning: String?
    package let exhaustion: Exhaustion
    /// What “不知道” and “跳过” mean here; nil when the question stays.
    package let unknown: Exhaustion?
    /// For amounts and numbers; nil when anything goes.
    package let limits: Limits?
    /// For numbers: what a plain no comes to (没有).
    package let none: String?
    /// Words that answer its question without giving a value that could be used (在外地).
    let vague: Phrases
    /// Words that people call it by (城市, 险种), besides its label.
    let names: Phrases
    /// Whether it may hold several values at once (我爸和孩子).
    package let takesSeveral: Bool
    /// Whether it may lie between two figures (两三万).
    package let takesRange: Bool
    /// Whether it says something of the person, and holds for nobody else.
    package let isPersonal: Bool
    /// Whether it names the person whom a task is for.
    package let namesPerson: Bool
    /// The flow about having two values of it at once, which nobody should (重复参保); nil when a second value takes the place of
    /// the first.
    package let twice: String?
    /// The slot with the other end of a journey that begins here: what is looked up by this place holds for such a journey.
    package let otherEnd: String?

    package init(
        name: String, label: String, kind: Kind, entity: String, role: String? = nil, inherits: [String] = [],
        fallsBack: [String] = [],
        dependsOn: [String] = [], lifetime: Lifetime = .conversation, asks: [String], why: String,
        meaning: String? = nil, exhaustion: Exhaustion, unknown: Exhaustion? = nil, limits: Limits? = nil,
        none: String? = nil, vague: [String] = [],
        names: [String] = [], takesSeveral: Bool = false, takesRange: Bool = false, isPersonal: Bool = false,
        namesPerson: Bool = false, twice: String? = nil, otherEnd: String? = nil
    ) {
        self.name = name
        self.label = label
        self.kind = kind
        self.entity = entity
        self.role = role
        self.inherits = inherits
        self.fallsBack = fallsBack
        hangsWholly = dependsOn
        self.lifetime = lifetime
        self.asks = asks
        self.why = why
        self.meaning = meaning
        self.exhaustion = exhaustion
        self.unknown = unknown
        self.limits = limits
        self.none = none
        self.vague = Phrases(vague)
        self.names = Phrases([label] + names)
        self.takesSeveral = takesSeveral
        self.takesRange = takesRange
        self.isPersonal = isPersonal
        self.namesPerson = namesPerson
        self.twice = twice
        self.otherEnd = otherEnd
        options = if case .choice(let options) = kind { options } else { [] }
        choices = options.map { Choice(id: "\(name)=\($0.key)", label: $0.label) }
        self.dependsOn = options.compactMap(\.lastsWith).reduce(into: dependsOn) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }

    /// Slots that it hangs on whatever its value.
    private let hangsWholly: [String]

    /// Whether a value of it is forgotten when another slot changes.
    func hangs(_ value: SlotValue, on slot: String) -> Bool {
        hangsWholly.contains(slot) || option(value.value)?.lastsWith == slot
    }

    /// Whether its value is of one task, and no longer.
    var isOfTask: Bool { lifetime != .conversation }

    /// Whether its value is one person's: it says something of them, is told by how they are called, or is where they are insured.
    package var isOfOnePerson: Bool {
        isPersonal || kind == .place && role != "destination" || options.contains { !$0.persons.isEmpty }
    }

    /// The values of a choice slot; none for others.
    package let options: [Option]
    /// What may be picked when it is asked for.
    package let choices: [Choice]

    /// The response that says why a value cannot be; nil when it can.
    package func objection(to value: SlotValue) -> String? {
        guard let limits else { return nil }
        let numbers = value.ends.compactMap(Double.init)
        if numbers.contains(where: { $0 <= Double(limits.above) }) { return limits.tooSmall }
        return numbers.contains { $0 > Double(limits.upTo) } ? limits.tooLarge : nil
    }

    /// The option of that value or key.
    package func option(_ name: String) -> Option? { optionIndex(name).map { options[$0] } }

    package func hasOption(_ name: String) -> Bool { optionIndex(name) != nil }

    private func optionIndex(_ name: String) -> Int? {
        for index in options.indices where options[index].value == name || options[index].key == name {
            return index
        }
        return nil
    }
}

extension SlotDefinition {
    /// Whether an entity may fill the slot by its type, role and value.
    func accepts(_ entity: Entity) -> Bool {
        guard entity.type == self.entity, !entity.isBetween || takesRange else { return false }
        if let role, let given = entity.role, role != given { return false }
        if entity.isAside || entity.type == "place" && entity.role == "former" && role != "former" {
            return false
        }
        if case .choice = kind { return hasOption(entity.value) }
        return true
    }

    /// Whether a value is taken only in answer to the slot's own question.
    func isOnlyAnswer(_ value: String) -> Bool { option(value)?.isOnlyAnswer ?? false }

    /// Whether what it holds may make way for the entity: where somebody goes is not where they are insured
    /// (大连…… 那到北京的药店能刷吗).
    func mayBecome(_ entity: Entity) -> Bool {
        !(kind == .place && role == nil && entity.role == "destination")
    }

    /// Whether yes and no are answers.
    var isYesOrNo: Bool { options.contains { $0.meansYes != nil } }
}

extension Entity {
    /// Whether a place is only spoken of, beside where the insurance is and where somebody goes.
    package var isAside: Bool { type == "place" && role == "aside" }
}
