import Conversation

/// What a branch asks of the slots and of the world.
package indirect enum Condition: Equatable, Sendable {
    case all([Condition])
    case any([Condition])
    case not(Condition)
    /// The slot has one of these values, or holds it among several.
    case equals(slot: String, values: [String])
    case isSet(slot: String)
    case compares(slot: String, Comparison, Int)
    /// A question to the world, answered from the knowledge base.
    case holds(Predicate)

    package enum Comparison: String, Sendable { case less = "<", atMost = "<=", more = ">", atLeast = ">=" }

    package enum Predicate: Equatable, Sendable {
        /// Both slots name places of one province.
        case sameProvince(String, String)
        /// Both slots name one city, or a city and a part of it.
        case sameCity(String, String)
        /// The slot's place is that division or lies in it.
        case within(slot: String, place: String)
        /// The knowledge base has facts on the topic for the slot's place itself, not only for a wider one.
        case hasLocalFacts(topic: String, slot: String)
        /// The knowledge base has a fact with the topic and the attribute for the slot's place, or for what it belongs to: one for
        /// those people, or without them for everybody.
        case hasRule(topic: String, attribute: String, slot: String, people: String?)
        /// What is known so far leaves it open which rule of `Data/calculations` holds until the slot is filled.
        case calculationNeeds(sum: String, slot: String)
        /// There is a rule to work the sum out; with `byReference`, only one of a source that names no place.
        case canCalculate(sum: String, byReference: Bool)
    }

    /// Whether it holds. A comparison with an empty slot is false, and so is a question about one.
    package func holds(in slots: Slots, world: some DialogueWorld) -> Bool {
        switch self {
        case .all(let parts): parts.allSatisfy { $0.holds(in: slots, world: world) }
        case .any(let parts): parts.contains { $0.holds(in: slots, world: world) }
        case .not(let part): !part.holds(in: slots, world: world)
        case .isSet(let slot): slots.isFilled(slot)
        case .equals(let slot, let values):
            slots.value(of: slot).map { value in
                values.contains { SlotValue.does(value, equalOrHold: $0) }
            } ?? false
        case .compares(let slot, let comparison, let bound):
            // What lies between two figures fills a slot only where both compare alike.
            slots[slot].flatMap { $0.ends.first }.map { comparison.holds(figure: $0, bound) } ?? false
        case .holds(let predicate): predicate.holds(in: slots, world: world)
        }
    }

    /// Names of the slots it looks at, in order of mention.
    package var slots: [String] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.slots)
        case .not(let part): part.slots
        case .equals(let slot, _), .isSet(let slot), .compares(let slot, _, _): [slot]
        case .holds(.sameProvince(let first, let second)), .holds(.sameCity(let first, let second)):
            [first, second]
        case .holds(.within(let slot, _)), .holds(.hasLocalFacts(_, let slot)),
            .holds(.hasRule(_, _, let slot, _)), .holds(.calculationNeeds(_, let slot)):
            [slot]
        case .holds(.canCalculate): []
        }
    }

    /// What it compares with a number.
    package var comparisons: [Bound] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.comparisons)
        case .not(let part): part.comparisons
        case .compares(let slot, let comparison, let number): [Bound(slot, comparison, number)]
        case .equals, .isSet, .holds: []
        }
    }

    /// A comparison of a slot with a number.
    package struct Bound: Equatable, Sendable {
        package var slot: String
        var comparison: Comparison
        var number: Int

        init(_ slot: String, _ comparison: Comparison, _ number: Int) {
            self.slot = slot
            self.comparison = comparison
            self.number = number
        }

        /// Whether a value lies on both sides of it (三四个月, where three months are the limit).
        func splits(_ value: SlotValue) -> Bool {
            let ends = value.ends
            return ends.count == 2
                && comparison.holds(figure: ends[0], number) != comparison.holds(figure: ends[1], number)
        }
    }

    /// Names of the sums that it asks about.
    package var sums: [String] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.sums)
        case .not(let part): part.sums
        case .holds(.calculationNeeds(let sum, _)), .holds(.canCalculate(let sum, _)): [sum]
        case .equals, .isSet, .compares, .holds: []
        }
    }
}

extension Condition.Comparison {
    /// Whether a decimal number compares so, what is behind its point left away.
    func holds(figure: String, _ bound: Int) -> Bool {
        Int(figure.prefix { $0 != "." }).map { holds($0, bound) } ?? false
    }

    func holds(_ left: Int, _ right: Int) -> Bool {
        switch self {
        case .less: left < right
        case .atMost: left <= right
        case .more: left > right
        case .atLeast: left >= right
        }
    }
}

