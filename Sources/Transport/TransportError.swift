/// A failure of the transport; the sentence is safe to show and to log.
package struct TransportError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case loopFailed = "loop_failed", portTaken = "port_taken", connectFailed = "connect_failed"
        case hostUnknown = "host_unknown"
        case closed, timeout, tls
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
