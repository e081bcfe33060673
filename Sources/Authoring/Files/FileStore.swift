package import Diagnostics
import Glibc

/// Reads the files of a project from disk. A failure becomes a diagnostic, in the system's own words.
package enum FileStore {
    /// The whole file; nil, and a diagnostic, when it cannot be read. `path` is where it is, `name` how it is
    /// called.
    package static func read(_ path: String, as name: String, into collector: DiagnosticCollector)
        -> SourceFile?
    {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            report(errno, name, collector)
            return nil
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            report(EISDIR, name, collector)
            return nil
        }
        guard let bytes = bytes(of: descriptor, size: Int(status.st_size)) else {
            report(errno, name, collector)
            return nil
        }
        return SourceFile(path: name, bytes: bytes)
    }

    /// The names in a folder, sorted, without hidden ones; nil when there is no such folder.
    package static func names(in folder: String) -> [String]? {
        guard let directory = opendir(folder) else { return nil }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    package enum Kind: Sendable { case file, folder, link, other }

    /// What is found at a path; a link is one, whatever it leads to, so that nothing outside of a folder is read through it.
    package static func kind(of path: String) -> Kind? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFLNK: .link
        default: .other
        }
    }

    /// What a file holds; nil when it cannot be read.
    static func bytes(at path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        return bytes(of: descriptor, size: Int(status.st_size))
    }

    /// Reads to the end, however the file grows meanwhile; nil on an error.
    private static func bytes(of descriptor: Int32, size: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        while true {
            // One byte more than expected, so that the end is met in the first round.
            let room = max(size + 1 - bytes.count, 65_536)
            var failed = false
            let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                let got = Glibc.read(descriptor, buffer.baseAddress, room)
                failed = got < 0
                count = max(got, 0)
            }
            if failed {
                if errno == EINTR { continue }
                return nil
            }
            if chunk.isEmpty { return bytes }
            if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
        }
    }

    /// Tells that a link was met where only what lies in the folder itself is read.
    static func refuseLink(_ name: String, into collector: DiagnosticCollector) {
        let file = SourceFile(path: name, bytes: [])
        collector.error(
            .unreadableFile, "`\(name)` is a link, and links are not followed",
            at: Diagnostic.Label(file, SourceSpan(line: 1, column: 1, length: 0)))
    }

    private static func report(_ code: Int32, _ name: String, _ collector: DiagnosticCollector) {
        let file = SourceFile(path: name, bytes: [])
        let place = Diagnostic.Label(file, SourceSpan(line: 1, column: 1, length: 0))
        if code == ENOENT {
            collector.error(.missingFile, "there is no `\(name)`", at: place)
        } else {
            collector.error(
                .unreadableFile, "`\(name)` cannot be read: \(String(cString: strerror(code)))", at: place)
        }
    }
}
