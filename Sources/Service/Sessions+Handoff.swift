import Channels
import Conversation
import Transport

/// The desk: people who take conversations over. Whoever asks needs the desk's secret and the conversation's token, so that
/// neither opens anything alone.
extension Sessions {
    func handOff(_ request: HTTPRequest, _ responder: HTTPResponder) {
        guard !isDraining else { return respond(responder, .draining) }
        guard isDesk(request) else {
            return respond(
                responder, FrameError(.token, "the desk's secret is sent as `Authorization: Bearer SECRET`"))
        }
        guard request.isJSON else { return respond(responder, .unsupportedMediaType) }
        let order: HandoffRequest
        let person: Identity?
        do throws(FrameError) {
            order = try HandoffRequest.decode(request.body, limits: .init(text: options.maxTextBytes))
            person = try identify(order.identity)
        } catch {
            return respond(responder, error)
        }
        let time = now(options.allowsTestClock ? order.now.flatMap(Moment.init(test:)) : nil)
        work(
            order.frame, order.token, of: person, wantsTrace: order.wantsTrace, at: time, for: responder)
    }

    /// Seconds for which somebody who asked for a person is listed.
    static let longestWait = 24 * 3600
    /// People that one answer lists unless `limit` says otherwise.
    private static let usualCount = 100

    /// `GET /v1/handoffs`: who asked for a person and has none yet.
    func listHandoffs(_ request: HTTPRequest, _ responder: HTTPResponder) {
        guard isDesk(request) else {
            return respond(
                responder, FrameError(.token, "the desk's secret is sent as `Authorization: Bearer SECRET`"))
        }
        let limit = request.parameter("limit").map { Int($0) } ?? Self.usualCount
        guard let limit, (1...WaitingPeople.limit).contains(limit) else {
            return respond(
                responder, FrameError.badField("limit", "a whole number from 1 to \(WaitingPeople.limit)"))
        }
        let moment = Moment(seconds: now(nil).seconds - Self.longestWait)
        json(
            responder,
            commons.waitingPeople.withLock { people in
                people.removeAll(before: moment)
                return people.list(limit: limit)
            })
    }

    private func isDesk(_ request: HTTPRequest) -> Bool {
        guard let secret = options.deskSecret, let given = request.authorization, given.hasPrefix("Bearer ")
        else { return false }
        // Digests are of one length, so that nothing is told by how long it takes.
        return Digest.matches(Digest.sha256(secret), Digest.sha256(Array(given.dropFirst(7).utf8)))
    }
}

extension HTTPRequest {
    /// Whether its body is said to be JSON.
    var isJSON: Bool {
        contentType?.split(separator: ";").first.map { $0.filter { $0 != " " }.lowercased() }
            == "application/json"
    }
}
