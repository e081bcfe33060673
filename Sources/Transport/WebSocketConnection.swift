import CLibwebsockets
import CLoopShim
import Synchronization

/// One open WebSocket. Belongs to the loop's thread; any thread may send on it and close it, and what one thread does is done in
/// its order.
package final class WebSocketConnection: @unchecked Sendable {
    // Sendable: every use is on the loop's thread, which `Server` guarantees for callbacks and `EventLoop.run` for the rest;
    // what other threads may ask and do goes through atomics and `EventLoop.run`.
    package let id: Int
    package let peerAddress: String
    /// What it was opened with.
    package let path: String
    package let query: String
    /// The service's own state for the connection, on the loop's thread.
    package var context: AnyObject?
    package private(set) var queuedBytes = 0

    let isEcho: Bool
    var assembly: [UInt8] = []
    var fragments = 0
    var messageTimer: Int?
    /// When something came from the client last.
    private(set) var heardAt = EventLoop.now
    /// When it was asked whether it is there; nil when it has answered.
    private(set) var askedAt: Int?
    /// Whether the client has said goodbye.
    var hasLeft = false
    private var wsi: OpaquePointer?
    private var queue: [(message: OutgoingMessage, counts: Bool)] = []
    private var head = 0
    private var closing: (code: UInt16, reason: String)?
    private let limit: Int
    private let descriptor: Int32
    private let isTalking = Atomic<Bool>(true)
    /// Bytes that another thread has sent and the loop has not taken yet.
    private let bytesOnWay = Atomic<Int>(0)

    private let loop: EventLoop
    /// Milliseconds within which a farewell must have been taken.
    private static let farewellWait = 5000

    init(id: Int, loop: EventLoop, wsi: OpaquePointer, request: HTTPRequest, isEcho: Bool, limit: Int) {
        descriptor = lws_get_socket_fd(wsi)
        self.id = id
        self.loop = loop
        self.wsi = wsi
        peerAddress = request.peerAddress
        path = request.path
        query = request.query
        self.isEcho = isEcho
        self.limit = limit
    }

    package var isOpen: Bool { isTalking.load(ordering: .relaxed) }
    /// The code that we closed with; nil when the client went by itself.
    package var closeCode: UInt16? { closing?.code }
    /// Whether everything that was to be said has been, the farewell included.
    var isQuiet: Bool { wsi == nil || hasSaidFarewell }
    private var hasSaidFarewell = false
    private var owesPing = false
    /// Whether more pings have come than there is a reason for; on the echo path suites of the protocol send what they like.
    var isFlooding: Bool { wsi != nil && !isEcho && cloop_is_flooded(descriptor) != 0 }

    /// Queues a message. A reader so slow that the queue passes its bound is closed with 4501; what it missed it gets when
    /// it comes back.
    ///
    /// What a client asked to have again when it came back does not count: how much that is, is bounded by the replay.
    package func send(_ message: OutgoingMessage, isReplay: Bool = false) {
        guard loop.isOnLoop else { return sendFromAfar(message, isReplay: isReplay) }
        guard closing == nil, let wsi else { return }
        if !isReplay { queuedBytes += message.payloadCount }
        guard queuedBytes <= limit else { return giveUpReader() }
        queue.append((message, !isReplay))
        // Mostly the line is free, and libwebsockets keeps what it does not take: so nobody is asked whether it is, but
        // nothing is written behind what is kept. A pong that is owed goes first.
        guard head == 0, queue.count == 1, cloop_owes_pong(descriptor) == 0, lws_partial_buffered(wsi) == 0,
            write()
        else {
            lws_callback_on_writable(wsi)
            return
        }
        queue.removeAll(keepingCapacity: true)
    }

    private func sendFromAfar(_ message: OutgoingMessage, isReplay: Bool) {
        guard isOpen else { return }
        let size = isReplay ? 0 : message.payloadCount
        guard bytesOnWay.wrappingAdd(size, ordering: .relaxed).newValue <= limit else {
            isTalking.store(false, ordering: .relaxed)
            return loop.run { self.giveUpReader() }
        }
        loop.run {
            self.bytesOnWay.wrappingSubtract(size, ordering: .relaxed)
            self.send(message, isReplay: isReplay)
        }
    }

    private func giveUpReader() {
        guard closing == nil else { return }
        queue.removeAll()
        head = 0
        queuedBytes = 0
        close(code: 4501, reason: "too slow")
    }

    /// Closes once what is queued has been sent.
    package func close(code: UInt16, reason: String = "") {
        isTalking.store(false, ordering: .relaxed)
        guard loop.isOnLoop else { return loop.run { self.close(code: code, reason: reason) } }
        guard closing == nil, let wsi else { return }
        closing = (code, reason)
        // Whoever does not take the farewell is cut off.
        loop.schedule(after: WebSocketConnection.farewellWait) { [weak self] in self?.hangUp() }
        lws_callback_on_writable(wsi)
    }

    /// On the loop's thread: leaves what comes with the system, which tells the client to wait, until `resumeReading`.
    package func pauseReading() {
        if let wsi { lws_rx_flow_control(wsi, 0) }
    }

    package func resumeReading() {
        guard loop.isOnLoop else { return loop.run { self.resumeReading() } }
        if let wsi { lws_rx_flow_control(wsi, 1) }
    }

    func hear() {
        heardAt = EventLoop.now
        askedAt = nil
    }

    /// Asks the client whether it is there; what it answers counts as heard.
    func ask() {
        askedAt = EventLoop.now
        guard closing == nil, let wsi else { return }
        owesPing = true
        lws_callback_on_writable(wsi)
    }

    /// Ends the line without a word: nobody is there to read one. As a timeout, after which libwebsockets does not wait until
    /// what it keeps has been taken, either.
    func hangUp() {
        guard let wsi else { return }
        lws_set_timeout(wsi, PENDING_TIMEOUT_WS_PONG_CHECK_GET_PONG, LWS_TO_KILL_ASYNC)
    }

    private func writePing(_ wsi: OpaquePointer) -> Bool {
        // Not empty: of an answer without a payload libwebsockets tells nothing.
        var ping = OutgoingMessage([0x3F])
        return ping.withPayload { lws_write(wsi, $0, $1, LWS_WRITE_PING) } >= 0
    }

    func detach() {
        wsi = nil
        isTalking.store(false, ordering: .relaxed)
        queue.removeAll()
        assembly = []
    }

    /// Hands the first message of the queue to libwebsockets, which keeps what the line does not take; false when the
    /// line is broken. Leaves the message in the queue.
    private func write() -> Bool {
        let isBinary = queue[head].message.isBinary
        let size = queue[head].message.payloadCount
        let written = queue[head].message.withPayload {
            lws_write(wsi, $0, $1, isBinary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT)
        }
        guard written >= size else { return false }
        if queue[head].counts { queuedBytes -= size }
        return true
    }

    /// Writes what it can; -1 when the connection is to end.
    func writeable() -> Int32 {
        guard let wsi else { return -1 }
        // A second refusal would cut the line before the client has read the farewell.
        if hasSaidFarewell { return 0 }
        cloop_clear_pong(descriptor)
        if owesPing {
            owesPing = false
            guard writePing(wsi) else { return -1 }
        }
        while head < queue.count {
            guard write() else { return -1 }
            head += 1
            if head < queue.count, lws_send_pipe_choked(wsi) != 0 { break }
        }
        if head == queue.count {
            queue.removeAll(keepingCapacity: true)
            head = 0
            if let closing {
                hasSaidFarewell = true
                cloop_close_reason(wsi, closing.code, closing.reason, closing.reason.utf8.count)
                return -1
            }
        } else {
            lws_callback_on_writable(wsi)
        }
        return 0
    }
}
