import CLibwebsockets

/// Requests other than for a WebSocket: their head, the body with its time and size, and what is no request at all.
extension Server {
    func http(_ wsi: OpaquePointer, _ user: UnsafeMutableRawPointer?) -> Int32 {
        guard let user else { return -1 }
        // A kept connection brings its next request: the one before is done.
        release(user, HTTPResponder.self)
        let request = read(wsi)
        let responder = HTTPResponder(wsi: wsi, request: request, loop: loop)
        user.storeBytes(of: Unmanaged.passRetained(responder).toOpaque(), as: UnsafeMutableRawPointer?.self)
        if request.host == nil {
            responder.refuse(handler.response(to: .badRequest))
        } else if request.transferEncoding != nil {
            responder.refuse(handler.response(to: .lengthRequired))
        } else if let length = request.contentLength {
            guard let count = Int(length), count >= 0, length.utf8.allSatisfy({ (0x30...0x39).contains($0) })
            else {
                responder.refuse(handler.response(to: .badRequest))
                return 0
            }
            if count > options.maxBodyBytes {
                responder.refuse(handler.response(to: .bodyTooLarge))
            } else if count == 0 {
                responder.hand(to: handler)
            } else {
                awaitBody(of: responder, until: EventLoop.now + options.bodyTimeout)
            }
        } else if request.method == "POST" || request.method == "PUT" || request.method == "PATCH" {
            responder.refuse(handler.response(to: .lengthRequired))
        } else {
            responder.hand(to: handler)
        }
        return 0
    }

    /// However slowly it trickles in, a body has so much time as a whole.
    private func awaitBody(of responder: HTTPResponder, until end: Int) {
        responder.bodyTimer = loop.schedule(after: 1000) { [weak self, weak responder] in
            guard let self, let responder, !responder.isHanded else { return }
            if EventLoop.now >= end { return responder.refuse(handler.response(to: .bodyTooSlow)) }
            // libwebsockets' own patience ends after five seconds without a byte.
            responder.keepWaiting(seconds: 5)
            awaitBody(of: responder, until: end)
        }
    }

    func body(_ user: UnsafeMutableRawPointer?, _ bytes: UnsafeRawBufferPointer) -> Int32 {
        guard let responder = object(user, as: HTTPResponder.self), !responder.isHanded else { return 0 }
        if !responder.append(bytes, limit: options.maxBodyBytes) {
            responder.refuse(handler.response(to: .bodyTooLarge))
        }
        return 0
    }

    func bodyEnded(_ user: UnsafeMutableRawPointer?) -> Int32 {
        guard let responder = object(user, as: HTTPResponder.self) else { return 0 }
        stopWaiting(responder)
        responder.hand(to: handler)
        return 0
    }

    func stopWaiting(_ responder: HTTPResponder?) {
        if let timer = responder?.bodyTimer { loop.cancel(timer) }
        responder?.bodyTimer = nil
    }

    /// Methods that libwebsockets does not know, TLS on a plain port, and anything else that is no HTTP.
    func refuseNonsense(_ wsi: OpaquePointer, _ bytes: UnsafeRawBufferPointer) -> Int32 {
        // `TOKEN SP`, of upper-case letters as every method is.
        let letters = bytes.prefix(32).prefix { (0x41...0x5A).contains($0) }
        let isMethod = !letters.isEmpty && letters.count < bytes.count && bytes[letters.count] == 0x20
        let response = handler.response(to: isMethod ? .unknownMethod : .badRequest)
        var message = OutgoingMessage(response.bytes(keepAlive: false, withBody: true))
        _ = message.withPayload { lws_write(wsi, $0, $1, LWS_WRITE_HTTP) }
        return -1
    }

    /// The request, its address that of the client where a proxy that is trusted tells it.
    func read(_ wsi: OpaquePointer) -> HTTPRequest {
        var request = RequestReader.read(wsi)
        guard !options.trustedProxies.isEmpty, options.trustedProxies.contains(request.peerAddress),
            let forwarded = request.forwardedFor
        else { return request }
        // Each proxy adds the address it saw at the end; what stands before the first stranger anybody can have written.
        let addresses = forwarded.split(separator: ",").map { $0.filter { $0 != " " } }
        if let client = addresses.last(where: { !options.trustedProxies.contains($0) }) {
            request.peerAddress = client
        }
        return request
    }
}
