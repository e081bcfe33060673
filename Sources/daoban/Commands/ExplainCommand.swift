import ArgumentParser
import Authoring
import Diagnostics

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "The long form of a diagnostic.")

    @Argument(help: "The code in brackets, such as unknown-slot.") var code: String

    func run() throws {
        let catalogue = DiagnosticCatalogue(
            DiagnosticCode.files + DiagnosticCode.tables + DiagnosticCode.dialogs)
        guard let text = catalogue.explanation(of: code) else {
            let hint = catalogue.hint(for: code).map { "; \($0)" } ?? ""
            throw failure("there is no diagnostic `\(code)`\(hint)", code: 2)
        }
        StandardOutput.write(text)
    }
}
