package import Conversation

/// The numbered sources of a turn, in the order in which they are first used.
///
/// A document that speaks of several places has a number for each, since the reader must see which place a
/// figure is for.
package struct CitationList: Equatable, Sendable {
    package private(set) var citations: [Citation] = []
    private var keys: [Key] = []

    private struct Key: Equatable, Sendable {
        var source: String
        var place: String
    }

    package init() {}

    /// The number of the fact's source, taking the next one when it is new.
    package mutating func cite(_ fact: Fact, in knowledge: KnowledgeBase) -> Int {
        let key = Key(source: fact.source, place: fact.place)
        let index = keys.firstIndex(of: key) ?? add(key, in: knowledge)
        if !citations[index].facts.contains(fact.id) { citations[index].facts.append(fact.id) }
        return citations[index].number
    }

    /// What was cited until a number was taken, and that.
    package func upTo(_ number: Int) -> CitationList {
        var list = self
        list.citations.removeAll { $0.number > number }
        list.keys.removeSubrange(list.citations.count...)
        return list
    }

    private mutating func add(_ key: Key, in knowledge: KnowledgeBase) -> Int {
        let source = knowledge.source(key.source)
        citations.append(
            Citation(
                number: citations.count + 1, title: source?.title ?? key.source, date: source?.date,
                region: knowledge.name(of: key.place), facts: [], publisher: source?.publisher,
                documentNumber: source?.documentNumber, url: source?.url))
        keys.append(key)
        return keys.count - 1
    }
}
