import Channels
import Storage
import Synchronization
import Transport

/// Several loops. Each has the connections that came to it and the conversations that belong to it: which loop a conversation
/// belongs to follows from the digest that opens it, for ever. What begins on a loop is named so that it belongs there; who comes
/// back to a conversation of another loop becomes a guest there: his frames go to that loop and the answers come back to his,
/// each in order.
extension Sessions {
    /// All loops know each other from now on. Called on each before it serves.
    package func meet(_ peers: [Sessions]) { self.peers = peers }

    /// The first loop does what is done once for all.
    var isChair: Bool { index == 0 }

    /// The loop that what a digest opens belongs to.
    func owner(of key: [UInt8]) -> Sessions { owner(ofToken: Token.prefix(of: key)) }

    func owner(ofToken token: Int64) -> Sessions {
        peers.count < 2 ? self : peers[Int(UInt64(bitPattern: token) % UInt64(peers.count))]
    }

    /// Makes names until one belongs to this loop. `key`: the digest of what a name opens.
    func mint(for key: (String) -> [UInt8], _ make: () -> String) -> String {
        while true {
            let name = make()
            if peers.count < 2 || owner(of: key(name)) === self { return name }
        }
    }

    /// Has work done by the loop that the digest belongs to: now where that is this one.
    func onOwner(of key: [UInt8], _ work: @escaping @Sendable (isolated Sessions) -> Void) {
        let owner = owner(of: key)
        if owner === self { work(self) } else { owner.send(work) }
    }

    /// Has a conversation in memory on the loop that it belongs to, and goes on there.
    func fetchAnywhere(
        _ key: [UInt8], then: @escaping @Sendable (isolated Sessions, Fetched) -> Void
    ) {
        onOwner(of: key) { owner in owner.fetch(key) { then(owner, $0) } }
    }

    /// Reads turns of a conversation, and goes on here.
    func storedTurns(
        _ conversation: Int64, after seq: Int, limit: Int,
        then: @escaping @Sendable (isolated Sessions, Result<[StoredTurn], StorageError>) -> Void
    ) {
        store.turns(conversation, after: seq, limit: limit) { result in self.send { then($0, result) } }
    }

    /// Has work done on its loop: now for who is there, else in the order of the calls.
    nonisolated func perform(_ work: @escaping @Sendable (isolated Sessions) -> Void) {
        if loop.isOnLoop { assumeIsolated(work) } else { send(work) }
    }

    private nonisolated func send(_ work: @escaping @Sendable (isolated Sessions) -> Void) {
        loop.run { self.assumeIsolated(work) }
    }

    /// Asks every loop in turn, then says what they answered, in their order.
    func askAll<Value: Sendable>(
        _ question: @escaping @Sendable (isolated Sessions) -> Value,
        _ then: @escaping @Sendable (isolated Sessions, [Value]) -> Void
    ) {
        ask(peers[...], [], question, then)
    }

    private nonisolated func ask<Value: Sendable>(
        _ peers: ArraySlice<Sessions>, _ answers: [Value],
        _ question: @escaping @Sendable (isolated Sessions) -> Value,
        _ then: @escaping @Sendable (isolated Sessions, [Value]) -> Void
    ) {
        guard let next = peers.first else { return perform { then($0, answers) } }
        next.perform { self.ask(peers.dropFirst(), answers + [question($0)], question, then) }
    }

    // MARK: Guests

    /// Makes a connection of this loop a guest of another, where its frames go from now on. `context`: what it is there.
    func guest(
        _ connection: WebSocketConnection, at host: Sessions, as context: AnyObject? = nil,
        _ receive: @escaping @Sendable (isolated Sessions, Guest) -> Void
    ) {
        let guest = Guest(connection, host: host, context: context)
        connection.context = guest
        connectionsAbroad += 1
        host.send { receive($0, guest) }
    }

    /// Passes on what a guest said. What is on its way is bounded: beyond, the client has to wait.
    func pass(_ bytes: UnsafeRawBufferPointer, isBinary: Bool, of guest: Guest) {
        let message = Array(bytes)
        let size = message.count + 256
        let waiting = commons.add(size)
        let mine = guest.bytesOnWay.wrappingAdd(size, ordering: .sequentiallyConsistent).newValue
        if mine > options.server.maxMessageBytes || waiting > options.maxWaitingBytesInAll {
            // Before the message goes, so that whoever takes it sees it.
            guest.isPaused.store(true, ordering: .sequentiallyConsistent)
            guest.connection.pauseReading()
        }
        guest.host.send { $0.take(message, isBinary: isBinary, of: guest) }
    }

    private func take(_ message: [UInt8], isBinary: Bool, of guest: Guest) {
        let size = message.count + 256
        commons.release(size)
        let left = guest.bytesOnWay.wrappingSubtract(size, ordering: .sequentiallyConsistent).newValue
        if left <= options.server.maxMessageBytes / 2,
            guest.isPaused.exchange(false, ordering: .sequentiallyConsistent)
        {
            guest.connection.resumeReading()
        }
        // What was on its way when it was closed is not heard any more.
        guard guest.connection.isOpen else { return }
        message.withUnsafeBytes { hear($0, isBinary: isBinary, on: guest.connection, as: guest.context) }
    }

    /// The connection of a guest is gone.
    func dismiss(_ guest: Guest) {
        connectionsAbroad -= 1
        guest.host.send { host in
            host.left(guest.connection, as: guest.context)
            guest.context = nil
        }
    }
}

/// A connection that talks to a conversation of another loop than its own.
final class Guest: @unchecked Sendable {
    // Sendable: `context` is touched by the loop of `host` alone; the connection may be used by any.
    let connection: WebSocketConnection
    /// Whose conversation it is.
    let host: Sessions
    /// What the connection is to the host: a session, or a socket of another front end.
    var context: AnyObject?
    /// Bytes that were heard and are not taken yet.
    let bytesOnWay = Atomic<Int>(0)
    /// Whether its client has to wait.
    let isPaused = Atomic<Bool>(false)

    init(_ connection: WebSocketConnection, host: Sessions, context: AnyObject?) {
        self.connection = connection
        self.host = host
        self.context = context
    }
}