extension Condition.Predicate {
    func holds(in slots: Slots, world: some DialogueWorld) -> Bool {
        switch self {
        case .sameProvince(let first, let second):
            guard let first = slots.value(of: first), let second = slots.value(of: second) else {
                return false
            }
            return world.areInOneProvince(first, second)
        case .sameCity(let first, let second):
            guard let first = slots.value(of: first), let second = slots.value(of: second) else {
                return false
            }
            return world.isPlace(first, within: second) && world.isCity(second)
                || world.isPlace(second, within: first) && world.isCity(first)
        case .within(let slot, let place):
            return slots.value(of: slot).map { world.isPlace($0, within: place) } ?? false
        case .hasLocalFacts(let topic, let slot):
            return slots.value(of: slot).map { world.hasFacts(on: topic, for: $0) } ?? false
        case .hasRule(let topic, let attribute, let slot, let people):
            return slots.value(of: slot).map {
                world.hasRule(on: topic, attribute: attribute, for: $0, people: people)
            } ?? false
        case .calculationNeeds(let sum, let slot):
            return world.calculation(sum, needs: slot, given: slots)
        case .canCalculate(let sum, let byReference):
            return world.canCalculate(sum, byReference: byReference, given: slots)
        }
    }
}

/// What the dialogue may ask about the world: pure look-ups in the knowledge base.
package protocol DialogueWorld {
    func areInOneProvince(_ first: String, _ second: String) -> Bool
    func isPlace(_ place: String, within container: String) -> Bool
    /// Whether a division is a city or a part of one, not a province with several.
    func isCity(_ place: String) -> Bool
    func hasFacts(on topic: String, for place: String) -> Bool
    /// Whether there is a fact for the place or what it belongs to, for these people or, without any, for everybody.
    func hasRule(on topic: String, attribute: String, for place: String, people: String?) -> Bool
    /// The full name of a division.
    func placeName(_ code: String) -> String
    /// The name by which a division is told from others of the same name (辽宁省朝阳市).
    func placeLabel(_ code: String) -> String
    /// Whether the knowledge base holds something that answers the question.
    func canAnswer(_ question: String, place: String?) -> Bool
    /// Whether the knowledge base holds what a word means that the question asks for.
    func defines(_ question: String, place: String?) -> Bool
    /// Whether facts for the place, or for what it belongs to, name all of some things.
    func speaks(of things: [String], place: String?) -> Bool
    /// Whether a source is about the very question, so that it cannot be out of scope.
    func isAskedBySource(_ question: String, place: String?) -> Bool
    /// Whether the question asks about something that is in doubt, in the words of the knowledge base for it.
    func isDoubtAsked(about question: String, place: String?) -> Bool
    /// What else there is to read on the question that a task began with, by identifiers that begin with
    /// `FurtherReading.prefix`.
    func furtherReading(on question: String, place: String?) -> [String]
    /// What the person sees of such an identifier; nil when it is of no use any more.
    func readingLabel(_ identifier: String) -> String?
    /// What follows it, when it does not say everything at once.
    func reading(after identifier: String) -> String?
    /// Whether the rules for a sum turn on the slot, as far as the filled slots tell them apart.
    func calculation(_ sum: String, needs slot: String, given slots: Slots) -> Bool
    /// Whether there is a rule by which the sum can be worked out; `byReference` asks for one that names no place.
    func canCalculate(_ sum: String, byReference: Bool, given slots: Slots) -> Bool
    /// Whether a response says the same for all of these slots.
    func saysAlike(_ response: String, for cases: [Slots]) -> Bool
    /// Whether what a response says for the first of some slots holds all that it says for the others, in few lines more.
    func saysAll(_ response: String, for cases: [Slots]) -> Bool
    /// What `find` finds, or what it found lately for the same look.
    func remembered(_ look: ForwardLook, _ find: () -> Int) -> Int
}

/// A look ahead in a flow whose result hangs on nothing else but the day.
package struct ForwardLook: Hashable, Sendable {
    package enum Kind: Hashable, Sendable { case firstQuestion, mostQuestions, idle }

    var kind: Kind
    var flow: String
    var position: Int
    /// Only what the flow has to do with, and nothing of how it was said, or what is alike is taken for new.
    var slots: Slots
    /// Questions of the flow that were put and stay unanswered.
    var leftOut: [String]
}

extension DialogueWorld {
    package func isAskedBySource(_ question: String, place: String?) -> Bool { false }
    package func speaks(of things: [String], place: String?) -> Bool { false }
    package func isCity(_ place: String) -> Bool { true }
    package func hasRule(on topic: String, attribute: String, for place: String, people: String?) -> Bool {
        false
    }
    package func defines(_ question: String, place: String?) -> Bool { false }
    package func isDoubtAsked(about question: String, place: String?) -> Bool { false }
    package func calculation(_ sum: String, needs slot: String, given slots: Slots) -> Bool { false }
    package func canCalculate(_ sum: String, byReference: Bool, given slots: Slots) -> Bool { false }
    package func saysAlike(_ response: String, for cases: [Slots]) -> Bool { false }
    package func saysAll(_ response: String, for cases: [Slots]) -> Bool { false }
    package func remembered(_ look: ForwardLook, _ find: () -> Int) -> Int { find() }
    package func furtherReading(on question: String, place: String?) -> [String] { [] }
    package func readingLabel(_ identifier: String) -> String? { nil }
    package func reading(after identifier: String) -> String? { nil }
}

/// Something to read besides the answer, offered among the tasks that may follow: `read:SOURCE@PLACE@POSITION`.
package enum FurtherReading {
    package static let prefix = "read:"

    package static func isReading(_ name: String) -> Bool { name.hasPrefix(prefix) }
}
