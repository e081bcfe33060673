import Channels
import JSONText
import Transport

/// Who a site says that the person is, in a token that the site has signed: a JSON Web Token (RFC 7519) of HMAC with SHA-256.
struct Identity: Equatable, Sendable {
    /// The site's own name for the person (`sub`).
    let subject: String
    /// What the site vouches for, by slot (`profile`).
    let profile: [ClientFrame.ProfileEntry]

    /// What a page says of the person where the site has said nothing itself.
    func profile(besides claimed: [ClientFrame.ProfileEntry]) -> [ClientFrame.ProfileEntry] {
        profile + claimed.filter { entry in !profile.contains { $0.slot == entry.slot } }
    }

    /// What finds a conversation: the digest of its token, and of the person's name where it belongs to somebody, so that one
    /// without the other opens nothing. FF, which is no part of any text, keeps the two apart.
    static func key(_ token: String, of person: Identity?) -> [UInt8] {
        guard let person else { return Digest.sha256(Array(token.utf8)) }
        return Digest.sha256([0xFF] + Array(person.subject.utf8) + [0xFF] + Array(token.utf8))
    }
}

/// Looks into tokens with the secret that the site and the server share.
struct IdentityVerifier: Sendable {
    /// Nil when no site may say who the person is.
    let secret: [UInt8]?

    /// The identity in the token, which is refused unless it is signed with the secret, names a person and still holds.
    /// Nothing of it is looked at before its signature was found right, and no algorithm but HS256 is.
    func identity(in token: String, at seconds: Int) throws(FrameError) -> Identity {
        guard let secret else {
            throw Self.refusal("this server takes none: it has no --identify-secret-file")
        }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let signature = Base64URL.decode(parts[2]) else {
            throw Self.refusal("it is no JSON Web Token of three parts")
        }
        let signed = token.utf8.dropLast(parts[2].utf8.count + 1)
        guard Digest.matches(Digest.hmacSHA256(key: secret, signed), signature) else {
            throw Self.refusal("its signature is not made with HMAC-SHA256 and this server's secret")
        }
        let header = try Self.object(parts[0])
        guard header["alg"]?.string == "HS256", header["crit"] == nil else {
            throw Self.refusal("its `alg` must be HS256, without `crit`")
        }
        return try Self.identity(try Self.object(parts[1]), at: seconds)
    }

    private static func identity(_ claims: JSONValue, at seconds: Int) throws(FrameError) -> Identity {
        guard let subject = claims["sub"]?.string, (1...256).contains(subject.utf8.count) else {
            throw refusal("its `sub` must be a text of 1 to 256 bytes")
        }
        guard let end = claims["exp"]?.integer else {
            throw refusal("its `exp` must be whole seconds since 1970")
        }
        guard seconds < end else { throw refusal("it has expired") }
        if let start = claims["nbf"] {
            guard let start = start.integer, start <= seconds else { throw refusal("it does not hold yet") }
        }
        guard let given = claims["profile"] else { return Identity(subject: subject, profile: []) }
        guard let profile = ClientFrame.ProfileEntry.list(given) else {
            throw refusal("its `profile` must be \(ClientFrame.ProfileEntry.expectation)")
        }
        return Identity(subject: subject, profile: profile)
    }

    private static func object(_ part: Substring) throws(FrameError) -> JSONValue {
        guard let bytes = Base64URL.decode(part), let value = try? JSONParser.parse(bytes),
            value.members != nil
        else { throw refusal("its parts must be JSON objects in base64url") }
        return value
    }

    private static func refusal(_ cause: String) -> FrameError {
        FrameError(.token, "the identity is refused: \(cause)", field: "identity")
    }
}
