import Language

/// Scratch memory of understanding, to be kept from one utterance to the next.
package struct Workspace {
    var text = NormalizedText()
    var matches: [Lexicon.Match] = []
    var best: [Int32] = []
    var choice: [Int32] = []
    var numerals: [Numeral] = []
    var quantities: [Quantity] = []
    var masked: [UInt32] = []
    var active: [Vocabulary.Active] = []
    var features = FeatureBuffer()
    var scores: [Float] = []
    var slots = SlotModel.Scratch()

    package init() {}
}
