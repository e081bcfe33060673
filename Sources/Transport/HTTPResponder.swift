import CLibwebsockets
import Synchronization

/// One HTTP request waiting for its answer. Belongs to the loop's thread; any thread may answer.
package final class HTTPResponder: @unchecked Sendable {
    // Sendable: as `WebSocketConnection`.
    /// Whose request it is.
    package let peerAddress: String
    private let loop: EventLoop
    private let awaitsAnswer = Atomic<Bool>(true)
    private var wsi: OpaquePointer?
    private var request: HTTPRequest
    private(set) var isHanded = false
    private var response: [UInt8]?
    /// Whether the connection ends with the answer, because the rest of the request was not read.
    private var ends = false
    private var isSent = false
    /// What every answer to it has besides its own headers.
    private var added: [(name: String, value: String)] = []
    /// Ends the wait for the rest of the body.
    var bodyTimer: Int?

    init(wsi: OpaquePointer, request: HTTPRequest, loop: EventLoop) {
        peerAddress = request.peerAddress
        self.loop = loop
        self.wsi = wsi
        self.request = request
    }

    /// Whether there is still somebody to answer.
    package var isOpen: Bool { awaitsAnswer.load(ordering: .relaxed) }

    /// On the loop's thread: headers that the answer has besides its own, whatever it is.
    package func add(_ headers: [(name: String, value: String)]) { added += headers }

    /// Answers; only the first answer counts.
    package func send(_ answer: HTTPResponse) {
        awaitsAnswer.store(false, ordering: .relaxed)
        guard loop.isOnLoop else { return loop.run { self.send(answer) } }
        guard let wsi, response == nil else { return }
        var answer = answer
        answer.headers += added.filter { more in !answer.headers.contains { $0.name == more.name } }
        response = answer.bytes(keepAlive: !ends, withBody: request.method != "HEAD")
        lws_callback_on_writable(wsi)
    }

    func detach() {
        wsi = nil
        awaitsAnswer.store(false, ordering: .relaxed)
    }

    /// By itself libwebsockets lets a request wait for five seconds, and then closes without a word.
    func keepWaiting(seconds: Int32) {
        if let wsi { lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, seconds) }
    }

    /// A body's piece; false when it is larger than the limit.
    func append(_ bytes: UnsafeRawBufferPointer, limit: Int) -> Bool {
        guard request.body.count + bytes.count <= limit else { return false }
        request.body.append(contentsOf: bytes)
        return true
    }

    /// Seconds that the service may take. It always answers: the longest wait is for a file that another program holds, and a
    /// poll of Socket.IO is answered with a ping sooner.
    private static let answerTimeout: Int32 = 60

    func hand(to handler: any ServerHandler) {
        guard !isHanded else { return }
        isHanded = true
        keepWaiting(seconds: Self.answerTimeout)
        handler.respond(to: request, with: self)
    }

    /// Refuses before the service has seen it.
    func refuse(_ answer: HTTPResponse) {
        guard !isHanded else { return }
        isHanded = true
        ends = true
        send(answer)
    }

    /// Writes the answer whole; libwebsockets keeps what the socket does not take.
    func writeable() -> Int32 {
        guard let wsi, let response, !isSent else { return 0 }
        var message = OutgoingMessage(response)
        let written = message.withPayload { lws_write(wsi, $0, $1, LWS_WRITE_HTTP_FINAL) }
        guard written >= response.count else { return -1 }
        isSent = true
        if ends { return -1 }
        return lws_http_transaction_completed(wsi) != 0 ? -1 : 0
    }
}
