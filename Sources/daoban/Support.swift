import ArgumentParser
import Assistant
import Authoring
import Conversation
import Diagnostics
import Foundation
import Synchronization
import Understanding

/// Where the assistant's files lie; the same for every command that needs them.
struct ProjectOptions: ParsableArguments {
    @Option(help: "Folder of the dialogs.") var dialogs = Environment.value("DIALOGS") ?? "Dialogs"
    @Option(help: "Folder of the knowledge tables.") var data = Environment.value("DATA") ?? "Data"
    @Option(help: "Folder for what can be made again: parsed files and the trained model.")
    var cache = Environment.value("CACHE") ?? "var/cache"

    var project: Project { Project(dialogs: dialogs, data: data, cache: cache) }

    /// Ends the program with 3 where a folder is not there at all: then nothing can be said of what is in it.
    func expectFolders() throws {
        for (folder, option) in [(dialogs, "--dialogs"), (data, "--data")] {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
            else {
                throw failure("there is no folder `\(folder)`; name another with \(option)")
            }
        }
    }

    /// The assistant; when there is a mistake in the files it is shown and the program ends with 3.
    func assistant() throws -> Assistant { try loaded().assistant }

    /// As `assistant()`, with the examples that it was trained on, and how long that took if it had to be done.
    func loaded() throws -> (assistant: Assistant, training: TrainingSet, trainTime: Duration?) {
        let loaded = project.load()
        guard let assistant = loaded.assistant, let training = loaded.training else {
            StandardError.write(
                DiagnosticRenderer.report(
                    loaded.diagnostics.filter { $0.severity == .error }, as: .human, version: Version.text))
            StandardError.write(
                "daoban: the dialogs or the data have mistakes; `daoban check` shows all of them\n")
            throw ExitCode(3)
        }
        return (assistant, training, loaded.trainTime)
    }
}

/// Settings from `DAOBAN_…`, and from a configuration file where the environment says nothing.
enum Environment {
    private static let inherited = ProcessInfo.processInfo.environment

    static func value(_ name: String) -> String? {
        inherited["DAOBAN_\(name)"] ?? Configuration.shared.withLock { $0[name] }
    }

    /// Settings that are not what they should be, in words; whoever uses the settings ends the program with them.
    static let mistakes = Mutex<[String]>([])

    static func integer(_ name: String) -> Int? {
        guard let text = value(name) else { return nil }
        if let number = Int(text) { return number }
        note("`\(text)` for \(called(name)) is no whole number")
        return nil
    }

    static func flag(_ name: String) -> Bool {
        switch value(name) {
        case nil, "false", "0", "no", "off": return false
        case "true", "1", "yes", "on": return true
        case let text?:
            note("`\(text)` for \(called(name)) is neither true nor false")
            return false
        }
    }

    static func one<Value: RawRepresentable & CaseIterable>(_ name: String, of type: Value.Type) -> Value?
    where Value.RawValue == String {
        guard let text = value(name) else { return nil }
        if let value = Value(rawValue: text) { return value }
        let known = Value.allCases.map { "`\($0.rawValue)`" }.joined(separator: " or ")
        note("`\(text)` for \(called(name)) must be \(known)")
        return nil
    }

    private static func note(_ mistake: String) {
        mistakes.withLock { if !$0.contains(mistake) { $0.append(mistake) } }
    }

    private static func called(_ name: String) -> String {
        if ProcessInfo.processInfo.environment["DAOBAN_\(name)"] != nil { return "DAOBAN_\(name)" }
        let key = name.lowercased().replacingOccurrences(of: "_", with: "-")
        return "`\(key)` in the configuration"
    }

    /// Ends the program with 2 when a setting is not what it should be.
    static func check() throws {
        let found = mistakes.withLock { $0 }
        guard let first = found.first else { return }
        throw failure("\(first); mend it or leave it out", code: 2)
    }

    /// Tells of settings in the environment that no command has: they would be taken for heeded.
    static func warnOfUnknown() {
        let known = Configuration.variables
        for name in inherited.keys.sorted() where name.hasPrefix("DAOBAN_") && !known.contains(name) {
            let hint = NameSuggestion.hint(for: name, among: known, kind: "setting") ?? ""
            StandardError.write("daoban: warning: `\(name)` is no setting and changes nothing; \(hint)\n")
        }
    }

    static func list(_ name: String) -> [String] {
        value(name)?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } ?? []
    }
}

/// The file that `--config` names: options by their long names. Read before the options themselves, whose defaults it sets.
enum Configuration {
    /// By the name that the environment has for the option.
    static let shared = Mutex<[String: String]>([:])

    private static let keys =
        [
            "host", "port", "dialogs", "data", "cache", "store", "origin", "require-origin", "trace",
            "test-echo", "test-clock", "limits", "drain-seconds", "tls-cert", "tls-key", "trusted-proxy",
            "log", "retention-days", "identify-secret-file", "desk-secret-file", "key-file", "threads",
            "json", "format", "explain", "url", "junit", "tap", "coverage", "limit", "place", "diff",
            "measure", "date",
            "train", "test", "dev", "oos", "noise", "seed", "mistakes",
        ] + LimitOptions.keys

    /// What the environment may hold; the token of `export` stands in no file, and a file names no other.
    static let variables = (keys.map(name) + ["CONFIG", "TOKEN"]).map { "DAOBAN_\($0)" }

    /// By which the environment calls an option.
    private static func name(_ key: String) -> String {
        key.uppercased().replacingOccurrences(of: "-", with: "_")
    }

    /// Reads the file named on the command line, if one is. A mistake in it is shown, and ends the program with 2.
    static func read(from arguments: [String]) throws {
        let named =
            arguments.firstIndex(of: "--config").flatMap {
                $0 + 1 < arguments.count ? arguments[$0 + 1] : nil
            }
            ?? arguments.first { $0.hasPrefix("--config=") }.map { String($0.dropFirst(9)) }
            ?? ProcessInfo.processInfo.environment["DAOBAN_CONFIG"]
        guard let path = named else { return }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw failure("the configuration `\(path)` cannot be read; name another with --config")
        }
        let collector = DiagnosticCollector()
        let file = SourceFile(path: path, bytes: [UInt8](data))
        let root = YAMLReader.read(file, into: collector)
        if let root, var reader = MappingReader(root, of: "the configuration", in: file, into: collector) {
            for key in keys {
                let texts = reader.texts(key)
                guard !texts.isEmpty else { continue }
                shared.withLock { $0[name(key)] = texts.joined(separator: ",") }
            }
            reader.finish()
        }
        guard collector.hasErrors else { return }
        StandardError.write(
            DiagnosticRenderer.report(collector.diagnostics, as: .human, version: Version.text))
        throw ExitCode(2)
    }
}

/// A file that only a secret stands in.
enum SecretFile {
    /// The file's bytes without what ends its last line; nil when none is named.
    static func read(_ path: String, option: String) throws -> [UInt8]? {
        if path.isEmpty { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw failure("the secret `\(path)` cannot be read; name another with \(option)")
        }
        var bytes = [UInt8](data)
        while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
        guard bytes.count >= 32 else {
            throw failure("the secret in `\(path)` has \(bytes.count) bytes; it must have 32 or more")
        }
        return bytes
    }
}

enum StandardError {
    static func write(_ text: String) { writeAll(text, to: 2) }
}

enum StandardOutput {
    static func write(_ text: String) { writeAll(text, to: 1) }
}

/// Writes as much as the other side takes: a closed terminal or a full disk is no reason to end.
private func writeAll(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
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
