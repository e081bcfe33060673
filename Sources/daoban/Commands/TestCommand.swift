import ArgumentParser
import Assistant
import Authoring
import Diagnostics
import Foundation
import Transcripts

struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Play scripted conversations, in process or against a server.",
        discussion: "Ends with 1 when one fails.")

    @OptionGroup var options: ProjectOptions
    @Option(help: "A server: ws://… plays over WebSocket, http://… over POST /v1/turns.")
    var url = Environment.value("URL") ?? ""
    @Option(help: "File of the server's desk secret, for scripts in which a person takes over.")
    var deskSecretFile = Environment.value("DESK_SECRET_FILE") ?? ""
    @Option(help: "Write a JUnit report to this file.") var junit = Environment.value("JUNIT") ?? ""
    @Flag(help: "Report as TAP.") var tap = Environment.flag("TAP")
    @Flag(
        help:
            "Play every script also with its lines said politely, in haste, with thanks, twice and spaced out."
    )
    var dressed = Environment.flag("DRESSED")
    @Flag(help: "Tell which steps, branches, questions and patterns the scripts reach.")
    var coverage = Environment.flag("COVERAGE")
    @Argument(help: "Files or folders; Tests/Conversations when left out.") var paths: [String] = []

    func run() throws {
        let collector = DiagnosticCollector()
        var scripts = try ScriptFiles.read(paths, into: collector)
        if collector.hasErrors {
            StandardError.write(
                DiagnosticRenderer.report(collector.diagnostics, as: .human, version: Version.text))
            throw ExitCode(1)
        }
        if dressed {
            scripts += LineDressing.all.flatMap { dressing in scripts.compactMap { $0.dressed(as: dressing) }
            }
        }
        let report = ScriptReport(try play(scripts))
        if !junit.isEmpty {
            do { try Data(report.junit.utf8).write(to: URL(fileURLWithPath: junit)) } catch {
                throw failure("the report `\(junit)` cannot be written; name another file with --junit")
            }
        }
        StandardOutput.write(tap ? report.tap : report.human)
        if report.failed > 0 { throw ExitCode(1) }
    }

    private func play(_ scripts: [Script]) throws -> [ScriptResult] {
        if !url.isEmpty {
            let secret = try SecretFile.read(deskSecretFile, option: "--desk-secret-file")
            return try RemotePlayer.play(scripts, at: url, secret: secret)
        }
        let assistant = try options.assistant()
        var coverage = Coverage(assistant)
        let results = scripts.map { script in
            var driver = InProcessDriver(assistant)
            let result = ScriptPlayer.play(script, with: &driver)
            coverage.note(driver.events)
            coverage.note(said: result.observations.flatMap(\.said))
            guard result.passed else { return result }
            return Replay.check(result, driver, assistant)
        }
        if self.coverage { StandardOutput.write(coverage.text) }
        return results
    }
}
