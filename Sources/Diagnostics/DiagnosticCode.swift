/// The stable name of a kind of mistake, with the long explanation that `daoban explain` gives.
///
/// A code carries its own explanation, so that none can exist without one. Each area declares its codes as
/// static members in an extension of its own, and lists them for the catalogue.
package struct DiagnosticCode: Sendable {
    /// Lowercase words with hyphens: `unknown-slot`.
    package let id: String
    /// What is wrong, in a few words.
    package let title: String
    /// Why it is a mistake and what to do.
    package let explanation: String
    /// A file, or a part of one, that has the mistake.
    package let mistake: String
    /// The same, mended.
    package let mended: String

    package init(_ id: String, _ title: String, explanation: String, mistake: String, mended: String) {
        self.id = id
        self.title = title
        self.explanation = explanation
        self.mistake = mistake
        self.mended = mended
    }
}

extension DiagnosticCode: Hashable {
    package static func == (left: DiagnosticCode, right: DiagnosticCode) -> Bool { left.id == right.id }
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
