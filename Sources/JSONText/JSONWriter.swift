/// Writes compact JSON into a byte buffer, member by member, in the order of the calls.
///
/// The caller keeps brackets paired and keys before values; commas come by themselves. A transport that wants
/// to put a header of its own in front asks for head room: so many bytes of the buffer come before the text.
package struct JSONWriter: Sendable {
    /// Head room, then what was written so far.
    package private(set) var bytes: [UInt8]
    package let headRoom: Int
    private var needsComma = false

    package init(headRoom: Int = 0, capacity: Int = 512) {
        self.headRoom = headRoom
        bytes = []
        bytes.reserveCapacity(headRoom + capacity)
        bytes.append(contentsOf: repeatElement(0, count: headRoom))
    }

    /// What was written, without the head room.
    package var body: ArraySlice<UInt8> { bytes[headRoom...] }

    /// What was written, as text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// Forgets what was written and keeps the memory.
    package mutating func reset() {
        bytes.removeSubrange(headRoom...)
        needsComma = false
    }

    package mutating func beginObject() { open(ASCII.openBrace) }
    package mutating func endObject() { close(ASCII.closeBrace) }
    package mutating func beginArray() { open(ASCII.openBracket) }
    package mutating func endArray() { close(ASCII.closeBracket) }

    /// A name that needs no escaping.
    package mutating func key(_ name: StaticString) {
        put(Self.bytes(of: name), between: ASCII.quote, ASCII.quote, ASCII.colon)
        needsComma = false
    }

    /// Any name.
    @_disfavoredOverload
    package mutating func key(_ name: String) {
        quote(name)
        bytes.append(ASCII.colon)
        needsComma = false
    }

    package mutating func string(_ text: String) { quote(text) }

    /// A text that needs no escaping.
    @_disfavoredOverload
    package mutating func string(_ text: StaticString) {
        put(Self.bytes(of: text), between: ASCII.quote, ASCII.quote)
        needsComma = true
    }

    package mutating func bool(_ truth: Bool) {
        separate()
        append(truth ? "true" : "false")
    }

    package mutating func null() {
        separate()
        append("null")
    }

    package mutating func integer(_ number: Int) {
        separate()
        if number < 0 { bytes.append(ASCII.minus) }
        digits(number.magnitude)
    }

    /// At most four decimals, none that is a trailing zero: the same number is the same bytes everywhere.
    /// What is no number, and what is too great to have decimals, is null.
    package mutating func double(_ number: Double) {
        let scaled = (number.magnitude * 10_000).rounded()
        guard scaled < 9e15 else { return null() }
        separate()
        let whole = UInt(scaled)
        if number < 0, whole > 0 { bytes.append(ASCII.minus) }
        digits(whole / 10_000)
        var fraction = whole % 10_000
        if fraction == 0 { return }
        bytes.append(ASCII.point)
        var unit: UInt = 1000
        while fraction > 0 {
            bytes.append(ASCII.zero + UInt8(fraction / unit))
            fraction %= unit
            unit /= 10
        }
    }

    /// A value that is JSON already.
    package mutating func raw(_ json: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    /// More of a value whose first part was raw; ends where a member or a bracket may follow.
    package mutating func splice(_ json: some Collection<UInt8>) {
        bytes.append(contentsOf: json)
        needsComma = true
    }

    /// Any value, in the order of its members.
    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let truth): bool(truth)
        case .integer(let number): integer(number)
        case .number(let literal): raw(literal.utf8)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let members):
            beginObject()
            for member in members {
                key(member.name)
                self.value(member.value)
            }
            endObject()
        }
    }
}

extension JSONWriter {
    private mutating func open(_ bracket: UInt8) {
        if needsComma { bytes.append(ASCII.comma) }
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(ASCII.comma) }
        needsComma = true
    }

    private static func bytes(of text: StaticString) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    private mutating func append(_ text: StaticString) { bytes.append(contentsOf: Self.bytes(of: text)) }

    private mutating func digits(_ number: UInt) {
        if number < 10 { return bytes.append(ASCII.zero + UInt8(number)) }
        var unit: UInt = 10
        while number / unit >= 10 { unit *= 10 }
        while unit > 0 {
            bytes.append(ASCII.zero + UInt8(number / unit % 10))
            unit /= 10
        }
    }

    /// A comma when one is due, then the run between the bytes around it, in one go: the buffer is checked once.
    private mutating func put(
        _ run: UnsafeBufferPointer<UInt8>, between first: UInt8, _ last: UInt8, _ end: UInt8? = nil
    ) {
        let needsComma = needsComma
        bytes.append(addingCapacity: run.count + 4) { span in
            span.withUnsafeMutableBufferPointer { buffer, count in
                func add(_ byte: UInt8) {
                    buffer[count] = byte
                    count += 1
                }
                if needsComma { add(ASCII.comma) }
                add(first)
                if let source = run.baseAddress, let target = buffer.baseAddress {
                    (target + count).update(from: source, count: run.count)
                    count += run.count
                }
                add(last)
                if let end { add(end) }
            }
        }
    }

    private mutating func quote(_ text: String) {
        var text = text
        text.withUTF8 { buffer in
            guard let start = buffer.baseAddress, !isPlain(start, buffer.count) else {
                return put(buffer, between: ASCII.quote, ASCII.quote)
            }
            separate()
            bytes.append(ASCII.quote)
            escape(start, count: buffer.count)
            bytes.append(ASCII.quote)
        }
        needsComma = true
    }

    private func isPlain(_ start: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        JSONEscapes.plainEnd(start, from: 0, count: count) == count
    }

    /// Copies runs that need no escaping whole.
    private mutating func escape(_ start: UnsafePointer<UInt8>, count: Int) {
        var run = 0
        var position = 0
        while true {
            position = JSONEscapes.plainEnd(start, from: position, count: count)
            guard position < count else { break }
            guard let (escape, length) = JSONEscapes.escape(start + position, count: count - position) else {
                position += 1
                continue
            }
            bytes.append(contentsOf: UnsafeBufferPointer(start: start + run, count: position - run))
            append(escape)
            position += length
            run = position
        }
        bytes.append(contentsOf: UnsafeBufferPointer(start: start + run, count: count - run))
    }
}
