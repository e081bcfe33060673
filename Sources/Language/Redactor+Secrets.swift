/// Passwords and codes that are named as such: 密码是123456, 验证码：884213. What follows the name is masked to the last character.
extension Redactor {
    private static let secretNames = [
        "密码", "验证码", "校验码", "动态码", "短信码", "安全码", "口令", "password", "passcode", "pin code",
        "verification code",
    ].map { Array($0.unicodeScalars) }

    /// What may stand between the name and what it names, and says that this is it.
    private static let statingWords = ["就是", "是", "为", "is ", ":", "：", "=", "＝"].map {
        Array($0.unicodeScalars)
    }

    /// What a number in front of them counts: no password (密码6位, 验证码120秒).
    private static let countedUnits: Set<Unicode.Scalar> = [
        "位", "次", "秒", "分", "天", "年", "个", "元", "块", "小", "月",
    ]

    /// Where they stand.
    static func secrets(in scalars: [Unicode.Scalar]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for index in scalars.indices where endsName(scalars[index]) {
            guard secretNames.contains(where: { ends(with: $0, at: index, in: scalars) }),
                let range = secret(after: index, in: scalars)
            else { continue }
            found.append(range)
        }
        return found
    }

    /// The last characters of the names: whatever ends otherwise need not be compared.
    private static func endsName(_ scalar: Unicode.Scalar) -> Bool {
        ["码", "令", "d", "D", "e", "E"].contains(scalar)
    }

    private static func ends(with name: [Unicode.Scalar], at end: Int, in scalars: [Unicode.Scalar]) -> Bool {
        guard end + 1 >= name.count else { return false }
        return zip(name, scalars[(end + 1 - name.count)...end]).allSatisfy { $0 == lowercased($1) }
    }

    private static func lowercased(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        scalar.isASCII ? scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar : scalar
    }

    private static func secret(after name: Int, in scalars: [Unicode.Scalar]) -> Range<Int>? {
        var start = name + 1
        var isStated = false
        func skipSpace() {
            while start < scalars.count, scalars[start] == " " || isInvisible(scalars[start]) { start += 1 }
        }
        skipSpace()
        while let word = statingWords.first(where: { scalars[start...].starts(with: $0) }) {
            start += word.count
            isStated = true
            skipSpace()
        }
        var end = start
        var count = 0
        var hasDigit = false
        while end < scalars.count, isPartOfSecret(scalars[end]) || isInvisible(scalars[end]) {
            hasDigit = hasDigit || digit(scalars[end]) != nil
            count += isInvisible(scalars[end]) ? 0 : 1
            end += 1
        }
        if end < scalars.count, countedUnits.contains(scalars[end]) { return nil }
        // A word alone may go on the sentence (密码app里改).
        return count >= (hasDigit ? 4 : isStated ? 6 : .max) ? start..<end : nil
    }

    private static func isPartOfSecret(_ scalar: Unicode.Scalar) -> Bool {
        if digit(scalar) != nil { return true }
        guard scalar.isASCII else { return false }
        return scalar.properties.isAlphabetic
            || ["!", "@", "#", "$", "%", "^", "&", "_", "-", "+"].contains(scalar)
    }
}
