import Synchronization

/// What the servers of one port count together, so that a bound holds for all of them. Any thread may use it.
package final class Census: Sendable {
    private let socketCount = Atomic<Int>(0)
    private let webSockets = PosixLock(WebSockets())

    private struct WebSockets {
        var count = 0
        var byAddress: [String: Int] = [:]
    }

    package init() {}

    /// Sockets of any kind, those on their way from one server to another included.
    var sockets: Int { socketCount.load(ordering: .relaxed) }
    func addSocket() { socketCount.wrappingAdd(1, ordering: .relaxed) }
    func removeSocket() { socketCount.wrappingSubtract(1, ordering: .relaxed) }

    /// Counts one more WebSocket of the address; when it is not counted, why there may not be one more.
    func enter(_ address: String, _ options: ServerOptions) -> TransportRefusal? {
        let address = ClientNetwork.of(address)
        return webSockets.withLock { open in
            let mine = open.byAddress[address, default: 0]
            if mine >= options.maxConnectionsPerAddress { return .tooManyConnections }
            if open.count >= options.maxConnections { return .overloaded }
            open.byAddress[address] = mine + 1
            open.count += 1
            return nil
        }
    }

    func leave(_ address: String) {
        let address = ClientNetwork.of(address)
        webSockets.withLock { open in
            let left = open.byAddress[address, default: 1] - 1
            open.byAddress[address] = left > 0 ? left : nil
            open.count -= 1
        }
    }
}
