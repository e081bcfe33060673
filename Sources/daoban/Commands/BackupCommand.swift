import ArgumentParser
import Foundation
import JSONText
import Storage
import Transport

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copies the event log, also while the server runs.",
        discussion: """
            The copy is consistent, looked through, and for its owner alone. Beside it lies FILE.json, which says what it holds \
            and its SHA-256. It is not encrypted: keep it as you keep the event log, and no longer.
            """)

    @Argument(help: "File of the copy; it must not be there yet.") var file: String
    @Option(help: "File of the event log.") var store = Environment.value("STORE") ?? "var/daoban.sqlite"

    func run() throws {
        do {
            let contents = try Archive.backup(store, to: file)
            try Manifest(of: file, contents).write(beside: file)
            print("\(file): \(contents.conversations) conversations, \(contents.entries) entries")
        } catch let error as StorageError { throw failure("\(error)") }
    }
}

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Puts a copy made by `backup` in the place of the event log.",
        discussion: """
            The server must not run. Clients are told by a new epoch that the conversation may know less than they do; what was \
            erased after the copy was made is erased again. What stood there before is kept as STORE.replaced: delete it when \
            all is well.
            """)

    @Argument(help: "File of the copy.") var file: String
    @Option(help: "File of the event log.") var store = Environment.value("STORE") ?? "var/daoban.sqlite"
    @Flag(help: "Only prove that the copy could be put back; nothing is changed.") var check = false

    func run() throws {
        do {
            try Manifest.verify(file)
            if check {
                let contents = try Archive.inspect(file)
                print("\(file): good, \(contents.conversations) conversations, \(contents.entries) entries")
                return
            }
            let (contents, isErasureKnown) = try Archive.restore(file, to: store) { Secret.text(8) }
            print("\(store): \(contents.conversations) conversations, \(contents.entries) entries")
            if !isErasureKnown {
                StandardError.write(
                    "daoban: the old file cannot be read, so what was erased since the copy was made may be back\n"
                )
            }
        } catch let error as StorageError { throw failure("\(error)") }
    }
}

/// What lies beside a copy and says what it is.
private struct Manifest {
    private let text: [UInt8]

    init(of file: String, _ contents: Archive.Contents) throws {
        guard let digest = Manifest.digest(file) else { throw failure("`\(file)` cannot be read again") }
        let bytes = try FileManager.default.attributesOfItem(atPath: file)[.size] as? NSNumber
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        for (name, value) in [
            ("format", 1), ("schema", contents.schema), ("conversations", contents.conversations),
            ("entries", contents.entries), ("erased", contents.erased), ("bytes", bytes?.intValue ?? 0),
            ("taken_at", Int(Date().timeIntervalSince1970)),
        ] {
            json.key(name)
            json.integer(value)
        }
        json.key("sha256")
        json.string(digest)
        json.endObject()
        text = Array(json.body)
    }

    func write(beside file: String) throws {
        let mask = umask(0o077)
        defer { umask(mask) }
        guard FileManager.default.createFile(atPath: file + ".json", contents: Data(text)) else {
            throw failure("`\(file).json` cannot be written")
        }
    }

    /// Ends the program when the copy is not what its manifest says.
    static func verify(_ file: String) throws {
        guard let found = digest(file) else {
            throw failure("`\(file)` cannot be read; name a file that `daoban backup` made")
        }
        guard let text = FileManager.default.contents(atPath: file + ".json"),
            let manifest = try? JSONParser.parse([UInt8](text)), let expected = manifest["sha256"]?.string
        else { throw failure("`\(file).json`, which lies beside a copy, is missing or no manifest") }
        guard found == expected else {
            throw failure(
                "`\(file)` is not what was copied: its SHA-256 is another; use another copy", code: 1)
        }
    }

    private static func digest(_ file: String) -> String? {
        Digest.sha256(file: file).map(Digest.hexadecimal)
    }
}

/// Names that nobody guesses.
enum Secret {
    static func text(_ count: Int) -> String {
        let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789")
        var generator = SystemRandomNumberGenerator()
        return String((0..<count).map { _ in alphabet[Int(generator.next() & 31)] })
    }
}
