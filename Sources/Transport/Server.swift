import CLibwebsockets
import CLoopShim
import Synchronization
#if canImport(Glibc)
    import Glibc
#endif

/// Speaks WebSocket and HTTP on one port, on an event loop. Several, each on a loop of its own, may share the port: the first one
/// listens, and what it accepts goes to whichever has the fewest sockets.
package final class Server: @unchecked Sendable {
    // Sendable: every member is used on the loop's thread after `listen`, but for `load` and `census`, which any thread may use.
    let loop: EventLoop
    let options: ServerOptions
    let handler: any ServerHandler
    private var vhost: OpaquePointer?
    /// The number of its latest connection, unlike that of any other on the port, and the step from one to the next.
    private var lastID: Int
    private let step: Int
    private let census: Census
    /// Sockets that are here or on the way here.
    private let load = Atomic<Int>(0)
    /// Those with which it shares what it accepts; empty on all but the one that listens.
    private var sharers: [Server] = []
    /// Where the search for the emptiest begins, so that equals take turns.
    private var turn = 0
    private var connections: [Int: WebSocketConnection] = [:]
    /// Every accepted socket, whatever it came for.
    private var sockets: [OpaquePointer: Socket] = [:]
    /// When each WebSocket is looked at next, by its number.
    private var silences = TimerWheel<Int>(now: EventLoop.now)
    private var isAccepting = true
    /// Sockets that were closed unheard.
    package private(set) var socketsRefused = 0
    /// Bytes of a message on the echo path, which is for tests: suites of the protocol send up to 16 MiB.
    private static let echoLimit = 32 << 20
    /// The port that is really listened on.
    package private(set) var port = 0

    private struct Socket {
        let descriptor: Int32
        let watch: OpaquePointer?
        /// Whose WebSocket it is; nil for one that is none.
        var address: String?
    }

    /// `census`: shared by the servers of one port. `index`: which of the `count` it is.
    package init(
        loop: EventLoop, options: ServerOptions, handler: any ServerHandler, census: Census = Census(),
        index: Int = 0, of count: Int = 1
    ) {
        self.loop = loop
        self.options = options
        self.handler = handler
        self.census = census
        lastID = index
        step = count
    }

    /// Begins to listen. Call before the loop starts, or on its thread.
    package func listen() throws(TransportError) { try makeHost(port: Int32(options.port)) }

    /// Begins to listen, and shares what is accepted with others. Call before any of their loops starts.
    package func listen(with others: [Server]) throws(TransportError) {
        try listen()
        for other in others { try other.makeHost(port: Int32(CLOOP_NO_PORT)) }
        sharers = others
    }

    private func makeHost(port wanted: Int32) throws(TransportError) {
        guard let context = loop.context else {
            throw TransportError(.loopFailed, "the event loop has ended")
        }
        try checkTLS()
        let address = try ListenAddress(options.host)
        let list = UnsafeMutablePointer<lws_protocols>.allocate(capacity: 3)
        list.initialize(repeating: lws_protocols(), count: 3)
        // No client can ask for the second one: a name with a space is no token.
        for (index, name) in [options.subprotocol, "not http"].enumerated() {
            list[index].name = UnsafePointer(strdup(name))
            list[index].callback = { serverCallback($0, $1, $2, $3, $4) }
            list[index].per_session_data_size = MemoryLayout<UnsafeMutableRawPointer?>.size
            // Every connection has a buffer of this size; what is longer comes in pieces.
            list[index].rx_buffer_size = 1024
            // Else libwebsockets cuts what it sends to the size above and asks to be called again for the rest.
            list[index].tx_packet_size = 1 << 17
            list[index].user = Unmanaged.passUnretained(self).toOpaque()
        }
        let files = options.tls.map { (strdup($0.certificate), strdup($0.key)) }
        nonisolated(unsafe) let lent = list
        loop.atEnd {
            for index in 0..<2 { free(UnsafeMutableRawPointer(mutating: lent[index].name)) }
            lent.deallocate()
            free(files?.0)
            free(files?.1)
        }
        vhost = address.text.withCString { name in
            var listen = cloop_listen_options(
                host: address.isAny ? nil : name, ipv6: address.isIPv6 ? 1 : 0, port: wanted, protocols: list,
                keepalive_seconds: Int32(options.keepAlive), handshake_seconds: Int32(options.headTimeout),
                certificate: UnsafePointer(files?.0), key: UnsafePointer(files?.1))
            return cloop_listen(context, &listen)
        }
        guard let vhost else {
            throw TransportError(
                .portTaken,
                "\(ListenAddress.inURL(options.host)):\(options.port) cannot be listened on: it is taken, or not an "
                    + "address of this machine; choose another with --port or --host")
        }
        port = wanted < 0 ? 0 : Int(lws_get_vhost_listen_port(vhost))
        watchPings(seen: cloop_floods())
        tendSilentLines()
    }

    // MARK: Silent lines

    /// Pings whoever has been silent for long, and gives up whoever does not answer.
    private func tendSilentLines() {
        loop.everyStep { [weak self] in
            let now = EventLoop.now
            guard let self, let id = silences.next(now: now) else { return false }
            if let connection = connections[id] { look(at: connection, now: now) }
            return true
        }
    }

    private func look(at connection: WebSocketConnection, now: Int) {
        // Whoever was asked late, since there were many, has as long to answer as anybody.
        let patience = 1000 * max(1, options.hangUpAfter - options.pingAfter)
        var next = connection.heardAt + 1000 * options.pingAfter
        if let asked = connection.askedAt {
            next = asked + patience
            if now >= next { return connection.hangUp() }
        } else if now >= next {
            connection.ask()
            next = now + patience
        }
        silences.insert(connection.id, due: next)
    }

    /// Closes who does nothing but ask whether we are there.
    private func watchPings(seen: Int32) {
        loop.schedule(after: 100) { [weak self] in
            guard let self else { return }
            let floods = cloop_floods()
            if floods != seen {
                for connection in connections.values where connection.isFlooding {
                    connection.close(code: 4429, reason: "too many pings")
                }
            }
            watchPings(seen: floods)
        }
    }

    private func checkTLS() throws(TransportError) {
        if let mistake = options.tls?.mistake { throw TransportError(.tls, mistake) }
    }

    /// No new connections from now on.
    package func stopAccepting() { isAccepting = false }

    /// Says goodbye to every WebSocket that is still open.
    package func closeAll(code: UInt16, reason: String) {
        for id in connections.keys.sorted() { connections[id]?.close(code: code, reason: reason) }
    }

    /// What the system holds for a reader that does not read would otherwise grow to megabytes.
    private func boundBuffer(of descriptor: Int32) {
        var bytes = Int32(128 << 10)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Whether every WebSocket has been told everything.
    package var isQuiet: Bool { connections.values.allSatisfy(\.isQuiet) }
    /// Accepted sockets of any kind, at the moment.
    package var socketCount: Int { sockets.count }
    /// Bytes waiting for clients to take them.
    package var queuedBytes: Int { connections.values.reduce(0) { $0 + $1.queuedBytes } }

    // MARK: Sharing a port

    /// Whether a socket that was just accepted is refused here: there are too many, or another server has taken it.
    private func passes(_ descriptor: Int32) -> Bool {
        guard isAccepting, census.sockets < options.maxSockets else {
            socketsRefused += 1
            return true
        }
        guard let server = emptiest, server !== self else { return false }
        // The descriptor itself is closed by libwebsockets when it is refused.
        let copy = cloop_copy(descriptor)
        guard copy >= 0 else { return false }
        census.addSocket()
        server.load.wrappingAdd(1, ordering: .relaxed)
        server.loop.run { server.adopt(copy) }
        return true
    }

    /// The server with the fewest sockets; nil when there is but this one.
    private var emptiest: Server? {
        guard !sharers.isEmpty else { return nil }
        let all = [self] + sharers
        turn = (turn + 1) % all.count
        return (all[turn...] + all[..<turn]).min {
            $0.load.load(ordering: .relaxed) < $1.load.load(ordering: .relaxed)
        }
    }

    /// Takes a socket that another server has accepted.
    private func adopt(_ descriptor: Int32) {
        census.removeSocket()
        load.wrappingSubtract(1, ordering: .relaxed)
        guard isAccepting, let vhost, loop.context != nil else {
            close(descriptor)
            return
        }
        // Counts itself again; what cannot be taken is closed in there.
        _ = lws_adopt_socket_vhost(vhost, descriptor)
    }

    // MARK: Callbacks

    fileprivate func handle(
        _ wsi: OpaquePointer, _ reason: lws_callback_reasons, _ user: UnsafeMutableRawPointer?,
        _ input: UnsafeMutableRawPointer?, _ length: Int
    ) -> Int32 {
        switch reason {
        case LWS_CALLBACK_FILTER_NETWORK_CONNECTION:
            return passes(Int32(truncatingIfNeeded: Int(bitPattern: input))) ? 1 : 0
        case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
            let descriptor = lws_get_socket_fd(wsi)
            sockets[wsi] = Socket(descriptor: descriptor, watch: cloop_watch(descriptor))
            census.addSocket()
            load.wrappingAdd(1, ordering: .relaxed)
            boundBuffer(of: descriptor)
            return 0
        case LWS_CALLBACK_WSI_DESTROY:
            destroyed(wsi)
            return 0
        case LWS_CALLBACK_RAW_RX:
            return refuseNonsense(wsi, UnsafeRawBufferPointer(start: input, count: length))
        case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: return confirmUpgrade(wsi)
        case LWS_CALLBACK_ESTABLISHED: return established(wsi, user)
        case LWS_CALLBACK_RECEIVE:
            return received(wsi, user, UnsafeRawBufferPointer(start: input, count: length))
        case LWS_CALLBACK_SERVER_WRITEABLE:
            return object(user, as: WebSocketConnection.self)?.writeable() ?? 0
        case LWS_CALLBACK_RECEIVE_PONG:
            object(user, as: WebSocketConnection.self)?.hear()
            return 0
        case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
            object(user, as: WebSocketConnection.self)?.hasLeft = true
            return 0
        case LWS_CALLBACK_CLOSED: return closed(user)
        case LWS_CALLBACK_HTTP: return http(wsi, user)
        case LWS_CALLBACK_HTTP_BODY:
            return body(user, UnsafeRawBufferPointer(start: input, count: length))
        case LWS_CALLBACK_HTTP_BODY_COMPLETION: return bodyEnded(user)
        case LWS_CALLBACK_HTTP_WRITEABLE: return object(user, as: HTTPResponder.self)?.writeable() ?? 0
        case LWS_CALLBACK_CLOSED_HTTP, LWS_CALLBACK_HTTP_DROP_PROTOCOL:
            stopWaiting(object(user, as: HTTPResponder.self))
            object(user, as: HTTPResponder.self)?.detach()
            release(user, HTTPResponder.self)
            return 0
        default: return 0
        }
    }

    private func destroyed(_ wsi: OpaquePointer) {
        guard let socket = sockets.removeValue(forKey: wsi) else { return }
        cloop_unwatch(socket.descriptor, socket.watch)
        if let address = socket.address { census.leave(address) }
        census.removeSocket()
        load.wrappingSubtract(1, ordering: .relaxed)
    }

    // MARK: WebSocket

    /// Everything that libwebsockets is lax about is checked here, before the upgrade. Never reads `in`: after a refused
    /// upgrade it points at freed memory in this version (CVE-2025-11677).
    private func confirmUpgrade(_ wsi: OpaquePointer) -> Int32 {
        let request = read(wsi)
        if let refusal = refusal(of: request) { return refuse(wsi, refusal) }
        if let reason = census.enter(request.peerAddress, options) {
            return refuse(wsi, handler.response(to: reason))
        }
        // Counts until the socket is gone.
        sockets[wsi]?.address = request.peerAddress
        if request.path == options.echoPath { return 0 }
        switch handler.admit(request) {
        case .accept: return 0
        case .refuse(let response): return refuse(wsi, response)
        }
    }

    private func refusal(of request: HTTPRequest) -> HTTPResponse? {
        if request.host == nil { return handler.response(to: .badRequest) }
        if request.webSocketVersion != "13" {
            var response = handler.response(to: .upgradeRequired)
            response.headers.append(("Sec-WebSocket-Version", "13"))
            return response
        }
        guard let key = request.webSocketKey, isKey(key) else { return handler.response(to: .badRequest) }
        if let wanted = request.webSocketProtocol {
            let names = wanted.split(separator: ",").map { $0.drop { $0 == " " } }
            // An upgrade that offers only other subprotocols would be answered with one that the client did not name.
            if !names.contains(where: { $0 == options.subprotocol }) {
                return handler.response(to: .badRequest)
            }
        }
        return nil
    }

    /// Sixteen octets in Base64 (RFC 6455, section 4.1).
    private func isKey(_ text: String) -> Bool {
        text.utf8.count == 24 && text.hasSuffix("==")
            && text.utf8.dropLast(2).allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F: true
                default: false
                }
            }
    }

    private func refuse(_ wsi: OpaquePointer, _ response: HTTPResponse) -> Int32 {
        var message = OutgoingMessage(response.bytes(keepAlive: false, withBody: true))
        _ = message.withPayload { lws_write(wsi, $0, $1, LWS_WRITE_HTTP_HEADERS) }
        return -1
    }

    private func established(_ wsi: OpaquePointer, _ user: UnsafeMutableRawPointer?) -> Int32 {
        guard let user else { return -1 }
        cloop_watch_frames(lws_get_socket_fd(wsi))
        let request = read(wsi)
        let isEcho = request.path == options.echoPath
        lastID += step
        let connection = WebSocketConnection(
            id: lastID, loop: loop, wsi: wsi, request: request, isEcho: isEcho,
            limit: isEcho ? 4 * Server.echoLimit : options.maxQueuedBytes)
        user.storeBytes(of: Unmanaged.passRetained(connection).toOpaque(), as: UnsafeMutableRawPointer?.self)
        connections[connection.id] = connection
        silences.insert(connection.id, due: connection.heardAt + 1000 * options.pingAfter)
        if !connection.isEcho { handler.opened(connection) }
        return 0
    }

    private func received(
        _ wsi: OpaquePointer, _ user: UnsafeMutableRawPointer?, _ bytes: UnsafeRawBufferPointer
    ) -> Int32 {
        guard let connection = object(user, as: WebSocketConnection.self) else { return -1 }
        connection.hear()
        // What comes after a farewell is read past, never cut off in the middle of a frame: the farewell would be lost.
        guard connection.isOpen, !connection.hasLeft else { return 0 }
        if cloop_saw_unmasked(lws_get_socket_fd(wsi)) != 0 {
            connection.close(code: 1002, reason: "a frame was not masked")
            return 0
        }
        let limit = connection.isEcho ? Server.echoLimit : options.maxMessageBytes
        let isFinal = cloop_is_final(wsi) != 0
        if lws_is_first_fragment(wsi) != 0, isFinal, connection.assembly.isEmpty {
            guard bytes.count <= limit else { return tooBig(connection) }
            deliver(bytes, wsi, connection)
            return 0
        }
        let remaining = lws_remaining_packet_payload(wsi)
        if remaining == 0 { connection.fragments += 1 }
        guard connection.assembly.count + bytes.count + remaining <= limit,
            connection.isEcho || connection.fragments <= options.maxFragments
        else { return tooBig(connection) }
        connection.assembly.append(contentsOf: bytes)
        if connection.messageTimer == nil {
            connection.messageTimer = loop.schedule(after: options.messageTimeout) { [weak connection] in
                connection?.close(code: 1008, reason: "the message took too long")
            }
        }
        guard isFinal else { return 0 }
        if let timer = connection.messageTimer { loop.cancel(timer) }
        connection.messageTimer = nil
        connection.fragments = 0
        let message = connection.assembly
        connection.assembly.removeAll(keepingCapacity: message.count <= 1024)
        message.withUnsafeBytes { deliver($0, wsi, connection) }
        return 0
    }

    private func deliver(
        _ bytes: UnsafeRawBufferPointer, _ wsi: OpaquePointer, _ connection: WebSocketConnection
    ) {
        let isBinary = lws_frame_is_binary(wsi) != 0
        if connection.isEcho {
            connection.send(OutgoingMessage(bytes, isBinary: isBinary))
        } else if connection.isOpen {
            handler.received(bytes, isBinary: isBinary, on: connection)
        }
    }

    private func tooBig(_ connection: WebSocketConnection) -> Int32 {
        connection.assembly = []
        connection.close(code: 1009)
        return 0
    }

    private func closed(_ user: UnsafeMutableRawPointer?) -> Int32 {
        guard let connection = object(user, as: WebSocketConnection.self) else { return 0 }
        if let timer = connection.messageTimer { loop.cancel(timer) }
        connections[connection.id] = nil
        connection.detach()
        if !connection.isEcho { handler.closed(connection) }
        release(user, WebSocketConnection.self)
        return 0
    }

    // MARK: The object of a connection

    func object<Object: AnyObject>(_ user: UnsafeMutableRawPointer?, as type: Object.Type) -> Object? {
        guard let pointer = user?.load(as: UnsafeMutableRawPointer?.self) else { return nil }
        return Unmanaged<AnyObject>.fromOpaque(pointer).takeUnretainedValue() as? Object
    }

    func release<Object: AnyObject>(_ user: UnsafeMutableRawPointer?, _ type: Object.Type) {
        guard let user, let pointer = user.load(as: UnsafeMutableRawPointer?.self),
            object(user, as: type) != nil
        else { return }
        user.storeBytes(of: nil, as: UnsafeMutableRawPointer?.self)
        Unmanaged<AnyObject>.fromOpaque(pointer).release()
    }
}

/// The one C callback: finds the server of the connection. Global, since a closure would belong to whoever wrote it.
nonisolated private func serverCallback(
    _ wsi: OpaquePointer?, _ reason: lws_callback_reasons,
    _ user: UnsafeMutableRawPointer?, _ input: UnsafeMutableRawPointer?,
    _ length: Int
) -> Int32 {
    guard let wsi else { return 0 }
    // A socket that is not yet, or no longer, bound to a protocol belongs to the first of its virtual host.
    guard let entry = lws_get_protocol(wsi) ?? cloop_first_protocol(wsi), let owner = entry.pointee.user
    else {
        return 0
    }
    return Unmanaged<Server>.fromOpaque(owner).takeUnretainedValue().handle(wsi, reason, user, input, length)
}
