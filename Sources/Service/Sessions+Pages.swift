import Assistant
import Channels
import Conversation
import Dialogue
import Storage
import Transport

/// The pages for people: the widget's files, the chat without script, the checklist and its calendar;
/// and the formats of other front ends.
extension Sessions {
    /// Turns that the plain chat shows.
    private static let shownTurns = 20

    /// False when the path is none of theirs.
    func respondWithPage(to request: HTTPRequest, with responder: HTTPResponder) -> Bool {
        if let asset = Asset.all[request.path] {
            allow(["GET", "HEAD"], request, responder) { responder.send(asset.response(to: request)) }
            return true
        }
        switch request.path {
        case "/chat":
            switch request.method {
            case "GET", "HEAD": showChat(request, responder)
            case "POST": postChat(request, responder)
            default: allow(["GET", "HEAD", "POST"], request, responder) {}
            }
        case "/chat/checklist":
            allow(["GET", "HEAD", "POST"], request, responder) {
                self.withTurn(request, responder) { sessions, turn, keys, today in
                    sessions.page(responder, ChecklistPage.html(turn, keys: keys, today: today))
                }
            }
        case "/chat/calendar":
            allow(["GET", "POST"], request, responder) {
                self.withTurn(request, responder) { _, turn, _, today in
                    let deadlines = Deadlines(in: turn.replies, today: today)
                    responder.send(
                        HTTPResponse(
                            status: 200, contentType: "text/calendar; charset=utf-8",
                            headers: [
                                ("Content-Disposition", "attachment; filename=\"yibao.ics\""),
                                ("Cache-Control", "no-store"),
                            ],
                            body: deadlines.calendar(name: Random.text(12), stamp: today)))
                }
            }
        case "/webhooks/rest", "/webhooks/rest/", "/webhooks/rest/webhook":
            respondAsRasa(to: request, with: responder)
        case "/socket.io", "/socket.io/": respondAsSocketIO(to: request, with: responder)
        case "/compat/deep-chat": respond(responder, .upgradeRequired, headers: [("Upgrade", "websocket")])
        case let path where path.hasPrefix("/v3/directline/"):
            respondAsDirectLine(to: request, with: responder)
        default: return false
        }
        return true
    }

