package import Conversation

/// The filled slots of a conversation, kept in the order of their names so that the same state has the same bytes.
package struct Slots: Hashable, Sendable {
    /// A struct, not a tuple: arrays of tuples are copied and freed by what the runtime knows of the type, element by element.
    package struct Entry: Hashable, Sendable {
        package let name: String
        package fileprivate(set) var value: SlotValue

        /// Keeps the value, and nothing of who said it in which words and when.
        fileprivate mutating func forgetHistory() {
            value.raw = ""
            value.origin = .said
            value.turn = 0
        }
    }

    package private(set) var entries: [Entry] = []

    package init() {}

    package subscript(name: String) -> SlotValue? {
        get { index(of: name).map { entries[$0].value } }
        set {
            let index = entries.firstIndex { $0.name >= name } ?? entries.endIndex
            let isPresent = index < entries.endIndex && entries[index].name == name
            switch (newValue, isPresent) {
            case (let value?, true): entries[index].value = value
            case (let value?, false): entries.insert(Entry(name: name, value: value), at: index)
            case (nil, true): entries.remove(at: index)
            case (nil, false): break
            }
        }
    }

    package func isFilled(_ name: String) -> Bool { index(of: name) != nil }

    /// The resolved value alone, which is what most conditions look at.
    package func value(of name: String) -> String? { index(of: name).map { entries[$0].value.value } }

    private func index(of name: String) -> Int? {
        for index in entries.indices where entries[index].name == name { return index }
        return nil
    }

    /// The slots of these names alone, which are in order, with nothing of who said them in which words and when.
    package func plain(_ names: [String]) -> Slots {
        var plain = Slots()
        walk(along: names) { index, isAmong in
            guard isAmong else { return }
            var entry = entries[index]
            entry.forgetHistory()
            plain.entries.append(entry)
        }
        return plain
    }

    /// Names of filled slots that are not among these, which are in order.
    func names(notAmong names: [String]) -> [String] {
        var others: [String] = []
        walk(along: names) { index, isAmong in
            if !isAmong { others.append(entries[index].name) }
        }
        return others
    }

    /// Goes through both in step, for both are in order.
    private func walk(along names: [String], _ body: (_ index: Int, _ isAmong: Bool) -> Void) {
        var place = 0
        for index in entries.indices {
            let name = entries[index].name
            while place < names.count, names[place] < name { place += 1 }
            body(index, place < names.count && names[place] == name)
        }
    }

    /// The place that was said last, of the slots that say where somebody is insured.
    package var latestPlace: String? {
        ["city", "home_city", "holder_city"].compactMap { self[$0] }.max { $0.turn < $1.turn }?.value
    }

    /// The values alone: not who said them in which words and when.
    package var withoutHistory: Slots {
        var plain = self
        for index in entries.indices { plain.entries[index].forgetHistory() }
        return plain
    }

    package func hash(into hasher: inout Hasher) {
        for entry in entries { hasher.combine(bytesOf: entry.value.value) }
    }
}
