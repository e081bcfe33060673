import ArgumentParser
import Assistant
import Authoring
import Conversation
import Diagnostics
import Dispatch
import Foundation
import Logging
import Service
import Storage
import Transport

struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "WebSocket and HTTP on one port.",
        discussion: """
            Prints one line on standard output when it is ready: ready http://HOST:PORT. SIGTERM and SIGINT drain and end with \
            0; SIGHUP reads the dialogs and the data again.
            """)

    @Option(help: "A YAML file of options: `port: 9000`. The command line and DAOBAN_… count for more.")
    var config: String?

    enum Limits: String, ExpressibleByArgument, CaseIterable { case on, off }

    @OptionGroup var project: ProjectOptions
    @Option(help: "Address to listen on.") var host = Environment.value("HOST") ?? "127.0.0.1"
    @Option(help: "Port to listen on; 0 takes any free one.") var port = Environment.integer("PORT") ?? 8080
    @Option(help: "File of the event log.") var store = Environment.value("STORE") ?? "var/daoban.sqlite"
    @Option(help: "A site that may connect, such as https://example.org; may be given again.")
    var origin: [String] = Environment.list("ORIGIN")
    @Flag(help: "Refuse connections without an Origin header.") var requireOrigin = Environment.flag(
        "REQUIRE_ORIGIN")
    @Flag(help: "Let clients ask how a turn came about.") var trace = Environment.flag("TRACE")
    @Flag(help: "Add /test/echo, which returns each message as it came.") var testEcho = Environment.flag(
        "TEST_ECHO")
    @Flag(help: "Let clients set the time of their turns; for tests only.") var testClock = Environment.flag(
        "TEST_CLOCK")
    @Option(help: "off lifts the rates, for load tests on loopback.") var limits =
        Environment.value("LIMITS").flatMap(Limits.init) ?? .on
    @Option(help: "Bytes of an utterance at most.") var maxText = Environment.integer("MAX_TEXT") ?? 4096
    @Option(help: "Connections at most.") var maxConnections =
        Environment.integer("MAX_CONNECTIONS") ?? 15_000
    @Option(help: "Connections from one address at most.") var maxConnectionsPerAddress =
        Environment.integer("MAX_CONNECTIONS_PER_ADDRESS") ?? 200
    @Option(help: "Messages a second from one connection.") var messageRate =
        Environment.integer("MESSAGE_RATE") ?? 20
    @Option(help: "Messages that may come at once.") var messageBurst =
        Environment.integer("MESSAGE_BURST") ?? 40
    @Option(help: "Seconds that a drain may take.") var drainSeconds =
        Environment.integer("DRAIN_SECONDS") ?? 10

    func run() throws {
        Signals.block()
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        var logger = Logger(label: "daoban")
        logger.logLevel = Environment.value("LOG").flatMap { Logger.Level(rawValue: $0) } ?? .notice
        let opening = StoreOpening(path: store)
        let assistant = try project.assistant()
        let log: EventLog
        do { log = try opening.result.get() } catch {
            throw failure(
                "the event log `\(store)` cannot be opened: \(error); give another file with --store")
        }
        let daemon: Daemon
        do {
            daemon = try Daemon(assistant: assistant, store: log, options: options, logger: logger) { .now }
        } catch { throw failure(error.description) }
        StandardOutput.write("ready http://\(host):\(daemon.port)\n")
        serve(daemon, logger)
    }

    private var options: ServiceOptions {
        var options = ServiceOptions()
        options.server.host = host
        options.server.port = port
        options.server.echoPath = testEcho ? "/test/echo" : nil
        options.server.maxConnections = maxConnections
        options.server.maxConnectionsPerAddress = limits == .off ? maxConnections : maxConnectionsPerAddress
        options.origins = origin
        options.requiresOrigin = requireOrigin
        options.allowsTrace = trace
        options.allowsTestClock = testClock
        options.isUnlimited = limits == .off
        options.maxTextBytes = maxText
        options.messagesPerSecond = messageRate
        options.messageBurst = messageBurst
        return options
    }

    private func serve(_ daemon: Daemon, _ logger: Logger) {
        while true {
            switch Signals.wait() {
            case .hangUp: reload(daemon, logger)
            case .terminate, .interrupt:
                let done = DispatchSemaphore(value: 0)
                let seconds = drainSeconds
                Task.detached {
                    await daemon.drain(seconds: seconds)
                    done.signal()
                }
                done.wait()
                daemon.stop()
                return
            }
        }
    }

    /// A broken file leaves the assistant that is there in place.
    private func reload(_ daemon: Daemon, _ logger: Logger) {
        let loaded = project.project.load()
        if let assistant = loaded.assistant { return daemon.replace(assistant) }
        let count = loaded.diagnostics.count(of: .error)
        logger.error("service.reload_refused", metadata: ["errors": "\(count)"])
        StandardError.write(
            "daoban: \(count) errors in the dialogs or the data; what was there goes on. See `daoban check`\n"
        )
    }
}

/// Opens the event log on another thread while the assistant is loaded.
private final class StoreOpening: @unchecked Sendable {
    // Sendable: `outcome` is written before the semaphore is signalled and read after it was waited for.
    private var outcome: Result<EventLog, StorageError>?
    private let done = DispatchSemaphore(value: 0)

    init(path: String) {
        DispatchQueue.global().async { [self] in
            do throws(StorageError) { outcome = .success(try EventLog(path: path)) } catch {
                outcome = .failure(error)
            }
            done.signal()
        }
    }

    var result: Result<EventLog, StorageError> {
        done.wait()
        defer { done.signal() }
        guard let outcome else { preconditionFailure("the event log was opened or was not") }
        return outcome
    }
}