    private func page(
        _ responder: HTTPResponder, _ body: [UInt8], status: Int = 200,
        headers: [(name: String, value: String)] = []
    ) {
        let fixed: [(name: String, value: String)] =
            [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")] + Asset.pageHeaders
        responder.send(
            HTTPResponse(
                status: status, contentType: "text/html; charset=utf-8", headers: fixed + headers, body: body)
        )
    }

    // MARK: The chat without script

    private func showChat(_ request: HTTPRequest, _ responder: HTTPResponder) {
        let query = FormBody(Array(request.query.utf8))
        let said = query["say"].map { String($0.prefix(200)) }
        let problem = query["problem"].flatMap(ErrorCode.init(rawValue:))
        guard let token = request.cookie(ChatPage.cookie) else {
            return begin(responder, said: said, problem: problem)
        }
        turns(of: token, responder) { sessions, turns in
            guard let turns else { return sessions.begin(responder, said: said, problem: problem) }
            sessions.page(responder, ChatPage.html(turns, id: Random.text(16), said: said, problem: problem))
        }
    }

    /// The opening, without a conversation: whoever only looks leaves nothing behind.
    private func begin(_ responder: HTTPResponder, said: String?, problem: ErrorCode?) {
        let opening = assistant.turn(Tracker(), on: Utterance(.opening, at: now(nil)))
        let turn = PageTurn(seq: 1, user: "", replies: opening.replies)
        page(responder, ChatPage.html([turn], id: Random.text(16), said: said, problem: problem))
    }

    private func postChat(_ request: HTTPRequest, _ responder: HTTPResponder) {
        guard !isDraining else { return respond(responder, .draining) }
        guard OriginRule(options).admits(request) else { return respond(responder, .forbidden) }
        guard request.contentType?.hasPrefix("application/x-www-form-urlencoded") == true else {
            return respond(responder, .unsupportedMediaType)
        }
        let token = request.cookie(ChatPage.cookie)
        let turn: HTTPTurnRequest
        do throws(FrameError) {
            turn = try FormBody(request.body).turn(token: token, limits: .init(text: options.maxTextBytes))
        } catch {
            return responder.send(Self.chatAnew(problem: error.code))
        }
        guard let token else { return begin(turn, responder) }
        fetchAnywhere(Digest.sha256(Array(token.utf8))) { sessions, fetched in
            switch fetched {
            case .found(let id):
                guard let conversation = sessions.live[id] else { return }
                sessions.enqueue(turn, responder, token, in: conversation)
            case .unknown: sessions.begin(turn, responder)
            case .failed: responder.send(Self.chatAnew(problem: .storageUnavailable))
            }
        }
    }

    private func begin(_ turn: HTTPTurnRequest, _ responder: HTTPResponder) {
        guard takeConversation(responder.peerAddress) == nil else {
            return responder.send(Self.chatAnew(problem: .rateLimited))
        }
        open([], at: now(nil)) { opened in
            guard case .opened(let conversation, let token, _) = opened else {
                return responder.send(Self.chatAnew(problem: .storageUnavailable))
            }
            self.enqueue(turn, responder, token, in: conversation)
        }
    }

    private func enqueue(
        _ turn: HTTPTurnRequest, _ responder: HTTPResponder, _ token: String,
        in conversation: LiveConversation
    ) {
        let origin = LiveConversation.Origin.rendered(responder) { outcome in
            switch outcome {
            case .success: Self.chatAnew(token: token)
            case .failure(let error): Self.chatAnew(token: token, problem: error.code)
            }
        }
        enqueue(.init(frame: turn.frame, origin: origin, time: now(nil)), in: conversation)
    }

    /// Shows the chat anew, at its end. The cookie lives as long as the browser is open and is for `/chat` alone.
    private static func chatAnew(token: String? = nil, problem: ErrorCode? = nil) -> HTTPResponse {
        var headers: [(name: String, value: String)] = [
            ("Location", "/chat\(problem.map { "?problem=\($0.rawValue)" } ?? "")#end")
        ]
        if let token {
            headers.append(
                ("Set-Cookie", "\(ChatPage.cookie)=\(token); Path=/chat; HttpOnly; SameSite=Strict"))
        }
        headers.append(("Cache-Control", "no-store"))
        return HTTPResponse(status: 303, headers: headers)
    }

    // MARK: Stored turns

    /// Hands over the newest turns of the conversation, in order; nil when nothing has that token.
    private func turns(
        of token: String, _ responder: HTTPResponder,
        _ then: @escaping @Sendable (isolated Sessions, [PageTurn]?) -> Void
    ) {
        fetchAnywhere(Digest.sha256(Array(token.utf8))) { sessions, fetched in
            switch fetched {
            case .unknown: then(sessions, nil)
            case .failed: sessions.respond(responder, FrameError(.storageUnavailable))
            case .found(let id):
                let newest = sessions.live[id]?.seq ?? 0
                sessions.storedTurns(
                    id, after: max(0, newest - Self.shownTurns), limit: Self.shownTurns
                ) { sessions, result in
                    guard case .success(let turns) = result else {
                        return sessions.respond(responder, FrameError(.storageUnavailable))
                    }
                    then(sessions, turns.compactMap { PageTurn(frame: $0.frame) })
                }
            }
        }
    }

    /// The turn that a form or an address names, of the conversation that the form or the cookie opens.
    private func withTurn(
        _ request: HTTPRequest, _ responder: HTTPResponder,
        _ then:
            @escaping @Sendable (
                isolated Sessions, PageTurn, _ keys: [(name: String, value: String)], _ today: CivilDate
            ) -> Void
    ) {
        let isForm = request.method == "POST"
        let fields = FormBody(isForm ? request.body : Array(request.query.utf8))
        let given = isForm ? fields["token"] : nil
        guard let token = given ?? request.cookie(ChatPage.cookie),
            let seq = fields["turn"].flatMap({ Int($0) })
        else { return respond(responder, .notFound) }
        let today = now(nil).date
        let identity = isForm ? fields["identity"].flatMap { $0.isEmpty ? nil : $0 } : nil
        let person: Identity?
        do throws(FrameError) { person = try identify(identity) } catch {
            return respond(responder, error)
        }
        let keys = [("token", given), ("identity", identity)].compactMap { name, value in
            value.map { (name: name, value: $0) }
        }
        fetchAnywhere(Identity.key(token, of: person)) { sessions, fetched in
            guard case .found(let id) = fetched, seq > 0 else {
                return sessions.respond(responder, .notFound)
            }
            sessions.storedTurns(id, after: seq - 1, limit: 1) { sessions, result in
                guard case .success(let turns) = result,
                    let turn = turns.first.flatMap({ PageTurn(frame: $0.frame) }), turn.seq == seq
                else { return sessions.respond(responder, .notFound) }
                then(sessions, turn, keys, today)
            }
        }
    }
}

extension HTTPRequest {
    /// The value of a cookie.
    func cookie(_ name: String) -> String? {
        for pair in (cookies ?? "").split(separator: ";") {
            let pair = pair.drop { $0 == " " }
            if pair.hasPrefix("\(name)=") { return String(pair.dropFirst(name.utf8.count + 1)) }
        }
        return nil
    }
}
