import CLibwebsockets
#if canImport(Glibc)
    import Glibc
#endif

/// Signals of the process, taken by one thread that waits for them; call `block` before any other thread starts.
package enum Signals {
    package enum Signal: Sendable {
        case terminate, interrupt, hangUp

        fileprivate init?(_ number: Int32) {
            switch number {
            case SIGTERM: self = .terminate
            case SIGINT: self = .interrupt
            case SIGHUP: self = .hangUp
            default: return nil
            }
        }
    }

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
            guard sigwait(&set, &number) == 0, let signal = Signal(number) else { continue }
            return signal
        }
    }

    /// Waits for the next one so many milliseconds; nil when there was none.
    package static func wait(atMost milliseconds: Int) -> Signal? {
        var set = waited()
        var time = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
        return Signal(sigtimedwait(&set, nil, &time))
    }

    private static func waited() -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, number) }
        return set
    }
}
