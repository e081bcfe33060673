import Synchronization
import Transport
package import Logging
#if canImport(Glibc)
    import Glibc
#endif

/// Takes log lines from any thread and writes them on one of its own, so that a full disk or a pipe that nobody reads never
/// holds up a turn: what does not fit is dropped and counted.
///
/// A line is `level event key=value …`, a value with spaces in quotation marks; what would begin a second line or move a terminal's cursor is escaped.
package final class LogSink: Sendable {
    package static let shared = LogSink(descriptor: 2)

    /// Lines that wait at most.
    private static let limit = 1024
    private let descriptor: Int32
    private let waiting = PosixLock<(lines: [String], isWriting: Bool)>(([], false))
    private let lost = Atomic<Int>(0)

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// Lines that were dropped since the start.
    package var dropped: Int { lost.load(ordering: .relaxed) }

    /// A handler for `LoggingSystem.bootstrap`.
    package func handler(_ label: String) -> any LogHandler { Handler(sink: self) }

    func put(_ line: String) {
        let mustStart = waiting.withLock { state -> Bool in
            guard state.lines.count < LogSink.limit else {
                lost.add(1, ordering: .relaxed)
                return false
            }
            state.lines.append(line)
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if mustStart { startWriting() }
    }

    private func startWriting() {
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<LogSink>.fromOpaque(argument).takeRetainedValue().writeAll()
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        guard result == 0 else {
            Unmanaged.passUnretained(self).release()
            waiting.withLock { state in
                lost.add(state.lines.count, ordering: .relaxed)
                state = ([], false)
            }
            return
        }
        pthread_detach(thread)
    }

    private func writeAll() {
        while true {
            let lines = waiting.withLock { state -> [String] in
                defer { state.lines = [] }
                if state.lines.isEmpty { state.isWriting = false }
                return state.lines
            }
            if lines.isEmpty { return }
            for line in lines where !write(Array(line.utf8)) { lost.add(1, ordering: .relaxed) }
        }
    }

    private func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Waits until what was put is written, a second at most.
    package func flush() {
        for _ in 0..<100 {
            if waiting.withLock({ $0.lines.isEmpty && !$0.isWriting }) { return }
            usleep(10_000)
        }
    }

    /// On one line, whatever it holds.
    static func escape(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            if isUnsafe(scalar) {
                escaped += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// What stands behind `key=`: in quotation marks where it would else not be told from the next field.
    static func value(_ text: String) -> String {
        let escaped = escape(text)
        guard escaped.utf8.contains(where: { $0 == 0x20 || $0 == 0x22 || $0 == 0x3D }) else { return escaped }
        var quoted = "\""
        for character in escaped.unicodeScalars {
            if character == "\"" || character == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(character)
        }
        return quoted + "\""
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }

    private struct Handler: LogHandler {
        let sink: LogSink
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let fields = all.sorted { $0.key < $1.key }.map { " \($0.key)=\(LogSink.value("\($0.value)"))" }
            sink.put("\(event.level) \(LogSink.escape("\(event.message)"))\(fields.joined())\n")
        }
    }
}
