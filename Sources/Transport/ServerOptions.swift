import CLoopShim

/// What a server listens on and how much it puts up with.
package struct ServerOptions: Sendable {
    package var host = "127.0.0.1"
    /// 0 takes any free port.
    package var port = 8080
    package var subprotocol = "daoban.v1"
    package var maxMessageBytes = 65_536
    package var maxFragments = 1024
    /// Milliseconds within which a fragmented message must end.
    package var messageTimeout = 30_000
    package var maxBodyBytes = 65_536
    /// Milliseconds within which the body of a request must have come.
    package var bodyTimeout = 30_000
    /// Seconds within which the head of a request must have come.
    package var headTimeout = 10
    /// Seconds that a connection waits for its next request.
    package var keepAlive = 60
    /// Seconds of silence after which a WebSocket is pinged, and after which it is given up.
    package var pingAfter = 25
    package var hangUpAfter = 35
    /// Open WebSockets at most.
    package var maxConnections = 15_000
    /// Sockets of any kind at most, so that files can still be opened; beyond it new ones are closed at once.
    package var maxSockets = 20_000
    package var maxConnectionsPerAddress = 200
    /// Bytes waiting to be sent to one connection before it counts as too slow.
    package var maxQueuedBytes = 262_144
    /// Addresses whose `X-Forwarded-For` is believed.
    package var trustedProxies: [String] = []
    /// PEM files; nil for plain TCP.
    package var tls: TLSFiles?
    /// Path whose messages come back as they are; nil for none.
    package var echoPath: String?

    package init() {}
}

/// What the service makes of what the transport hears. Called on the loop's thread only.
package protocol ServerHandler: AnyObject, Sendable {
    /// Whether a WebSocket may be opened; a refusal is answered as HTTP, before any upgrade.
    func admit(_ request: HTTPRequest) -> Admission
    func opened(_ connection: WebSocketConnection)
    func received(_ message: UnsafeRawBufferPointer, isBinary: Bool, on connection: WebSocketConnection)
    func closed(_ connection: WebSocketConnection)
    /// Answers at once or later, from the loop's thread.
    func respond(to request: HTTPRequest, with responder: HTTPResponder)
    /// The words of a refusal that the transport decides on.
    func response(to refusal: TransportRefusal) -> HTTPResponse
}

extension ServerHandler {
    package func response(to refusal: TransportRefusal) -> HTTPResponse {
        HTTPResponse(status: refusal.status)
    }
}

/// Why the transport refuses a request that the service never sees.
package enum TransportRefusal: Sendable {
    case badRequest, unknownMethod, bodyTooSlow, lengthRequired, bodyTooLarge, upgradeRequired
    /// One address has too many connections; all together are too many.
    case tooManyConnections, overloaded

    package var status: Int {
        switch self {
        case .badRequest: 400
        case .unknownMethod: 405
        case .bodyTooSlow: 408
        case .lengthRequired: 411
        case .bodyTooLarge: 413
        case .upgradeRequired: 426
        case .tooManyConnections: 429
        case .overloaded: 503
        }
    }
}

/// A certificate with its chain, and its key.
package struct TLSFiles: Sendable {
    package var certificate: String
    package var key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    /// Why they cannot serve, and what to do; nil when they can.
    package var mistake: String? {
        switch cloop_check_tls(certificate, key) {
        case 0: nil
        case 1: "the certificate `\(certificate)` cannot be read as PEM; give another with --tls-cert"
        case 2: "the key `\(key)` cannot be read as PEM; give another with --tls-key"
        default:
            "the key `\(key)` does not belong to the certificate `\(certificate)`; give its own with --tls-key"
        }
    }
}

package enum Admission: Sendable {
    case accept
    case refuse(HTTPResponse)
}

package struct HTTPRequest: Sendable {
    package var method: String
    package var path: String
    /// What stands behind the question mark, as it came.
    package var query: String
    package var peerAddress: String
    package var host: String?
    package var origin: String?
    package var forwardedFor: String?
    package var authorization: String?
    package var contentType: String?
    package var contentLength: String?
    package var transferEncoding: String?
    package var ifNoneMatch: String?
    package var acceptEncoding: String?
    package var cookies: String?
    package var webSocketVersion: String?
    package var webSocketKey: String?
    package var webSocketProtocol: String?
    package var body: [UInt8] = []

    /// The value of a query parameter, as it came.
    package func parameter(_ name: String) -> String? { HTTPRequest.parameter(name, in: query) }

    package static func parameter(_ name: String, in query: String) -> String? {
        query.split(separator: "&").first { $0.hasPrefix("\(name)=") }.map {
            String($0.dropFirst(name.utf8.count + 1))
        }
    }
}

package struct HTTPResponse: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(
        status: Int, contentType: String? = nil, headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) {
        self.status = status
        self.headers = (contentType.map { [("Content-Type", $0)] } ?? []) + headers
        self.body = body
    }

    /// The answer as it goes over the wire. Written whole by us: what libwebsockets would write differs from version to version.
    func bytes(keepAlive: Bool, withBody: Bool) -> [UInt8] {
        var head = "HTTP/1.1 \(status) \(HTTPResponse.reason(status))\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        head += "Content-Length: \(body.count)\r\nConnection: \(keepAlive ? "keep-alive" : "close")\r\n\r\n"
        return Array(head.utf8) + (withBody ? body : [])
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 204: "No Content"
        case 303: "See Other"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 411: "Length Required"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 426: "Upgrade Required"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 503: "Service Unavailable"
        default: "Status"
        }
    }
}
