import Assistant
import Channels
import Conversation
import Dialogue
import JSONText
import Language
import Logging
import Storage
import Transport

/// Turns: one at a time for each conversation, computed, stored, then answered.
extension Sessions {
    func enqueue(_ work: LiveConversation.Work, in conversation: LiveConversation) {
        let id = work.frame.id ?? ""
        switch conversation.ids.claim(id, work.digest) {
        case .granted: break
        case .contested: work.isContested = true
        case .refused: return answer(work.origin, FrameError(.idConflict, id: id))
        }
        do throws(FrameError) { try admit(work, to: conversation) } catch {
            conversation.ids.fail(id, work.digest)
            return answer(work.origin, error)
        }
        conversation.queue.append(work)
        advance(conversation)
    }

    func advance(_ conversation: LiveConversation) {
        conversation.lastUsed = EventLoop.now
        while conversation.inFlight == nil, !conversation.queue.isEmpty {
            guard let tracker = conversation.tracker else { return wake(conversation) }
            let work = conversation.queue.removeFirst()
            release(work.size, of: conversation)
            do throws(FrameError) { try begin(work, in: conversation, tracker) } catch {
                refuse(work, error, in: conversation)
            }
        }
        if isDraining, conversation.hasNoWork { conversation.sessions.forEach(sayFarewell) }
        park(conversation)
    }

    private func begin(
        _ work: LiveConversation.Work, in conversation: LiveConversation, _ tracker: Tracker
    ) throws(FrameError) {
        if work.isContested, let id = work.frame.id,
            case .refused = conversation.ids.claim(id, work.digest)
        {
            throw FrameError(.idConflict, id: id)
        }
        switch work.frame {
        case .message(let id, let text):
            try compute(work, id, .text(text), label: nil, in: conversation, tracker)
        case .choose(let id, let turn, let choice):
            guard let offered = offered(choice, of: turn, in: tracker) else {
                throw FrameError(.unknownChoice, id: id)
            }
            try compute(
                work, id, .choice(turn: turn, id: offered.id), label: offered.label, in: conversation, tracker
            )
        case .feedback(let id, let turn, let rating, let comment):
            guard turn >= 1, turn <= conversation.seq else {
                throw FrameError.badField("of", "the number of a turn", id: id)
            }
            var json = JSONWriter(capacity: 64)
            ServerFrames.done(id: id, to: &json)
            let event = Event.feedbackGiven(
                turn: turn, rating: rating.rawValue, comment: Redactor.redact(comment ?? "").text)
            let entry = Entry(
                conversation: conversation.id, seq: conversation.seq, ordinal: conversation.ordinal + 1,
                id: id,
                digest: work.digest, kind: .feedback, at: work.time.seconds, frame: Array(json.body),
                events: Event.encode([event]))
            conversation.inFlight = .init(work: work, frame: Array(json.body), turn: nil)
            append(entry, snapshot: nil)
        case .forget(let id):
            if conversation.ids.areAll { return forget(work, conversation) }
            lookUp(id, of: work, in: conversation, then: .forget)
        case .person(let id, let owner, let text):
            try compute(work, id, .person(owner: owner, text: text), label: nil, in: conversation, tracker)
        case .handBack(let id, let text):
            try compute(work, id, .handBack(text: text), label: nil, in: conversation, tracker)
        case .ping, .hello: break
        }
    }

    /// The choice by its identifier; a value may stand for its key (`stay_type=临时`).
    private func offered(_ choice: String, of turn: Int, in tracker: Tracker) -> Choice? {
        if let exact = tracker.offeredChoice(turn: turn, id: choice) { return exact }
        let parts = choice.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let slot = assistant.program.slot(String(parts[0])),
            let option = slot.option(String(parts[1]))
        else { return nil }
        return tracker.offeredChoice(turn: turn, id: "\(slot.name)=\(option.key)")
    }

