import Foundation
import Knowledge
import Understanding

/// Shares pieces of work out among the cores.
struct ThreadRunner: WorkRunner, PairRunner {
    func map<Value: Sendable>(_ count: Int, _ work: @Sendable (Int) -> Value) -> [Value] {
        let results = Results<Value>(count: count)
        DispatchQueue.concurrentPerform(iterations: count) { results.set(work($0), at: $0) }
        return results.all
    }

    func both<First: Sendable, Second: Sendable>(
        _ first: @escaping @Sendable () -> First, _ second: @escaping @Sendable () -> Second
    ) -> (First, Second) {
        Self.both(first, second)
    }

    /// Does two things at once; what one touches, the other must leave alone.
    static func both<First, Second>(
        _ first: @escaping () -> First, _ second: @escaping () -> Second
    ) -> (First, Second) {
        let firsts = Handed<First>(first), seconds = Handed<Second>(second)
        DispatchQueue.concurrentPerform(iterations: 2) { index in
            if index == 0 { firsts.make() } else { seconds.make() }
        }
        return (firsts.value, seconds.value)
    }

    /// What a thread makes for another that waits for it.
    private final class Handed<Value>: @unchecked Sendable {
        // Sendable: made by one thread, read by another after that one has ended.
        private let work: () -> Value
        private var made: Value?

        init(_ work: @escaping () -> Value) { self.work = work }

        func make() { made = work() }

        var value: Value {
            guard let made else { preconditionFailure("read after it was made") }
            return made
        }
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
