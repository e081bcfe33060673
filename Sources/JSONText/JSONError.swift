/// Why a text is not JSON as we take it, and at which byte that showed.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// Nothing but white space.
        case empty
        /// The text ends in the middle of a value.
        case cutShort = "cut_short"
        case unexpectedByte = "unexpected_byte"
        /// Something stands after the value.
        case trailingText = "trailing_text"
        case tooDeep = "too_deep"
        /// An object has two members of one name: readers would disagree on which counts.
        case duplicateKey = "duplicate_key"
        case byteOrderMark = "byte_order_mark"
        case badEscape = "bad_escape"
        /// Half of a surrogate pair, which is no character.
        case loneSurrogate = "lone_surrogate"
        /// U+0000, which C and SQL would take for the end of the text.
        case nulCharacter = "nul_character"
        /// A control character that is not escaped.
        case controlCharacter = "control_character"
        case badNumber = "bad_number"
        case invalidUTF8 = "invalid_utf8"
    }

    package let code: Code
    /// Bytes before the place of the error.
    package let offset: Int

    package init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }

    package var description: String { "\(code.rawValue) at byte \(offset)" }
}
