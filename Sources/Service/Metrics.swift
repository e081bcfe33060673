import Channels

/// What the service counts, written as Prometheus text.
struct Metrics {
    var turns = 0
    var duplicates = 0
    var conversations = 0
    var resumed = 0
    var forgotten = 0
    var expired = 0
    var masked = 0
    var reloads = 0
    var storageFailures = 0
    var connectionsOpened = 0
    var connectionsClosed = 0
    var refused: [ErrorCode: Int] = [:]
    var closed: [CloseCode: Int] = [:]
    var refusedRequests: [HTTPRefusal: Int] = [:]

    /// Upper bounds of the histogram of a turn's computing time, in microseconds.
    private static let bounds = [10, 20, 50, 100, 200, 500, 1000, 5000, 50_000]
    private var buckets = [Int](repeating: 0, count: Metrics.bounds.count + 1)
    private var totalMicros = 0

    mutating func note(micros: Int) {
        buckets[Metrics.bounds.firstIndex { micros <= $0 } ?? Metrics.bounds.count] += 1
        totalMicros += micros
    }

    func text(inMemory: Int, resting: Int, backlog: Int, logLinesDropped: Int) -> String {
        var lines: [String] = []
        func counter(_ name: String, _ help: String, _ value: Int, kind: String = "counter") {
            lines += [
                "# HELP daoban_\(name) \(help)", "# TYPE daoban_\(name) \(kind)", "daoban_\(name) \(value)",
            ]
        }
        counter("turns_total", "Turns stored and answered.", turns)
        counter("turn_duplicates_total", "Answers given again to an id sent before.", duplicates)
        counter("conversations_total", "Conversations begun.", conversations)
        counter("resumed_total", "Conversations resumed.", resumed)
        counter("forgotten_total", "Conversations erased on request.", forgotten)
        counter("expired_total", "Conversations erased because their time was over.", expired)
        counter("masked_total", "Utterances in which personal numbers were masked.", masked)
        counter("reloads_total", "Times the dialogs and data were read again.", reloads)
        counter("storage_failures_total", "Requests that the event log could not carry out.", storageFailures)
        counter("log_lines_dropped_total", "Log lines that nobody took in time.", logLinesDropped)
        counter(
            "connections_open", "Open WebSocket connections.", connectionsOpened - connectionsClosed,
            kind: "gauge")
        counter("conversations_in_memory", "Conversations held in memory.", inMemory, kind: "gauge")
        counter(
            "conversations_resting", "Of these, those of which only the name and the place are held.",
            resting,
            kind: "gauge")
        counter("storage_backlog", "Requests waiting for the disk.", backlog, kind: "gauge")
        lines += [
            "# HELP daoban_refused_total Refused frames and requests by reason.",
            "# TYPE daoban_refused_total counter",
        ]
        for code in ErrorCode.allCases {
            lines.append("daoban_refused_total{code=\"\(code.rawValue)\"} \(refused[code] ?? 0)")
        }
        for code in HTTPRefusal.allCases {
            lines.append("daoban_refused_total{code=\"http_\(code.rawValue)\"} \(refusedRequests[code] ?? 0)")
        }
        lines += [
            "# HELP daoban_closed_total WebSockets that the server closed, by code.",
            "# TYPE daoban_closed_total counter",
        ]
        for code in CloseCode.allCases {
            lines.append("daoban_closed_total{code=\"\(code.rawValue)\"} \(closed[code] ?? 0)")
        }
        lines += [
            "# HELP daoban_turn_seconds Time to compute a turn.", "# TYPE daoban_turn_seconds histogram",
        ]
        var count = 0
        for (index, bound) in Metrics.bounds.enumerated() {
            count += buckets[index]
            lines.append("daoban_turn_seconds_bucket{le=\"\(Metrics.seconds(bound))\"} \(count)")
        }
        count += buckets[Metrics.bounds.count]
        lines += [
            "daoban_turn_seconds_bucket{le=\"+Inf\"} \(count)",
            "daoban_turn_seconds_sum \(Metrics.seconds(totalMicros))", "daoban_turn_seconds_count \(count)",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func seconds(_ micros: Int) -> String {
        let fraction = String(micros % 1_000_000 + 1_000_000).dropFirst()
        return "\(micros / 1_000_000).\(fraction)"
    }
}
