import ArgumentParser
import Transport

/// The program: one file a command.
@main struct Daoban: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "daoban",
        abstract: "A conversational assistant server: answers from facts with their sources, step by step.",
        version: Version.text,
        subcommands: [
            ServeCommand.self, ChatCommand.self, AskCommand.self, UnderstandCommand.self, CheckCommand.self,
            TestCommand.self, FactsCommand.self, AuditCommand.self, ExplainCommand.self, GraphCommand.self,
            EvaluateCommand.self, BackupCommand.self, RestoreCommand.self, ExportCommand.self,
        ])

    /// Wrong use ends with 2, whatever the parser would end with.
    static func main() {
        ProcessLimits.keepStandardDescriptors()
        do {
            try Configuration.read(from: CommandLine.arguments)
            var command = try parseAsRoot(nil)
            try Environment.check()
            try command.run()
        } catch let error as ExitCode {
            exit(withError: error)
        } catch {
            let code = exitCode(for: error)
            if code == .validationFailure {
                StandardError.write(fullMessage(for: error) + "\n")
                exit(withError: ExitCode(2))
            }
            exit(withError: error)
        }
    }
}

enum Version {
    static let text = "0.1.0"
}
