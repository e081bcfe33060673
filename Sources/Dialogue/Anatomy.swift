import Conversation

/// What an utterance is made of: values that slots may take, small words that say nothing of their own, and the rest.
struct Anatomy {
    let scalars: [Unicode.Scalar]
    /// Letters, characters and digits.
    let total: Int
    /// Those that values cover.
    let covered: Int
    /// Those that neither values nor small words account for.
    let rest: Int
    private let parts: [Part]

    private enum Part: UInt8 { case mark, value, filler, rest }

    init(_ result: NLUResult, _ program: DialogueProgram) {
        let scalars = Array(result.text.unicodeScalars)
        var parts = scalars.map { Anatomy.isWord($0) ? Part.rest : .mark }
        var rulesOut = false
        for entity in result.entities where program.entityTypes.contains(entity.type) {
            if entity.isNegated { rulesOut = true }
            for index in entity.range where index < parts.count && parts[index] == .rest {
                parts[index] = .value
            }
        }
        var index = 0
        while index < scalars.count {
            guard parts[index] == .rest,
                let length = program.words[.filler].length(at: index, in: scalars)
                    ?? (rulesOut ? program.words[.exclusion].length(at: index, in: scalars) : nil),
                !parts[index..<index + length].contains(.value)
            else {
                index += 1
                continue
            }
            for place in index..<index + length where parts[place] == .rest { parts[place] = .filler }
            index += length
        }
        self.scalars = scalars
        self.parts = parts
        total = parts.reduce(0) { $1 == .mark ? $0 : $0 + 1 }
        covered = parts.reduce(0) { $1 == .value ? $0 + 1 : $0 }
        rest = parts.reduce(0) { $1 == .rest ? $0 + 1 : $0 }
    }

    /// Share that values cover, 0…1.
    var coverage: Double { total == 0 ? 0 : Double(covered) / Double(total) }

    /// Whether it is values and small words and nothing else.
    var isFragment: Bool { rest == 0 && covered > 0 }

    /// Whether it is values, small words and these and nothing else from there on.
    func isFragment(from start: Int, beside names: [Phrases]) -> Bool {
        guard start < parts.count, parts[start...].contains(.value) else { return false }
        var index = start
        while index < parts.count {
            if parts[index] == .rest {
                guard let length = names.lazy.compactMap({ $0.length(at: index, in: scalars) }).max() else {
                    return false
                }
                index += length
            } else {
                index += 1
            }
        }
        return true
    }

    /// Scalars of a range that neither values nor small words account for.
    func rest(in range: Range<Int>) -> Int { parts[range].count { $0 == .rest } }

    /// Scalars from there on that neither values nor small words account for.
    func rest(from start: Int) -> Int { parts.dropFirst(start).count(where: { $0 == .rest }) }

    /// Whether two different values, one right behind the other, are put as an alternative (长期还是临时), and none is chosen (那还是临时吧).
    func weighs(_ values: [Entity], with alternative: Phrases) -> Bool {
        guard values.count > 1, last(where: { $0 != .mark }).map({ scalars[$0] }) != "吧" else { return false }
        return zip(values, values.dropFirst()).contains { first, second in
            first.value != second.value && !first.isNegated && !second.isNegated
                && first.range.upperBound < second.range.lowerBound
                && alternative.length(at: first.range.upperBound, in: scalars)
                    == second.range.lowerBound - first.range.upperBound
        }
    }

    private func last(where holds: (Part) -> Bool) -> Int? { parts.lastIndex(where: holds) }

    /// Whether no mark stands between its words.
    var isInOneClause: Bool {
        guard let first = firstWord, let last = parts.lastIndex(where: { $0 != .mark }) else { return true }
        return !parts[first...last].contains(.mark)
    }

    /// Where the first letter stands.
    var firstWord: Int? { parts.firstIndex { $0 != .mark } }

    /// Without the small words and marks around and between.
    var content: String {
        var view = String.UnicodeScalarView()
        for (scalar, part) in zip(scalars, parts) where part == .value || part == .rest {
            view.append(scalar)
        }
        return String(view)
    }

    /// Whether, besides values and small words, there is nothing but these words, and at least one of them.
    func isExplained(with words: Phrases, beside figure: Range<Int> = 0..<0) -> Bool {
        var found = false
        var index = 0
        while index < scalars.count {
            guard parts[index] == .rest || parts[index] == .filler, !figure.contains(index) else {
                index += 1
                continue
            }
            if let length = words.length(at: index, in: scalars) {
                found = true
                index += length
            } else if parts[index] == .filler {
                index += 1
            } else {
                return false
            }
        }
        return found
    }

