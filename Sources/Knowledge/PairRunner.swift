/// Does two things, at once when it can. Who has threads hands one in.
package protocol PairRunner: Sendable {
    func both<First: Sendable, Second: Sendable>(
        _ first: @escaping @Sendable () -> First, _ second: @escaping @Sendable () -> Second
    ) -> (First, Second)
}

/// One after the other.
package struct InTurn: PairRunner {
    package init() {}

    package func both<First: Sendable, Second: Sendable>(
        _ first: @escaping @Sendable () -> First, _ second: @escaping @Sendable () -> Second
    ) -> (First, Second) {
        (first(), second())
    }
}
