import Diagnostics

/// No citation, no speech: a figure, a phone number, a date or a document that a wording writes out has no source.
///
/// What counts as one: a digit, a percent sign, an address on the web, a title in 《》, and a Chinese numeral other than 一
/// before a unit (一次, 一下, 一样 are words like any other); and what says it in words alone, by `LiteralWords`.
extension DialogReader {
    func checkLiterals() {
        for wording in wordings {
            guard let figure = LiteralFigure.first(in: wording.name) else { continue }
            collector.error(
                .literalFigure, "the wording states `\(figure)` without a source", at: wording.label,
                hint: "a fact is quoted with `{fact:ID}` or laid out with `facts`")
        }
    }
}

package enum LiteralFigure {
    private static let numerals = Set("二三四五六七八九十百千万亿两半零〇".unicodeScalars)
    private static let units = Set("元块角分天日周月年岁倍折号人名个家次项种条页份".unicodeScalars)
    /// Words with a numeral that state no figure.
    private static let words = ["十分", "千万别", "万一", "两边", "三甲", "二级", "三级", "四舍", "百姓", "半天", "一家三口"]

    /// The first figure that a text states; nil when it states none.
    package static func first(in text: String) -> String? {
        var rest = text
        for word in words { rest = removing(word, from: rest) }
        let scalars = Array(rest.unicodeScalars)
        return figure(in: rest, scalars) ?? LiteralWords.first(in: scalars)
    }

    private static func figure(in text: String, _ scalars: [Unicode.Scalar]) -> String? {
        // Most wordings hold nothing that could be one.
        guard scalars.contains(where: mayBegin) else { return nil }
        for (index, scalar) in scalars.enumerated() {
            if isDigit(scalar) { return run(from: index, in: scalars) }
            if scalar == "%" || scalar == "\u{FF05}" { return String(scalar) }
            if scalar == "《" { return title(from: index, in: scalars) }
            if isNumeral(scalar),
                let next = scalars.dropFirst(index + 1).first(where: { !isNumeral($0) && $0 != "几" }),
                units.contains(next)
            {
                return run(from: index, in: scalars)
            }
        }
        return text.contains("http") || text.contains("www.") ? "http" : nil
    }

    private static func mayBegin(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0"..."9", "%", "\u{FF05}", "《", "h", "w": true
        case "\u{80}"...: isNumeral(scalar) || isDigit(scalar)
        default: false
        }
    }

    /// Digits of any script; Unicode gives a number to some Chinese characters that are words like any other (参, 京, 什).
    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        !(0x3400...0x9FFF).contains(scalar.value) && scalar.properties.numericType != nil
    }

    private static func isNumeral(_ scalar: Unicode.Scalar) -> Bool { numerals.contains(scalar) }

    private static func run(from index: Int, in scalars: [Unicode.Scalar]) -> String {
        let tail = scalars[index...].prefix(12).prefix { scalar in
            isDigit(scalar) || isNumeral(scalar) || units.contains(scalar)
                || "-.".unicodeScalars.contains(scalar)
        }
        return String(String.UnicodeScalarView(tail))
    }

    private static func title(from index: Int, in scalars: [Unicode.Scalar]) -> String {
        let end = scalars[index...].firstIndex(of: "》") ?? min(index + 12, scalars.count - 1)
        return String(String.UnicodeScalarView(scalars[index...end]))
    }

    private static func removing(_ word: String, from text: String) -> String {
        let needle = Array(word.unicodeScalars)
        var result = String.UnicodeScalarView()
        let scalars = Array(text.unicodeScalars)
        var index = 0
        while index < scalars.count {
            if scalars[index...].starts(with: needle) {
                index += needle.count
            } else {
                result.append(scalars[index])
                index += 1
            }
        }
        return String(result)
    }
}
