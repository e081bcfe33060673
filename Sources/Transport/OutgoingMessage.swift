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

    package init(_ payload: [UInt8], isBinary: Bool = false) {
        self = payload.withUnsafeBytes { OutgoingMessage($0, isBinary: isBinary) }
    }

    init(_ payload: UnsafeRawBufferPointer, isBinary: Bool = false) {
        let count = OutgoingMessage.headRoom + payload.count
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            buffer[..<OutgoingMessage.headRoom].initialize(repeating: 0)
            UnsafeMutableRawBufferPointer(buffer)[OutgoingMessage.headRoom...].copyBytes(from: payload)
            written = count
        }
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
