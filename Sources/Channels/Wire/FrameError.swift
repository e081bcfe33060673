/// An error as a client is told it.
package struct FrameError: Error, Equatable, Sendable {
    package var code: ErrorCode
    /// What a developer reads.
    package var message: String
    /// The id of the frame it answers, when that could be read.
    package var id: String?
    /// The member that is at fault.
    package var field: String?
    package var retryAfterMilliseconds: Int

    package init(
        _ code: ErrorCode, _ message: String? = nil, id: String? = nil, field: String? = nil,
        retryAfterMilliseconds: Int = 0
    ) {
        self.code = code
        self.message = message ?? code.message
        self.id = id
        self.field = field
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }

    /// A member that is missing or is not what it should be.
    package static func badField(_ field: String, _ expectation: String, id: String? = nil) -> FrameError {
        FrameError(.badField, "`\(field)` must be \(expectation)", id: id, field: field)
    }
}
