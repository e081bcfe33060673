/// Notices when the wall clock jumps, by comparing it with the one that never does. What is erased by age waits then: a
/// clock that is a year ahead would make everything old.
struct ClockWatch {
    /// Seconds by which the wall clock may go wrong between two looks before that is a jump.
    private static let tolerance = 60
    /// Milliseconds for which nothing is erased by age after a jump.
    private static let pause = 24 * 3_600_000

    private var last: (wall: Int, steady: Int)?
    private var pausedUntil: Int?
    private(set) var jumps = 0

    /// Notes both clocks: seconds of the wall clock, milliseconds of the steady one. The seconds of a jump since the last look;
    /// nil when there was none.
    mutating func note(wall: Int, steady: Int) -> Int? {
        defer { last = (wall, steady) }
        guard let last else { return nil }
        let jump = (wall - last.wall) - (steady - last.steady) / 1000
        guard abs(jump) > Self.tolerance else { return nil }
        jumps += 1
        pausedUntil = steady + Self.pause
        return jump
    }

    /// Whether the wall clock has been steady for long enough to judge age by it.
    func isTrusted(steady: Int) -> Bool { pausedUntil.map { steady >= $0 } ?? true }
}
