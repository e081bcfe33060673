import CLoopShim
#if canImport(Glibc)
    import Glibc
#endif

/// Keeps one message from ending the service again and again. What is being worked is noted in a page beside the event
/// log; when it traps the program, or takes more processor time than a turn may, the process ends, and the next one
/// refuses that message. Everybody else resumes.
package final class TurnWatch: @unchecked Sendable {
    // Sendable: the page is memory shared with other processes anyway; every thread has a slot of its own.
    package enum Cause: Sendable { case trap, slow }

    /// Loops that can have a slot.
    package static let slots = Int(CTURN_SLOTS)

    private let page: OpaquePointer
    private let path: String
    /// Whether there may be anything to refuse: only what ended an earlier process is.
    private let hasRefusals: Bool

    /// Nil when the page cannot be had; the service then works without.
    package init?(path: String) {
        guard let page = cturn_open(path) else { return nil }
        self.page = page
        self.path = path
        hasRefusals = cturn_refusals(page) > 0
    }

    /// From now on a trap is noted, and a turn that takes longer than so many seconds ends the process. False when no thread can
    /// be had.
    package func start(seconds: Int) -> Bool { cturn_watch(page, Double(seconds)) == 0 }

    /// Why the message is not to be worked; nil when it may.
    package func refusal(of digest: UInt64, in conversation: Int64) -> Cause? {
        guard hasRefusals else { return nil }
        let cause = Int(cturn_refused(page, conversation, digest))
        if cause == 0 { return nil }
        return cause == CTURN_SLOW ? .slow : .trap
    }

    /// Works a turn. `slot` is the number of the loop.
    package func work<Value>(
        on digest: UInt64, in conversation: Int64, slot: Int, _ body: () -> Value
    ) -> Value {
        cturn_begin(page, Int32(slot), conversation, digest)
        defer { cturn_end(page, Int32(slot)) }
        return body()
    }

    /// Forgets what was refused in a conversation that was erased.
    package func forget(_ conversation: Int64) { cturn_forget(page, conversation) }

    /// At the orderly end, when no turn is worked any more and the process is about to go: a page with nothing refused is taken
    /// away.
    package func removeIfEmpty() {
        if cturn_refusals(page) == 0 { unlink(path) }
    }
}
