import Assistant
import Channels
import Conversation
import Dialogue
import JSONText
import Logging
import Storage
import Transport

/// Beginning, resuming and leaving conversations.
extension Sessions {
    /// Who the token says that the person is; nil without one.
    func identify(_ token: String?) throws(FrameError) -> Identity? {
        guard let token else { return nil }
        return try IdentityVerifier(secret: options.identifySecret)
            .identity(in: token, at: now(nil).seconds)
    }

    func attach(_ session: Session, _ hello: ClientFrame.Hello, _ person: Identity?) {
        session.wantsTrace = hello.wantsTrace && options.allowsTrace
        if options.allowsTestClock { session.testTime = hello.now.flatMap(Moment.init(test:)) }
        guard let place = hello.resume else {
            return open(hello.profile, with: person, at: now(session.testTime)) { opened in
                self.welcome(session, opened)
            }
        }
        let box = SessionBox(session, place)
        fetch(Identity.key(place.token, of: person)) { fetched in
            self.assumeIsolated { $0.resume(box.session, box.place, fetched) }
        }
    }

    /// Carries a session through the store and back to the loop, which alone looks into it.
    private final class SessionBox: @unchecked Sendable {
        // Sendable: made and opened on the loop's thread only.
        let session: Session
        let place: ClientFrame.Resume

        init(_ session: Session, _ place: ClientFrame.Resume) {
            self.session = session
            self.place = place
        }
    }

    /// Hands a session to the loop that the conversation it asks for belongs to.
    func hand(_ session: Session, to owner: Sessions, _ hello: ClientFrame.Hello, _ person: Identity?) {
        sessions[session.connection.id] = nil
        guest(session.connection, at: owner, as: session) { owner, guest in
            guard let session = guest.context as? Session else { return }
            owner.sessions[session.connection.id] = session
            if owner.isDraining { return owner.sayFarewell(session) }
            owner.attach(session, hello, person)
        }
    }

    // MARK: New conversations

    /// `key`: the digest, belonging here, of what opens the conversation where that is no token of ours. `person`: whose it is to be.
    func open(
        _ claimed: [ClientFrame.ProfileEntry], with person: Identity? = nil, key: [UInt8]? = nil,
        at time: Moment,
        then: @escaping (Opened) -> Void
    ) {
        let token = mint(for: { key ?? Identity.key($0, of: person) }) { Random.text(32) }
        let epoch = Random.text(8), name = Random.text(12)
        var tracker = Tracker()
        let profile = (person?.profile(besides: claimed) ?? claimed).map { (name: $0.slot, value: $0.value) }
        let given = assistant.profileEvents(profile)
        for event in given { tracker.apply(event) }
        let turn = assistant.turn(
            tracker, along: assistant.path(given: profile, &memory), on: Utterance(.opening, at: time),
            &memory)
        let path = memory.path
        var json = JSONWriter(capacity: 1024)
        let replies = encoded(turn.replies, number: memory.wordingNumber)
        let place = TurnFrame.write(id: "opening", seq: 1, user: "", encodedReplies: replies.bytes, to: &json)
        let hash = key ?? Identity.key(token, of: person)
        let events =
            given.isEmpty ? encoded(turn, at: time) : (bytes: Event.encode(given + turn.events), packed: nil)
        let entry = Entry(
            conversation: 0, seq: 1, id: "", digest: 0, at: time.seconds, frame: Array(json.body),
            packedFrame: replies.packed(at: place), events: events.bytes, packedEvents: events.packed)
        let said = replies.bytes
        nextOpening += 1
        let number = nextOpening
        opening[number] = then
        let new = NewConversation(
            name: name, tokenHash: hash, epoch: epoch, createdAt: time.seconds, opening: entry)
        store.open(new) { result in
            self.loop.run {
                self.assumeIsolated { sessions in
                    guard let then = sessions.opening.removeValue(forKey: number) else { return }
                    guard case .success(.opened(let id)) = result else {
                        if case .failure(let error) = result { sessions.storageFailed(error) }
                        return then(.failed)
                    }
                    sessions.lacksStorage = false
                    let conversation = LiveConversation(
                        id: id, name: name, epoch: epoch, tokenHash: hash, seq: 1, ordinal: 0,
                        tracker: turn.tracker, path: path, isNew: true)
                    sessions.keep(conversation)
                    sessions.metrics.conversations += 1
                    sessions.logger.info("conversation.begun", metadata: ["conversation": "\(name)"])
                    then(.opened(conversation, token: token, replies: said))
                }
            }
        }
    }

    private func welcome(_ session: Session, _ opened: Opened) {
        guard case .attaching = session.state else { return }
        guard case .opened(let conversation, let token, let replies) = opened else {
            return lackStorage(session)
        }
        send(
            ConversationKeys(conversation: conversation.name, token: token, epoch: conversation.epoch),
            seq: 1, .new, replies, to: session)
        settle(session, in: conversation)
    }

    private func lackStorage(_ session: Session) {
        refuse(session, FrameError(.storageUnavailable, retryAfterMilliseconds: 1000))
        session.connection.close(code: CloseCode.storage.rawValue, reason: "storage")
    }

    private static let noReplies = Array("[]".utf8)

    private func send(
        _ keys: ConversationKeys, seq: Int, _ resumption: Resumption, _ replies: [UInt8],
        to session: Session
    ) {
        var json = JSONWriter(headRoom: OutgoingMessage.headRoom, capacity: 1024)
        ServerFrames.welcome(keys, seq: seq, resumption, encodedReplies: replies, to: &json)
        session.connection.send(OutgoingMessage(withHeadRoom: json.bytes))
    }

