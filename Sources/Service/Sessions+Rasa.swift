import Channels
import Storage
import Transport

/// Rasa's REST channel. Its senders have conversations of their own, which no token of another channel opens.
extension Sessions {
    func respondAsRasa(to request: HTTPRequest, with responder: HTTPResponder) {
        var shared: [(name: String, value: String)] = [("Cache-Control", "no-store"), ("Vary", "Origin")]
        if let origin = request.origin {
            guard OriginRule(options).admits(request) else { return respond(responder, .forbidden) }
            shared.append(("Access-Control-Allow-Origin", origin))
        }
        if request.method == "OPTIONS" {
            let more: [(name: String, value: String)] = [
                ("Access-Control-Allow-Methods", "GET, POST, OPTIONS"),
                ("Access-Control-Allow-Headers", "content-type"),
            ]
            return responder.send(HTTPResponse(status: 204, headers: shared + more))
        }
        let json = "application/json; charset=utf-8"
        guard request.path == "/webhooks/rest/webhook" else {
            return allow(["GET", "HEAD"], request, responder) {
                responder.send(
                    HTTPResponse(
                        status: 200, contentType: json, headers: shared, body: Array(#"{"status":"ok"}"#.utf8)
                    ))
            }
        }
        allow(["POST"], request, responder) {
            guard !self.isDraining else { return self.respond(responder, .draining) }
            let wanted: RasaREST.Request
            do throws(FrameError) {
                wanted = try RasaREST.decode(
                    request.body, id: Random.text(24), limits: .init(text: self.options.maxTextBytes))
            } catch {
                return self.respond(responder, error)
            }
            let streams = request.parameter("stream") == "true"
            let headers = shared
            self.enqueue(wanted, responder) { outcome in
                switch outcome {
                case .failure(let error): HTTPResponse(error)
                case .success(let frame):
                    HTTPResponse(
                        status: 200, contentType: streams ? "application/x-ndjson; charset=utf-8" : json,
                        headers: headers,
                        body: PageTurn(frame: frame).map {
                            RasaREST.encode($0, to: wanted.sender, streams: streams)
                        } ?? [])
                }
            }
        }
    }

    /// Goes on with the sender's conversation, or begins it. When two first messages come at once, the second finds
    /// that the first has begun it.
    private func enqueue(
        _ wanted: RasaREST.Request, _ responder: HTTPResponder, isSecondTry: Bool = false,
        _ render: @escaping @Sendable (Result<[UInt8], FrameError>) -> HTTPResponse
    ) {
        // No token has a NUL in it, so none has this digest.
        let key = Digest.sha256(Array("rasa/rest\0\(wanted.sender)".utf8))
        let origin: @Sendable () -> LiveConversation.Origin = { .rendered(responder, render) }
        fetch(key) { fetched in
            self.assumeIsolated { sessions in
                switch fetched {
                case .found(let id):
                    guard let conversation = sessions.live[id] else { return }
                    sessions.enqueue(
                        .init(frame: wanted.frame, origin: origin(), time: sessions.now(nil)),
                        in: conversation)
                case .failed: sessions.answer(origin(), FrameError(.storageUnavailable))
                case .unknown:
                    if !isSecondTry, let wait = sessions.takeConversation(responder.peerAddress) {
                        return sessions.answer(
                            origin(), FrameError(.rateLimited, retryAfterMilliseconds: wait))
                    }
                    sessions.open([], key: key, at: sessions.now(nil)) { opened in
                        switch opened {
                        case .opened(let conversation, _, _):
                            sessions.enqueue(
                                .init(frame: wanted.frame, origin: origin(), time: sessions.now(nil)),
                                in: conversation)
                        case .failed where !isSecondTry:
                            sessions.enqueue(wanted, responder, isSecondTry: true, render)
                        case .failed: sessions.answer(origin(), FrameError(.storageUnavailable))
                        }
                    }
                }
            }
        }
    }
}
