/// Runs pieces of work that do not depend on each other; the core starts no threads itself.
package protocol WorkRunner: Sendable {
    /// The results of `work` for 0, 1, … in this order, however they were shared out.
    func map<Value: Sendable>(_ count: Int, _ work: @Sendable (Int) -> Value) -> [Value]
}

/// One piece after the other.
package struct SerialRunner: WorkRunner {
    package init() {}

    package func map<Value: Sendable>(_ count: Int, _ work: @Sendable (Int) -> Value) -> [Value] {
        (0..<count).map(work)
    }
}
