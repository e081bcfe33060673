import ArgumentParser
import Assistant
import Authoring
import Conversation
import Diagnostics
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
    @Option(help: "Address or name of this machine to listen on; :: for all addresses of IPv6.") var host =
        Environment.value("HOST") ?? "127.0.0.1"
    @Option(help: "Port to listen on; 0 takes any free one.") var port = Environment.integer("PORT") ?? 8080
    @Option(help: "Event loops, each a thread with connections and conversations of its own.")
    var threads = Environment.integer("THREADS") ?? 1
    @Option(help: "File of the event log.") var store = Environment.value("STORE") ?? "var/daoban.sqlite"
    @Option(help: "A site that may connect, such as https://example.org; may be given again.")
    var origin: [String] = Environment.list("ORIGIN")
    @Flag(help: "Refuse connections without an Origin header.") var requireOrigin = Environment.flag(
        "REQUIRE_ORIGIN")
    @Option(
        help: "File of the secret, 32 bytes or more, with which sites sign who the person is (JWT, HS256).")
    var identifySecretFile = Environment.value("IDENTIFY_SECRET_FILE") ?? ""
    @Option(
        help: "File of the secret, 32 bytes or more, with which a desk takes conversations over.")
    var deskSecretFile = Environment.value("DESK_SECRET_FILE") ?? ""
    @Flag(help: "Let clients ask how a turn came about.") var trace = Environment.flag("TRACE")
    @Flag(help: "Add /test/echo, which returns each message as it came.") var testEcho = Environment.flag(
        "TEST_ECHO")
    @Flag(help: "Let clients set the time of their turns; for tests only.") var testClock = Environment.flag(
        "TEST_CLOCK")
    @Option(help: "off lifts the rates, for load tests on loopback.") var limits =
        Environment.one("LIMITS", of: Limits.self) ?? .on
    @OptionGroup(title: "Limits") var bounds: LimitOptions
    @Option(help: "Seconds that a drain may take.") var drainSeconds =
        Environment.integer("DRAIN_SECONDS") ?? 10
    @Option(help: "Days after which a conversation in which nothing happens is erased; 0 for never.")
    var retentionDays = Environment.integer("RETENTION_DAYS") ?? 180
    @Option(help: "PEM file of the certificate and its chain; with it the port speaks TLS.")
    var tlsCert = Environment.value("TLS_CERT") ?? ""
    @Option(help: "PEM file of the certificate's key.") var tlsKey = Environment.value("TLS_KEY") ?? ""
    @Option(help: "Address of a proxy whose X-Forwarded-For is believed; may be given again.")
    var trustedProxy: [String] = Environment.list("TRUSTED_PROXY")
    @Flag(help: "Look at the options, the files of the dialogs, the data and TLS, and end without serving.")
    var check = false

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port must be from 0 to 65535, and \(port) is not")
        }
        guard (1...TurnWatch.slots).contains(threads) else {
            throw ValidationError("--threads must be from 1 to \(TurnWatch.slots), and \(threads) is not")
        }
        guard (0...3600).contains(drainSeconds) else {
            throw ValidationError("--drain-seconds must be from 0 to 3600, and \(drainSeconds) is not")
        }
        guard (0...36_500).contains(retentionDays) else {
            throw ValidationError("--retention-days must be from 0 to 36500, and \(retentionDays) is not")
        }
        guard tlsCert.isEmpty == tlsKey.isEmpty else {
            throw ValidationError("--tls-cert and --tls-key go together; give both or none")
        }
    }

    func run() throws {
        Signals.block()
        let level = Environment.one("LOG", of: Logger.Level.self) ?? .notice
        try Environment.check()
        Environment.warnOfUnknown()
        LoggingSystem.bootstrap { LogSink.shared.handler($0) }
        var logger = Logger(label: "daoban")
        logger.logLevel = level
        let sockets = ProcessLimits.prepare(sockets: bounds.maxConnections + 1000)
        if let mistake = options(sockets: sockets).server.tls?.mistake { throw failure(mistake) }
        let secret = try SecretFile.read(identifySecretFile, option: "--identify-secret-file")
        let deskSecret = try SecretFile.read(deskSecretFile, option: "--desk-secret-file")
        if check {
            _ = try project.assistant()
            return
        }
        if ProcessLimits.isRoot {
            logger.info("service.runs_as_root", metadata: ["cure": "start it as a user of its own"])
        }
        // The event log is opened while the assistant is loaded.
        let (path, project) = (store, project)
        let (opening, loading) = ThreadRunner.both(
            { Result { () throws(StorageError) in try EventLog(path: path) } },
            { Result { try project.assistant() } })
        let assistant = try loading.get()
        let log: EventLog
        do { log = try opening.get() } catch {
            throw failure("the event log `\(store)` cannot be opened: \(error); \(Self.cure(error))")
        }
        let watch = TurnWatch(path: store + ".turn")
        if watch?.start(seconds: bounds.turnSeconds) != true { logger.error("service.turns_unwatched") }
        var settings = options(sockets: sockets)
        settings.identifySecret = secret
        settings.deskSecret = deskSecret
        let daemon: Daemon
        do {
            daemon = try Daemon(
                assistant: assistant, store: log, options: settings, watch: watch, logger: logger,
                threads: threads
            ) { .now }
        } catch { throw failure(error.description) }
        let supervisor = SupervisorNotice(environment: ProcessInfo.processInfo.environment)
        if let interval = supervisor.interval { daemon.every(interval, whileAlive: { supervisor.alive() }) }
        supervisor.ready()
        let address = "\(ListenAddress.inURL(host)):\(daemon.port)"
        StandardOutput.write("ready \(tlsCert.isEmpty ? "http" : "https")://\(address)\n")
        serve(daemon, logger, supervisor)
        watch?.removeIfEmpty()
    }

    private static func cure(_ error: StorageError) -> String {
        error.code == .noThread
            ? "let the service have more threads (`TasksMax=`, `ulimit -u`)"
            : "give another file with --store"
    }

    private func options(sockets: Int) -> ServiceOptions {
        var options = ServiceOptions()
        options.server.host = host
        options.server.port = port
        options.server.echoPath = testEcho ? "/test/echo" : nil
        if !tlsCert.isEmpty { options.server.tls = TLSFiles(certificate: tlsCert, key: tlsKey) }
        options.server.trustedProxies = trustedProxy
        bounds.apply(to: &options, isUnlimited: limits == .off, sockets: sockets)
        options.retentionDays = retentionDays
        options.origins = origin
        options.requiresOrigin = requireOrigin
        options.allowsTrace = trace
        options.allowsTestClock = testClock
        return options
    }

    private func serve(_ daemon: Daemon, _ logger: Logger, _ supervisor: SupervisorNotice) {
        while true {
            switch Signals.wait() {
            case .hangUp:
                supervisor.reloading()
                reload(daemon, logger)
                supervisor.ready()
            case .terminate, .interrupt:
                supervisor.stopping()
                let isDone = daemon.drain(seconds: drainSeconds) { milliseconds in
                    // Whoever asks a second time wants no more waiting; what is being stored is stored still.
                    guard let signal = Signals.wait(atMost: milliseconds) else { return false }
                    return signal != .hangUp
                }
                if !isDone { logger.notice("service.drain_cut_short") }
                daemon.stop()
                LogSink.shared.flush()
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
