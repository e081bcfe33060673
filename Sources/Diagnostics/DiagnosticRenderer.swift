/// Writes a report of diagnostics: for people, for editors, for code hosts.
package enum DiagnosticRenderer {
    package enum Format: String, Sendable, CaseIterable {
        case human, json
        /// Static Analysis Results Interchange Format 2.1.0.
        case sarif
    }

    /// The whole report, sorted by file and position, ending in a line break.
    package static func report(_ diagnostics: [Diagnostic], as format: Format, version: String) -> String {
        let sorted = diagnostics.sortedByPosition()
        return switch format {
        case .human: sorted.map { human($0) + "\n" }.joined() + summary(of: sorted) + "\n"
        case .json: json(sorted)
        case .sarif: sarif(sorted, version: version)
        }
    }

    /// `2 errors, 1 warning`; `no mistakes` when there are none.
    package static func summary(of diagnostics: [Diagnostic]) -> String {
        let parts = Diagnostic.Severity.allCases.compactMap { severity -> String? in
            let count = diagnostics.count(of: severity)
            return count == 0 ? nil : "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
        }
        return parts.isEmpty ? "no mistakes" : parts.joined(separator: ", ")
    }
}
