/// Reads the conditions of flow files:
///
///     stay_type = 临时 and not same_province(home_city, dest_city)
///     insurance in [职工, 灵活就业] or population is set
///     within(home_city, 山东省) and age >= 70
///
/// Words are separated by spaces or punctuation; a value may stand in double quotes. `slots.` before a name is allowed.
/// Time is linear in the length; nesting is bounded.
package struct ConditionParser {
    /// What is wrong and where: an offset in Unicode scalars of the text.
    package struct Mistake: Error, Equatable, Sendable {
        package var message: String
        package var offset: Int
    }

    private static let depthLimit = 32

    private let tokens: [Token]
    private let end: Int
    private var index = 0
    private var depth = 0
    /// Resolves a place as an author writes it (山东省) to its code.
    private let placeCode: (String) -> String?

    private init(tokens: [Token], end: Int, placeCode: @escaping (String) -> String?) {
        self.tokens = tokens
        self.end = end
        self.placeCode = placeCode
    }

    package static func parse(_ text: String, placeCode: @escaping (String) -> String?) throws(Mistake)
        -> Condition
    {
        let tokens = try tokenize(text)
        var parser = ConditionParser(tokens: tokens, end: text.unicodeScalars.count, placeCode: placeCode)
        let condition = try parser.alternatives()
        if let extra = parser.current {
            throw Mistake(message: "`\(extra.text)` is not expected here", offset: extra.offset)
        }
        return condition
    }

    // MARK: Tokens

    private struct Token {
        var text: String
        var offset: Int
        var isQuoted = false
    }

    private static func tokenize(_ text: String) throws(Mistake) -> [Token] {
        var tokens: [Token] = []
        var word = String.UnicodeScalarView()
        var wordStart = 0
        var quoteStart: Int?
        func flush() {
            if !word.isEmpty { tokens.append(Token(text: String(word), offset: wordStart)) }
            word.removeAll()
        }
        for (offset, scalar) in text.unicodeScalars.enumerated() {
            if let start = quoteStart {
                if scalar == "\"" {
                    tokens.append(Token(text: String(word), offset: start, isQuoted: true))
                    word.removeAll()
                    quoteStart = nil
                } else {
                    word.append(scalar)
                }
                continue
            }
            switch scalar {
            case "\"":
                flush()
                quoteStart = offset
            case " ": flush()
            case "(", ")", "[", "]", ",":
                flush()
                tokens.append(Token(text: String(scalar), offset: offset))
            case "=", "!", "<", ">":
                let joins = !word.isEmpty && word.allSatisfy { "=!<>".unicodeScalars.contains($0) }
                if !joins { flush() }
                if word.isEmpty { wordStart = offset }
                word.append(scalar)
            default:
                if let first = word.first, "=!<>".unicodeScalars.contains(first) { flush() }
                if word.isEmpty { wordStart = offset }
                word.append(scalar)
            }
        }
        if let start = quoteStart { throw Mistake(message: "the quoted value has no end", offset: start) }
        flush()
        return tokens
    }

    // MARK: Grammar

    private var current: Token? { index < tokens.count ? tokens[index] : nil }

    private mutating func take(_ text: String) -> Bool {
        guard let token = current, !token.isQuoted, token.text == text else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ text: String) throws(Mistake) {
        guard take(text) else {
            throw Mistake(message: "`\(text)` is expected here", offset: current?.offset ?? end)
        }
    }

    private mutating func word(_ what: String) throws(Mistake) -> Token {
        guard let token = current, token.isQuoted || !["(", ")", "[", "]", ","].contains(token.text) else {
            throw Mistake(message: "\(what) is expected here", offset: current?.offset ?? end)
        }
        index += 1
        return token
    }

    private mutating func alternatives() throws(Mistake) -> Condition {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else {
            throw Mistake(message: "the condition is nested too deeply", offset: current?.offset ?? end)
        }
        var parts = [try conjunction()]
        while take("or") { parts.append(try conjunction()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conjunction() throws(Mistake) -> Condition {
        var parts = [try negation()]
        while take("and") { parts.append(try negation()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func negation() throws(Mistake) -> Condition {
        var isNegated = false
        while take("not") { isNegated.toggle() }
        let condition: Condition
        if take("(") {
            condition = try alternatives()
            try expect(")")
        } else {
            condition = try test()
        }
        return isNegated ? .not(condition) : condition
    }

    private mutating func test() throws(Mistake) -> Condition {
        let subject = try word("a slot or a test")
        if take("(") { return .holds(try predicate(subject)) }
        let slot = subject.text.hasPrefix("slots.") ? String(subject.text.dropFirst(6)) : subject.text
        if take("=") { return .equals(slot: slot, values: [try word("a value").text]) }
        if take("!=") { return .not(.equals(slot: slot, values: [try word("a value").text])) }
        if take("in") { return .equals(slot: slot, values: try list()) }
        if take("is") {
            let isNegated = take("not")
            try expect("set")
            return isNegated ? .not(.isSet(slot: slot)) : .isSet(slot: slot)
        }
        for comparison in ["<=", ">=", "<", ">"].compactMap(Condition.Comparison.init)
        where take(comparison.rawValue) {
            let bound = try word("a whole number")
            guard let number = Int(bound.text) else {
                throw Mistake(message: "`\(bound.text)` is not a whole number", offset: bound.offset)
            }
            return .compares(slot: slot, comparison, number)
        }
        throw Mistake(
            message: "`=`, `!=`, `in`, `is set` or a comparison is expected here",
            offset: current?.offset ?? end)
    }

    private mutating func list() throws(Mistake) -> [String] {
        try expect("[")
        var values = [try word("a value").text]
        while take(",") { values.append(try word("a value").text) }
        try expect("]")
        return values
    }

    private mutating func predicate(_ name: Token) throws(Mistake) -> Condition.Predicate {
        let first = try word("an argument")
        if let byReference = ["can_calculate": false, "can_estimate": true][name.text] {
            try expect(")")
            return .canCalculate(sum: first.text, byReference: byReference)
        }
        try expect(",")
        let second = try word("an argument")
        if name.text == "has_rule" {
            try expect(",")
            let slot = try word("an argument")
            let people = take(",") ? try word("an argument").text : nil
            try expect(")")
            return .hasRule(topic: first.text, attribute: second.text, slot: slot.text, people: people)
        }
        try expect(")")
        switch name.text {
        case "same_province": return .sameProvince(first.text, second.text)
        case "same_city": return .sameCity(first.text, second.text)
        case "within":
            guard let code = placeCode(second.text) else {
                throw Mistake(message: "no division is called `\(second.text)`", offset: second.offset)
            }
            return .within(slot: first.text, place: code)
        case "has_local_facts": return .hasLocalFacts(topic: first.text, slot: second.text)
        case "calculation_needs": return .calculationNeeds(sum: first.text, slot: second.text)
        default:
            throw Mistake(
                message:
                    "no test is called `\(name.text)`; there are same_province, same_city, within, has_local_facts, has_rule, calculation_needs, can_calculate and can_estimate",
                offset: name.offset)
        }
    }
}
