import Language

/// Scratch memory of understanding, to be kept from one utterance to the next.
package struct Workspace {
    var text = NormalizedText()
    var matches: [Lexicon.Match] = []
    var best: [Int32] = []
    var choice: [Int32] = []
    var numerals: [Numeral] = []
    var quantities: [Quantity] = []
    /// The text with marks in the place of entities, and where each scalar of it comes from.
    var masked: [UInt32] = []
    var maskedSpans: [Range<Int>] = []
    /// The same with its words in their common form.
    var plain: [UInt32] = []
    var plainSpans: [Range<Int>] = []
    /// The same with what is mistyped put right.
    var mended = Correction.Mended()
    var correction = Correction.Scratch()
    /// The same with what seems to be left out, and its scores.
    var filled: [UInt32] = []
    var filledScores: [Float] = []
    var active: [Vocabulary.Active] = []
    var features = FeatureBuffer()
    var scores: [Float] = []
    var slots = SlotModel.Scratch()

    package init() {}

    /// The text as it was meant.
    var meant: [UInt32] { mended.scalars.isEmpty ? plain : mended.scalars }
}
