/// Why the server could not do what a client frame asked for.
package enum ErrorCode: String, CaseIterable, Sendable {
    /// The text is not JSON, or not an object.
    case badJSON = "bad_json"
    /// A member is missing, or not what it should be.
    case badField = "bad_field"
    case unknownType = "unknown_type"
    /// A frame that has no place here: anything before `hello`, or a second one.
    case protocolState = "protocol_state"
    case protocolVersion = "protocol_version"
    /// The token opens no conversation, any more or ever.
    case token
    case textTooLong = "text_too_long"
    /// The id was used before for something else.
    case idConflict = "id_conflict"
    /// That turn offered no such choice.
    case unknownChoice = "unknown_choice"
    case rateLimited = "rate_limited"
    case storageUnavailable = "storage_unavailable"
    case turnTimeout = "turn_timeout"
    case `internal`

    /// True when the same frame may well succeed later.
    package var isRetryable: Bool {
        switch self {
        case .rateLimited, .storageUnavailable, .turnTimeout: true
        case .badJSON, .badField, .unknownType, .protocolState, .protocolVersion, .token, .textTooLong,
            .idConflict,
            .unknownChoice, .internal:
            false
        }
    }

    /// True when the client did something wrong, rather than too much, or had bad luck.
    package var isMistake: Bool {
        switch self {
        case .rateLimited, .storageUnavailable, .turnTimeout, .internal: false
        case .badJSON, .badField, .unknownType, .protocolState, .protocolVersion, .token, .textTooLong,
            .idConflict, .unknownChoice:
            true
        }
    }

    /// What a developer reads when nothing more can be said.
    package var message: String {
        switch self {
        case .badJSON: "this is no JSON object"
        case .badField: "a member is missing or is not what it should be"
        case .unknownType: "there is no frame of that type"
        case .protocolState: "that frame has no place here"
        case .protocolVersion: "this protocol version is not spoken here"
        case .token: "the token opens no conversation"
        case .textTooLong: "the text is too long"
        case .idConflict: "the id was used for something else"
        case .unknownChoice: "that turn offered no such choice"
        case .rateLimited: "too much at once"
        case .storageUnavailable: "nothing can be stored at the moment"
        case .turnTimeout: "the answer took too long"
        case .internal: "something went wrong here"
        }
    }
}

/// How a WebSocket connection ends. 44xx: do not come back as you are; 45xx: come back later.
package enum CloseCode: UInt16, CaseIterable, Sendable {
    case normal = 1000
    case goingAway = 1001
    case protocolError = 1002
    case unsupportedData = 1003
    case invalidText = 1007
    case policyViolation = 1008
    case tooBig = 1009
    case internalError = 1011
    case noHello = 4400
    case token = 4401
    case forbidden = 4403
    case idle = 4408
    case flooding = 4429
    case slowReader = 4501
    case draining = 4503
    case storage = 4507

    /// True when the client may come back by itself.
    package var invitesReturn: Bool {
        rawValue == 1001 || rawValue == 1011 || (4500..<4600).contains(rawValue)
    }
}