    /// `label`: what a choice is called; nil for a message.
    private func compute(
        _ work: LiveConversation.Work, _ id: String, _ input: Utterance.Input, label: String?,
        in conversation: LiveConversation, _ tracker: Tracker
    ) throws(FrameError) {
        try expectHarmless(work.digest, id, in: conversation)
        let start = EventLoop.nowInMicroseconds
        let turn = watched(work.digest, in: conversation) {
            assistant.turn(
                tracker, along: conversation.path, on: Utterance(input, at: work.time), &memory)
        }
        let user: String? =
            switch turn.input {
            case .text(let text): text
            case .choice: label ?? ""
            case .person, .handBack: nil
            case .opening: ""
            }
        let replies = encoded(turn.replies, number: memory.wordingNumber)
        var json = JSONWriter(capacity: replies.bytes.count + 256)
        let place = TurnFrame.write(
            id: id, seq: conversation.seq + 1, user: user, encodedReplies: replies.bytes,
            owner: turn.tracker.owner, to: &json)
        let frame = Array(json.body)
        let micros = EventLoop.nowInMicroseconds - start
        let events = encoded(turn, at: work.time)
        let entry = Entry(
            conversation: conversation.id, seq: conversation.seq + 1, id: id, digest: work.digest,
            at: work.time.seconds, frame: frame, packedFrame: replies.packed(at: place),
            events: events.bytes, packedEvents: events.packed)
        conversation.inFlight = .init(work: work, frame: frame, turn: turn, path: memory.path, micros: micros)
        let takesSnapshot = (conversation.seq + 1) % options.snapshotInterval == 0
        append(entry, snapshot: takesSnapshot ? turn.tracker.encoded() : nil)
    }

    /// The events of the turn just worked as they are stored, and what of them is stored packed.
    func encoded(
        _ turn: Assistant.Turn, at time: Moment
    ) -> (bytes: [UInt8], packed: PackedPart.Placed?) {
        if let known = encodedEvents[memory.path] { return known.encoded(at: time) }
        guard memory.path != .unknown, let encoded = EncodedTurnEvents(turn.events) else {
            return (Event.encode(turn.events), nil)
        }
        let shared = SharedEvents(encoded)
        encodedEvents[memory.path] = shared
        return shared.encoded(at: time)
    }

    /// Throws for a message that ended the service before.
    private func expectHarmless(_ digest: UInt64, _ id: String, in conversation: LiveConversation)
        throws(FrameError)
    {
        guard let cause = watch?.refusal(of: digest, in: conversation.id) else { return }
        throw FrameError(
            cause == .slow ? .turnTimeout : .internal, "this message is not worked again", id: id)
    }

    /// Works a turn, noted while it lasts as what would have ended the service.
    private func watched(
        _ digest: UInt64, in conversation: LiveConversation, _ body: () -> Assistant.Turn
    ) -> Assistant.Turn {
        guard let watch else { return body() }
        return watch.work(on: digest, in: conversation.id, slot: index, body)
    }

    func encoded(_ replies: [Reply], number: Int) -> SharedBytes {
        if let known = encodedReplies[number] { return known }
        var json = JSONWriter(capacity: 4096)
        ReplyCoding.write(replies, to: &json)
        let encoded = SharedBytes(json.bytes)
        encodedReplies[number] = encoded
        return encoded
    }

    private func append(_ entry: Entry, snapshot: [UInt8]?) {
        // What other sockets have brought at the same moment goes into the same transaction.
        store.append(entry, snapshot: snapshot, awaitsMore: true, telling: listenerOfThisMoment())
    }

    /// The same until the loop has seen to all that was there, and then the store is told.
    private func listenerOfThisMoment() -> AppendListener {
        if let storeListener { return storeListener }
        let listener = AppendListener { appended in
            self.loop.run {
                self.assumeIsolated { sessions in
                    for entry in appended { sessions.stored(entry.conversation, entry.result) }
                }
            }
        }
        storeListener = listener
        loop.beforePause { [unowned self] in
            assumeIsolated { $0.storeListener = nil }
            store.writeNow()
        }
        return listener
    }

    // MARK: What the store says

