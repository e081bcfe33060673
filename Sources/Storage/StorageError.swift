/// A failure of the event log. `description` is safe to log: no value that was bound to a statement is in it.
package struct StorageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What an operator would do about it.
    package enum Code: String, Sendable {
        /// Another program holds the database longer than we wait.
        case busy
        /// What the file holds is not what was written to it.
        case corrupt
        /// The disk, or the size that was allowed, is used up.
        case full
        /// Reading or writing failed underneath.
        case io
        case readOnly = "read_only"
        /// The file was written by a later version of this program.
        case schemaTooNew = "schema_too_new"
        /// The file is a database of another program.
        case foreign
        /// Another process has this event log open.
        case locked
        /// The system has no thread to give.
        case noThread = "no_thread"
        /// There is no place for the file: a folder is missing or cannot be made, or the path is not a file.
        case unreachable
        /// The event log has been closed.
        case closed
        /// A bug here, or in the parts underneath.
        case other
    }

    /// What the part underneath said: its code with the name of it, and its words.
    package struct Cause: Equatable, Sendable {
        package let number: Int
        package let name: String
        package let words: String

        package init(number: Int = 0, name: String = "", words: String) {
            self.number = number
            self.name = name
            self.words = words
        }
    }

    package let code: Code
    /// What was being done, to be read after "could not".
    package let operation: String
    package let cause: Cause

    package init(_ code: Code, _ operation: String, _ cause: Cause) {
        self.code = code
        self.operation = operation
        self.cause = cause
    }

    package var description: String {
        let words = "could not \(operation): \(cause.words)"
        return cause.name.isEmpty ? words : words + " (\(cause.name), \(cause.number))"
    }

    /// True when the connection may be in a state that nothing is known about: it is thrown away then.
    /// For want of space nothing was written, and what is there can be read.
    var spoilsConnection: Bool { code != .busy && code != .closed && code != .full }
}
