import Foundation
import JSONText
import Testing

/// The commands as whoever calls them sees them: exit codes, what is written where, settings from the environment.
@Suite struct CommandTests {
    private let folder = ServerProcess.temporaryFolder()

    private struct Outcome {
        var status: Int32
        var output: String
        var errors: String
    }

    private func run(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Outcome {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (output, errors) = ("\(folder)/output", "\(folder)/errors")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for path in [output, errors] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: ServerProcess.program)
        process.currentDirectoryURL = URL(fileURLWithPath: ServerProcess.root)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: errors)
        try ServerProcess.run(process)
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8))
    }

    /// A file in the folder of the test, which `run` takes away.
    private func file(_ name: String, _ text: String) throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        return "\(folder)/\(name)"
    }

    private static let script = "Tests/Conversations/happy_path/what_the_client_knows_is_not_asked.yaml"

    @Test(arguments: [
        (["check", "--data", "/nowhere"], "`/nowhere`"), (["check", "--dialogs", "/nowhere"], "`/nowhere`"),
        (["test", "--url", "ws://127.0.0.1:9/v1/chat", script], "127.0.0.1:9"),
        (["test", "--url", "http://127.0.0.1:9", script], "127.0.0.1:9"),
        (["test", "--junit", "/nowhere/report.xml", script], "`/nowhere/report.xml`"),
        (["evaluate", "--test", "/nowhere.tsv"], "`/nowhere.tsv`"),
    ]) func `what is missing around the program ends it with 3 and one line`(
        arguments: [String], words: String
    ) throws {
        let outcome = try run(arguments)
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains(words))
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }

    @Test func `nothing known is an answer like any other`() throws {
        let outcome = try run(["facts", "zzzzqqq"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("`zzzzqqq`"))
    }

    @Test func `the last line of TAP counts, too`() throws {
        let outcome = try run(["test", "--tap", Self.script])
        #expect(outcome.status == 0)
        #expect(outcome.output.split(separator: "\n").last == "# 1 passed, 0 failed")
    }

    @Test func `options come from the environment, and the command line counts for more`() throws {
        #expect(try run(["check"], ["DAOBAN_FORMAT": "json"]).output.first.map { "[{".contains($0) } == true)
        #expect(try run(["check", "--format", "human"], ["DAOBAN_FORMAT": "json"]).output.first != "[")
        let wrong = try run(["check"], ["DAOBAN_FORMAT": "nonsense"])
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("DAOBAN_FORMAT"))
        #expect(try run(["test", Self.script], ["DAOBAN_URL": "ws://127.0.0.1:9"]).status == 3)
        #expect(try run(["ask", "谢谢"], ["DAOBAN_JSON": "true"]).output.hasPrefix("{"))
    }

    @Test func `a setting that is none is told, with the nearest`() throws {
        let outcome = try run(["serve", "--check"], ["DAOBAN_PRT": "9"])
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("`DAOBAN_PRT` is no setting"))
        #expect(outcome.errors.contains("`DAOBAN_PORT`"))
    }

    @Test func `a data set of any system is read, and what is surely out of scope is scored as that`() throws
    {
        let rows = [
            "text\tintent", "book a flight to paris\tfly", "fly me to london\tfly", "find flights\tfly",
            "play some jazz\tmusic", "put on a rock song\tmusic", "play a tune\tmusic",
            "what is love\tnone", "how do magnets work\tnone", "who won the election\tnone",
        ]
        let set = try file("set.tsv", rows.joined(separator: "\r\n"))
        let outcome = try run(["evaluate", "--train", set, "--test", set, "--oos", "none"])
        let json = try JSONParser.parse(Array(outcome.output.utf8.dropLast()))
        #expect(json["rows"]?["train"]?.integer == 9)
        #expect(json["accuracy"]?.integer == 1)
        #expect(json["oos"]?["auroc"]?.integer == 1)
        let wrong = try file("wrong.tsv", "a\tb\nbook\tfly")
        #expect(try run(["evaluate", "--train", wrong, "--test", wrong]).status == 1)
    }
}
