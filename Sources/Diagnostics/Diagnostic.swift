/// One mistake of an author, and the way out.
package struct Diagnostic: Sendable {
    package enum Severity: String, Sendable, CaseIterable {
        /// What was written cannot be used.
        case error
        /// It can be used, but is probably not what was meant.
        case warning
        case note
    }

    /// A stretch of a file with a few words beside it.
    package struct Label: Sendable {
        package var file: SourceFile
        package var span: SourceSpan
        package var text: String

        package init(_ file: SourceFile, _ span: SourceSpan, _ text: String = "") {
            self.file = file
            self.span = span
            self.text = text
        }
    }

    package var severity: Severity
    package var code: DiagnosticCode
    /// What is wrong: lowercase, names in backticks, no full stop.
    package var message: String
    /// Where; `text` says what was expected there.
    package var primary: Label
    /// The other place, when two disagree.
    package var secondary: Label?
    /// A statement that helps to mend it.
    package var hint: String?

    package init(
        _ severity: Severity = .error, _ code: DiagnosticCode, _ message: String, at primary: Label,
        and secondary: Label? = nil, hint: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.primary = primary
        self.secondary = secondary
        self.hint = hint
    }
}

extension Diagnostic {
    /// By file and position; what stands at one place keeps a fixed order too, so that a report never depends
    /// on the order in which files were read.
    package static func precedes(_ left: Diagnostic, _ right: Diagnostic) -> Bool {
        let (a, b) = (left.primary, right.primary)
        if a.file.path != b.file.path { return a.file.path < b.file.path }
        if a.span.start != b.span.start { return a.span.start < b.span.start }
        return (left.code.id, left.message) < (right.code.id, right.message)
    }
}

extension [Diagnostic] {
    package var hasErrors: Bool { contains { $0.severity == .error } }

    package func sortedByPosition() -> [Diagnostic] { sorted(by: Diagnostic.precedes) }

    package func count(of severity: Diagnostic.Severity) -> Int { count { $0.severity == severity } }
}

/// Where the checks of a file put what they find. Belongs to one thread.
package final class DiagnosticCollector {
    package private(set) var diagnostics: [Diagnostic] = []

    package init() {}

    package var hasErrors: Bool { diagnostics.hasErrors }

    package func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

    package func report(_ more: [Diagnostic]) { diagnostics += more }

    package func error(
        _ code: DiagnosticCode, _ message: String, at primary: Diagnostic.Label,
        and secondary: Diagnostic.Label? = nil, hint: String? = nil
    ) {
        report(Diagnostic(.error, code, message, at: primary, and: secondary, hint: hint))
    }

    package func warning(
        _ code: DiagnosticCode, _ message: String, at primary: Diagnostic.Label,
        and secondary: Diagnostic.Label? = nil, hint: String? = nil
    ) {
        report(Diagnostic(.warning, code, message, at: primary, and: secondary, hint: hint))
    }
}
