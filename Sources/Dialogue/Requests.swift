/// Several requests in one utterance: where it falls apart, and what of it asks for what.
extension DialogueProgram {
    /// Scalars from which on an utterance may ask for two things.
    private static var leastLength: Int { 8 }
    /// Scalars that a request has at least.
    private static var leastPart: Int { 3 }

    /// The parts of an utterance, cut where a sentence ends and before words that take up something else (另外, 顺便); empty
    /// when it is in one piece.
    package func parts(of text: String) -> [String] {
        let scalars = Array(text.unicodeScalars)
        guard scalars.count >= Self.leastLength else { return [] }
        var parts: [ArraySlice<Unicode.Scalar>] = []
        var start = 0
        func cut(at end: Int, resumingAt next: Int) {
            if end - start >= Self.leastPart { parts.append(scalars[start..<end]) }
            start = next
        }
        for index in scalars.indices {
            if Self.endsSentence(scalars[index]) {
                cut(at: index + 1, resumingAt: index + 1)
            } else if index >= start + Self.leastPart, startsAnew(at: index, in: scalars) {
                cut(at: index, resumingAt: index)
            }
        }
        cut(at: scalars.count, resumingAt: scalars.count)
        return parts.count < 2
            ? []
            : parts.map { part in
                var view = String.UnicodeScalarView()
                view.append(contentsOf: part)
                return String(view)
            }
    }

    /// Words of connection wherever they stand, words of addition only behind a mark.
    private func startsAnew(at index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        if words[.connection].length(at: index, in: scalars) != nil { return true }
        return Self.isPause(scalars[index - 1]) && words[.addition].length(at: index, in: scalars) != nil
    }

    private static func endsSentence(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "。", "？", "?", "！", "!", "；", ";", "\n": true
        default: false
        }
    }

    private static func isPause(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "，", ",", "、", " ": true
        default: false
        }
    }
}
