import Language

/// A manner in which the lines of a script are said once more, by which they mean the same: politely, in haste, with thanks, twice.
/// What is expected of the conversation stays (metamorphic testing: Chen, Cheung and Yiu, “Metamorphic Testing”, 1998).
package struct LineDressing: Sendable {
    /// As a report names it.
    package let name: String
    private let dress: @Sendable (String) -> String?

    package static let all = [
        around("请问", ""), around("嗯，", ""), around("那个，", ""), around("老师您好，打扰了，我想咨询一下，", ""),
        around("", "啊"),
        around("", "，谢谢"), around("", "！急，在线等"), around("", "哈哈😊"), around("", "，好吗"),
        LineDressing(name: "…×2") { "\($0) \($0)" },
        LineDressing(name: "… … …") { line in
            line.count <= longestSpaced && line.unicodeScalars.allSatisfy { !ScalarClass.isWord($0.value) }
                ? line.map(String.init).joined(separator: " ") : nil
        },
    ]

    private static func around(_ before: String, _ after: String) -> LineDressing {
        LineDressing(name: "\(before)…\(after)") { line in
            // Behind a mark that ends the line none is said.
            guard let last = line.unicodeScalars.last, !after.isEmpty, isEnd(last) else {
                return before + line + after
            }
            return String(line.dropLast()) + after
        }
    }

    private static func isEnd(_ scalar: Unicode.Scalar) -> Bool { "。？?！!".unicodeScalars.contains(scalar) }

    /// As many letters as are spaced out.
    private static let longestSpaced = 12
    /// A line of fewer letters may be a greeting or thanks itself.
    private static let fewestLetters = 4

    /// The line in this manner; nil where it is too short for one, or not Chinese.
    package func dressed(_ line: String) -> String? {
        let letters = line.unicodeScalars.filter { ScalarClass.isMeaningful($0.value) }
        guard letters.count >= Self.fewestLetters, letters.contains(where: { ScalarClass.isHan($0.value) })
        else {
            return nil
        }
        return dress(line)
    }
}

extension Script {
    /// The same conversation with its lines in another manner; nil where none of them can be.
    package func dressed(as dressing: LineDressing) -> Script? {
        var script = self
        var isDressed = false
        for index in script.turns.indices {
            guard case .say(let line) = script.turns[index].action, let dressed = dressing.dressed(line)
            else {
                continue
            }
            script.turns[index].action = .say(dressed)
            isDressed = true
        }
        script.name += "（\(dressing.name)）"
        return isDressed ? script : nil
    }
}
