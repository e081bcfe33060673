import Foundation
import Storage
import Testing

/// What a release left on disk, as `sqlite3 FILE .dump` tells it, with the version of its schema: `Schemas/N.sql`, in
/// `rows.sql` what is kept of one conversation, which the tables of every schema take as it is, and in `entries.sql` what happened
/// in it, as schemas before the third have it. The newest is as a process leaves it that is killed before it has catalogued the
/// last two entries.
///
/// For a new migration: run `fill` with the release before it, dump the file, and add the dump there.
struct EarlierSchema: CustomTestStringConvertible {
    let version: Int
    let dump: String

    var testDescription: String { "schema \(version)" }

    private init(version: Int) {
        self.version = version
        dump = Self.read("\(version)") + Self.read("rows") + (version < 3 ? Self.read("entries") : "")
    }

    /// Oldest first.
    static let all = (1...3).map(EarlierSchema.init(version:))

    private static func read(_ name: String) -> String {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
        return String(decoding: TemporaryFolder.read("\(folder)/Schemas/\(name).sql"), as: UTF8.self)
    }

    /// Writes the conversation whose rows each dump has.
    static func fill(_ path: String) async throws {
        let log = try EventLog(path: path)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        _ = try await log.append(.make(conversation, seq: 2), snapshot: Array("state 2".utf8))
        _ = try await log.append(.make(conversation, seq: 2, ordinal: 1))
        _ = try await log.append(.make(conversation, seq: 3))
    }
}
