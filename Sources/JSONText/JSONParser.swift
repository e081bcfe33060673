/// Reads one JSON text (RFC 8259) of UTF-8 bytes, strictly: whatever two readers might take differently is
/// refused.
///
/// Time is linear in the length of the text. Values nest by recursion, which the depth limit bounds.
package struct JSONParser {
    package struct Limits: Sendable {
        /// How deep arrays and objects may stand in each other; never more than 512.
        package var depth: Int

        package init(depth: Int = 32) { self.depth = min(depth, 512) }
    }

    let start: UnsafePointer<UInt8>
    let count: Int
    let limits: Limits
    /// The next byte to read.
    var position = 0

    package static func parse(_ bytes: [UInt8], limits: Limits = Limits()) throws(JSONError) -> JSONValue {
        try bytes.withUnsafeBytes { buffer in outcome(of: buffer, limits) }.get()
    }

    package static func parse(
        _ bytes: UnsafeRawBufferPointer,
        limits: Limits = Limits()
    ) throws(JSONError) -> JSONValue {
        try outcome(of: bytes, limits).get()
    }

    private static func outcome(
        of bytes: UnsafeRawBufferPointer,
        _ limits: Limits
    ) -> Result<JSONValue, JSONError> {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return .failure(JSONError(.empty, at: 0)) }
        var parser = JSONParser(
            start: base.assumingMemoryBound(to: UInt8.self), count: bytes.count, limits: limits)
        do throws(JSONError) {
            return .success(try parser.document())
        } catch {
            return .failure(error)
        }
    }

    private init(start: UnsafePointer<UInt8>, count: Int, limits: Limits) {
        self.start = start
        self.count = count
        self.limits = limits
    }

    private mutating func document() throws(JSONError) -> JSONValue {
        // RFC 8259, section 8.1: "Implementations MUST NOT add a byte order mark"; we take none either.
        if count >= 3, start[0] == 0xEF, start[1] == 0xBB, start[2] == 0xBF {
            throw JSONError(.byteOrderMark, at: 0)
        }
        skipSpace()
        if position == count { throw JSONError(.empty, at: position) }
        let value = try value(depth: 0)
        skipSpace()
        if position != count { throw JSONError(.trailingText, at: position) }
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        switch try byte() {
        case ASCII.quote: return .string(try string())
        case ASCII.openBrace: return try object(depth: depth + 1)
        case ASCII.openBracket: return try array(depth: depth + 1)
        case UInt8(ascii: "t"):
            try word("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try word("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try word("null")
            return .null
        case ASCII.minus, ASCII.zero...ASCII.nine: return try number()
        default: throw JSONError(.unexpectedByte, at: position)
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        if depth > limits.depth { throw JSONError(.tooDeep, at: position) }
        position += 1
        var members: [JSONMember] = []
        skipSpace()
        if try byte() == ASCII.closeBrace {
            position += 1
            return .object(members)
        }
        members.reserveCapacity(4)
        var names = MemberNames()
        while true {
            guard try byte() == ASCII.quote else { throw JSONError(.unexpectedByte, at: position) }
            let place = position
            let name = try string()
            guard names.insert(name, after: members) else { throw JSONError(.duplicateKey, at: place) }
            skipSpace()
            guard try byte() == ASCII.colon else { throw JSONError(.unexpectedByte, at: position) }
            position += 1
            skipSpace()
            members.append(JSONMember(name, try value(depth: depth)))
            skipSpace()
            if try !another(closing: ASCII.closeBrace) { return .object(members) }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        if depth > limits.depth { throw JSONError(.tooDeep, at: position) }
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if try byte() == ASCII.closeBracket {
            position += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(depth: depth))
            skipSpace()
            if try !another(closing: ASCII.closeBracket) { return .array(elements) }
        }
    }

    /// After an element: true at a comma, which it passes over with the space after it; false at the closing
    /// bracket.
    private mutating func another(closing: UInt8) throws(JSONError) -> Bool {
        let next = try byte()
        guard next == ASCII.comma || next == closing else { throw JSONError(.unexpectedByte, at: position) }
        position += 1
        if next == closing { return false }
        skipSpace()
        return true
    }

    private mutating func word(_ word: StaticString) throws(JSONError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard try byte() == word.utf8Start[index] else { throw JSONError(.unexpectedByte, at: position) }
            position += 1
        }
    }

    private mutating func skipSpace() {
        while position < count {
            let byte = start[position]
            guard
                byte == ASCII.space || byte == ASCII.lineFeed || byte == ASCII.carriageReturn
                    || byte == ASCII.tab
            else { return }
            position += 1
        }
    }

    /// The byte at the position.
    func byte() throws(JSONError) -> UInt8 {
        guard position < count else { throw JSONError(.cutShort, at: position) }
        return start[position]
    }
}

/// The names that an object has so far. Few are compared one by one; many go into a set, so that reading
/// stays linear.
private struct MemberNames {
    /// A name that equals another only byte for byte.
    private struct Name: Hashable {
        let text: String

        static func == (left: Name, right: Name) -> Bool { left.text.hasBytes(of: right.text) }

        func hash(into hasher: inout Hasher) {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }

    private static let few = 12
    private var set: Set<Name> = []

    /// False when one of the members has that name already.
    mutating func insert(_ name: String, after members: [JSONMember]) -> Bool {
        if members.count < Self.few {
            for member in members where member.name.hasBytes(of: name) { return false }
            return true
        }
        if set.isEmpty { set = Set(members.map { Name(text: $0.name) }) }
        return set.insert(Name(text: name)).inserted
    }
}
