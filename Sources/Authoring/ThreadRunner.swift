import Foundation
import Glibc
import Knowledge
import Understanding

/// Shares pieces of work out among the cores, on threads that are there for as long as the work is. Where the system has none
/// to give, whoever asks does it all: slower, but it is done. (A queue of Dispatch would wait until there are threads again.)
package struct ThreadRunner: WorkRunner, PairRunner {
    package init() {}

    private static let cores = ProcessInfo.processInfo.activeProcessorCount

    package func map<Value: Sendable>(_ count: Int, _ work: @Sendable (Int) -> Value) -> [Value] {
        let results = Results<Value>(count: count)
        withoutActuallyEscaping(work) { work in
            let share: @Sendable () -> Void = {
                while let index = results.take() { results.set(work(index), at: index) }
            }
            var beside: [SideThread] = []
            while beside.count < min(Self.cores, count) - 1, let thread = SideThread(share) {
                beside.append(thread)
            }
            share()
            for thread in beside { thread.join() }
        }
        return results.all
    }

    package func both<First: Sendable, Second: Sendable>(
        _ first: @escaping @Sendable () -> First, _ second: @escaping @Sendable () -> Second
    ) -> (First, Second) {
        Self.both(first, second)
    }

    /// Does two things at once, the second on the calling thread; what one touches, the other must leave alone.
    package static func both<First, Second>(
        _ first: @escaping () -> First, _ second: @escaping () -> Second
    ) -> (First, Second) {
        let firsts = Handed<First>(first)
        let beside = SideThread { firsts.make() }
        let value = second()
        if let beside { beside.join() } else { firsts.make() }
        return (firsts.value, value)
    }

    /// A thread that works beside the one that started it, which waits for its end.
    private struct SideThread {
        private let handle: pthread_t

        /// nil where the system has no thread to give.
        init?(_ body: @escaping @Sendable () -> Void) {
            let work = Unmanaged.passRetained(Work(body))
            var handle = pthread_t()
            let result = pthread_create(
                &handle, nil,
                { argument in
                    guard let argument else { return nil }
                    Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                    return nil
                }, work.toOpaque())
            guard result == 0 else {
                work.release()
                return nil
            }
            self.handle = handle
        }

        func join() { pthread_join(handle, nil) }

        private final class Work {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
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

    /// The pieces that are still to be done, and what the threads hand in, each at its own place.
    private final class Results<Value: Sendable>: @unchecked Sendable {
        // Sendable: every access holds the lock.
        private var values: [Value?]
        private var taken = 0
        private let lock = NSLock()

        init(count: Int) { values = Array(repeating: nil, count: count) }

        /// The next piece; nil when all have been taken.
        func take() -> Int? {
            lock.withLock {
                guard taken < values.count else { return nil }
                taken += 1
                return taken - 1
            }
        }

        func set(_ value: Value, at index: Int) { lock.withLock { values[index] = value } }

        var all: [Value] { lock.withLock { values.compactMap { $0 } } }
    }
}
