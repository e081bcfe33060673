/// What a client may send.
package enum ClientFrame: Equatable, Sendable {
    case hello(Hello)
    case message(id: String, text: String)
    /// A choice that turn `of` offered.
    case choose(id: String, of: Int, choice: String)
    /// What the person thinks of turn `of`.
    case feedback(id: String, of: Int, rating: Rating, comment: String?)
    case ping(id: String)
    /// Erase this conversation.
    case forget(id: String)
    /// Somebody at the desk takes the conversation over and says something. Comes from the desk alone, over HTTP.
    case person(id: String, owner: String, text: String)
    /// The desk gives the conversation back.
    case handBack(id: String, text: String)

    package enum Rating: String, Sendable {
        case up, down
    }

    /// The first frame of a connection.
    package struct Hello: Equatable, Sendable {
        /// The conversation to go on with; nil begins a new one.
        package var resume: Resume?
        package var locale: String?
        /// Name and version of the client.
        package var client: String?
        package var wantsTrace: Bool
        /// What the client knows of the person, by slot, in the order in which it was given.
        package var profile: [ProfileEntry]
        /// Who a site says that the person is, signed by the site; nil when nobody says so.
        package var identity: String?
        /// The moment at which its turns are to be, for scripts; whoever serves strangers does not look at
        /// it.
        package var now: String?

        package init(
            resume: Resume? = nil, locale: String? = nil, client: String? = nil, wantsTrace: Bool = false,
            profile: [ProfileEntry] = [], identity: String? = nil
        ) {
            self.resume = resume
            self.locale = locale
            self.client = client
            self.wantsTrace = wantsTrace
            self.profile = profile
            self.identity = identity
        }
    }

    /// Where a client wants to go on.
    package struct Resume: Equatable, Sendable {
        package var token: String
        /// The epoch the client knows; nil when it knows none.
        package var epoch: String?
        /// The last turn it has seen; 0 when none.
        package var seq: Int

        package init(token: String, epoch: String?, seq: Int) {
            self.token = token
            self.epoch = epoch
            self.seq = seq
        }
    }

    package struct ProfileEntry: Equatable, Sendable {
        package var slot: String
        package var value: String

        package init(_ slot: String, _ value: String) {
            self.slot = slot
            self.value = value
        }
    }

    /// Bytes of an identity.
    package static let longestIdentity = 2048

    /// The version of the protocol that is spoken here.
    package static let protocolVersion = 1

    package var id: String? {
        switch self {
        case .hello: nil
        case .message(let id, _), .choose(let id, _, _), .feedback(let id, _, _, _), .ping(let id),
            .forget(let id), .person(let id, _, _), .handBack(let id, _):
            id
        }
    }
}
