import Conversation

/// Picking from a list by its number, its place or its words.
enum ListPick {
    /// The choice that the text picks: “2”, “第二个吧”, “最后一个”, or the label itself. Nil when it does none of it.
    static func choice(in text: String, among choices: [Choice]) -> Choice? {
        if choices.isEmpty { return nil }
        let plain = Array(text.unicodeScalars.lazy.filter(counts))
        if plain.count <= numberLength, let number = number(plain, of: choices.count),
            choices.indices.contains(number - 1)
        {
            return choices[number - 1]
        }
        guard plain.count >= 2 else {
            // “长” begins 长期住在那边 and no other; the name of a task is not guessed from so little.
            let begun = choices.filter { choice in
                choice.isValue && choice.label.unicodeScalars.first(where: counts) == plain.first
            }
            return begun.count == 1 && !plain.isEmpty ? begun[0] : nil
        }
        if let same = choices.first(where: {
            $0.label.unicodeScalars.lazy.filter(counts).elementsEqual(plain)
        }) {
            return same
        }
        // “那还要留意啥呢” picks 还要留意什么.
        let wanted = core(of: plain)
        guard wanted.count >= 3 else { return nil }
        let alike = choices.filter { choice in
            // What is left of a label stands in it.
            choice.label.unicodeScalars.contains(wanted[0])
                && core(of: Array(choice.label.unicodeScalars.lazy.filter(counts))) == wanted
        }
        return alike.count == 1 ? alike[0] : nil
    }

    /// The choices that several numbers pick (1和2, 第一个和第三个); none when the text says anything else.
    static func several(in text: String, among choices: [Choice]) -> [Choice] {
        var pieces = text.unicodeScalars.split { joints.contains($0) || !counts($0) }.map(Array.init)
        if let last = pieces.indices.last, let word = wanting.first(where: { pieces[last].ends(with: $0) }) {
            pieces[last].removeLast(word.count)
            if pieces[last].isEmpty { pieces.removeLast() }
        }
        // “12” typed for both is a number like any other; they stand apart.
        guard pieces.count > 1, pieces.allSatisfy({ $0.count <= numberLength }) else { return [] }
        let numbers = pieces.compactMap { number($0, of: choices.count) }
        guard numbers.count == pieces.count, Set(numbers).count == numbers.count,
            numbers.allSatisfy({ choices.indices.contains($0 - 1) })
        else { return [] }
        return numbers.map { choices[$0 - 1] }
    }

    private static let joints = Set("和跟与、加及同还有".unicodeScalars)
    private static let wanting = [
        "我都要", "都想要", "都想问", "都想看", "都要看", "都要问", "都要", "都看", "都问", "都办", "都行", "都说", "都选", "两个", "俩", "都",
        "吧",
    ].map { Array($0.unicodeScalars) }

    /// Whether a text is nothing but an ordinal (第一个, 第2项).
    static func isOrdinal(_ text: String) -> Bool {
        let plain = Array(text.unicodeScalars.lazy.filter(counts))
        guard plain.count <= numberLength, plain.contains("第") || plain.last == "个" else { return false }
        return number(plain, of: 9) != nil
    }

    /// What is left of words without those around them that only ask.
    private static func core(of scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var rest = scalars[...]
        while let word = before.first(where: { rest.starts(with: $0) }) { rest = rest.dropFirst(word.count) }
        while let word = behind.first(where: { rest.reversed().starts(with: $0.reversed()) }) {
            rest = rest.dropLast(word.count)
        }
        return Array(rest)
    }

    private static let before = [
        "那", "我", "俺", "咱", "想", "要", "看看", "看", "说说", "说", "讲讲", "讲", "问问", "问", "给", "再", "帮",
    ].map { Array($0.unicodeScalars) }
    private static let behind = [
        "什么", "啥", "哪些", "怎么办", "咋办", "吗", "呢", "啊", "呀", "吧", "的", "嘞", "呗",
    ].map { Array($0.unicodeScalars) }

    /// Scalars that a number with its words has at most (那我就选第二个吧).
    private static var numberLength: Int { 9 }

    /// Whether a scalar is more than space and punctuation, which nobody types; the common ones without a look at
    /// Unicode's tables.
    private static func counts(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return true
        default: break
        }
        switch scalar.properties.generalCategory {
        case .otherPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation: return false
        default: return !scalar.properties.isWhitespace
        }
    }

    private static let leading = Set("我俺那就是选要第按办看点".unicodeScalars)
    private static let trailing = Set("个项条种吧号那呢的啊样".unicodeScalars)
    private static let numerals = Array("一二三四五六七八九".unicodeScalars)
    private static let first = ["头一", "前一", "上面一", "前面", "头"].map { Array($0.unicodeScalars) }
    private static let last = ["最后一", "最后", "末", "末一", "最末", "倒数第一", "最下面", "最下面一"]
        .map { Array($0.unicodeScalars) }
    private static let latter = ["后一", "后面", "后者"].map { Array($0.unicodeScalars) }

    /// The number that a sentence names: 第二个, 第2项.
    static func ordinal(in scalars: [Unicode.Scalar]) -> Int? {
        for (index, scalar) in scalars.enumerated() where index + 1 < scalars.count {
            if scalar == "第", let number = digit(scalars[index + 1]) { return number }
            if scalars[index + 1] == "个", let number = digit(scalar) { return number }
        }
        return nil
    }

    private static func digit(_ scalar: Unicode.Scalar) -> Int? {
        if let index = numerals.firstIndex(of: scalar) { return index + 1 }
        guard (0x31...0x39).contains(scalar.value) else { return nil }
        return Int(scalar.value) - 0x30
    }

    /// A number from 1, or the place that words name.
    private static func number(_ scalars: [Unicode.Scalar], of count: Int) -> Int? {
        var rest = scalars[...]
        while rest.count > 1, let mark = rest.first, leading.contains(mark) { rest = rest.dropFirst() }
        while rest.count > 1, let mark = rest.last, trailing.contains(mark) { rest = rest.dropLast() }
        let words = Array(rest)
        if first.contains(words) { return 1 }
        if last.contains(words) || count == 2 && latter.contains(words) { return count }
        if count > 9, let number = ofTwoFigures(words) { return number }
        guard rest.count == 1, let digit = rest.first else { return nil }
        if digit == "两" { return nil }
        if let index = numerals.firstIndex(of: digit) { return index + 1 }
        guard !(0x3400...0x9FFF).contains(digit.value), let value = digit.properties.numericValue,
            value >= 1, value <= 9
        else { return nil }
        return Int(value)
    }

    /// 10, 12, 十, 十二 of a long list.
    private static func ofTwoFigures(_ scalars: [Unicode.Scalar]) -> Int? {
        guard scalars.count <= 2, let first = scalars.first else { return nil }
        if first == "十" { return scalars.count == 1 ? 10 : digit(scalars[1]).map { 10 + $0 } }
        guard scalars.count == 2, scalars.allSatisfy({ (0x30...0x39).contains($0.value) }), first != "0"
        else {
            return nil
        }
        return Int(String(String.UnicodeScalarView(scalars)))
    }
}

extension Choice {
    /// Whether it is the value of a slot, not a task, something to read or something to do.
    fileprivate var isValue: Bool {
        !["flow=", "read=", "act=", "again="].contains(where: id.hasPrefix)
    }
}

extension Array where Element: Equatable {
    fileprivate func ends(with other: [Element]) -> Bool {
        count >= other.count && suffix(other.count).elementsEqual(other)
    }
}
