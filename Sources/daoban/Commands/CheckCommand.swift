import ArgumentParser
import Authoring
import Conversation
import Diagnostics

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Report every mistake in the dialogs and the data.",
        discussion: "Ends with 1 when one of them is an error.")

    @OptionGroup var options: ProjectOptions
    @Option(help: "How to report: human, json or sarif.") var format =
        Environment.one("FORMAT", of: DiagnosticRenderer.Format.self) ?? .human

    func run() throws {
        try options.expectFolders()
        let diagnostics = options.project.load(checkedOn: Moment.now.date).diagnostics
        StandardOutput.write(DiagnosticRenderer.report(diagnostics, as: format, version: Version.text))
        if diagnostics.hasErrors { throw ExitCode(1) }
    }
}

extension DiagnosticRenderer.Format: ExpressibleByArgument {}
