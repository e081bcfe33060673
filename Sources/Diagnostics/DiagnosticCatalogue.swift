import Language

/// The codes of all areas, for `daoban explain`.
package struct DiagnosticCatalogue: Sendable {
    /// Sorted by id.
    package let codes: [DiagnosticCode]

    package init(_ codes: [DiagnosticCode]) {
        self.codes = codes.sorted { $0.id < $1.id }
    }

    package func code(_ id: String) -> DiagnosticCode? { codes.first { $0.id == id } }

    /// The long form of a code as `daoban explain` prints it; nil for an unknown one.
    package func explanation(of id: String) -> String? {
        guard let code = code(id) else { return nil }
        return """
            \(code.id): \(code.title)

            \(code.explanation)

            Mistaken:

            \(indented(code.mistake))

            Mended:

            \(indented(code.mended))

            """
    }

    /// A hint for a code that does not exist.
    package func hint(for id: String) -> String? {
        NameSuggestion.hint(for: id, among: codes.map(\.id), kind: "code")
    }

    private func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
    }
}
