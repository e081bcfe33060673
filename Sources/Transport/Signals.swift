#if canImport(Glibc)
    import Glibc
#endif

/// Signals of the process, taken by one thread that waits for them; call `block` before any other thread starts.
package enum Signals {
    package enum Signal: Sendable { case terminate, interrupt, hangUp }

    package static func block() {
        var set = waited()
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
        signal(SIGUSR1, SIG_IGN)
        signal(SIGUSR2, SIG_IGN)
    }

    /// Waits for the next one.
    package static func wait() -> Signal {
        var set = waited()
        var number: Int32 = 0
        while true {
            guard sigwait(&set, &number) == 0 else { continue }
            switch number {
            case SIGTERM: return .terminate
            case SIGINT: return .interrupt
            case SIGHUP: return .hangUp
            default: continue
            }
        }
    }

    private static func waited() -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, number) }
        return set
    }
}
