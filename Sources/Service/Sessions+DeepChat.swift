import Channels
import Transport

/// One WebSocket of a Deep Chat. Its conversation is that of `?session=…`, or lasts as long as the connection.
final class DeepChatSocket: ForeignSocket {
    private let connection: WebSocketConnection
    private let key: [UInt8]
    private var pace: ForeignPace

    init(_ connection: WebSocketConnection, in sessions: isolated Sessions) {
        self.connection = connection
        let given = Self.session(connection.query)
        key = Self.key(given ?? sessions.mint(for: { Self.key($0) }) { " \(Random.text(24))" })
        pace = ForeignPace(sessions.options, now: EventLoop.now)
    }

    private static func session(_ query: String) -> String? {
        HTTPRequest.parameter("session", in: query).flatMap { $0.isEmpty || $0.utf8.count > 256 ? nil : $0 }
    }

    private static func key(_ session: String) -> [UInt8] { Sessions.key("deep-chat", session) }

    /// What opens the conversation that the address names; nil where it names none.
    static func key(ofQuery query: String) -> [UInt8]? { session(query).map { key($0) } }

    func received(
        _ bytes: UnsafeRawBufferPointer, on connection: WebSocketConnection, in sessions: isolated Sessions
    ) {
        if !sessions.options.isUnlimited {
            switch pace.take(at: EventLoop.now) {
            case .fine: break
            case .wait(let wait):
                return tell(FrameError(.rateLimited, retryAfterMilliseconds: wait), in: sessions)
            case .flooding:
                return connection.close(code: CloseCode.flooding.rawValue, reason: "flooding")
            }
        }
        let frame: ClientFrame
        do throws(FrameError) {
            let limits = FrameDecoder.Limits(text: sessions.options.maxTextBytes)
            frame = try DeepChat.decode(bytes, id: Random.text(24), limits: limits)
        } catch { return tell(error, in: sessions) }
        sessions.say(frame, as: key, from: connection.peerAddress) { outcome in
            switch outcome {
            case .failure(let error): self.tell(error, in: sessions)
            case .success(let frame):
                guard let turn = PageTurn(frame: frame) else { return }
                self.connection.send(OutgoingMessage(DeepChat.encode(turn)))
            }
        }
    }

    private func tell(_ error: FrameError, in sessions: isolated Sessions) {
        sessions.metrics.refused[error.code, default: 0] += 1
        connection.send(OutgoingMessage(DeepChat.encode(error)))
        if !sessions.options.isUnlimited, !pace.err(error, at: EventLoop.now) {
            connection.close(code: CloseCode.flooding.rawValue, reason: "too many errors")
        }
    }

    func closed(_ connection: WebSocketConnection, in sessions: isolated Sessions) {}
}

extension Sessions {
    /// Says something in the conversation of a channel's user, and tells what came of it.
    func say(
        _ frame: ClientFrame, as key: [UInt8], from address: String,
        _ tell: @escaping (Result<[UInt8], FrameError>) -> Void
    ) {
        reach(key, from: address) { reached in
            switch reached {
            case .failure(let error): tell(.failure(error))
            case .success(let conversation):
                self.enqueue(
                    .init(frame: frame, origin: .told(tell), time: self.now(nil)), in: conversation)
            }
        }
    }
}