    private func stored(_ number: Int64, _ result: Result<AppendOutcome, StorageError>) {
        guard let conversation = live[number], let flight = conversation.inFlight else { return }
        conversation.inFlight = nil
        let id = flight.work.frame.id ?? ""
        switch result {
        case .success(.committed):
            lacksStorage = false
            conversation.ids.settle(id, flight.work.digest)
            committed(flight, in: conversation)
        case .success(.duplicate(_, _, let frame)):
            conversation.ids.settle(id, flight.work.digest)
            repeated(flight, frame, in: conversation)
        case .success(.conflict):
            conversation.ids.release(id, flight.work.digest)
            answer(flight.work.origin, FrameError(.idConflict, id: flight.work.frame.id))
        case .success(.outOfOrder), .success(.unknownConversation):
            // Somebody else wrote to the conversation, or it is gone: what is in memory is not what is stored.
            answer(
                flight.work.origin,
                FrameError(.internal, "the conversation has to be resumed", id: flight.work.frame.id))
            drop(conversation, code: .draining, FrameError(.internal, "the conversation has to be resumed"))
        case .failure(let error):
            return lackStorage(
                for: [flight.work] + takeQueue(of: conversation), error, in: conversation)
        }
        advance(conversation)
    }

    private func committed(_ flight: LiveConversation.InFlight, in conversation: LiveConversation) {
        guard let turn = flight.turn else {
            conversation.ordinal += 1
            return deliver(flight.frame, to: flight.work.origin)
        }
        conversation.seq += 1
        conversation.ordinal = 0
        conversation.tracker = turn.tracker
        conversation.path = flight.path
        commons.waitingPeople.withLock {
            $0.note(
                turn, of: conversation.id, digest: conversation.tokenHash, seq: conversation.seq,
                in: assistant)
        }
        metrics.turns += 1
        commons.noteWork()
        metrics.computing.note(flight.micros)
        metrics.answering.note(Metrics.micros(since: flight.work.arrived))
        if turn.remarks.contains(.notUnderstood) { metrics.notUnderstood += 1 }
        logger.debug(
            "turn.answered",
            metadata: [
                "conversation": "\(conversation.name)", "seq": "\(conversation.seq)",
                "micros": "\(flight.micros)",
            ])
        if turn.remarks.contains(.masked) { metrics.masked += 1 }
        let message = OutgoingMessage(flight.frame)
        var isAnswered = false
        for session in conversation.sessions {
            if case .session(let origin) = flight.work.origin, origin === session {
                isAnswered = true
                guard session.wantsTrace else {
                    session.connection.send(message)
                    continue
                }
                let trace = TraceFrame.bytes(turn, micros: flight.micros)
                session.connection.send(OutgoingMessage(TurnFrame.adding("trace", trace, to: flight.frame)))
            } else {
                session.connection.send(message)
            }
        }
        for listener in conversation.listeners { listener.heard(flight.frame, in: self) }
        switch flight.work.origin {
        case .rendered(let responder, let render): return responder.send(render(.success(flight.frame)))
        case .told(let tell): return tell(.success(flight.frame))
        case .session, .http: break
        }
        guard !isAnswered, case .http(let responder, let token, let wantsTrace) = flight.work.origin else {
            return
        }
        let trace = wantsTrace && options.allowsTrace ? TraceFrame.bytes(turn, micros: flight.micros) : nil
        respond(responder, frame: flight.frame, token: token, epoch: conversation.epoch, trace: trace)
    }

    private func repeated(
        _ flight: LiveConversation.InFlight, _ frame: [UInt8], in conversation: LiveConversation
    ) {
        metrics.duplicates += 1
        switch flight.work.origin {
        case .rendered(let responder, let render): return responder.send(render(.success(frame)))
        case .told(let tell): return tell(.success(frame))
        case .session, .http: break
        }
        if case .http(let responder, let token, _) = flight.work.origin {
            return respond(
                responder, frame: TurnFrame.duplicate(of: frame), token: token, epoch: conversation.epoch,
                trace: nil)
        }
        deliver(TurnFrame.duplicate(of: frame), to: flight.work.origin)
    }

    /// What could be neither read nor stored is not answered, and what was sent after it must not come before it: it
    /// fails too.
    func lackStorage(
        for works: [LiveConversation.Work], _ error: StorageError, in conversation: LiveConversation
    ) {
        storageFailed(error)
        for work in works {
            if let id = work.frame.id { conversation.ids.fail(id, work.digest) }
            answer(
                work.origin,
                FrameError(.storageUnavailable, id: work.frame.id, retryAfterMilliseconds: 1000))
        }
        for case .session(let session) in works.map(\.origin) {
            session.connection.close(code: CloseCode.storage.rawValue, reason: "storage")
        }
        advance(conversation)
    }

