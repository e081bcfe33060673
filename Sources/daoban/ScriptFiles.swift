import Authoring
import Diagnostics
import Foundation
import Transcripts

/// Scripted conversations as files and folders of files.
enum ScriptFiles {
    static let folder = "Tests/Conversations"

    /// The scripts of files or folders; those of `Tests/Conversations` when none are named.
    static func read(_ paths: [String], into collector: DiagnosticCollector) throws -> [Script] {
        try (paths.isEmpty ? [folder] : paths).flatMap { path -> [Script] in
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw failure("there is no `\(path)`")
            }
            let files: [SourceFile]
            if isFolder.boolValue {
                files = FileTree.files(under: path, ending: ".yaml", into: collector)
            } else {
                files = [
                    SourceFile(
                        path: path, bytes: [UInt8](FileManager.default.contents(atPath: path) ?? Data()))
                ]
            }
            return files.flatMap { ScriptReader.read($0, into: collector) }
        }
    }
}
