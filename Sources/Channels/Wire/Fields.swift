package import JSONText

/// Takes typed members out of an object that a client sent; the first that is wrong is the error. Members
/// that nobody asks for are left alone, so that newer clients can talk to older servers.
struct Fields {
    /// Integers above it are not kept exactly by every reader of JSON (RFC 8259, section 6).
    static let largestInteger = 9_007_199_254_740_991

    private let object: JSONValue
    /// Goes into every error.
    var id: String?

    init(_ object: JSONValue) { self.object = object }

    func has(_ name: String) -> Bool { object[name] != nil }

    /// A text that must be there.
    func text(_ name: String, atMost limit: Int) throws(FrameError) -> String {
        guard let value = object[name], let text = value.string else { throw bad(name, "a string") }
        guard text.utf8.count <= limit else { throw bad(name, "at most \(limit) bytes long") }
        return text
    }

    /// A text that may be missing; `null` counts as missing.
    func optionalText(_ name: String, atMost limit: Int) throws(FrameError) -> String? {
        guard let value = object[name], value != .null else { return nil }
        return try text(name, atMost: limit)
    }

    func integer(_ name: String, atLeast least: Int) throws(FrameError) -> Int {
        guard let number = object[name]?.integer, (least...Self.largestInteger).contains(number) else {
            throw bad(name, "an integer from \(least) to \(Self.largestInteger)")
        }
        return number
    }

    func flag(_ name: String) throws(FrameError) -> Bool {
        guard let value = object[name], value != .null else { return false }
        guard let flag = value.bool else { throw bad(name, "true or false") }
        return flag
    }

    func list(_ name: String) -> [JSONValue]? { object[name]?.array }

    /// The id of a frame.
    func identifier() throws(FrameError) -> String {
        guard let text = object["id"]?.string, Self.isIdentifier(text) else {
            throw bad("id", "1 to 64 letters, digits, hyphens and underscores")
        }
        return text
    }

    /// The id, when there is one that can be given back.
    var readableIdentifier: String? { object["id"]?.string.flatMap { Self.isIdentifier($0) ? $0 : nil } }

    /// A text from the person: too long is an error of its own.
    func utterance(_ name: String, atMost limit: Int) throws(FrameError) -> String {
        let text = try text(name, atMost: .max)
        guard text.utf8.count <= limit else {
            throw FrameError(
                .textTooLong, "`\(name)` must be at most \(limit) bytes long", id: id, field: name)
        }
        return text
    }

    func profile(_ name: String) throws(FrameError) -> [ClientFrame.ProfileEntry] {
        guard let value = object[name], value != .null else { return [] }
        guard let profile = ClientFrame.ProfileEntry.list(value) else {
            throw bad(name, ClientFrame.ProfileEntry.expectation)
        }
        return profile
    }

    func bad(_ name: String, _ expectation: String) -> FrameError { .badField(name, expectation, id: id) }

    static func isIdentifier(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}

extension ClientFrame.ProfileEntry {
    package static let expectation = "an object of at most 32 strings of at most 256 bytes"

    /// The entries of an object; nil when it is not as expected.
    package static func list(_ value: JSONValue) -> [Self]? {
        guard let members = value.members, members.count <= 32 else { return nil }
        var list: [Self] = []
        for member in members {
            guard let text = member.value.string, text.utf8.count <= 256, member.name.utf8.count <= 64 else {
                return nil
            }
            list.append(Self(member.name, text))
        }
        return list
    }
}
