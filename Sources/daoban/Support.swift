import ArgumentParser
import Assistant
import Authoring
import Conversation
import Diagnostics
import Foundation

/// Where the assistant's files lie; the same for every command that needs them.
struct ProjectOptions: ParsableArguments {
    @Option(help: "Folder of the dialogs.") var dialogs = Environment.value("DIALOGS") ?? "Dialogs"
    @Option(help: "Folder of the knowledge tables.") var data = Environment.value("DATA") ?? "Data"
    @Option(help: "Folder for what can be made again: parsed files and the trained model.")
    var cache = Environment.value("CACHE") ?? "var/cache"

    var project: Project { Project(dialogs: dialogs, data: data, cache: cache) }

    /// The assistant; when there is a mistake in the files it is shown and the program ends with 3.
    func assistant() throws -> Assistant {
        let loaded = project.load()
        guard let assistant = loaded.assistant else {
            StandardError.write(DiagnosticRenderer.report(loaded.diagnostics.filter { $0.severity == .error }, as: .human, version: Version.text))
            StandardError.write("daoban: the dialogs or the data have mistakes; `daoban check` shows all of them\n")
            throw ExitCode(3)
        }
        return assistant
    }
}

/// Settings from `DAOBAN_…`.
enum Environment {
    static func value(_ name: String) -> String? { ProcessInfo.processInfo.environment["DAOBAN_\(name)"] }
    static func integer(_ name: String) -> Int? { value(name).flatMap { Int($0) } }
}

enum StandardError {
    static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

enum StandardOutput {
    static func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}

extension Moment {
    /// Now, by the wall clock: the shell's business.
    static var now: Moment { Moment(seconds: Int(Date().timeIntervalSince1970)) }
}

/// One line on standard error, and the exit code of the environment.
func failure(_ message: String, code: Int32 = 3) -> ExitCode {
    StandardError.write("daoban: \(message)\n")
    return ExitCode(code)
}
