import Synchronization
import Transport

/// What the loops of one service have in common: bounds and facts that hold for the service as a whole. Any thread may use it.
package final class Commons: Sendable {
    private let storageLacks = Atomic<Bool>(false)
    private let memoryLacks = Atomic<Bool>(false)
    private let waiting = Atomic<Int>(0)
    private let work = Atomic<Int>(0)
    /// What the addresses of streams are signed with; another after each start.
    let streamKey = Array(Random.text(52).utf8)
    private let footprint = Footprint()
    /// Who asked for a person and has none yet.
    let waitingPeople = PosixLock(WaitingPeople())
    private let rates: PosixLock<Rates>
    private let engines = PosixLock(Engines())
    /// When a foreign site was named in the log last.
    private let foreign = PosixLock<[String: Int]>([:])

    private struct Rates {
        var conversations: AddressRates
        var requests: AddressRates
        var handshakes: TokenBucket
    }

    /// Sessions of Socket.IO: by identifier the address, and how many each address has.
    private struct Engines {
        var addresses: [String: String] = [:]
        var counts: [String: Int] = [:]
    }

    package init(_ options: ServiceOptions) {
        rates = PosixLock(
            Rates(
                conversations: AddressRates(
                    perSecond: options.conversationsPerSecond, burst: options.conversationBurst),
                requests: AddressRates(perSecond: options.requestsPerSecond, burst: options.requestBurst),
                handshakes: TokenBucket(
                    perSecond: options.handshakesPerSecond, burst: options.handshakeBurst, now: EventLoop.now)
            ))
    }

    /// Whether the last thing the store was asked for failed.
    var lacksStorage: Bool {
        get { storageLacks.load(ordering: .relaxed) }
        set { if newValue != lacksStorage { storageLacks.store(newValue, ordering: .relaxed) } }
    }

    /// Whether there is so little memory left that nobody new is let in.
    var lacksMemory: Bool {
        get { memoryLacks.load(ordering: .relaxed) }
        set { memoryLacks.store(newValue, ordering: .relaxed) }
    }

    /// Bytes of memory that are ours.
    var memoryBytes: Int { footprint?.bytes ?? 0 }

    /// Counts up with whatever may take memory.
    var workDone: Int { work.load(ordering: .relaxed) }
    func noteWork() { work.wrappingAdd(1, ordering: .relaxed) }

    // MARK: Rates: nil for what may be, else the milliseconds until it may

    func takeConversation(_ address: String) -> Int? {
        rates.withLock { $0.conversations.take(ClientNetwork.of(address), at: EventLoop.now) }
    }

    func takeRequest(_ address: String) -> Int? {
        rates.withLock { $0.requests.take(ClientNetwork.of(address), at: EventLoop.now) }
    }

    func takeHandshake() -> Int? { rates.withLock { $0.handshakes.take(at: EventLoop.now) } }

    // MARK: Room

    /// Bytes of what waits to be worked, in all conversations, and of what is on its way from one loop to another.
    var waitingBytes: Int { waiting.load(ordering: .relaxed) }

    /// So many bytes more wait; how many that are in all.
    @discardableResult
    func add(_ bytes: Int) -> Int { waiting.wrappingAdd(bytes, ordering: .relaxed).newValue }

    /// Makes room for so many bytes that wait; false when they would be more than the bound.
    func reserve(_ bytes: Int, limit: Int) -> Bool {
        if add(bytes) <= limit { return true }
        release(bytes)
        return false
    }

    func release(_ bytes: Int) { waiting.wrappingSubtract(bytes, ordering: .relaxed) }

    // MARK: Socket.IO

    func hasEngine(_ sid: String) -> Bool { engines.withLock { $0.addresses[sid] != nil } }

    /// Sessions of Socket.IO that there are, and those of one address.
    func engines(of address: String) -> (all: Int, mine: Int) {
        engines.withLock { ($0.addresses.count, $0.counts[ClientNetwork.of(address), default: 0]) }
    }

    func addEngine(_ sid: String, of address: String) {
        let address = ClientNetwork.of(address)
        engines.withLock { engines in
            engines.addresses[sid] = address
            engines.counts[address, default: 0] += 1
        }
    }

    func removeEngine(_ sid: String) {
        engines.withLock { engines in
            guard let address = engines.addresses.removeValue(forKey: sid) else { return }
            let left = engines.counts[address, default: 1] - 1
            engines.counts[address] = left > 0 ? left : nil
        }
    }

    // MARK: Log

    /// Whether a site that may not connect is to be named in the log now: once a minute.
    func namesForeign(_ origin: String) -> Bool {
        let now = EventLoop.now
        return foreign.withLock { named in
            if let last = named[origin], now - last < 60_000 { return false }
            if named.count >= 256 { named = named.filter { now - $0.value < 60_000 } }
            guard named.count < 256 else { return false }
            named[origin] = now
            return true
        }
    }
}
