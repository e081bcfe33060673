/// A rate with a burst, in whole tokens; time comes in.
struct TokenBucket {
    private let rate: Int
    private let burst: Int
    /// Thousandths of a token.
    private var level: Int
    private var last: Int

    init(perSecond rate: Int, burst: Int, now: Int) {
        self.rate = max(1, rate)
        self.burst = max(1, burst)
        level = self.burst * 1000
        last = now
    }

    /// Nil when a token was taken, else the milliseconds until there is one.
    mutating func take(at now: Int) -> Int? {
        refill(now)
        guard level >= 1000 else { return (1000 - level + rate - 1) / rate }
        level -= 1000
        return nil
    }

    /// Whether it has been left alone for so long that a new one would say the same.
    mutating func isFull(at now: Int) -> Bool {
        refill(now)
        return level == burst * 1000
    }

    private mutating func refill(_ now: Int) {
        level = min(burst * 1000, level + (now - last) * rate)
        last = now
    }
}

/// Counts what may happen so many times within any minute.
struct MinuteLimit {
    private let limit: Int
    private var times: [Int] = []

    init(_ limit: Int) { self.limit = limit }

    /// Notes that it happened; false when that was once too often.
    mutating func note(at now: Int) -> Bool {
        times.removeAll { now - $0 >= 60_000 }
        guard times.count < limit else { return false }
        times.append(now)
        return true
    }
}

/// A rate for each address.
struct AddressRates {
    private let rate: Int
    private let burst: Int
    private var buckets: [String: TokenBucket] = [:]
    /// So many are remembered before it is looked who has been quiet.
    private var room = AddressRates.least
    private static let least = 4096

    init(perSecond rate: Int, burst: Int) {
        self.rate = rate
        self.burst = burst
    }

    /// Nil when the address may, else the milliseconds until it may.
    mutating func take(_ address: String, at now: Int) -> Int? {
        // Whoever has been quiet need not be remembered.
        if buckets.count >= room, buckets[address] == nil {
            buckets = buckets.filter { entry in
                var bucket = entry.value
                return !bucket.isFull(at: now)
            }
            // As many again may come before the next look, so that it costs each of them the same.
            room = max(AddressRates.least, 2 * buckets.count)
        }
        return buckets[address, default: TokenBucket(perSecond: rate, burst: burst, now: now)].take(at: now)
    }
}
