import Channels
import Storage
import Transport

/// Rasa's REST channel. Its senders have conversations of their own, which no token of another channel opens.
extension Sessions {
    func respondAsRasa(to request: HTTPRequest, with responder: HTTPResponder) {
        guard let shared = sharing(request, responder) else { return }
        if request.method == "OPTIONS" {
            return preflight(responder, methods: "GET, POST, OPTIONS", headers: "content-type", shared)
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

    /// Goes on with the sender's conversation, or begins it.
    private func enqueue(
        _ wanted: RasaREST.Request, _ responder: HTTPResponder,
        _ render: @escaping @Sendable (Result<[UInt8], FrameError>) -> HTTPResponse
    ) {
        let key = Self.key("rasa/rest", wanted.sender)
        onOwner(of: key) { owner in
            owner.reach(key, from: responder.peerAddress) { reached in
                let origin = LiveConversation.Origin.rendered(responder, render)
                switch reached {
                case .failure(let error): owner.answer(origin, error)
                case .success(let conversation):
                    owner.enqueue(
                        .init(frame: wanted.frame, origin: origin, time: owner.now(nil)), in: conversation)
                }
            }
        }
    }
}
