/// What a slot is filled with, and how that came about.
package struct SlotValue: Hashable, Sendable {
    /// How the value came about.
    package enum Origin: String, Sendable {
        /// The person said it.
        case said
        /// The person picked it among the choices.
        case chosen
        /// It follows from other slots.
        case derived
        /// The person asked whether it may be so: it answers that, and then what was known holds again.
        case supposed
        /// The client gave it when the conversation began.
        case profile
    }

    /// The resolved value: a division code, a value of the slot's table, a decimal number. A slot that takes several has
    /// them one after another, with `separator` between.
    package var value: String
    /// What people say for it (聊城市).
    package var text: String
    /// The person's own words.
    package var raw: String
    package var origin: Origin
    /// The turn that filled it.
    package var turn: Int

    package init(value: String, text: String, raw: String, origin: Origin, turn: Int) {
        self.value = value
        self.text = text
        self.raw = raw
        self.origin = origin
        self.turn = turn
    }

    /// Stands between the values of a slot that takes several, in `value` and in `text`.
    package static let separator = "、"

    /// The values one by one.
    package var values: [String] { value.split(separator: "、").map(String.init) }

    /// The two figures between which it lies (20000-30000); one alone when it is exact.
    package var ends: [String] {
        guard origin == .said, let dash = value.dropFirst().firstIndex(of: "-") else { return [value] }
        let ends = [value[..<dash], value[value.index(after: dash)...]]
        return ends.allSatisfy(Self.isFigure) ? ends.map(String.init) : [value]
    }

    /// Whether it is digits with a sign or a point at most.
    private static func isFigure(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2D }
    }

    /// Whether it is that value, or holds it among several.
    package func isOrHolds(_ other: String) -> Bool { Self.does(value, equalOrHold: other) }

    /// The same for a value alone.
    package static func does(_ value: String, equalOrHold other: String) -> Bool {
        if value == other { return true }
        // Most have no separator; its first byte begins no character of the values.
        guard value.utf8.count > other.utf8.count + separator.utf8.count, value.utf8.contains(0xE3) else {
            return false
        }
        return value.split(separator: "、").contains { $0 == other }
    }
}
