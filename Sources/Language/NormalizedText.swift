/// A text made ready for matching, which still knows where each of its scalars came from.
///
/// Understanding works on `scalars`; whatever it finds is reported in scalars of the original, through
/// `originalRange(_:)`.
package struct NormalizedText: Equatable, Sendable {
    package internal(set) var scalars: [UInt32] = []
    /// For each normalised scalar, the first scalar of the original that it stands for.
    package internal(set) var starts: [Int32] = []
    /// For each normalised scalar, the end of what it stands for.
    package internal(set) var ends: [Int32] = []
    /// Scalars of the original.
    package internal(set) var originalCount = 0

    package init() {}

    package var count: Int { scalars.count }
    package var isEmpty: Bool { scalars.isEmpty }

    /// Where a normalised range stands in the original, in Unicode scalars.
    package func originalRange(_ range: Range<Int>) -> Range<Int> {
        guard !range.isEmpty else {
            let at = range.lowerBound < count ? Int(starts[range.lowerBound]) : originalCount
            return at..<at
        }
        return Int(starts[range.lowerBound])..<Int(ends[range.upperBound - 1])
    }

    /// The normalised scalars that stand for a range of the original; nil when it cuts one of them, or holds none.
    package func normalizedRange(_ range: Range<Int>) -> Range<Int>? {
        guard let first = starts.firstIndex(where: { Int($0) >= range.lowerBound }),
            let last = ends.lastIndex(where: { Int($0) <= range.upperBound }), first <= last
        else { return nil }
        if first > 0, Int(ends[first - 1]) > range.lowerBound { return nil }
        if last + 1 < count, Int(starts[last + 1]) < range.upperBound { return nil }
        return first..<last + 1
    }

    /// Whether something was dropped between the scalar at `index` and the one before it (a space between
    /// Han).
    package func hasGap(before index: Int) -> Bool {
        index > 0 && index < count && starts[index] > ends[index - 1]
    }

    /// Puts other scalars in the place of parts of the text, which are in order and do not overlap. Each of them stands for the whole of its part;
    /// spaces beside a part go, and so does a mark at the beginning, or behind another, when what stood before it is gone.
    package mutating func replace(_ parts: [(range: Range<Int>, scalars: [UInt32])]) {
        var result = NormalizedText()
        result.originalCount = originalCount
        var position = 0
        var isGone = false
        func copy(to end: Int) {
            for index in position..<end {
                let isBeside = index == position && position > 0 || index == end - 1 && end < count
                if isBeside && (scalars[index] == 0x20 || scalars[index] == 0x2D) { continue }
                if isGone, ScalarClass.isBreak(scalars[index]),
                    result.scalars.last.map(ScalarClass.isBreak) ?? true
                {
                    continue
                }
                isGone = false
                result.scalars.append(scalars[index])
                result.starts.append(starts[index])
                result.ends.append(ends[index])
            }
        }
        for part in parts {
            copy(to: part.range.lowerBound)
            let span = originalRange(part.range)
            for scalar in part.scalars {
                result.scalars.append(scalar)
                result.starts.append(Int32(span.lowerBound))
                result.ends.append(Int32(span.upperBound))
            }
            isGone = part.scalars.isEmpty
            position = part.range.upperBound
        }
        copy(to: count)
        self = result
    }

    /// The normalised text itself.
    package var string: String { string(0..<count) }

    /// A part of the normalised text.
    package func string(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        for value in scalars[range] {
            if let scalar = Unicode.Scalar(value) { view.append(scalar) }
        }
        return String(view)
    }
}

extension String {
    /// The scalars of a range that counts Unicode scalars.
    package func scalars(in range: Range<Int>) -> String {
        let view = unicodeScalars
        let start =
            view.index(view.startIndex, offsetBy: range.lowerBound, limitedBy: view.endIndex) ?? view.endIndex
        let end = view.index(start, offsetBy: range.count, limitedBy: view.endIndex) ?? view.endIndex
        return String(view[start..<end])
    }
}
