import Channels
import Storage

/// What the service counts, written as Prometheus text.
struct Metrics {
    var turns = 0
    var duplicates = 0
    var conversations = 0
    var resumed = 0
    var forgotten = 0
    var expired = 0
    var masked = 0
    var notUnderstood = 0
    var reloads = 0
    var storageFailures = 0
    var connectionsOpened = 0
    var connectionsClosed = 0
    var refused: [ErrorCode: Int] = [:]
    var closed: [CloseCode: Int] = [:]
    var refusedRequests: [HTTPRefusal: Int] = [:]

    /// Time to compute a turn, and time from the arrival of a message to its answer, stored, leaving.
    var computing = Histogram(bounds: [10, 20, 50, 100, 200, 500, 1000, 5000, 50_000])
    var answering = Histogram(
        bounds: [
            100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000,
        ])

    /// How many values lie up to each of some bounds, in microseconds.
    struct Histogram {
        let bounds: [Int]
        private(set) var counts: [Int]
        private(set) var sum = 0

        init(bounds: [Int]) {
            self.bounds = bounds
            counts = [Int](repeating: 0, count: bounds.count + 1)
        }

        mutating func add(_ other: Histogram) {
            for index in counts.indices { counts[index] += other.counts[index] }
            sum += other.sum
        }

        mutating func note(_ value: Int) {
            counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
            sum += value
        }
    }

    static func micros(since start: ContinuousClock.Instant) -> Int {
        let time = (ContinuousClock.now - start).components
        return Int(time.attoseconds / 1_000_000_000_000) + Int(time.seconds) * 1_000_000
    }

    /// What is so at the moment, rather than counted.
    struct Gauges {
        var connectionsAbroad = 0
        var conversationsInMemory = 0
        var conversationsResting = 0
        var storageBacklog = 0
        var walBytes = 0
        var waitingBytes = 0
        var outgoingBytes = 0
        var memoryBytes = 0
        var lacksMemory = false
        var lacksStorage = false
        var logLinesDropped = 0
        var clockJumps = 0
        var socketsRefused = 0
        var peopleWaiting = 0
        var handoffsAsked = 0
        var handoffsDropped = 0

        /// Adds what is so on one loop; the rest is the same for all.
        mutating func add(_ loop: Gauges) {
            connectionsAbroad += loop.connectionsAbroad
            conversationsInMemory += loop.conversationsInMemory
            conversationsResting += loop.conversationsResting
            outgoingBytes += loop.outgoingBytes
            clockJumps += loop.clockJumps
            socketsRefused += loop.socketsRefused
        }
    }

    /// Counts in what another loop has counted.
    mutating func add(_ other: Metrics) {
        turns += other.turns
        duplicates += other.duplicates
        conversations += other.conversations
        resumed += other.resumed
        forgotten += other.forgotten
        expired += other.expired
        masked += other.masked
        notUnderstood += other.notUnderstood
        reloads += other.reloads
        storageFailures += other.storageFailures
        connectionsOpened += other.connectionsOpened
        connectionsClosed += other.connectionsClosed
        refused.merge(other.refused, uniquingKeysWith: +)
        closed.merge(other.closed, uniquingKeysWith: +)
        refusedRequests.merge(other.refusedRequests, uniquingKeysWith: +)
        computing.add(other.computing)
        answering.add(other.answering)
    }

    /// The same, sharing nothing: for another thread, which may read it while this one is counted on. Of a shared collection the
    /// last to hold it knows that by a count within Swift's library alone, and changes it where the other has just read.
    var detached: Metrics {
        var metrics = Metrics()
        metrics.add(self)
        return metrics
    }

    func text(_ gauges: Gauges, commits: CommitTally.Counts) -> String {
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
        counter("not_understood_total", "Turns in which what was said was not understood.", notUnderstood)
        counter("reloads_total", "Times the dialogs and data were read again.", reloads)
        counter("storage_failures_total", "Requests that the event log could not carry out.", storageFailures)
        counter(
            "storage_reopened_total", "Times the event log was opened anew after a failure.", commits.reopened
        )
        counter("commits_failed_total", "Groups of requests that were not committed.", commits.groupsFailed)
        counter("log_lines_dropped_total", "Log lines that nobody took in time.", gauges.logLinesDropped)
        counter("clock_jumps_total", "Times the wall clock jumped.", gauges.clockJumps)
        counter("sockets_refused_total", "Sockets closed unheard for being too many.", gauges.socketsRefused)
        counter("handoffs_asked_total", "Turns in which somebody asked for a person.", gauges.handoffsAsked)
        counter(
            "handoffs_dropped_total", "People who waited for a person and fell out of the full list.",
            gauges.handoffsDropped)
        func gauge(_ name: String, _ help: String, _ value: Int) { counter(name, help, value, kind: "gauge") }
        gauge("connections_open", "Open WebSocket connections.", connectionsOpened - connectionsClosed)
        gauge(
            "connections_abroad", "Of these, those whose conversation belongs to another loop.",
            gauges.connectionsAbroad)
        gauge("conversations_in_memory", "Conversations held in memory.", gauges.conversationsInMemory)
        gauge(
            "conversations_resting", "Of these, those of which only the name and the place are held.",
            gauges.conversationsResting)
        gauge("handoffs_waiting", "People who asked for a person and have none yet.", gauges.peopleWaiting)
        gauge("storage_backlog", "Requests waiting for the disk.", gauges.storageBacklog)
        gauge("storage_lacking", "1 while nothing can be stored.", gauges.lacksStorage ? 1 : 0)
        gauge("wal_bytes", "Bytes of the write-ahead log.", gauges.walBytes)
        gauge("waiting_bytes", "Bytes of messages waiting to be worked.", gauges.waitingBytes)
        gauge("outgoing_bytes", "Bytes waiting for clients to take them.", gauges.outgoingBytes)
        gauge("memory_bytes", "Bytes of memory that are the process's own.", gauges.memoryBytes)
        gauge(
            "memory_lacking", "1 while nobody new is let in for want of memory.", gauges.lacksMemory ? 1 : 0)
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
        func histogram(
            _ name: String, _ help: String, _ bounds: [Int], _ counts: [Int], sum: String,
            _ word: (Int) -> String
        ) {
            lines += ["# HELP daoban_\(name) \(help)", "# TYPE daoban_\(name) histogram"]
            var count = 0
            for (bound, more) in zip(bounds, counts) {
                count += more
                lines.append("daoban_\(name)_bucket{le=\"\(word(bound))\"} \(count)")
            }
            count += counts.last ?? 0
            lines += [
                "daoban_\(name)_bucket{le=\"+Inf\"} \(count)", "daoban_\(name)_sum \(sum)",
                "daoban_\(name)_count \(count)",
            ]
        }
        func seconds(_ name: String, _ help: String, _ values: Histogram) {
            histogram(
                name, help, values.bounds, values.counts, sum: Metrics.seconds(values.sum), Metrics.seconds)
        }
        seconds("turn_seconds", "Time to compute a turn.", computing)
        seconds("answer_seconds", "Time from a message to its answer, which is stored by then.", answering)
        histogram(
            "commit_requests", "Requests that share a commit.", CommitTally.bounds, commits.groups,
            sum: "\(commits.requests)", { "\($0)" })
        return lines.joined(separator: "\n") + "\n"
    }

    private static func seconds(_ micros: Int) -> String {
        let fraction = String(micros % 1_000_000 + 1_000_000).dropFirst()
        return "\(micros / 1_000_000).\(fraction)"
    }
}
