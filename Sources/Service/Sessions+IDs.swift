import Channels
import JSONText
import Storage
import Transport

/// What is stored nowhere, and still may not use an id that is: a ping, erasing, and what is refused. Where memory does not have
/// every id of the conversation, the log is asked.
extension Sessions {
    func answerPing(_ id: String, _ digest: UInt64, from session: Session, in conversation: LiveConversation)
        throws(FrameError)
    {
        let isKnown = conversation.ids.areAll || conversation.ids.isSettled(id, digest)
        guard case .granted = conversation.ids.claim(id, digest) else {
            throw FrameError(.idConflict, id: id)
        }
        if isKnown {
            conversation.ids.settle(id, digest)
            return sendPong(id, to: session)
        }
        let number = conversation.id, connection = session.connection.id
        store.holds(id, in: number) { result in
            self.loop.run {
                self.assumeIsolated { sessions in
                    guard let session = sessions.sessions[connection] else { return }
                    let ids = sessions.live[number]
                    guard case .success(true) = result else {
                        ids?.ids.settle(id, digest)
                        return sessions.sendPong(id, to: session)
                    }
                    ids?.ids.release(id, digest)
                    sessions.refuse(session, FrameError(.idConflict, id: id))
                }
            }
        }
    }

    private func sendPong(_ id: String, to session: Session) {
        var json = JSONWriter(headRoom: OutgoingMessage.headRoom, capacity: 64)
        ServerFrames.pong(id: id, to: &json)
        session.connection.send(OutgoingMessage(withHeadRoom: json.bytes))
    }

    /// Answers work with an error, unless its id is taken, which comes first.
    func refuse(
        _ work: LiveConversation.Work, _ error: FrameError, in conversation: LiveConversation
    ) {
        guard let id = work.frame.id, !conversation.ids.areAll, error.code != .idConflict else {
            if let id = work.frame.id { conversation.ids.fail(id, work.digest) }
            return answer(work.origin, error)
        }
        lookUp(id, of: work, in: conversation, then: .refuse(error))
    }

    /// Goes on with work, one thing at a time, if its id is free.
    func lookUp(
        _ id: String, of work: LiveConversation.Work, in conversation: LiveConversation,
        then: LiveConversation.Next
    ) {
        conversation.inFlight = .init(work: work, frame: [], turn: nil, then: then)
        let number = conversation.id
        store.holds(id, in: number) { result in
            self.loop.run { self.assumeIsolated { $0.lookedUp(id, number, result) } }
        }
    }

    private func lookedUp(_ id: String, _ number: Int64, _ result: Result<Bool, StorageError>) {
        guard let conversation = live[number], let flight = conversation.inFlight else { return }
        conversation.inFlight = nil
        switch result {
        case .failure(let error):
            return lackStorage(
                for: [flight.work] + takeQueue(of: conversation), error, in: conversation)
        case .success(false):
            switch flight.then {
            case .forget: return forget(flight.work, conversation)
            case .refuse(let error):
                conversation.ids.fail(id, flight.work.digest)
                answer(flight.work.origin, error)
                advance(conversation)
            case nil: break
            }
        case .success(true):
            conversation.ids.release(id, flight.work.digest)
            answer(flight.work.origin, FrameError(.idConflict, id: id))
            advance(conversation)
        }
    }
}
