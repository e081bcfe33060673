import Language

/// Finds what a misspelt name was meant to be, and says so as a hint.
package enum NameSuggestion {
    /// How many names a hint lists when none is near.
    private static let listed = 8

    /// The nearest name within two edits, or one for names under three letters.
    package static func nearest(to name: String, among names: [String]) -> String? {
        EditDistance.nearest(to: name, among: names)
    }

    /// A statement that helps: the nearest name or, when none is near, the names there are. `kind` is what
    /// the names are, such as `key` or `declared slot`.
    package static func hint(for name: String, among names: [String], kind: String) -> String? {
        if let nearest = nearest(to: name, among: names) { return "the nearest \(kind) is `\(nearest)`" }
        guard !names.isEmpty else { return nil }
        let shown = names.prefix(listed).map { "`\($0)`" }.joined(separator: ", ")
        if names.count == 1 { return "the only \(kind) is \(shown)" }
        let rest = names.count > listed ? " and \(names.count - listed) more" : ""
        return "the \(kind)s are \(shown)\(rest)"
    }
}
