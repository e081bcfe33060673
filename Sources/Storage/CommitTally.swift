import Synchronization

/// Counts what the writer commits; read from any thread while it works.
package final class CommitTally: Sendable {
    package struct Counts: Equatable, Sendable {
        /// Groups by how many requests they held, for each of `bounds` and what is beyond.
        package var groups = [Int](repeating: 0, count: CommitTally.bounds.count + 1)
        package var requests = 0
        package var groupsFailed = 0
        package var reopened = 0
    }

    /// Upper bounds of the histogram of a group's size.
    package static let bounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]

    private let state = Mutex(Counts())

    package var counts: Counts {
        state.withLock { state in
            var counts = state
            // Of the reader's own. When it is done with one that it shares, the writer changes that in place, and how Swift knows
            // that it may is hidden from the thread sanitizer.
            counts.groups = state.groups.map { $0 }
            return counts
        }
    }

    func noteGroup(of count: Int) {
        state.withLock { state in
            state.groups[Self.bounds.firstIndex { count <= $0 } ?? Self.bounds.count] += 1
            state.requests += count
        }
    }

    func noteFailure() { state.withLock { $0.groupsFailed += 1 } }
    func noteReopening() { state.withLock { $0.reopened += 1 } }
}
