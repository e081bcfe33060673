/// Folds the many ways of writing a thing into one, in a single pass over the scalars.
///
/// Width, case, traditional characters and punctuation are unified; what cannot be seen or only decorates
/// (zero-width, bidirectional, tag, variation and private-use scalars, controls, emoji) is dropped. Spaces go
/// between Han characters and stay, as one, between words of other scripts. Each scalar yields at most three,
/// so that no input explodes, and the whole stops at `limit`. Normalising a normalised text changes nothing.
package enum Normalizer {
    /// The longest normalised text; what is beyond is not looked at.
    package static let limit = 16_384
    /// Marks in a row that may decorate one letter.
    static let combiningCap = 8

    package static func normalize(_ text: String) -> NormalizedText {
        var result = NormalizedText()
        normalize(text, into: &result)
        return result
    }

    /// As `normalize(_:)`, reusing the arrays of `result`.
    package static func normalize(_ text: String, into result: inout NormalizedText) {
        result.scalars.removeAll(keepingCapacity: true)
        result.starts.removeAll(keepingCapacity: true)
        result.ends.removeAll(keepingCapacity: true)
        var pass = NormalizerPass()
        var position: Int32 = 0
        for scalar in text.unicodeScalars {
            if result.scalars.count < limit { pass.take(scalar.value, at: position, into: &result) }
            position += 1
        }
        result.originalCount = Int(position)
    }
}

/// What the pass remembers between two scalars.
private struct NormalizerPass {
    /// A space was met since the last scalar that was kept.
    var spaced = false
    /// Marks kept since the last letter.
    var marks = 0

    @inline(__always)
    mutating func take(_ value: UInt32, at position: Int32, into result: inout NormalizedText) {
        if value < 0x80 {
            takeASCII(value, at: position, into: &result)
        } else if (0x4E00...0x9FFF).contains(value) {
            emit(HanFolding.fold(value), at: position, into: &result)
        } else {
            takeOther(value, at: position, into: &result)
        }
    }

    @inline(__always)
    private mutating func takeASCII(_ value: UInt32, at position: Int32, into result: inout NormalizedText) {
        switch value {
        case 0x41...0x5A: emit(value + 0x20, at: position, into: &result)
        case 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x20: spaced = true
        case 0..<0x20, 0x7F: break
        default: emit(value, at: position, into: &result)
        }
    }

    private mutating func takeOther(_ value: UInt32, at position: Int32, into result: inout NormalizedText) {
        switch ScalarFolding.fold(value) {
        case .keep(let folded):
            if folded < 0x80 {
                takeASCII(folded, at: position, into: &result)
            } else {
                emit(folded, at: position, into: &result)
            }
        case .expand(let first, let second, let third):
            emit(first, at: position, into: &result)
            emit(second, at: position, into: &result)
            if third != 0 { emit(third, at: position, into: &result) }
        case .mark:
            marks += 1
            if marks <= Normalizer.combiningCap, let last = result.scalars.last, !ScalarClass.isHan(last),
                last > 0x7F
            {
                append(value, at: position, into: &result)
            }
        case .space: spaced = true
        case .drop: break
        }
    }

    @inline(__always)
    private mutating func emit(_ value: UInt32, at position: Int32, into result: inout NormalizedText) {
        marks = 0
        if spaced {
            spaced = false
            if let last = result.scalars.last, ScalarClass.isWord(last), ScalarClass.isWord(value) {
                append(0x20, from: result.ends[result.ends.count - 1], to: position, into: &result)
            }
        }
        // "？？？？" and "。。。" say no more than one mark does.
        if let last = result.scalars.last, last == value, ScalarClass.isBreak(value) {
            result.ends[result.ends.count - 1] = position + 1
            return
        }
        append(value, at: position, into: &result)
    }

    @inline(__always)
    private func append(_ value: UInt32, at position: Int32, into result: inout NormalizedText) {
        append(value, from: position, to: position + 1, into: &result)
    }

    @inline(__always)
    private func append(_ value: UInt32, from start: Int32, to end: Int32, into result: inout NormalizedText)
    {
        result.scalars.append(value)
        result.starts.append(start)
        result.ends.append(end)
    }
}
