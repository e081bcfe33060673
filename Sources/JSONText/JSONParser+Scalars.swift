// Strings and numbers.
extension JSONParser {
    /// The string whose opening quote is at the position.
    mutating func string() throws(JSONError) -> String {
        position += 1
        let first = position
        skipPlain()
        guard try byte() == ASCII.quote else { return try stringWithEscapes(from: first) }
        position += 1
        return try text(UnsafeBufferPointer(start: start + first, count: position - 1 - first), from: first)
    }

    /// Goes to the next quote, backslash or control character, or to the end.
    private mutating func skipPlain() {
        while position < count {
            let byte = start[position]
            if byte == ASCII.quote || byte == ASCII.backslash || byte < ASCII.space { return }
            position += 1
        }
    }

    private mutating func stringWithEscapes(from first: Int) throws(JSONError) -> String {
        var bytes: [UInt8] = []
        var run = first
        while true {
            bytes.append(contentsOf: UnsafeBufferPointer(start: start + run, count: position - run))
            switch try byte() {
            case ASCII.quote:
                position += 1
                return try bytes.withUnsafeBufferPointer { buffer in checked(buffer) }.get(at: first)
            case ASCII.backslash:
                try escape(into: &bytes)
            case 0: throw JSONError(.nulCharacter, at: position)
            default: throw JSONError(.controlCharacter, at: position)
            }
            run = position
            skipPlain()
        }
    }

    private mutating func escape(into bytes: inout [UInt8]) throws(JSONError) {
        let place = position
        position += 1
        let letter = try byte()
        position += 1
        switch letter {
        case ASCII.quote, ASCII.backslash, ASCII.slash: bytes.append(letter)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(ASCII.lineFeed)
        case UInt8(ascii: "r"): bytes.append(ASCII.carriageReturn)
        case UInt8(ascii: "t"): bytes.append(ASCII.tab)
        case UInt8(ascii: "u"): bytes.append(contentsOf: UTF8.encode(try escapedScalar(at: place)) ?? .init())
        default: throw JSONError(.badEscape, at: place)
        }
    }

    /// The scalar of an escape by four hexadecimal digits, or of two that form a surrogate pair (RFC 8259, section 7); the
    /// position is after the first `u`.
    private mutating func escapedScalar(at place: Int) throws(JSONError) -> Unicode.Scalar {
        var code = try fourHexDigits(at: place)
        if code == 0 { throw JSONError(.nulCharacter, at: place) }
        if (0xD800..<0xDC00).contains(code), position + 1 < count, start[position] == ASCII.backslash,
            start[position + 1] == UInt8(ascii: "u")
        {
            position += 2
            let low = try fourHexDigits(at: place)
            guard (0xDC00..<0xE000).contains(low) else { throw JSONError(.loneSurrogate, at: place) }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw JSONError(.loneSurrogate, at: place) }
        return scalar
    }

    private mutating func fourHexDigits(at place: Int) throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            let digit = try byte()
            position += 1
            switch digit {
            case ASCII.zero...ASCII.nine: code = code << 4 | UInt32(digit - ASCII.zero)
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                code = code << 4 | UInt32(digit - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"):
                code = code << 4 | UInt32(digit - UInt8(ascii: "A") + 10)
            default: throw JSONError(.badEscape, at: place)
            }
        }
        return code
    }

    /// The number that begins at the position. Its digits are only counted unless it is a small integer.
    mutating func number() throws(JSONError) -> JSONValue {
        let first = position
        let isNegative = start[position] == ASCII.minus
        if isNegative { position += 1 }
        let digits = position
        try skipDigits()
        if start[digits] == ASCII.zero, position - digits > 1 { throw JSONError(.badNumber, at: digits) }
        var isWhole = true
        if position < count, start[position] == ASCII.point {
            isWhole = false
            position += 1
            try skipDigits()
        }
        if position < count, start[position] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            position += 1
            let sign = try byte()
            if sign == ASCII.plus || sign == ASCII.minus { position += 1 }
            try skipDigits()
        }
        if isWhole, let integer = integer(from: digits, isNegative: isNegative) { return .integer(integer) }
        let literal = UnsafeBufferPointer(start: start + first, count: position - first)
        return .number(String(decoding: literal, as: UTF8.self))
    }

    /// Passes over one digit or more.
    private mutating func skipDigits() throws(JSONError) {
        guard ASCII.isDigit(try byte()) else { throw JSONError(.badNumber, at: position) }
        while position < count, ASCII.isDigit(start[position]) { position += 1 }
    }

    /// The value of the digits up to the position; nil when no `Int` holds it.
    private func integer(from digits: Int, isNegative: Bool) -> Int? {
        guard position - digits <= 19 else { return nil }
        var value: UInt64 = 0
        for index in digits..<position { value = value * 10 + UInt64(start[index] - ASCII.zero) }
        if !isNegative { return Int(exactly: value) }
        if value == 0 { return nil }
        return value <= UInt64(Int.max) ? -Int(value) : value == UInt64(Int.max) + 1 ? Int.min : nil
    }
}

// Bytes to text.
extension JSONParser {
    private func text(_ bytes: UnsafeBufferPointer<UInt8>, from first: Int) throws(JSONError) -> String {
        try checked(bytes).get(at: first)
    }

    private func checked(_ bytes: UnsafeBufferPointer<UInt8>) -> CheckedText {
        if let valid = try? UTF8Span(validating: bytes.span) {
            return CheckedText(text: String(copying: valid), valid: bytes.count)
        }
        return CheckedText(text: nil, valid: Self.validPrefix(of: bytes))
    }

    /// How many bytes from the start are whole, well-formed characters.
    private static func validPrefix(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var decoder = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var valid = 0
        while case .valid(let scalar) = decoder.parseScalar(from: &iterator) { valid += scalar.count }
        return valid
    }
}

/// Bytes as text, or how many of them were text.
private struct CheckedText {
    var text: String?
    var valid: Int

    func get(at first: Int) throws(JSONError) -> String {
        guard let text else { throw JSONError(.invalidUTF8, at: first + valid) }
        return text
    }
}
