package import Conversation

/// What somebody puts right in the same breath: “昆明，不，曲靖的”, “花了一万，不是，两万”, “三级，不对二级”.
extension DialogueProgram {
    /// Scalars between two values that are the one for the other at most.
    private static let mostBetween = 14
    /// Of these, ones that neither pauses, small words nor the retraction account for (花了 of 不对，花了三万).
    private static let mostOwn = 2

    /// The text of an utterance without a value that is taken back right behind it, when another of its kind follows; nil where none is.
    /// Whatever is read of it then, of every slot and of the task, is of what was meant.
    package func withoutRetracted(_ result: NLUResult) -> String? {
        guard result.entities.count > 1 else { return nil }
        let scalars = Array(result.text.unicodeScalars)
        let values = result.entities.filter {
            entityTypes.contains($0.type) && $0.range.upperBound <= scalars.count
        }
        for (index, next) in values.enumerated() {
            // The values of other kinds that a span has as well stand between them in the list, not in the text.
            guard
                let old = values[..<index].last(where: {
                    $0.type == next.type && $0.range.upperBound <= next.range.lowerBound
                }),
                !old.isNegated, old.value != next.value, !isMereYesOrNo(next),
                next.role == nil || old.role == nil || next.role == old.role
            else { continue }
            let gap = old.range.upperBound..<next.range.lowerBound
            let between = values.filter { gap.clamped(to: $0.range) == $0.range }
            // What was said before as well (太原居民，不是，太原职工) is only said again.
            let isSaidAgain = between.allSatisfy { again in
                values.contains {
                    $0.type == again.type && $0.value == again.value
                        && $0.range.upperBound <= old.range.lowerBound
                }
            }
            guard isSaidAgain, takesBack(gap, except: between.map(\.range), in: scalars) else { continue }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars[..<old.range.lowerBound])
            text.append(contentsOf: scalars[next.range.lowerBound...])
            return String(text)
        }
        return nil
    }

    /// Whether what stands between two values takes the first back and says nothing else.
    private func takesBack(
        _ gap: Range<Int>, except values: [Range<Int>], in scalars: [Unicode.Scalar]
    ) -> Bool {
        guard gap.count <= Self.mostBetween,
            let pause = gap.first(where: { Self.isPause(scalars[$0]) || scalars[$0] == " " }),
            let word = retraction(in: pause + 1..<gap.upperBound, of: scalars)
        else { return false }
        let own = gap.filter { place in
            place != pause && !word.contains(place) && !values.contains { $0.contains(place) }
        }
        return unexplained(own, in: scalars) <= Self.mostOwn
    }

    /// The words that take something back: such that say it by themselves, or a bare no between two pauses.
    private func retraction(in range: Range<Int>, of scalars: [Unicode.Scalar]) -> Range<Int>? {
        for start in range {
            if let length = words[.retraction].length(at: start, in: scalars),
                start + length <= range.upperBound
            {
                return start..<start + length
            }
            guard let length = words[.halting].length(at: start, in: scalars),
                start + length < range.upperBound,
                Self.isPause(scalars[start + length]) || scalars[start + length] == " "
            else { continue }
            return start..<start + length
        }
        return nil
    }

    /// How many of some scalars neither small words nor marks account for.
    private func unexplained(_ places: [Int], in scalars: [Unicode.Scalar]) -> Int {
        let text = places.map { scalars[$0] }
        var (count, index) = (0, 0)
        while index < text.count {
            if let length = words[.filler].length(at: index, in: text)
                ?? words[.retraction].length(at: index, in: text)
            {
                index += length
            } else {
                if Anatomy.isWord(text[index]) { count += 1 }
                index += 1
            }
        }
        return count
    }
}
