import Conversation

extension KnowledgeBase {
    /// Every place that a fact is for, without the country, and one of a province that has none.
    package var placesWithFacts: [String] {
        let own = Set(facts.map(\.place))
        let provinces = Set(own.compactMap { places.province(of: $0)?.code })
        let bare = places.places.first {
            $0.level == .prefecture && !provinces.contains(places.province(of: $0.code)?.code ?? "")
        }
        return own.subtracting(["000000"]).sorted() + (bare.map { [$0.code] } ?? [])
    }
}