    func takeQueue(of conversation: LiveConversation) -> [LiveConversation.Work] {
        release(conversation.waitingBytes, of: conversation)
        defer { conversation.queue = [] }
        return conversation.queue
    }

    private func deliver(_ frame: [UInt8], to origin: LiveConversation.Origin) {
        if case .session(let session) = origin { session.connection.send(OutgoingMessage(frame)) }
    }

    func answer(_ origin: LiveConversation.Origin, _ error: FrameError) {
        switch origin {
        case .session(let session): refuse(session, error)
        case .http(let responder, _, _): respond(responder, error)
        case .rendered(let responder, let render): responder.send(render(.failure(error)))
        case .told(let tell): tell(.failure(error))
        }
    }

    // MARK: Forgetting

    func forget(_ work: LiveConversation.Work, _ conversation: LiveConversation) {
        conversation.inFlight = .init(work: work, frame: [], turn: nil)
        let id = conversation.id
        store.forget(id) { result in
            self.loop.run { self.assumeIsolated { $0.forgotten(id, result) } }
        }
    }

    private func forgotten(_ id: Int64, _ result: Result<Void, StorageError>) {
        guard let conversation = live[id], let flight = conversation.inFlight else { return }
        conversation.inFlight = nil
        if case .failure(let error) = result {
            storageFailed(error)
            answer(
                flight.work.origin,
                FrameError(.storageUnavailable, id: flight.work.frame.id, retryAfterMilliseconds: 1000))
            return advance(conversation)
        }
        metrics.forgotten += 1
        logger.info("conversation.erased", metadata: ["conversation": "\(conversation.name)"])
        watch?.forget(id)
        commons.waitingPeople.withLock { $0.remove(id) }
        if case .session(let session) = flight.work.origin {
            var json = JSONWriter(headRoom: OutgoingMessage.headRoom, capacity: 64)
            ServerFrames.done(id: flight.work.frame.id ?? "", to: &json)
            session.connection.send(OutgoingMessage(withHeadRoom: json.bytes))
        }
        drop(conversation, code: .normal, FrameError(.token, "the conversation was erased"))
    }

    /// Takes a conversation out of memory, answers what waited with the error, and closes its connections.
    func drop(_ conversation: LiveConversation, code: CloseCode, _ error: FrameError) {
        live[conversation.id] = nil
        liveByToken[conversation.tokenHash] = nil
        for work in takeQueue(of: conversation) {
            var error = error
            error.id = work.frame.id
            if case .session(let session) = work.origin {
                tell(session, error)
            } else {
                answer(work.origin, error)
            }
        }
        for session in conversation.sessions {
            session.state = .ended
            session.connection.close(code: code.rawValue)
        }
        conversation.sessions = []
        let listeners = conversation.listeners
        conversation.listeners = []
        for listener in listeners { listener.lost(in: self) }
    }
}

extension ClientFrame {
    /// Tells a repetition from another content under the same id. It is taken of the masked text, so that no number of a
    /// person can be guessed back from what is stored.
    var digest: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ text: String) {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01B3 }
            hash = (hash ^ 0xFF) &* 0x0100_0000_01B3
        }
        switch self {
        case .hello: mix("hello")
        case .message(_, let text):
            mix("message")
            mix(Redactor.redact(text).text)
        case .choose(_, let turn, let choice):
            mix("choose")
            mix("\(turn)")
            mix(choice)
        case .feedback(_, let turn, let rating, let comment):
            mix("feedback")
            mix("\(turn)")
            mix(rating.rawValue)
            mix(Redactor.redact(comment ?? "").text)
        case .ping: mix("ping")
        case .forget: mix("forget")
        case .person(_, let owner, let text):
            mix("person")
            mix(Redactor.redact(owner).text)
            mix(Redactor.redact(text).text)
        case .handBack(_, let text):
            mix("hand_back")
            mix(Redactor.redact(text).text)
        }
        return hash
    }
}