    /// From here on the session gets every turn; what it sent meanwhile is worked.
    private func settle(_ session: Session, in conversation: LiveConversation) {
        guard case .attaching(let frames) = session.state else { return }
        session.state = .attached(conversation)
        conversation.sessions.append(session)
        for frame in frames {
            do throws(FrameError) { try take(frame, from: session, in: conversation) } catch {
                refuse(session, error)
            }
        }
    }

    // MARK: Conversations that were begun before

    /// Has the conversation of a token in memory and says which it is.
    func fetch(_ hash: [UInt8], then: @escaping (Fetched) -> Void) {
        if let id = liveByToken[hash] { return then(.found(id)) }
        let isFirst = fetching[hash] == nil
        fetching[hash, default: []].append(then)
        guard isFirst else { return }
        store.load(tokenHash: hash) { result in
            self.loop.run { self.assumeIsolated { $0.fetched(hash, result) } }
        }
    }

    private func fetched(_ hash: [UInt8], _ result: Result<ConversationRecord?, StorageError>) {
        let waiting = fetching.removeValue(forKey: hash) ?? []
        var outcome = Fetched.unknown
        switch result {
        case .failure(let error):
            storageFailed(error)
            outcome = .failed
        case .success(nil): break
        case .success(let record?):
            if let id = liveByToken[hash] {
                // Begun while it was looked for. There is one of each in memory, or answers would be for nobody.
                outcome = .found(id)
            } else if let conversation = LiveConversation(record, tokenHash: hash) {
                keep(conversation)
                outcome = .found(conversation.id)
            } else {
                outcome = .failed
            }
        }
        for then in waiting { then(outcome) }
    }

    private func resume(_ session: Session, _ place: ClientFrame.Resume, _ fetched: Fetched) {
        guard case .attaching = session.state else { return }
        switch fetched {
        case .unknown: refuse(session, FrameError(.token))
        case .failed: lackStorage(session)
        case .found(let id):
            guard let conversation = live[id] else { return }
            replay(conversation, to: session, place)
        }
    }

    private func refusal(_ place: ClientFrame.Resume, _ conversation: LiveConversation) -> Resumption.Reason?
    {
        if let epoch = place.epoch, epoch != conversation.epoch { return .epoch }
        if place.seq > conversation.seq { return .seq }
        return conversation.seq - place.seq > 300 ? .tooMuch : nil
    }

    private func replay(_ conversation: LiveConversation, to session: Session, _ place: ClientFrame.Resume) {
        let reason = refusal(place, conversation)
        let box = SessionBox(session, place)
        let id = conversation.id, key = conversation.tokenHash
        let finish: @Sendable (Result<[StoredTurn], StorageError>) -> Void = { result in
            self.loop.run {
                self.assumeIsolated { sessions in
                    guard let conversation = sessions.live[id] else {
                        // Let go or erased meanwhile: what is stored tells which.
                        return sessions.fetch(key) { sessions.resume(box.session, box.place, $0) }
                    }
                    sessions.replayed(conversation, box, reason: reason, result)
                }
            }
        }
        if reason == nil {
            store.turns(id, after: place.seq, limit: 300, completion: finish)
        } else {
            store.last(id, count: 50, completion: finish)
        }
    }

    private func replayed(
        _ conversation: LiveConversation, _ box: SessionBox, reason: Resumption.Reason?,
        _ result: Result<[StoredTurn], StorageError>
    ) {
        let session = box.session
        guard case .attaching = session.state else { return }
        guard case .success(let turns) = result else {
            if case .failure(let error) = result { storageFailed(error) }
            return lackStorage(session)
        }
        // A turn that came while these were read may be one more than are read at a time, and is told to nobody who is not there yet.
        if reason == nil, turns.last?.seq ?? box.place.seq < conversation.seq {
            return replay(conversation, to: session, box.place)
        }
        let keys = ConversationKeys(
            conversation: conversation.name, token: box.place.token, epoch: conversation.epoch)
        send(
            keys, seq: conversation.seq, reason.map { .refused($0) } ?? .resumed, Self.noReplies, to: session)
        for turn in turns { session.connection.send(OutgoingMessage(turn.frame), isReplay: true) }
        let first = turns.first?.seq ?? (reason == nil ? box.place.seq + 1 : conversation.seq + 1)
        var json = JSONWriter(headRoom: OutgoingMessage.headRoom, capacity: 64)
        ServerFrames.resumed(from: first, to: turns.last?.seq ?? conversation.seq, to: &json)
        session.connection.send(OutgoingMessage(withHeadRoom: json.bytes))
        metrics.resumed += 1
        settle(session, in: conversation)
    }
}

extension LiveConversation {
    /// A conversation as the log has it; nil when it cannot be read.
    convenience init?(_ record: ConversationRecord, tokenHash: [UInt8]) {
        guard let tracker = Tracker(record) else { return nil }
        self.init(
            id: record.conversation, name: record.name, epoch: record.epoch, tokenHash: tokenHash,
            seq: record.lastSeq, ordinal: record.lastOrdinal, tracker: tracker)
    }
}

/// Names and secrets that nobody guesses: letters and digits, five bits each, from the system's generator.
enum Random {
    private static let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)

    static func text(_ count: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        var bits: UInt64 = 0
        var left = 0
        var bytes: [UInt8] = []
        for _ in 0..<count {
            if left < 5 {
                bits = generator.next()
                left = 60
            }
            bytes.append(alphabet[Int(bits & 31)])
            bits >>= 5
            left -= 5
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
