import Foundation
import Testing

/// How long a test waits for what must come. `DAOBAN_PATIENCE` makes every such wait so many times longer, for a program that a
/// sanitizer slows.
///
/// It scales waits whose end is a failure, and nothing that is expected to be quick: tests of such things are left out then.
enum Patience {
    static let factor = max(
        1, ProcessInfo.processInfo.environment["DAOBAN_PATIENCE"].flatMap { Int($0) } ?? 1)

    /// When so many seconds, or longer, have passed from now.
    static func end(_ seconds: Double) -> ContinuousClock.Instant {
        ContinuousClock.now + .seconds(seconds * Double(factor))
    }
}

extension Trait where Self == ConditionTrait {
    /// Of a test that bounds time or memory, or has none of it left: a sanitizer takes much of both, and its memory does not fail.
    static var measures: Self { .enabled(if: Patience.factor == 1, "a sanitizer changes what it measures") }
}
