import Foundation
import Understanding

/// Shares pieces of work out among the cores.
struct ThreadRunner: WorkRunner {
    func map<Value: Sendable>(_ count: Int, _ work: @Sendable (Int) -> Value) -> [Value] {
        let results = Results<Value>(count: count)
        DispatchQueue.concurrentPerform(iterations: count) { results.set(work($0), at: $0) }
        return results.all
    }

    /// What the threads hand in, each at its own place.
    private final class Results<Value: Sendable>: @unchecked Sendable {
        // Sendable: every access holds the lock.
        private var values: [Value?]
        private let lock = NSLock()

        init(count: Int) { values = Array(repeating: nil, count: count) }

        func set(_ value: Value, at index: Int) { lock.withLock { values[index] = value } }

        var all: [Value] { lock.withLock { values.compactMap { $0 } } }
    }
}
