package import JSONText

extension ErrorCode {
    /// The HTTP status that goes with it.
    package var httpStatus: Int {
        switch self {
        case .badJSON, .badField, .unknownType, .protocolState, .protocolVersion, .unknownChoice: 400
        case .token: 401
        case .idConflict: 409
        case .textTooLong: 413
        case .rateLimited: 429
        case .internal: 500
        case .storageUnavailable, .turnTimeout: 503
        }
    }
}

/// Why a request was refused before anyone looked at what it says.
package enum HTTPRefusal: String, CaseIterable, Sendable {
    case badRequest = "bad_request"
    case forbidden
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case requestTimeout = "request_timeout"
    case lengthRequired = "length_required"
    case bodyTooLarge = "body_too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case upgradeRequired = "upgrade_required"
    case rateLimited = "rate_limited"
    case overloaded
    case draining

    package var status: Int {
        switch self {
        case .badRequest: 400
        case .forbidden: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .requestTimeout: 408
        case .lengthRequired: 411
        case .bodyTooLarge: 413
        case .unsupportedMediaType: 415
        case .upgradeRequired: 426
        case .rateLimited: 429
        case .overloaded, .draining: 503
        }
    }

    package var isRetryable: Bool {
        self == .draining || self == .overloaded || self == .rateLimited || self == .requestTimeout
    }

    package var message: String {
        switch self {
        case .badRequest: "the request is malformed"
        case .forbidden: "this site may not connect"
        case .notFound: "there is nothing here"
        case .methodNotAllowed: "this method is not for this path"
        case .requestTimeout: "the request took too long"
        case .lengthRequired: "the request needs a Content-Length"
        case .bodyTooLarge: "the body is too large"
        case .unsupportedMediaType: "the body must be application/json"
        case .rateLimited: "too much at once from one address"
        case .overloaded: "the server has too many connections"
        case .upgradeRequired: "this path speaks WebSocket version 13"
        case .draining: "the server is stopping"
        }
    }
}

extension JSONWriter {
    /// The body that goes with a refusal: an error object like any other.
    package mutating func refusal(_ refusal: HTTPRefusal, retryAfterMilliseconds: Int = 0) {
        beginObject()
        key("type")
        string("error")
        key("code")
        string(refusal.rawValue)
        key("message")
        string(refusal.message)
        key("retryable")
        bool(refusal.isRetryable)
        key("retry_after_ms")
        integer(retryAfterMilliseconds)
        endObject()
    }
}
