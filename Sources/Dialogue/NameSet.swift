/// A few names, without order. Names of slots are short: comparing them one by one costs less than the hash of one.
package struct NameSet: Sendable, ExpressibleByArrayLiteral {
    package private(set) var names: [String] = []

    package init() {}

    package init(_ names: some Sequence<String>) { formUnion(names) }

    package init(arrayLiteral elements: String...) { self.init(elements) }

    package var isEmpty: Bool { names.isEmpty }

    package func contains(_ name: String) -> Bool {
        for index in names.indices where names[index] == name { return true }
        return false
    }

    package mutating func insert(_ name: String) {
        if !contains(name) { names.append(name) }
    }

    package mutating func remove(_ name: String) {
        if let index = names.firstIndex(of: name) { names.remove(at: index) }
    }

    package mutating func formUnion(_ others: some Sequence<String>) {
        for name in others { insert(name) }
    }

    package mutating func formUnion(_ others: NameSet) { formUnion(others.names) }

    package func union(_ others: NameSet) -> NameSet {
        if isEmpty { return others }
        var all = self
        all.formUnion(others)
        return all
    }

    package func isDisjoint(with others: NameSet) -> Bool {
        for index in names.indices where others.contains(names[index]) { return false }
        return true
    }

    package func isDisjoint(with others: Set<String>) -> Bool {
        for index in names.indices where others.contains(names[index]) { return false }
        return true
    }
}

extension NameSet: Equatable {
    package static func == (left: NameSet, right: NameSet) -> Bool {
        left.names.count == right.names.count && left.names.allSatisfy(right.contains)
    }
}
