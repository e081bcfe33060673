package import Conversation
import Language

/// Turns the table of divisions into lexicon entries.
package enum PlaceLexicon {
    /// Entries for the full names and for the aliases of each division, in the order given.
    ///
    /// The aliases decide what is ambiguous: a short name listed for several divisions means each of them,
    /// and one that a lesser division does not list (吉林 for 吉林市) never means it.
    package static func entries(for places: [(place: Place, aliases: [String])]) -> [LexiconEntry] {
        var entries: [LexiconEntry] = []
        entries.reserveCapacity(places.count * 3)
        for (place, aliases) in places where place.level != .nation {
            entries.append(entry(place.name, place, weakFullNames.contains(place.name) ? .weak : .full))
            for alias in aliases where alias != place.name && isName(alias, for: place) {
                entries.append(entry(alias, place, standing(of: alias, for: place)))
            }
        }
        return entries
    }

    /// A single character may stand for a province (沪), not for less.
    private static func isName(_ alias: String, for place: Place) -> Bool {
        place.level == .province || alias.unicodeScalars.count > 1
    }

    private static func entry(_ phrase: String, _ place: Place, _ standing: LexiconEntry.Standing)
        -> LexiconEntry
    {
        LexiconEntry(type: LexiconEntry.place, phrase: phrase, value: place.code, standing: standing)
    }

    private static func standing(of alias: String, for place: Place) -> LexiconEntry.Standing {
        if weakNames.contains(alias) { return .weak }
        if weakFullNames.contains(alias) { return .weak }
        guard let last = alias.unicodeScalars.last?.value else { return .weak }
        let count = alias.unicodeScalars.count
        if count > 2, [0x5E02, 0x53BF, 0x533A, 0x65D7, 0x5DDE, 0x76DF, 0x7701].contains(last) {
            return .full
        }
        if place.level == .county { return .minor }
        return count == 1 ? .weak : .short
    }

    private static let weakNames = Set(CommonWordsData.weakPlaceNames.split(separator: " ").map(String.init))

    /// Full names that people use for any town's quarters.
    private static let weakFullNames: Set<String> = [
        "城区", "郊区", "矿区", "东区", "西区", "新区", "新城区", "老城区", "老城", "新市区", "港口区", "市区", "城中区",
    ]
}
