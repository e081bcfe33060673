import Foundation
import Testing

/// A TCP proxy that makes the network as bad as a seed says: it delays, splits, cuts and resets. The same seed does the
/// same to the n-th connection, as far as the two sides say the same.
final class FaultProxy: @unchecked Sendable {
    // Sendable: what several threads touch is behind the lock.

    /// What the network does to a connection.
    struct Weather: Sendable {
        /// Milliseconds that each piece waits, at most.
        var delay = 0
        /// Bytes of a piece, at most.
        var piece = 16_384
        /// How often, of a thousand pieces, the line is closed in an orderly way, or reset.
        var cuts = 0
        var resets = 0
        /// Bytes from the server after which a line is reset, the first that gets so far.
        var resetAfter: Int?
        /// What the client says is taken and never passed on; the same of the server.
        var losesRequests = false
        var losesAnswers = false
    }

    private(set) var port = 0
    private let target: Int
    private let seed: UInt64
    private let listener: Int32
    private let lock = NSLock()
    private var weatherNow: Weather
    private var open: Set<Int32> = []
    private var count = 0
    private var broken = 0
    private var isOver = false

    init(to target: Int, seed: UInt64 = 1, _ weather: Weather = Weather()) throws {
        self.target = target
        self.seed = seed
        weatherNow = weather
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(0)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, size) }
        }
        try #require(bound == 0 && listen(listener, 64) == 0)
        var length = size
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(listener, $0, &length) }
        }
        port = Int(in_port_t(bigEndian: address.sin_port))
        let descriptor = listener
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(descriptor, nil, nil)
                guard client >= 0 else { return }
                guard let self else {
                    close(client)
                    return
                }
                self.serve(client)
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// Ends everything; to be called before the proxy goes.
    func end() {
        lock.withLock {
            isOver = true
            for descriptor in open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    var weather: Weather {
        get { lock.withLock { weatherNow } }
        set { lock.withLock { weatherNow = newValue } }
    }

    /// Lines that were cut or reset.
    var breaks: Int { lock.withLock { broken } }

    /// Closes every line, as a proxy does that is started anew.
    func restart() {
        lock.withLock { for descriptor in open { shutdown(descriptor, Int32(SHUT_RDWR)) } }
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return address
    }

    /// The two ends of a line; closed when both directions are done.
    private final class Pair: @unchecked Sendable {
        // Sendable: the count is behind the proxy's lock, the rest never changes.
        let client: Int32, server: Int32
        var directions = 2

        init(_ client: Int32, _ server: Int32) { (self.client, self.server) = (client, server) }
    }

    private func serve(_ client: Int32) {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(target)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        let number = lock.withLock { () -> Int? in
            guard result == 0, !isOver else { return nil }
            open.formUnion([client, server])
            count += 1
            return count
        }
        guard let number else {
            close(client)
            close(server)
            return
        }
        var now: Int32 = 1
        for descriptor in [client, server] {
            setsockopt(
                descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &now, socklen_t(MemoryLayout<Int32>.size))
        }
        let pair = Pair(client, server)
        for isAnswer in [false, true] {
            let chance = Chance(
                state: seed &+ UInt64(number * 2 + (isAnswer ? 1 : 0)) &* 0x9E37_79B9_7F4A_7C15)
            Thread.detachNewThread { self.carry(pair, isAnswer: isAnswer, chance) }
        }
    }

    /// Carries one direction until the line ends.
    private func carry(_ pair: Pair, isAnswer: Bool, _ chance: Chance) {
        var chance = chance
        let (from, to) = isAnswer ? (pair.server, pair.client) : (pair.client, pair.server)
        var carried = 0
        carrying: while true {
            var bytes = [UInt8](repeating: 0, count: 1 + chance.below(self.weather.piece))
            let received = recv(from, &bytes, bytes.count, 0)
            guard received > 0 else { break }
            // As it is now, not as it was when the wait began.
            let weather = self.weather
            if weather.delay > 0 { usleep(UInt32(chance.below(weather.delay * 1000))) }
            if isAnswer ? weather.losesAnswers : weather.losesRequests { continue }
            var piece = bytes[..<received]
            let isLast = isAnswer && weather.resetAfter.map { carried + received >= $0 } ?? false
            if isLast { piece = piece.prefix(max(0, (weather.resetAfter ?? 0) - carried)) }
            carried += received
            while !piece.isEmpty {
                let sent = piece.withUnsafeBytes { send(to, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard sent > 0 else { break carrying }
                piece = piece.dropFirst(sent)
            }
            let fate = chance.below(1000)
            if isLast { self.weather.resetAfter = nil }
            if isLast || fate < weather.resets {
                reset(pair)
                break
            }
            if fate < weather.resets + weather.cuts {
                lock.withLock { broken += 1 }
                break
            }
        }
        shutdown(pair.client, Int32(SHUT_RDWR))
        shutdown(pair.server, Int32(SHUT_RDWR))
        lock.withLock {
            pair.directions -= 1
            guard pair.directions == 0 else { return }
            open.subtract([pair.client, pair.server])
            close(pair.client)
            close(pair.server)
        }
    }

    /// Has both sides hear a reset instead of an end once the line is closed.
    private func reset(_ pair: Pair) {
        var linger = linger(l_onoff: 1, l_linger: 0)
        for descriptor in [pair.client, pair.server] {
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
            var nobody = sockaddr()
            nobody.sa_family = sa_family_t(AF_UNSPEC)
            // Undoing the connection sends the reset at once.
            connect(descriptor, &nobody, socklen_t(MemoryLayout<sockaddr>.size))
        }
        lock.withLock { broken += 1 }
    }
}

/// Numbers that look random and are the same each time (SplitMix64).
struct Chance {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ mixed >> 31) % UInt64(max(1, limit)))
    }
}
