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
            and its SHA-256. With --key-file nobody reads what was said in it without that secret, which is not in it. Without, keep \
            the copy as you keep the event log, and no longer.
            """)

    @Argument(help: "File of the copy; it must not be there yet.") var file: String
    @Option(help: "File of the event log.") var store = Environment.value("STORE") ?? "var/daoban.sqlite"
    @Option(help: "File of the secret, 32 bytes or more, with which the copy is sealed.")
    var keyFile = Environment.value("KEY_FILE") ?? ""

    func run() throws {
        let sealing = try SecretFile.read(keyFile, option: "--key-file").map { Sealing($0) }
        do {
            let contents = try Archive.backup(store, to: file, sealing: sealing?.key)
            try Manifest(of: file, contents, sealing).write(beside: file)
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
    @Option(help: "File of the secret with which the copy was sealed.")
    var keyFile = Environment.value("KEY_FILE") ?? ""
    @Flag(help: "Only prove that the copy could be put back; nothing is changed.") var check = false

    func run() throws {
        do {
            let sealing = try Manifest.verify(file, try SecretFile.read(keyFile, option: "--key-file"))
            if check {
                let contents = try Archive.inspect(file, sealing: sealing?.key)
                print("\(file): good, \(contents.conversations) conversations, \(contents.entries) entries")
                return
            }
            let (contents, isErasureKnown) = try Archive.restore(
                file, to: store, sealing: sealing?.key
            ) { Secret.text(8) }
            print("\(store): \(contents.conversations) conversations, \(contents.entries) entries")
            if !isErasureKnown {
                StandardError.write(
                    "daoban: the old file cannot be read, so what was erased since the copy was made may be back\n"
                )
            }
        } catch let error as StorageError { throw failure("\(error)") }
    }
}

/// With what a copy is sealed: a key made of a secret and of a salt that no other copy has.
private struct Sealing {
    let key: [UInt8]
    let salt: String

    init(_ secret: [UInt8], salt: String = Secret.text(26)) {
        self.salt = salt
        key = Digest.sha256(Array("daoban backup \(salt) ".utf8) + secret)
    }

    /// Tells whether a secret is the right one, and nothing about it.
    var check: String { String(Digest.hexadecimal(Digest.sha256(key)).prefix(16)) }
}

/// What lies beside a copy and says what it is.
private struct Manifest {
    private let text: [UInt8]

    init(of file: String, _ contents: Archive.Contents, _ sealing: Sealing?) throws {
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
        if let sealing {
            json.key("salt")
            json.string(sealing.salt)
            json.key("key_check")
            json.string(sealing.check)
        }
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

    /// Ends the program when the copy is not what its manifest says, or is sealed with another secret. How it is sealed.
    static func verify(_ file: String, _ secret: [UInt8]?) throws -> Sealing? {
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
        guard let salt = manifest["salt"]?.string else { return nil }
        guard let secret else {
            throw failure("`\(file)` is sealed; name the file of its secret with --key-file")
        }
        let sealing = Sealing(secret, salt: salt)
        guard sealing.check == manifest["key_check"]?.string else {
            throw failure("`\(file)` is sealed with another secret; name the right one with --key-file")
        }
        return sealing
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
