package import Diagnostics

/// Files of a folder, read whole. Links are refused, so that nothing outside of the folder is read.
package enum FileTree {
    /// Deeper folders are not looked into.
    private static let depthLimit = 8

    /// All files whose name ends so, sorted by path; the paths in diagnostics begin with the folder as it was
    /// given.
    package static func files(under folder: String, ending: String, into collector: DiagnosticCollector)
        -> [SourceFile]
    {
        var paths: [String] = []
        collect(folder, ending, depth: 0, &paths, collector)
        if paths.isEmpty {
            let file = SourceFile(path: folder, bytes: [])
            collector.error(
                .missingFile, "no \(ending) file is in `\(folder)`",
                at: Diagnostic.Label(file, SourceSpan(.start, to: .start)))
        }
        return paths.sorted().compactMap { FileStore.read($0, as: $0, into: collector) }
    }

    private static func collect(
        _ folder: String, _ ending: String, depth: Int, _ paths: inout [String],
        _ collector: DiagnosticCollector
    ) {
        guard depth < depthLimit else { return }
        for name in FileStore.names(in: folder) ?? [] {
            let path = "\(folder)/\(name)"
            switch FileStore.kind(of: path) {
            case .folder: collect(path, ending, depth: depth + 1, &paths, collector)
            case .file where name.hasSuffix(ending): paths.append(path)
            case .link: FileStore.refuseLink(path, into: collector)
            default: break
            }
        }
    }
}
