/// A place name in a text, while it is being made out.
struct PlaceMention {
    /// In normalised scalars.
    var range: Range<Int>
    /// The divisions it may mean.
    var codes: [Int32]
    var standing: LexiconEntry.Standing
    /// Was joined with, or decided by, a division around it.
    var isAnchored = false
    var isFuzzy = false
    var role: String?
}
