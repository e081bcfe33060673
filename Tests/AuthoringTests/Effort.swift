import Glibc

/// Processor time that the calling thread takes for something, in nanoseconds: the least of several tries. It is the same however
/// much else the machine has to do, and is only ever compared with that of something else, tried in the same run.
func effort(tries: Int = 5, _ body: () throws -> Void) rethrows -> Int {
    var least = Int.max
    for _ in 0..<tries {
        let before = threadTime()
        try body()
        least = min(least, threadTime() - before)
    }
    return least
}

private func threadTime() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}
