import Conversation

/// Where treatment is, seen from where somebody is insured: most rules of it hold for one of the two alone.
package enum Journey: Sendable {
    case withinProvince
    case acrossProvinces

    fileprivate static let within = [Array("省内".utf8)]
    fileprivate static let across = [Array("跨省".utf8), Array("省外".utf8)]
}

extension Fact {
    /// The only kind of journey for which it holds, by its own words; nil when it names none, or both.
    var journey: Journey? {
        func names(_ words: [[UInt8]]) -> Bool {
            words.contains { condition.utf8.holds($0) || value.utf8.holds($0) }
        }
        let isWithin = names(Journey.within)
        guard names(Journey.across) != isWithin else { return nil }
        return isWithin ? .withinProvince : .acrossProvinces
    }
}

extension KnowledgeBase {
    package func journey(from home: String, to destination: String) -> Journey {
        sameProvince(home, destination) ? .withinProvince : .acrossProvinces
    }
}
