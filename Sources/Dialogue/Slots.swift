package import Conversation

/// The filled slots of a conversation, kept in the order of their names so that the same state has the same bytes.
package struct Slots: Hashable, Sendable {
    package private(set) var entries: [(name: String, value: SlotValue)] = []

    package init() {}

    package subscript(name: String) -> SlotValue? {
        get { entries.first { $0.name == name }?.value }
        set {
            let index = entries.firstIndex { $0.name >= name } ?? entries.endIndex
            let isPresent = index < entries.endIndex && entries[index].name == name
            switch (newValue, isPresent) {
            case (let value?, true): entries[index].value = value
            case (let value?, false): entries.insert((name, value), at: index)
            case (nil, true): entries.remove(at: index)
            case (nil, false): break
            }
        }
    }

    /// The place that was said last, of the slots that say where somebody is insured.
    package var latestPlace: String? {
        ["city", "home_city", "holder_city"].compactMap { self[$0] }.max { $0.turn < $1.turn }?.value
    }

    /// The values alone: not who said them in which words and when.
    package var withoutHistory: Slots {
        var plain = self
        plain.forgetHistory()
        return plain
    }

    package static func == (left: Slots, right: Slots) -> Bool {
        left.entries.elementsEqual(right.entries) { $0.name == $1.name && $0.value == $1.value }
    }

    package func hash(into hasher: inout Hasher) {
        for entry in entries { hasher.combine(bytesOf: entry.value.value) }
    }

    /// Keeps the values, and nothing of who said them in which words and when.
    package mutating func forgetHistory() {
        for index in entries.indices {
            entries[index].value.raw = ""
            entries[index].value.origin = .said
            entries[index].value.turn = 0
        }
    }
}
