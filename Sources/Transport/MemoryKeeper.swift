import CLoopShim

/// Gives memory back to the system once a rush is over. The allocator keeps what was freed for the next rush, which
/// would leave an idle server as large as it ever was. Lives on the event loop.
package enum MemoryKeeper {
    /// Milliseconds between two looks.
    private static let interval = 5000

    /// Has the allocator grow in larger steps, each of which is a system call.
    package static func prepare() {
        cloop_memory_prepare()
    }

    /// Gives back what is free now.
    package static func giveBack() { cloop_memory_trim() }

    /// Looks again and again whether there was work since the last time; after the first interval without, memory is
    /// given back, what loading and training left first of all, and with it the code that only they need. `work` counts
    /// up with whatever is done.
    package static func watch(_ loop: EventLoop, work: @escaping () -> Int) {
        watch(loop, work, seen: 0, isTidy: false, isFresh: true)
    }

    private static func watch(
        _ loop: EventLoop, _ work: @escaping () -> Int, seen: Int, isTidy: Bool, isFresh: Bool
    ) {
        loop.schedule(after: interval) {
            let count = work()
            let isQuiet = count == seen
            if isQuiet, !isTidy { cloop_memory_trim() }
            if isQuiet, isFresh { cloop_memory_release_code() }
            watch(loop, work, seen: count, isTidy: isQuiet, isFresh: isFresh && !isQuiet)
        }
    }
}