    /// Whether 的 stands behind a value, and nothing but small words and marks behind that (聊城的呢).
    func endsAsOwner(_ range: Range<Int>) -> Bool {
        let end = range.upperBound
        return end < scalars.count && scalars[end] == "的"
            && parts[end...].allSatisfy { $0 == .filler || $0 == .mark }
    }

    /// Runs of what neither values nor small words account for.
    var ownWords: [String] {
        var words: [String.UnicodeScalarView] = []
        var isInside = false
        for (scalar, part) in zip(scalars, parts) {
            if part == .rest {
                if !isInside { words.append(.init()) }
                words[words.count - 1].append(scalar)
            }
            isInside = part == .rest
        }
        return words.map { String($0) }
    }

    /// What stands before a range of the text, without the small words at its beginning, when nothing but small words follows.
    func words(before range: Range<Int>) -> String {
        guard parts[range.upperBound...].allSatisfy({ $0 == .filler || $0 == .mark }),
            let first = parts.firstIndex(where: { $0 == .rest || $0 == .value }), first < range.lowerBound
        else { return "" }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[first..<range.lowerBound])
        return String(view)
    }

    /// What stands behind a range of the text that only small words stand before, without the small words at its end.
    func words(behind range: Range<Int>) -> String {
        guard parts[..<range.lowerBound].allSatisfy({ $0 == .filler || $0 == .mark }),
            let first = parts[range.upperBound...].firstIndex(where: { $0 != .mark }),
            let last = parts.lastIndex(of: .rest), first <= last
        else { return "" }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[first...last])
        return String(view)
    }

    /// Whether there is nothing but small words beside these, whatever values these are.
    func isAllOf(_ words: Phrases) -> Bool {
        guard let found = words.firstRange(in: scalars) else { return false }
        return parts.indices.allSatisfy { found.contains($0) || parts[$0] == .filler || parts[$0] == .mark }
    }

    /// Whether it is made of these words, of others and of small words alone, with at least one of these. A value counts only
    /// as a part of one of these words (银行 of 银行卡).
    func isAbout(_ words: Phrases, beside others: [Phrases], _ people: [Range<Int>] = []) -> Bool {
        guard words.occur(in: scalars) else { return false }
        // Up to where the words account for everything, without one of these and with one: a long word may take what a
        // shorter one leaves for the next (给奖金: not 给奖 and a rest).
        var without = [Bool](repeating: false, count: scalars.count + 1)
        var with = without
        without[0] = true
        for index in scalars.indices where without[index] || with[index] {
            func reach(_ length: Int) {
                if without[index] { without[index + length] = true }
                if with[index] { with[index + length] = true }
            }
            if parts[index] == .filler || parts[index] == .mark { reach(1) }
            people.filter { $0.lowerBound == index }.forEach { reach($0.count) }
            func values(_ length: Int) -> Int { parts[index..<index + length].count { $0 == .value } }
            for list in others {
                list.lengths(at: index, in: scalars).filter { values($0) == 0 }.forEach(reach)
            }
            for length in words.lengths(at: index, in: scalars) where values(length) < length {
                with[index + length] = true
            }
        }
        return with[scalars.count]
    }

    /// Scalars from which on the form of an utterance may ask; shorter, it says no (没有).
    private static var askingLength: Int { 5 }

    /// Whether it asks without a word that asks: by its ending (能报不), or by a verb with its negation (收不收, 有没有).
    func asksByForm(_ endings: Phrases) -> Bool {
        guard total >= Anatomy.askingLength, let last = parts.lastIndex(where: { $0 != .mark }) else {
            return false
        }
        for length in 1...2 {
            let start = last + 1 - length
            if start > 0, endings.length(at: start, in: scalars) == length { return true }
        }
        return scalars.indices.dropFirst().dropLast().contains { index in
            (scalars[index] == "不" || scalars[index] == "没") && scalars[index - 1] == scalars[index + 1]
        }
    }

    /// Letters, characters and digits; the common ones without a look at Unicode's tables.
    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case ..<0x80, 0x3000...0x303F, 0xFF00...0xFF0F: false
        default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }
}
