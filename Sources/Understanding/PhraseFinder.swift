import Conversation
import Language

/// Picks the dictionary phrases that count, other than places: of each type the leftmost and longest.
enum PhraseFinder {
    private struct Candidate {
        var type: Int
        var match: Lexicon.Match
    }

    static func find(
        _ matches: [Lexicon.Match], in scalars: [UInt32], lexicon: Lexicon,
        into findings: inout [Reading.Finding]
    ) {
        var candidates: [Candidate] = []
        for match in matches {
            var last = -1
            for sense in lexicon.phrases[match.phrase].senses where sense.type != lexicon.placeType {
                if sense.standing == .weak, !isAlone(match.range, in: scalars) { continue }
                if sense.type != last { candidates.append(Candidate(type: sense.type, match: match)) }
                last = sense.type
            }
        }
        candidates.sort { left, right in
            (left.type, left.match.range.lowerBound, right.match.range.upperBound)
                < (right.type, right.match.range.lowerBound, left.match.range.upperBound)
        }
        var type = -1
        var end = 0
        for candidate in candidates {
            if candidate.type != type {
                type = candidate.type
                end = 0
            }
            guard candidate.match.range.lowerBound >= end else { continue }
            end = candidate.match.range.upperBound
            findings.append(finding(candidate, lexicon))
        }
    }

    private static func isAlone(_ range: Range<Int>, in scalars: [UInt32]) -> Bool {
        scalars.indices.allSatisfy { range.contains($0) || !ScalarClass.isMeaningful(scalars[$0]) }
    }

    private static func finding(_ candidate: Candidate, _ lexicon: Lexicon) -> Reading.Finding {
        let senses = lexicon.phrases[candidate.match.phrase].senses.filter { $0.type == candidate.type }
        let isClear = senses.count == 1
        return Reading.Finding(
            type: lexicon.types[candidate.type], range: candidate.match.range,
            value: isClear ? senses[0].value : "",
            alternatives: isClear ? [] : senses.map(\.value),
            certainty: senses[0].standing == .misspelt ? .fuzzy : .exact)
    }

    // MARK: Misspelt phrases

    /// Phrases written with other characters of the same sound: of three characters and more, or shorter ones
    /// of a type that is expected. Nothing is guessed over words that are understood.
    static func findMisspelt(
        _ scalars: [UInt32], expecting: Expectation?, lexicon: Lexicon,
        _ matches: [Lexicon.Match], into findings: inout [Reading.Finding]
    ) {
        guard !lexicon.phraseSounds.isEmpty else { return }
        let isShort = expecting != nil && scalars.count <= 6
        var start = 0
        while start + 2 <= scalars.count {
            var next = start + 1
            for length in stride(from: min(5, scalars.count - start), through: isShort ? 2 : 3, by: -1) {
                let range = start..<start + length
                guard let finding = misspelt(range, scalars, expecting, lexicon),
                    !findings.contains(where: { $0.range.overlaps(range) }),
                    !matches.contains(where: { $0.range == range }),
                    !EverydayWords.accountFor(range, in: scalars, matches, lexicon)
                else { continue }
                findings.append(finding)
                next = range.upperBound
                break
            }
            start = next
        }
    }

    private static let numerals = Set("零〇一二两三四五六七八九十百千万".unicodeScalars.map(\.value))

    /// Whether two numerals stand side by side: a figure is no other word that sounds like it (四百了 is no 失败了).
    private static func holdsFigure(_ scalars: ArraySlice<UInt32>) -> Bool {
        zip(scalars, scalars.dropFirst()).contains { numerals.contains($0) && numerals.contains($1) }
    }

    private static func misspelt(
        _ range: Range<Int>, _ scalars: [UInt32], _ expecting: Expectation?,
        _ lexicon: Lexicon
    ) -> Reading.Finding? {
        guard !holdsFigure(scalars[range]) else { return nil }
        for phrase in lexicon.phraseSounds.phrases(soundingLike: scalars[range], isLoose: true) {
            let senses = lexicon.phrases[phrase].senses
            for sense in senses where sense.type != lexicon.placeType {
                let type = lexicon.types[sense.type]
                guard range.count > 2 || expecting?.wants(type) ?? false,
                    senses.count(where: { $0.type == sense.type }) == 1
                else { continue }
                return Reading.Finding(type: type, range: range, value: sense.value, certainty: .fuzzy)
            }
        }
        return nil
    }
}
