import CLoopShim

/// A message with the room in front that libwebsockets writes its header into, so that it is sent without a copy.
package struct OutgoingMessage: Sendable {
    /// Bytes of room that a writer must leave in front.
    package static let headRoom = Int(CLOOP_PRE)

    private(set) var bytes: [UInt8]
    let isBinary: Bool

    /// `bytes` begins with `headRoom` bytes of room.
    package init(withHeadRoom bytes: [UInt8], isBinary: Bool = false) {
        self.bytes = bytes
        self.isBinary = isBinary
    }

    package init(_ payload: some Collection<UInt8>, isBinary: Bool = false) {
        var bytes = [UInt8](repeating: 0, count: OutgoingMessage.headRoom)
        bytes.reserveCapacity(OutgoingMessage.headRoom + payload.count)
        bytes.append(contentsOf: payload)
        self.init(withHeadRoom: bytes, isBinary: isBinary)
    }

    var payloadCount: Int { bytes.count - OutgoingMessage.headRoom }

    mutating func withPayload<Result>(_ body: (UnsafeMutablePointer<UInt8>, Int) -> Result) -> Result {
        let count = payloadCount
        return bytes.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("a message has its head room") }
            return body(base + OutgoingMessage.headRoom, count)
        }
    }
}
