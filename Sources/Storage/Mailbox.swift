import Glibc

/// A queue from many threads to one. Putting never blocks for longer than another put; taking waits for the
/// first item and then takes all there are, up to a limit.
///
/// `@unchecked Sendable` holds because everything below the lock is touched only between `lock` and `unlock`.
final class Mailbox<Item>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let arrival = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    // Below the lock.
    private var items: [Item] = []
    private var isClosed = false
    private var isWaiting = false

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(arrival, nil)
    }

    deinit {
        pthread_cond_destroy(arrival)
        pthread_mutex_destroy(mutex)
        arrival.deallocate()
        mutex.deallocate()
    }

    var count: Int { locked { items.count } }

    /// False when the mailbox is closed; the item is not taken then. A reader that waits is told, unless it is left to a later
    /// `tell`.
    func put(_ item: Item, telling: Bool = true) -> Bool {
        locked {
            if isClosed { return false }
            items.append(item)
            // Signalling costs a system call, and a reader at work looks again by itself.
            if isWaiting, telling { pthread_cond_signal(arrival) }
            return true
        }
    }

    /// Tells a reader that waits of what has come.
    func tell() {
        locked {
            if isWaiting, !items.isEmpty { pthread_cond_signal(arrival) }
        }
    }

    /// What has come, oldest first; waits until there is something. Empty when the mailbox is closed and
    /// drained.
    func take(atMost limit: Int) -> [Item] {
        locked {
            while items.isEmpty, !isClosed {
                isWaiting = true
                pthread_cond_wait(arrival, mutex)
                isWaiting = false
            }
            if items.count <= limit {
                let all = items
                items = []
                // As many come until the next look, as a rule.
                items.reserveCapacity(min(all.count, 64))
                return all
            }
            defer { items.removeFirst(limit) }
            return Array(items[..<limit])
        }
    }

    /// Nothing more is taken in; what is there can still be taken out.
    func close() {
        locked {
            isClosed = true
            pthread_cond_broadcast(arrival)
        }
    }

    private func locked<Value>(_ body: () -> Value) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
