/// One phrase of a dictionary and what it means.
package struct LexiconEntry: Equatable, Sendable {
    /// How much a phrase proves when it stands alone.
    package enum Standing: UInt8, Sendable {
        /// Means its value wherever it stands (聊城市, 职工医保).
        case full
        /// A shortened name: means its value unless the words around read better without it (聊城).
        case short
        /// As `short`, of a lesser division.
        case minor
        /// A word of its own as well (和平, 平安): counts only beside something that speaks for the name. Of what is no place (妈): counts
        /// only when nothing else is said.
        case weak
        /// A near spelling of the value (荏平 for 茌平).
        case misspelt
    }

    /// `place`, `insurance`, …
    package var type: String
    package var phrase: String
    package var value: String
    package var standing: Standing

    package init(type: String, phrase: String, value: String, standing: Standing = .full) {
        self.type = type
        self.phrase = phrase
        self.value = value
        self.standing = standing
    }
}

extension LexiconEntry {
    /// The type of entries that name divisions; their values are division codes.
    package static let place = "place"
    /// In a phrase: whatever place is named there.
    package static let gap = "{place}"
}
