import Channels
import Conversation
import Transport

/// Where the transport's callbacks enter: they run on the loop's thread already, so no hop and no lock.
final class Gateway: ServerHandler {
    private let sessions: Sessions
    private let options: ServiceOptions

    init(_ sessions: Sessions, options: ServiceOptions) {
        self.sessions = sessions
        self.options = options
    }

    func admit(_ request: HTTPRequest) -> Admission {
        let other = request.path == "/v1/chat" ? nil : sessions.assumeIsolated { $0.admission(of: request) }
        guard request.path == "/v1/chat" || other != nil else { return .refuse(refusal(.notFound)) }
        guard OriginRule(options).admits(request) else {
            sessions.assumeIsolated { $0.noteForeign(request.origin ?? "none") }
            return .refuse(refusal(.forbidden))
        }
        if sessions.assumeIsolated({ $0.isDraining }) { return .refuse(refusal(.draining)) }
        if let wait = sessions.assumeIsolated({ $0.takeHandshake() }) {
            return .refuse(refusal(.overloaded, retryAfterMilliseconds: wait))
        }
        return other ?? .accept
    }

    func response(to reason: TransportRefusal) -> HTTPResponse {
        switch reason {
        case .badRequest: return refusal(.badRequest)
        case .unknownMethod:
            var response = refusal(.methodNotAllowed)
            response.headers.append(("Allow", "GET, HEAD, POST"))
            return response
        case .bodyTooSlow: return refusal(.requestTimeout)
        case .lengthRequired: return refusal(.lengthRequired)
        case .bodyTooLarge: return refusal(.bodyTooLarge)
        case .upgradeRequired: return refusal(.upgradeRequired)
        case .tooManyConnections: return refusal(.rateLimited)
        case .overloaded: return refusal(.overloaded)
        }
    }

    private func refusal(_ refusal: HTTPRefusal, retryAfterMilliseconds: Int = 1000) -> HTTPResponse {
        sessions.assumeIsolated { $0.metrics.refusedRequests[refusal, default: 0] += 1 }
        return HTTPResponse(refusal, retryAfterMilliseconds: retryAfterMilliseconds)
    }

    func opened(_ connection: WebSocketConnection) { sessions.assumeIsolated { $0.opened(connection) } }

    func received(_ message: UnsafeRawBufferPointer, isBinary: Bool, on connection: WebSocketConnection) {
        nonisolated(unsafe) let message = message
        sessions.assumeIsolated { $0.received(message, isBinary: isBinary, on: connection) }
    }

    func closed(_ connection: WebSocketConnection) { sessions.assumeIsolated { $0.closed(connection) } }

    func respond(to request: HTTPRequest, with responder: HTTPResponder) {
        sessions.assumeIsolated { $0.respond(to: request, with: responder) }
    }
}

/// Which sites may connect: those listed, the server's own host, and loopback (RFC 6455 section 10.2).
struct OriginRule {
    private let listed: [String]
    private let requires: Bool

    init(_ options: ServiceOptions) {
        listed = options.origins.map { $0.lowercased() }
        requires = options.requiresOrigin
    }

    func admits(_ request: HTTPRequest) -> Bool {
        guard let origin = request.origin?.lowercased() else { return !requires }
        if listed.contains(origin) { return true }
        // `scheme://host:port`, nothing else: no suffix or prefix of a host counts.
        let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].isEmpty, parts[0] == "http:" || parts[0] == "https:" else {
            return false
        }
        let authority = String(parts[2])
        if authority == request.host?.lowercased() { return true }
        return ["localhost", "127.0.0.1", "[::1]"].contains { host in
            guard authority.hasPrefix(host) else { return false }
            let port = authority.dropFirst(host.count)
            return port.isEmpty
                || (port.first == ":" && port.count > 1 && port.dropFirst().allSatisfy(\.isNumber))
        }
    }
}

extension Moment {
    /// Seconds since 1970, as a test gives them.
    init?(test text: String) {
        guard let seconds = Int(text) else { return nil }
        self.init(seconds: seconds)
    }
}
